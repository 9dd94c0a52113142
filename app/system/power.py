"""Does the machine run on battery? UPower tells of it where there is one; elsewhere it is looked at when somebody asks."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Signal

log = logging.getLogger(__name__)


class PowerTeller(Protocol):
    """Something that tells when the plug is pulled or put in."""

    def begin(self, tell: Callable[[bool], None]) -> None:
        """Calls `tell(on_battery)` soon, if anything is known, and after each change."""
        ...

    def end(self) -> None:
        """Calls nothing any more. Idempotent."""
        ...


class PowerWatch(QObject):
    """`changed()`: the plug was pulled or put in. `ask` answers whether the machine is on battery, None: it has none.

    Nothing is polled: where nobody tells of changes (Windows, macOS, a Linux without UPower), `ask` is called whenever
    `on_battery` is read.
    """

    changed = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        teller: PowerTeller | None = None,
        ask: Callable[[], bool | None] | None = None,
    ) -> None:
        super().__init__(parent)
        self._teller = teller
        self._ask = ask or ask_psutil
        self._told: bool | None = None
        self._is_started = False

    @property
    def on_battery(self) -> bool:
        """Is the machine on battery, as far as anybody knows? False while nothing is watched."""
        if not self._is_started:
            return False
        return self._ask() is True if self._told is None else self._told

    def start(self) -> None:
        """Listens from now on. Idempotent."""
        if self._is_started:
            return
        self._is_started = True
        if self._teller is None and sys.platform == "linux":
            from app.system.upower import UPower

            self._teller = UPower(self)
        if self._teller is not None:
            self._teller.begin(self._on_told)

    def stop(self) -> None:
        """Listens no more. Idempotent."""
        if self._is_started:
            self._is_started = False
            self._told = None
            if self._teller is not None:
                self._teller.end()

    def _on_told(self, on_battery: bool) -> None:
        if self._is_started and on_battery != self._told:
            self._told = on_battery
            self.changed.emit()


def ask_psutil() -> bool | None:
    """Is the machine on battery now? None: it has no battery, or the system does not tell."""
    import psutil

    try:
        battery = psutil.sensors_battery()
    except (NotImplementedError, OSError, RuntimeError, AttributeError):
        return None
    plugged = None if battery is None else battery.power_plugged
    return None if plugged is None else not plugged
