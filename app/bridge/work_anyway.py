"""For a while nothing waits for a busy machine or a condition: a person has said so."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.work_settings import throttle_policy
from scheduler_core import Scheduler, ThrottlePolicy

if TYPE_CHECKING:
    from app.settings import SettingsStore

_LONGEST_MS = 6 * 3_600_000


class WorkAnyway(QObject):
    """`changed()`: it began, or is over. It ends by itself, with the program at the latest. `now` is wall time, seconds."""

    changed = Signal()

    def __init__(
        self,
        scheduler: Scheduler,
        settings: SettingsStore,
        parent: QObject | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(parent)
        self._scheduler = scheduler
        self._settings = settings
        self._now = now
        self._until_s: float | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)

    @property
    def until(self) -> datetime | None:
        """When it ends, in local time; None: it is not on."""
        return None if self._until_s is None else datetime.fromtimestamp(self._until_s).astimezone()

    def start(self, seconds: float) -> None:
        """Begins, or begins anew."""
        self._until_s = self._now() + seconds
        self._settings.changed.connect(self._hold, check_nargs=False, unique=True)
        self._hold()
        self.look()
        self.changed.emit()

    def stop(self) -> None:
        """The settings hold again. Idempotent."""
        if self._until_s is not None:
            self._until_s = None
            self._timer.stop()
            self._settings.changed.disconnect(self._hold, missing_ok=True)
            self._scheduler.set_throttle(throttle_policy(self._settings.value.pressure))
            self.changed.emit()

    def look(self) -> None:
        """Ends it if its time is over, and sets the timer anew: also for when the clock was set or the machine slept."""
        if self._until_s is None:
            return
        left_ms = (self._until_s - self._now()) * 1000
        if left_ms <= 0:
            self.stop()
        else:
            self._timer.start(max(1, min(_LONGEST_MS, int(left_ms) + 1)))

    def _hold(self, *_: object) -> None:
        # After a change of the settings too, which have just said who waits.
        self._scheduler.set_throttle(ThrottlePolicy([]))
