"""The engine's side of an attempt, as a runner sees it: keeps what it is told, and lets a test wait for it."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime
from typing import Any

from scheduler_core.model.task import TaskRecord, TaskStatus


class RecordingLink:
    """A `RunLink`. `told` is everything in order: (method name, arguments)."""

    def __init__(self, label: str = "picture.jpg", attempt: int = 1) -> None:
        self.attempt = attempt
        self.is_cancelled = False
        self.record = TaskRecord(
            id=1,
            domain="process",
            task_type="process::thumbnail",
            key="key",
            label=label,
            priority=128,
            status=TaskStatus.RUNNING,
            payload={"name": label},
            created_at=datetime(2026, 1, 2, tzinfo=UTC),
        )
        self.told: list[tuple[str, tuple[Any, ...]]] = []
        self.threads: set[int] = set()
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()

    def progress(self, fraction: float, message: str | None) -> None:
        self._note("progress", fraction, message)

    def progress_count(self, done: int, total: int, message: str | None) -> None:
        self._note("progress_count", done, total, message)

    def set_bytes_total(self, total: int) -> None:
        self._note("set_bytes_total", total)

    def add_bytes(self, n: int) -> None:
        self._note("add_bytes", n)

    def record_io(self, disk_read: int = 0, disk_write: int = 0, net_rx: int = 0, net_tx: int = 0) -> None:
        self._note("record_io", disk_read, disk_write, net_rx, net_tx)

    def of(self, name: str) -> list[tuple[Any, ...]]:
        """The arguments of every call of `name`."""
        return [arguments for told, arguments in self.told if told == name]

    async def first(self, name: str) -> tuple[Any, ...]:
        """Wait for the first call of `name`; its arguments."""
        return (await self.wait_for(name, 1))[0]

    async def wait_for(self, name: str, count: int) -> list[tuple[Any, ...]]:
        """Wait until `name` has been called that often."""
        async with asyncio.timeout(20):
            while len(calls := self.of(name)) < count:
                self._news.clear()
                await self._news.wait()
        return calls

    def _note(self, name: str, *arguments: Any) -> None:
        self.told.append((name, arguments))
        self.threads.add(threading.get_ident())
        self._loop.call_soon_threadsafe(self._news.set)
