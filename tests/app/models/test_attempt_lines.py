"""The timeline of attempts: one axis from the first start to the end, the newest attempts, told in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from app.models.attempt_lines import MOST, attempt_lines, earlier_text
from app.models.inspection import Inspection, facts, payload_text, state_text
from scheduler_core import AttemptRecord, TaskHistoryRecord, TaskRecord, TaskStatus

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """An instant so many seconds before now."""
    return NOW - timedelta(seconds=seconds)


def attempt(begin_s: float, end_s: float, error: str | None = "no") -> AttemptRecord:
    """An attempt from so many seconds before now to so many."""
    return AttemptRecord(started_at=at(begin_s), ended_at=at(end_s), error=error)


def record(status: TaskStatus, **fields: Any) -> TaskRecord:
    """A task in that state."""
    whole: dict[str, Any] = {
        "id": 7, "domain": "sync", "task_type": "sync::mirror", "key": "k", "label": "x", "priority": 128,
        "status": status, "payload": {}, "created_at": at(100), **fields,
    }  # fmt: skip
    return TaskRecord(**whole)


def ended(status: TaskStatus, *attempts: AttemptRecord) -> Inspection:
    """A task that has ended so."""
    fields = record(status).model_dump(exclude={"due_at"})
    return Inspection(TaskHistoryRecord(**fields, completed_at=at(0), attempts=attempts), attempts)


def test_attempts_stand_where_they_were_and_the_one_that_runs_reaches_to_now(qapp: Any) -> None:
    running = record(TaskStatus.RUNNING, started_at=at(20), retry_count=2)
    lines = attempt_lines(Inspection(running, (attempt(100, 90), attempt(60, 40))), NOW)
    assert [(line.number, line.begin, line.end, line.token) for line in lines] == [
        (1, 0.0, 0.1, "state-failed"),
        (2, 0.4, 0.6, "state-failed"),
        (3, 0.8, 1.0, "state-running"),
    ]
    assert lines[0].text.endswith("failed after 10 s")
    assert ". Running since " in lines[2].text


def test_the_last_attempt_tells_how_it_went(qapp: Any) -> None:
    done = attempt_lines(ended(TaskStatus.COMPLETED, attempt(10, 5), attempt(4, 0, None)), NOW)
    assert [line.token for line in done] == ["state-failed", "state-done"]
    assert done[1].text.endswith("completed after 4 s")
    stopped = attempt_lines(ended(TaskStatus.CANCELLED, attempt(4, 3.5, None)), NOW)
    assert [(line.token, line.text[-18:]) for line in stopped] == [("state-cancelled", "ended after 500 ms")]


def test_what_never_ran_has_no_line_and_of_many_the_newest_are_shown(qapp: Any) -> None:
    assert attempt_lines(Inspection(record(TaskStatus.PENDING)), NOW) == []
    assert earlier_text([]) == ""
    many = attempt_lines(ended(TaskStatus.FAILED, *(attempt(100 - n, 99.5 - n) for n in range(50))), NOW)
    assert [many[0].number, many[-1].number, len(many)] == [31, 50, MOST]
    assert earlier_text(many) == "30 earlier attempts are not shown"


def test_attempts_of_one_instant_have_a_place(qapp: Any) -> None:
    lines = attempt_lines(ended(TaskStatus.FAILED, attempt(0, 0)), NOW)
    assert [(line.begin, line.end) for line in lines] == [(0.0, 0.0)]


def test_every_state_has_a_word_of_its_own(qapp: Any) -> None:
    words = [state_text(status) for status in TaskStatus]
    assert len(set(words)) == len(words)
    assert not [status for status in TaskStatus if state_text(status) == status.value]


def test_facts_leave_out_what_says_nothing(qapp: Any) -> None:
    hashed = Inspection(record(TaskStatus.PENDING, key="0" * 64))
    assert facts(hashed, {}, NOW).keys() == {"Domain", "Type", "Task", "Priority", "Created"}
    named = facts(Inspection(record(TaskStatus.PENDING, group="nas", priority=7, max_retries=3)), {}, NOW)
    assert (named["Key"], named["Group"], named["Priority"], named["Retries"]) == (
        "k",
        "nas",
        "7",
        "0 of 3 used",
    )


def test_a_payload_is_json_in_any_script(qapp: Any) -> None:
    assert payload_text({"place": "Ålesund", "n": [1]}) == '{\n  "place": "Ålesund",\n  "n": [\n    1\n  ]\n}'
