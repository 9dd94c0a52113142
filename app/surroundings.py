"""What reaches the app from outside: settings edited by hand, battery, network and hours, and that the machine woke."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.bridge.session import Session
from app.logs import set_level
from app.plugin_host.host import LoadedPlugin
from app.problem import Problem
from app.settings import SettingsStore
from app.settings_model import AppSettings
from app.slow_settings import SlowSettings
from app.system.conditions import Conditions
from app.system.other_programs import OtherPrograms
from app.system.settings_watch import SettingsWatch
from app.system.wake import WakeWatch
from app.work_settings import WorkSettings

if TYPE_CHECKING:
    from scheduler_core import PressureSource


class Surroundings(QObject):
    """Made before the scheduler, which reads `sources`; `attach` and `detach` go with a session, `close` ends it."""

    def __init__(self, settings: SettingsStore, window: QObject, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._conditions = Conditions(settings, self)
        self._programs = OtherPrograms(lambda: settings.value.pressure.programs)
        self._wake = WakeWatch(window, self)
        self._wake.woke.connect(self._on_woke)
        self._session: Session | None = None
        self._work_settings: WorkSettings | None = None
        self._slow_settings: SlowSettings | None = None
        self._watch: SettingsWatch | None = None

    @property
    def sources(self) -> Sequence[PressureSource]:
        """The sources of pressure that the app brings."""
        return *self._conditions.sources, self._programs

    def attach(self, session: Session, work_settings: WorkSettings, slow_settings: SlowSettings) -> None:
        """From now on the scheduler and the log follow the settings, and the settings their file."""
        self.detach()
        self._session, self._work_settings = session, work_settings
        self._slow_settings = slow_settings
        slow_settings.failed.connect(self._on_failed)
        slow_settings.mended.connect(self._on_mended)
        slow_settings.plugin_changed.connect(self._on_plugin)
        self._settings.changed.connect(work_settings.apply)
        self._settings.changed.connect(self._on_settings)
        # What was changed since the scheduler was made.
        work_settings.apply(self._settings.value)
        self._watch = SettingsWatch(self._settings, self._on_failed, self._on_mended, self)
        self._conditions.changed.connect(session.scheduler.pressure_changed_outside)
        self._conditions.start()
        self._wake.start()
        session.scheduler.pressure_changed_outside()

    def detach(self) -> None:
        """Lets the session go. Idempotent."""
        session, self._session = self._session, None
        if session is None:
            return
        self._wake.stop()
        self._conditions.close()
        self._conditions.changed.disconnect(session.scheduler.pressure_changed_outside)
        if self._watch is not None:
            self._watch.close()
        session.commands.anyway.stop()
        self._settings.changed.disconnect(self._on_settings, missing_ok=True)
        if self._work_settings is not None:
            self._settings.changed.disconnect(self._work_settings.apply, missing_ok=True)
        if (slow := self._slow_settings) is not None:
            slow.failed.disconnect(self._on_failed, missing_ok=True)
            slow.mended.disconnect(self._on_mended, missing_ok=True)
            slow.plugin_changed.disconnect(self._on_plugin, missing_ok=True)

    def close(self) -> None:
        """Ends the thread that measures. Idempotent."""
        self.detach()
        self._programs.close()

    def _on_settings(self, settings: AppSettings) -> None:
        set_level(settings.advanced.log_level)

    def _on_failed(self, problem: Problem) -> None:
        if self._session is not None:
            self._session.commands.failed.emit(problem)

    def _on_mended(self, problem: Problem) -> None:
        if self._session is not None:
            self._session.commands.mended.emit(problem)

    def _on_plugin(self, plugin: LoadedPlugin) -> None:
        if self._session is not None:
            self._session.commands.tell_plugin(plugin)

    def _on_woke(self) -> None:
        """Timers stood still while the machine slept: deadlines are looked at, and so are the hours and the battery."""
        self._conditions.look()
        if self._session is not None:
            self._session.commands.anyway.look()
            self._session.scheduler.clock_changed()
