"""Keeps what the inspector shows of one task as the scheduler has it, by events and signals; it has no clock of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QObject, Signal

from app.bridge.session import Session
from app.models.domain_looks import task_name
from app.models.inspection import Inspection, Neighbour
from app.models.task_row import TaskProgress
from app.pages.list_feed import ListFeed
from scheduler_core import (
    Explanation,
    Progress,
    SchedulerEvent,
    TaskEvent,
    TaskHistoryRecord,
    TaskRecord,
    TaskStatus,
    UnknownTaskError,
)

_LEAST_MS = 300
_MOST_NEIGHBOURS = 12


class InspectorFeed(ListFeed):
    """`changed(Inspection)` after each answer that is another one; `gone(int)`: nobody knows this task any more."""

    changed = Signal(object)
    progressed = Signal(object)
    gone = Signal(int)

    def __init__(self, session: Session, is_seen: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(session, is_seen, _LEAST_MS, parent)
        self._task_id: int | None = None
        self._shown: Inspection | None = None
        self._ended: dict[int, Neighbour] = {}
        scheduler = session.scheduler
        self.links.qt(session.events.tasks_changed, self._on_events)
        self.links.qt(session.events.domains_changed, self._on_change)
        # A limit of a group has no signal of its own: the intent says when it was carried out.
        self.links.qt(session.commands.settled, self._on_change)
        for signal in (
            scheduler.paused_changed,
            scheduler.max_concurrency_changed,
            scheduler.pressure_changed,
        ):
            self.links.core(signal, self._on_change)
        for handle in scheduler.domains():
            for signal in (handle.paused_changed, handle.max_concurrency_changed, handle.counts_changed):
                self.links.core(signal, self._on_change)

    @property
    def task_id(self) -> int | None:
        """The task that is followed."""
        return self._task_id

    def follow(self, task_id: int | None) -> None:
        """Another task, or none."""
        if task_id == self._task_id:
            return
        self._task_id = task_id
        self._shown = None
        self._ended.clear()
        self.wake()

    def wake(self) -> None:
        """The inspector can be seen now: what happened meanwhile is made up for."""
        if self.is_seen() and self._task_id is not None:
            self.refresher.hurry()

    def thing(self) -> str:
        """What is asked for."""
        return self.tr("Task {0}").format(self._task_id)

    def _on_events(self, events: Sequence[SchedulerEvent]) -> None:
        mine = [event for event in events if isinstance(event, TaskEvent) and event.task_id == self._task_id]
        if not mine or not self.is_seen():
            return
        if self._shown is not None and all(isinstance(event, Progress) for event in mine):
            progress = self._shown.progress or TaskProgress()
            for event in mine:
                if isinstance(event, Progress):
                    progress = progress.reported(event)
            self._shown = self._shown.with_progress(progress)
            self.progressed.emit(progress)
        self.refresher.request()

    def _on_change(self, *_: object) -> None:
        """Something that gates look at, or that the task does, may be another now."""
        is_over = self._shown is not None and self._shown.is_over
        if self._task_id is not None and not is_over and self.is_seen():
            self.refresher.request()

    async def ask(self) -> None:
        """All that is known of the task now."""
        task_id = self._task_id
        if task_id is None or not self.is_seen():
            return
        shown = await self._look(task_id)
        if self.refresher.is_closed or task_id != self._task_id:
            return
        if shown is None:
            self._shown = None
            self.gone.emit(task_id)
        else:
            self._shown = shown
            self.changed.emit(shown)
        self.loaded.emit()

    async def _look(self, task_id: int) -> Inspection | None:
        scheduler = self.session.scheduler
        active = await scheduler.task(task_id)
        if active is None:
            ended = await scheduler.ended_task(task_id)
            if ended is not None:
                return await self._with_neighbours(Inspection(ended, ended.attempts))
            return self._set_aside(task_id)
        attempts = await scheduler.attempts(task_id) if active.last_error is not None else ()
        shown = Inspection(
            active, attempts, await self._explanation(active), progress=await self._progress(active)
        )
        return await self._with_neighbours(shown)

    def _set_aside(self, task_id: int) -> Inspection | None:
        """A task that was cancelled, which can still be undone: nobody but who saw it before knows it meanwhile."""
        before = self._shown
        if (
            before is None
            or before.is_over
            or before.record.id != task_id
            or not self.session.scheduler.undos
        ):
            return None
        return Inspection(
            before.record.evolve(status=TaskStatus.CANCELLED), before.attempts, None, None, before.needs
        )

    async def _explanation(self, record: TaskRecord) -> Explanation | None:
        if record.status is TaskStatus.RUNNING:
            return None
        try:
            return await self.session.scheduler.explain(record.id)
        except UnknownTaskError:  # it has ended since
            self.refresher.request()
            return None

    async def _progress(self, record: TaskRecord) -> TaskProgress | None:
        if record.status is not TaskStatus.RUNNING:
            return None
        progress = (self._shown.progress if self._shown is not None else None) or TaskProgress()
        snapshot = await self.session.scheduler.snapshot()
        for estimate in snapshot.progress:
            if estimate.task_id == record.id:
                progress = progress.estimated(estimate)
        for moved in snapshot.byte_progress:
            if moved.task_id == record.id:
                progress = progress.moved(moved)
        return progress

    async def _with_neighbours(self, shown: Inspection) -> Inspection:
        record = shown.record
        dependents = [] if shown.is_over else await self.session.scheduler.task_dependents(record.id)
        parent = None if record.parent_id is None else (await self._neighbours([record.parent_id]))[0]
        return Inspection(
            record,
            shown.attempts,
            shown.explanation,
            shown.progress,
            await self._neighbours(record.dependencies),
            await self._neighbours(dependents),
            parent,
        )

    async def _neighbours(self, ids: Iterable[int]) -> tuple[Neighbour, ...]:
        """The first of them by their labels; the others by their ids alone, to be counted."""
        listed = list(ids)
        found = await asyncio.gather(*(self._neighbour(task_id) for task_id in listed[:_MOST_NEIGHBOURS]))
        return (*found, *(Neighbour(task_id) for task_id in listed[_MOST_NEIGHBOURS:]))

    async def _neighbour(self, task_id: int) -> Neighbour:
        if (known := self._ended.get(task_id)) is not None:
            return known
        scheduler = self.session.scheduler
        record: TaskRecord | TaskHistoryRecord | None = await scheduler.task(task_id)
        if record is not None:
            return Neighbour(task_id, task_name(record), record.status)
        record = await scheduler.ended_task(task_id)
        one = Neighbour(task_id) if record is None else Neighbour(task_id, task_name(record), record.status)
        self._ended[task_id] = one
        return one
