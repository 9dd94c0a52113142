"""Imports what takes long beside the event loop, so that neither the window nor the scheduler waits for it.

Only for modules that never touch Qt: PySide's types are made on the GUI thread, or the program may crash.
"""

from __future__ import annotations

import importlib
import logging
import sys
import threading

from PySide6.QtCore import QObject, QTimer, Signal

log = logging.getLogger(__name__)


class LateImport(QObject):
    """`done()` comes in the thread of this object once `module` can be imported at no cost, in a later turn."""

    done = Signal()

    def __init__(self, module: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._module = module
        self._thread: threading.Thread | None = None

    @property
    def is_there(self) -> bool:
        """Can it be imported at no cost already?"""
        return self._module in sys.modules and (self._thread is None or not self._thread.is_alive())

    def start(self) -> None:
        """Begins; nothing when it has begun and goes on."""
        if self._thread is not None and self._thread.is_alive():
            # Half an import is in `sys.modules` already.
            return
        if self._module in sys.modules:
            QTimer.singleShot(0, self, self.done.emit)
        else:
            self._thread = threading.Thread(target=self._run, name=f"import {self._module}")
            self._thread.start()

    def wait(self) -> None:
        """Returns when the thread has ended: nobody takes the program away from under an import."""
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            importlib.import_module(self._module)
        except Exception:
            # It fails again, where it can be told, when it is needed.
            log.exception("%s cannot be imported", self._module)
        self.done.emit()
