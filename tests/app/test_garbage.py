"""A QObject in a circle of references dies on the GUI thread, whoever allocates."""

from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtCore import QCoreApplication, QObject
from pytestqt.qtbot import QtBot

from app.system.garbage import YOUNG_OBJECTS, collect_on_gui_thread


def leave_a_circle(died_on: list[threading.Thread]) -> None:
    """A QObject that only the collector can free."""
    circle = QObject()
    circle.setProperty("name", "circle")
    held = [circle]
    held.append(held)  # type: ignore[arg-type]
    weakref.finalize(circle, lambda: died_on.append(threading.current_thread()))


def allocate() -> None:
    """Enough for several collections of every generation."""
    kept = [[number] for number in range(200_000)]
    assert kept


def test_garbage_with_qobjects_dies_on_the_gui_thread(qapp: QCoreApplication, qtbot: QtBot) -> None:
    was_enabled = gc.isenabled()
    gc.enable()
    undo = collect_on_gui_thread()
    try:
        died_on: list[threading.Thread] = []
        leave_a_circle(died_on)
        other = threading.Thread(target=allocate)
        other.start()
        other.join()
        assert died_on == []
        filling = [[number] for number in range(2 * YOUNG_OBJECTS)]
        qtbot.waitUntil(lambda: bool(died_on))
        assert filling
        assert died_on == [threading.main_thread()]
    finally:
        undo()
        assert gc.isenabled()
        if not was_enabled:
            gc.disable()
