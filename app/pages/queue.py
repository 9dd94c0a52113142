"""Queue: what runs, how far it is and when it will be done, and below it what waits, in the order in which it starts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QMenu, QWidget

from app.models.domain_looks import task_name
from app.models.queue_model import QueueColumn, QueueModel
from app.models.state_words import ACTIVE_STATES, priority_text
from app.pages.queue_feed import QueueFeed
from app.pages.task_table import TaskTable
from app.widgets.filter_bar import FilterBar
from app.widgets.menu_button import MenuButton
from app.widgets.queue_painting import QueuePainter, TallRows
from app.widgets.row_buttons import RowButtons
from app.widgets.rows_view import Column
from app.widgets.task_rows_view import TaskRowsView
from scheduler_core import Priority, TaskOrder

if TYPE_CHECKING:
    from app.bridge.session import Session

_COLUMNS = {
    QueueColumn.TASK: Column(220, least=130, share=3),
    QueueColumn.DOMAIN: Column(132, least=128, hide_below=600),
    QueueColumn.STATE: Column(240, least=140, share=2),
    QueueColumn.DATA: Column(152, least=144, hide_below=1040),
    QueueColumn.PRIORITY: Column(104, least=96),
    QueueColumn.TIME: Column(136, least=112, hide_below=720),
    QueueColumn.LEFT: Column(84, least=80, hide_below=480),
    QueueColumn.ACTIONS: Column(64, least=56),
}
_WORDS_FROM = 100
"""Wider than the column: the button is an icon."""


class QueuePage(TaskTable):
    """Grey rows until it is attached. Delete cancels what is selected; so does the button in a row its task."""

    def __init__(self, parent: QWidget | None = None) -> None:
        filters = FilterBar("queue", ACTIVE_STATES, with_order=True)
        queue = QueueModel()
        super().__init__("queue", "queue", queue, filters, parent)
        queue.setParent(self)
        self._queue = queue
        self._cancel = self.button(
            "queue-cancel-selected",
            self.tr("&Cancel"),
            self.tr("Cancel the selected tasks (Delete)"),
            self.cancel_chosen,
        )
        self._priority = MenuButton(
            "queue-priority", self.tr("P&riority"), self.tr("Give the selected tasks another priority")
        )
        self._priority.set_choices([(int(one), priority_text(one)) for one in Priority], checkable=False)
        self._priority.chosen.connect(self.set_priority)
        view = TaskRowsView("queue-list", self.tr("Queue"), list(_COLUMNS.values()))
        view.setItemDelegate(TallRows(view))
        view.paint_cell = QueuePainter(queue)
        view.delete_pressed.connect(self.cancel_chosen)
        self.build(view, _named(), [self._cancel, self._priority])
        self._build_row_button()
        self._build_menu()
        header = view.header()
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._on_header)
        self.filters.wish_changed.connect(lambda _wish: self._show_order())

    @property
    def is_ticking(self) -> bool:
        """Does a timer run?"""
        return isinstance(self.feed, QueueFeed) and self.feed.is_ticking

    def attach(self, session: Session) -> None:
        """Shows the queue of the session and follows it."""
        super().attach(session)
        self._show_order()

    def make_feed(self, session: Session) -> QueueFeed:
        """What fills the list from now on."""
        return QueueFeed(session, self._queue, self.wish, self.isVisible, self)

    def targets_text(self, count: str) -> str:
        """The line beside the buttons."""
        return self.tr("{0} selected").format(count)

    def show_chosen(self, records: Sequence[Any], *, is_all: bool) -> None:
        """Which buttons can be pressed now."""
        for part in (self._cancel, self._priority):
            part.setEnabled(bool(records))

    def empty_words(self) -> tuple[str, str]:
        """What an empty queue means."""
        return (
            self.tr("Nothing runs and nothing waits"),
            self.tr("Drop files or a folder anywhere on this window, and their tasks line up here."),
        )

    def cancel_chosen(self) -> None:
        """Cancels what is chosen."""
        self.act(self._cancel_records, self.tr("Cancel tasks"))

    def set_priority(self, priority: int) -> None:
        """Gives what is chosen another priority."""

        def change(records: list[Any]) -> None:
            if self.session is not None:
                self.session.commands.set_priority([record.id for record in records], priority)

        self.act(change, self.tr("Priority of tasks"))

    def _cancel_records(self, records: list[Any]) -> None:
        if self.session is not None and records:
            self.session.commands.cancel_tasks([record.id for record in records])

    def _build_row_button(self) -> None:
        buttons = RowButtons(_WORDS_FROM)
        self._cancel_one = buttons.add_button(
            "queue-cancel", "close", self.tr("Cancel"), self.tr("Cancel this task")
        )
        self._cancel_one.clicked.connect(self._on_cancel_one)
        self.view.set_actions(buttons, QueueColumn.ACTIONS)
        self.view.actions_moved.connect(self._on_actions_moved)

    def _build_menu(self) -> None:
        view = self.view
        view.add_menu_action(self.tr("Cancel"), self.cancel_chosen)
        menu = QMenu(self.tr("Priority"), view)
        for one in Priority:
            entry = menu.addAction(priority_text(one))
            entry.triggered.connect(lambda _checked=False, one=one: self.set_priority(int(one)))
        view.addAction(menu.menuAction())
        view.add_menu_action(self.tr("Copy"), self.copy)
        view.add_menu_action(self.tr("Select all"), self.choose_all)
        self.columns.add_to_menu()

    def _on_actions_moved(self) -> None:
        record = self.model.record_at(self.view.acting_index)
        if record is not None:
            self._cancel_one.setAccessibleName(self.tr("Cancel {0}").format(task_name(record)))

    def _on_cancel_one(self) -> None:
        record = self.model.record_at(QModelIndex(self.view.acting_index))
        if record is not None:
            self._cancel_records([record])

    def _on_header(self, column: int) -> None:
        """A click on the time sorts by submission, a second one the other way, a third goes back to the line."""
        steps = {
            TaskOrder.DISPATCH.value: TaskOrder.NEWEST.value,
            TaskOrder.NEWEST.value: TaskOrder.OLDEST.value,
            TaskOrder.OLDEST.value: TaskOrder.DISPATCH.value,
        }
        if column == QueueColumn.TIME:
            self.filters.orders.choose(steps[self.wish.order])
        elif column == QueueColumn.PRIORITY:
            self.filters.orders.choose(TaskOrder.DISPATCH.value)

    def _show_order(self) -> None:
        order, header = self.wish.order, self.view.header()
        header.setSortIndicatorShown(order != TaskOrder.DISPATCH.value)
        way = Qt.SortOrder.DescendingOrder if order == TaskOrder.NEWEST.value else Qt.SortOrder.AscendingOrder
        if order != TaskOrder.DISPATCH.value:
            header.setSortIndicator(QueueColumn.TIME, way)


def _named() -> dict[str, Column]:
    """The columns by the names under which they are kept."""
    return {column.name.lower(): width for column, width in _COLUMNS.items()}
