"""What a function in a worker process logs is logged in the program, as of its task."""

from __future__ import annotations

import logging

import pytest

from scheduler_core.runners.process import ProcessRunner
from scheduler_core.runners.worker_log import MOST_LINES
from tests.core.runners import functions
from tests.core.runners.recording_link import RecordingLink


async def test_what_a_worker_logs_is_logged_in_the_program(
    workers: ProcessRunner, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        told = await workers.run(functions.log_much, 3, None, RecordingLink())
    assert told == 1, "there, too, it is known whose code runs"
    records = [record for record in caplog.records if record.name == "pictures"]
    assert [record.getMessage() for record in records] == [
        "a.jpg is 7 bytes too short",
        "line 0",
        "line 1",
        "line 2",
    ]
    assert [record.levelname for record in records] == ["WARNING", "INFO", "INFO", "INFO"]
    assert {getattr(record, "task_id", None) for record in records} == {1}
    assert records[0].funcName == "log_much"
    assert records[0].created <= records[-1].created


async def test_a_worker_sends_nothing_that_the_program_would_not_log(
    workers: ProcessRunner, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        await workers.run(functions.log_much, 3, None, RecordingLink())
        with caplog.at_level(logging.ERROR, "pictures"):
            await workers.run(functions.log_much, 3, None, RecordingLink())
    assert [record.getMessage() for record in caplog.records] == ["a.jpg is 7 bytes too short"]


async def test_more_lines_than_anybody_reads_are_counted(
    workers: ProcessRunner, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        await workers.run(functions.log_much, 50_000, None, RecordingLink())
    lines = [record for record in caplog.records if record.name == "pictures"]
    counted = [record for record in caplog.records if record.getMessage().endswith("more lines came at once")]
    left_out = sum(record.args[0] for record in counted if isinstance(record.args, tuple))  # type: ignore[misc]
    assert MOST_LINES <= len(lines) < 50_001
    assert len(lines) + left_out == 50_001
    assert {getattr(record, "task_id", None) for record in counted} == {1}
