"""Python's garbage is collected on the GUI thread alone, and never for long.

Python collects in whichever thread happens to allocate: the database's, for one. A QObject that is part of such garbage
would be destroyed there, and Qt does not survive that (seen: "Timers cannot be stopped from another thread", then a
segmentation fault).
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from PySide6.QtCore import QAbstractEventDispatcher

YOUNG_OBJECTS = 2_000
"""Objects of the youngest generation before it is looked at: half a millisecond."""
_MIDDLE_AFTER = 10
"""Collections of the youngest generation that make one of the middle due: a few milliseconds."""
_ALL_AFTER = 25
"""Collections of the middle generation after which everything is looked through."""
_LARGEST_SHARE = 0.01
"""Of the time may go into looking through everything."""


def collect_on_gui_thread() -> Callable[[], None]:
    """Call on the GUI thread, once there is a QApplication: from now on garbage is collected when its loop turns.

    An idle loop does not turn, and is not woken. What has been made until now is set aside: it is the program itself.
    Returns what gives the garbage back to whom it was taken from: to Python's own collector, or to nobody, where Python's
    was switched off.
    """
    was_enabled = gc.isenabled()
    dispatcher = QAbstractEventDispatcher.instance()
    keeper = _Keeper()
    gc.disable()
    gc.freeze()
    dispatcher.awake.connect(keeper.collect_if_due)

    def undo() -> None:
        dispatcher.awake.disconnect(keeper.collect_if_due)
        if was_enabled:
            gc.enable()
        gc.unfreeze()

    return undo


class _Keeper:
    """Chooses the generation as Python would."""

    def __init__(self) -> None:
        self._is_settled = False
        self._full_at_s = 0.0

    def collect_if_due(self) -> None:
        young, middle, old = gc.get_count()
        if young < YOUNG_OBJECTS:
            return
        if old >= _ALL_AFTER and time.monotonic() >= self._full_at_s:
            self._collect_all()
        else:
            gc.collect(1 if middle >= _MIDDLE_AFTER else 0)

    def _collect_all(self) -> None:
        if not self._is_settled:
            # What has lived until now is the program itself: classes, functions, pages. Looking through it would hold
            # the window for 100 ms each time and find nothing; it is set aside once and for all.
            self._is_settled = True
            gc.collect(1)
            gc.freeze()
            return
        begun_s = time.monotonic()
        gc.collect()
        ended_s = time.monotonic()
        self._full_at_s = ended_s + (ended_s - begun_s) / _LARGEST_SHARE
