"""Running: every task at work now, how far it is, and when it will be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QPushButton, QWidget

from app.models.domain_looks import domain_looks, look_of
from app.models.task_row import TaskColumn
from app.models.tasks_filter import TasksFilter
from app.models.tasks_model import TasksModel
from app.pages.list_page import ListPage
from app.pages.running_feed import RunningFeed
from app.widgets.empty_state import EmptyState
from app.widgets.row_buttons import RowButtons
from app.widgets.rows_view import Column, RowsView
from app.widgets.task_delegate import TaskDelegate

if TYPE_CHECKING:
    from app.bridge.session import Session
    from scheduler_core import TaskRecord

_COLUMNS = {
    TaskColumn.TASK: Column(240, least=140, share=3),
    TaskColumn.DOMAIN: Column(120, least=108),
    TaskColumn.PROGRESS: Column(280, least=130, share=2),
    TaskColumn.DATA: Column(152, least=144, hide_below=860),
    TaskColumn.ELAPSED: Column(92, least=84, hide_below=622),
    TaskColumn.LEFT: Column(96),
    TaskColumn.ACTIONS: Column(116, least=64, narrow_below=900),
}
_WORDS_FROM = 100


class RunningPage(ListPage):
    """Grey rows until it is attached. Delete, or the button in a row, cancels; several rows can be chosen.

    `selected(TaskRecord | None)`: the one that a person has selected, None for none and for several.
    """

    selected = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("page-running", EmptyState("running", "", ""), parent)
        self._model = TasksModel(self)
        self._filter = TasksFilter(self._model, self)
        self._domains = QComboBox()
        self._build_bar()
        self.view = _RunningView(list(_COLUMNS.values()), self.tr("Running tasks"))
        self.view.setItemDelegate(TaskDelegate(self.view))
        self.view.setModel(self._filter)
        self.view.cancel_key = self._cancel_selected
        self.view.add_menu_action(self.tr("Cancel"), self._cancel_selected)
        self._build_actions()
        self.set_content(self.view)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._on_selection())
        # The filter tells of a removal before it is done in the model: what is left is known only then.
        for model in (self._filter, self._model):
            for signal in (model.rowsInserted, model.rowsRemoved, model.layoutChanged):
                signal.connect(lambda *_: self._show_rows())

    @property
    def is_ticking(self) -> bool:
        """Does a timer run?"""
        return isinstance(self.feed, RunningFeed) and self.feed.is_ticking

    def attach(self, session: Session) -> None:
        """Shows what runs in the session and follows it."""
        super().attach(session)
        self._show_rows()

    def make_feed(self, session: Session) -> RunningFeed:
        """What fills the list from now on."""
        self._domains.clear()
        self._domains.addItem(self.tr("All domains"), None)
        looks = domain_looks(session.plugins)
        for handle in session.scheduler.domains():
            self._domains.addItem(look_of(looks, handle.name).title, handle.name)
        return RunningFeed(session, self._model, self.isVisible, self)

    def clear_rows(self) -> None:
        """Empties the list."""
        self._model.clear()

    def _build_bar(self) -> None:
        self._domains.setObjectName("running-domain")
        self._domains.setAccessibleName(self.tr("Show tasks of"))
        self._domains.setMinimumWidth(160)
        self._domains.addItem(self.tr("All domains"), None)
        self._domains.currentIndexChanged.connect(self._on_domain)
        self._cancel_all = QPushButton(self.tr("&Cancel selected"))
        self._cancel_all.setObjectName("running-cancel-selected")
        self._cancel_all.setAccessibleName(self.tr("Cancel the selected tasks"))
        self._cancel_all.setToolTip(self.tr("Cancel the selected tasks (Delete)"))
        self._cancel_all.clicked.connect(lambda: self._cancel_selected())
        self._cancel_all.setEnabled(False)
        self.bar.addWidget(self._domains)
        self.bar.addStretch(1)
        self.bar.addWidget(self._cancel_all)

    def _build_actions(self) -> None:
        buttons = RowButtons(_WORDS_FROM)
        self._cancel = buttons.add_button(
            "running-cancel", "close", self.tr("Cancel"), self.tr("Cancel this task")
        )
        self._cancel.clicked.connect(self._on_cancel)
        self.view.set_actions(buttons, TaskColumn.ACTIONS)
        self.view.actions_moved.connect(self._on_actions_moved)

    def _on_actions_moved(self) -> None:
        record = self._filter.record_at(self.view.acting_index)
        if record is not None:
            self._cancel.setAccessibleName(self.tr("Cancel {0}").format(record.label))

    def _on_cancel(self) -> None:
        record = self._filter.record_at(self.view.acting_index)
        if record is not None:
            self._cancel_records([record])

    def _selected(self) -> list[TaskRecord]:
        rows = self.view.selectionModel().selectedRows()
        return [record for row in rows if (record := self._filter.record_at(row)) is not None]

    def _cancel_selected(self) -> None:
        self._cancel_records(self._selected())

    def _cancel_records(self, records: list[TaskRecord]) -> None:
        if self.session is not None:
            for record in records:
                self.session.commands.cancel_task(record.domain, record.id)

    def _on_domain(self, _place: int) -> None:
        self._filter.set_domain(self._domains.currentData())
        self._show_rows()

    def _on_selection(self) -> None:
        selected = self._selected()
        self._cancel_all.setEnabled(bool(selected))
        self.selected.emit(selected[0] if len(selected) == 1 else None)

    def _show_rows(self) -> None:
        if self.session is None:
            return
        shown, running = self._filter.rowCount(), self._model.rowCount()
        if running:
            self.empty.set_text(
                self.tr("Nothing runs in {0}").format(self._domains.currentText()),
                self.tr("Other domains are at work: choose All domains to see them."),
            )
        else:
            self.empty.set_text(
                self.tr("Nothing is running"),
                self.tr("What starts to run shows up here, with its progress and the time it has left."),
            )
        self.show_content(has_rows=shown > 0, keep_bar=True)


class _RunningView(RowsView):
    """Delete cancels what is selected."""

    def __init__(self, columns: list[Column], accessible_name: str) -> None:
        super().__init__("running-list", accessible_name, columns)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSortingEnabled(False)
        self.header().setSectionsClickable(True)
        self.header().sectionClicked.connect(self._on_header)
        self._sorted = (-1, Qt.SortOrder.AscendingOrder)
        self.cancel_key = lambda: None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's hook; Delete cancels."""
        if event.key() == Qt.Key.Key_Delete:
            self.cancel_key()
        else:
            super().keyPressEvent(event)

    def _on_header(self, column: int) -> None:
        """Sorts by the column; the third click goes back to the order of the starts."""
        at, order = self._sorted
        ascending, descending = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
        if column == TaskColumn.ACTIONS or (at == column and order == descending):
            self._sorted = (-1, ascending)
        else:
            self._sorted = (column, descending if at == column else ascending)
        self.header().setSortIndicatorShown(self._sorted[0] >= 0)
        self.header().setSortIndicator(*self._sorted)
        self.model().sort(*self._sorted)
