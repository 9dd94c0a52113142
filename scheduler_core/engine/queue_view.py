"""Answers what waits and runs, page by page: the states that people read, in terms of what is stored."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

from scheduler_core.engine.pauses import Pauses
from scheduler_core.model.task import TaskOrder, TaskRecord, TaskStatus
from scheduler_core.store.queue_pages import (
    Kind,
    Part,
    Place,
    Sought,
    ids_with_text,
    is_many,
    place_in,
    queue_page,
)
from scheduler_core.store.rows import SCHEDULE_PAUSED
from scheduler_core.store.task_store import TaskStore

_RUNNING, _READY, _LATER, _PAUSED, _PAUSED_LATER, _HELD, _WAITING, _BLOCKED = range(8)
"""The ranks of the order of dispatch."""


class QueueView:
    """Read-only. Nothing is counted, and no page is found by passing over those before it."""

    def __init__(
        self,
        store: TaskStore,
        pauses: Pauses,
        ready_at: Callable[[], Collection[tuple[int, int]]],
        shown: Callable[[TaskRecord], TaskRecord],
    ) -> None:
        """`ready_at` tells at which (stored lane, priority) tasks may be ready, `shown` how people read a record."""
        self._store = store
        self._pauses = pauses
        self._ready_at = ready_at
        self._shown = shown

    async def tasks(
        self,
        limit: int,
        after: TaskRecord | None,
        *,
        statuses: Sequence[TaskStatus] = (),
        domain: str | None = None,
        task_type: str | None = None,
        tags: Mapping[str, str] | None = None,
        text: str | None = None,
        order: TaskOrder = TaskOrder.DISPATCH,
    ) -> list[TaskRecord]:
        """Active tasks behind another, in order."""
        lanes = self._store.lanes
        is_any = domain is None and task_type is None
        wanted = lanes.ids(
            lambda key: (domain in (None, key.domain)) and (task_type in (None, key.task_type))
        )
        sought = Sought(
            parts=self._parts(wanted, frozenset(statuses)),
            ready_at=self._ready_at(),
            order=order,
            is_all=is_any and not statuses,
            tags=tags or None,
            text=text or None,
        )
        if text and not tags and (ids := await self._with_text(text)) is not None:
            sought = sought._replace(text=None, ids=ids)
        place = None if after is None else _place_of(after, order)
        found: list[TaskRecord] = []
        while True:  # in bounded steps: others ask, too
            step = partial(queue_page, lanes=lanes, sought=sought, after=place, limit=limit - len(found))
            page = await self._store.read(step)
            found += page.records
            if page.resume is None:
                return [self._shown(record) for record in found]
            place = page.resume

    async def _with_text(self, text: str) -> list[int] | None:
        """The tasks that have a text; None where so many do that the first of them are near."""
        found: list[int] = []
        at: int | None = 0
        while at is not None:  # in bounded steps, here too
            step = partial(ids_with_text, text=text, after=at)
            is_first = at == 0
            ids, at = await self._store.read(step)
            found += ids
            if at is not None and is_many(len(found), at_first=is_first):
                return None
        return found

    def _parts(self, wanted: Sequence[int], statuses: frozenset[TaskStatus]) -> list[Part]:
        key_of = self._store.lanes.key
        paused = [lane for lane in wanted if self._pauses.reasons(key_of(lane))]
        free = sorted(set(wanted) - set(paused))
        parts: tuple[tuple[TaskStatus, int, Kind, Sequence[int]], ...] = (
            (TaskStatus.RUNNING, _RUNNING, "running", wanted),
            (TaskStatus.PENDING, _READY, "ready", free),
            (TaskStatus.PENDING, _LATER, "later", free),
            (TaskStatus.PAUSED, _PAUSED, "ready", paused),
            (TaskStatus.PAUSED, _PAUSED_LATER, "later", paused),
            (TaskStatus.PAUSED, _HELD, "held", wanted),
            (TaskStatus.WAITING, _WAITING, "waiting", wanted),
            (TaskStatus.BLOCKED, _BLOCKED, "blocked", wanted),
        )
        return [
            Part(rank, kind, lanes)
            for status, rank, kind, lanes in parts
            if lanes and (not statuses or status in statuses)
        ]


def _place_of(record: TaskRecord, order: TaskOrder) -> Place:
    """Where a task stood when the record was made."""
    due = record.due_at
    rank, sort = _READY, 0.0
    if record.status is TaskStatus.PAUSED:
        rank = _PAUSED if due is None else _PAUSED_LATER
        rank = _HELD if SCHEDULE_PAUSED in record.pause_reasons else rank
    elif record.status is TaskStatus.PENDING:
        rank = _READY if due is None else _LATER
    else:
        ranks = {TaskStatus.RUNNING: _RUNNING, TaskStatus.WAITING: _WAITING, TaskStatus.BLOCKED: _BLOCKED}
        rank = ranks[record.status]
    if rank in (_READY, _PAUSED):
        sort = record.priority
    elif rank in (_LATER, _PAUSED_LATER) and due is not None:
        sort = due.timestamp()
    return place_in(order, rank, sort, record.id)
