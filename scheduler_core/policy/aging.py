"""How urgent a task is by now: aging, so that none waits for ever behind a stream of more urgent ones."""

from __future__ import annotations

import math

from scheduler_core.model.throttle import AgingConfig

_ALMOST = 1e-6
"""What rounding may take from a step: epoch seconds have a quarter of a microsecond."""


def effective_priority(base: int, waited: float, aging: AgingConfig | None) -> int:
    """The priority of a task that has waited so many seconds; never less urgent than `base`.

    `max(base - floor((waited - grace) / interval), ceiling)`: contract, section 5.
    """
    if aging is None or base <= aging.max_effective_priority:
        return base
    return max(base - _steps(waited, aging), aging.max_effective_priority)


def next_step(base: int, waited: float, aging: AgingConfig | None) -> float | None:
    """In how many seconds of waiting it will be more urgent; None when it is as urgent as it gets."""
    if aging is None or effective_priority(base, waited, aging) <= aging.max_effective_priority:
        return None
    at = aging.grace_period + (_steps(waited, aging) + 1) * aging.aging_interval
    return max(0.0, at - waited)


def waiting_for(base: int, effective: int, aging: AgingConfig | None) -> float:
    """How many seconds a task must have waited to be at least as urgent as `effective`; infinite where it never is."""
    if base <= effective:
        return 0.0
    if aging is None or aging.max_effective_priority > effective:
        return math.inf
    return aging.grace_period + (base - effective) * aging.aging_interval


def _steps(waited: float, aging: AgingConfig) -> int:
    return max(0, math.floor((waited - aging.grace_period) / aging.aging_interval + _ALMOST))
