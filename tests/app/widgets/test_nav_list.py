"""The list of pages: entries below another one come and go, and it scrolls where there is no room."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.widgets.nav_list import NavList


@pytest.fixture
def nav(qtbot: QtBot) -> NavList:
    made = NavList()
    qtbot.addWidget(made)
    for name in ("overview", "jobs", "failures"):
        made.add_page(name, name.capitalize(), name)
    return made


def titles(nav: NavList) -> list[str]:
    return [nav.item(row).text() for row in range(nav.count())]


def test_entries_below_another_stand_behind_it_in_their_order(nav: NavList) -> None:
    nav.add_sub_page("domain-a", "A", "a", "series-1", "overview")
    nav.add_sub_page("domain-b", "B", "b", "series-2", "overview")
    assert titles(nav) == ["Overview", "A", "B", "Jobs", "Failures"]
    nav.remove_page("domain-a")
    nav.remove_page("no-such-page")
    assert titles(nav) == ["Overview", "B", "Jobs", "Failures"]
    assert nav.title_of("domain-b") == "B"
    assert nav.title_of("domain-a") == ""


def test_going_through_the_list_names_each_page(nav: NavList, qtbot: QtBot) -> None:
    nav.add_sub_page("domain-a", "A", "a", "series-1", "overview")
    chosen: list[str] = []
    nav.page_chosen.connect(chosen.append)
    for row in range(nav.count()):
        nav.setCurrentRow(row)
    assert chosen == ["overview", "domain-a", "jobs", "failures"]


def test_it_is_as_high_as_its_entries_and_gives_way_in_a_low_window(nav: NavList) -> None:
    alone = nav.sizeHint().height()
    for number in range(12):
        nav.add_sub_page(f"domain-{number}", f"Domain {number}", "domain", "series-1", "overview")
    assert nav.sizeHint().height() == nav.maximumHeight() > alone
    assert nav.minimumHeight() < nav.sizeHint().height() / 2
    for number in range(12):
        nav.remove_page(f"domain-{number}")
    assert nav.sizeHint().height() == nav.maximumHeight() == alone
