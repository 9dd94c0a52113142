"""The page of one domain on a real scheduler: every control goes both ways, and nothing ticks that nobody sees."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHeaderView,
    QLabel,
    QPushButton,
    QWidget,
)

from app.pages.domain_page import DomainPage
from app.plugin_host.host import LoadedPlugin
from app.settings import SettingsStore
from app.widgets.cap_box import CapBox
from app.widgets.group_row import GroupRow
from app.widgets.note_card import NoteCard
from app.widgets.panel_section import PanelSection
from app.widgets.quiet_spin import QuietSpin
from app.widgets.rate_box import RateBox
from app.widgets.schedule_row import ScheduleRow
from app.widgets.switch import Switch
from app.widgets.title_fold import TitleFold
from scheduler_core import GroupSummary, HealthReport, RateLimit, RecurringSchedule
from tests.app.pages.page_session import Stage, child, stage, ticking
from tests.app.pages.panels import loaded
from tests.app.pages.sessions import tiny_plugin, until
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Fail, Nothing, Wait

Script = Callable[[Stage, DomainPage], Awaitable[None]]
DAILY = RecurringSchedule(every=86_400, initial_delay=3600)


def dispose(page: QWidget) -> None:
    """Closes a page and frees it at once: outside of an event loop nobody else would."""
    page.close()
    page.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


class Play:
    """Runs a script on a page that is seen."""

    def __init__(self, app: QApplication, folder: Path) -> None:
        self._app = app
        self.folder = folder

    def __call__(self, script: Script, plugin: LoadedPlugin | None = None) -> None:
        pages: list[DomainPage] = []

        async def session() -> None:
            shown = tiny_plugin() if plugin is None else plugin
            async with stage(self.folder, [shown]) as on:
                page = DomainPage(on.session, on.tiny, shown)
                pages.append(page)
                page.resize(1080, 700)
                page.show()
                try:
                    await script(on, page)
                finally:
                    on.gate.set()
                    await on.session.commands.wait_idle()
                    await until(lambda: page.is_settled)
                    page.detach()
                    page.detach()
                    assert ticking(page) == []

        try:
            run_on_qt(self._app, session())
        finally:
            # Not in the loop: it ends with the last window.
            for page in pages:
                dispose(page)


@pytest.fixture
def play(qapp: QApplication, tmp_path: Path) -> Play:
    return Play(qapp, tmp_path)


def group(on: Stage, name: str = "disk") -> GroupSummary:
    (found,) = [one for one in on.scheduler.groups("tiny") if one.name == name]
    return found


def stored(on: Stage, name: str = "disk") -> dict[str, object]:
    """What the settings file, read anew, says of a group."""
    groups = SettingsStore(on.session.settings.path).value.limits.groups
    return groups[name].model_dump(exclude_none=True) if name in groups else {}


def labels(page: QWidget, name: str) -> list[str]:
    model = child(page, QAbstractItemView, name).model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def figure(page: QWidget, section: str) -> str:
    return child(page, PanelSection, f"panel-{section}-tiny").figure


def words(root: QWidget) -> list[str]:
    return [label.text() for label in root.findChildren(QLabel) if label.isVisibleTo(root)]


async def with_group(on: Stage, page: DomainPage, name: str = "disk") -> GroupRow:
    await on.tiny.submit(Wait(number=99), group=name)
    await until(lambda: page.findChild(GroupRow, f"group-{name}") is not None)
    return child(page, GroupRow, f"group-{name}")


# The head


def test_switch_and_cap_go_both_ways(play: Play) -> None:
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

    play(script)


def test_the_head_counts_and_says_how_it_goes(play: Play) -> None:
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

    play(script)


def test_health_is_shown_and_looked_at_again(play: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        health, check = child(page, QFrame, "panel-health"), child(page, QPushButton, "panel-check-health")
        assert health.isVisible()
        assert "Choose a place" in words(health)
        on.session.settings.update(domains={"tiny": {"level": 9}})
        check.click()
        assert not check.isEnabled()
        await until(lambda: "RuntimeError: level 9 is too much" in words(health))
        assert check.isEnabled()
        on.session.settings.update(domains={"tiny": {"level": 3, "place": "/mnt"}})
        check.click()
        await until(lambda: not health.isVisible())

    play(script, loaded(health=HealthReport(ok=False, message="Choose a place")))


# What runs, and what waits


def test_running_tasks_come_and_go_and_can_be_cancelled(play: Play) -> None:
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
        assert on.scheduler.counts.cancelled == 1
        await on.tiny.pause()
        assert note.text.startswith("Tiny things is off")
        await on.scheduler.pause_all()
        assert note.text.startswith("Everything is paused")

    play(script)


def test_the_queue_shows_who_is_next_and_what_holds_them(play: Play) -> None:
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

    play(script)


def test_a_queue_in_which_none_is_ready_says_why(play: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        note = page.findChildren(NoteCard)[1]
        assert note.text.startswith("Nothing waits")
        later = await on.tiny.submit(Nothing(number=1), run_after=3600)
        await until(lambda: figure(page, "queue") == "1 waiting")
        assert note.text == "None of them is ready: they wait for their time."
        await on.tiny.submit(Nothing(number=2), depends_on=[later.id or 0])
        await until(lambda: figure(page, "queue") == "1 waiting · 1 behind other tasks")

    play(script)


# Groups


def test_a_person_sets_the_limits_of_a_group_and_they_are_kept(play: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        await with_group(on, page)
        child(page, TitleFold, "group-open-disk").click()
        child(page, CapBox, "group-limit-disk").setValue(3)
        await until(lambda: group(on).max_concurrency == 3)
        child(page, QuietSpin, "group-weight-disk").setValue(5)
        await until(lambda: group(on).weight == 5)
        child(page, QuietSpin, "group-minimum-disk").setValue(1)
        await until(lambda: group(on).minimum_slots == 1)
        rate = child(page, RateBox, "group-rate-disk")
        child(rate, QuietSpin, "rate-number").setValue(10)
        await until(lambda: group(on).rate_limit == RateLimit.per_minute(10))
        assert stored(on) == {"max_concurrency": 3, "weight": 5, "minimum_slots": 1, "rate": "10/minute"}
        await until(
            lambda: (
                "3 at once · weight 5 · 1 kept for it · 10 a minute"
                in words(child(page, GroupRow, "group-disk"))
            )
        )
        child(page, CapBox, "group-limit-disk").setValue(child(page, CapBox, "group-limit-disk").maximum())
        child(page, QuietSpin, "group-minimum-disk").setValue(0)
        child(rate, QuietSpin, "rate-number").setValue(0)
        await until(lambda: group(on).rate_limit is None and group(on).max_concurrency is None)
        await on.session.commands.wait_idle()
        assert stored(on) == {"weight": 5}

    play(script)


def test_what_a_program_changes_of_a_group_is_shown_and_not_stored(play: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        row = await with_group(on, page)
        on.scheduler.set_group_limit("disk", 7)
        on.scheduler.set_group_weight("disk", 2)
        on.scheduler.set_group_minimum_slots("disk", 4)
        on.scheduler.set_group_rate_limit("disk", RateLimit.per_second(3))
        await until(lambda: "7 at once · weight 2 · 4 kept for it · 3 a second" in words(row))
        assert child(page, CapBox, "group-limit-disk").cap == 7
        assert child(page, QuietSpin, "group-weight-disk").value() == 2
        assert child(page, QuietSpin, "group-minimum-disk").value() == 4
        assert child(child(page, RateBox, "group-rate-disk"), QuietSpin, "rate-number").value() == 3
        assert stored(on) == {}

    play(script)


def test_a_group_is_paused_both_ways_and_until_a_time(play: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        row = await with_group(on, page)
        switch = child(page, Switch, "group-switch-disk")
        switch.click()
        await until(lambda: group(on).is_paused and not switch.isChecked())
        assert "paused" in words(row)
        await until(lambda: "0 running, 1 paused" in words(row))
        await on.tiny.resume_group("disk")
        await until(switch.isChecked)
        menu = child(page, QPushButton, "group-pause-disk").menu()
        menu.actions()[1].trigger()
        await until(lambda: group(on).paused_until is not None)
        left = (group(on).paused_until or datetime.now(UTC)) - datetime.now(UTC)
        assert timedelta(minutes=59) < left <= timedelta(hours=1)
        await until(lambda: any(word.startswith("paused until ") for word in words(row)))
        switch.click()
        await until(lambda: not group(on).is_paused and switch.isChecked())

    play(script)


def test_a_limit_that_cannot_be_stored_is_told_and_does_not_hold(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        await with_group(on, page)

        def refuse(**_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(on.session.settings, "update", refuse)
        limit = child(page, CapBox, "group-limit-disk")
        limit.setValue(2)
        await until(lambda: len(on.failed) == 1)
        assert "Group disk" in str(on.failed[0])
        await until(lambda: limit.cap is None)
        assert group(on).max_concurrency is None

    play(script)


def test_of_very_many_groups_those_that_matter_come_first_and_the_others_on_demand(play: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        on.scheduler.set_max_concurrency(1)
        for number in range(40):
            await on.tiny.submit(Nothing(number=number), group=f"g{number:02}")
        await on.tiny.submit(Wait(number=1), group="z")
        await until(lambda: group(on, "z").running == 1)
        page.hide()
        page.show()
        assert page.findChild(GroupRow, "group-z") is None or figure(page, "groups") == "41"
        more = child(page, QPushButton, "panel-groups-all-tiny")
        assert more.isVisible()
        shown = len(page.findChildren(GroupRow))
        more.click()
        assert len(page.findChildren(GroupRow)) == shown + 24
        more.click()
        assert not more.isVisible()
        assert page.findChild(GroupRow, "group-z") is not None
        names = [row.objectName() for row in page.findChildren(GroupRow)]
        assert len(names) == 41

    play(script)


# Schedules


async def with_schedule(on: Stage, page: DomainPage) -> tuple[ScheduleRow, int]:
    outcome = await on.tiny.submit(Nothing(number=5), label="daily look", recurring=DAILY)
    assert outcome.id is not None
    name = f"schedule-{outcome.id}"
    await until(lambda: page.findChild(ScheduleRow, name) is not None)
    return child(page, ScheduleRow, name), outcome.id


def test_a_schedule_is_shown_in_words_and_paused_both_ways(play: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        row, number = await with_schedule(on, page)
        when = child(page, QLabel, f"schedule-when-{number}")
        assert when.text().startswith("nothing · Every day · next about ")
        await until(lambda: page.is_ticking)
        switch = child(page, Switch, f"schedule-switch-{number}")
        switch.click()
        await until(lambda: on.scheduler.schedules("tiny")[0].is_paused and not switch.isChecked())
        assert when.text() == "nothing · Every day · paused"
        assert not child(row, QPushButton, f"schedule-run-{number}").isEnabled()
        await on.tiny.resume_recurring(number)
        await until(switch.isChecked)

    play(script)


def test_a_schedule_is_run_now(play: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        row, number = await with_schedule(on, page)
        child(row, QPushButton, f"schedule-run-{number}").click()
        await until(lambda: on.tiny.counts.completed == 1)
        await until(lambda: page.findChild(ScheduleRow) is row)
        on.scheduler.set_max_concurrency(0)
        child(row, QPushButton, f"schedule-run-{number}").click()
        await on.session.commands.wait_idle()
        child(row, QPushButton, f"schedule-run-{number}").click()
        await until(lambda: on.told == ["daily look is at work already, or paused"])

    play(script)


def test_a_schedule_that_is_ended_rests_at_once_and_can_be_kept(play: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        row, number = await with_schedule(on, page)
        child(row, QPushButton, f"schedule-end-{number}").click()
        assert row.is_ending
        await until(lambda: on.scheduler.schedules("tiny")[0].is_paused)
        keep = child(row, QPushButton, f"schedule-keep-{number}")
        assert keep.isVisible()
        keep.click()
        await until(lambda: not on.scheduler.schedules("tiny")[0].is_paused)
        assert not row.is_ending
        assert not keep.isVisible()

    play(script)


def test_a_schedule_that_is_ended_and_not_kept_is_gone(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.widgets.schedule_row.UNDO_MS", 50)

    async def script(on: Stage, page: DomainPage) -> None:
        row, number = await with_schedule(on, page)
        child(row, QPushButton, f"schedule-end-{number}").click()
        await until(lambda: on.scheduler.schedules("tiny") == [])
        await until(lambda: figure(page, "schedules") == "")
        await until(lambda: page.findChild(ScheduleRow) is None)

    play(script)


def test_a_schedule_that_a_program_ends_goes(play: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        _, number = await with_schedule(on, page)
        await on.tiny.cancel_recurring(number)
        await until(lambda: figure(page, "schedules") == "")

    play(script)


# Failures


def test_failures_are_the_newest_and_can_be_tried_again(play: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        for number in range(4):
            await on.tiny.submit(Fail(number=number), label=f"file {number}")
            await on.scheduler.wait_idle()
        await until(lambda: figure(page, "failures") == "the newest 3")
        section = child(page, PanelSection, "panel-failures-tiny")
        shown = [word for word in words(section) if word.startswith("number ")]
        assert shown == ["number 3 is bad", "number 2 is bad", "number 1 is bad"]
        asked: list[str] = []
        page.page_requested.connect(asked.append)
        section.more.click()
        assert asked == ["failures"]
        newest = (await on.scheduler.failures(1))[0]
        child(page, QPushButton, f"panel-retry-{newest.id}").click()
        await until(lambda: on.told == ["Trying again: 1 tasks"])
        await until(lambda: on.tiny.counts.failed == 5)
        await on.scheduler.clear_failures([one.id for one in await on.scheduler.failures()])
        on.session.commands.settled.emit()
        await until(lambda: any(word.startswith("Nothing went wrong") for word in words(section)))

    play(script)


# What the plugin brings


def test_the_panel_of_a_plugin_is_made_once_with_its_handle(play: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        assert child(page, QLabel, "tiny-panel").text() == "the panel of tiny"
        page.hide()
        page.show()
        assert len(page.findChildren(QLabel, "tiny-panel")) == 1

    play(script, loaded("tests.app.pages.panels:make"))


@pytest.mark.parametrize(
    ("panel", "reason"),
    [
        ("tests.app.pages.panels:broken", "No such table: boxes"),
        ("tests.app.pages.panels:no_widget", "tests.app.pages.panels:no_widget returned str, and no QWidget"),
        ("tests.app.pages.panels:nothing", "has no attribute 'nothing'"),
        ("no_such_module:make", "No module named 'no_such_module'"),
        ("panels", "panel 'panels' is no package.module:factory"),
    ],
)
def test_a_panel_that_cannot_be_shown_is_told_in_its_place_and_the_rest_works(
    play: Play, panel: str, reason: str
) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        card = child(page, QFrame, "panel-plugin-failed-tiny")
        assert any(reason.casefold() in word.casefold() for word in words(card))
        child(page, Switch, "panel-switch-tiny").click()
        await until(lambda: on.tiny.is_paused)
        assert on.failed == []

    play(script, loaded(panel))


def test_settings_of_the_plugin_are_stored_and_follow_the_file(play: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        section = child(page, PanelSection, "panel-settings-tiny")
        level = child(section, QWidget, "setting-level")
        level.setValue(7)  # type: ignore[attr-defined]
        assert SettingsStore(on.session.settings.path).value.domains == {"tiny": {"level": 7}}
        on.session.settings.update(domains={"tiny": {"level": 2}})
        assert level.value() == 2  # type: ignore[attr-defined]

    play(script, loaded())


# The page as a whole


def test_a_domain_without_a_plugin_has_a_page_without_settings(qapp: QApplication, tmp_path: Path) -> None:
    pages: list[DomainPage] = []

    async def session() -> None:
        async with stage(tmp_path, []) as on:
            page = DomainPage(on.session, on.tiny, None)
            pages.append(page)
            page.show()
            assert page.accessibleName() == "Tiny"
            assert page.findChild(PanelSection, "panel-settings-tiny") is None
            assert page.findChild(PanelSection, "panel-plugin-tiny") is None
            await until(lambda: page.is_settled)
            page.detach()

    run_on_qt(qapp, session())
    dispose(pages[0])


def test_a_page_that_nobody_sees_does_nothing_and_makes_up_for_it(play: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        await until(lambda: page.is_settled)
        page.hide()
        assert ticking(page) == []
        await on.tiny.submit(Wait(number=1), label="meanwhile", group="disk")
        await on.tiny.submit(Nothing(number=5), label="daily", recurring=DAILY)
        await on.tiny.submit(Fail())
        await until(lambda: on.tiny.counts.failed == 1)
        await until(lambda: not ticking(on.session.events))
        assert ticking(page) == []
        assert labels(page, "panel-running-list-tiny") == []
        assert page.findChild(GroupRow) is None
        page.show()
        await until(lambda: labels(page, "panel-running-list-tiny") == ["meanwhile"])
        assert page.findChild(GroupRow, "group-disk") is not None
        assert page.findChild(ScheduleRow) is not None
        await until(lambda: child(page, PanelSection, "panel-failures-tiny").more.isVisible())

    play(script)


def test_an_idle_page_has_no_timer(play: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        await until(lambda: page.is_settled)
        await until(lambda: ticking(page) == [])
        assert not page.is_ticking

    play(script)


def test_every_control_has_a_name_and_can_be_reached(play: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit

        row = await with_group(on, page)
        child(row, TitleFold, "group-open-disk").click()
        await with_schedule(on, page)
        await on.tiny.submit(Fail())
        await until(lambda: child(page, PanelSection, "panel-failures-tiny").more.isVisible())
        kinds = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QAbstractItemView)
        inner = (QLineEdit, QAbstractSpinBox, QComboBox)
        controls = [
            one
            for kind in kinds
            for one in page.findChildren(kind)
            if one.isVisible() and not isinstance(one.parent(), inner) and not isinstance(one, QHeaderView)
        ]
        assert [one.objectName() or one for one in controls if not one.accessibleName()] == []
        unreachable = [one for one in controls if one.focusPolicy() == Qt.FocusPolicy.NoFocus]
        assert [one.objectName() for one in unreachable] == []

    play(script, loaded("tests.app.pages.panels:make"))


def test_esc_leads_back_also_from_a_control(play: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        asked: list[bool] = []
        page.back_requested.connect(lambda: asked.append(True))
        page.setFocus()
        QTest.keyClick(page, Qt.Key.Key_Escape)
        cap = child(page, CapBox, "panel-concurrency-tiny")
        cap.setFocus()
        QTest.keyClick(cap, Qt.Key.Key_Escape)
        assert asked == [True, True]

    play(script)


@pytest.mark.parametrize("width", [552, 800, 1072])
def test_nothing_is_wider_than_the_page(play: Play, width: int) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        row = await with_group(
            on, page, "s3://backups-of-the-family/eu-central/a-very-long-name-without-a-space"
        )
        row.findChildren(TitleFold)[0].click()
        await with_schedule(on, page)
        page.resize(width, 520)
        await until(lambda: page.width() == width)
        QApplication.processEvents()
        area = child(page, QWidget, "panel-area-tiny")
        inner = area.widget()  # type: ignore[attr-defined]
        assert inner.minimumSizeHint().width() <= area.viewport().width()  # type: ignore[attr-defined]

    play(script, loaded("tests.app.pages.panels:make"))
