"""What Queue and History share: filters that stay, rows to choose, all that is filtered to act on, copy and export."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.models.column_choice import ColumnChoice, choice_from_text
from app.models.domain_looks import domain_looks, look_of
from app.models.task_export import tab_text
from app.models.task_wish import TaskWish, wish_from_text
from app.models.window_model import WindowModel
from app.models.wording import number_text
from app.pages.exporting import Export
from app.pages.list_page import ListPage
from app.pages.window_feed import WindowFeed
from app.pages.window_state import window_state
from app.theme import GRID
from app.widgets.chosen_columns import ChosenColumns
from app.widgets.empty_state import EmptyState
from app.widgets.filter_bar import FilterBar
from app.widgets.note_bar import NoteBar
from app.widgets.rows_view import Column
from app.widgets.task_rows_view import TaskRowsView

if TYPE_CHECKING:
    from app.bridge.session import Session

_PAGE: Final = 500
_NOTED_AFTER_MS: Final = 50
"""What is found sooner is not said to be looked for."""
_MOST_COPIED: Final = 20_000
"""More than this nobody pastes; it is what export is for."""


class TaskTable(ListPage):
    """Grey rows until it is attached.

    `selected(object)`: the record of the one row that is selected, or None. `opened(object)`: a person opened a row by
    Enter or a double click.
    """

    selected = Signal(object)
    opened = Signal(object)

    def __init__(
        self, name: str, icon: str, model: WindowModel, filters: FilterBar, parent: QWidget | None = None
    ) -> None:
        super().__init__(f"page-{name}", EmptyState(icon, "", "", self.tr("Clear filters")), parent)
        self._name = name
        self.model = model
        self.filters = filters
        self._is_all = False
        self._shown: Any = None
        self._export: Export | None = None
        # A page of a busy list is a dozen changes.
        self._rows_timer = QTimer(self)
        self._rows_timer.setSingleShot(True)
        self._rows_timer.setInterval(0)
        self._rows_timer.timeout.connect(self._on_rows)
        self._finding = QTimer(self)
        self._finding.setSingleShot(True)
        self._finding.setInterval(_NOTED_AFTER_MS)
        self._finding.timeout.connect(self._note_finding)
        self.chosen_text = QLabel()
        self.chosen_text.setObjectName(f"{name}-chosen")
        self.chosen_text.setProperty("role", "muted")
        self.actions_row = QHBoxLayout()
        self.copy_button = self.button(
            f"{name}-copy", self.tr("Co&py"), self.tr("Copy the selected as text (Ctrl+C)"), self.copy
        )
        self.export_button = self.button(
            f"{name}-export",
            self.tr("E&xport…"),
            self.tr("Write all that is listed here into a file: CSV or JSON"),
            self.choose_file,
        )
        self.filter_note = NoteBar(f"{name}-filtered", self.tr("Clear filters"))
        self.filter_note.button.clicked.connect(self.clear_filters)
        self.export_note = NoteBar(f"{name}-exporting", self.tr("Stop"))
        self.export_note.button.clicked.connect(self._stop_export)
        self.empty.activated.connect(self.clear_filters)
        self.filters.wish_changed.connect(self._on_wish)

    # --- what a subclass says ------------------------------------------------------------------------------

    def targets_text(self, count: str) -> str:
        """The line beside the buttons: so many rows are chosen."""
        raise NotImplementedError

    def show_chosen(self, records: Sequence[Any], *, is_all: bool) -> None:
        """Which buttons can be pressed now; with `is_all` all that is filtered is chosen, `records` are a part of it."""
        raise NotImplementedError

    def empty_words(self) -> tuple[str, str]:
        """What it means that there is nothing at all, and what to do."""
        raise NotImplementedError

    # --- how it is put together ----------------------------------------------------------------------------

    def build(
        self, view: TaskRowsView, columns: Mapping[str, Column], buttons: Sequence[QPushButton]
    ) -> None:
        """Puts the parts together; `buttons` act on what is chosen, before Copy and Export."""
        self.view = view
        self.actions_row.setContentsMargins(0, 0, 0, 0)
        self.actions_row.setSpacing(GRID)
        self.actions_row.addWidget(self.chosen_text)
        self.actions_row.addStretch(1)
        for button in (*buttons, self.copy_button, self.export_button):
            self.actions_row.addWidget(button)
        tools = QVBoxLayout()
        tools.setContentsMargins(0, 0, 0, 0)
        tools.setSpacing(GRID)
        tools.addWidget(self.filters)
        tools.addLayout(self.actions_row)
        self.bar.addLayout(tools)
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(1, self.filter_note)
        layout.insertWidget(2, self.export_note)
        view.setModel(self.model)
        self.columns = ChosenColumns(view, columns)
        self.columns.changed.connect(self._on_columns)
        self.model.paging.is_end_in_sight = view.is_end_in_sight
        view.near_top = self.model.fetch_newer
        view.is_top_first = lambda: not self.model.is_slid
        view.all_wanted.connect(self.choose_all)
        view.copy_wanted.connect(self.copy)
        view.touched.connect(self._on_touched)
        view.row_opened.connect(lambda index: self.opened.emit(self.model.record_at(index)))
        view.selectionModel().selectionChanged.connect(lambda *_: self._on_selection())
        for signal in (self.model.rowsInserted, self.model.rowsRemoved, self.model.dataChanged):
            signal.connect(lambda *_: self._rows_timer.start())
        self.set_content(view)
        self._on_selection()

    def button(self, name: str, text: str, help_text: str, slot: Callable[[], None]) -> QPushButton:
        """A button of the row of actions."""
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(help_text)
        button.setToolTip(help_text)
        button.clicked.connect(lambda: slot())
        return button

    # --- session -------------------------------------------------------------------------------------------

    def attach(self, session: Session) -> None:
        """Shows what is filtered of the session and follows it."""
        looks = domain_looks(session.plugins)
        handles = session.scheduler.domains()
        self._kept = window_state(session.settings, self)
        self.columns.show_choice(choice_from_text(str(self._kept.value(f"{self._name}/columns", ""))))
        self.filters.show_wish(wish_from_text(str(self._kept.value(f"{self._name}/filters", ""))))
        self.filters.set_domains(
            [(handle.name, look_of(looks, handle.name).title) for handle in handles],
            {handle.name: [kind.qualified_type for kind in handle.task_types.values()] for handle in handles},
        )
        super().attach(session)
        if isinstance(self.feed, WindowFeed):
            self.feed.loaded.connect(self._on_rows)
        self._show_filters()

    def detach(self) -> None:
        """Lets the session go and shows grey rows again. Idempotent."""
        self._stop_export()
        self._is_all = False
        super().detach()

    def clear_rows(self) -> None:
        """Empties the list."""
        self.model.clear()

    def _on_columns(self, choice: ColumnChoice) -> None:
        if self.session is not None:
            self._kept.setValue(f"{self._name}/columns", choice.to_text())

    # --- filters -------------------------------------------------------------------------------------------

    @property
    def wish(self) -> TaskWish:
        """What is wanted."""
        return self.filters.wish

    def clear_filters(self) -> None:
        """Shows everything again."""
        self.filters.clear()

    def _on_wish(self, wish: TaskWish) -> None:
        self._is_all = False
        self.view.clearSelection()
        self.view.scrollToTop()
        if self.session is not None:
            self._kept.setValue(f"{self._name}/filters", wish.to_text())
        if isinstance(self.feed, WindowFeed):
            self.feed.set_wish(wish)
        self._show_filters()
        self._on_rows()

    def _show_filters(self) -> None:
        words = self.filters.words()
        self.filter_note.tell(self.tr("Filtered: {0}").format("  ·  ".join(words)) if words else "")

    # --- rows ----------------------------------------------------------------------------------------------

    def _on_rows(self) -> None:
        if not isinstance(self.feed, WindowFeed):
            return
        has_rows, is_all = self.model.rowCount() > 0, self.wish.is_all
        self._is_all = self._is_all and has_rows
        if self.feed.is_searching and not has_rows and not is_all:
            self.empty.set_text(self.tr("Searching…"), "")
        elif not is_all:
            self.empty.set_text(
                self.tr("No task matches"), self.tr("Nothing is as the filters want it. Take some away.")
            )
        else:
            self.empty.set_text(*self.empty_words())
        self.empty.button.setVisible(not is_all)
        self.show_content(has_rows=has_rows, keep_bar=not is_all)
        if self._is_all:
            self.view.selectAll()
        self._on_selection()

    # --- what is chosen ------------------------------------------------------------------------------------

    @property
    def is_all_chosen(self) -> bool:
        """Is all that is filtered chosen, also what is not loaded?"""
        return self._is_all

    def choose_all(self) -> None:
        """Chooses all that is filtered."""
        self._is_all = True
        self.view.selectAll()
        self._on_selection()

    def chosen(self) -> list[Any]:
        """The records of the rows that are selected, in their order."""
        rows = sorted(self.view.selectionModel().selectedRows(), key=lambda index: index.row())
        return [record for row in rows if (record := self.model.record_at(row)) is not None]

    async def pages(self) -> AsyncIterator[Sequence[Any]]:
        """All that is filtered, page by page."""
        feed, after = self.feed, None
        while isinstance(feed, WindowFeed):
            page = await feed.all_of(_PAGE, after)
            if page:
                yield page
                after = page[-1]
            if len(page) < _PAGE:
                return

    def act(self, do: Callable[[list[Any]], None], thing: str) -> None:
        """Does something with the records that are chosen: at once, or, where all are, as soon as they are found."""
        if self.errands is None or self.session is None:
            return
        if not self._is_all:
            if records := self.chosen():
                do(records)
            return

        commands = self.session.commands

        async def find_and_do() -> None:
            records: list[Any] = []
            try:
                async for page in self.pages():
                    records += page
                do(records)
            finally:
                self._finding.stop()
                commands.settled.emit()

        self._finding.start()

        self.errands.start(find_and_do(), thing)

    def _note_finding(self) -> None:
        if self.session is not None:
            self.session.commands.noted.emit(self.tr("Finding all that is listed…"))

    def copy(self) -> None:
        """Puts what is chosen on the clipboard, as lines of cells."""
        self.act(self._copy, self.tr("Copy"))

    def _copy(self, records: list[Any]) -> None:
        if self.session is None or not records:
            return
        QGuiApplication.clipboard().setText(tab_text(records[:_MOST_COPIED]))
        words = self.tr("Copied: {0} tasks")
        if len(records) > _MOST_COPIED:
            words = self.tr("Copied: the first {0} tasks. Export writes all of them.")
        self.session.commands.told.emit(words.format(number_text(min(len(records), _MOST_COPIED))))

    def _on_touched(self) -> None:
        self._is_all = False

    def _on_selection(self) -> None:
        records = self.chosen()
        count = number_text(len(records))
        if self._is_all:
            self.chosen_text.setText(self.tr("All that is listed is selected"))
        else:
            self.chosen_text.setText(self.targets_text(count) if records else "")
        self.copy_button.setEnabled(bool(records))
        self.export_button.setEnabled(self.model.rowCount() > 0 and self._export is None)
        self.show_chosen(records, is_all=self._is_all)
        record = records[0] if len(records) == 1 and not self._is_all else None
        if record != self._shown:
            self._shown = record
            self.selected.emit(record)

    # --- export --------------------------------------------------------------------------------------------

    def choose_file(self) -> None:
        """Asks where to write, beside the work: the window stays usable."""
        dialog = QFileDialog(self, self.tr("Export"))
        dialog.setObjectName("export-file")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        forms = {
            self.tr("CSV, for spreadsheets (*.csv)"): "csv",
            self.tr("JSON, all there is (*.json)"): "json",
        }
        dialog.setNameFilters(list(forms))
        dialog.setDefaultSuffix("csv")
        dialog.filterSelected.connect(lambda form: dialog.setDefaultSuffix(forms.get(form, "csv")))
        dialog.selectFile(f"tidemill-{self._name}.csv")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowModality(Qt.WindowModality.NonModal)
        dialog.urlSelected.connect(self._on_file)
        dialog.show()

    def export_to(self, path: Path) -> None:
        """Writes all that is filtered into a file: JSON where it is called so, else CSV."""
        if self.session is None or self.errands is None or self._export is not None:
            return
        export = self._export = Export(path, self)
        export.progressed.connect(
            lambda count: self.export_note.tell(
                self.tr("Writing {0}: {1} tasks").format(path.name, number_text(count))
            )
        )
        self.export_note.tell(self.tr("Writing {0}").format(path.name))
        self._on_selection()
        self.errands.start(self._write(export), str(path))

    async def _write(self, export: Export) -> None:
        session = self.session
        try:
            count = await export.write(self.pages())
        finally:
            self._export = None
            export.deleteLater()
            self.export_note.tell("")
            self._on_selection()
        if session is not None and not export.is_cancelled:
            words = self.tr("Written: {0} tasks into {1}").format(number_text(count), export.path.name)
            session.commands.told.emit(words)

    def _on_file(self, url: QUrl) -> None:
        if url.isLocalFile():
            self.export_to(Path(url.toLocalFile()))

    def _stop_export(self) -> None:
        if self._export is not None:
            self._export.cancel()
