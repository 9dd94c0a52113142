"""History: what has ended, when, how, and how long it took; the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QWidget

from app.models.domain_looks import task_name
from app.models.history_model import HistoryColumn, HistoryModel
from app.models.state_words import ENDED_STATES, RETRIED_STATES
from app.models.wording import number_text
from app.pages.history_feed import HistoryFeed
from app.pages.task_table import TaskTable
from app.widgets.filter_bar import FilterBar
from app.widgets.history_painting import HistoryPainter
from app.widgets.queue_painting import TallRows
from app.widgets.row_buttons import RowButtons
from app.widgets.rows_view import Column
from app.widgets.task_rows_view import TaskRowsView

if TYPE_CHECKING:
    from app.bridge.session import Session

_COLUMNS = {
    HistoryColumn.TASK: Column(220, least=140, share=2),
    HistoryColumn.DOMAIN: Column(132, least=128, hide_below=480),
    HistoryColumn.STATE: Column(220, least=140, share=3),
    HistoryColumn.ENDED: Column(132, least=124),
    HistoryColumn.TOOK: Column(92, least=84, hide_below=640),
    HistoryColumn.ATTEMPTS: Column(112, least=88, hide_below=760),
    HistoryColumn.ACTIONS: Column(144, least=56, narrow_below=980),
}
_WORDS_FROM = 100


class HistoryPage(TaskTable):
    """Grey rows until it is attached. What failed or was cancelled can be tried again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        filters = FilterBar("history", ENDED_STATES, with_time=True)
        history = HistoryModel()
        super().__init__("history", "history", history, filters, parent)
        history.setParent(self)
        self._history = history
        self._retry = self.button(
            "history-retry-selected",
            self.tr("&Retry"),
            self.tr("Try again what failed or was cancelled of the selected"),
            self.retry_chosen,
        )
        view = TaskRowsView("history-list", self.tr("History"), list(_COLUMNS.values()))
        view.setItemDelegate(TallRows(view))
        view.paint_cell = HistoryPainter(history)
        self.build(view, _named(), [self._retry])
        buttons = RowButtons(_WORDS_FROM)
        self._retry_one = buttons.add_button(
            "history-retry", "retry", self.tr("Retry"), self.tr("Try this task again")
        )
        self._retry_one.clicked.connect(self._on_retry_one)
        view.set_actions(buttons, HistoryColumn.ACTIONS)
        view.can_act = self._can_retry
        view.actions_moved.connect(self._on_actions_moved)
        view.add_menu_action(self.tr("Retry"), self.retry_chosen)
        view.add_menu_action(self.tr("Copy"), self.copy)
        view.add_menu_action(self.tr("Select all"), self.choose_all)
        self.columns.add_to_menu()

    def make_feed(self, session: Session) -> HistoryFeed:
        """What fills the list from now on."""
        return HistoryFeed(session, self._history, self.wish, self.isVisible, self)

    def targets_text(self, count: str) -> str:
        """The line beside the buttons."""
        return self.tr("{0} selected").format(count)

    def show_chosen(self, records: Sequence[Any], *, is_all: bool) -> None:
        """Which buttons can be pressed now."""
        self._retry.setEnabled(is_all or any(record.status in RETRIED_STATES for record in records))

    def empty_words(self) -> tuple[str, str]:
        """What an empty history means."""
        return (
            self.tr("Nothing has ended yet"),
            self.tr("Each task that is done, fails or is cancelled is noted here, with when and how."),
        )

    def retry_chosen(self) -> None:
        """Tries again what failed or was cancelled of what is chosen."""
        self.act(self._retry_records, self.tr("Trying again"))

    def _retry_records(self, records: list[Any]) -> None:
        """Of several ends of one task (they have one key) the newest is tried again, and no task twice."""
        if self.session is None:
            return
        wanted: dict[tuple[str, str], Any] = {}
        for record in records:
            if record.status in RETRIED_STATES:
                wanted.setdefault((record.task_type, record.key), record)
        if wanted:
            self.session.commands.retry_failures(list(wanted.values()))
        else:
            self.session.commands.told.emit(
                self.tr("Nothing to retry: {0} tasks ended well").format(number_text(len(records)))
            )

    def _can_retry(self, index: QModelIndex) -> bool:
        record = self.model.record_at(index)
        return record is not None and record.status in RETRIED_STATES

    def _on_actions_moved(self) -> None:
        record = self.model.record_at(self.view.acting_index)
        self._retry_one.setVisible(record is not None and record.status in RETRIED_STATES)
        if record is not None:
            self._retry_one.setAccessibleName(self.tr("Retry {0}").format(task_name(record)))

    def _on_retry_one(self) -> None:
        record = self.model.record_at(QModelIndex(self.view.acting_index))
        if record is not None:
            self._retry_records([record])


def _named() -> dict[str, Column]:
    """The columns by the names under which they are kept."""
    return {column.name.lower(): width for column, width in _COLUMNS.items()}
