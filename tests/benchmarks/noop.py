"""The cheapest work there is: what remains is the scheduler's own cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from scheduler_core import Domain, DomainKey, TaskContext, TypedTask


class Noop(DomainKey):
    """The domain of tasks that do nothing."""

    name = "noop"


class Nothing(TypedTask[Noop]):
    """Does nothing; `number` makes each one different."""

    task_type: ClassVar[str] = "nothing"
    number: int


class Tagged(TypedTask[Noop]):
    """Does nothing, as part of a job and in one of two groups of tags, like real plugins' tasks."""

    task_type: ClassVar[str] = "tagged"
    number: int

    def default_tags(self) -> Mapping[str, str]:
        return {"job_id": "bench", "kind": "odd" if self.number % 2 else "even"}


def noop_domain(on_start: Callable[[], None] | None = None) -> Domain:
    """The domain, without a cap of its own. `on_start` is called as each of its plain tasks starts."""
    domain = Domain(Noop)

    if on_start is None:

        @domain.executor(Nothing)
        async def nothing(task: Nothing, ctx: TaskContext) -> None:
            pass

    else:

        @domain.executor(Nothing)
        async def told(task: Nothing, ctx: TaskContext) -> None:
            on_start()

    @domain.executor(Tagged)
    async def tagged(task: Tagged, ctx: TaskContext) -> None:
        pass

    return domain
