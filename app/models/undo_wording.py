"""What was done and can be taken back, and what came of taking it back, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.models.wording import number_text

if TYPE_CHECKING:
    from scheduler_core import Undo


def undo_text(undo: Undo) -> str:
    """ "Cancelled 1,284 tasks", "Cleared 1 failure", "Trying again: 399 tasks"."""
    one, more = {
        "cancel": (_tr("Cancelled 1 task"), _tr("Cancelled {0} tasks")),
        "clear": (_tr("Cleared 1 failure"), _tr("Cleared {0} failures")),
        "priority": (_tr("Changed the priority of 1 task"), _tr("Changed the priority of {0} tasks")),
        "retry": (_tr("Trying again: 1 task"), _tr("Trying again: {0} tasks")),
    }[undo.act]
    return one if undo.n == 1 else more.format(number_text(undo.n))


def undone_text(undo: Undo, back: int) -> str:
    """ "Undone: 1,284 tasks are back", "Taken back 390 of 399; 9 had started". `back` is what the core answers."""
    if back >= undo.n:  # children come back with the tasks that were chosen
        return _all_back(undo)
    if back == 0:
        return _none_back(undo)
    words = {
        "cancel": _tr("{0} of {1} tasks are back; {2} had been done anew"),
        "clear": _tr("{0} of {1} failures are listed again; {2} have been tried again"),
        "priority": _tr("{0} of {1} priorities are as before; {2} had started or were changed again"),
        "retry": _tr("Taken back {0} of {1}; {2} had started"),
    }[undo.act]
    return words.format(number_text(back), number_text(undo.n), number_text(undo.n - back))


def _all_back(undo: Undo) -> str:
    one, more = {
        "cancel": (_tr("Undone: 1 task is back"), _tr("Undone: {0} tasks are back")),
        "clear": (_tr("Undone: 1 failure is listed again"), _tr("Undone: {0} failures are listed again")),
        "priority": (_tr("Undone: 1 priority is as before"), _tr("Undone: {0} priorities are as before")),
        "retry": (_tr("Taken back: 1 task"), _tr("Taken back: {0} tasks")),
    }[undo.act]
    return one if undo.n == 1 else more.format(number_text(undo.n))


def _none_back(undo: Undo) -> str:
    one, more = {
        "cancel": (_tr("It is too late: it was done anew"), _tr("It is too late: all {0} were done anew")),
        "clear": (_tr("It is too late: it was tried again"), _tr("It is too late: all {0} were tried again")),
        "priority": (
            _tr("It is too late: it had started or was changed again"),
            _tr("It is too late: all {0} had started or were changed again"),
        ),
        "retry": (_tr("It is too late: it had started"), _tr("It is too late: all {0} had started")),
    }[undo.act]
    return one if undo.n == 1 else more.format(number_text(undo.n))


def _tr(text: str) -> str:
    return QCoreApplication.translate("undo", text)
