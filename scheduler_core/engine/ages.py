"""How urgent a waiting task is by now, by the clock of its lane, which stands still while a pause holds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from scheduler_core.clock import Clock
from scheduler_core.model.lane import Candidate
from scheduler_core.model.throttle import AgingConfig
from scheduler_core.policy.aging import aged
from scheduler_core.store.changes import Ended, Facts


class Ages:
    """Effective priorities. `waiting_clock(lane, now)` is the clock of a stored lane, `is_held(lane)` whether it stands."""

    def __init__(
        self,
        config: AgingConfig | None,
        clock: Clock,
        waiting_clock: Callable[[int, float], float],
        is_held: Callable[[int], bool],
    ) -> None:
        self.config = config
        self.is_kept = config is not None
        """Is it kept since when each task waits? So it is a while before `config` holds, until all of that is read."""
        self.on_unknown: Callable[[], None] = lambda: None
        """Called when a task came to wait of which that is not known, though it matters."""
        self.monotonic = clock.monotonic
        self._clock = clock
        self._waiting_clock = waiting_clock
        self._is_held = is_held
        self._started: dict[int, int] = {}

    def of(self, lane: int, priority: int, aged_from: float | None) -> tuple[int, float | None]:
        """The effective priority, and in how many seconds it will be more urgent; None: not while things stay so.

        With `aged_from` None, not known yet, it is as urgent as it was at first.
        """
        if self.config is None or aged_from is None:
            return priority, None
        waited = self._waiting_clock(lane, self._clock.time()) - aged_from
        effective, wait = aged(priority, waited, self.config)
        return effective, None if self._is_held(lane) else wait

    def change(self, config: AgingConfig | None, running: Iterable[tuple[int, int]]) -> None:
        """From now on tasks age so. `running` are those that have slots, as (id, priority), if none aged until now."""
        if config is None:
            self._started.clear()
        elif self.config is None:
            self._started.update(running)
        self.config = config
        self.is_kept = config is not None

    def started(self, task_id: int, task: Candidate) -> None:
        """A task was given a slot: it does not grow more urgent while it runs."""
        if self.config is not None:
            self._started[task_id] = task.effective

    def ended(self, tasks: Iterable[Ended]) -> None:
        """These have ended."""
        if self._started:
            for task in tasks:
                self._started.pop(task.facts.id, None)

    def effective(self, facts: Facts) -> int:
        """How urgent a task is by now, or was when it was given its slot."""
        if self.config is None:
            return facts.priority
        started = self._started.get(facts.id)
        return self.of(facts.lane, facts.priority, facts.aged_from)[0] if started is None else started
