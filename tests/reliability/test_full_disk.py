"""A full disk: said in words, nothing is lost, and everything goes on once there is room."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar

import pytest

from scheduler_core import (
    Domain,
    DomainKey,
    Scheduler,
    SchedulerConfig,
    StoreError,
    StoreFullError,
    TaskContext,
    TaskStore,
    TypedTask,
)
from scheduler_core.testing import ManualClock, run_until_idle, until
from tests.reliability.books import active_tasks, check_books, history_by_label
from tests.reliability.small_disk import MakeDisk, SmallDisk, kinds_of_disk

TASKS = 40
BYTES = 10_000


class Press(DomainKey):
    """Prints."""

    name = "press"


class Print(TypedTask[Press]):
    """Waits for the word, then returns a memo that needs room."""

    task_type: ClassVar[str] = "print"
    number: int
    text: str = ""

    def display_label(self) -> str:
        return f"sheet {self.number}"


def _kinds() -> list[MakeDisk]:
    with tempfile.TemporaryDirectory() as folder:
        return kinds_of_disk(Path(folder))


@pytest.fixture(params=_kinds(), ids=lambda make: make.__name__)
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SmallDisk]:
    with request.param(tmp_path) as made:
        yield made


class Shop:
    """A scheduler on a small disk, and what it said about it."""

    def __init__(self, disk: SmallDisk) -> None:
        self.clock = ManualClock()
        self.word = asyncio.Event()
        self.path = disk.folder / "press.db"
        self.store = TaskStore(self.path)
        self.said: list[StoreError] = []
        domain = Domain(Press)

        @domain.executor(Print)
        async def print_sheet(task: Print, ctx: TaskContext) -> str:
            await self.word.wait()
            return "x" * BYTES

        config = SchedulerConfig(max_concurrency=TASKS)
        self.scheduler = Scheduler(self.store, [domain], clock=self.clock, config=config)
        self.scheduler.store_failed.connect(self.said.append)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Shop]:
        async with self.scheduler:
            yield self

    async def submit(self, first: int, count: int = TASKS, size: int = 0) -> None:
        numbers = range(first, first + count)
        await self.scheduler.domain(Press).submit_batch([Print(number=n, text="x" * size) for n in numbers])

    async def all_run(self) -> None:
        await until(lambda: self.scheduler.counts.running == TASKS)


def check_words(error: StoreError, path: Path) -> None:
    """The thing, the reason and the way out."""
    assert isinstance(error, StoreFullError)
    assert str(path) in error.thing
    assert "full" in error.reason
    assert "room" in error.remedy


def labels(first: int, count: int = TASKS) -> dict[str, list[str]]:
    return {f"sheet {n}": ["completed"] for n in range(first, first + count)}


async def test_what_cannot_be_submitted_is_refused_whole_and_the_rest_goes_on(disk: SmallDisk) -> None:
    shop = Shop(disk)
    async with shop.open():
        await shop.submit(0)
        await shop.all_run()
        await disk.fill(shop.store)
        before = shop.scheduler.counts
        with pytest.raises(StoreFullError) as caught:
            await shop.submit(1000, size=BYTES)
        check_words(caught.value, shop.path)
        assert shop.scheduler.counts == before
        await disk.free(shop.store)
        await shop.submit(1000, size=BYTES)
        shop.word.set()
        await run_until_idle(shop.scheduler, shop.clock)
    assert history_by_label(shop.path) == labels(0) | labels(1000)
    check_books(shop.path)


async def test_outcomes_are_kept_until_there_is_room(disk: SmallDisk) -> None:
    shop = Shop(disk)
    async with shop.open():
        await shop.submit(0)
        await shop.all_run()
        await disk.fill(shop.store)
        shop.word.set()
        await until(lambda: bool(shop.said))
        check_words(shop.said[0], shop.path)
        assert shop.scheduler.counts.completed < TASKS
        shop.clock.advance(60)
        await until(lambda: len(shop.said) > 1)
        await disk.free(shop.store)
        shop.clock.advance(60)
        await run_until_idle(shop.scheduler, shop.clock)
        assert shop.scheduler.counts.completed == TASKS
    assert history_by_label(shop.path) == labels(0)
    check_books(shop.path)


async def test_closed_while_the_disk_is_full_the_work_is_done_after_the_next_start(disk: SmallDisk) -> None:
    shop = Shop(disk)
    async with shop.open():
        await shop.submit(0)
        await shop.all_run()
        await disk.fill(shop.store)
        shop.word.set()
        await until(lambda: bool(shop.said))
    assert active_tasks(shop.path) > 0
    if (disk.folder / "filler").exists():
        await disk.free(shop.store)
    again = Shop(disk)
    again.word.set()
    async with again.open():
        assert again.scheduler.recovery.requeued > 0
        await run_until_idle(again.scheduler, again.clock)
    assert history_by_label(shop.path) == labels(0)
    check_books(shop.path)
