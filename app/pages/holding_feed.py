"""Keeps the line that says what holds work back true to the scheduler, without flicker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject, QTime, QTimer

from app.pages.session_links import SessionLinks
from app.widgets.holding_notice import HoldingNotice
from app.widgets.holding_wording import anyway_title, holding_text, holding_title

if TYPE_CHECKING:
    from app.bridge.session import Session
    from scheduler_core import HeldBack

ANYWAY_S = 3600.0
_LINGER_MS = 4000


class HoldingFeed(QObject):
    """Made for one session. A machine that is busy by turns must not move the page by turns: the line stays a while."""

    def __init__(self, session: Session, notice: HoldingNotice, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._notice = notice
        self._titles = {plugin.name: plugin.title for plugin in session.plugins}
        self._links = SessionLinks()
        self._linger = QTimer(self)
        self._linger.setSingleShot(True)
        self._linger.setInterval(_LINGER_MS)
        self._linger.timeout.connect(notice.hide)
        anyway = session.commands.anyway
        self._links.core(session.scheduler.held_back_changed, self._refresh)
        self._links.qt(anyway.changed, self._refresh)
        self._links.qt(notice.anyway_requested, self._on_anyway)
        self._links.qt(notice.settings_requested, self._on_settings)
        self._refresh()

    def close(self) -> None:
        """Stops listening, and shows nothing. Idempotent."""
        self._links.undo()
        self._linger.stop()
        self._notice.hide()

    def _refresh(self, *_: object) -> None:
        until, held = self._session.commands.anyway.until, self._session.scheduler.held_back
        if until is not None:
            self._linger.stop()
            self._notice.show_anyway(anyway_title(_time_text(QTime(until.hour, until.minute))))
        elif held is not None:
            self._linger.stop()
            self._notice.show_held(holding_title(held.source), self._text(held))
        elif not self._notice.isHidden() and not self._linger.isActive():
            self._linger.start()

    def _text(self, held: HeldBack) -> str:
        quiet = self._session.settings.value.pressure.quiet_until
        return holding_text(held, self._titles, _time_text(QTime(quiet.hour, quiet.minute)))

    def _on_anyway(self, on: bool) -> None:
        anyway = self._session.commands.anyway
        if on:
            anyway.start(ANYWAY_S)
        else:
            anyway.stop()

    def _on_settings(self) -> None:
        self._session.commands.settings_wanted.emit("pressure")


def _time_text(time: QTime) -> str:
    return QLocale().toString(time, QLocale.FormatType.ShortFormat)
