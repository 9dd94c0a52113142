"""The page of one domain: its head, what runs, waits and failed; and it does nothing that nobody sees."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLabel,
    QPushButton,
)

from app.pages.domain_page import DomainPage
from app.settings import SettingsStore
from app.widgets.cap_box import CapBox
from app.widgets.note_card import NoteCard
from app.widgets.panel_section import PanelSection
from app.widgets.switch import Switch
from scheduler_core import HealthReport
from tests.app.pages.domain_stage import (
    Play,
    figure,
    labels,
    words,
)
from tests.app.pages.page_session import Stage, child
from tests.app.pages.panels import loaded
from tests.app.pages.sessions import until
from tests.app.tiny_domain import Fail, Nothing, Wait


def test_switch_and_cap_go_both_ways(play_domain: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        switch, cap = child(page, Switch, "panel-switch-tiny"), child(page, CapBox, "panel-concurrency-tiny")
        assert switch.isChecked()
        assert cap.cap == 8
        switch.click()
        await until(lambda: on.tiny.is_paused and not switch.isChecked())
        await on.tiny.resume()
        assert switch.isChecked()
        cap.setValue(3)
        await until(lambda: on.tiny.max_concurrency == 3)
        on.tiny.set_max_concurrency(5)
        assert cap.cap == 5
        assert SettingsStore(on.session.settings.path).value.limits.domains == {"tiny": 3}

    play_domain(script)


def test_the_head_counts_and_says_how_it_goes(play_domain: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        await on.tiny.submit_batch([Wait(number=number) for number in range(6)])
        await until(lambda: child(page, QLabel, "panel-count-running").text() == "4")
        await until(lambda: child(page, QLabel, "panel-count-waiting").text() == "2")
        assert child(page, QLabel, "panel-speed").text() == "working"
        await on.tiny.pause()
        await until(lambda: child(page, QLabel, "panel-count-paused").text() == "6")
        assert child(page, QLabel, "panel-speed").text() == "off"
        await on.tiny.resume()
        on.gate.set()
        await on.tiny.submit(Fail())
        await until(lambda: child(page, QLabel, "panel-count-failed").text() == "1")

    play_domain(script)


def test_health_is_shown_and_looked_at_again(play_domain: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        health, check = child(page, QFrame, "panel-health"), child(page, QPushButton, "panel-check-health")
        assert health.isVisible()
        assert "Choose a place" in words(health)
        on.session.settings.update(domains={"tiny": {"level": 9}})
        check.click()
        assert not check.isEnabled()
        await until(lambda: "Its health check failed: level 9 is too much" in words(health))
        assert check.isEnabled()
        on.session.settings.update(domains={"tiny": {"level": 3, "place": "/mnt"}})
        check.click()
        await until(lambda: not health.isVisible())

    play_domain(script, loaded(health=HealthReport(ok=False, message="Choose a place")))


def test_running_tasks_come_and_go_and_can_be_cancelled(play_domain: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        note = page.findChildren(NoteCard)[0]
        assert note.text.startswith("Nothing is running")
        height = child(page, PanelSection, "panel-running-tiny").sizeHint().height()
        await on.tiny.submit(Wait(number=1), label="slow one")
        await until(lambda: labels(page, "panel-running-list-tiny") == ["slow one"])
        assert figure(page, "running") == "1"
        assert child(page, PanelSection, "panel-running-tiny").sizeHint().height() == height
        view = child(page, QAbstractItemView, "panel-running-list-tiny")
        view.selectAll()
        QTest.keyClick(view, Qt.Key.Key_Delete)
        await until(lambda: labels(page, "panel-running-list-tiny") == [])
        assert [undo.n for undo in on.scheduler.undos] == [1]
        await on.tiny.pause()
        assert note.text.startswith("Tiny things is off")
        await on.scheduler.pause_all()
        assert note.text.startswith("Everything is paused")

    play_domain(script)


def test_the_queue_shows_who_is_next_and_what_holds_them(play_domain: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        await on.tiny.submit_batch([Wait(number=number) for number in range(4)])
        await on.tiny.submit(Nothing(number=1), label="second")
        await on.tiny.submit(Nothing(number=2), label="first", priority=10)
        await until(lambda: labels(page, "panel-queue-list-tiny") == ["first", "second"])
        view = child(page, QAbstractItemView, "panel-queue-list-tiny")
        state = view.model().index(0, 1)
        assert state.data() == "waiting"
        assert figure(page, "queue") == "2 waiting"
        await on.tiny.pause()
        await until(lambda: state.data() == "paused")
        await until(lambda: figure(page, "queue") == "6 paused")
        view.setCurrentIndex(view.model().index(0, 0))
        view.selectionModel().select(
            view.model().index(0, 0),
            view.selectionModel().SelectionFlag.ClearAndSelect | view.selectionModel().SelectionFlag.Rows,
        )
        first = labels(page, "panel-queue-list-tiny")[0]
        QTest.keyClick(view, Qt.Key.Key_Delete)
        await until(lambda: first not in labels(page, "panel-queue-list-tiny"))

    play_domain(script)


def test_a_queue_in_which_none_is_ready_says_why(play_domain: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        note = page.findChildren(NoteCard)[1]
        assert note.text.startswith("Nothing waits")
        later = await on.tiny.submit(Nothing(number=1), run_after=3600)
        await until(lambda: figure(page, "queue") == "1 waiting")
        assert not (note.isVisible() and note.text.startswith("Nothing waits"))
        await until(
            lambda: note.isVisible() and note.text == "None of them is ready: they wait for their time."
        )
        await on.tiny.submit(Nothing(number=2), depends_on=[later.id or 0])
        await until(lambda: figure(page, "queue") == "1 waiting · 1 behind other tasks")

    play_domain(script)


def test_a_queue_that_was_not_read_yet_does_not_say_that_none_is_ready(play_domain: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        note = page.findChildren(NoteCard)[1]
        page.hide()
        on.gate.clear()
        for number in range(6):
            await on.tiny.submit(Wait(number=number))
        await until(lambda: on.tiny.counts.running > 0 and on.tiny.counts.pending > 0)
        page.show()
        assert figure(page, "queue").endswith("waiting")
        assert not note.isVisible()
        await until(lambda: labels(page, "panel-queue-list-tiny") != [])
        on.gate.set()

    play_domain(script)


def test_failures_are_the_newest_and_can_be_tried_again(play_domain: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        for number in range(4):
            await on.tiny.submit(Fail(number=number), label=f"file {number}")
            await on.scheduler.wait_idle()
        await until(lambda: figure(page, "failures") == "the newest 3")
        section = child(page, PanelSection, "panel-failures-tiny")
        newest = ["number 3 is bad", "number 2 is bad", "number 1 is bad"]
        await until(lambda: [word for word in words(section) if word.startswith("number ")] == newest)
        asked: list[str] = []
        page.page_requested.connect(asked.append)
        section.more.click()
        assert asked == ["failures"]
        last = (await on.scheduler.failures(1))[0]
        child(page, QPushButton, f"panel-retry-{last.id}").click()
        await until(lambda: on.told == ["Trying again: 1 task"])
        await until(lambda: on.tiny.counts.failed == 5)
        await on.scheduler.clear_failures([one.id for one in await on.scheduler.failures()])
        on.session.commands.settled.emit()
        await until(lambda: any(word.startswith("Nothing went wrong") for word in words(section)))

    play_domain(script)
