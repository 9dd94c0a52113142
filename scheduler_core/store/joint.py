"""Operations that many join until their transaction begins: one for all who submit, one for all outcomes."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from scheduler_core.model.task import SubmitOutcome
from scheduler_core.store.changes import Changes
from scheduler_core.store.finish import Outcome, finish
from scheduler_core.store.submit import Answer, Request, resubmit, submit
from scheduler_core.store.waiting import LaneClock


class Submitting:
    """The submit operation that is open for joining until its transaction begins."""

    def __init__(
        self, ids: itertools.count[int], now: Callable[[], float], clocks: dict[int, LaneClock]
    ) -> None:
        """`clocks` are those of lanes that the database's thread has read already."""
        self._clocks = clocks
        self.requests: list[Request] = []
        self._callers: list[asyncio.Future[list[SubmitOutcome]]] = []
        self._ids = ids
        self._now = now

    def add(self, request: Request) -> asyncio.Future[list[SubmitOutcome]]:
        """Join; returns what will hold the answer. Cancelling it changes nothing for anybody."""
        caller: asyncio.Future[list[SubmitOutcome]] = asyncio.get_running_loop().create_future()
        self.requests.append(request)
        self._callers.append(caller)
        return caller

    def size(self) -> int:
        """How many tasks are submitted."""
        return sum(len(request.ids) for request in self.requests)

    def answer(self, answers: Sequence[Answer]) -> None:
        """It is committed: tell everybody."""
        for caller, answer in zip(self._callers, answers, strict=True):
            if caller.done():
                continue
            if answer.error is None:
                caller.set_result(answer.outcomes)
            else:
                caller.set_exception(answer.error)

    def fail(self, written: asyncio.Future[Any]) -> None:
        """If it could not be written, tell everybody why."""
        error = None if written.cancelled() else written.exception()
        for caller in self._callers:
            if error is not None and not caller.done():
                caller.set_exception(error)

    def __call__(self, connection: sqlite3.Connection) -> tuple[list[Answer], Changes]:
        changes = Changes()
        answers = submit(connection, self.requests, self._now(), changes, self._clocks)
        resubmit(connection, self._ids, self._now(), changes)
        changes.write_counters(connection)
        return answers, changes


class Finishing:
    """The finish operation that is open for joining until its transaction begins."""

    def __init__(self, ids: itertools.count[int], now: Callable[[], float]) -> None:
        self.done: asyncio.Future[Changes]
        self.outcomes: list[Outcome] = []
        self._ids = ids
        self._now = now

    def __call__(self, connection: sqlite3.Connection) -> Changes:
        changes = Changes(outcomes=len(self.outcomes))
        finish(connection, self.outcomes, changes)
        resubmit(connection, self._ids, self._now(), changes)
        changes.write_counters(connection)
        return changes
