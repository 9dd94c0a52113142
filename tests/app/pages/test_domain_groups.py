"""Groups on the page of a domain: every control goes both ways, and what a person sets is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtWidgets import (
    QPushButton,
)

from app.pages.domain_page import DomainPage
from app.widgets.cap_box import CapBox
from app.widgets.group_rate_box import GroupRateBox
from app.widgets.group_row import GroupRow
from app.widgets.quiet_spin import QuietSpin
from app.widgets.switch import Switch
from app.widgets.title_fold import TitleFold
from scheduler_core import RateLimit
from tests.app.pages.domain_stage import (
    Play,
    figure,
    group,
    stored,
    with_group,
    words,
)
from tests.app.pages.page_session import Stage, child
from tests.app.pages.sessions import until
from tests.app.tiny_domain import Nothing, Wait


def test_a_person_sets_the_limits_of_a_group_and_they_are_kept(play_domain: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        await with_group(on, page)
        child(page, TitleFold, "group-open-disk").click()
        child(page, CapBox, "group-limit-disk").setValue(3)
        await until(lambda: group(on).max_concurrency == 3)
        child(page, QuietSpin, "group-weight-disk").setValue(5)
        await until(lambda: group(on).weight == 5)
        child(page, QuietSpin, "group-minimum-disk").setValue(1)
        await until(lambda: group(on).minimum_slots == 1)
        rate = child(page, GroupRateBox, "group-rate-disk")
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

    play_domain(script)


def test_what_a_program_changes_of_a_group_is_shown_and_not_stored(play_domain: Play) -> None:
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
        assert child(child(page, GroupRateBox, "group-rate-disk"), QuietSpin, "rate-number").value() == 3
        assert stored(on) == {}

    play_domain(script)


def test_a_group_is_paused_both_ways_and_until_a_time(play_domain: Play) -> None:
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

    play_domain(script)


def test_a_limit_that_cannot_be_stored_is_told_and_does_not_hold(
    play_domain: Play, monkeypatch: pytest.MonkeyPatch
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

    play_domain(script)


def test_of_very_many_groups_those_that_matter_come_first_and_the_others_on_demand(play_domain: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        page.hide()
        on.scheduler.set_group_weight("g39", 4)
        for number in range(40):
            await on.tiny.submit(Nothing(number=number), group=f"g{number:02}")
        await on.tiny.submit(Wait(number=1), group="z")
        await until(lambda: group(on, "z").running == 1 and on.tiny.counts.completed == 40)
        page.show()
        names = [row.objectName() for row in page.findChildren(GroupRow)]
        assert names == [f"group-g{number:02}" for number in (*range(10), 39)] + ["group-z"]
        assert figure(page, "groups") == "41"
        more = child(page, QPushButton, "panel-groups-all-tiny")
        assert more.text() == "Show more groups (29)"
        more.click()
        assert len(page.findChildren(GroupRow)) == 36
        more.click()
        assert len(page.findChildren(GroupRow)) == 41
        assert not more.isVisible()

    play_domain(script)
