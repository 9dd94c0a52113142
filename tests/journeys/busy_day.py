"""A busy day by hand, in a program of its own, on the screen $DISPLAY.

`python -m tests.journeys.busy_day DATA_DIR FOLDER PARCELS`: the real program with the real plugins and one that another
author has made. Every click is the X server's.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPoint, QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QLabel,
    QMenu,
    QPushButton,
    QTreeView,
    QWidget,
)

from app.models.causes_model import CAUSE_ROLE, COUNT_ROLE
from app.models.job_row import JobColumn
from app.models.tasks_model import RECORD_ROLE
from app.widgets.menu_button import MenuButton
from app.widgets.nav_list import NavList
from app.widgets.prose import Prose
from tests.journeys.answers import AnswerWatch
from tests.journeys.beside import Onlooker, run_with
from tests.journeys.courier import FOR_THE_VAN, OVER_THE_BRIDGE, PARCELS
from tests.journeys.virtual_screen import VirtualScreen

DOMAINS = ("ingest", "process", "courier")
LONGEST_S = 150.0
"""For what takes its time on a machine that has much else to do."""


class Hand:
    """Clicks at what is seen, on the screen itself."""

    def __init__(self, onlooker: Onlooker, screen: VirtualScreen) -> None:
        self.onlooker = onlooker
        self._screen = screen

    def click(self, name: str, kind: type[QWidget] = QAbstractButton) -> None:
        """Presses the mouse on the middle of a widget, once it can be seen and used."""
        self._screen.click(*self.onlooker.place_of(kind, name))

    def click_row(
        self, view: str, find: Callable[[QAbstractItemView], QModelIndex | None], what: str
    ) -> None:
        """Presses the mouse on a row of a list, once it is there."""

        def place() -> tuple[int, int] | None:
            found = self.onlooker.find(QAbstractItemView, view)
            index = None if found is None else find(found)
            if found is None or index is None:
                return None
            found.scrollTo(index)
            rect = found.visualRect(index)
            # Where its text begins: the middle of a wide row may be another cell.
            return on_screen(found.viewport(), QPoint(rect.left() + 60, rect.center().y()))

        self._screen.click(*self.onlooker.until(place, what))

    def open_page(self, name: str) -> None:
        """By its entry in the list at the left."""
        onlooker = self.onlooker

        def entry(nav: QAbstractItemView) -> QModelIndex | None:
            assert isinstance(nav, NavList)
            rows = (nav.model().index(row, 0) for row in range(nav.model().rowCount()))
            return next((row for row in rows if row.data() == nav.title_of(name)), None)

        self.click_row("nav", entry, name)
        onlooker.until(lambda: onlooker.find(QWidget, f"page-{name}"), f"the page {name}")

    def choose(self, button: str, text: str) -> None:
        """Opens a menu by its button and takes one of its entries."""
        self.click(button, MenuButton)

        def place() -> tuple[int, int] | None:
            found = self.onlooker.find(MenuButton, button)
            assert found is not None
            menu = found.menu()
            return entry_of(menu, text) if menu.isVisible() else None

        self._screen.click(*self.onlooker.until(place, f"the menu of {button}"))


def on_screen(widget: QWidget, place: QPoint) -> tuple[int, int]:
    """A place within a widget, in the screen's pixels."""
    ratio, there = widget.devicePixelRatio(), widget.mapToGlobal(place)
    return round(there.x() * ratio), round(there.y() * ratio)


def entry_of(menu: QMenu, text: str) -> tuple[int, int]:
    """Where an entry of an open menu stands on the screen."""
    action = next(one for one in menu.actions() if one.text() == text)
    rect: QRect = menu.actionGeometry(action)
    return on_screen(menu, rect.center())


def count_on_card(onlooker: Onlooker, domain: str, count: str) -> int:
    """A number on a domain's card, as a person reads it."""
    card = onlooker.find(QWidget, f"domain-card-{domain}")
    label = None if card is None else card.findChild(QLabel, f"count-{count}")
    return 0 if label is None else int("".join(one for one in label.text() if one.isdigit()) or 0)


def play(onlooker: Onlooker, screen: VirtualScreen, data_dir: Path, folder: Path, parcels: Path) -> None:
    """Takes in 5,000 things, looks around, and finds, mends and retries what fails."""
    hand = Hand(onlooker, screen)
    onlooker.until(onlooker.is_open, "the database to be open")
    onlooker.until(lambda: onlooker.find(QWidget, "graph-concurrency"), "the graphs")
    with AnswerWatch(onlooker) as watch:
        onlooker.drop(folder)
        onlooker.drop(parcels)
        look_at_overview(onlooker)
        open_the_job(hand)
        filter_the_queue(hand)
        find_the_cause(hand)
        onlooker.all_words_fit(lambda: onlooker.window, "Failures")
        switch_off_and_mend(hand, data_dir)
        retry_all(hand)
    answers = watch.answers
    total = onlooker.ask(lambda: sum(one.counts.completed for one in onlooker.scheduler.domains()))
    assert total >= 5_000, total
    print(f"{total} tasks; {answers}", flush=True)
    answers.assert_bounded(most_p99=3.0, most_longest=10.0, most_late=6.0)
    print("a busy day", flush=True)


def look_at_overview(onlooker: Onlooker) -> None:
    """All three domains have work, and their cards say so."""
    for domain in DOMAINS:
        onlooker.until(
            lambda domain=domain: sum(count_on_card(onlooker, domain, one) for one in ("running", "waiting")),
            f"the card of {domain} to tell of work",
        )


def open_the_job(hand: Hand) -> None:
    """The job of the folder, opened with a click, shows its way through the domains."""
    onlooker = hand.onlooker
    hand.open_page("jobs")

    def job(view: QAbstractItemView) -> QModelIndex | None:
        rows = (view.model().index(row, JobColumn.NAME) for row in range(view.model().rowCount()))
        return next((row for row in rows if row.data() == "letters"), None)

    # The newest is open already, and that is the parcels'.
    hand.click_row("jobs-list", job, "the job of the letters")

    def is_open() -> bool:
        view = onlooker.find(QTreeView, "jobs-list")
        index = None if view is None else job(view)
        return view is not None and index is not None and view.isExpanded(index)

    onlooker.until(is_open, "the job to be open")


def filter_the_queue(hand: Hand) -> None:
    """Only what the courier has."""
    onlooker = hand.onlooker
    hand.open_page("queue")
    hand.choose("queue-domain", "Courier")

    def listed() -> set[str]:
        view = onlooker.find(QAbstractItemView, "queue-list")
        if view is None:
            return set()
        model = view.model()
        records = (model.index(row, 0).data(RECORD_ROLE) for row in range(model.rowCount()))
        return {record.domain for record in records if record is not None}

    onlooker.until(lambda: listed() == {"courier"}, "the queue of the courier alone")


def find_the_cause(hand: Hand) -> None:
    """One card for all 400."""
    onlooker = hand.onlooker
    onlooker.until(
        lambda: onlooker.scheduler.failure_count == OVER_THE_BRIDGE, "all of them to fail", LONGEST_S
    )
    hand.open_page("failures")

    def cause(view: QAbstractItemView) -> QModelIndex | None:
        rows = (view.model().index(row, 0) for row in range(view.model().rowCount()))
        said = str(OVER_THE_BRIDGE)
        return next((r for r in rows if r.data(CAUSE_ROLE) is not None and r.data(COUNT_ROLE) == said), None)

    hand.click_row("failure-causes", cause, "the card of the cause")
    onlooker.until(lambda: "bridge is out" in title_of_cause(onlooker), "its words")


def switch_off_and_mend(hand: Hand, data_dir: Path) -> None:
    """While the courier rests, nothing of it runs, and all the others go on."""
    onlooker = hand.onlooker
    courier = onlooker.ask(lambda: onlooker.scheduler.domain("courier"))
    hand.open_page("overview")
    assert onlooker.ask(lambda: courier.counts.running), "they wait for the van"
    hand.click("domain-switch-courier")
    onlooker.until(lambda: courier.is_paused and courier.counts.running == 0, "the courier to rest")
    assert onlooker.ask(lambda: courier.counts.paused) >= FOR_THE_VAN
    onlooker.until(
        lambda: count_on_card(onlooker, "courier", "paused") == courier.counts.paused,
        "its card to say what waits",
    )
    others = onlooker.ask(lambda: [one for one in onlooker.scheduler.domains() if one.name != "courier"])
    onlooker.until(lambda: all(one.counts.active == 0 for one in others), "all others to be done", LONGEST_S)
    counts = onlooker.ask(lambda: courier.counts)
    assert (counts.failed, counts.completed + counts.paused) == (
        OVER_THE_BRIDGE,
        PARCELS - OVER_THE_BRIDGE,
    ), counts
    for mended in ("bridge", "van"):
        (data_dir / "plugins" / "courier" / mended).mkdir()
    hand.click("domain-switch-courier")
    onlooker.until(lambda: not courier.is_paused, "the courier to work again")


def retry_all(hand: Hand) -> None:
    """One button, and nothing is left of it."""
    onlooker = hand.onlooker
    hand.open_page("failures")
    onlooker.until(
        lambda: str(OVER_THE_BRIDGE) in words_on(onlooker, "failures-retry-all") or None, "the button"
    )
    hand.click("failures-retry-all", QPushButton)
    onlooker.until(lambda: onlooker.scheduler.failure_count == 0, "the failures to be tried")
    onlooker.until(onlooker.is_idle, "all of it to be done", LONGEST_S)
    onlooker.until(lambda: not onlooker.find(QWidget, "status-failed"), "the status bar to forget them")
    hand.open_page("overview")
    for domain in DOMAINS:
        onlooker.until(
            lambda domain=domain: (
                not any(count_on_card(onlooker, domain, one) for one in ("running", "waiting", "paused"))
            ),
            f"the card of {domain} to say that nothing is left",
        )


def title_of_cause(onlooker: Onlooker) -> str:
    """What went wrong, in the head of the cause that is opened."""
    title = onlooker.find(Prose, "cause-title")
    return "" if title is None else title.toPlainText()


def words_on(onlooker: Onlooker, button: str) -> str:
    """The words on a button; empty where there is none."""
    found = onlooker.find(QPushButton, button)
    return "" if found is None else found.text()


def main() -> int:
    """Returns the program's exit code, or 70 when something was not as it should be."""
    data_dir, folder, parcels = map(Path, sys.argv[1:4])
    screen = VirtualScreen(os.environ["DISPLAY"])
    return run_with(
        ["run", "--data-dir", str(data_dir)],
        lambda onlooker: play(onlooker, screen, data_dir, folder, parcels),
    )


if __name__ == "__main__":
    sys.exit(main())
