"""Settings, General: how the window looks and behaves. All of it applies at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.pages.session_links import SessionLinks
from app.pages.settings_page import SettingsPage
from app.settings_model import AppSettings, GeneralSettings
from app.widgets.settings_form import SettingsForm

if TYPE_CHECKING:
    from app.bridge.session import Session

_SHOWN = ("theme", "close_to_tray", "notifications", "pause_reminder_h")


class GeneralPage(SettingsPage):
    """Bound to the settings file in both directions."""

    def __init__(self, session: Session) -> None:
        super().__init__("general", self.tr("General"), "", session)
        self._links = SessionLinks()
        self.form = SettingsForm(GeneralSettings, session.settings.value.general.model_dump(), _SHOWN)
        self.form.changed.connect(self._on_changed)
        self.add_card(self.form)
        self.column.addStretch(1)

    def attach(self) -> None:
        """Follows the settings."""
        self._links.undo()
        self._links.core(self.session.settings.changed, self._on_settings)
        self._on_settings(self.session.settings.value)

    def detach(self) -> None:
        """Lets the settings go."""
        self._links.undo()

    def _on_settings(self, settings: AppSettings) -> None:
        self.form.show_stored(settings.general.model_dump())

    def _on_changed(self, name: str, value: Any) -> None:
        if error := self.store({"general": {name: value}}):
            self._on_settings(self.session.settings.value)
            self.form.set_error(name, error)
