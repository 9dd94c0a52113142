"""A domain's page, Queue: how much waits and for what, and who comes next."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QStackedLayout

from app.models.domain_looks import task_name
from app.models.next_tasks_model import NextColumn, NextTasksModel
from app.models.wording import number_text
from app.pages.domain_section import DomainSection, PanelPlace
from app.pages.refresher import Refresher
from app.problem import problem_from
from app.widgets.next_delegate import NextDelegate
from app.widgets.note_card import NoteCard
from app.widgets.row_buttons import RowButtons
from app.widgets.row_painting import ROW_HEIGHT
from app.widgets.rows_view import Column, RowsView
from scheduler_core import DomainCounts

_COLUMNS = {
    NextColumn.TASK: Column(220, least=140, share=3),
    NextColumn.STATE: Column(150, least=96, share=1),
    NextColumn.SINCE: Column(130, least=76, hide_below=440),
    NextColumn.ACTIONS: Column(44),
}
_SHOWN = 20
_ROWS = 3
_HEADER = 36
_LEAST_MS = 250


class QueueSection(DomainSection):
    """The first few that are ready, in the order in which they start; the list keeps its height."""

    def __init__(self, place: PanelPlace) -> None:
        super().__init__(place, "queue", self.tr("Queue"))
        self._counts = place.handle.counts
        self._model = NextTasksModel(self, place.now)
        self.view = _QueueView(f"panel-queue-list-{place.handle.name}", self.tr("Tasks that start next"))
        self.view.setItemDelegate(NextDelegate(self.view))
        self.view.setModel(self._model)
        self.view.cancel_key = self._cancel_selected
        self.view.add_menu_action(self.tr("Cancel"), self._cancel_selected)
        buttons = RowButtons(100)
        self._cancel = buttons.add_button(
            "panel-queue-cancel", "close", self.tr("Cancel"), self.tr("Cancel this task")
        )
        self._cancel.clicked.connect(self._on_cancel)
        self.view.set_actions(buttons, NextColumn.ACTIONS)
        self.view.actions_moved.connect(self._on_actions_moved)
        # Is what is listed older than the counts?
        self._is_stale, self._says_why = True, False
        self._note = NoteCard("waiting")
        for part in (self.view, self._note):
            part.setFixedHeight(_HEADER + _ROWS * ROW_HEIGHT + 2)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._note)
        self._stack.addWidget(self.view)
        self.body.addLayout(self._stack)
        self._refresher = Refresher(self._ask, _LEAST_MS, self._on_error, self)
        self.links.core(place.handle.counts_changed, self._on_counts)
        self.links.core(place.handle.paused_changed, self._on_change)
        self.links.core(place.session.scheduler.paused_changed, self._on_change)
        self.links.core(place.session.scheduler.group_changed, self._on_change)
        self._show()

    @property
    def is_settled(self) -> bool:
        """Is nothing asked, and nothing to be asked?"""
        return self._refresher.is_idle

    def wake(self) -> None:
        """The page can be seen now."""
        self._counts = self.place.handle.counts
        self._is_stale = True
        self._show()
        self._refresher.hurry()

    def close_links(self) -> None:
        """Lets the session go. Idempotent."""
        super().close_links()
        self._refresher.close()

    def _on_counts(self, counts: DomainCounts) -> None:
        self._counts = counts
        if self.place.is_seen():
            self._is_stale = True
            self._show()
            self._refresher.request()

    def _on_change(self, _what: Any) -> None:
        if self.place.is_seen():
            self._refresher.request()

    async def _ask(self) -> None:
        records = await self.place.session.scheduler.next_tasks(self.place.handle.name, _SHOWN)
        if not self._refresher.is_closed:
            self._model.show(records)
            self._is_stale = False
            self._show()

    def _on_error(self, error: Exception) -> None:
        remedy = self.tr("Open the page again; the log has the details")
        thing = self.tr("Queue of {0}").format(self.place.title)
        self.place.session.commands.failed.emit(problem_from(error, thing=thing, remedy=remedy))

    def _show(self) -> None:
        counts = self._counts
        parts = [
            (counts.pending, self.tr("{0} waiting")),
            (counts.paused, self.tr("{0} paused")),
            (counts.blocked, self.tr("{0} behind other tasks")),
            (counts.waiting, self.tr("{0} with children at work")),
        ]
        self.show_figure(" · ".join(words.format(number_text(n)) for n, words in parts if n))
        waits = counts.pending + counts.paused + counts.blocked > 0
        if self._model.rowCount():
            self._stack.setCurrentIndex(1)
        elif waits and self._is_stale:
            # Nobody knows yet whether they are ready; what is said already stays meanwhile, if it is no contradiction.
            if self._stack.currentIndex() == 0 and not self._says_why:
                self._stack.setCurrentIndex(1)
        else:
            self._says_why = waits
            self._stack.setCurrentIndex(0)
            if counts.pending + counts.paused:
                self._note.say(self.tr("None of them is ready: they wait for their time."))
            elif counts.blocked:
                self._note.say(self.tr("None of them is ready: they wait for other tasks."))
            else:
                self._note.say(self.tr("Nothing waits. What comes in stands here until it can start."))

    def _cancel_selected(self) -> None:
        for row in self.view.selectionModel().selectedRows():
            record = self._model.record_at(row)
            if record is not None:
                self.place.session.commands.cancel_task(record.domain, record.id)

    def _on_actions_moved(self) -> None:
        record = self._model.record_at(self.view.acting_index)
        if record is not None:
            self._cancel.setAccessibleName(self.tr("Cancel {0}").format(task_name(record)))

    def _on_cancel(self) -> None:
        record = self._model.record_at(self.view.acting_index)
        if record is not None:
            self.place.session.commands.cancel_task(record.domain, record.id)


class _QueueView(RowsView):
    """Delete cancels what is selected."""

    def __init__(self, name: str, accessible_name: str) -> None:
        super().__init__(name, accessible_name, list(_COLUMNS.values()))
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.cancel_key = lambda: None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's hook; Delete cancels."""
        if event.key() == Qt.Key.Key_Delete:
            self.cancel_key()
        else:
            super().keyPressEvent(event)
