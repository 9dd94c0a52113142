"""A pause is seen wherever one looks, until when and why; and one without an end is brought to mind."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QSettings
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.models.pauses import until_text
from app.pages.main_window import MainWindow
from app.pages.pause_feed import PAUSE_BANNER, PauseFeed
from app.settings import SettingsStore
from app.widgets.banner import Banner, BannerStack
from app.widgets.page_header import PageHeader
from app.widgets.switch import Switch
from tests.app.pages.page_session import Stage, stage, ticking
from tests.app.pages.sessions import Open, dispose, opened, until
from tests.app.qt_loop import run_on_qt

# Said by the offscreen platform, which has no windows above each other.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing the keyboard)")

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Wall:
    """A wall clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


class Seen:
    """A feed, what it moves, and what it reminded of."""

    def __init__(self, at: Stage, folder: Path) -> None:
        self.wall = Wall()
        self.header, self.banners = PageHeader(), BannerStack()
        self.state = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
        self.feed = PauseFeed(at.session, self.header, self.banners, self.state, self.header, now=self.wall)
        self.reminded: list[str] = []
        self.feed.reminded.connect(self.reminded.append)
        self.feed.start()

    def banner(self, name: str = PAUSE_BANNER) -> Banner | None:
        found = [one for one in self.banners.findChildren(Banner, name) if not one.isHidden()]
        return found[0] if found else None

    def words(self, name: str = PAUSE_BANNER) -> str:
        banner = self.banner(name)
        return "" if banner is None else banner.accessibleName()

    def press(self, button: str, name: str = PAUSE_BANNER) -> None:
        banner = self.banner(name)
        assert banner is not None
        found = banner.findChild(QPushButton, button)
        assert found is not None
        found.click()

    def close(self) -> None:
        self.feed.close()
        self.header.deleteLater()
        self.banners.deleteLater()


Play = Callable[[Callable[[Stage, Seen], Coroutine[Any, Any, None]]], None]


@pytest.fixture
def play(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Play:
    def run(script: Callable[[Stage, Seen], Coroutine[Any, Any, None]]) -> None:
        async def session() -> None:
            async with stage(tmp_path) as at:
                seen = Seen(at, tmp_path)
                try:
                    await script(at, seen)
                    await at.session.commands.wait_idle()
                finally:
                    seen.close()

        run_on_qt(qapp, session())

    return run


def test_a_pause_with_an_end_says_until_when_and_goes_with_it(play: Play) -> None:
    async def script(at: Stage, seen: Seen) -> None:
        assert seen.banner() is None
        end = datetime.now(UTC) + HOUR
        await at.scheduler.pause_all(end, "a film")
        words = until_text(end, seen.wall.now)
        assert seen.words() == f"Everything is paused until {words}. Reason: a film"
        assert seen.feed.until == words
        assert seen.header.pause_button.toolTip().startswith(f"Paused until {words}")
        await at.scheduler.pause_all()
        assert seen.words() == "Everything is paused until you resume."
        seen.press("pause-resume")
        await until(lambda: seen.banner() is None)
        assert not at.scheduler.is_paused
        assert seen.feed.until == ""
        assert seen.header.pause_button.text() == "Pause all"

    play(script)


def test_the_menu_pauses_for_an_hour_and_offers_what_makes_sense(play: Play) -> None:
    async def script(at: Stage, seen: Seen) -> None:
        def offered() -> list[str]:
            return [
                one.objectName()
                for one in seen.header.pause_menu.actions()
                if one.isVisible() and one.objectName()
            ]

        def choose(name: str) -> None:
            found = seen.header.pause_menu.findChild(QAction, name)
            assert found is not None
            found.trigger()

        assert offered() == ["pause-hour", "pause-tomorrow", "pause-resume"]
        choose("pause-hour")
        await at.session.commands.wait_idle()
        (pause,) = at.scheduler.pauses()
        assert pause.until == seen.wall.now + HOUR
        assert offered() == [
            "pause-hour",
            "pause-tomorrow",
            "pause-resume",
            "pause-end",
        ]
        choose("pause-resume")
        await at.session.commands.wait_idle()
        assert at.scheduler.pauses()[0].until is None
        assert offered() == ["pause-hour", "pause-tomorrow", "pause-end"]
        choose("pause-end")
        await until(lambda: not at.scheduler.is_paused)

    play(script)


def test_a_forgotten_pause_is_brought_to_mind_once_a_day(play: Play) -> None:
    async def script(at: Stage, seen: Seen) -> None:
        await at.scheduler.pause_all()
        assert len(ticking(seen.feed)) == 1, "it waits for the one deadline"
        seen.feed.look()
        assert seen.reminded == []
        seen.wall.now += DAY + timedelta(minutes=1)
        seen.feed.look()
        seen.feed.look()
        assert len(seen.reminded) == 1
        assert seen.reminded[0].startswith("Everything has been paused since ")
        assert seen.words() == seen.reminded[0]
        banner = seen.banner()
        assert banner is not None
        banner.dismiss_button.click()
        assert seen.banner() is None, "it was read"
        seen.wall.now += DAY + timedelta(minutes=1)
        seen.feed.look()
        assert len(seen.reminded) == 2
        seen.press("pause-resume")
        await until(lambda: seen.banner() is None)
        assert not at.scheduler.is_paused
        assert ticking(seen.feed) == []

    play(script)


def test_what_is_meant_to_stay_off_is_told_no_more_also_after_a_restart(play: Play, tmp_path: Path) -> None:
    async def script(at: Stage, seen: Seen) -> None:
        name = "pause-reminder-domain-tiny"
        await at.tiny.pause()
        seen.wall.now += DAY + timedelta(minutes=1)
        seen.feed.look()
        assert seen.words(name).startswith("Tiny things has been off since ")
        seen.press("pause-keep", name)
        seen.wall.now += 9 * DAY
        seen.feed.look()
        assert seen.banner(name) is None
        seen.state.sync()
        again = Seen(at, tmp_path)
        again.wall.now = seen.wall.now
        again.feed.look()
        assert again.banner(name) is None
        await at.tiny.resume()
        await at.tiny.pause()
        again.wall.now += DAY
        again.feed.look()
        assert again.banner(name) is not None, "another pause"
        again.close()

    play(script)


def test_no_reminder_where_none_is_wanted(play: Play) -> None:
    async def script(at: Stage, seen: Seen) -> None:
        await at.tiny.pause()
        seen.wall.now += 2 * DAY
        at.session.settings.update(general={"pause_reminder_h": 0})
        assert seen.reminded == []
        assert ticking(seen.feed) == []
        at.session.settings.update(general={"pause_reminder_h": 47})
        assert len(seen.reminded) == 1

    play(script)


def test_a_state_file_that_somebody_wrote_into_does_no_harm(play: Play, tmp_path: Path) -> None:
    (tmp_path / "window.ini").write_text("[pauses]\nkept=nonsense, domain|x|tiny, |||\n")

    async def script(at: Stage, seen: Seen) -> None:
        await at.tiny.pause()
        seen.wall.now += 2 * DAY
        seen.feed.look()
        assert len(seen.reminded) == 1

    play(script)


def test_card_status_and_switch_say_until_when(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    settings = SettingsStore(tmp_path / "settings.toml")
    settings.update(general={"welcome_done": True})
    window = MainWindow(settings)
    window.show()

    async def script() -> None:
        async with opened(window, settings) as at:
            card = at.child(QWidget, "domain-card-tiny")

            def words() -> list[str]:
                return [label.text() for label in card.findChildren(QLabel)]

            size = card.minimumSizeHint()
            choose_on_switch(at, "pause-hour")
            await at.until(lambda: at.tiny.is_paused)
            (pause,) = at.scheduler.pauses()
            assert pause.until is not None
            caption = f"Paused until {until_text(pause.until, datetime.now(UTC))}"
            await at.until(lambda: caption in words())
            assert card.minimumSizeHint() == size, "nothing jumps"
            await at.tiny.pause()
            await at.until(lambda: "Off" in words())
            choose_on_switch(at, "pause-end")
            await at.until(lambda: not at.tiny.is_paused)
            await at.scheduler.pause_all(pause.until)
            status = at.child(QLabel, "status-counts")
            await at.until(
                lambda: status.text().startswith(f"All paused until {caption.rsplit(maxsplit=1)[-1]}")
            )
            assert at.child(QToolButton, "pause-menu").accessibleName() == "How long to pause"

    try:
        run_on_qt(qapp, script())
    finally:
        dispose(window)


def choose_on_switch(at: Open, name: str) -> None:
    """By the menu key on the switch."""
    switch = at.child(Switch, "domain-switch-tiny")
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Keyboard, QPoint(4, 4), switch.mapToGlobal(QPoint(4, 4))
    )
    QApplication.sendEvent(switch, event)
    menu = at.child(QMenu, "pause-menu-tiny")
    found = menu.findChild(QAction, name)
    assert found is not None
    assert found.isVisible()
    found.trigger()
    menu.close()


def test_the_pause_of_single_domains_is_told_with_its_end(play: Play) -> None:
    async def script(at: Stage, seen: Seen) -> None:
        end = datetime.now(UTC) + HOUR
        assert seen.feed.of_domains == ""
        await at.tiny.pause()
        assert seen.feed.of_domains == "", "it has no end"
        await at.tiny.pause(end)
        words = until_text(end, seen.wall.now)
        assert seen.feed.of_domains == f"Tiny things paused until {words}"
        await at.scheduler.pause_all()
        assert seen.feed.of_domains == "", "what is said of all is enough"
        await at.scheduler.resume_all()
        assert seen.feed.of_domains == f"Tiny things paused until {words}"
        await at.tiny.resume()
        assert seen.feed.of_domains == ""

    play(script)
