"""Who waits while the machine is busy, and how busy is measured."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from scheduler_core.model.base import Duration, Frozen
from scheduler_core.model.retry import Seconds
from scheduler_core.model.task import Priority

Threshold = tuple[Annotated[int, Field(ge=0, le=255)], Annotated[float, Field(ge=0.0, le=1.0)]]

DEFAULT_THRESHOLDS: tuple[tuple[int, float], ...] = ((Priority.BACKGROUND, 0.50), (Priority.NORMAL, 0.75))
"""BACKGROUND and below wait above half, NORMAL and below above three quarters, HIGH never."""


class ThrottlePolicy(Frozen):
    """Pairs of a priority and a pressure: tasks of that priority, or less urgent, wait while the pressure is above it.

    Where several pairs speak of a task the lowest pressure counts. `ThrottlePolicy([])` holds nobody back. Sources of
    pressure that `ignores` names are measured and shown, but hold nobody back.
    """

    thresholds: tuple[Threshold, ...] = DEFAULT_THRESHOLDS
    ignores: tuple[str, ...] = ()

    def __init__(
        self,
        thresholds: Iterable[tuple[int, float]] = DEFAULT_THRESHOLDS,
        ignores: Iterable[str] = (),
    ) -> None:
        fields: dict[str, object] = {"thresholds": tuple(thresholds), "ignores": tuple(ignores)}
        super().__init__(**fields)

    def limit(self, priority: int) -> float | None:
        """The pressure above which tasks of this priority wait; None: they never do."""
        return min((pressure for least, pressure in self.thresholds if priority >= least), default=None)

    @property
    def highest(self) -> float:
        """The pressure above which everybody waits whom the policy may hold back; 1.0 where it holds nobody back."""
        return max((pressure for _, pressure in self.thresholds), default=1.0)


class SamplerConfig(Frozen):
    """How the machine is measured: every `interval` seconds while tasks run or wait for it to calm down.

    Each number is smoothed: `smoothed = ewma_alpha * measured + (1 - ewma_alpha) * smoothed` (an exponentially weighted
    moving average; 1.0 does not smooth).
    """

    interval: Annotated[Seconds, Field(gt=0.0)] = 1.0
    ewma_alpha: Annotated[float, Field(gt=0.0, le=1.0)] = 0.3

    if TYPE_CHECKING:  # what is given may be more than what is kept

        def __init__(self, *, interval: Duration = 1.0, ewma_alpha: float = 0.3) -> None: ...


class AgingConfig(Frozen):
    """Tasks that wait grow more urgent, so that none waits for ever behind a stream of more urgent ones.

    After `grace_period` seconds of waiting a task gains one step of priority each `aging_interval` seconds, up to
    `max_effective_priority`: `effective = max(base - floor((waited - grace) / interval), ceiling)`, and never less urgent
    than its base. Time in which a pause held it does not count. `urgent_threshold`: tasks that have aged to this priority
    come first where groups share what their weights leave (None: no such rule).
    """

    grace_period: Seconds = 300.0
    aging_interval: Annotated[Seconds, Field(gt=0.0)] = 60.0
    max_effective_priority: Annotated[int, Field(ge=0, le=255)] = Priority.HIGH
    urgent_threshold: Annotated[int, Field(ge=0, le=255)] | None = None

    if TYPE_CHECKING:  # what is given may be more than what is kept

        def __init__(
            self,
            *,
            grace_period: Duration = 300.0,
            aging_interval: Duration = 60.0,
            max_effective_priority: int = Priority.HIGH,
            urgent_threshold: int | None = None,
        ) -> None: ...
