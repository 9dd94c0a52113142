"""A domain's page, Running: what of the domain is at work, with progress and time left."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QStackedLayout

from app.models.domain_looks import task_name
from app.models.task_row import TaskColumn
from app.models.tasks_filter import TasksFilter
from app.models.tasks_model import TasksModel
from app.models.wording import number_text
from app.pages.domain_section import DomainSection, PanelPlace
from app.pages.running_feed import RunningFeed
from app.widgets.note_card import NoteCard
from app.widgets.row_buttons import RowButtons
from app.widgets.row_painting import ROW_HEIGHT
from app.widgets.rows_view import Column, RowsView
from app.widgets.task_delegate import TaskDelegate

_COLUMNS = {
    TaskColumn.TASK: Column(180, least=120, share=3),
    TaskColumn.DOMAIN: Column(0, hide_below=100_000),
    TaskColumn.PROGRESS: Column(180, least=120, share=2),
    TaskColumn.DATA: Column(152, least=144, hide_below=760),
    TaskColumn.ELAPSED: Column(80, least=76, hide_below=600),
    TaskColumn.LEFT: Column(84, least=72),
    TaskColumn.ACTIONS: Column(44),
}
_LEAST_ROWS, _MOST_ROWS = 2, 4
_HEADER = 36


class RunningSection(DomainSection):
    """As high as the domain's cap lets it be, two to four rows: it does not move as tasks come and go."""

    def __init__(self, place: PanelPlace) -> None:
        super().__init__(place, "running", self.tr("Running"))
        self._model = TasksModel(self, place.now)
        self._filter = TasksFilter(self._model, self)
        self._filter.set_domain(place.handle.name)
        self.view = _RunningView(f"panel-running-list-{place.handle.name}", self.tr("Running tasks"))
        self.view.setItemDelegate(TaskDelegate(self.view))
        self.view.setModel(self._filter)
        self.view.cancel_key = self._cancel_selected
        self.view.add_menu_action(self.tr("Cancel"), self._cancel_selected)
        buttons = RowButtons(100)
        self._cancel = buttons.add_button(
            "panel-running-cancel", "close", self.tr("Cancel"), self.tr("Cancel this task")
        )
        self._cancel.clicked.connect(self._on_cancel)
        self.view.set_actions(buttons, TaskColumn.ACTIONS)
        self.view.actions_moved.connect(self._on_actions_moved)
        self._note = NoteCard("running")
        self._stack = QStackedLayout()
        self._stack.addWidget(self._note)
        self._stack.addWidget(self.view)
        self.body.addLayout(self._stack)
        self._feed = RunningFeed(place.session, self._model, place.is_seen, self)
        for model in (self._filter, self._model):
            for signal in (model.rowsInserted, model.rowsRemoved):
                signal.connect(lambda *_: self._show_rows())
        self.links.core(place.handle.max_concurrency_changed, lambda _cap: self._fit())
        self.links.core(place.session.scheduler.max_concurrency_changed, lambda _cap: self._fit())
        self.links.core(place.handle.paused_changed, lambda _paused: self._show_rows())
        self.links.core(place.session.scheduler.paused_changed, lambda _paused: self._show_rows())
        self.offer_more(self.tr("All running tasks"))
        self._fit()
        self._show_rows()

    @property
    def is_settled(self) -> bool:
        """Is nothing asked, and nothing to be asked?"""
        return self._feed.is_idle

    def wake(self) -> None:
        """The page can be seen now."""
        self._feed.wake()

    def sleep(self) -> None:
        """Nobody sees the page."""
        self._feed.sleep()

    def close_links(self) -> None:
        """Lets the session go. Idempotent."""
        super().close_links()
        self._feed.close()

    def _fit(self) -> None:
        caps = (self.place.handle.max_concurrency, self.place.session.scheduler.max_concurrency)
        cap = min(cap for cap in caps if cap is not None)
        rows = max(_LEAST_ROWS, min(cap, _MOST_ROWS))
        height = _HEADER + rows * ROW_HEIGHT + 2
        self.view.setFixedHeight(height)
        self._note.setFixedHeight(height)

    def _show_rows(self) -> None:
        running = self._filter.rowCount()
        self.show_figure(number_text(running) if running else "")
        self._stack.setCurrentIndex(1 if running else 0)
        if self.place.session.scheduler.is_paused:
            self._note.say(self.tr("Everything is paused. Resume all, and it goes on."))
        elif self.place.handle.is_paused:
            self._note.say(self.tr("{0} is off. Its switch above turns it on.").format(self.place.title))
        else:
            self._note.say(self.tr("Nothing is running. What starts shows up here, with its progress."))

    def _cancel_selected(self) -> None:
        for row in self.view.selectionModel().selectedRows():
            record = self._filter.record_at(row)
            if record is not None:
                self.place.session.commands.cancel_task(record.domain, record.id)

    def _on_actions_moved(self) -> None:
        record = self._filter.record_at(self.view.acting_index)
        if record is not None:
            self._cancel.setAccessibleName(self.tr("Cancel {0}").format(task_name(record)))

    def _on_cancel(self) -> None:
        record = self._filter.record_at(self.view.acting_index)
        if record is not None:
            self.place.session.commands.cancel_task(record.domain, record.id)


class _RunningView(RowsView):
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
