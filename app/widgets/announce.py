"""Tells screen readers what appears without having the focus."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, text: str, *, alert: bool = False) -> None:
    """Has `text` read out, after what is being read now; as an alert at once."""
    # Not before there is something to say: the first picture does without it.
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent

    if not QAccessible.isActive():
        return
    said = QAccessibleAnnouncementEvent(widget, text)
    if alert:
        said.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(QAccessibleEvent(widget, QAccessible.Event.Alert))
    QAccessible.updateAccessibility(said)
