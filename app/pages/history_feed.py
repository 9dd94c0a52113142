"""Keeps a HistoryModel as the scheduler has it, asking only when something has ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from app.bridge.session import Session
from app.models.history_model import HistoryModel
from app.models.task_wish import TaskWish
from app.pages.window_feed import WindowFeed
from scheduler_core import Dispatched, Progress, SchedulerEvent, Submitted, TaskHistoryRecord

_NO_END = frozenset({Submitted, Dispatched, Progress})


class HistoryFeed(WindowFeed):
    """While nobody sees the list it only remembers that something ended."""

    def __init__(
        self,
        session: Session,
        model: HistoryModel,
        wish: TaskWish,
        is_seen: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(session, model, wish, is_seen, parent)
        self.links.qt(session.events.tasks_changed, self._on_events)
        self.wake()

    def thing(self) -> str:
        """What is asked for."""
        return self.tr("The history")

    async def question(self, limit: int, after: TaskHistoryRecord | None) -> Sequence[TaskHistoryRecord]:
        """What has ended and is wanted, the newest first."""
        return await self.session.scheduler.history(
            limit,
            before_id=None if after is None else after.id,
            since=self.wish.since(self.model.now()),
            **self.wish.options(),
        )

    def _on_events(self, events: Sequence[SchedulerEvent]) -> None:
        # Who is far down looks at what is there: nothing that has ended changes.
        if not self.model.is_slid and any(type(event) not in _NO_END for event in events):
            self.note_change()
