"""Two domains whose tasks do what a test tells them, by name: fail so often, wait until released, or call a function."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, ClassVar

from scheduler_core import (
    Domain,
    DomainKey,
    RetryPolicy,
    Scheduler,
    TaskContext,
    TaskHistoryRecord,
    TypedTask,
)

Action = Callable[[Any, TaskContext], Awaitable[object]]


class Alpha(DomainKey):
    name = "alpha"


class Beta(DomainKey):
    name = "beta"


class Job(TypedTask[Alpha]):
    """Runs as the script says; `name` is its label and, with `n`, its identity."""

    task_type: ClassVar[str] = "job"
    name: str = "job"
    n: int = 0

    def display_label(self) -> str:
        return self.name


class Chore(TypedTask[Alpha]):
    """Another type of the same domain."""

    task_type: ClassVar[str] = "chore"
    name: str = "chore"
    n: int = 0

    def display_label(self) -> str:
        return self.name


class Errand(TypedTask[Beta]):
    """A type of the other domain."""

    task_type: ClassVar[str] = "errand"
    name: str = "errand"
    n: int = 0

    def display_label(self) -> str:
        return self.name


class Family(TypedTask[Alpha]):
    """A type with `finalize`."""

    task_type: ClassVar[str] = "family"
    name: str = "family"

    def display_label(self) -> str:
        return self.name


class Script:
    """What the tasks of a test do, and what they did. `started`, `ended` and `finalized` are names in order."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.ended: list[str] = []
        self.finalized: list[tuple[str, object]] = []
        self.running = 0
        self.most_running = 0
        self.cancelled: list[str] = []
        self._failures: dict[str, list[BaseException]] = {}
        self._gates: dict[str, asyncio.Event] = {}
        self._actions: dict[str, Action] = {}

    def fails(self, name: str, *errors: BaseException) -> None:
        """The attempts of tasks of this name raise these, one each, then succeed."""
        self._failures[name] = list(errors)

    def holds(self, *names: str) -> None:
        """Tasks of these names wait until `release`."""
        for name in names:
            self._gates[name] = asyncio.Event()

    def release(self, *names: str) -> None:
        """Let tasks of these names go on, and all that come."""
        for name in names:
            self._gates[name].set()

    def does(self, name: str, action: Action) -> None:
        """Tasks of this name await `action(task, ctx)` and return what it returns."""
        self._actions[name] = action

    async def execute(self, task: Any, ctx: TaskContext) -> object:
        """The executor."""
        self.started.append(task.name)
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            if task.name in self._gates:
                await self._gates[task.name].wait()
            if self._failures.get(task.name):
                raise self._failures[task.name].pop(0)
            if task.name in self._actions:
                return await self._actions[task.name](task, ctx)
            return None
        except asyncio.CancelledError:
            self.cancelled.append(task.name)
            raise
        finally:
            self.running -= 1
            self.ended.append(task.name)


class FamilyExecutor:
    """Runs as the script says, and notes its memo in `finalize`."""

    def __init__(self, script: Script) -> None:
        self._script = script

    async def execute(self, task: Family, ctx: TaskContext) -> object:
        return await self._script.execute(task, ctx)

    async def finalize(self, task: Family, memo: object, ctx: TaskContext) -> None:
        self._script.finalized.append((task.name, memo))


def alpha(script: Script, **options: Any) -> Domain[Alpha]:
    """Domain alpha: jobs, chores and families, all on the script."""
    domain = Domain(Alpha, **options)
    domain.executor(Job)(script.execute)
    domain.executor(Chore)(script.execute)
    domain.register(Family, FamilyExecutor(script))
    return domain


def beta(script: Script, **options: Any) -> Domain[Beta]:
    """Domain beta: errands."""
    domain = Domain(Beta, **options)
    domain.executor(Errand)(script.execute)
    return domain


def jobs(count: int, prefix: str = "job") -> list[Job]:
    """So many jobs, numbered from 0."""
    return [Job(name=f"{prefix}-{n}", n=n) for n in range(count)]


async def ended(scheduler: Scheduler) -> dict[str, str]:
    """How each task ended: status by label. The last one of a label wins."""
    records = await scheduler.history(limit=1_000_000)
    return {record.label: str(record.status) for record in reversed(records)}


async def record_of(scheduler: Scheduler, label: str) -> TaskHistoryRecord:
    """The newest history record of a label."""
    found = [record for record in await scheduler.history(limit=1_000_000) if record.label == label]
    assert found, f"{label} has not ended"
    return found[0]


def labels(records: Iterable[Any]) -> list[str]:
    """The labels of records, in their order."""
    return [record.label for record in records]


NO_RETRY = RetryPolicy.constant(0)
