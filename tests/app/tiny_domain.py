"""A real domain with tasks that do nothing, wait for a word, or fail."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import ClassVar

from scheduler_core import Domain, DomainKey, PermanentError, TaskContext, TypedTask


class Tiny(DomainKey):
    name = "tiny"


class Nothing(TypedTask[Tiny]):
    """Does nothing; `number` makes each one different."""

    task_type: ClassVar[str] = "nothing"
    number: int


class Wait(TypedTask[Tiny]):
    """Runs until the gate opens."""

    task_type: ClassVar[str] = "wait"
    number: int = 0


class Fail(TypedTask[Tiny]):
    """Fails for good."""

    task_type: ClassVar[str] = "fail"
    number: int = 0


class Moody(TypedTask[Tiny]):
    """Fails for good with what its mood says, if it says anything."""

    task_type: ClassVar[str] = "moody"
    number: int = 0


@dataclass
class Mood:
    """What moody tasks fail with; {0} in it is their number. None: they work."""

    error: str | None = None


def tiny_domain(gate: asyncio.Event | None = None, mood: Mood | None = None) -> Domain:
    """The domain; `Wait` tasks wait for `gate` (for ever without one)."""
    domain = Domain(Tiny, max_concurrency=8)
    opened = gate or asyncio.Event()

    @domain.executor(Nothing)
    async def nothing(task: Nothing, ctx: TaskContext) -> None:
        pass

    @domain.executor(Wait)
    async def wait(task: Wait, ctx: TaskContext) -> None:
        await opened.wait()

    @domain.executor(Fail)
    async def fail(task: Fail, ctx: TaskContext) -> None:
        raise PermanentError(f"number {task.number} is bad")

    @domain.executor(Moody)
    async def moody(task: Moody, ctx: TaskContext) -> None:
        if mood is not None and mood.error is not None:
            raise PermanentError(mood.error.format(task.number))

    return domain
