"""What the feeds of all lists share: one session, one question at a time, and silence while nobody looks."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.bridge.session import Session
from app.pages.refresher import Refresher
from app.pages.session_links import SessionLinks
from app.problem import problem_from


class ListFeed(QObject):
    """Made for one session. `is_seen` says whether the list is in front; `loaded()` comes after each answer.

    A subclass says in `ask` what is asked, in `thing` how that is called in an error, and in `wake` and `sleep` what
    happens when the list comes to the front and leaves it.
    """

    loaded = Signal()

    def __init__(
        self, session: Session, is_seen: Callable[[], bool], least_ms: int, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.session = session
        self.is_seen = is_seen
        self.links = SessionLinks()
        self.refresher = Refresher(self.ask, least_ms, self._on_error, self)

    @property
    def is_idle(self) -> bool:
        """Is nothing asked, and nothing to be asked?"""
        return self.refresher.is_idle

    def thing(self) -> str:
        """What is asked for, in words for a person."""
        raise NotImplementedError

    async def ask(self) -> None:
        """Asks the scheduler and fills the model, unless the refresher was closed meanwhile."""
        raise NotImplementedError

    def wake(self) -> None:
        """The list can be seen now: what happened meanwhile is made up for."""
        raise NotImplementedError

    def sleep(self) -> None:
        """Nobody sees the list."""

    def close(self) -> None:
        """Stops listening. Idempotent."""
        self.links.undo()
        self.refresher.close()
        self.sleep()

    def _on_error(self, error: Exception) -> None:
        remedy = self.tr("Open the page again; the log has the details")
        self.session.commands.failed.emit(problem_from(error, thing=self.thing(), remedy=remedy))
