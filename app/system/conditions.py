"""Battery, metered network and quiet hours as sources of pressure: all or nothing, told when they change, never polled.

Each is full pressure while it holds: nothing new of ordinary or lower priority starts, what runs goes on, and what is
urgent starts. So a condition is a named line in the graph like the machine itself, and interrupts nothing.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.system.metered import MeteredWatch
from app.system.power import PowerWatch
from app.work_names import BATTERY, METERED, QUIET

if TYPE_CHECKING:
    from app.settings import SettingsStore
    from app.settings_model import PressureSettings

log = logging.getLogger(__name__)

_LONGEST_MS = 6 * 3_600_000


class Condition:
    """One source of pressure. It is asked on the event loop's thread, and answers from memory."""

    tells_changes = True

    def __init__(self, name: str) -> None:
        self.name = name
        self.holds = False

    def pressure(self) -> float:
        """1.0 while the condition holds."""
        return 1.0 if self.holds else 0.0


class Conditions(QObject):
    """`changed()`: a condition began or ended. `sources` are for the scheduler, `now` is wall time in seconds.

    What is switched off is not watched. `look` is for when the machine woke or its clock was set.
    """

    changed = Signal()

    def __init__(
        self,
        settings: SettingsStore,
        parent: QObject | None = None,
        *,
        now: Callable[[], float] = time.time,
        power: PowerWatch | None = None,
        metered: MeteredWatch | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._now = now
        self._power = power or PowerWatch(self)
        self._metered = metered or MeteredWatch(self)
        self._battery, self._network, self._quiet = Condition(BATTERY), Condition(METERED), Condition(QUIET)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)
        self._power.changed.connect(self.look)
        self._metered.changed.connect(self.look)

    @property
    def sources(self) -> Sequence[Condition]:
        """The sources of pressure."""
        return self._battery, self._network, self._quiet

    def start(self) -> None:
        """Watches from now on what the settings ask for."""
        self._settings.changed.connect(self.look, check_nargs=False, unique=True)
        self.look()

    def close(self) -> None:
        """Watches nothing any more. Idempotent."""
        self._settings.changed.disconnect(self.look, missing_ok=True)
        self._timer.stop()
        self._power.stop()
        self._metered.stop()

    def look(self, *_: object) -> None:
        """Sees which conditions hold now."""
        wanted = self._settings.value.pressure
        (self._power.start if wanted.battery else self._power.stop)()
        (self._metered.start if wanted.metered else self._metered.stop)()
        before = [source.holds for source in self.sources]
        self._battery.holds = wanted.battery and self._power.on_battery
        self._network.holds = wanted.metered and self._metered.is_metered
        self._quiet.holds = self._look_at_hours(wanted)
        if before != [source.holds for source in self.sources]:
            names = ", ".join(source.name for source in self.sources if source.holds)
            log.info("conditions that hold work back: %s", names or "none")
            self.changed.emit()

    def _look_at_hours(self, wanted: PressureSettings) -> bool:
        self._timer.stop()
        if not wanted.quiet or wanted.quiet_from == wanted.quiet_until:
            return False
        now = datetime.fromtimestamp(self._now())  # noqa: DTZ006 - hours are those of the clock on the wall
        edge = next_edge(now, wanted)
        # A clock that is set, and the end of summer time, are looked at after six hours at the latest.
        wait_ms = (edge - now).total_seconds() * 1000 + 1
        self._timer.start(max(1, min(_LONGEST_MS, int(wait_ms))))
        return is_quiet(now, wanted)


def is_quiet(now: datetime, wanted: PressureSettings) -> bool:
    """Is `now` within the quiet hours? They may go over midnight; the first minute is in them, the last is not."""
    begin, end, clock = wanted.quiet_from, wanted.quiet_until, now.time()
    if begin <= end:
        return begin <= clock < end
    return clock >= begin or clock < end


def next_edge(now: datetime, wanted: PressureSettings) -> datetime:
    """When the quiet hours begin or end next."""
    days = (now.date() + timedelta(days=ahead) for ahead in (0, 1))
    edges = [datetime.combine(day, at) for day in days for at in (wanted.quiet_from, wanted.quiet_until)]
    return min(edge for edge in edges if edge > now)
