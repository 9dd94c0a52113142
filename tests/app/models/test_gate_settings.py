"""Which control a person is sent to from a gate that holds a task."""

from __future__ import annotations

import datetime as dt

import pytest

from app.models.gate_settings import Held, has_setting, setting_of
from scheduler_core import GateResult, RecurringSchedule, RecurringState

HELD = Held(7, "mill", "mill::grind", "stones")


def closed(name: str, **values: object) -> GateResult:
    return GateResult(name=name, passed=False, message="", values=dict(values))


@pytest.mark.parametrize(
    ("gate", "page", "control"),
    [
        ("scheduler_paused", "", "pause-all"),
        ("domain_paused", "domain-mill", "panel-switch-mill"),
        ("group_paused", "domain-mill", "group-switch-stones"),
        ("global_cap", "limits", "setting-max_concurrency"),
        ("domain_cap", "limits", "limits-concurrency-mill"),
        ("group_cap", "domain-mill", "group-limit-stones"),
        ("rate_limit", "limits", "limits-rate-mill::grind"),
        ("group_rate_limit", "domain-mill", "group-rate-stones"),
    ],
)
def test_each_gate_has_its_own_control(gate: str, page: str, control: str) -> None:
    assert has_setting(closed(gate))
    assert setting_of(closed(gate), HELD, None, ()) == (page, control)


@pytest.mark.parametrize("gate", ["run_at", "io_budget", "dependencies", "children", "what comes later"])
def test_what_nobody_can_set_has_none(gate: str) -> None:
    assert not has_setting(closed(gate))
    assert setting_of(closed(gate), HELD, None, ()) is None


@pytest.mark.parametrize(
    ("source", "priority", "place"),
    [
        ("disk", 128, ("pressure", "setting-ordinary")),
        ("memory", 200, ("pressure", "setting-background")),
        ("disk", 192, ("pressure", "setting-background")),
        (None, 128, ("pressure", "setting-ordinary")),
        ("battery", 200, ("pressure", "setting-battery")),
        ("metered network", 128, ("pressure", "setting-metered")),
        ("quiet hours", 128, ("pressure", "setting-quiet")),
        ("network", 128, ("limits", "setting-bandwidth")),
    ],
)
def test_a_busy_machine_leads_to_the_mark_and_a_condition_to_its_switch(
    source: str | None, priority: int, place: tuple[str, str]
) -> None:
    gate = closed("throttle", pressure=0.9, limit=0.5, priority=priority)
    assert setting_of(gate, HELD, source, ()) == place


def test_a_domain_that_is_not_there_leads_to_its_plugin() -> None:
    lost = HELD._replace(is_known=False)
    assert setting_of(closed("domain_paused"), lost, None, ()) == ("plugins", "settings-load-mill")


def test_a_schedule_is_found_by_the_task_that_waits() -> None:
    state = RecurringState(
        id=3,
        task_id=7,
        domain="mill",
        task_type="mill::grind",
        label="nightly",
        schedule=RecurringSchedule(every=60),
        occurrence=5,
        next_at=dt.datetime.now(dt.UTC),
        is_paused=True,
    )
    assert setting_of(closed("schedule_paused"), HELD, None, [state]) == ("domain-mill", "schedule-switch-3")
    assert setting_of(closed("schedule_paused"), HELD._replace(id=8), None, [state]) is None
