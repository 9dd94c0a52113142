"""Lines belong to the task that logged them; they are kept, found again in the files, and bounded in number."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app import task_logs
from app.logs import start_logging
from app.opening import DataFolder
from app.paths import DataPaths
from app.settings_model import AppSettings
from app.task_logs import MOST_LINES, TaskLogs
from scheduler_core import Domain, Scheduler, TaskContext, TaskStore
from tests.app.tiny_domain import Nothing, Tiny

LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
log = logging.getLogger("mill")


@pytest.fixture
def logs(tmp_path: Path) -> Iterator[TaskLogs]:
    """Those of a folder whose log file is written."""
    path = tmp_path / "logs" / "tidemill.log"
    stop = start_logging(path)
    made = TaskLogs(path)
    made.start()
    yield made
    made.stop()
    stop()


def say(task_id: int | None, text: str, level: int = logging.INFO) -> None:
    log.log(level, text, extra={} if task_id is None else {"task_id": task_id})


def talking_domain() -> Domain[Tiny]:
    domain = Domain(Tiny)

    @domain.executor(Nothing)
    async def nothing(task: Nothing, ctx: TaskContext) -> None:
        log.info("number %d", task.number)

    return domain


def texts(lines: tuple[task_logs.LogLine, ...]) -> list[str]:
    return [line.text for line in lines]


def test_lines_are_kept_by_task_and_those_of_nobody_are_not(logs: TaskLogs) -> None:
    say(7, "one")
    say(None, "of nobody")
    say(8, "another", logging.WARNING)
    say(7, "two\nlines")
    assert texts(logs.kept(7)) == ["one", "two\nlines"]
    (line,) = logs.kept(8)
    assert (line.level, line.logger, line.text) == ("WARNING", "mill", "another")
    assert logs.kept(9) == ()


async def test_what_an_executor_logs_is_its_tasks_without_another_word(logs: TaskLogs) -> None:
    async with Scheduler(store=TaskStore.in_memory(), domains=[talking_domain()]) as scheduler:
        outcomes = await scheduler.domain(Tiny).submit_batch([Nothing(number=n) for n in range(3)])
        await scheduler.wait_idle()
    for number, outcome in enumerate(outcomes):
        assert texts(logs.kept(outcome.id or 0)) == [f"number {number}"]


async def test_the_files_have_it_after_a_restart_with_its_further_lines(
    logs: TaskLogs, tmp_path: Path
) -> None:
    say(7, "before\n  a second line\nTraceback (most recent call last):")
    say(77, "another's")
    say(None, "nobody's, which says mill [task 7]: in its text")
    try:
        raise ValueError("odd")
    except ValueError:
        log.exception("it failed", extra={"task_id": 7})
    logs.stop()
    again = TaskLogs(tmp_path / "logs" / "tidemill.log")
    again.start()
    try:
        first, second = await again.older(7, LONG_AGO)
        assert first.text == "before\n  a second line\nTraceback (most recent call last):"
        assert (second.level, second.logger) == ("ERROR", "mill")
        assert second.text.startswith("it failed\nTraceback")
        assert second.text.endswith("ValueError: odd")
        say(7, "after")
        say(7, "and again")
        assert texts(again.kept(7)) == ["after", "and again"]
        assert len(await again.older(7, LONG_AGO)) == 2, "what is in memory is not found twice"
    finally:
        again.stop()


async def test_what_was_logged_before_the_task_was_made_is_of_another_database(
    logs: TaskLogs, tmp_path: Path
) -> None:
    say(7, "of this one")
    old = tmp_path / "logs" / "tidemill.log.1"
    old.write_text("2020-03-04 05:06:07,890 INFO    mill [task 7]: of an older one\n", "utf-8")
    unseen = TaskLogs(tmp_path / "logs" / "tidemill.log")
    assert texts(await unseen.older(7, LONG_AGO)) == ["of an older one", "of this one"]
    assert texts(await unseen.older(7, datetime.now(UTC) - timedelta(minutes=1))) == ["of this one"]


async def test_the_last_lines_of_a_task_that_says_much_are_kept(logs: TaskLogs, tmp_path: Path) -> None:
    for n in range(MOST_LINES + 50):
        say(7, f"line {n}")
    assert len(logs.kept(7)) == MOST_LINES
    assert logs.kept(7)[-1].text == f"line {MOST_LINES + 49}"
    assert await logs.older(7, LONG_AGO) == ()
    unseen = await TaskLogs(tmp_path / "logs" / "tidemill.log").older(7, LONG_AGO)
    assert texts(unseen) == [f"line {n}" for n in range(50, MOST_LINES + 50)]


def test_memory_is_bounded_and_whoever_is_looked_at_stays(
    logs: TaskLogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(task_logs, "MOST_TASKS", 10)
    monkeypatch.setattr(task_logs, "MOST_CHARS", 100)
    logs.watch(1, lambda: None)
    for task_id in range(1, 31):
        say(task_id, "x" * 8)
    assert [n for n in range(1, 31) if logs.kept(n)] == [1, *range(22, 31)]
    say(40, "y" * 90)
    kept = [n for n in range(1, 41) if logs.kept(n)]
    assert kept in ([1, 40], [40, 1])
    assert sum(len(line.text) for n in kept for line in logs.kept(n)) <= 100


def test_whoever_watches_is_told_on_the_thread_that_logs(logs: TaskLogs) -> None:
    told: list[int] = []
    logs.watch(7, lambda: told.append(threading.get_ident()))
    thread = threading.Thread(target=lambda: say(7, "from a thread"))
    thread.start()
    thread.join()
    say(8, "of another")
    assert told == [thread.ident]
    logs.unwatch(7)
    say(7, "unheard")
    assert len(told) == 1
    assert texts(logs.kept(7)) == ["from a thread", "unheard"]


def test_the_log_file_says_whose_a_line_is(logs: TaskLogs, tmp_path: Path) -> None:
    say(7, "mine")
    say(None, "nobody's")
    lines = (tmp_path / "logs" / "tidemill.log").read_text("utf-8").splitlines()
    assert lines[0].endswith("INFO    mill [task 7]: mine")
    assert lines[1].endswith("INFO    mill: nobody's")


async def test_without_a_log_file_memory_is_all_there_is(tmp_path: Path) -> None:
    made = TaskLogs(tmp_path / "nowhere" / "tidemill.log")
    made.start()
    try:
        say(7, "kept", logging.WARNING)
        assert await made.older(7, LONG_AGO) == ()
        assert texts(made.kept(7)) == ["kept"]
    finally:
        made.stop()


async def test_a_data_folder_listens_while_it_is_open(tmp_path: Path) -> None:
    paths = DataPaths(tmp_path / "Tidemill")
    paths.create()
    before = list(logging.getLogger().handlers)
    folder = DataFolder(paths, lambda _title, _text: None)
    opened = await folder.open(AppSettings())
    try:
        say(7, "heard", logging.WARNING)
        assert texts(opened.logs.kept(7)) == ["heard"]
    finally:
        await folder.close()
    say(7, "not heard", logging.WARNING)
    assert texts(opened.logs.kept(7)) == ["heard"]
    assert logging.getLogger().handlers == before
