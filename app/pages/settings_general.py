"""Settings, General: how the window looks and behaves. All of it applies at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.models.problem_words import exception_words
from app.pages.settings_section import Group, SectionPage
from app.system.autostart import Autostart, system_autostart
from app.widgets.setting_row import SettingRow
from app.widgets.switch import Switch

if TYPE_CHECKING:
    from app.bridge.session import Session


class GeneralPage(SectionPage):
    """Appearance, what closing the window does, and whether Tidemill starts with the computer."""

    def __init__(self, session: Session, autostart: Autostart | None = None) -> None:
        groups = [Group("", ("theme", "language", "close_to_tray"))]
        super().__init__("general", self.tr("General"), "", session, "general", groups)
        self._autostart = autostart or system_autostart(session.settings.path.parent)
        switch = self._switch = Switch(self.tr("Start with the computer"))
        switch.setObjectName("setting-autostart")
        switch.clicked.connect(self._on_autostart)
        self._row = SettingRow(
            self.tr("Start with the computer"),
            self.tr("Tidemill goes on with its work when you log in"),
            switch,
        )
        self.end(self._row)

    def attach(self) -> None:
        """Follows the settings, and looks whether the system starts Tidemill."""
        super().attach()
        try:
            on = self._autostart.is_on()
        except OSError as error:
            on = False
            self._row.set_error(exception_words(error))
        self._switch.setChecked(on)
        self._switch.settle(on)

    def _on_autostart(self, on: bool) -> None:
        try:
            self._autostart.set_on(on)
        except OSError as error:
            reason = self.tr("The system's entry could not be changed: {0}. Make its folder writable.")
            self._row.set_error(reason.format(exception_words(error).rstrip(".")))
            on = not on
        else:
            self._row.set_error("")
        self._switch.settle(on)
