"""Finds failures over all pages of the store, not only those that a list has loaded."""

from __future__ import annotations

from scheduler_core import Scheduler, TaskHistoryRecord

_PAGE_SIZE = 200


async def find_failures(scheduler: Scheduler, tag: str, value: str) -> list[TaskHistoryRecord]:
    """All failures with that tag that want attention, newest first."""
    found: list[TaskHistoryRecord] = []
    before_id: int | None = None
    while True:
        page = await scheduler.failures(_PAGE_SIZE, before_id=before_id, tags={tag: value})
        found += page
        if len(page) < _PAGE_SIZE:
            return found
        before_id = page[-1].id
