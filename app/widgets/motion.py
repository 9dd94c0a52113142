"""Whether things may move, and for how long: the system's and the person's word on animations."""

from __future__ import annotations

from PySide6.QtWidgets import QStyle, QWidget


def duration_ms(widget: QWidget, wanted_ms: int) -> int:
    """`wanted_ms`, or 0 where animations are switched off or nobody sees the widget."""
    animated = widget.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, widget) > 0
    return wanted_ms if animated and widget.isVisible() else 0
