"""A real scheduler on a real file: its executors do what they are told, and it can be closed, crashed and opened again."""

from __future__ import annotations

import asyncio
import itertools
import selectors
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

from scheduler_core import (
    Domain,
    DomainHandle,
    DomainKey,
    Scheduler,
    SchedulerConfig,
    TaskContext,
    TaskStore,
    TypedTask,
)
from scheduler_core.policy.gate import first_closed
from scheduler_core.testing import ManualClock, until
from tests.reliability.heard import Heard


class Alpha(DomainKey):
    name = "alpha"


class Beta(DomainKey):
    name = "beta"


class Job(TypedTask[Alpha]):
    """A task with a key, or with a number that no other has."""

    task_type: ClassVar[str] = "job"
    k: str | None = None
    n: int = 0

    def dedup_key(self) -> str | None:
        return self.k


class Family(TypedTask[Alpha]):
    """A type with `finalize`."""

    task_type: ClassVar[str] = "family"
    k: str | None = None
    n: int = 0

    def dedup_key(self) -> str | None:
        return self.k


class Errand(TypedTask[Beta]):
    """A type of the other domain."""

    task_type: ClassVar[str] = "errand"
    k: str | None = None
    n: int = 0

    def dedup_key(self) -> str | None:
        return self.k


_PATIENCE = 5_000
"""Turns of the loop after which waiting for rest is given up."""
DOMAINS = ("alpha", "beta")
TYPES: dict[str, type[TypedTask[Any]]] = {cls.qualified_type: cls for cls in (Job, Family, Errand)}


class Order:
    """What an attempt is told to do next: return, raise, or spawn children and wait for the next order."""

    def __init__(
        self,
        value: object = None,
        error: BaseException | None = None,
        spawn: Sequence[TypedTask[Any]] = (),
        options: dict[str, Any] | None = None,
    ) -> None:
        self.value, self.error, self.spawn, self.options = value, error, spawn, options or {}
        self.answer: asyncio.Future[list[Any] | None] = asyncio.get_running_loop().create_future()
        """What spawning was answered with; None when the attempt was stopped before it heard."""


class Cast:
    """The executors of one opening: each attempt waits for orders."""

    def __init__(self) -> None:
        self.waiting: dict[int, asyncio.Future[Order]] = {}
        """By task id."""

    async def execute(self, task: Any, ctx: TaskContext) -> object:
        task_id = ctx.record.id
        while True:
            waits = self.waiting[task_id] = asyncio.get_running_loop().create_future()
            try:
                order = await waits
            finally:
                if self.waiting.get(task_id) is waits:
                    del self.waiting[task_id]
            if order.spawn:
                await _spawn(order, ctx)
            elif order.error is not None:
                raise order.error
            else:
                return order.value

    async def finalize(self, task: Any, memo: object, ctx: TaskContext) -> object:
        return await self.execute(task, ctx)


async def _spawn(order: Order, ctx: TaskContext) -> None:
    try:
        order.answer.set_result(await ctx.spawn_children(order.spawn, **order.options))
    except asyncio.CancelledError:
        order.answer.set_result(None)
        raise
    except Exception as error:  # noqa: BLE001 - whoever gave the order is told
        order.answer.set_exception(error)


class SlowConnection:
    """A connection that answers after so many turns of the loop, on its thread: the same each time, and quick."""

    def __init__(self, path: Path, turns: int) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
        self._connection.create_function("casefold", 1, str.casefold, deterministic=True)
        self._turns = turns

    async def run(self, function: Callable[[sqlite3.Connection], Any]) -> Any:
        await asyncio.sleep(0)
        answer: Any = None
        error: Exception | None = None
        try:
            answer = function(self._connection)
        except Exception as raised:  # noqa: BLE001 - told to the caller, as by a thread
            error = raised
        for _ in range(self._turns):
            await asyncio.sleep(0)
        if error is not None:
            raise error
        return answer

    def start(
        self, function: Callable[[sqlite3.Connection], Any], answer: Callable[[Any], None], _size: int
    ) -> None:
        work = asyncio.ensure_future(self.run(function))
        work.add_done_callback(lambda done: answer(done.result()))

    async def close(self) -> None:
        self._connection.close()


class RestingSelector(selectors.DefaultSelector):
    """Looks for what other threads and files bring only when nothing else is to be done, and now and then."""

    def __init__(self) -> None:
        super().__init__()
        self._looks = itertools.count()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout == 0 and next(self._looks) % 16:
            return []
        return super().select(timeout)


class World:
    """One folder, one clock, and one scheduler after another.

    `turns`: so many turns of the loop the database takes to answer; None: it has threads of its own, as always.
    """

    def __init__(self, folder: Path, turns: int | None) -> None:
        self.folder = folder
        self.turns = turns
        self.clock = ManualClock()
        self.heard = Heard()
        self.cast = Cast()
        self.scheduler: Scheduler
        self.path: Path
        self.database: sqlite3.Connection
        """Looks at the file, as another program would."""
        self.there: set[str] = set(DOMAINS)
        """The domains that have not been removed: whoever opens the store again has the same."""
        self.handles: dict[str, DomainHandle[Any]] = {}
        """Of each domain that has been there since the store was opened, also of one that has gone since."""
        self.pressure = 0.0
        """What the one source of pressure says."""
        self._names = itertools.count(1)
        self._undo = lambda: None

    async def open(self, path: Path | None = None) -> None:
        """Open the store at `path`, or a new one."""
        self.path = path or self.folder / f"{next(self._names)}.db"
        self.cast = Cast()
        self.heard.leave()
        config = SchedulerConfig(max_concurrency=4, expiry_sweep_interval=0.0)
        self.database = sqlite3.connect(self.path, isolation_level=None)
        store = TaskStore(self.path)
        if self.turns is not None:
            store.database._connect = self._connect  # pyright: ignore[reportAttributeAccessIssue]
        self.scheduler = Scheduler(
            store,
            [self._domain(name) for name in DOMAINS if name in self.there],
            config=config,
            clock=self.clock,
            pressure_sources=[self.read_pressure],
        )
        self._undo = self.scheduler.subscribe(lambda events: self.heard.hear(self.database, events))
        await self.scheduler.open()
        self.handles = {handle.name: handle for handle in self.scheduler.domains()}
        await self.settle()

    def _domain(self, name: str, cap: int | None = None) -> Domain[Any]:
        """A domain as its plugin makes it."""
        if name == Alpha.name:
            alpha = Domain(Alpha, max_concurrency=cap)
            alpha.executor(Job)(self.cast.execute)
            alpha.register(Family, self.cast)
            return alpha
        beta = Domain(Beta, max_concurrency=cap)
        beta.executor(Errand)(self.cast.execute)
        return beta

    def handle(self, name: str) -> DomainHandle[Any]:
        """Of a domain, as one has it who never asks twice. Raises `UnknownDomainError` where it has not been there yet."""
        return self.handles.get(name) or self.scheduler.domain(name)

    def any_handle(self) -> DomainHandle[Any]:
        """For what is the same with each: of a domain that is there."""
        return self.scheduler.domains()[0]

    async def add(self, name: str, cap: int | None) -> None:
        """A domain comes, or comes back: to whoever has its handle."""
        handle = await self.scheduler.add_domain(self._domain(name, cap))
        assert self.handles.setdefault(name, handle) is handle, f"{name} has another handle"
        self.there.add(name)

    async def remove(self, name: str) -> int:
        """A domain goes; how many tasks that holds."""
        held = await self.scheduler.remove_domain(name)
        self.there.discard(name)
        return held

    def read_pressure(self) -> float:
        """The source of pressure."""
        return self.pressure

    async def _connect(self) -> SlowConnection:
        return SlowConnection(self.path, self.turns or 1)

    async def close(self) -> None:
        """End in good order."""
        await self.scheduler.close(0)
        self._undo()
        self.database.close()

    async def restart(self, away: float) -> None:
        """End in good order, and open again `away` seconds later."""
        await self.close()
        assert self.clock.timers == [], "a closed scheduler has timers"
        self.clock.jump(away)
        await self.open(self.path)

    async def crash(self, away: float) -> None:
        """Lose the program: what goes on is a copy of its files as they are now, opened `away` seconds later."""
        copy = self.folder / f"{next(self._names)}.db"
        shutil.copyfile(self.path, copy)
        shutil.copyfile(f"{self.path}-wal", f"{copy}-wal")
        self._undo()
        await self.close()
        self.clock.jump(away)
        await self.open(copy)

    async def settle(self) -> None:
        """Wait until every attempt waits for orders, nothing could start, and nothing is being written."""
        if self.turns is None:
            await until(self.is_settled)
        turns = itertools.count()
        while not self.is_settled():
            assert next(turns) < _PATIENCE, "it never comes to rest"
            await asyncio.sleep(0)

    def is_settled(self) -> bool:
        """Would only an order, a caller or the clock bring more?"""
        engine = self.scheduler._engine
        busy = (
            engine.dispatcher.is_busy
            or engine.completion.is_busy
            or engine.due.is_busy
            or engine.expiry.is_busy
            or engine.lanes.is_refilling
            or engine.teller.is_busy
            or engine.store.database.is_busy
            or engine.control._ending
            or engine.undoing.is_busy
        )
        if busy or engine.lanes.has_open(lambda task: first_closed(engine.state, task)):
            return False
        attempts = engine.attempts.all()
        return all(a.stop_reason is None and a.id in self.cast.waiting for a in attempts)

    async def advance(self, delay: float) -> None:
        """Let time pass in one go, as for a machine that slept."""
        self.clock.advance(delay)
        await self.settle()

    def order(self, task_id: int, order: Order) -> Order:
        """Tell an attempt what to do; it does when the loop turns."""
        self.cast.waiting.pop(task_id).set_result(order)
        return order
