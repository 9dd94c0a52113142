"""Settings, General: how the window looks and behaves. All of it applies at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.pages.settings_section import Group, SectionPage

if TYPE_CHECKING:
    from app.bridge.session import Session


class GeneralPage(SectionPage):
    """Appearance, and what closing the window does."""

    def __init__(self, session: Session) -> None:
        groups = [Group("", ("theme", "close_to_tray"))]
        super().__init__("general", self.tr("General"), "", session, "general", groups)
        self.end()
