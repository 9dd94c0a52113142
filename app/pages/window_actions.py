"""All actions of the main window, in the order in which the help lists them. Nothing else binds a key of the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.models.pauses import PauseChoice
from app.pages.actions import ActionList, Deed
from app.pages.inspector_links import KEYS
from app.pages.page_list import PAGES

if TYPE_CHECKING:
    from app.pages.file_picker import FilePicker
    from app.pages.main_window import MainWindow
    from app.widgets.page_header import PageHeader


def add_actions(
    actions: ActionList,
    window: MainWindow,
    picker: FilePicker,
    header: PageHeader,
    toggle_palette: Callable[[], None],
    undo: Callable[[], None],
    toggle_inspector: Callable[[], None],
) -> None:
    """Fills the list of a window's actions."""
    go, take, work, app = _tr("Go to"), _tr("Take in"), _tr("Work"), _tr("Tidemill")
    for number, page in enumerate(PAGES, start=1):
        keys = f"Ctrl+{number}" if number < 10 else ""
        title = _tr("Show {0}").format(page.title())
        run = lambda name=page.name: window.show_page(name)  # noqa: E731
        actions.add(Deed(f"page-{page.name}", title, go, keys, page.icon, run))
    pause = header.pause_button
    for deed in (
        Deed("palette", _tr("Go to or do anything"), go, "Ctrl+K", "search", toggle_palette),
        Deed("inspector", _tr("Show or hide the inspector"), go, KEYS, "info", toggle_inspector),
        Deed("add-files", _tr("Add files"), take, "Ctrl+O", "add-file", picker.choose_files),
        Deed("add-folder", _tr("Add a folder"), take, "Ctrl+Shift+O", "add-folder", picker.choose_folder),
        Deed("paste", _tr("Take in what was copied"), take, "Ctrl+V", "drop", picker.paste),
        Deed("pause-all", _tr("Pause all, or resume all"), work, "Ctrl+P", "pause", pause.click),
        Deed(
            "pause-hour",
            _tr("Pause all for 1 hour"),
            work,
            "Ctrl+Shift+P",
            "pause",
            lambda: header.choose_pause(PauseChoice.HOUR),
        ),
        Deed(
            "pause-tomorrow",
            _tr("Pause all until tomorrow (8:00)"),
            work,
            "Ctrl+Alt+P",
            "pause",
            lambda: header.choose_pause(PauseChoice.TOMORROW),
        ),
        Deed("undo", _tr("Undo what was done last"), work, "Ctrl+Z", "retry", undo),
        Deed("library", _tr("Open the library"), app, "Ctrl+L", "folder", window.show_library),
        Deed("settings", _tr("Settings"), app, "Ctrl+,", "settings", lambda: window.show_settings()),
        Deed("help", _tr("Help"), app, "F1", "info", window.show_help),
        Deed("quit", _tr("Quit"), app, "Ctrl+Q", "close", window.quit_requested.emit),
    ):
        actions.add(deed)


def _tr(text: str) -> str:
    return QCoreApplication.translate("actions", text)
