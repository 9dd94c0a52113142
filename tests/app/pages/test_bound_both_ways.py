"""Pauses and limits: whoever changes one, wherever, every view shows it within a frame, and nobody asks the store."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QMenu,
    QPushButton,
    QSpinBox,
    QToolButton,
    QWidget,
)

from app.pages.main_window import MainWindow
from app.settings import SettingsStore
from app.system.tray_icon import TrayState
from app.widgets.cap_box import CapBox
from app.widgets.domain_switch import DomainSwitch
from app.widgets.pause_menu import PauseMenu
from tests.app.pages.whole_shell import GROUP, Heard, Views, WholeShell, whole_shell, words_of
from tests.app.qt_loop import run_on_qt

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|propagateSizeHints|grabbing)")

Act = Callable[[WholeShell, Any], object]
"""Changes the thing to a value: a pause to True or False, a limit to a number. What it returns is awaited."""


@dataclass(frozen=True)
class Source:
    """Somebody who changes a thing, with the page to be in front for it. `can`: the values it brings about, else both."""

    act: Act
    page: str = "overview"
    can: tuple[object, ...] = ()


@dataclass(frozen=True)
class Thing:
    """What is changed: who tells of it, who changes it, and what shows it."""

    signals: Callable[[WholeShell], tuple[Any, ...]]
    set: Callable[[WholeShell, Any], Awaitable[object] | None]
    values: tuple[object, object]
    views: Callable[[WholeShell, str], Views]
    sources: Mapping[str, Source]


def click(name: str) -> Act:
    return lambda shell, _value: shell.child(QAbstractButton, name).click()


def turn(name: str) -> Act:
    """Settles on a number in a spin box."""
    return lambda shell, value: shell.child(QSpinBox, name).setValue(value)


def entry(pause: str, resume: str) -> Act:
    """Chooses in the tray's menu."""
    return lambda shell, off: shell.entry(pause if off else resume).trigger()


def chosen_in(menu: Callable[[WholeShell], QMenu], name: str) -> Act:
    def act(shell: WholeShell, _value: object) -> None:
        found = menu(shell).findChild(QAction, name)
        assert isinstance(found, QAction)
        assert found.isVisible()
        found.trigger()

    return act


def switch_menu(name: str) -> Act:
    """Chooses an hour in the context menu of a switch, or to resume."""

    def act(shell: WholeShell, off: bool) -> None:
        switch = shell.child(DomainSwitch, name)
        switch.customContextMenuRequested.emit(switch.rect().center())
        _open_menu(switch)
        menus = [one for one in switch.findChildren(PauseMenu) if one.isVisible()]
        assert len(menus) == 1
        found = menus[0].findChild(QAction, "pause-hour" if off else "pause-end")
        assert isinstance(found, QAction)
        found.trigger()
        menus[0].close()

    return act


def _open_menu(switch: DomainSwitch) -> None:
    from PySide6.QtGui import QContextMenuEvent

    place = switch.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, switch.mapToGlobal(place))
    QApplication.sendEvent(switch, event)


def in_an_hour() -> datetime:
    return datetime.now(UTC) + timedelta(hours=1)


def is_off(shell: WholeShell, name: str) -> Callable[[], object]:
    return lambda: not shell.child(QAbstractButton, name).isChecked()


def number(shell: WholeShell, name: str) -> Callable[[], object]:
    def look() -> object:
        box = shell.child(QSpinBox, name)
        return box.cap if isinstance(box, CapBox) else box.value()

    return look


def domain_off(shell: WholeShell, page: str) -> Views:
    key = "domain:tiny:switch"
    views: dict[str, Callable[[], object]] = {
        "settings": is_off(shell, "settings-switch-tiny"),
        "tray": lambda: not shell.entry("tray-switch-tiny").isChecked(),
        "palette": lambda: shell.title_of_entry(key) == "Switch Tiny things on",
    }
    if page == "overview":
        views["card"] = is_off(shell, "domain-switch-tiny")
    else:
        views["page"] = is_off(shell, "panel-switch-tiny")
    return views


def domain_cap(shell: WholeShell, page: str) -> Views:
    name = "concurrency-tiny" if page == "overview" else "panel-concurrency-tiny"
    names = (name, "settings-concurrency-tiny", "limits-concurrency-tiny")
    return {one: number(shell, one) for one in names}


def offers_to_resume(shell: WholeShell) -> bool:
    found = pause_menu(shell).findChild(QAction, "pause-end")
    assert isinstance(found, QAction)
    return found.isVisible()


def all_paused(shell: WholeShell, _page: str) -> Views:
    def menu() -> object:
        return (shell.entry("tray-resume-all").isVisible(), shell.entry("tray-pause-all").isVisible())

    return {
        "header": lambda: words_of(shell, "pause-all") == "Resume all",
        "banner": lambda: shell.sees(QWidget, "pause-banner") is not None,
        "status bar": lambda: words_of(shell, "status-counts").startswith("All paused"),
        "menu beside it": lambda: offers_to_resume(shell),
        "tray's menu": lambda: menu() == (True, False),
        "tray's icon": lambda: shell.tray.state is TrayState.PAUSED,
    }


def whole_cap(shell: WholeShell, _page: str) -> Views:
    def graph() -> object:
        words = shell.child(QWidget, "graph-concurrency").accessibleDescription()
        return int(words.split(" of ")[1].split(",")[0])

    return {"settings": number(shell, "setting-max_concurrency"), "graph": graph}


def pause_menu(shell: WholeShell) -> QMenu:
    return shell.child(QToolButton, "pause-menu").menu()


THINGS: dict[str, Thing] = {
    "domain pause": Thing(
        lambda shell: (shell.tiny.paused_changed,),
        lambda shell, off: shell.tiny.pause() if off else shell.tiny.resume(),
        (True, False),
        domain_off,
        {
            "program": Source(lambda shell, off: shell.tiny.pause() if off else shell.tiny.resume()),
            "program, seen on the page": Source(
                lambda shell, off: shell.tiny.pause_for(60) if off else shell.tiny.resume(), "domain-tiny"
            ),
            "card": Source(click("domain-switch-tiny")),
            "menu of the card's switch": Source(switch_menu("domain-switch-tiny")),
            "page": Source(click("panel-switch-tiny"), "domain-tiny"),
            "settings": Source(click("settings-switch-tiny")),
            "tray": Source(entry("tray-switch-tiny", "tray-switch-tiny")),
            "palette": Source(lambda shell, off: shell.palette(f"switch tiny {'off' if off else 'on'}")),
        },
    ),
    "domain cap": Thing(
        lambda shell: (shell.tiny.max_concurrency_changed,),
        lambda shell, n: shell.tiny.set_max_concurrency(n),
        (3, 5),
        domain_cap,
        {
            "program": Source(lambda shell, n: shell.tiny.set_max_concurrency(n)),
            "program, seen on the page": Source(
                lambda shell, n: shell.tiny.set_max_concurrency(n), "domain-tiny"
            ),
            "card": Source(turn("concurrency-tiny")),
            "page": Source(turn("panel-concurrency-tiny"), "domain-tiny"),
            "settings, domains": Source(turn("settings-concurrency-tiny")),
            "settings, limits": Source(turn("limits-concurrency-tiny")),
            "file": Source(lambda shell, n: shell.settings.update(limits={"domains": {"tiny": n}})),
        },
    ),
    "group pause": Thing(
        lambda shell: (shell.scheduler.group_changed,),
        lambda shell, off: shell.tiny.pause_group(GROUP) if off else shell.tiny.resume_group(GROUP),
        (True, False),
        lambda shell, _page: {"row": is_off(shell, f"group-switch-{GROUP}")},
        {
            "program": Source(
                lambda shell, off: shell.tiny.pause_group(GROUP) if off else shell.tiny.resume_group(GROUP),
                "domain-tiny",
            ),
            "row": Source(click(f"group-switch-{GROUP}"), "domain-tiny"),
            "menu of the row": Source(
                lambda shell, _off: (
                    shell.child(QPushButton, f"group-pause-{GROUP}").menu().actions()[1].trigger()
                ),
                "domain-tiny",
                (True,),
            ),
        },
    ),
    "group limit": Thing(
        lambda shell: (shell.scheduler.group_changed,),
        lambda shell, n: shell.scheduler.set_group_limit(GROUP, n),
        (2, 7),
        lambda shell, _page: {"row": number(shell, f"group-limit-{GROUP}")},
        {
            "program": Source(lambda shell, n: shell.scheduler.set_group_limit(GROUP, n), "domain-tiny"),
            "row": Source(turn(f"group-limit-{GROUP}"), "domain-tiny"),
            "file": Source(
                lambda shell, n: shell.settings.update(limits={"groups": {GROUP: {"max_concurrency": n}}}),
                "domain-tiny",
            ),
        },
    ),
    "pause of everything": Thing(
        lambda shell: (shell.scheduler.pauses_changed,),
        lambda shell, off: shell.scheduler.pause_all() if off else shell.scheduler.resume_all(),
        (True, False),
        all_paused,
        {
            "program": Source(
                lambda shell, off: shell.scheduler.pause_all() if off else shell.scheduler.resume_all()
            ),
            "program, seen on the page": Source(
                lambda shell, off: (
                    shell.scheduler.pause_all(in_an_hour()) if off else shell.scheduler.resume_all()
                ),
                "domain-tiny",
            ),
            "header": Source(click("pause-all")),
            "menu beside it": Source(
                lambda shell, off: chosen_in(pause_menu, "pause-hour" if off else "pause-end")(shell, off)
            ),
            "keys": Source(lambda shell, _off: shell.action("pause-all")),
            "palette": Source(
                lambda shell, off: shell.palette("pause all for 1 hour" if off else "pause all, or resume")
            ),
            "tray": Source(entry("tray-pause-all", "tray-resume-all")),
            "tray, for an hour": Source(entry("tray-pause-hour", "tray-resume-all")),
            "banner": Source(click("pause-resume"), can=(False,)),
        },
    ),
    "cap over everything": Thing(
        lambda shell: (shell.scheduler.max_concurrency_changed,),
        lambda shell, n: shell.scheduler.set_max_concurrency(n),
        (3, 6),
        whole_cap,
        {
            "program": Source(lambda shell, n: shell.scheduler.set_max_concurrency(n)),
            "settings": Source(turn("setting-max_concurrency")),
            "file": Source(lambda shell, n: shell.settings.update(limits={"max_concurrency": n})),
        },
    ),
}


@pytest.mark.parametrize("name", THINGS)
def test_whoever_changes_it_every_view_shows_it_within_a_frame(
    name: str, window: MainWindow, settings: SettingsStore, qapp: QApplication
) -> None:
    thing = THINGS[name]

    async def change(shell: WholeShell, who: str, act: Act, value: object, page: str) -> None:
        what = f"{name} by {who}: {value}"
        heard = Heard(shell, *thing.signals(shell))
        views = thing.views(shell, page)
        done: Any = act(shell, value)
        if done is not None and hasattr(done, "__await__"):
            await done
        await shell.shows_within_a_frame(heard, views, value, what, asks_nothing=who.startswith("program"))
        await shell.settled()
        assert all(look() == value for look in views.values()), f"{what}: it did not last"

    async def script() -> None:
        async with whole_shell(window, settings) as shell:
            before = thing.values[1]
            await _reach(shell, thing, before)
            for who, source in thing.sources.items():
                await shell.front(source.page)
                for value in thing.values:
                    act = source.act if value in (source.can or thing.values) else thing.set
                    await change(shell, who, act, value, source.page)

    run_on_qt(qapp, script(), 60)


async def _reach(shell: WholeShell, thing: Thing, value: object) -> None:
    done: Any = thing.set(shell, value)
    if done is not None and hasattr(done, "__await__"):
        await done
    await shell.settled()
