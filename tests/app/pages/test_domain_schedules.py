"""Schedules on the page of a domain: in words, run now, paused, ended and kept."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import (
    QLabel,
    QPushButton,
)

from app.pages.domain_page import DomainPage
from app.widgets.schedule_row import ScheduleRow
from app.widgets.switch import Switch
from tests.app.pages.domain_stage import (
    Play,
    figure,
    with_schedule,
)
from tests.app.pages.page_session import Stage, child
from tests.app.pages.sessions import until


def test_a_schedule_is_shown_in_words_and_paused_both_ways(play_domain: Play) -> None:
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

    play_domain(script)


def test_a_schedule_is_run_now(play_domain: Play) -> None:
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

    play_domain(script)


def test_a_schedule_that_is_ended_rests_at_once_and_can_be_kept(play_domain: Play) -> None:
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

    play_domain(script)


def test_a_schedule_that_is_ended_and_not_kept_is_gone(
    play_domain: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.widgets.schedule_row.UNDO_MS", 50)

    async def script(on: Stage, page: DomainPage) -> None:
        row, number = await with_schedule(on, page)
        child(row, QPushButton, f"schedule-end-{number}").click()
        await until(lambda: on.scheduler.schedules("tiny") == [])
        await until(lambda: figure(page, "schedules") == "")
        await until(lambda: page.findChild(ScheduleRow) is None)

    play_domain(script)


def test_a_schedule_that_a_program_ends_goes(play_domain: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        _, number = await with_schedule(on, page)
        await on.tiny.cancel_recurring(number)
        await until(lambda: figure(page, "schedules") == "")

    play_domain(script)


def test_a_schedule_whose_end_was_not_waited_for_rests_and_is_not_lost(play_domain: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        row, number = await with_schedule(on, page)
        child(row, QPushButton, f"schedule-end-{number}").click()
        await until(lambda: on.scheduler.schedules("tiny")[0].is_paused)
        page.detach()
        assert not row.is_ending
        (left,) = on.scheduler.schedules("tiny")
        assert left.is_paused

    play_domain(script)
