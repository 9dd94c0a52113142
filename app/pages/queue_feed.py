"""Keeps a QueueModel as the scheduler has it: what runs from memory, what waits page by page from the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

from PySide6.QtCore import QObject

from app.bridge.session import Session
from app.models.domain_looks import Looks
from app.models.queue_model import QueueModel
from app.models.task_wish import TaskWish
from app.models.tasks_model import TasksModel
from app.pages.running_feed import RunningFeed
from app.pages.window_feed import WindowFeed
from scheduler_core import (
    ByteProgress,
    Cancelled,
    Completed,
    DeadLettered,
    DependencyFailed,
    EstimatedProgress,
    Expired,
    Progress,
    SchedulerEvent,
    Superseded,
    TaskRecord,
    TaskStatus,
)

_ENDS = (Cancelled, Completed, DeadLettered, DependencyFailed, Expired, Superseded)
_WAITING = (TaskStatus.PENDING, TaskStatus.PAUSED, TaskStatus.WAITING, TaskStatus.BLOCKED)


class QueueFeed(WindowFeed):
    """While nobody sees the list it does nothing at all."""

    def __init__(
        self,
        session: Session,
        model: QueueModel,
        wish: TaskWish,
        is_seen: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(session, model, wish, is_seen, parent)
        self._queue = model
        part = _RunningPart(model, lambda record: self.wish.accepts_running(record))
        # First, so that the other list knows whether this one will ask.
        self.links.qt(session.events.tasks_changed, self._on_events)
        for handle in session.scheduler.domains():
            self.links.core(handle.counts_changed, lambda _counts: self.note_change())
        self._running = RunningFeed(
            session, cast("TasksModel", part), is_seen, self, is_synced=lambda: not self.refresher.is_idle
        )
        self.links.qt(session.events.domains_changed, self.note_change)
        self.wake()

    @property
    def is_idle(self) -> bool:
        """Is nothing asked, and nothing to be asked?"""
        return super().is_idle and self._running.is_idle

    @property
    def is_ticking(self) -> bool:
        """Does a timer run?"""
        return self._running.is_ticking

    def thing(self) -> str:
        """What is asked for."""
        return self.tr("The queue")

    def set_wish(self, wish: TaskWish) -> None:
        """A person wants to see other tasks."""
        super().set_wish(wish)
        self._show_running()

    def wake(self) -> None:
        """The list can be seen now: what happened meanwhile is made up for."""
        super().wake()
        self._running.wake()

    def sleep(self) -> None:
        """Nobody sees the list, and nobody tells it of new tasks: it asks again when it is seen."""
        super().sleep()
        self._is_stale = True
        self._running.sleep()

    def close(self) -> None:
        """Stops listening. Idempotent."""
        self._running.close()
        super().close()

    async def question(self, limit: int, after: TaskRecord | None) -> Sequence[TaskRecord]:
        """What waits and is wanted."""
        options: dict[str, Any] = self.wish.options()
        wanted = options["status"] or _WAITING
        options["status"] = [status for status in _WAITING if status in wanted]
        if not options["status"]:
            return ()
        return await self.session.scheduler.tasks(limit, after, order=self.wish.order, **options)

    async def all_of(self, limit: int, after: TaskRecord | None) -> Sequence[TaskRecord]:
        """What runs or waits and is wanted."""
        return await self.session.scheduler.tasks(limit, after, order=self.wish.order, **self.wish.options())

    def before_shown(self) -> None:
        """What runs and what waits change together: a task that started is in one picture only."""
        self._running.sync()

    def _on_events(self, events: Sequence[SchedulerEvent]) -> None:
        if any(type(event) is not Progress for event in events):
            self.note_change()

    def _show_running(self) -> None:
        if not self.refresher.is_closed:
            records = self.session.scheduler.active_tasks()
            self._queue.show_running([record for record in records if self.wish.accepts_running(record)])


class _RunningPart:
    """The head of a queue, as a RunningFeed fills it: only what is wanted."""

    def __init__(self, model: QueueModel, accepts: Callable[[TaskRecord], bool]) -> None:
        self._model = model
        self._accepts = accepts
        self._ended: set[int] = set()

    def set_looks(self, looks: Looks) -> None:
        self._model.set_looks(looks)

    def apply_progress(self, events: Iterable[SchedulerEvent]) -> bool:
        told = list(events)
        self._ended |= {event.task_id for event in told if isinstance(event, _ENDS)}
        return self._model.apply_progress(told)

    def show_running(self, records: Sequence[TaskRecord]) -> None:
        ended, self._ended = self._ended, set()
        self._model.show_running([record for record in records if self._accepts(record)], ended)

    def apply_estimates(self, progress: Iterable[EstimatedProgress], moved: Iterable[ByteProgress]) -> None:
        self._model.apply_estimates(progress, moved)

    def tick(self) -> None:
        self._model.tick()

    def rowCount(self) -> int:
        return self._model.head
