"""Settings, Pressure: when work waits. All of it applies at once, also to what waits already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.pages.settings_section import Group, SectionPage

if TYPE_CHECKING:
    from app.bridge.session import Session


class PressurePage(SectionPage):
    """The marks, what counts as busy, and the conditions."""

    def __init__(self, session: Session) -> None:
        sentence = self.tr(
            "Tidemill gets out of the way: while the machine is busy, or under a condition that you set, "
            "nothing new is started. What runs goes on, and urgent tasks start."
        )
        groups = [
            Group("", ("slow_down", "ordinary", "background")),
            Group(self.tr("What counts as busy"), ("disk", "memory", "programs")),
            Group(self.tr("Conditions"), ("battery", "metered", "quiet", "quiet_from", "quiet_until")),
        ]
        super().__init__("pressure", self.tr("Pressure"), sentence, session, "pressure", groups)
        self.end()
