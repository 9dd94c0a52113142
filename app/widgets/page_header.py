"""The line above every page: its title at the left, what can always be done at the right."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpacerItem,
    QToolButton,
    QWidget,
)

from app.models.pauses import PauseChoice
from app.theme import GRID, follow_theme, heading_font
from app.widgets.elide_label import ElideLabel
from app.widgets.icons import icon
from app.widgets.pause_menu import PauseMenu

_PAUSE_WIDTH = 124
_HEIGHT = 32
_WORDS_FROM = 640


class PageHeader(QWidget):
    """`pause_requested(bool)`: True to pause everything, False to go on; `pause_chosen(PauseChoice)`: for how long.

    `add_files` and `add_folder` have signals. `back_requested()`: to the page that the shown one lies below.
    """

    pause_requested = Signal(bool)
    pause_chosen = Signal(object)
    add_files_requested = Signal()
    add_folder_requested = Signal()
    back_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paused = False
        self._pause_words = ""
        self._more: list[QAbstractButton] = []
        # A long title gives way, and never lies under the buttons.
        self._title = ElideLabel()
        self._title.setObjectName("page-title")
        self._title.setFont(heading_font(20))
        self._above = ""
        self._back = self._button("page-back", self.back_requested.emit)
        self._back.setProperty("role", "crumb")
        self._back.setFont(heading_font(20))
        self._back.hide()
        self._crumb = QLabel("\u203a")
        self._crumb.setFont(heading_font(20))
        self._crumb.setProperty("role", "muted")
        self._crumb.hide()
        self.pause_button = self._button("pause-all", self._on_pause)
        self.pause_button.setMinimumWidth(_PAUSE_WIDTH)
        self.pause_menu = PauseMenu("pause-all-menu", self.tr("Pause all"), self)
        self.pause_menu.chosen.connect(self.pause_chosen)
        self.pause_menu.resume_requested.connect(lambda: self.pause_requested.emit(False))
        self.pause_menu_button = self._menu_button()
        self.add_folder_button = self._button("add-folder", self.add_folder_requested.emit)
        self.add_folder_button.setAccessibleName(self.tr("Add folder"))
        self.add_folder_button.setToolTip(self.tr("Add folder"))
        self.add_folder_button.setIconSize(QSize(16, 16))
        self.add_files_button = self._button("add-files", self.add_files_requested.emit)
        self.add_files_button.setAccessibleName(self.tr("Add files"))
        self.add_files_button.setToolTip(self.tr("Add files"))
        self.add_files_button.setIconSize(QSize(16, 16))
        self.add_files_button.setProperty("role", "main")
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self._back)
        row.addWidget(self._crumb)
        row.addWidget(self._title, 1)
        # The line keeps its height when the actions go.
        row.addItem(QSpacerItem(0, _HEIGHT))
        pause = self._pause_row = QHBoxLayout()
        pause.setSpacing(0)
        pause.addWidget(self.pause_button)
        pause.addWidget(self.pause_menu_button)
        row.addLayout(pause)
        for button in (self.add_folder_button, self.add_files_button):
            row.addWidget(button)
        self.set_paused(False)
        self.set_open(False)
        follow_theme(self, self._ink)

    def add_button(self, button: QAbstractButton) -> None:
        """One more thing that can always be done, at the right end."""
        self._more.append(button)
        self._row.addWidget(button)

    def set_title(self, title: str) -> None:
        """The page that is shown now."""
        self._title.setText(title)
        self._fit()

    def set_above(self, title: str) -> None:
        """The title of the page that the shown one lies below, as a way back; empty for none."""
        self._above = title
        self._back.setAccessibleName(self.tr("Back to {0}").format(title))
        self._back.setToolTip(self.tr("Back to {0} (Esc)").format(title))
        self._back.setVisible(bool(title))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's hook; where it is narrow, the way back is an arrow alone, and buttons are icons, one after the other."""
        super().resizeEvent(event)
        self._fit()

    def show_actions(self, shown: bool) -> None:
        """Offers the actions; not on a page that has the one thing to do itself."""
        for button in (*self._actions(), *self._more):
            button.setVisible(shown)

    def set_open(self, is_open: bool) -> None:
        """Is there a scheduler that can be paused?"""
        self.pause_button.setEnabled(is_open)
        self.pause_menu_button.setEnabled(is_open)

    def set_paused(self, paused: bool, until: str = "") -> None:
        """Shows whether everything is paused, and offers the opposite; `until` says when it ends by itself."""
        self._paused = paused
        self.pause_menu.show_state(paused=paused, endless=not until)
        text = self.tr("Resume all") if paused else self.tr("Pause all")
        self._pause_words = text
        self.pause_button.setAccessibleName(text)
        shortcut = QKeySequence("Ctrl+P").toString(QKeySequence.SequenceFormat.NativeText)
        tip = f"{text} ({shortcut})"
        if until:
            tip = self.tr("Paused until {0}").format(until) + "\n" + tip
        self.pause_button.setToolTip(tip)
        self.pause_button.setEnabled(True)
        self.pause_menu_button.setEnabled(True)
        self._ink()

    def _fit(self) -> None:
        is_wide = self.width() >= _WORDS_FROM
        self._back.setText(self._above if is_wide else "\u2039")
        self._crumb.setVisible(bool(self._above) and is_wide)
        self.add_folder_button.setText(self.tr("Add folder…"))
        self.add_folder_button.setIcon(QIcon())
        self.pause_button.setText(self._pause_words)
        self.pause_button.setMinimumWidth(_PAUSE_WIDTH)
        self.add_files_button.setText(self.tr("Add files…"))
        self.add_files_button.setIcon(QIcon())
        title = self._title.fontMetrics().horizontalAdvance(self._title.text())
        for fold in (self._fold_folder, self._fold_pause, self._fold_files):
            # A layout forgets what it has computed when events come; the inner one does not hear of its widgets before.
            self._pause_row.invalidate()
            self._row.invalidate()
            # The title gives way to all others: their hint has no room for it.
            if self.sizeHint().width() + title <= self.width():
                break
            fold()

    def _fold_folder(self) -> None:
        self.add_folder_button.setText("")
        self.add_folder_button.setIcon(icon("add-folder", "text", 16))

    def _fold_pause(self) -> None:
        self.pause_button.setText("")
        self.pause_button.setMinimumWidth(0)

    def _fold_files(self) -> None:
        self.add_files_button.setText("")
        self.add_files_button.setIcon(icon("add-file", "on-accent", 16))

    def choose_pause(self, choice: PauseChoice) -> None:
        """As if it was chosen in the menu, while there is something to pause."""
        if self.pause_menu_button.isEnabled():
            self.pause_chosen.emit(choice)

    def _on_pause(self) -> None:
        wanted = not self._paused
        self._pause_words = self.tr("Pausing…") if wanted else self.tr("Resuming…")
        self._fit()
        self.pause_requested.emit(wanted)

    def _ink(self) -> None:
        self.pause_button.setIcon(icon("play" if self._paused else "pause", "text", 16))
        self.pause_button.setIconSize(QSize(16, 16))
        self.pause_menu_button.setIcon(icon("chevron-down", "text", 16))
        self._fit()

    def _actions(self) -> tuple[QWidget, ...]:
        return self.pause_button, self.pause_menu_button, self.add_folder_button, self.add_files_button

    def _menu_button(self) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("pause-menu")
        button.setAccessibleName(self.tr("How long to pause"))
        button.setToolTip(self.tr("How long to pause"))
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setIconSize(QSize(16, 16))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(self.pause_menu)
        return button

    def _button(self, name: str, slot: Callable[[], None]) -> QPushButton:
        button = QPushButton(self)
        button.setObjectName(name)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(lambda: slot())
        return button
