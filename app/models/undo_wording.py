"""What was done and can be taken back, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale

if TYPE_CHECKING:
    from scheduler_core import Undo


def undo_text(undo: Undo) -> str:
    """ "Cancelled 1,284 tasks", "Cleared 1 failure"."""
    number = QLocale().toString(undo.n)
    if undo.act == "cancel":
        return _tr("Cancelled 1 task") if undo.n == 1 else _tr("Cancelled {0} tasks").format(number)
    return _tr("Cleared 1 failure") if undo.n == 1 else _tr("Cleared {0} failures").format(number)


def _tr(text: str) -> str:
    return QCoreApplication.translate("undo", text)
