"""A QObject in a circle of references dies on the GUI thread, whoever allocates."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject
from pytestqt.qtbot import QtBot

from app.system.garbage import YOUNG_OBJECTS, collect_on_gui_thread


def leave_a_circle(died_on: list[threading.Thread]) -> list[object]:
    """A QObject that only the collector can free, once what is returned has been let go."""
    circle = QObject()
    knot: list[object] = [circle]
    knot.append(knot)
    weakref.finalize(circle, lambda: died_on.append(threading.current_thread()))
    return knot


def turn_until(app: QCoreApplication, condition: Callable[[], bool]) -> None:
    """Turns the loop with new objects each time, until the condition holds; fails after a thousand turns."""
    for _ in range(1_000):
        young = [[number] for number in range(2 * YOUNG_OBJECTS)]
        app.processEvents()
        del young  # before the next ones are made: what is freed is taken off the count of what was made
        if condition():
            return
    raise AssertionError("not in a thousand turns")


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


def test_a_collector_that_was_switched_off_stays_off(qapp: QCoreApplication) -> None:
    """Else every thread would collect from then on, and free QObjects of the windows that are closed."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        collect_on_gui_thread()()
        assert not gc.isenabled()
    finally:
        if was_enabled:
            gc.enable()


def test_the_program_is_set_aside_and_what_comes_later_still_dies(qapp: QCoreApplication) -> None:
    was_enabled = gc.isenabled()
    gc.enable()
    undo = collect_on_gui_thread()
    try:
        begun = gc.get_freeze_count()
        assert begun > 0
        # More than may die meanwhile of what was set aside at first.
        program = [[number] for number in range(50_000)]
        turn_until(qapp, lambda: gc.get_freeze_count() > begun)
        assert program
        died_on: list[threading.Thread] = []
        held = [leave_a_circle(died_on)]
        gc.collect(1)  # it is old now: only a look at everything that is not set aside finds it
        held.clear()
        turn_until(qapp, lambda: bool(died_on))
        assert died_on == [threading.main_thread()]
    finally:
        undo()
        if not was_enabled:
            gc.disable()
    assert gc.get_freeze_count() == 0
