"""Why is this waiting? For each gate: a task that it holds, the sentence, the button, and the task runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.pages.inspector import Inspector
from app.settings import SettingsStore
from scheduler_core import RecurringSchedule
from tests.app.pages.inspector_world import world
from tests.app.pages.sessions import until
from tests.app.qt_loop import run_on_qt

GATES = [
    ("scheduler_paused", r"Everything is paused\.", "Resume all"),
    ("domain_paused", r"The mill is paused\.", "Resume The mill"),
    ("group_paused", r"Group stones is paused\.", "Resume group stones"),
    ("run_at", r"It is not due before \d+ \w+ \d{4} \d\d:\d\d\.", "Start now"),
    ("global_cap", r"The only slot over all domains is taken\.", "Raise limit to 2"),
    ("domain_cap", r"The only slot of The mill is taken\.", "Raise limit to 2"),
    ("group_cap", r"The only slot of group stones is taken\.", "Raise limit to 2"),
    (
        "throttle",
        r"The machine is 90 % busy; tasks of priority 128 wait until it is at 75 % or below\.",
        "Run anyway",
    ),
    (
        "io_budget",
        r"With it 59\.0 kB would be read from disk at once, and the machine has room for 1\.6 kB\.",
        "Run anyway",
    ),
    ("rate_limit", r"Only 1 an hour of grind may start; the next one in 59 min\.", "Lift this limit"),
    (
        "group_rate_limit",
        r"Only 1 an hour of group stones may start; the next one in 59 min\.",
        "Lift this limit",
    ),
]
"""Those of the contract's section 5, in its order."""


@pytest.fixture
def inspector(qtbot: QtBot) -> Iterator[Inspector]:
    made = Inspector()
    made.panel.resize(376, 700)
    made.panel.show()
    yield made
    made.detach()
    made.panel.close()
    made.panel.deleteLater()


@pytest.mark.parametrize(("gate", "sentence", "button"), GATES)
def test_each_gate_is_told_in_a_sentence_and_lifted_by_its_button(
    inspector: Inspector, qapp: Any, tmp_path: Path, gate: str, sentence: str, button: str
) -> None:
    async def play() -> None:
        async with world(tmp_path, inspector) as on:
            options = await on.close_gate(gate)
            task = await on.submit("x", group="stones", **options)
            await on.inspect(task)
            await on.sees(lambda: re.fullmatch(sentence, on.sentence()) is not None, sentence)
            assert inspector.panel.why.accessibleName() == f"Why is this waiting? {on.sentence()}"
            assert on.lift().isVisible()
            assert on.lift().text() == on.lift().accessibleName() == button
            row = on.child(QWidget, f"gate-{gate}")
            assert f": closed. {on.sentence()}" in row.accessibleName()
            closed = [
                one.objectName()
                for one in inspector.panel.findChildren(QWidget)
                if one.objectName().startswith("gate-") and ": closed. " in one.accessibleName()
            ]
            assert closed == [f"gate-{gate}"], "and every other one is open"
            on.lift().click()
            await on.sees(lambda: on.state() == "Completed", "the end of the task")
            assert on.sentence() == ""
            assert on.failed == []

    run_on_qt(qapp, play())


SETTINGS = {
    "scheduler_paused": ("", "pause-all"),
    "domain_paused": ("domain-mill", "panel-switch-mill"),
    "group_paused": ("domain-mill", "group-switch-stones"),
    "run_at": None,
    "global_cap": ("limits", "setting-max_concurrency"),
    "domain_cap": ("limits", "limits-concurrency-mill"),
    "group_cap": ("domain-mill", "group-limit-stones"),
    "throttle": ("pressure", "setting-ordinary"),
    "io_budget": None,
    "rate_limit": ("limits", "limits-rate-mill::grind"),
    "group_rate_limit": ("domain-mill", "group-rate-stones"),
}
"""Where each of them is set; None: nobody can set it."""


@pytest.mark.parametrize(("gate", "place"), SETTINGS.items())
def test_the_quiet_button_leads_to_the_gates_own_setting(
    inspector: Inspector, qapp: Any, tmp_path: Path, gate: str, place: tuple[str, str] | None
) -> None:
    async def play() -> None:
        async with world(tmp_path, inspector) as on:
            wanted: list[tuple[str, str]] = []
            on.session.commands.setting_wanted.connect(lambda *where: wanted.append(where))
            task = await on.submit("x", group="stones", **await on.close_gate(gate))
            await on.inspect(task)
            await on.sees(lambda: on.sentence() != "" and on.lift().isVisible(), "why it waits")
            setting = on.child(QPushButton, "why-setting")
            assert setting.isVisible() == (place is not None)
            if place is not None:
                assert setting.accessibleName().startswith("Open the setting of: ")
                setting.click()
                assert wanted == [place]
                assert (await on.scheduler.task(task)) is not None, "nothing is lifted by it"

    run_on_qt(qapp, play())


def test_a_rate_that_is_lifted_is_lifted_at_the_next_start_too(
    inspector: Inspector, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with world(tmp_path, inspector) as on:
            settings = on.session.settings
            settings.update(
                limits={"rates": {"mill::grind": {"count": 1, "per": "hour"}, "mill::x": {"count": 2}}}
            )
            await on.inspect(await on.submit("x", **await on.close_gate("rate_limit")))
            await on.sees(lambda: on.lift().isVisible())
            assert "It is kept" in on.lift().toolTip()
            on.lift().click()
            await on.sees(lambda: on.state() == "Completed", "the end of the task")
            assert list(SettingsStore(settings.path).value.limits.rates) == ["mill::x"]

    run_on_qt(qapp, play())


@pytest.mark.parametrize(("gate", "stored"), [
    ("global_cap", {"max_concurrency": 2}),
    ("domain_cap", {"domains": {"mill": 2}}),
])  # fmt: skip
def test_a_limit_that_is_raised_is_stored_as_the_spin_boxes_do(
    inspector: Inspector, qapp: Any, tmp_path: Path, gate: str, stored: dict[str, Any]
) -> None:
    async def play() -> None:
        async with world(tmp_path, inspector) as on:
            await on.inspect(await on.submit("x", **await on.close_gate(gate)))
            await on.sees(lambda: on.lift().isVisible())
            on.lift().click()
            assert not on.lift().isEnabled(), "a second press would raise it twice"
            await on.sees(lambda: on.state() == "Completed", "the end of the task")
            limits = on.session.settings.value.limits.model_dump()
            assert {name: limits[name] for name in stored} == stored

    run_on_qt(qapp, play())


def test_of_two_gates_the_first_is_told_and_then_the_other(
    inspector: Inspector, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with world(tmp_path, inspector) as on:
            await on.close_gate("group_cap")
            await on.close_gate("throttle")
            await on.inspect(await on.submit("x", group="stones"))
            await on.says("The only slot of group stones is taken.")
            assert "9 open, 2 closed" in on.child(QPushButton, "why-gates").text()
            on.lift().click()
            await on.sees(lambda: on.sentence().startswith("The machine is 90 % busy"), "the other gate")
            await until(lambda: on.lift().isEnabled())
            on.lift().click()
            await on.sees(lambda: on.state() == "Completed", "the end of the task")

    run_on_qt(qapp, play())


def test_it_follows_what_others_change_without_being_asked(
    inspector: Inspector, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with world(tmp_path, inspector) as on:
            await on.scheduler.pause_all()
            await on.inspect(await on.submit("hold x"))
            await on.says("Everything is paused.")
            assert on.state() == "Paused"
            await on.mill.pause()
            await on.scheduler.resume_all()
            await on.says("The mill is paused.")
            on.mill.set_max_concurrency(0)
            await on.mill.resume()
            await on.says("The limit of The mill is 0, so nothing of it starts.")
            on.mill.set_max_concurrency(None)
            await on.sees(lambda: on.state() == "Running", "it runs")
            assert on.sentence() == ""

    run_on_qt(qapp, play())


def test_a_pause_with_an_end_a_place_in_line_and_when_it_should_start(
    inspector: Inspector, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with world(tmp_path, inspector) as on:
            await on.mill.pause_for(86_400 * 2)
            task = await on.submit("x")
            await on.inspect(task)
            await on.sees(lambda: on.sentence().startswith("The mill is paused until "), "the end")
            assert "Should start" in texts(inspector)
            on.scheduler.set_max_concurrency(0)
            await on.mill.resume()
            behind = await on.submit("y")
            await on.inspect(behind)
            await on.says("The limit over all domains is 0, so nothing starts.")
            assert texts(inspector)[:2] == ["Place in line", "3"]

    run_on_qt(qapp, play())


def texts(inspector: Inspector) -> list[str]:
    """The facts in the answer."""
    from app.widgets.detail_parts import FactsGrid
    from app.widgets.prose import Prose

    grid = inspector.panel.why.findChild(FactsGrid)
    assert isinstance(grid, FactsGrid)
    return [one.toPlainText() for one in grid.findChildren(Prose) if not one.isHidden()]


def test_a_retry_is_tried_again_now(inspector: Inspector, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with world(tmp_path, inspector) as on:
            task = await on.submit("again")
            await on.inspect(task)
            await on.sees(lambda: on.sentence().startswith("It failed, and is tried again at "), "the retry")
            assert on.lift().text() == "Try again now"
            on.lift().click()
            await until(lambda: on.lift().isEnabled() and on.lift().isVisible())
            record = await on.scheduler.task(task)
            assert record is not None
            assert record.retry_count == 2

    run_on_qt(qapp, play())


def test_a_schedule_is_resumed(inspector: Inspector, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with world(tmp_path, inspector) as on:
            task = await on.submit("x", recurring=RecurringSchedule(86_400, initial_delay=86_400))
            await on.mill.pause_recurring(task)
            await on.inspect(task)
            await on.says("Its schedule is paused.")
            assert on.lift().text() == "Resume its schedule"
            on.lift().click()
            await on.sees(lambda: on.sentence().startswith("It is not due before "), "the time")

    run_on_qt(qapp, play())


def test_what_waits_for_others_leads_to_them(inspector: Inspector, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with world(tmp_path, inspector) as on:
            other = await on.submit("hold other")
            task = await on.submit("x", depends_on=[other])
            await on.inspect(task)
            await on.says("It waits for another task.")
            assert not on.lift().isVisible()
            link = on.child(QPushButton, f"inspector-needs-{other}")
            assert link.accessibleName() == "hold other (Running)"
            on.child(QPushButton, "why-show").click()
            await on.sees(lambda: on.title() == "hold other", "the other task")
            back = on.child(QPushButton, f"inspector-needed-by-{task}")
            back.click()
            await on.sees(lambda: on.title() == "x", "the task again")
            on.released.set()
            await on.sees(lambda: on.state() == "Completed", "the end")
            assert (
                on.child(QPushButton, f"inspector-needs-{other}").accessibleName() == "hold other (Completed)"
            )

    run_on_qt(qapp, play())


def test_a_parent_tells_for_how_many_children_it_waits(
    inspector: Inspector, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with world(tmp_path, inspector) as on:
            task = await on.submit("parent")
            await until(lambda: on.scheduler.counts.waiting == 1)
            await on.inspect(task)
            await on.says("Its own work is done; it waits for 2 child tasks.")
            assert not on.lift().isVisible()
            children = [record for record in on.scheduler.active_tasks() if record.parent_id == task]
            await on.inspect(children[0].id)
            link = await_link(on.inspector, f"inspector-parent-{task}")
            await on.sees(lambda: link() is not None, "the parent")
            on.released.set()

    run_on_qt(qapp, play())


def await_link(inspector: Inspector, name: str) -> Any:
    """What finds a link by its name, once it is there."""
    return lambda: inspector.panel.findChild(QPushButton, name)
