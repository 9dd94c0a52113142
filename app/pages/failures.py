"""Failures: what went wrong for good, by its cause; try one, then retry the others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from app.models.cause_words import count_text
from app.models.causes_model import CausesModel
from app.models.domain_looks import domain_looks, look_of
from app.models.failures_model import FailuresModel
from app.models.wording import number_text
from app.pages.causes_feed import CausesFeed
from app.pages.failure_seeker import FailureSeeker
from app.pages.list_page import ListPage
from app.pages.opened_cause import OpenedCause
from app.theme import GRID
from app.widgets.cause_head import CauseHead
from app.widgets.causes_view import CausesView
from app.widgets.empty_state import EmptyState
from app.widgets.failure_details import FailureDetails, failure_text
from app.widgets.failures_view import FailuresView

if TYPE_CHECKING:
    from app.bridge.session import Session
    from app.models.domain_looks import Looks
    from scheduler_core import TaskHistoryRecord

_SIDE_BY_SIDE_FROM = 720
_CAUSES_WIDTH = 304


class FailuresPage(ListPage):
    """Grey rows until it is attached. Where there is little room one sees the causes or what is opened of them.

    `selected(TaskHistoryRecord | None)`: the failure that is looked at.
    """

    selected = Signal(object)

    def __init__(
        self, parent: QWidget | None = None, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        super().__init__("page-failures", EmptyState("calm", "", ""), parent)
        self.empty.set_text(
            self.tr("Nothing went wrong"),
            self.tr("A task that fails for good waits here, with its cause and a way to try it again."),
        )
        self._looks: Looks = {}
        self._is_narrow = self._is_inside = False
        self._shown: TaskHistoryRecord | None = None
        self.causes = CausesModel(self, now)
        self._model = FailuresModel(self, now)
        self._build_bar()
        self.causes_view = CausesView()
        self.causes_view.setModel(self.causes)
        self.view = FailuresView(self.tr("Failures"), self._model)
        self.details = FailureDetails(now)
        self.head = CauseHead()
        self.opened = OpenedCause(self.causes, self.head, now, self)
        self._inner = QSplitter(Qt.Orientation.Vertical)
        self._right = self._build_right()
        self._outer = QSplitter()
        self._build_outer()
        self.set_content(self._outer)
        self._seeker = FailureSeeker(self)
        self._connect()
        self._arrange()

    def make_feed(self, session: Session) -> CausesFeed:
        """What fills the lists from now on."""
        assert self.errands is not None
        self._looks = domain_looks(session.plugins)
        feed = CausesFeed(session, self.causes, self._model, self.isVisible, self.errands, self)
        feed.loaded.connect(self._on_loaded)
        feed.rows.loaded.connect(self._on_rows_loaded)
        self.opened.attach(session, self.errands, feed)
        return feed

    def clear_rows(self) -> None:
        """Empties the lists and the details."""
        self.opened.detach()
        self.causes.clear()
        self._model.clear()
        self.details.show_nothing()

    # --- how it is built -----------------------------------------------------------------------------------

    def _build_bar(self) -> None:
        self._summary = QLabel()
        self._summary.setObjectName("failures-summary")
        self._summary.setProperty("role", "muted")
        # The line keeps its height when the buttons go.
        self._summary.setMinimumHeight(4 * GRID)
        self.bar.addWidget(self._summary)
        self.bar.addStretch(1)
        self._retry = self._button(
            "failures-retry", self.tr("&Retry selected"), self.tr("Try the selected ones again (Ctrl+R)")
        )
        self._copy = self._button(
            "failures-copy", self.tr("Co&py"), self.tr("Copy the selected as text (Ctrl+C)")
        )
        self._clear = self._button(
            "failures-clear",
            self.tr("Clear &selected"),
            self.tr("Take the selected off this list; they stay in the history (Delete)"),
        )

    def _button(self, name: str, text: str, help_text: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(text.replace("&", ""))
        button.setAccessibleDescription(help_text)
        button.setToolTip(help_text)
        self.bar.addWidget(button)
        return button

    def _build_right(self) -> QWidget:
        frame = QFrame()
        frame.setProperty("role", "card")
        room = QVBoxLayout(frame)
        room.setContentsMargins(1, 1, 1, 1)
        room.addWidget(self.details)
        self._inner.addWidget(self.view)
        self._inner.addWidget(frame)
        self._inner.setStretchFactor(0, 1)
        self._inner.setStretchFactor(1, 1)
        self._inner.setSizes([320, 320])
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID + 4)
        column.addWidget(self.head)
        column.addWidget(self._inner, 1)
        return right

    def _build_outer(self) -> None:
        for splitter in (self._inner, self._outer):
            splitter.setChildrenCollapsible(False)
            # The gap between two cards, not a bar.
            splitter.setStyleSheet("QSplitter::handle { background: transparent; }")
            splitter.setHandleWidth(GRID + 4)
        self._outer.addWidget(self.causes_view)
        self._outer.addWidget(self._right)
        self._outer.setStretchFactor(0, 0)
        self._outer.setStretchFactor(1, 1)
        self._outer.setSizes([_CAUSES_WIDTH, 760])

    def _connect(self) -> None:
        for button, slot in (
            (self._retry, self._on_retry),
            (self._copy, self._on_copy),
            (self._clear, self._on_clear),
        ):
            button.clicked.connect(lambda _=False, slot=slot: slot())
            self.view.add_menu_action(button.accessibleName(), button.click)
        self.view.clear_key, self.view.copy_key = self._on_clear, self._on_copy
        self.view.left.connect(self._go_back)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._show_selected())
        self._model.dataChanged.connect(lambda *_: self._show_selected())
        self.causes_view.selectionModel().currentChanged.connect(lambda *_: self._on_cause())
        self.causes_view.opened.connect(self.go_inside)
        self.causes_view.clear_key = self.head.clear_button.click
        self.opened.wanted.connect(self._go_to)
        self.head.try_requested.connect(self._on_try)
        self.head.back_requested.connect(self._go_back)
        for signal in (self._model.rowsInserted, self._model.rowsRemoved):
            signal.connect(lambda *_: self._show_selected())
        for keys, target in (("Ctrl+T", self.head.try_button), ("Ctrl+R", self._retry)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(target.click)

    # --- what is in front ----------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's hook; where there is no room for both, one sees the causes or what is opened."""
        super().resizeEvent(event)
        narrow = self.width() < _SIDE_BY_SIDE_FROM
        if narrow != self._is_narrow:
            self._is_narrow = narrow
            self._arrange()

    def _arrange(self) -> None:
        self.causes_view.setVisible(not self._is_narrow or not self._is_inside)
        self._right.setVisible(not self._is_narrow or self._is_inside)
        self.head.back_button.setVisible(self._is_narrow)
        for button in (self._retry, self._copy, self._clear):
            button.setVisible(not self._is_narrow or self._is_inside)

    @property
    def failures(self) -> FailuresModel:
        """Those that are listed."""
        return self._model

    def show_failure(self, failure: TaskHistoryRecord) -> None:
        """Opens its cause and selects it, as soon as both are there."""
        self._seeker.seek(failure)

    def go_inside(self) -> None:
        """Where there is no room for both, one sees what is opened from now on."""
        self._is_inside = True
        self._arrange()
        self.view.setFocus()

    def _go_back(self) -> None:
        self._is_inside = False
        self._arrange()
        self.causes_view.setFocus()

    def _go_to(self, cause_id: int) -> None:
        row = self.causes.row_of(cause_id)
        if row is not None:
            self.causes_view.setCurrentIndex(self.causes.index(row))

    def _on_cause(self) -> None:
        index = self.causes_view.currentIndex()
        if not index.isValid() or not isinstance(self.feed, CausesFeed):
            return
        cause = self.causes.cause_at(index)
        self.view.show_kind(of_one_cause=cause is not None)
        self.opened.open(cause)
        self.feed.rows.show(None if cause is None else cause.id)

    def _on_loaded(self) -> None:
        has_rows = self.causes.rowCount() > 0
        self.show_content(has_rows=has_rows)
        self._summary.setText(self._summary_text())
        if not has_rows:
            self._is_inside = False
            self._arrange()
            self.opened.close()
            if isinstance(self.feed, CausesFeed):
                self.feed.rows.show_nothing()
        elif not self.causes_view.currentIndex().isValid():
            self.causes_view.setCurrentIndex(self.causes.index(min(1, self.causes.rowCount() - 1)))
        self.opened.refresh()
        self._show_selected()
        self._seeker.look()

    def _on_rows_loaded(self) -> None:
        if self._model.rowCount() and not self.view.currentIndex().isValid():
            self.view.setCurrentIndex(self._model.index(0, 0))
        self._show_selected()
        self._seeker.look()

    def _summary_text(self) -> str:
        many = len(self.causes.causes)
        if many <= 1 and not self.causes.has_more:
            return count_text(self.causes.total)
        causes = f"{number_text(many)}+" if self.causes.has_more else number_text(many)
        return self.tr("{0} of {1} causes").format(count_text(self.causes.total), causes)

    # --- what is done --------------------------------------------------------------------------------------

    def _selected_records(self) -> list[TaskHistoryRecord]:
        rows = sorted(self.view.selectionModel().selectedRows(), key=lambda index: index.row())
        return [record for row in rows if (record := self._model.record_at(row)) is not None]

    def _current(self) -> TaskHistoryRecord | None:
        selected = self._selected_records()
        return selected[0] if len(selected) == 1 else None

    def _on_try(self) -> None:
        record = self._current() or self._model.record_at(self._model.index(0, 0))
        if record is None:  # whoever is quicker than the list
            self.opened.try_newest()
        elif self.opened.try_one(record):
            self._leave_out([record.id])

    def _on_retry(self) -> None:
        records = self._selected_records()
        if records and self.session is not None:
            self.session.commands.retry_failures(records)
            self._leave_out([record.id for record in records])

    def _on_clear(self) -> None:
        ids = [record.id for record in self._selected_records()]
        if ids and self.session is not None:
            self.session.commands.clear_failures(ids)
            self._leave_out(ids)

    def _on_copy(self) -> None:
        texts = [failure_text(record) for record in self._selected_records()]
        if texts and self.session is not None:
            QGuiApplication.clipboard().setText("\n\n".join(texts))
            self.session.commands.told.emit(self.tr("Copied"))

    def _leave_out(self, ids: list[int]) -> None:
        """They go at once; when the scheduler refuses, the feed brings them back."""
        if not isinstance(self.feed, CausesFeed):
            return
        rows = [index.row() for index in self.view.selectionModel().selectedRows()]
        self.feed.rows.leave_out(ids)
        if rows and self._model.rowCount():
            self.view.setCurrentIndex(self._model.index(min(*rows, self._model.rowCount() - 1), 0))

    def _show_selected(self) -> None:
        records = self._selected_records()
        for button in (self._retry, self._copy, self._clear):
            button.setEnabled(bool(records))
        self._retry.setText(
            self.tr("&Retry {0} selected").format(number_text(len(records)))
            if len(records) > 1
            else self.tr("&Retry selected")
        )
        record = records[0] if len(records) == 1 else None
        if record is None:
            self.details.show_nothing()
        else:
            self.details.show_record(record, look_of(self._looks, record.domain))
        if record != self._shown:
            self._shown = record
            self.selected.emit(record)
