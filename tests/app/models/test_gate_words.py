"""Every gate has a sentence for whatever it says, and every lift a button, in words that can be translated."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from PySide6.QtCore import QLocale

from app.models.domain_looks import DomainLook
from app.models.gate_words import (
    Subject,
    gate_sentence,
    gate_title,
    instant_text,
    lift_help,
    lift_text,
    rate_text,
)
from scheduler_core import GateResult, Lift

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
LATER = (NOW + timedelta(days=3)).isoformat()
TASK = Subject("sync", "sync::mirror", "nas", {"sync": DomainLook("Sync", "series-1", 0)}, NOW)
RATE: dict[str, Any] = {"rate": 0.5, "burst": 1, "available": 0.2, "wait": 1.6}


def closed(name: str, lift: Lift | None = None, /, **values: Any) -> GateResult:
    """A closed gate."""
    return GateResult(name=name, passed=False, message="the core's own", values=values, lift=lift)


CLOSED = [
    (closed("scheduler_paused"), "Everything is paused."),
    (closed("domain_paused", Lift(order="resume", domain="sync")), "Sync is paused."),
    (closed("domain_paused"), "Sync is not there: its plugin is missing, switched off or broken."),
    (closed("group_paused"), "Group nas is paused."),
    (closed("global_cap", running=8, max_concurrency=8), "All 8 slots over all domains are taken."),
    (closed("global_cap", running=0, max_concurrency=0), "The limit over all domains is 0, so nothing starts."),
    (closed("global_cap", running=1200, max_concurrency=7), "1,200 tasks run, and the limit over all domains is 7."),
    (closed("domain_cap", running=4, max_concurrency=4), "All 4 slots of Sync are taken."),
    (closed("domain_cap", running=1, max_concurrency=1), "The only slot of Sync is taken."),
    (closed("domain_cap", running=3, max_concurrency=2), "3 tasks of Sync run, and its limit is 2."),
    (closed("domain_cap", running=3, max_concurrency=0), "The limit of Sync is 0, so nothing of it starts."),
    (closed("group_cap", running=2, max_concurrency=2), "All 2 slots of group nas are taken."),
    (closed("group_cap", running=3, max_concurrency=2), "3 tasks of group nas run, and its limit is 2."),
    (
        closed("throttle", pressure=0.83, limit=0.75, priority=192),
        "The machine is 83 % busy; tasks of priority 192 wait until it is at 75 % or below.",
    ),
    (
        closed("io_budget", direction="disk_write", expected=51_000_000, allowed=1_600.0),
        "With it 51.0 MB would be written to disk at once, and the machine has room for 1.6 kB.",
    ),
    (
        closed("io_budget", direction="net_rx", expected=2_000, allowed=0.0),
        "With it 2.0 kB would be received at once, and the network has room for 0 B.",
    ),
    (
        closed("io_budget", direction="net_tx", expected=2_000, allowed=0.0),
        "With it 2.0 kB would be sent at once, and the network has room for 0 B.",
    ),
    (closed("rate_limit", **RATE), "Only 30 a minute of mirror may start; the next one in 1 s."),
    (closed("group_rate_limit", **RATE | {"wait": 0.0}), "Only 30 a minute of group nas may start; the next one in 1 ms."),
    (closed("dependencies", depends_on=[4]), "It waits for another task."),
    (closed("dependencies", depends_on=[4, 5]), "It waits for 2 other tasks."),
    (
        closed("dependencies", depends_on=[], failed=[4]),
        "It waits for a task that has failed. Retry that one, or cancel this one.",
    ),
    (closed("children", children=1), "Its own work is done; it waits for one child task."),
    (closed("children", children=1500), "Its own work is done; it waits for 1,500 child tasks."),
    (closed("schedule_paused"), "Its schedule is paused."),
]  # fmt: skip


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """As the window sets it on a desktop without a language."""
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English))
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize(("gate", "sentence"), CLOSED)
def test_why_a_gate_is_closed(qapp: Any, gate: GateResult, sentence: str) -> None:
    assert gate_sentence(gate, TASK) == sentence


@pytest.mark.parametrize("name", ["scheduler_paused", "domain_paused", "group_paused"])
def test_a_pause_says_when_it_ends(qapp: Any, name: str) -> None:
    gate = closed(name, Lift(order="resume_all"), until=LATER)
    assert " until 29 Nov " in gate_sentence(gate, TASK)


def test_a_time_is_that_of_the_start_or_of_the_next_attempt(qapp: Any) -> None:
    gate = closed("run_at", run_at=LATER)
    assert gate_sentence(gate, TASK).startswith("It is not due before 29 Nov ")
    again = Subject("sync", "sync::mirror", "", {}, NOW, retries=2)
    assert gate_sentence(gate, again).startswith("It failed, and is tried again at 29 Nov ")
    lift = Lift(order="start_now")
    assert [lift_text(lift, "run_at", one) for one in (TASK, again)] == ["Start now", "Try again now"]


def opened(name: str, **values: Any) -> GateResult:
    """An open gate."""
    return GateResult(name=name, passed=True, message="the core's own", values=values)


OPEN = [
    (opened("global_cap", running=2, max_concurrency=8), "2 of 8 slots taken."),
    (opened("domain_cap", running=2, max_concurrency=None), "2 running, and no limit."),
    (opened("group_cap"), "It belongs to no group."),
    (opened("throttle", pressure=0.2, limit=None), "The machine is 20 % busy; it does not wait for that."),
    (opened("throttle", pressure=0.2, limit=0.5), "The machine is 20 % busy; it waits above 50 %."),
    (opened("rate_limit"), "There is no such limit."),
    (opened("rate_limit", **RATE), "30 a minute may start, and one can now."),
    (opened("io_budget"), "There is room for what it moves."),
]


@pytest.mark.parametrize(("gate", "sentence"), OPEN)
def test_what_an_open_gate_says(qapp: Any, gate: GateResult, sentence: str) -> None:
    assert gate_sentence(gate, TASK) == sentence


def test_every_order_of_the_core_has_a_button_and_no_two_mean_something_else(qapp: Any) -> None:
    orders = get_args(Lift.model_fields["order"].annotation)
    texts = {
        order: lift_text(Lift(order=order, domain="sync", target="nas", value=9), "", TASK)
        for order in orders
    }
    assert texts == {
        "resume_all": "Resume all",
        "resume": "Resume Sync",
        "resume_group": "Resume group nas",
        "resume_recurring": "Resume its schedule",
        "start_now": "Start now",
        "set_max_concurrency": "Raise limit to 9",
        "set_group_limit": "Raise limit to 9",
        "set_priority": "Run anyway",
        "ignore_io": "Run anyway",
        "set_rate_limit": "Lift this limit",
        "set_group_rate_limit": "Lift this limit",
    }
    helps = {order: lift_help(Lift(order=order)) for order in orders}
    assert helps["set_priority"] != helps["ignore_io"], "what runs anyway does so for another reason"


def test_a_gate_that_the_window_does_not_know_speaks_for_itself(qapp: Any) -> None:
    gate = closed("moon")
    assert (gate_title(gate, TASK), gate_sentence(gate, TASK)) == ("moon", "the core's own")


@pytest.mark.parametrize(("rate", "text"), [
    (2.0, "2 a second"), (0.5, "30 a minute"), (1 / 60, "1 a minute"), (1 / 3600, "1 an hour"),
])  # fmt: skip
def test_a_rate_as_a_person_counts(qapp: Any, rate: float, text: str) -> None:
    assert rate_text(rate) == text


def test_an_instant_is_told_to_the_second_while_it_is_near(qapp: Any) -> None:
    assert instant_text(NOW + timedelta(minutes=5, seconds=7), NOW).endswith(":07")
    assert instant_text(NOW + timedelta(days=3), NOW).count(":") == 1
