"""A scheduler process that does real work until it is killed, and says on its output what it has done.

`python mill.py DATABASE OUTPUT RUN`: submits the work of this run (`RUN` 0: none), then works until nothing is left.
Each line is one word and what it is about: `stored RUN`, `did LABEL`, `idle`.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import ClassVar

from scheduler_core import (
    Domain,
    DomainKey,
    RetryableError,
    Scheduler,
    SchedulerConfig,
    TaskContext,
    TypedTask,
)

GRAINS = 60
SACKS = 6


class Mill(DomainKey):
    """Grinds."""

    name = "mill"


class Store(DomainKey):
    """Keeps what was ground."""

    name = "store"


class Grind(TypedTask[Mill]):
    """Writes its label into a file. Every fifth fails at its first attempt."""

    task_type: ClassVar[str] = "grind"
    run: int
    number: int

    def display_label(self) -> str:
        return f"grind-{self.run}-{self.number}"


class Weigh(TypedTask[Store]):
    """Depends on a grind in the other domain, and runs in a thread."""

    task_type: ClassVar[str] = "weigh"
    run: int
    number: int

    def display_label(self) -> str:
        return f"weigh-{self.run}-{self.number}"


class Fill(TypedTask[Store]):
    """Has three children and is finalized after them."""

    task_type: ClassVar[str] = "fill"
    run: int
    number: int

    def display_label(self) -> str:
        return f"fill-{self.run}-{self.number}"


class Sew(TypedTask[Store]):
    """A child of `Fill`."""

    task_type: ClassVar[str] = "sew"
    run: int
    number: int
    side: int

    def display_label(self) -> str:
        return f"sew-{self.run}-{self.number}-{self.side}"


def say(line: str) -> None:
    """One line, written at once and whole, from any thread."""
    os.write(1, f"{line}\n".encode())


def submitted_labels(run: int) -> set[str]:
    """The labels of what a run submits itself."""
    return {
        *(f"grind-{run}-{number}" for number in range(GRAINS)),
        *(f"weigh-{run}-{number}" for number in range(GRAINS)),
        *(f"fill-{run}-{number}" for number in range(SACKS)),
    }


def child_labels(run: int) -> set[str]:
    """The labels of the children of a run's tasks."""
    return {f"sew-{run}-{number}-{side}" for number in range(SACKS) for side in range(3)}


class FillExecutor:
    """Spawns, and notes its name when all children are done."""

    def __init__(self, output: Path) -> None:
        self._output = output

    async def execute(self, task: Fill, ctx: TaskContext) -> None:
        await ctx.spawn_children([Sew(run=task.run, number=task.number, side=side) for side in range(3)])

    async def finalize(self, task: Fill, memo: object, ctx: TaskContext) -> None:
        _write(self._output, ctx.record.label)


def domains(output: Path) -> list[Domain]:
    """Both domains; their tasks leave a file with their label in `output`."""
    mill = Domain(Mill, max_concurrency=6)
    store = Domain(Store, default_tags={"room": "cellar"})

    @mill.executor(Grind)
    async def grind(task: Grind, ctx: TaskContext) -> None:
        if task.number % 5 == 0 and ctx.attempt == 1:
            raise RetryableError("the stones jam")
        await asyncio.sleep(0)
        _write(output, ctx.record.label)

    @store.executor(Weigh)
    def weigh(task: Weigh, ctx: TaskContext) -> None:
        assert (output / f"grind-{task.run}-{task.number}").exists()
        _write(output, ctx.record.label)

    store.register(Fill, FillExecutor(output))

    @store.executor(Sew)
    async def sew(task: Sew, ctx: TaskContext) -> None:
        _write(output, ctx.record.label)

    return [mill, store]


def _write(output: Path, label: str) -> None:
    (output / label).write_text(label)
    say(f"did {label}")


async def submit(scheduler: Scheduler, run: int) -> None:
    """Submits the work of a run; what `stored RUN` says is committed."""
    tags = {"job_id": f"run-{run}"}
    mill, store = scheduler.domain(Mill), scheduler.domain(Store)
    await store.submit_batch([Fill(run=run, number=number) for number in range(SACKS)], tags=tags)
    ground = await mill.submit_batch([Grind(run=run, number=number) for number in range(GRAINS)], tags=tags)
    await asyncio.gather(
        *(
            store.submit(Weigh(run=run, number=number), depends_on=[one.id], tags=tags)
            for number, one in enumerate(ground)
            if one.id is not None
        )
    )
    say(f"stored {run}")


async def work(database: Path, output: Path, run: int) -> None:
    """One life of the process."""
    config = SchedulerConfig(max_concurrency=12)
    async with Scheduler(store=database, domains=domains(output), config=config) as scheduler:
        if run:
            await submit(scheduler, run)
        await scheduler.wait_idle()
        say("idle")


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
