"""Python's garbage is collected on the GUI thread alone.

Python collects in whichever thread happens to allocate: the database's, for one. A QObject that is part of such garbage
would be destroyed there, and Qt does not survive that (seen: "Timers cannot be stopped from another thread", then a
segmentation fault).
"""

from __future__ import annotations

import gc
from collections.abc import Callable

from PySide6.QtCore import QAbstractEventDispatcher

# Objects of the youngest generation before it is looked at; Python's own 700 is meant for a collection that costs no
# call from Qt.
YOUNG_OBJECTS = 5_000
_OLDER_GENERATIONS = ((2, 10), (1, 10))


def collect_on_gui_thread() -> Callable[[], None]:
    """Call on the GUI thread, once there is a QApplication: from now on garbage is collected when its loop turns.

    An idle loop does not turn, and is not woken. Returns what gives Python its own collector back.
    """
    dispatcher = QAbstractEventDispatcher.instance()
    # What was made up to here stays; it need not be looked through each time.
    gc.freeze()
    gc.disable()
    dispatcher.awake.connect(_collect_if_due)

    def undo() -> None:
        dispatcher.awake.disconnect(_collect_if_due)
        gc.enable()
        gc.unfreeze()

    return undo


def _collect_if_due() -> None:
    counts = gc.get_count()
    if counts[0] < YOUNG_OBJECTS:
        return
    for generation, threshold in _OLDER_GENERATIONS:
        if counts[generation] >= threshold:
            gc.collect(generation)
            return
    gc.collect(0)
