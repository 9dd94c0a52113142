"""From a claimed task to its attempt, and from the end of the attempt to its outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scheduler_core.engine.attempt import Attempt, StopReason
from scheduler_core.engine.lanes import Choice
from scheduler_core.engine.telling import Told
from scheduler_core.model import events as e
from scheduler_core.store.claim import Claimed
from scheduler_core.store.finish import Outcome, OutcomeKind

if TYPE_CHECKING:
    from scheduler_core.engine.engine import Engine


class Starting:
    """Starts what was claimed and hears of its end."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def start(self, batch: Sequence[tuple[Claimed, Choice]]) -> None:
        """Begin an attempt of each, in this order."""
        engine, commits = self._engine, self._engine.commits
        engine.metrics.started(batch)
        told: list[Told] = []
        is_heard = engine.bus.wants(e.Dispatched) or engine.bus.wants(e.Resumed)
        for claimed, choice in batch:
            lane = choice.task.lane
            engine.ages.started(claimed.id, choice.task)
            if lane.task_type not in engine.domains[lane.domain].registrations:
                self._refuse(claimed, lane.task_type)
                continue
            stop = commits.stops.pop(claimed.id, None)
            if stop is None and engine.state.is_held(lane):
                stop = StopReason.PAUSED  # paused between the choice and the claim
            attempt = engine.attempts.start(claimed, lane, stop)
            if is_heard and stop is None:
                if claimed.id in commits.interrupted:
                    told.append((e.Resumed, claimed.facts, {}))
                told.append((e.Dispatched, claimed.facts, {"attempt": attempt.attempt}))
            commits.interrupted.discard(claimed.id)
        engine.teller.tell_about(told)
        engine.pressure.watch()

    def over(self, attempt: Attempt, outcome: Outcome) -> None:
        """An attempt is over."""
        engine = self._engine
        engine.completion.report(outcome)
        engine.metrics.over(attempt.lane, outcome, outcome.duration or attempt.elapsed(engine.clock))
        if outcome.duration:
            engine.type_totals.took(attempt.lane.task_type, outcome.duration)
        engine.dispatcher.ended(attempt.id)

    def progress(self, attempts: list[Attempt]) -> None:
        """These have told how far they are."""
        engine = self._engine
        if engine.bus.wants(e.Progress):
            engine.teller.tell_about(
                (
                    e.Progress,
                    attempt.claimed.facts,
                    {
                        "fraction": attempt.estimate(engine.clock, None).fraction,
                        "message": attempt.message,
                        "bytes_done": attempt.bytes_done,
                        "bytes_total": attempt.bytes_total,
                    },
                )
                for attempt in attempts
            )

    def _refuse(self, claimed: Claimed, task_type: str) -> None:
        """A task of an earlier version, whose type is gone."""
        engine = self._engine
        error = f"{task_type}: its domain has no executor for it any more. Install the version that has, then retry"
        engine.completion.report(Outcome(claimed.id, OutcomeKind.FAILED, engine.clock.time(), error=error))
        engine.dispatcher.ended(claimed.id)
