"""The ways to the page of a domain and back: from its card, from the list, by keyboard; and that it goes with it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QListWidget, QPushButton, QWidget

from app.pages.domain_page import DomainPage
from app.pages.main_window import MainWindow
from app.settings import SettingsStore
from app.widgets.elide_label import ElideLabel
from app.widgets.title_button import TitleButton
from tests.app.pages.panels import loaded
from tests.app.pages.sessions import BROKEN, Open, dispose, opened, title, until
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Nothing

Script = Callable[[Open], Coroutine[Any, Any, None]]
Play = Callable[[Script], None]


@pytest.fixture
def settings(tmp_path: Path) -> SettingsStore:
    store = SettingsStore(tmp_path / "settings.toml")
    store.update(general={"welcome_done": True, "theme": "light"})
    return store


@pytest.fixture
def play(qapp: QApplication, window: MainWindow, settings: SettingsStore) -> Play:
    def run(script: Script) -> None:
        async def session() -> None:
            async with opened(window, settings, [loaded(), BROKEN]) as at:
                await script(at)
                await settle(at)

        run_on_qt(qapp, session())

    return run


async def settle(at: Open) -> None:
    """Nothing is asked any more."""
    page = at.window.findChild(DomainPage)
    at.gate.set()
    await at.session.commands.wait_idle()
    await at.scheduler.wait_idle()
    if page is not None:
        await until(lambda: page.is_settled)


def entries(window: MainWindow) -> list[str]:
    nav = window.findChild(QListWidget, "nav")
    assert isinstance(nav, QListWidget)
    return [nav.item(row).text() for row in range(nav.count())]


def shown(window: MainWindow) -> str:
    """The object name of the page in front."""
    pages = [one for one in window.findChildren(QWidget) if one.objectName().startswith("page-")]
    return next(
        one.objectName() for one in pages if one.isVisible() and not isinstance(one, QLabel | QPushButton)
    )


def test_a_click_on_the_title_of_a_card_opens_its_page_and_the_breadcrumb_leads_back(play: Play) -> None:
    async def script(at: Open) -> None:
        at.window.resize(1280, 800)
        QTest.mouseClick(at.child(TitleButton, "domain-open-tiny"), Qt.MouseButton.LeftButton)
        assert shown(at.window) == "page-domain-tiny"
        assert title(at.window) == "Tiny things"
        back = at.child(QPushButton, "page-back")
        assert back.isVisible()
        assert back.text() == "Overview"
        back.click()
        assert shown(at.window) == "page-overview"
        assert not back.isVisible()

    play(script)


def test_by_keyboard_alone_there_and_back_to_where_one_was(play: Play) -> None:
    async def script(at: Open) -> None:
        at.window.activateWindow()
        card = at.child(TitleButton, "domain-open-tiny")
        card.setFocus()
        QTest.keyClick(card, Qt.Key.Key_Return)
        page = at.child(DomainPage, "page-domain-tiny")
        assert page.isVisible()
        assert at.window.focusWidget() is page
        QTest.keyClick(page, Qt.Key.Key_Tab)
        assert page.isAncestorOf(at.window.focusWidget())
        QTest.keyClick(at.window.focusWidget(), Qt.Key.Key_Escape)
        assert shown(at.window) == "page-overview"
        assert at.window.focusWidget() is card
        QTest.keyClick(card, Qt.Key.Key_Space)
        assert shown(at.window) == "page-domain-tiny"

    play(script)


def test_domains_are_listed_below_the_overview_while_they_are_there(play: Play, window: MainWindow) -> None:
    before = entries(window)
    assert before[0] == "Overview"

    async def script(at: Open) -> None:
        # One that could not be loaded has no page.
        assert entries(window) == ["Overview", "Tiny things", *before[1:]]
        nav = at.child(QListWidget, "nav")
        nav.setCurrentRow(1)
        assert shown(window) == "page-domain-tiny"

    play(script)
    assert entries(window) == before
    assert window.findChild(DomainPage, "page-domain-tiny") is None
    assert shown(window) == "page-overview"
    assert title(window) == "Overview"


def test_the_page_comes_back_with_the_next_session_and_at_the_next_start(
    qapp: QApplication, settings: SettingsStore
) -> None:
    def start(script: Script) -> None:
        window = MainWindow(settings)
        window.show()

        async def session() -> None:
            async with opened(window, settings, [loaded()]) as at:
                await script(at)
                await settle(at)
            async with opened(window, settings, [loaded()]) as at:
                await script(at)
                await settle(at)

        run_on_qt(qapp, session())
        window.hide()
        dispose(window)

    async def show_it(at: Open) -> None:
        at.window.show_page("domain-tiny")

    async def is_shown(at: Open) -> None:
        assert shown(at.window) == "page-domain-tiny"

    start(show_it)
    start(is_shown)

    async def leave_it(at: Open) -> None:
        at.window.show_page("failures")

    async def is_left(at: Open) -> None:
        assert shown(at.window) == "page-failures"

    start(leave_it)
    start(is_left)


def test_a_domain_whose_plugin_is_gone_leaves_the_window_on_the_overview(
    qapp: QApplication, window: MainWindow, settings: SettingsStore
) -> None:
    window.show_page("overview")
    window._domains.want("domain-weather")

    async def session() -> None:
        async with opened(window, settings, [loaded(), BROKEN]):
            assert shown(window) == "page-overview"
            assert "Weather" not in entries(window)

    run_on_qt(qapp, session())


def test_who_went_on_before_the_session_came_stays_there(
    qapp: QApplication, window: MainWindow, settings: SettingsStore
) -> None:
    window._domains.want("domain-tiny")
    window.show_page("jobs")
    window.show_page("overview")

    async def session() -> None:
        async with opened(window, settings, [loaded()]):
            assert shown(window) == "page-overview"

    run_on_qt(qapp, session())


def test_card_page_and_settings_show_the_same_switch_and_cap(play: Play) -> None:
    async def script(at: Open) -> None:
        from app.widgets.cap_box import CapBox
        from app.widgets.switch import Switch

        at.window.show_page("domain-tiny")
        at.window.show_settings()
        names = ("domain-switch-tiny", "panel-switch-tiny", "settings-switch-tiny")
        switches = [at.child(Switch, name) for name in names]
        at.child(Switch, "panel-switch-tiny").click()
        await at.until(lambda: not any(one.isChecked() for one in switches))
        at.child(Switch, "domain-switch-tiny").click()
        await at.until(lambda: all(one.isChecked() for one in switches))
        caps = [at.child(CapBox, f"{name}-tiny") for name in ("concurrency", "panel-concurrency")]
        caps[1].setValue(3)
        await at.until(lambda: [one.cap for one in caps] == [3, 3])

    play(script)


def test_a_page_that_was_never_looked_at_is_not_made(play: Play) -> None:
    async def script(at: Open) -> None:
        await at.tiny.submit(Nothing(number=1))
        await at.until(lambda: at.scheduler.counts.completed == 1)
        await at.until(lambda: at.window.findChild(QWidget, "page-failures") is not None)
        assert at.window.findChild(DomainPage) is None

    play(script)


@pytest.mark.parametrize("width", [760, 1280])
def test_a_long_title_gives_way_to_the_buttons(play: Play, width: int) -> None:
    async def script(at: Open) -> None:
        from app.widgets.page_header import PageHeader

        at.window.resize(width, 520)
        at.window.show_page("domain-tiny")
        (header,) = at.window.findChildren(PageHeader)
        header.set_title("Everything that is older than a year and has not been looked at since")
        label, pause = at.child(ElideLabel, "page-title"), at.child(QPushButton, "pause-all")
        await at.until(lambda: label.is_cut)
        assert label.geometry().right() < pause.geometry().left()
        at.window.resize(width + 1, 520)
        await at.until(lambda: label.toolTip().startswith("Everything that is older"))
        buttons = (header.pause_button, header.add_folder_button, header.add_files_button)

        def are_apart() -> bool:
            edges = [(one.geometry().left(), one.geometry().right()) for one in buttons]
            return all(left[1] < right[0] for left, right in itertools.pairwise(edges))

        await at.until(are_apart)
        assert at.child(QPushButton, "page-back").text() == ("Overview" if width == 1280 else "\u2039")

    play(script)
