"""UPower on the system D-Bus: whether a Linux machine runs on battery. Asked without waiting, heard when it changes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import SLOT, QObject, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

log = logging.getLogger(__name__)

_SERVICE = _INTERFACE = "org.freedesktop.UPower"
_PATH = "/org/freedesktop/UPower"
_PROPERTIES = "org.freedesktop.DBus.Properties"
# PySide says that it wants bytes here, and takes the string only.
_HEARD: Any = SLOT("on_properties(QDBusMessage)")


class UPower(QObject):
    """See `PowerTeller`. Where there is no bus, or no UPower on it, it tells nothing."""

    def __init__(self, parent: QObject | None = None, bus: QDBusConnection | None = None) -> None:
        super().__init__(parent)
        self._bus = bus or QDBusConnection.systemBus()
        self._tell: Callable[[bool], None] | None = None

    def begin(self, tell: Callable[[bool], None]) -> None:
        """See `PowerTeller`."""
        if not self._bus.isConnected():
            log.info("no system bus: whether the machine is on battery is looked at now and then")
            return
        self._tell = tell
        self._bus.connect(_SERVICE, _PATH, _PROPERTIES, "PropertiesChanged", self, _HEARD)
        self._ask()

    def end(self) -> None:
        """See `PowerTeller`."""
        if self._tell is not None:
            self._tell = None
            self._bus.disconnect(_SERVICE, _PATH, _PROPERTIES, "PropertiesChanged", self, _HEARD)

    @Slot("QDBusMessage")
    def on_properties(self, _message: QDBusMessage) -> None:
        """D-Bus's hook: something of the power supply has changed."""
        self._ask()

    def _ask(self) -> None:
        message = QDBusMessage.createMethodCall(_SERVICE, _PATH, _PROPERTIES, "Get")
        message.setArguments([_INTERFACE, "OnBattery"])
        watcher = QDBusPendingCallWatcher(self._bus.asyncCall(message), self)
        watcher.finished.connect(self._on_answer)

    def _on_answer(self, watcher: QDBusPendingCallWatcher) -> None:
        reply = watcher.reply()
        watcher.deleteLater()
        if reply.type() == QDBusMessage.MessageType.ErrorMessage:
            log.info("UPower does not tell whether the machine is on battery: %s", reply.errorMessage())
            return
        value: Any = reply.arguments()[0]
        on_battery = value.variant() if hasattr(value, "variant") else value
        if self._tell is not None and isinstance(on_battery, bool):
            self._tell(on_battery)
