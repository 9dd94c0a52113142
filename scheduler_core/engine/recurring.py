"""The schedules in memory, as commits leave them: what a snapshot lists is never asked of the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from scheduler_core.clock import to_datetime
from scheduler_core.model.lane import LaneKey
from scheduler_core.model.schedule import RecurringSchedule
from scheduler_core.model.snapshot import RecurringState
from scheduler_core.store.changes import ScheduleState


class Schedules:
    """Every task that comes again."""

    def __init__(self, key_of: Callable[[int], LaneKey]) -> None:
        self._key_of = key_of
        self._states: dict[int, tuple[ScheduleState, RecurringSchedule]] = {}

    def load(self, states: Iterable[ScheduleState]) -> None:
        """What the database says at open."""
        self._states.clear()
        self.apply({state.id: state for state in states})

    def apply(self, changed: Mapping[int, ScheduleState | None]) -> set[str]:
        """One commit; None is a schedule that is gone. Returns the domains that have others now."""
        domains: set[str] = set()
        for schedule_id, state in changed.items():
            before = self._states.get(schedule_id)
            if state is not None:
                self._states[schedule_id] = (state, self._rule(state))
                domains.add(self._key_of(state.lane).domain)
            elif before is not None:
                del self._states[schedule_id]
                domains.add(self._key_of(before[0].lane).domain)
        return domains

    def all(self) -> tuple[RecurringState, ...]:
        """The schedules as they are shown, in the order in which they were submitted."""
        return tuple(self._shown(*self._states[schedule_id]) for schedule_id in sorted(self._states))

    def _rule(self, state: ScheduleState) -> RecurringSchedule:
        known = self._states.get(state.id)
        if (
            known is not None and known[0].schedule == state.schedule
        ):  # a cron expression takes a while to check
            return known[1]
        return RecurringSchedule.model_validate_json(state.schedule)

    def _shown(self, state: ScheduleState, rule: RecurringSchedule) -> RecurringState:
        lane = self._key_of(state.lane)
        return RecurringState(
            id=state.id,
            task_id=state.task_id,
            domain=lane.domain,
            task_type=lane.task_type,
            label=state.label,
            schedule=rule,
            occurrence=state.occurrence,
            next_at=to_datetime(state.next_at),
            is_paused=state.is_paused,
        )
