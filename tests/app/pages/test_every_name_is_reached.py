"""The object names that the design of the shell lists: each is there, has a name, and is reached in three ways.

By mouse, by keyboard alone, and from the palette: to a thing itself, or to the page on which it stands; from there Tab
goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QLineEdit, QTreeView, QWidget

from app.pages.main_window import MainWindow
from app.settings import SettingsStore
from app.widgets.graph_panel import GraphPanel
from app.widgets.nav_list import NavList
from app.widgets.reading_order import reading_order
from tests.app.pages.sessions import Open, opened
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Fail, Nothing

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|propagateSizeHints|grabbing)")

Reach = Callable[["Person"], None]


class Person:
    """Somebody before the window of one session, whose settings may be open beside it."""

    def __init__(self, at: Open) -> None:
        self.at = at
        self.window = at.window

    def seen(self, name: str) -> QWidget | None:
        """The widget of that name, if it can be seen."""
        windows = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
        found = [
            one
            for window in windows
            for one in ([window] if window.objectName() == name else window.findChildren(QWidget, name))
        ]
        return next((one for one in found if one.isVisible()), None)

    def click(self, name: str) -> None:
        """With the mouse."""
        button = self.seen(name)
        assert button is not None, name
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def click_page(self, title: str) -> None:
        """In the list at the left, with the mouse."""
        nav = self.at.child(NavList, "nav")
        self._click_row(nav, nav.findItems(title, Qt.MatchFlag.MatchExactly)[0].text())

    def click_first_row(self, name: str) -> None:
        """The first row of a list, with the mouse."""
        view = self.at.child(QTreeView, name)
        self._click_at(view, view.model().index(0, 0))

    def keys(self, keys: str) -> None:
        """The keys of an action, which the offscreen platform hands to no window: nobody keeps one active there."""
        found = [one for one in self.window.findChildren(QAction) if one.shortcut() == QKeySequence(keys)]
        assert len(found) == 1, f"{keys}: {found}"
        assert found[0].isEnabled()
        found[0].trigger()

    def go_down_to(self, title: str) -> None:
        """In the list at the left, with the arrow keys."""
        nav = self.at.child(NavList, "nav")
        nav.setFocus()
        QTest.keyClick(nav, Qt.Key.Key_Home)
        for _ in range(nav.count()):
            if nav.currentItem().text() == title:
                return
            QTest.keyClick(nav, Qt.Key.Key_Down)
        raise AssertionError(f"no {title} in the list")

    def palette(self, text: str) -> None:
        """Types it into the palette and presses Enter."""
        self.keys("Ctrl+K")
        box = self.at.child(QLineEdit, "palette-search")
        QTest.keyClicks(box, text)
        QTest.keyClick(box, Qt.Key.Key_Return)

    def _click_row(self, view: QAbstractItemView, text: str) -> None:
        rows = (view.model().index(row, 0) for row in range(view.model().rowCount()))
        self._click_at(view, next(row for row in rows if row.data() == text))

    def _click_at(self, view: QAbstractItemView, index: QModelIndex) -> None:
        view.scrollTo(index)
        place = view.visualRect(index).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


@dataclass(frozen=True)
class Ways:
    """Three ways to see something."""

    mouse: Reach
    keyboard: Reach
    palette: Reach


def page(title: str, keys: str) -> Ways:
    return Ways(
        lambda person: person.click_page(title),
        lambda person: person.keys(keys),
        lambda person: person.palette(f"show {title}"),
    )


OVERVIEW, QUEUE = page("Overview", "Ctrl+1"), page("Queue", "Ctrl+3")
TINY = Ways(
    lambda person: (person.click_page("Overview"), person.click("domain-open-tiny"))[0],
    lambda person: person.go_down_to("Tiny things"),
    lambda person: person.palette("open tiny"),
)
SETTINGS = Ways(
    lambda person: person.click("open-settings"),
    lambda person: person.keys("Ctrl+,"),
    lambda person: person.palette("settings"),
)
DOMAIN_SETTINGS = Ways(
    lambda person: (person.click("open-settings"), _choose_settings(person))[0],
    lambda person: (person.keys("Ctrl+,"), _choose_settings(person))[0],
    lambda person: (person.palette("settings"), _choose_settings(person))[0],
)
INSPECTOR = Ways(
    lambda person: person.click("inspector-toggle"),
    lambda person: person.keys("Ctrl+I"),
    lambda person: person.palette("inspector"),
)
WHY = Ways(
    lambda person: (
        person.click_page("Queue"),
        person.click_first_row("queue-list"),
        INSPECTOR.mouse(person),
    )[0],
    lambda person: (person.keys("Ctrl+3"), _first_row(person), INSPECTOR.keyboard(person))[0],
    lambda person: (person.palette("show queue"), _first_row(person), INSPECTOR.palette(person))[0],
)

NAMES: dict[str, Ways] = {
    "nav": OVERVIEW,
    "page-overview": OVERVIEW,
    "page-jobs": page("Jobs", "Ctrl+2"),
    "page-queue": QUEUE,
    "page-history": page("History", "Ctrl+4"),
    "page-failures": page("Failures", "Ctrl+5"),
    "page-domain-tiny": TINY,
    "domain-card-tiny": OVERVIEW,
    "domain-switch-tiny": OVERVIEW,
    "settings-window": SETTINGS,
    "settings-switch-tiny": DOMAIN_SETTINGS,
    "concurrency-tiny": OVERVIEW,
    "graph-concurrency": OVERVIEW,
    "graph-pressure": OVERVIEW,
    "graph-throughput": OVERVIEW,
    "inspector": INSPECTOR,
    "why-waiting": WHY,
    "pause-all": OVERVIEW,
    "search": QUEUE,
}
"""Those of ../shared/design/shell.md, with the one domain that is there; `search` stands on each page with a list."""

SWITCHES = ("domain-switch-tiny", "settings-switch-tiny")
HOLDERS = ("page-", "domain-card-", "settings-window", "inspector", "why-waiting")
"""What holds others: Tab goes to something within it."""


def _choose_settings(person: Person) -> None:
    nav = person.seen("settings-nav")
    assert isinstance(nav, NavList)
    nav.setFocus()
    QTest.keyClick(nav, Qt.Key.Key_Home)
    QTest.keyClick(nav, Qt.Key.Key_Down)


def _first_row(person: Person) -> None:
    view = person.at.child(QTreeView, "queue-list")
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Home)


@pytest.mark.parametrize("way", ["mouse", "keyboard", "palette"])
def test_every_name_is_reached_and_says_what_it_is(
    way: str, window: MainWindow, settings: SettingsStore, qapp: QApplication
) -> None:
    async def script() -> None:
        async with opened(window, settings) as at:
            await at.tiny.submit_batch([Nothing(number=1), Fail()], tags={"job_id": "one"})
            await at.scheduler.wait_idle()
            await at.tiny.submit(Nothing(number=2), label="later", run_after=3600, tags={"job_id": "two"})
            await at.until(lambda: window.findChild(GraphPanel) is not None)
            person = Person(at)
            for name, ways in NAMES.items():
                await away(person, name)
                getattr(ways, way)(person)
                await at.until(lambda name=name: person.seen(name) is not None)
                found = person.seen(name)
                assert found is not None
                assert found.accessibleName() or found.windowTitle(), f"{name} says nothing"
                # A list has to be asked for first.
                await at.until(lambda found=found, name=name: can_be_used(found, name))

    run_on_qt(qapp, script(), 60)


async def away(person: Person, name: str) -> None:
    """Somewhere else, where it cannot be seen; with a list filled that is to be gone to."""
    at, window = person.at, person.window
    for one in ("settings-window", "help-window"):
        if (shown := person.seen(one)) is not None:
            shown.close()
    if person.seen("inspector") is not None:
        person.keys("Ctrl+I")
    window.show_page("queue")
    rows = at.child(QTreeView, "queue-list")
    await at.until(lambda: rows.model().rowCount() == 1)
    window.show_page("history" if name in {"page-queue", "search", "why-waiting"} else "queue")
    if name == "search":
        window.show_page("overview")


def can_be_used(found: QWidget, name: str) -> bool:
    """Is it, or what it holds, among what Tab comes to? A switch is a button that is checked while its domain is on."""
    if name in SWITCHES:
        assert isinstance(found, QAbstractButton)
        assert found.isCheckable()
        assert found.isChecked()
    reached = reading_order(found.window())
    if name.startswith(HOLDERS):
        return any(found.isAncestorOf(one) or one is found for one in reached)
    return found in reached
