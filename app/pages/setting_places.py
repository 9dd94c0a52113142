"""Brings a person to one control, wherever it is: in the settings window, on a domain's page, in the window's frame."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

_SETTLED_MS = 400


@runtime_checkable
class HasSettings(Protocol):
    """A page with controls that somebody may be sent to."""

    def show_setting(self, control: str) -> bool:
        """Shows the control of that object name and gives it the focus; False if it is not there."""
        ...


def focus_control(area: QScrollArea | None, root: QWidget, name: str) -> bool:
    """The control of that object name below `root` gets the focus, where one sees it; is it there?"""
    control = root.findChild(QWidget, name)
    if control is None:
        return False
    # What was just unfolded has its place only then.
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    control.setFocus(Qt.FocusReason.ShortcutFocusReason)
    if area is not None:
        _KeepInView(area, control)
    return True


class _KeepInView(QObject):
    """A page that was just made finds its heights step by step: until it has, the control is brought into view again."""

    def __init__(self, area: QScrollArea, control: QWidget) -> None:
        super().__init__(control)
        self._area = area
        self._control = control
        area.verticalScrollBar().rangeChanged.connect(self._look)
        QTimer.singleShot(0, self, self._look)
        QTimer.singleShot(_SETTLED_MS, self, self.deleteLater)
        self._look()

    def _look(self) -> None:
        # With what belongs to it below: `ensureWidgetVisible` is content when it is just to be seen.
        inner = self._area.widget()
        if inner is None:
            return
        top = self._control.mapTo(inner, QPoint(0, 0)).y()
        self._area.verticalScrollBar().setValue(top - self._area.viewport().height() // 3)
