"""Text of any length in a narrow place: it wraps, within long paths too, and never widens the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy

from app.theme import body_font


class WrapLabel(QLabel):
    """Plain text that is as tall as its width makes it; hidden while it is empty."""

    def __init__(self, text: str = "", font: QFont | None = None, role: str = "") -> None:
        super().__init__()
        self._heights: dict[int, int] = {}
        self.setTextFormat(Qt.TextFormat.PlainText)
        # QLabel's own wrapping breaks between words only, and a path has none.
        self.setWordWrap(True)
        self.setFont(font or body_font())
        self.setProperty("role", role)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.show_text(text)

    def show_text(self, text: str) -> None:
        """Shows another text."""
        self._heights.clear()
        self.setText(text)
        self.setHidden(not text)
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        """Its height follows its width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all lines at that width, in pixels."""
        # Layouts ask for it whenever anything beside it changes, at a few widths by turns.
        if width not in self._heights:
            self._heights[width] = self._lines(width)[1]
        return self._heights[width]

    def changeEvent(self, event: QEvent) -> None:
        """Qt's hook; another font has other heights."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._heights.clear()

    def sizeHint(self) -> QSize:
        """One line; the layout asks for the height at the width it gives."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()), metrics.height())

    def minimumSizeHint(self) -> QSize:
        """No text is too long for any width."""
        return QSize(0, self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the lines in the colour that the stylesheet gives."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        lines, height = self._lines(self.width())
        lines.draw(painter, QPointF(0, max(0, self.height() - height) // 2))

    def _lines(self, width: int) -> tuple[QTextLayout, int]:
        # A sign of per cent does not begin a line.
        layout = QTextLayout(self.text().replace(" %", "\u00a0%"), self.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        height = 0.0
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width))
            line.setPosition(QPointF(0, height))
            height += line.height()
        layout.endLayout()
        return layout, round(height)
