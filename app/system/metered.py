"""Does the network cost by what is moved? The system tells, through Qt, where it knows."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal


class MeteredWatch(QObject):
    """`changed()`: the network became metered, or no longer is. Nothing is loaded before `start`, nothing is polled.

    `information` stands for Qt's QNetworkInformation.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None, information: Any = None) -> None:
        super().__init__(parent)
        self._information = information
        self._is_started = False

    @property
    def is_metered(self) -> bool:
        """Is the network metered, as far as the system knows? False while nothing is watched."""
        return self._is_started and self._information is not None and bool(self._information.isMetered())

    def start(self) -> None:
        """Listens from now on. Idempotent."""
        if self._is_started:
            return
        self._is_started = True
        if self._information is None:
            self._information = _network_information()
        if self._information is not None:
            self._information.isMeteredChanged.connect(self._on_changed)

    def stop(self) -> None:
        """Listens no more. Idempotent."""
        if self._is_started:
            self._is_started = False
            if self._information is not None:
                self._information.isMeteredChanged.disconnect(self._on_changed)

    def _on_changed(self, _metered: bool) -> None:
        self.changed.emit()


def _network_information() -> Any:
    """Qt's, with a backend that knows of metered networks; None where there is none."""
    from PySide6.QtNetwork import QNetworkInformation

    if not QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Metered):
        return None
    return QNetworkInformation.instance()
