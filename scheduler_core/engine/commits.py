"""What a commit means in memory: counters, lanes, deadlines and listeners learn of it, in this order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scheduler_core.engine.attempt import StopReason
from scheduler_core.policy.gate import Lot
from scheduler_core.store.changes import Changes, Ready, Rearranged
from scheduler_core.store.setting_aside import STOP as ASIDE

if TYPE_CHECKING:
    from scheduler_core.engine.engine import Engine


class Commits:
    """Applied after each commit, before whoever asked for it goes on.

    `backoff` are the lanes of tasks that wait for a retry, by id; `interrupted` the tasks that will go on; `stops` those
    that are to stop and have not been started yet.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.backoff: dict[int, int] = {}
        self.interrupted: set[int] = set()
        self.stops: dict[int, StopReason] = {}
        self.failure_count = 0
        """Failures that want attention."""

    def apply(self, changes: Changes) -> None:
        """Everything that one operation changed."""
        engine = self._engine
        # First: counts may be told at once, and whoever hears of them looks at this, too.
        self.failure_count += changes.attention
        engine.counts.apply(changes.counts, changes.totals)
        engine.type_totals.apply(changes.totals, changes.seconds, changes.io)
        engine.metrics.apply(changes)
        scheduled = engine.schedules.apply(changes.schedules) if changes.schedules else None
        if changes.rearranged:
            self._rearrange(changes.rearranged)
        if changes.ready:
            self._line_up(changes.ready)
        self._remember(changes)
        engine.pruner.ended(len(changes.ended))
        engine.cataloguing.ended(len(changes.ended))
        engine.sweeping.came(len(changes.submitted))
        engine.sweeping.ended(len(changes.ended))
        if changes.due_at is not None:
            engine.due.expect(changes.due_at)
        if changes.expires_at is not None:
            engine.expiry.expect(changes.expires_at)
        for task_id, reason in changes.stop:
            self._stop(task_id, StopReason.PAUSED if reason == ASIDE else StopReason.CANCELLED)
        engine.teller.tell(changes)
        engine.ages.ended(changes.ended)
        if scheduled:
            engine.emitter.schedules(scheduled)
        engine.rest.pulse()

    def _line_up(self, ready: Sequence[Ready]) -> None:
        """Tasks became ready; only who is the first of its lane may start at once."""
        lanes, dispatcher = self._engine.lanes, self._engine.dispatcher
        for one in ready:
            # What was chosen while it was being stored is claimed already, or will be put back.
            if not dispatcher.is_ahead(one.id) and lanes.add(*one):
                dispatcher.wake()
            self.backoff.pop(one.id, None)

    def _remember(self, changes: Changes) -> None:
        # First: what is to be tried again, or was interrupted, may end in the same commit, with its parent.
        for facts, _, at in changes.retried:
            if at is not None:
                self.backoff[facts.id] = facts.lane
        self.interrupted.update(facts.id for facts in (*changes.interrupted, *changes.preempted))
        for ended in changes.ended:
            self._forget(ended.facts.id)
        for facts in (*changes.aside, *changes.taken_back):
            self._forget(facts.id)

    def _forget(self, task_id: int) -> None:
        self._engine.lanes.discard(task_id)
        if self.backoff:
            self.backoff.pop(task_id, None)
        if self.stops:
            self.stops.pop(task_id, None)
        if self.interrupted:
            self.interrupted.discard(task_id)

    def _rearrange(self, moved: Sequence[Rearranged]) -> None:
        """A person gave tasks another place: they leave the one where they stood, or run and have another priority."""
        engine = self._engine
        for task_id, lane, priority in moved:
            engine.lanes.rearrange(task_id, lane, priority)
            attempt = engine.attempts.get(task_id)
            if attempt is not None and attempt.claimed.priority != priority:
                is_lower = priority > attempt.claimed.priority
                attempt.set_priority(priority)
                if is_lower:  # it may have to yield to urgent tasks, which wait for somebody who has
                    engine.lanes.wake(Lot("domain", attempt.lane.domain))
                    engine.lanes.wake(Lot("group", attempt.lane.group))
                    engine.dispatcher.wake()
        # Nothing is counted otherwise now, but who shows these tasks has to look again.
        engine.counts.touch({engine.store.lanes.key(lane).domain for _, lane, _ in moved})

    def _stop(self, task_id: int, reason: StopReason) -> None:
        attempt = self._engine.attempts.get(task_id)
        if attempt is not None:
            attempt.stop(reason)
        elif self._engine.dispatcher.is_claiming(task_id):
            self.stops[task_id] = reason
