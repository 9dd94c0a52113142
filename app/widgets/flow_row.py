"""Small parts in a line, which goes on below where it is too narrow for all of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

_LINE_GAP = 4


class FlowRow(QWidget):
    """Parts keep their own widths, `gap` apart; one that is empty, or hidden (then `refresh`), takes no room."""

    def __init__(self, parts: Sequence[QWidget], gap: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = list(parts)
        self._gap = gap
        for part in self._parts:
            part.setParent(self)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, part: QWidget) -> None:
        """One more part, behind the others."""
        self._parts.append(part)
        part.setParent(self)
        part.show()
        self._lay_out(self.width(), move=True)
        self.updateGeometry()

    def refresh(self) -> None:
        """Parts were hidden, shown, or have grown."""
        self._lay_out(self.width(), move=True)
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        """Its height follows its width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all lines at that width."""
        return self._lay_out(width, move=False)

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(100, self._lay_out(10_000, move=False))

    def minimumSizeHint(self) -> QSize:
        """As wide as its widest part."""
        shown = [part for part in self._parts if not _is_put_away(part)]
        widest = max((part.sizeHint().width() for part in shown), default=0)
        return QSize(widest, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's hook; the parts follow the width."""
        super().resizeEvent(event)
        self._lay_out(self.width(), move=True)

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's hook; parts that grew while nobody saw them may not have asked."""
        super().showEvent(event)
        self.refresh()

    def event(self, event: QEvent) -> bool:
        """Qt's hook; a part that has grown asks for a new layout."""
        answer = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._lay_out(self.width(), move=True)
            self.updateGeometry()
        return answer

    def _lay_out(self, width: int, *, move: bool) -> int:
        left = top = line = 0
        for part in self._parts:
            size = part.sizeHint()
            if not size.width() or _is_put_away(part):
                continue
            if left and left + size.width() > width:
                left, top, line = 0, top + line + _LINE_GAP, 0
            if move:
                part.setGeometry(left, top, size.width(), size.height())
            left += size.width() + self._gap
            line = max(line, size.height())
        return top + line


def _is_put_away(part: QWidget) -> bool:
    # A part of a window that was not shown yet is hidden as well, but nobody has hidden it.
    return part.isHidden() and part.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)
