"""Finds failures over all pages of the store, not only those that a list has loaded."""

from __future__ import annotations

from collections.abc import Callable

from scheduler_core import Scheduler, TaskHistoryRecord

_PAGE_SIZE = 200


async def find_failures(
    scheduler: Scheduler, is_wanted: Callable[[TaskHistoryRecord], bool]
) -> list[TaskHistoryRecord]:
    """All failures that want attention and are wanted, newest first."""
    found: list[TaskHistoryRecord] = []
    before_id: int | None = None
    while True:
        page = await scheduler.failures(_PAGE_SIZE, before_id=before_id)
        found += [record for record in page if is_wanted(record)]
        if len(page) < _PAGE_SIZE:
            return found
        before_id = page[-1].id
