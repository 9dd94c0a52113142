"""Text of any length to be read, selected and copied as it is: it wraps, within long paths too."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QTextOption, QWheelEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget

from app.theme import body_font, color, follow_theme


class Prose(QTextEdit):
    """Plain text as tall as its width makes it, in the colour of `token`. What is copied is what was given.

    A QLabel breaks lines between words only, and a path has none.
    """

    def __init__(
        self, text: str, token: str = "text", font: QFont | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._token = token
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        # As with a label: a click takes the focus, the tab key goes past.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setFont(font or body_font())
        self.document().setDocumentMargin(0)
        self.setPlainText(text)
        # A copy: asking for a height must not lay out anew what is shown.
        self._measured = self.document().clone(self)
        # A clone has the margin of any new document.
        self._measured.setDocumentMargin(0)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._ink()
        follow_theme(self, self._ink)

    def set_text(self, text: str) -> None:
        """Other words; much cheaper than another Prose, which Qt has to dress anew."""
        if text != self.toPlainText():
            self.setPlainText(text)
            self._measured.setPlainText(text)
            self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        """Its height follows its width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all lines at that width, in pixels."""
        if self._measured.defaultFont() != self.font():
            self._measured.setDefaultFont(self.font())
        self._measured.setTextWidth(max(1, width))
        return round(self._measured.size().height())

    def sizeHint(self) -> QSize:
        """One line; the layout asks for the height at the width it gives."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.toPlainText()), metrics.height())

    def minimumSizeHint(self) -> QSize:
        """No text is too long for any width."""
        return QSize(0, self.fontMetrics().height())

    def wheelEvent(self, e: QWheelEvent) -> None:
        """What it stands in scrolls, never this."""
        e.ignore()

    def _ink(self) -> None:
        # The window's rules for boxes to write in are not meant for this.
        self.setStyleSheet(
            "QTextEdit, QTextEdit:focus { background: transparent; border: none; padding: 0; min-height: 0;"
            f" color: {color(self._token).name()}; }}"
        )
