"""The inspector: the task that is selected on any page, followed live until it has ended and beyond."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication

from app.models.domain_looks import domain_looks
from app.models.gate_settings import Held, setting_of
from app.models.inspection import Inspection
from app.widgets.inspector_panel import InspectorPanel

if TYPE_CHECKING:
    from app.bridge.lifts import Lifts
    from app.bridge.session import Session
    from app.models.domain_looks import Looks
    from app.pages.inspector_feed import InspectorFeed
    from app.pages.inspector_log import InspectorLog
    from scheduler_core import GateResult, Lift, TaskHistoryRecord, TaskRecord


class Inspector(QObject):
    """Empty until it is attached. `panel` is what is seen of it."""

    def __init__(
        self, parent: QObject | None = None, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._session: Session | None = None
        self._feed: InspectorFeed | None = None
        self._log: InspectorLog | None = None
        self._lifts: Lifts | None = None
        self._looks: Looks = {}
        self._shown: Inspection | None = None
        self.panel = InspectorPanel()
        self.panel.task_requested.connect(self.go_to)
        self.panel.copied.connect(self._on_copied)
        self.panel.cancel_requested.connect(self._on_cancel)
        self.panel.retry_requested.connect(self._on_retry)
        self.panel.why.lift_requested.connect(self._on_lift)
        self.panel.why.setting_requested.connect(self._on_setting)
        self.panel.installEventFilter(self)

    @property
    def task_id(self) -> int | None:
        """The task that is shown."""
        return None if self._feed is None else self._feed.task_id

    @property
    def is_idle(self) -> bool:
        """Is nothing asked, and nothing to be asked?"""
        feeds = (self._feed, self._log)
        return all(feed is None or feed.is_idle for feed in feeds)

    def attach(self, session: Session) -> None:
        """Follows the tasks of a session."""
        from app.bridge.lifts import Lifts
        from app.pages.inspector_feed import InspectorFeed
        from app.pages.inspector_log import InspectorLog

        self.detach()
        self._session = session
        self._looks = domain_looks(session.plugins)
        self._lifts = Lifts(session)
        self._feed = InspectorFeed(session, self.panel.isVisible, self)
        self._feed.changed.connect(self._on_changed)
        self._feed.progressed.connect(lambda progress: self.panel.show_progress(progress, self._now()))
        self._feed.gone.connect(self._on_gone)
        if session.logs is not None:
            self._log = InspectorLog(session, session.logs, self.panel.log, self)
        self.panel.log.setVisible(self._log is not None)

    def detach(self) -> None:
        """Lets the session go and shows nothing. Idempotent."""
        if self._feed is not None:
            self._feed.close()
            self._feed.deleteLater()
        if self._log is not None:
            self._log.close()
            self._log.deleteLater()
        self._log = None
        self._feed = self._lifts = self._session = self._shown = None
        self.panel.show_nothing()

    def show_record(self, record: TaskRecord | TaskHistoryRecord | None) -> None:
        """Another task. None leaves the one that is shown: a list drops what has ended, and one wants to see how it did."""
        if record is None or self._feed is None or record.id == self._feed.task_id:
            return
        # At once what the list knows; what only the scheduler knows comes a moment later.
        attempts = getattr(record, "attempts", ())
        self._on_changed(Inspection(record, attempts))
        self._feed.follow(record.id)

    def go_to(self, task_id: int) -> None:
        """Another task, of which only the id is known."""
        if self._feed is not None:
            self._feed.follow(task_id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's hook; what happened while nobody looked is made up for."""
        if event.type() == QEvent.Type.Show:
            if self._feed is not None:
                self._feed.wake()
            if self._log is not None:
                self._log.wake()
        elif event.type() == QEvent.Type.Hide and self._log is not None:
            self._log.sleep()
        return False

    def _on_changed(self, shown: Inspection) -> None:
        self._shown = shown
        self.panel.show_inspection(shown, self._looks, self._now())
        if self._log is not None:
            self._log.follow(shown.record.id, shown.record.created_at)

    def _on_gone(self, task_id: int) -> None:
        self._shown = None
        if self._log is not None:
            self._log.follow(None)
        self.panel.show_nothing(
            self.tr("Task {0} is not known any more: it was removed from the history.").format(task_id)
        )

    def _on_copied(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        if self._session is not None:
            self._session.commands.told.emit(self.tr("Copied"))

    def _on_cancel(self) -> None:
        if self._session is not None and self._shown is not None:
            self._session.commands.cancel_task(self._shown.record.domain, self._shown.record.id)

    def _on_retry(self) -> None:
        if self._session is not None and self._shown is not None and self._shown.is_over:
            self._session.commands.retry_failures([self._shown.record])  # type: ignore[list-item] # pyright: ignore[reportArgumentType]

    def _on_setting(self, gate: GateResult) -> None:
        """To the control of what this gate goes by."""
        if self._session is None or self._shown is None:
            return
        scheduler, record = self._session.scheduler, self._shown.record
        is_known = scheduler.try_domain(record.domain) is not None
        task = Held(record.id, record.domain, record.task_type, record.group or "", is_known)
        schedules = scheduler.schedules(record.domain) if is_known else ()
        place = setting_of(gate, task, scheduler.pressure.source, schedules)
        if place is not None:
            self._session.commands.setting_wanted.emit(place.page, place.control)

    def _on_lift(self, lift: Lift) -> None:
        if self._lifts is not None and self._shown is not None:
            self._lifts.carry_out(lift, self._shown.record.id)
