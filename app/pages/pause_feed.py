"""Keeps every pause in sight: its end in the header and in a banner, and a reminder of one that has no end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, QTimer, Signal

from app.models.pause_reminders import PauseReminders
from app.models.pauses import (
    PauseChoice,
    all_paused_text,
    end_of,
    find_pause,
    reminder_text,
    until_text,
)
from app.models.wording import number_text
from app.pages.session_links import SessionLinks
from app.widgets.banner import BannerButton

if TYPE_CHECKING:
    from app.bridge.session import Session
    from app.settings_model import AppSettings
    from app.widgets.banner import BannerStack
    from app.widgets.page_header import PageHeader
    from scheduler_core import Pause

PAUSE_BANNER = "pause-banner"
_KEPT = "pauses/kept"
_LONGEST_TIMER = timedelta(days=7)
"""Qt's timers hold 24 days; what is further off is looked at in between."""


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


class PauseFeed(QObject):
    """Made for one session, closed with it. `changed()`: what is paused, or until when; `reminded(str)`: a pause that may
    have been forgotten, once each time it is due.

    It has one timer at most, for the next reminder. `look()` may be called at any time: after a suspend, say, through
    which that timer slept. `state` keeps which pauses are meant to stay.
    """

    changed = Signal()
    reminded = Signal(str)

    def __init__(
        self,
        session: Session,
        header: PageHeader,
        banners: BannerStack,
        state: QSettings,
        parent: QObject | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._header = header
        self._banners = banners
        self._state = state
        self._now = now
        self._links = SessionLinks()
        self._pauses: tuple[Pause, ...] = ()
        self._reminders = PauseReminders(_after(session.settings.value))
        self._reminders.keep(_read_kept(state))
        self._shown: dict[str, Pause] = {}
        self._read: Pause | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)

    @property
    def until(self) -> str:
        """When the pause of everything ends, in words; empty when it has no end or there is none."""
        pause = find_pause(self._pauses, "scheduler")
        return "" if pause is None or pause.until is None else until_text(pause.until, self._now())

    @property
    def of_domains(self) -> str:
        """Which domain is paused until when, in words; empty where no pause of one has an end, or all is paused."""
        pauses = [one for one in self._pauses if one.scope == "domain" and one.until is not None]
        if not pauses or find_pause(self._pauses, "scheduler") is not None:
            return ""
        first = min(pauses, key=_end_of)
        until = until_text(_end_of(first), self._now())
        if len(pauses) == 1:
            return self.tr("{0} paused until {1}").format(self._title(first), until)
        words = self.tr("{0} domains paused, {1} until {2}")
        return words.format(number_text(len(pauses)), self._title(first), until)

    def start(self) -> None:
        """Shows what is paused, and follows it from now on."""
        self._links.core(self._session.scheduler.pauses_changed, self._on_pauses)
        self._links.core(self._session.settings.changed, self._on_settings)
        self._links.qt(self._header.pause_requested, self._on_pause_requested)
        self._links.qt(self._header.pause_chosen, self._on_chosen)
        self._on_pauses(self._session.scheduler.pauses())

    def close(self) -> None:
        """Stops listening, and takes the banners away. Idempotent."""
        self._links.undo()
        self._timer.stop()
        for name in (PAUSE_BANNER, *self._shown):
            self._banners.take_standing(name)
        self._shown = {}

    def look(self) -> None:
        """Tells what is due to be told by now, and waits for the next."""
        now = self._now()
        due = {_banner_of(pause): pause for pause in self._reminders.due(now)}
        for name in [name for name in self._shown if name not in due]:
            del self._shown[name]
            if name != PAUSE_BANNER:
                self._banners.take_standing(name)
        for name, pause in due.items():
            text = reminder_text(pause, self._title(pause), now)
            is_new = self._shown.get(name) != pause
            self._shown[name] = pause
            self._show_reminder(name, pause, text)
            if is_new:
                self.reminded.emit(text)
        self._show_all_paused(due)
        self._wait(now)

    def _show_all_paused(self, due: dict[str, Pause]) -> None:
        pause = find_pause(self._pauses, "scheduler")
        if pause is None:
            self._banners.take_standing(PAUSE_BANNER)
        elif PAUSE_BANNER not in due and pause != self._read:
            text = all_paused_text(pause, self._now())
            if pause.reason:
                text = self.tr("{0} Reason: {1}").format(text, pause.reason)
            banner = self._banners.show_standing(PAUSE_BANNER, text, "warning", [self._resume_button(pause)])
            banner.dismissed.connect(lambda: self._on_read(pause))

    def _show_reminder(self, name: str, pause: Pause, text: str) -> None:
        buttons = [self._resume_button(pause)]
        if pause.scope != "scheduler":
            buttons.append(
                BannerButton("pause-keep", self.tr("Leave it off"), lambda: self._keep(pause, name))
            )
        banner = self._banners.show_standing(name, text, "warning", buttons)
        if banner.property("reminds") is None:
            banner.setProperty("reminds", True)
            banner.dismissed.connect(lambda: self._put_off(pause))

    def _resume_button(self, pause: Pause) -> BannerButton:
        return BannerButton(
            "pause-resume", self.tr("Resume"), lambda: self._session.commands.end_pause(pause)
        )

    def _on_read(self, pause: Pause) -> None:
        """The header and the status bar go on saying it."""
        self._read = pause

    def _put_off(self, pause: Pause) -> None:
        self._on_read(pause)
        self._reminders.put_off(pause, self._now())
        self.look()

    def _keep(self, pause: Pause, name: str) -> None:
        """It is meant to stay: kept over restarts, as long as it is this very pause."""
        there = {(one.scope.value, one.name, one.since.timestamp()) for one in self._pauses}
        kept = {
            *(_read_kept(self._state) & there),
            (pause.scope.value, pause.name, pause.since.timestamp()),
        }
        self._state.setValue(_KEPT, [f"{scope}|{since!r}|{name}" for scope, name, since in sorted(kept)])
        self._reminders.keep(kept)
        self._banners.take_standing(name)
        self.look()

    def _wait(self, now: datetime) -> None:
        deadline = self._reminders.next_deadline(now)
        if deadline is None:
            self._timer.stop()
        else:
            wait = min(deadline - now, _LONGEST_TIMER)
            # A millisecond late rather than early, when nothing would be due yet.
            self._timer.start(int(wait.total_seconds() * 1000) + 1)

    def _on_pauses(self, pauses: Sequence[Pause]) -> None:
        self._pauses = tuple(pauses)
        self._reminders.show(self._pauses)
        self._header.set_paused(self._session.scheduler.is_paused, self.until)
        self.look()
        self.changed.emit()

    def _on_settings(self, settings: AppSettings) -> None:
        self._reminders.after = _after(settings)
        self.look()

    def _on_pause_requested(self, pause: bool) -> None:
        commands = self._session.commands
        if pause:
            commands.pause_all()
        else:
            commands.resume_all()

    def _on_chosen(self, choice: PauseChoice) -> None:
        self._session.commands.pause_all(end_of(choice, self._now()))

    def _title(self, pause: Pause) -> str:
        if pause.scope == "group":
            return self.tr("Group {0}").format(pause.name)
        titles = {plugin.name: plugin.title for plugin in self._session.plugins}
        return titles.get(pause.name, pause.name.capitalize())


def _end_of(pause: Pause) -> datetime:
    assert pause.until is not None
    return pause.until


def _banner_of(pause: Pause) -> str:
    return PAUSE_BANNER if pause.scope == "scheduler" else f"pause-reminder-{pause.scope}-{pause.name}"


def _after(settings: AppSettings) -> timedelta | None:
    hours = settings.general.pause_reminder_h
    return timedelta(hours=hours) if hours else None


def _read_kept(state: QSettings) -> set[tuple[str, str, float]]:
    """What was written there; what cannot be read is left out."""
    value = state.value(_KEPT, [])
    kept: set[tuple[str, str, float]] = set()
    for line in [value] if isinstance(value, str) else value if isinstance(value, list) else []:
        parts = str(line).split("|", 2)
        try:
            kept.add((parts[0], parts[2], float(parts[1])))
        except (IndexError, ValueError):
            continue
    return kept
