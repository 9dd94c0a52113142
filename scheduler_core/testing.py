"""A test kit for authors of domains: time that stands still until told, schedulers in memory, and waiting for conditions.

A pytest plugin. `pytest_plugins = ["scheduler_core.testing"]` in the topmost `conftest.py` (or `-p scheduler_core.testing`)
gives the fixtures `scheduler`, `manual_clock` and `make_scheduler`; it needs `pytest` and `pytest-asyncio`:

    @pytest.fixture
    def domains():
        return [ingest]

    async def test_a_failed_fetch_is_tried_again_a_minute_later(scheduler, manual_clock):
        await scheduler.domain(Ingest).submit(Fetch(url="https://example.org"))
        await run_until_idle(scheduler, manual_clock)
        assert (await scheduler.history())[0].retry_count == 1

Nothing here sleeps: a test advances the clock, or waits until something is so.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import timedelta
from os import PathLike
from typing import Any, Protocol

import pytest
import pytest_asyncio

from scheduler_core.clock import Clock, JumpingClock
from scheduler_core.domain.domain import Domain
from scheduler_core.model.base import seconds
from scheduler_core.model.config import SchedulerConfig
from scheduler_core.model.pressure import AnyPressureSource, ResourceSampler
from scheduler_core.scheduler import Scheduler
from scheduler_core.store.task_store import TaskStore

START = 1_700_000_000.0
"""The wall time at which a `ManualClock` begins: 2023-11-14 22:13:20 UTC."""
PATIENCE_S = 10.0
"""Real seconds after which waiting for a condition is given up."""
_BUSY_TURNS = 10
_REST_S = 0.0002


class ManualTimer:
    """A timer of a `ManualClock`."""

    def __init__(
        self, due: float, callback: Callable[[], object], forget: Callable[[ManualTimer], None]
    ) -> None:
        self.due = due
        self.callback = callback
        self._forget = forget

    def cancel(self) -> None:
        """Call the timer off; harmless when it has fired."""
        self._forget(self)


class ManualClock(JumpingClock):
    """A `Clock` that moves only when it is told to. Readings may be taken on any thread; the rest belongs to the loop's.

    A timer of no delay fires at the next turn of the event loop: no time has to pass for it.
    """

    def __init__(self, start: float = START) -> None:
        self._mono = 0.0
        self._ahead = start  # wall time is added up from this, so that no rounding of steps piles up
        self._order = itertools.count()
        self._timers: list[tuple[float, int, ManualTimer]] = []
        self._lock = threading.Lock()
        self._watchers: dict[object, Callable[[], object]] = {}

    def time(self) -> float:
        return self._ahead + self._mono

    def monotonic(self) -> float:
        return self._mono

    def call_later(self, delay: float, callback: Callable[[], object]) -> ManualTimer:
        timer = ManualTimer(self._mono + max(0.0, delay), callback, self._drop)
        with self._lock:
            heapq.heappush(self._timers, (timer.due, next(self._order), timer))
        if delay <= 0:
            with contextlib.suppress(RuntimeError):  # a test without an event loop advances by hand
                asyncio.get_running_loop().call_soon(self.advance)
        return timer

    @property
    def timers(self) -> list[float]:
        """In how many seconds each timer that is set is due, the next one first."""
        return sorted(due - self._mono for due, _, _ in self._timers)

    def advance(self, duration: float | timedelta = 0.0) -> None:
        """Let time pass, on both readings. Timers fire in order, each at its own instant, also those set meanwhile."""
        end = self._mono + seconds(duration, "advance")
        while self._timers and self._timers[0][0] <= end:
            due, _, timer = self._timers[0]
            self._move_to(max(self._mono, due))
            self._drop(timer)
            timer.callback()
        self._move_to(end)

    def advance_to_timer(self) -> bool:
        """Let time pass until the next timer fires; was there one?"""
        if not self._timers:
            return False
        self.advance(max(0.0, self._timers[0][0] - self._mono))
        return True

    def jump(self, offset: float | timedelta) -> None:
        """Set the wall clock forward or, with a negative `offset`, back; no time passes, no timer fires.

        Whoever watches jumps is told, as `SystemClock` does on Linux.
        """
        self._ahead += offset.total_seconds() if isinstance(offset, timedelta) else offset
        for tell in tuple(self._watchers.values()):
            tell()

    def sleep(self, duration: float | timedelta) -> None:
        """The machine sleeps: wall time passes, monotonic time and with it all timers stand still; then it wakes."""
        self.jump(seconds(duration, "sleep"))

    def watch_jumps(self, callback: Callable[[], object]) -> Callable[[], None]:
        token = object()
        self._watchers[token] = callback

        def undo() -> None:
            self._watchers.pop(token, None)

        return undo

    def _move_to(self, mono: float) -> None:
        self._mono = mono

    def _drop(self, timer: ManualTimer) -> None:
        with self._lock:
            kept = [entry for entry in self._timers if entry[2] is not timer]
            if len(kept) != len(self._timers):
                heapq.heapify(kept)
                self._timers = kept


async def until(condition: Callable[[], bool], *, patience: float = PATIENCE_S) -> None:
    """Let the event loop turn until `condition()` is true; `TimeoutError` after `patience` real seconds."""
    give_up = time.monotonic() + patience
    turns = 0
    while not condition():
        if time.monotonic() > give_up:
            raise TimeoutError(f"it did not become true within {patience} s: {condition}")
        turns += 1
        # A loop that never rests hardly ever lets the database's thread have the interpreter.
        await asyncio.sleep(0 if turns < _BUSY_TURNS else _REST_S)


async def until_quiet(scheduler: Scheduler, *, patience: float = PATIENCE_S) -> None:
    """Wait until no attempt runs, nothing could start and nothing is being written: only time would bring more."""
    await until(scheduler._engine.rest.is_quiet, patience=patience)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]


async def run_until_idle(
    scheduler: Scheduler, clock: ManualClock | None = None, *, patience: float = PATIENCE_S
) -> None:
    """`scheduler.wait_idle()`, and with its `ManualClock` the delays before retries pass in no time."""
    engine = scheduler._engine  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    give_up = time.monotonic() + patience
    while clock is not None:
        if time.monotonic() > give_up:
            raise TimeoutError(
                f"it did not become idle within {patience} s: what is left waits for a calmer machine?"
            )
        await until(engine.rest.is_quiet, patience=patience)
        if engine.rest.is_idle() or not clock.advance_to_timer():
            break
    async with asyncio.timeout(patience):
        await scheduler.wait_idle()


class MakeScheduler(Protocol):
    """What the fixture `make_scheduler` is."""

    async def __call__(
        self,
        *domains: Domain[Any],
        store: str | PathLike[str] | TaskStore | None = None,
        config: SchedulerConfig | None = None,
        app_state: Sequence[object] = (),
        clock: Clock | None = None,
        pressure_sources: Iterable[AnyPressureSource] = (),
        resource_sampler: ResourceSampler | None = None,
    ) -> Scheduler:
        """An open scheduler, in memory unless `store` is given, on `manual_clock` unless `clock` is."""
        ...


@pytest.fixture
def manual_clock() -> ManualClock:
    """The clock of the schedulers that `make_scheduler` makes."""
    return ManualClock()


@pytest_asyncio.fixture
async def make_scheduler(manual_clock: ManualClock) -> AsyncIterator[MakeScheduler]:
    """Makes and opens schedulers; each is closed at the end of the test, with no grace."""
    made: list[Scheduler] = []

    async def make(
        *domains: Domain[Any],
        store: str | PathLike[str] | TaskStore | None = None,
        config: SchedulerConfig | None = None,
        app_state: Sequence[object] = (),
        clock: Clock | None = None,
        pressure_sources: Iterable[AnyPressureSource] = (),
        resource_sampler: ResourceSampler | None = None,
    ) -> Scheduler:
        scheduler = Scheduler(
            TaskStore.in_memory() if store is None else store,
            domains,
            app_state=app_state,
            config=config,
            clock=clock or manual_clock,
            pressure_sources=pressure_sources,
            resource_sampler=resource_sampler,
        )
        await scheduler.open()
        made.append(scheduler)
        return scheduler

    yield make
    for scheduler in reversed(made):
        await scheduler.close(0)


@pytest.fixture
def domains() -> Sequence[Domain[Any]]:
    """The domains of the fixture `scheduler`: an author's tests have a fixture of this name of their own."""
    pytest.fail(
        "fixture `scheduler`: it has no domains. Write a fixture `domains` beside the tests, or in conftest.py, that "
        "returns a list of Domain objects; or ask for `make_scheduler` and call it with them.",
        pytrace=False,
    )


@pytest_asyncio.fixture
async def scheduler(make_scheduler: MakeScheduler, domains: Sequence[Domain[Any]] | Domain[Any]) -> Scheduler:
    """An open scheduler over `domains`, in memory and on `manual_clock`; it is closed at the end of the test."""
    return await make_scheduler(*([domains] if isinstance(domains, Domain) else domains))
