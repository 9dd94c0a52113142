"""The two domains of the contract's examples, written as a user would who has read nothing else."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import HttpUrl

from scheduler_core import Domain, DomainKey, Scheduler, TaskContext, TypedTask
from tests.core.support import Script


class Ingest(DomainKey):
    name = "ingest"


class Process(DomainKey):
    name = "process"


class Fetch(TypedTask[Ingest]):
    """The contract's example: a url, and nothing else of its own."""

    task_type: ClassVar[str] = "fetch"
    url: HttpUrl = HttpUrl("https://example.org/a")


class Work(TypedTask[Ingest]):
    """Does what the script of the test says for its name."""

    task_type: ClassVar[str] = "work"
    name: str = "work"
    album: str | None = None

    def display_label(self) -> str | None:
        return self.name

    def default_tags(self) -> Mapping[str, str]:
        return {} if self.album is None else {"album": self.album}


class Sort(TypedTask[Ingest]):
    """Another type of the same domain; its executor has `finalize` and `on_cancel`."""

    task_type: ClassVar[str] = "sort"
    name: str = "sort"

    def display_label(self) -> str | None:
        return self.name


class Thumb(TypedTask[Process]):
    """A type of the other domain."""

    task_type: ClassVar[str] = "thumb"
    name: str = "thumb"

    def display_label(self) -> str | None:
        return self.name


class SortExecutor:
    """An object with all that an executor may have; what it was called with is kept."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self.finalized: list[tuple[str, object]] = []
        self.cancelled: list[str] = []

    async def execute(self, task: Sort, ctx: TaskContext) -> object:
        return await self._script.execute(task, ctx)

    async def finalize(self, task: Sort, memo: object, ctx: TaskContext) -> None:
        self.finalized.append((task.name, memo))

    async def on_cancel(self, task: Sort, ctx: TaskContext) -> None:
        self.cancelled.append(task.name)


def ingest(script: Script, sorter: SortExecutor | None = None, **options: Any) -> Domain[Ingest]:
    """Domain ingest, with executors for all its types but `Fetch`."""
    domain = Domain(Ingest, **options)
    domain.executor(Work)(script.execute)
    domain.register(Sort, sorter or SortExecutor(script))
    return domain


def process(script: Script, **options: Any) -> Domain[Process]:
    """Domain process."""
    domain = Domain(Process, **options)
    domain.executor(Thumb)(script.execute)
    return domain


async def status(scheduler: Scheduler, task_id: int | None) -> str:
    """The status of a task, active or ended."""
    assert task_id is not None
    for record in await scheduler.history(limit=1_000):
        if record.id == task_id:
            return str(record.status)
    record = await scheduler.task(task_id)
    assert record is not None
    return str(record.status)


def which_process(task: Thumb, ctx: TaskContext) -> str:
    """For a worker process, which imports it: says where it ran."""
    return f"{os.getpid()}:{threading.current_thread().name}"
