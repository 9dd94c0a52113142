"""Keeps the last failures in the tray's menu: asked for when their number changes, and never on a timer."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.language import said
from app.models.domain_looks import task_name
from app.pages.refresher import Refresher
from app.pages.session_links import SessionLinks

if TYPE_CHECKING:
    from app.bridge.session import Session
    from app.system.tray import Tray
    from scheduler_core import TaskHistoryRecord

log = logging.getLogger(__name__)
_SHOWN = 3
_LEAST_MS = 1000


class TrayFailures(QObject):
    """Made for one session, closed with it. `chosen(TaskHistoryRecord)`: a person wants to see this failure."""

    chosen = Signal(object)

    def __init__(self, session: Session, tray: Tray, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._tray = tray
        self._count = -1
        self._listed: list[TaskHistoryRecord] = []
        self._links = SessionLinks()
        self._refresher = Refresher(self._ask, _LEAST_MS, self._on_error, self)
        for handle in session.scheduler.domains():
            self._links.core(handle.counts_changed, self._look)
        self._links.qt(session.commands.settled, self._look)
        self._links.qt(tray.failure_requested, self._on_requested)
        self._look()

    def close(self) -> None:
        """Stops listening. Idempotent."""
        self._links.undo()
        self._refresher.close()

    def _look(self, *_: object) -> None:
        count = self._session.scheduler.failure_count
        if count != self._count:
            self._count = count
            self._refresher.request()

    async def _ask(self) -> None:
        failures = await self._session.scheduler.failures(_SHOWN)
        if not self._refresher.is_closed:
            self._listed = failures
            self._tray.show_failures(
                [(task_name(one), said(one.last_error or "", one.domain)) for one in failures]
            )

    def _on_requested(self, number: int) -> None:
        if number < len(self._listed):
            self.chosen.emit(self._listed[number])

    def _on_error(self, error: Exception) -> None:
        # Whoever opens the page Failures is told; a menu that lacks three lines is no reason for a banner.
        log.warning("the tray does not know the last failures: %s", error)
