"""The store as the engine sees it: a handful of coroutines, each one hop to the database thread."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar, cast

from scheduler_core.clock import Clock
from scheduler_core.errors import InvalidArgumentError, WrongTypeError
from scheduler_core.model.lane import LaneKey
from scheduler_core.model.submission import Submission
from scheduler_core.model.task import SubmitOutcome, SubmitStatus, TaskStatus
from scheduler_core.store.adjusting import Adjustment
from scheduler_core.store.changes import Changes, id_list
from scheduler_core.store.claim import Claimed, claim, expire, make_due
from scheduler_core.store.database import Database
from scheduler_core.store.ending import End, call_off, end_tasks, stop_running, take_twins
from scheduler_core.store.finish import Outcome
from scheduler_core.store.joint import Finishing, Submitting
from scheduler_core.store.prune import Keep, Pruned, prune
from scheduler_core.store.ready import ready_page
from scheduler_core.store.recover import Recovered, next_id, recover
from scheduler_core.store.retry import Retry, retry
from scheduler_core.store.rows import LaneTable
from scheduler_core.store.schedule_acts import Act
from scheduler_core.store.schedules import schedule_of
from scheduler_core.store.submit import Answer, Request, resubmit
from scheduler_core.store.undo_retry import retry_for_now
from scheduler_core.store.undos import StoredUndo
from scheduler_core.store.waiting import (
    Clocks,
    LaneClock,
    StoredPause,
    clocks_by_domains,
    drop_pause,
    make_lane,
    set_pause,
)

T = TypeVar("T")


def _ignore(_: object) -> None:
    pass


class TaskStore:
    """A SQLite file, or a database in memory, that holds tasks and their history.

    `TaskStore(path)` names a file that is made when the scheduler opens; `TaskStore.in_memory()`, or SQLite's word for
    it, ":memory:", is gone when it closes.
    `synchronous` is SQLite's pragma: NORMAL survives the end of the program, FULL also that of the machine.
    """

    def __init__(self, path: str | PathLike[str] | None, *, synchronous: str = "NORMAL") -> None:
        _check_synchronous(synchronous)
        if not isinstance(cast("Any", path), str | PathLike | None):
            raise WrongTypeError("store", f"{path!r} is no path", "Pass a str, a Path or a TaskStore.")
        file = None if path is None or path == ":memory:" else Path(path)
        self.database = Database(file, synchronous=synchronous)
        self.lanes = LaneTable()
        self._ids = itertools.count(1)
        self._clock: Clock | None = None
        self._domains: Collection[str] = ()
        self._on_changes: Callable[[Changes], None] = _ignore
        self._on_submitting: Callable[[Sequence[Request]], None] = _ignore
        # Of the database's thread; whoever changes a clock forgets them all, also when nothing comes of it.
        self._clocks: dict[int, LaneClock] = {}
        self._submitting: Submitting | None = None
        self._finishing: Finishing | None = None

    @classmethod
    def in_memory(cls) -> TaskStore:
        """A store for tests and for work that may be forgotten."""
        return cls(None)

    async def set_synchronous(self, level: str) -> None:
        """Change it while the store is open: it holds for what is written from then on. Raises `StoreError`."""
        _check_synchronous(level)
        await self.database.set_synchronous(level)

    async def open(
        self,
        clock: Clock,
        on_changes: Callable[[Changes], None],
        domains: Collection[str],
        on_submitting: Callable[[Sequence[Request]], None] = _ignore,
    ) -> Recovered:
        """Open, migrate and recover. `domains` are those that are there. Raises a `StoreError`.

        From then on `on_changes` is called after each commit that changed tasks, before who asked for it goes on, and
        `on_submitting` when a transaction with submissions begins: what it claims belongs to the same one.
        """
        self._clock = clock
        self._domains = domains
        self._on_changes = on_changes
        self._on_submitting = on_submitting
        self._clocks.clear()
        await self.database.open()
        try:
            self._ids = itertools.count(await self.database.read(next_id))
            found = await self.database.write(
                lambda connection: recover(connection, self._ids, clock.time(), domains)
            )
        except BaseException:
            await self.database.close()
            raise
        self.lanes.clear()
        for lane, key, waiting_clock in found.lanes:
            self.lanes.add(lane, key, waiting_clock)
        return found

    async def close(self) -> None:
        """Write what waits and close the file. Idempotent."""
        await self.database.close()

    async def read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """Run one of `queries`, which sees every commit that was answered before."""
        return await self.database.read(query)

    async def read_newest(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """Run one of `queries` on the connection that writes, where alone the newest keys are known."""
        return await self.database.write(query)

    async def lane(self, key: LaneKey) -> int:
        """The id of a lane, which is made when it is new."""
        known = self.lanes.find(key.task_type, key.group, key.io)
        if known is None:
            known, waiting_clock = await self.database.write(
                lambda connection: make_lane(connection, key, self._now(), self._domains)
            )
            self.lanes.add(known, key, waiting_clock)
        return known

    async def submit(self, submissions: Sequence[Submission]) -> list[SubmitOutcome]:
        """Store one caller's submissions: all or nothing. Raises `SchedulerError`."""
        lanes: list[int] = []
        for submission in submissions:
            domain, kind, group = submission[:3]
            lane = self.lanes.find(kind, group or "", submission.io)
            if lane is None:
                lane = await self.lane(LaneKey(domain, kind, group or "", submission.io))
            lanes.append(lane)
        ids = list(itertools.islice(self._ids, len(submissions)))
        joint = self._submitting
        if joint is None:
            joint = self._submitting = Submitting(self._ids, self._now, self._clocks)
            written = self.database.write(
                joint,
                on_seal=partial(self._seal_submitting, joint),
                on_commit=partial(self._submitted, joint),
                size=joint.size,
            )
            if written.done():  # it is closed
                self._submitting = None
            written.add_done_callback(joint.fail)
        return await joint.add(Request(submissions, ids, lanes))

    def _submitted(self, joint: Submitting, result: tuple[list[Answer], Changes]) -> None:
        answers, changes = result
        try:
            self._on_changes(changes)
        finally:
            joint.answer(answers)

    def finish(self, outcomes: Sequence[Outcome]) -> asyncio.Future[Changes]:
        """Write outcomes, together with those that others write until the transaction begins.

        The future of one transaction is shared by all who joined it.
        """
        joint = self._finishing
        if joint is None:
            joint = self._finishing = Finishing(self._ids, self._now)
            joint.done = self.database.write(
                joint,
                on_seal=self._seal_finishing,
                on_commit=self._on_changes,
                size=lambda: len(joint.outcomes),
            )
        joint.outcomes.extend(outcomes)
        return joint.done

    def claim(self, ids: Iterable[int]) -> asyncio.Future[tuple[list[Claimed], Changes]]:
        """Mark tasks running, those that are still pending; the future holds these once it has been written.

        It joins the transaction of outcomes that were reported in this turn.
        """
        wanted = list(ids)
        return self._queue(lambda connection, changes: claim(connection, wanted, self._now(), changes))

    async def ready_page(
        self, lane: int, priority: int, after: int, limit: int, *, ages: bool
    ) -> list[tuple[int, float | None]]:
        """Ready tasks of a lane and a priority behind an id, as (id, aged_from); without `ages` the latter is None."""
        return await self.database.read(
            lambda connection: ready_page(connection, lane, priority, after, limit, ages=ages)
        )

    async def make_due(self, limit: int) -> float | None:
        """Tasks whose time has come become ready; answers when the next is due."""
        return await self.change(
            lambda connection, changes: make_due(connection, self._now(), limit, changes)
        )

    async def expire(self, limit: int) -> float | None:
        """Tasks whose time is over end; answers when the next expires."""
        return await self.change(lambda connection, changes: expire(connection, self._now(), limit, changes))

    async def cancel(self, ids: Sequence[int]) -> list[int]:
        """Cancel active tasks and their children; answers which were. Running ones are told to stop and end then."""

        def operation(connection: sqlite3.Connection, changes: Changes) -> list[int]:
            rows = connection.execute(
                "SELECT id, status FROM tasks WHERE id IN (SELECT value FROM json_each(?))", (id_list(ids),)
            ).fetchall()
            now = self._now()
            whose = take_twins(connection, [task_id for task_id, _ in rows])
            for task_id, status in rows:
                if status == "running":
                    stop_running(connection, task_id, "cancelled", changes)
            end_tasks(
                connection,
                [End(task_id, TaskStatus.CANCELLED, now) for task_id, status in rows if status != "running"],
                changes,
            )
            for (
                parent_id
            ) in whose:  # only now: a parent that waited for nothing else may be among the cancelled
                call_off(connection, parent_id, now, changes)
            return [task_id for task_id, _ in rows]

        return await self.change(operation, len(ids))

    async def adjust(self, act: Adjustment, size: int) -> list[int]:
        """Do something to about `size` tasks that people may; answers which it concerned."""
        return await self.change(lambda connection, changes: act(connection, self._now(), changes), size)

    async def retry(self, history_id: int, domain: str) -> SubmitOutcome:
        """Submit a task of the history again; who waited for it waits for the new one. Raises `UnknownTaskError`."""
        (answer,) = await self._retry([history_id], lambda name: name == domain)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def retry_all(self, history_ids: Sequence[int]) -> list[SubmitOutcome]:
        """Submit tasks of the history again in one transaction; REJECTED is what cannot be tried again any more."""
        answers = await self._retry(history_ids, lambda name: name in self._domains)
        rejected = SubmitOutcome(status=SubmitStatus.REJECTED, id=None)
        return [rejected if isinstance(answer, Exception) else answer for answer in answers]

    async def _retry(
        self, history_ids: Sequence[int], has_domain: Callable[[str], bool]
    ) -> list[SubmitOutcome | Exception]:
        wanted = [Retry(history_id, next(self._ids)) for history_id in history_ids]
        return await self.change(
            lambda connection, changes: retry(
                connection, wanted, has_domain, self.lanes, self._now(), changes
            ),
            len(wanted),
        )

    async def retry_for_now(
        self, history_ids: Sequence[int], undo: int | None, until: float
    ) -> StoredUndo | None:
        """The same, for an undo that has begun or (None) begins; None where none of them can be tried again."""
        wanted = [Retry(history_id, next(self._ids)) for history_id in history_ids]
        return await self.change(
            lambda connection, changes: retry_for_now(
                connection, wanted, self._domains.__contains__, self.lanes, self._now(), undo, until, changes
            ),
            len(wanted),
        )

    async def change_schedule(self, task_id: int, domain: str, act: Act) -> bool:
        """Do something to the schedule of an occurrence, past or present; False where the domain has no such schedule."""

        def operation(connection: sqlite3.Connection, changes: Changes) -> bool:
            schedule = schedule_of(connection, task_id)
            if schedule is None or self.lanes.key(schedule.lane).domain != domain:
                return False
            return act(connection, schedule, self._now(), changes)

        return await self.change(operation)

    async def clear_attention(self, history_ids: Sequence[int]) -> int:
        """Take failures off the list of those that want attention; answers how many were on it."""
        return await self.database.write(
            lambda connection: (
                connection.execute(
                    "UPDATE history SET attention = 0 WHERE attention = 1 AND task_id IN (SELECT value FROM json_each(?))",
                    (id_list(history_ids),),
                ).rowcount
            )
        )

    async def prune(self, keep: Keep, limit: int) -> Pruned:
        """Remove at most `limit` records from the history, the oldest first."""

        def operation(connection: sqlite3.Connection) -> tuple[Pruned, Changes]:
            changes = Changes()
            return prune(connection, keep, limit, changes), changes

        written = self.database.write(operation, on_commit=lambda result: self._on_changes(result[1]))
        return (await asyncio.shield(written))[0]

    async def tidy(self, step: Callable[[sqlite3.Connection], T], size: int) -> T:
        """Do a step of what is done behind the work, of about so many rows, and that changes nothing anybody is told of."""
        return await self.database.write(step, size=lambda: size)

    async def set_pause(self, pause: StoredPause) -> None:
        """Store a pause, instead of one of the same scope and name."""
        now = self._now()
        await self._change_clocks(lambda connection: set_pause(connection, pause, now))

    async def drop_pause(self, scope: str, name: str) -> None:
        """Forget a pause."""
        now = self._now()
        await self._change_clocks(lambda connection: drop_pause(connection, scope, name, now, self._domains))

    async def set_domains(self, domains: Collection[str]) -> None:
        """These are there from now on: what waits for others stands still, and its clock with it."""
        now = self._now()
        # Before it is written: a lane that is made by the same transaction, after this, must know.
        before, self._domains = self._domains, domains
        try:
            await self._change_clocks(lambda connection: clocks_by_domains(connection, now, domains))
        except BaseException:
            self._domains = before
            raise

    async def _change_clocks(self, operation: Callable[[sqlite3.Connection], Clocks]) -> None:
        def whole(connection: sqlite3.Connection) -> Clocks:
            self._clocks.clear()
            return operation(connection)

        await self.database.write(whole, on_commit=self.lanes.set_clocks)

    async def change(self, operation: Callable[[sqlite3.Connection, Changes], T], size: int = 1) -> T:
        """Write an operation of about `size` rows whose changes are told after the commit."""
        return await _answer(self._queue(operation, size))

    def _queue(
        self, operation: Callable[[sqlite3.Connection, Changes], T], size: int = 1
    ) -> asyncio.Future[tuple[T, Changes]]:
        def whole(connection: sqlite3.Connection) -> tuple[T, Changes]:
            changes = Changes()
            answer = operation(connection, changes)
            resubmit(connection, self._ids, self._now(), changes)
            changes.write_counters(connection)
            return answer, changes

        return self.database.write(
            whole, on_commit=lambda result: self._on_changes(result[1]), size=lambda: size
        )

    def _now(self) -> float:
        assert self._clock is not None
        return self._clock.time()

    def _seal_submitting(self, joint: Submitting) -> None:
        self._submitting = None
        self._on_submitting(joint.requests)

    def _seal_finishing(self) -> None:
        self._finishing = None


async def _answer(written: asyncio.Future[tuple[T, Changes]]) -> T:
    answer, _ = await asyncio.shield(written)
    return answer


def _check_synchronous(level: str) -> None:
    if level not in ("NORMAL", "FULL"):
        raise InvalidArgumentError("synchronous", f"{level!r} is not allowed", "Pass 'NORMAL' or 'FULL'.")
