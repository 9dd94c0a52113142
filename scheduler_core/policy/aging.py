"""How urgent a task is by now: aging, so that none waits for ever behind a stream of more urgent ones."""

from __future__ import annotations

import math

from scheduler_core.model.throttle import AgingConfig

_ALMOST = 1e-6
"""What rounding may take from a step: epoch seconds have a quarter of a microsecond."""


def aged(base: int, waited: float, aging: AgingConfig) -> tuple[int, float | None]:
    """The `effective_priority` of a task that has waited so many seconds, and its `next_step`.

    Both at once: the dispatcher asks for them with each task.
    """
    ceiling = aging.max_effective_priority
    if base <= ceiling:
        return base, None
    grace, interval = aging.grace_period, aging.aging_interval
    steps = max(0, math.floor((waited - grace) / interval + _ALMOST))
    if base - steps <= ceiling:
        return ceiling, None
    return base - steps, max(0.0, grace + (steps + 1) * interval - waited)


def effective_priority(base: int, waited: float, aging: AgingConfig | None) -> int:
    """The priority of a task that has waited so many seconds; never less urgent than `base`.

    `max(base - floor((waited - grace) / interval), ceiling)`: contract, section 5.
    """
    return base if aging is None else aged(base, waited, aging)[0]


def next_step(base: int, waited: float, aging: AgingConfig | None) -> float | None:
    """In how many seconds of waiting it will be more urgent; None when it is as urgent as it gets."""
    return None if aging is None else aged(base, waited, aging)[1]


def waiting_for(base: int, effective: int, aging: AgingConfig | None) -> float:
    """How many seconds a task must have waited to be at least as urgent as `effective`; infinite where it never is."""
    if base <= effective:
        return 0.0
    if aging is None or aging.max_effective_priority > effective:
        return math.inf
    return aging.grace_period + (base - effective) * aging.aging_interval
