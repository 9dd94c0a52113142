"""Settings, Notifications: what Tidemill tells, and whether it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.pages.settings_section import Group, SectionPage

if TYPE_CHECKING:
    from app.bridge.session import Session


class NotificationsPage(SectionPage):
    """One switch for all of them."""

    def __init__(self, session: Session) -> None:
        sentence = self.tr(
            "One message for a job, never one for each task. What failed is listed on the page Failures too."
        )
        groups = [Group("", ("notifications",))]
        super().__init__("notifications", self.tr("Notifications"), sentence, session, "general", groups)
        self.end()
