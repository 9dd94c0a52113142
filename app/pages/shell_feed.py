"""Keeps the frame around the pages up to date: status bar, badges, the pause button, banners and toasts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from app.models.undo_wording import undo_text
from app.models.wording import number_text
from app.pages.pause_feed import PauseFeed
from app.widgets.card_wording import count_text

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings, SignalInstance

    from app.bridge.session import Session
    from app.widgets.banner import BannerStack
    from app.widgets.nav_list import NavList
    from app.widgets.page_header import PageHeader
    from app.widgets.status_bar import StatusBar
    from app.widgets.toast import Toaster


UNDO_S = 10.0
"""How long what was done can be taken back, in seconds: the window of the core."""


class ShellFeed(QObject):
    """Made for one session, closed with it. `toaster` says what was done; `state` is what the window remembers.

    `working()`: there are tasks to do.
    """

    working = Signal()

    def __init__(
        self,
        session: Session,
        nav: NavList,
        header: PageHeader,
        banners: BannerStack,
        status: StatusBar,
        toaster: Toaster,
        state: QSettings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._nav = nav
        self._header = header
        self._banners = banners
        self._status = status
        self._toaster = toaster
        self._undo: list[Callable[[], object]] = []
        self.pauses = PauseFeed(session, header, banners, state, self)
        self.pauses.changed.connect(self._on_counts)

    def start(self) -> None:
        """Shows how things are, and follows them from now on."""
        self._connect()
        self.pauses.start()
        self._show_past()
        self._on_counts()

    def close(self) -> None:
        """Stops listening; what is shown stays until the next session. Idempotent."""
        undo, self._undo = self._undo, []
        for step in undo:
            step()
        self.pauses.close()
        self._toaster.forget_actions()
        self._toaster.end_note()
        for page in ("queue", "failures"):
            self._nav.set_badge(page, "")

    def _connect(self) -> None:
        session = self._session
        for handle in session.scheduler.domains():
            self._follow(handle.counts_changed, self._on_counts)
        self._follow(session.scheduler.pressure_changed, self._status.set_pressure)
        self._follow(session.scheduler.held_back_changed, self._status.set_held_back)
        self._status.set_held_back(session.scheduler.held_back)
        self._listen(session.events.domains_changed, self._on_counts)
        self._listen(session.commands.failed, self._on_failed)
        self._listen(session.commands.mended, self._on_mended)
        self._listen(session.commands.told, self._toaster.say)
        self._listen(session.commands.noted, self._toaster.note)
        self._listen(session.commands.undoable, self._on_undoable)
        # Clearing failures has no event; its intent says when it is done.
        self._listen(session.commands.settled, self._on_settled)

    def _follow(self, signal: Any, slot: Callable[..., None]) -> None:
        signal.connect(slot, check_nargs=False)
        self._undo.append(lambda: signal.disconnect(slot, missing_ok=True))

    def _listen(self, signal: SignalInstance, slot: Callable[..., None]) -> None:
        signal.connect(slot)
        self._undo.append(lambda: signal.disconnect(slot))

    def _show_past(self) -> None:
        """What happened before there was a window to say it in."""
        for problem in self._session.problems:
            self._banners.add_problem(problem)
        recovered = self._session.scheduler.recovery.requeued
        if recovered and self._session.is_first:
            if recovered == 1:
                text = self.tr("Recovered 1 task that ran when Tidemill ended unexpectedly. It runs again.")
            else:
                text = self.tr(
                    "Recovered {0} tasks that ran when Tidemill ended unexpectedly. They run again."
                ).format(recovered)
            self._banners.add_notice(text, name="recovery-banner")

        now = datetime.now(UTC)
        for undo in self._session.scheduler.undos:
            # It was done just before a crash: its time begins anew.
            self._offer_undo(undo_text(undo), undo.id, (undo.until - now).total_seconds())

    def _on_undoable(self, text: str, undo_id: int) -> None:
        self._offer_undo(text, undo_id, UNDO_S)

    def _offer_undo(self, text: str, undo_id: int, seconds: float) -> None:
        commands = self._session.commands
        self._toaster.say(text, self.tr("Undo"), lambda: commands.undo(undo_id), seconds)

    def _on_counts(self, *_: object) -> None:
        scheduler = self._session.scheduler
        counts, failures = scheduler.counts, scheduler.failure_count
        self._status.set_counts(
            counts,
            failures,
            paused=scheduler.is_paused,
            until=self.pauses.until,
            of_domains=self.pauses.of_domains,
        )
        self._nav.set_badge("queue", count_text(counts.active) if counts.active else "")
        self._nav.set_badge("failures", number_text(failures) if failures else "", "failure")
        if counts.active:
            self.working.emit()

    def _on_settled(self) -> None:
        self._toaster.end_note()
        self._header.set_paused(self._session.scheduler.is_paused, self.pauses.until)
        self._on_counts()

    def _on_failed(self, problem: object) -> None:
        self._banners.add_problem(problem)  # type: ignore[arg-type]

    def _on_mended(self, problem: object) -> None:
        self._banners.take_problem(problem)  # type: ignore[arg-type]
