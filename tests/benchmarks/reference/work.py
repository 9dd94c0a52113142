"""What the workloads give the scheduler to do: nothing, something that fails, and something that reports its bytes."""

from __future__ import annotations

from typing import ClassVar

from scheduler_core import Domain, DomainKey, PermanentError, TaskContext, TypedTask

CHUNKS = 1_024
CHUNK_BYTES = 1_024


class Bench(DomainKey):
    """The domain of all of them."""

    name = "bench"


class Nothing(TypedTask[Bench]):
    """Does nothing; `number` makes each one different."""

    task_type: ClassVar[str] = "nothing"
    number: int


class Failing(TypedTask[Bench]):
    """Fails for good."""

    task_type: ClassVar[str] = "failing"
    number: int


class Chunked(TypedTask[Bench]):
    """Reports a mebibyte, in so many chunks."""

    task_type: ClassVar[str] = "chunked"
    number: int


def bench_domain() -> Domain[Bench]:
    """The domain, without a cap of its own."""
    domain = Domain(Bench)

    @domain.executor(Nothing)
    async def nothing(task: Nothing, ctx: TaskContext) -> None:
        pass

    @domain.executor(Failing)
    async def failing(task: Failing, ctx: TaskContext) -> None:
        raise PermanentError("as the benchmark wants it")

    @domain.executor(Chunked)
    async def chunked(task: Chunked, ctx: TaskContext) -> None:
        ctx.set_bytes_total(CHUNKS * CHUNK_BYTES)
        for _ in range(CHUNKS):
            ctx.add_bytes(CHUNK_BYTES)

    return domain
