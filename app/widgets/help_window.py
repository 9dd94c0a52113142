"""F1: what the keys do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from app.theme import GRID, heading_font


class HelpWindow(QDialog):
    """A window beside the work, not before it: shortcuts and what they do, in the order given."""

    def __init__(self, shortcuts: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("help-window")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Tidemill: help"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        title = QLabel(self.tr("Keyboard"))
        title.setFont(heading_font(20))
        layout.addWidget(title)
        grid = QGridLayout()
        grid.setHorizontalSpacing(4 * GRID)
        grid.setVerticalSpacing(GRID)
        for row, (keys, meaning) in enumerate(shortcuts):
            key = QLabel(QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText))
            key.setProperty("role", "muted")
            grid.addWidget(key, row, 0)
            grid.addWidget(QLabel(meaning), row, 1)
        layout.addLayout(grid)
        hint = QLabel(
            self.tr(
                "Drop files or folders on the window, or copy them and press {0}: they become one job."
            ).format(QKeySequence("Ctrl+V").toString(QKeySequence.SequenceFormat.NativeText))
        )
        hint.setWordWrap(True)
        hint.setProperty("role", "muted")
        hint.setTextFormat(Qt.TextFormat.PlainText)
        layout.addWidget(hint)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        # The style's own picture is of another family than our icons.
        buttons.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())
        layout.addWidget(buttons)
