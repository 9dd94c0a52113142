"""Failures: what went wrong for good, why, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QPushButton, QSplitter, QVBoxLayout, QWidget

from app.models.causes import are_alike
from app.models.domain_looks import domain_looks, look_of
from app.models.failures_model import FailureColumn, FailuresModel
from app.models.wording import number_text
from app.pages.failure_search import find_failures
from app.pages.failures_feed import FailuresFeed
from app.pages.list_page import ListPage
from app.widgets.empty_state import EmptyState
from app.widgets.failure_delegate import FailureDelegate
from app.widgets.failure_details import FailureDetails, failure_text
from app.widgets.rows_view import Column, RowsView

if TYPE_CHECKING:
    from app.bridge.session import Session
    from app.models.domain_looks import Looks
    from scheduler_core import TaskHistoryRecord

_NEVER = 1 << 20
_COLUMNS = {
    FailureColumn.MESSAGE: Column(240, least=160, share=1),
    # The file stands below the message.
    FailureColumn.FILE: Column(0, hide_below=_NEVER),
    FailureColumn.DOMAIN: Column(104, hide_below=420),
    FailureColumn.WHEN: Column(116, hide_below=520),
    FailureColumn.ATTEMPTS: Column(96, least=88, hide_below=620),
}
_SIDE_BY_SIDE_FROM = 860


class FailuresPage(ListPage):
    """Grey rows until it is attached. Delete clears what is selected, Ctrl+C copies it.

    `selected(TaskHistoryRecord | None)`: the one that is selected, None for none and for several.
    """

    selected = Signal(object)

    def __init__(
        self, parent: QWidget | None = None, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        super().__init__("page-failures", EmptyState("calm", "", ""), parent)
        self.empty.set_text(
            self.tr("Nothing went wrong"),
            self.tr("A task that fails for good waits here, with the reason and a way to try it again."),
        )
        self._looks: Looks = {}
        self._model = FailuresModel(self, now)
        self._build_bar()
        self.view = _FailuresView(list(_COLUMNS.values()), self.tr("Failures"))
        self.view.setItemDelegate(FailureDelegate(self.view))
        self.view.setModel(self._model)
        self._model.paging.is_end_in_sight = self.view.is_end_in_sight
        self.view.near_top = self._model.fetch_newer
        self.view.is_top_first = lambda: not self._model.is_slid
        self.view.clear_key, self.view.copy_key = self._on_clear, self._on_copy
        for button in (self._retry, self._retry_alike, self._copy, self._clear):
            self.view.add_menu_action(button.accessibleName(), button.click)
        self.details = FailureDetails(now)
        self._splitter = self._split()
        self.set_content(self._splitter)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._show_selected())
        self._model.dataChanged.connect(lambda *_: self._show_selected())
        for signal in (self._model.rowsInserted, self._model.rowsRemoved):
            signal.connect(lambda *_: self._on_rows())

    def make_feed(self, session: Session) -> FailuresFeed:
        """What fills the list from now on."""
        self._looks = domain_looks(session.plugins)
        feed = FailuresFeed(session, self._model, self.isVisible, self)
        feed.loaded.connect(self._on_loaded)
        return feed

    def clear_rows(self) -> None:
        """Empties the list and the details."""
        self._model.clear()
        self.details.show_nothing()

    def _build_bar(self) -> None:
        self._retry = self._button(
            "failures-retry", self.tr("&Retry"), self.tr("Retry the selected"), self._on_retry
        )
        self._retry.setProperty("role", "main")
        self._retry_alike = self._button(
            "failures-retry-alike",
            self.tr("Retry all li&ke this"),
            self.tr("Retry all that failed for the same reason"),
            self._on_retry_alike,
        )
        self._retry_all = self._button(
            "failures-retry-all", self.tr("Re&try all"), self.tr("Retry all failures"), self._on_retry_all
        )
        self.bar.addStretch(1)
        self._copy = self._button(
            "failures-copy", self.tr("Co&py"), self.tr("Copy the selected as text (Ctrl+C)"), self._on_copy
        )
        self._clear = self._button(
            "failures-clear",
            self.tr("&Clear"),
            self.tr("Take the selected off this list; they stay in the history (Delete)"),
            self._on_clear,
        )

    def _button(self, name: str, text: str, help_text: str, slot: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(text.replace("&", ""))
        button.setAccessibleDescription(help_text)
        button.setToolTip(help_text)
        button.clicked.connect(lambda: slot())
        self.bar.addWidget(button)
        return button

    def _split(self) -> QSplitter:
        frame = QFrame()
        frame.setProperty("role", "card")
        room = QVBoxLayout(frame)
        room.setContentsMargins(1, 1, 1, 1)
        room.addWidget(self.details)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        # The gap between two cards, not a bar.
        splitter.setStyleSheet("QSplitter::handle { background: transparent; }")
        splitter.setHandleWidth(12)
        splitter.addWidget(self.view)
        splitter.addWidget(frame)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setSizes([600, 440])
        return splitter

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's hook; the details go below the list where there is no room beside it."""
        super().resizeEvent(event)
        wide = self.width() >= _SIDE_BY_SIDE_FROM
        wanted = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if self._splitter.orientation() != wanted:
            self._splitter.setOrientation(wanted)
            self._splitter.setSizes([600, 440])

    def _selected(self) -> list[TaskHistoryRecord]:
        rows = sorted(self.view.selectionModel().selectedRows(), key=lambda index: index.row())
        return [record for row in rows if (record := self._model.record_at(row)) is not None]

    def _current(self) -> TaskHistoryRecord | None:
        selected = self._selected()
        return selected[0] if len(selected) == 1 else None

    def _on_retry(self) -> None:
        self._retry_records(self._selected())

    def _on_retry_alike(self) -> None:
        if (record := self._current()) is not None:
            self._retry_found(lambda one: are_alike(one, record))

    def _on_retry_all(self) -> None:
        self._retry_found(lambda _one: True)

    def _on_clear(self) -> None:
        ids = [record.id for record in self._selected()]
        if ids and self.session is not None:
            self.session.commands.clear_failures(ids)
            self._remove(ids)

    def _on_copy(self) -> None:
        texts = [failure_text(record) for record in self._selected()]
        if texts and self.session is not None:
            QGuiApplication.clipboard().setText("\n\n".join(texts))
            self.session.commands.told.emit(self.tr("Copied"))

    def _retry_found(self, is_wanted: Callable[[TaskHistoryRecord], bool]) -> None:
        """Tries again what is wanted of all failures, also of those that are not loaded."""
        session, errands = self.session, self.errands
        if session is None or errands is None:
            return

        async def find_and_retry() -> None:
            self._retry_records(await find_failures(session.scheduler, is_wanted))

        errands.start(find_and_retry(), self.tr("Trying again"))

    def _retry_records(self, records: list[TaskHistoryRecord]) -> None:
        if records and self.session is not None:
            self.session.commands.retry_failures(records)
            self._remove([record.id for record in records])

    def _remove(self, ids: list[int]) -> None:
        """They go at once; when the scheduler refuses, the feed brings them back."""
        if not isinstance(self.feed, FailuresFeed):
            return
        rows = [index.row() for index in self.view.selectionModel().selectedRows()]
        self.feed.leave_out(ids)
        if rows and self._model.rowCount():
            self.view.setCurrentIndex(self._model.index(min(*rows, self._model.rowCount() - 1), 0))

    def _on_loaded(self) -> None:
        self._on_rows()
        if self._model.rowCount() and not self.view.currentIndex().isValid():
            self.view.setCurrentIndex(self._model.index(0, 0))

    def _on_rows(self) -> None:
        if self.session is not None:
            self.show_content(has_rows=self._model.rowCount() > 0)
            self._show_selected()

    def _show_selected(self) -> None:
        selected = self._selected()
        several = len(selected) > 1
        self._retry.setText(
            self.tr("&Retry {0}").format(number_text(len(selected))) if several else self.tr("&Retry")
        )
        for button in (self._retry, self._copy, self._clear):
            button.setEnabled(bool(selected))
        record = self._current()
        self.selected.emit(record)
        alike = self._model.alike(record) if record is not None else 0
        self._retry_alike.setEnabled(alike > 0)
        if record is None:
            self.details.show_nothing()
            return
        self.details.show_record(record, look_of(self._looks, record.domain), self._alike_text(alike - 1))

    def _alike_text(self, others: int) -> str:
        if others <= 0:
            return ""
        if others == 1 and not self._model.paging.has_more:
            return self.tr("Another one failed for the same reason.")
        number = number_text(others)
        if self._model.paging.has_more:
            return self.tr("At least {0} others failed for the same reason.").format(number)
        return self.tr("{0} others failed for the same reason.").format(number)


class _FailuresView(RowsView):
    """Delete clears, Ctrl+C copies."""

    def __init__(self, columns: list[Column], accessible_name: str) -> None:
        super().__init__("failures-list", accessible_name, columns)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.clear_key: Callable[[], None] = lambda: None
        self.copy_key: Callable[[], None] = lambda: None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's hook."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_key()
        elif event.key() == Qt.Key.Key_Delete:
            self.clear_key()
        else:
            super().keyPressEvent(event)
