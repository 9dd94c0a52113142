"""What people change about tasks that wait, each a transaction of however many tasks."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler_core.store import adjusting
from scheduler_core.store.adjusting import Adjustment
from scheduler_core.store.task_store import TaskStore


class Adjusting:
    """Priorities, times and what tasks are expected to move. Each answers which of `ids` it concerned, in order of ids."""

    def __init__(self, store: TaskStore) -> None:
        self._store = store

    async def set_priority(self, ids: Sequence[int], priority: int) -> list[int]:
        """Give active tasks this priority."""
        return await self._adjust(
            lambda connection, _, changes: adjusting.set_priority(connection, ids, priority, changes), ids
        )

    async def start_now(self, ids: Sequence[int]) -> list[int]:
        """What waits for its time is due."""
        return await self._adjust(
            lambda connection, now, changes: adjusting.start_now(connection, ids, now, changes), ids
        )

    async def ignore_io(self, ids: Sequence[int]) -> list[int]:
        """What waits is expected to move nothing."""
        store = self._store
        found = await store.read(lambda connection: adjusting.lanes_of(connection, ids))
        lanes = {lane: await store.lane(adjusting.without_io(store.lanes.key(lane))) for lane in found}
        return await self._adjust(
            lambda connection, _, changes: adjusting.ignore_io(connection, ids, lanes, changes), ids
        )

    async def _adjust(self, act: Adjustment, ids: Sequence[int]) -> list[int]:
        return await self._store.adjust(act, len(ids)) if ids else []
