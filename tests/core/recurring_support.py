"""What the tests of tasks that come again have in common."""

from __future__ import annotations

from scheduler_core import (
    RecurringSchedule,
    RecurringState,
    Scheduler,
    SchedulerEvent,
    SubmitOutcome,
)
from scheduler_core.testing import ManualClock, until, until_quiet
from tests.core.support import Script

HOUR = 3_600.0
HOURLY = RecurringSchedule(HOUR)
LATER = RecurringSchedule(HOUR, initial_delay=HOUR)
"""The first of its occurrences waits an hour, too."""


async def pass_time(scheduler: Scheduler, clock: ManualClock, duration: float) -> None:
    clock.advance(duration)
    await until_quiet(scheduler)


async def only(scheduler: Scheduler) -> RecurringState:
    """The one schedule there is."""
    (state,) = (await scheduler.snapshot()).recurring
    return state


async def no_schedule(scheduler: Scheduler) -> bool:
    return (await scheduler.snapshot()).recurring == ()


def due_in(state: RecurringState, clock: ManualClock) -> float:
    return state.next_at.timestamp() - clock.time()


def listen(scheduler: Scheduler) -> list[SchedulerEvent]:
    heard: list[SchedulerEvent] = []
    scheduler.subscribe(heard.extend)
    return heard


def id_of(outcome: SubmitOutcome) -> int:
    assert outcome.id is not None
    return outcome.id


async def pass_time_until_running(
    scheduler: Scheduler, clock: ManualClock, script: Script, at: float
) -> None:
    clock.advance(at - clock.time())
    await until(lambda: script.running == 1)
