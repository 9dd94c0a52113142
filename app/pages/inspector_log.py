"""Keeps the log of the inspected task as it is, while somebody looks at it; otherwise nobody is even told of a line."""

from __future__ import annotations

import contextlib
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from app.bridge.session import Session
from app.models.log_text import log_copy, log_text
from app.pages.list_feed import ListFeed
from app.task_logs import MOST_LINES, LogLine, TaskLogs
from app.widgets.log_section import LogSection

_LEAST_MS = 250


class InspectorLog(ListFeed):
    """Fills the section at most four times a second, however much is logged."""

    _told = Signal()

    def __init__(
        self, session: Session, logs: TaskLogs, section: LogSection, parent: QObject | None = None
    ) -> None:
        super().__init__(session, lambda: section.is_open and section.isVisible(), _LEAST_MS, parent)
        self._logs = logs
        self._section = section
        self._task: tuple[int, datetime] | None = None
        self._watched: int | None = None
        self._older: tuple[LogLine, ...] | None = None
        self._is_told = False
        self._told.connect(self.refresher.request)
        self.links.qt(section.toggled, self._on_toggled)

    def follow(self, task_id: int | None, since: datetime | None = None) -> None:
        """Another task, made at `since`, or none."""
        task = None if task_id is None or since is None else (task_id, since)
        if task == self._task:
            return
        self.sleep()
        self._task, self._older = task, None
        self._section.show_log("", "", is_known=False)
        self.wake()

    def wake(self) -> None:
        """The log can be seen now."""
        if self._task is not None and self.is_seen():
            self._watched = self._task[0]
            self._logs.watch(self._watched, self._on_line)
            self.refresher.hurry()

    def sleep(self) -> None:
        """Nobody sees it."""
        if self._watched is not None:
            self._logs.unwatch(self._watched)
        self._watched = None
        self._is_told = False

    def thing(self) -> str:
        """What is asked for."""
        return self.tr("Log of the task")

    async def ask(self) -> None:
        """What the files have, once; and what is in memory."""
        task = self._task
        if task is None or not self.is_seen():
            return
        self._is_told = False
        if self._older is None:
            older = await self._logs.older(*task)
            if self.refresher.is_closed or task != self._task:
                return
            self._older = older
        lines = (*self._older, *self._logs.kept(task[0]))[-MOST_LINES:]
        today = datetime.now().astimezone().date()
        self._section.show_log(log_text(lines, today), log_copy(lines))
        self.loaded.emit()

    def _on_toggled(self, is_open: bool) -> None:
        if is_open:
            self.wake()
        else:
            self.sleep()

    def _on_line(self) -> None:
        """On any thread."""
        if not self._is_told:
            self._is_told = True
            with contextlib.suppress(RuntimeError):  # the window has just gone
                self._told.emit()
