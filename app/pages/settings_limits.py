"""Settings, Limits: how much runs at once over all domains. It applies at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.pages.session_links import SessionLinks
from app.pages.settings_page import SettingsPage
from app.problem import Problem
from app.settings_model import LimitSettings
from app.widgets.settings_form import SettingsForm

if TYPE_CHECKING:
    from app.bridge.session import Session

_FIELD = "max_concurrency"


class LimitsPage(SettingsPage):
    """Shows what the scheduler says; a change is asked of it, and what it refuses is told in the row."""

    def __init__(self, session: Session) -> None:
        super().__init__(
            "limits",
            self.tr("Limits"),
            self.tr(
                "A task starts when both allow it: the limit here, and that of its domain (page Domains)."
            ),
            session,
        )
        self._links = SessionLinks()
        self._is_asking = False
        self.form = SettingsForm(LimitSettings, {_FIELD: session.scheduler.max_concurrency}, (_FIELD,))
        self.form.changed.connect(self._on_changed)
        self.add_card(self.form)
        self.column.addStretch(1)

    def attach(self) -> None:
        """Follows the scheduler."""
        self._links.undo()
        self._links.core(self.session.scheduler.max_concurrency_changed, self._on_limit)
        self._links.qt(self.session.commands.failed, self._on_failed)
        self._links.qt(self.session.commands.settled, self._on_settled)
        self._on_limit(self.session.scheduler.max_concurrency)

    def detach(self) -> None:
        """Lets the scheduler go."""
        self._links.undo()

    def _on_limit(self, limit: int) -> None:
        self.form.show_stored({_FIELD: limit})

    def _on_changed(self, _name: str, limit: int) -> None:
        self._is_asking = True
        self.session.commands.set_max_concurrency(limit)

    def _on_settled(self) -> None:
        self._is_asking = False

    def _on_failed(self, problem: Problem) -> None:
        if self._is_asking:
            self._on_limit(self.session.scheduler.max_concurrency)
            self.form.set_error(_FIELD, str(problem))
