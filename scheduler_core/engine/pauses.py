"""Pauses of the scheduler, of domains and of groups: in memory for dispatch, in the database for the next start."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from scheduler_core.clock import Clock, TimerHandle, timer_delay, to_datetime
from scheduler_core.model.lane import LaneKey
from scheduler_core.model.pause import Pause, PauseScope
from scheduler_core.policy.state import DispatchState
from scheduler_core.store.waiting import StoredPause

Scope = tuple[str, str]


class Pauses:
    """What is paused, until when. One timer for the pause that ends first; `on_end(scope, name)` is called then."""

    def __init__(self, clock: Clock, state: DispatchState, on_end: Callable[[str, str], None]) -> None:
        self._clock = clock
        self._state = state
        self._on_end = on_end
        self._pauses: dict[Scope, StoredPause] = {}
        self._timer: TimerHandle | None = None
        self._is_closed = False

    def load(self, pauses: Iterable[StoredPause]) -> list[Scope]:
        """Pauses of an earlier run; returns those that ended while the program was not running."""
        over: list[Scope] = []
        for pause in pauses:
            if pause.until is not None and pause.until <= self._clock.time():
                over.append((pause.scope, pause.name))
            else:
                self.put(pause)
        return over

    def set(self, scope: str, name: str, until: float | None, reason: str | None) -> StoredPause:
        """Pause from now on; a later call replaces the end and the reason of an earlier one, which began when it began."""
        before = self._pauses.get((scope, name))
        since = self._clock.time() if before is None else before.since
        return self.put(StoredPause(scope, name, until, since, reason))

    def put(self, pause: StoredPause) -> StoredPause:
        """This very pause is in force, instead of one of the same scope and name."""
        self._pauses[pause.scope, pause.name] = pause
        self._mark(pause.scope, pause.name, True)
        self._set_timer()
        return pause

    def drop(self, scope: str, name: str) -> None:
        """End a pause; harmless where there is none."""
        self._pauses.pop((scope, name), None)
        self._mark(scope, name, False)
        self._set_timer()

    def get(self, scope: str, name: str) -> StoredPause | None:
        """This pause, if there is one."""
        return self._pauses.get((scope, name))

    def all(self) -> list[Pause]:
        """Every pause in force: the scheduler's, then those of domains, then those of groups, each by name."""
        order = {scope.value: place for place, scope in enumerate(PauseScope)}
        found = sorted(self._pauses.values(), key=lambda pause: (order[pause.scope], pause.name))
        return [
            Pause(
                scope=PauseScope(pause.scope),
                name=pause.name,
                since=to_datetime(pause.since),
                until=None if pause.until is None else to_datetime(pause.until),
                reason=pause.reason,
            )
            for pause in found
        ]

    def groups(self) -> tuple[str, ...]:
        """The paused groups, by name."""
        return tuple(sorted(name for scope, name in self._pauses if scope == "group"))

    def reasons(self, lane: LaneKey) -> tuple[str, ...]:
        """Why the tasks of a lane are held, in words."""
        if not self._state.has_domain(lane.domain):
            return (f"domain {lane.domain} is not there",)
        wanted = [
            ("scheduler", "", "everything is paused"),
            ("domain", lane.domain, f"{lane.domain} is paused"),
        ]
        if lane.group:
            wanted.append(("group", lane.group, f"group {lane.group} is paused"))
        found = ((self._pauses.get((scope, name)), words) for scope, name, words in wanted)
        return tuple(
            words if pause.reason is None else f"{words}: {pause.reason}" for pause, words in found if pause
        )

    def look_again(self) -> None:
        """The clock has jumped: the timer was for another time."""
        if self._timer is not None:
            self._timer.cancel()
            self._on_timer()

    def close(self) -> None:
        """Keep no timer, and set none any more."""
        self._is_closed = True
        self._set_timer()

    def _mark(self, scope: str, name: str, paused: bool) -> None:
        if scope == "scheduler":
            self._state.paused = paused
        elif scope == "domain":
            # Of one that is not there the tasks are held until it comes, whatever else holds them.
            self._state.domain(name).paused = paused or not self._state.has_domain(name)
        else:
            self._state.group(name).paused = paused

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._is_closed:
            return
        ends = [pause.until for pause in self._pauses.values() if pause.until is not None]
        if ends:
            self._timer = self._clock.call_later(timer_delay(min(ends) - self._clock.time()), self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        now = self._clock.time()
        over = [
            place for place, pause in self._pauses.items() if pause.until is not None and pause.until <= now
        ]
        for scope, name in over:
            self._on_end(scope, name)
        if not over:  # the wall clock was set back
            self._set_timer()
