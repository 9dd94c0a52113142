"""What a plugin offers, on its domain's page and in the palette: by mouse, by keyboard, and for who has it read out."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView

from app.pages.domain_actions import DomainActions
from app.pages.domain_page import DomainPage
from app.pages.main_window import MainWindow
from app.plugin_host.host import LoadedPlugin
from app.settings import SettingsStore
from scheduler_core import DropReceipt, PluginAction, Scheduler
from tests.app.pages.domain_stage import Play
from tests.app.pages.page_session import Stage, child
from tests.app.pages.sessions import Open, opened, tiny_plugin, until
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Tiny, Wait

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|propagateSizeHints)")


async def count(scheduler: Scheduler) -> str:
    return f"{len(scheduler.domains())} domain is there"


async def walk(scheduler: Scheduler) -> DropReceipt:
    outcome = await scheduler.domain(Tiny).submit(Wait(), tags={"job_id": "walk"})
    return DropReceipt(job_tag="job_id", job_value="walk", task_ids=(outcome.id or 0,), title="A walk")


async def fail(_scheduler: Scheduler) -> None:
    raise RuntimeError("the server said no")


def offering(*actions: PluginAction) -> LoadedPlugin:
    return replace(tiny_plugin(), actions=actions)


THREE = offering(
    PluginAction("count", "Count & tell", count, "Says how many domains there are."),
    PluginAction("walk", "Take a walk", walk),
    PluginAction("fail", "Ask the server", fail),
)


def actions_of(page: DomainPage) -> DomainActions:
    return child(page, DomainActions, "actions-tiny")


def entry(page: DomainPage, name: str) -> QAction:
    found = page.findChild(QAction, f"plugin-action-tiny-{name}")
    assert found is not None
    return found


def test_the_menu_has_what_the_plugin_offers(play_domain: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        button = actions_of(page)
        assert button.isVisible()
        assert button.accessibleName() == "Actions of Tiny things"
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert [one.text() for one in button.menu().actions()] == [
            "Count && tell",
            "Take a walk",
            "Ask the server",
        ]
        assert button.menu().accessibleName() == "Actions of Tiny things"
        spoken = QAccessible.queryAccessibleInterface(button.menu())
        assert spoken is not None
        heard = [spoken.child(place).text(QAccessible.Text.Name) for place in range(spoken.childCount())]
        assert heard == ["Count & tell", "Take a walk", "Ask the server"]
        assert button.menu().toolTipsVisible()
        assert entry(page, "count").toolTip() == "Says how many domains there are."

    play_domain(script, THREE)


def test_each_is_done_and_what_comes_of_it_is_told(play_domain: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        for name in ("count", "walk", "fail"):
            entry(page, name).trigger()
            await on.session.commands.wait_idle()
        assert on.told == ["1 domain is there", "Started: A walk"]
        assert [(one.thing, one.reason) for one in on.failed] == [
            ("Tiny things: Ask the server", "the server said no")
        ]

    play_domain(script, THREE)


def test_a_plugin_that_offers_nothing_has_no_button(play_domain: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        assert not actions_of(page).isVisibleTo(page)
        on.session.commands.tell_plugin(THREE)
        assert actions_of(page).isVisible()
        on.session.commands.tell_plugin(offering())
        assert not actions_of(page).isVisibleTo(page)

    play_domain(script)


def test_what_is_at_work_cannot_be_chosen_meanwhile(play_domain: Play) -> None:
    gate = asyncio.Event()

    async def slow(_scheduler: Scheduler) -> None:
        await gate.wait()

    plugin = offering(PluginAction("slow", "Go slowly", slow), PluginAction("count", "Count", count))

    async def script(on: Stage, page: DomainPage) -> None:
        entry(page, "slow").trigger()
        assert not entry(page, "slow").isEnabled()
        assert entry(page, "count").isEnabled()
        # A menu that is made anew, by other settings, knows it too.
        on.session.commands.tell_plugin(plugin)
        await until(lambda: len(page.findChildren(QAction, "plugin-action-tiny-slow")) == 1)
        assert not entry(page, "slow").isEnabled()
        gate.set()
        await until(lambda: entry(page, "slow").isEnabled())

    play_domain(script, plugin)


def test_the_description_is_read_out_with_the_choice(
    play_domain: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []

    def hear(_widget: Any, text: str) -> None:
        heard.append(text)

    monkeypatch.setattr("app.pages.domain_actions.announce", hear)

    async def script(on: Stage, page: DomainPage) -> None:
        menu = actions_of(page).menu()
        menu.setActiveAction(entry(page, "count"))
        menu.setActiveAction(entry(page, "walk"))
        assert heard == ["Says how many domains there are."]

    play_domain(script, THREE)


def choose(at: Open, text: str) -> list[str]:
    """Types into the palette and presses Enter; what was listed."""
    opening = at.window.findChild(QAction, "action-palette")
    assert opening is not None
    opening.trigger()
    box = at.child(QLineEdit, "palette-search")
    QTest.keyClicks(box, text)
    model = at.child(QListView, "palette-list").model()
    listed = [model.index(row, 0).data() for row in range(model.rowCount())]
    QTest.keyClick(box, Qt.Key.Key_Return)
    return listed


def test_the_palette_has_each_of_them(
    window: MainWindow, settings: SettingsStore, qapp: QApplication
) -> None:
    window.activateWindow()

    async def script() -> None:
        async with opened(window, settings, [THREE]) as at:
            told: list[str] = []
            at.session.commands.told.connect(told.append)
            assert choose(at, "count tell")[0] == "Tiny things: Count & tell"
            await at.session.commands.wait_idle()
            assert told == ["1 domain is there"]
            assert choose(at, "tiny walk")[0] == "Tiny things: Take a walk"
            await at.session.commands.wait_idle()
            assert len(await at.scheduler.task_ids_by_tags({"job_id": "walk"})) == 1
            await at.scheduler.cancel_job("job_id", "walk")
            # By other settings the plugin may offer something else.
            at.session.commands.tell_plugin(offering())
            assert not [one for one in choose(at, "count tell") if "Count" in one]

    run_on_qt(qapp, script())
