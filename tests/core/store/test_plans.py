"""No question that a scheduler is asked, and nothing that it does by itself, looks at every row of a table."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from scheduler_core import (
    DependencyError,
    PermanentError,
    Priority,
    RecurringSchedule,
    RetentionPolicy,
    Scheduler,
    SchedulerConfig,
    TaskContext,
)
from scheduler_core.store import keys
from scheduler_core.store.catalogue import searched_text
from scheduler_core.store.causes import sort_failures
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until, until_quiet
from tests.benchmarks.reads import Sizes, make_file, opened, questions
from tests.core.support import NO_RETRY, Alpha, Beta, Chore, Errand, Family, Job, Script, alpha, beta, jobs

LARGE = (
    "tasks",
    "history",
    "tags",
    "active_tag_counts",
    "tag_counts",
    "tag_values",
    "dependencies",
    "catalogue",
    "history_keys",
    "catalogue_counts",
    "causes",
    "set_aside",
    "undo_marks",
)
"""Tables that grow with the work. Those of lanes, totals, pauses and schedules grow with what there is to tell apart."""
AT_OPEN = (
    "SCAN tasks USING COVERING INDEX tasks_ready",
    "SCAN tasks USING COVERING INDEX tasks_held",
    "SCAN history USING COVERING INDEX history_attention",
)
"""What is counted once, when a file is opened, from an index alone."""


class Statements:
    """What two connections of a scheduler are asked, each statement once, by its form."""

    def __init__(self) -> None:
        self.seen: dict[str, str] = {}

    def note(self, statement: str) -> None:
        form = re.sub(r"'(?:[^']|'')*'|\b\d[\d.e+-]*\b", "?", statement)
        self.seen.setdefault(re.sub(r"(\?, )+\?", "?", form), re.sub(r"\bInf\b", "9e999", statement))

    def plans(self, path: Path) -> Iterator[tuple[str, str]]:
        """Each statement with each step of its plan, made on the schema of a file."""
        with closing(sqlite3.connect(path)) as connection:
            connection.create_function("searched", 3, searched_text, deterministic=True)
            keys.load(connection)
            for form, statement in self.seen.items():
                if re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", statement):
                    for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}"):
                        yield form, row[3]

    def looked_through(self, path: Path) -> set[tuple[str, str]]:
        """Steps that look at every row of a large table, or of an index on one, with their statements."""
        return {(form, step) for form, step in self.plans(path) if _looks_at_all(form, step)}


def _looks_at_all(form: str, step: str) -> bool:
    scanned = re.match(r"SCAN (\w+)", step)
    if scanned is None or step in AT_OPEN:
        return False
    name = scanned.group(1)
    return name in LARGE or re.search(rf"\b({'|'.join(LARGE)}) (AS )?{name}\b", form) is not None


@contextmanager
def traced(statements: Statements | None = None) -> Iterator[Statements]:
    """Notes what every connection is asked that is made meanwhile."""
    statements, connect = statements or Statements(), sqlite3.connect

    def connect_traced(*args: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*args, **options)
        connection.set_trace_callback(statements.note)
        return connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", connect_traced)
        yield statements


async def test_no_question_looks_at_every_row(tmp_path: Path) -> None:
    path, sizes = tmp_path / "app.db", Sizes(queued=200, finished=2_000)
    make_file(path, sizes)
    with traced() as statements:
        async with opened(path) as scheduler:
            for ask in (await questions(scheduler, sizes)).values():
                await ask()
    assert len(statements.seen) > 50
    assert not statements.looked_through(path)


async def test_questions_about_records_that_the_catalogue_does_not_have_yet_do_not_either(
    tmp_path: Path,
) -> None:
    """Those are a range of the newest."""
    path, sizes = tmp_path / "app.db", Sizes(queued=200, finished=2_000)
    make_file(path, sizes)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE meta SET value = 1500 WHERE name = 'catalogued'")
    with traced() as statements:
        async with opened(path) as scheduler:
            for ask in (await questions(scheduler, sizes)).values():
                await ask()
    assert not statements.looked_through(path)


async def test_nothing_that_a_scheduler_does_looks_at_every_row(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script, tmp_path: Path
) -> None:
    path = tmp_path / "app.db"
    config = SchedulerConfig(retention=RetentionPolicy(max_count=500, max_age=1e6), expiry_sweep_interval=1)
    await (await make_scheduler(alpha(script), store=path)).close()
    with traced() as statements:
        scheduler = await make_scheduler(
            alpha(script, default_retry=NO_RETRY), beta(script), store=path, config=config
        )
        await live(scheduler, manual_clock, script)
        await scheduler.close()
    _crash(path)
    with traced(statements):
        scheduler = await make_scheduler(alpha(script), store=path, config=config)
        await until_quiet(scheduler)
        await scheduler.close()
    assert len(statements.seen) > 100
    assert not statements.looked_through(path)


async def test_nothing_that_is_taken_back_looks_at_every_row(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script, tmp_path: Path
) -> None:
    path = tmp_path / "app.db"
    await (await make_scheduler(alpha(script), store=path)).close()
    script.fails("bad", PermanentError("no"))
    script.holds("runs")
    with traced() as statements:
        scheduler = await make_scheduler(alpha(script, default_retry=NO_RETRY), store=path)
        handle = scheduler.domain(Alpha)
        bad = (await handle.submit(Job(name="bad"), tags={"job": "1"})).id or 0
        await run_until_idle(scheduler)
        runs = (await handle.submit(Job(name="runs"))).id or 0
        await until(lambda: script.running == 1)
        scheduler.set_max_concurrency(0)
        waits = (await handle.submit(Job(name="waits"), tags={"job": "1"}, depends_on=[runs])).id or 0
        acts = (
            lambda: scheduler.cancel_for_now([runs, waits]),
            lambda: scheduler.set_priority_for_now([waits], 3),
            lambda: scheduler.clear_for_now([bad]),
            lambda: scheduler.clear_cause_for_now(1),
            lambda: scheduler.clear_cause_for_now(None),
            lambda: scheduler.retry_for_now([bad]),
            lambda: scheduler.retry_cause_for_now(1),
            lambda: scheduler.retry_cause_for_now(None),
        )
        for act in acts:
            undo = await act()
            assert undo is not None
            assert await scheduler.undo(undo.id) > 0
        for act in (acts[1], acts[2], acts[5], acts[0]):
            await act()
        manual_clock.advance(10.1)
        await until(lambda: not scheduler._engine.undoing.is_busy)
        await scheduler.close()
    assert any("undo_marks" in form for form in statements.seen)
    assert not statements.looked_through(path)


async def live(scheduler: Scheduler, clock: ManualClock, script: Script) -> None:
    """All that can become of tasks, once at least."""
    handle, other = scheduler.domain(Alpha), scheduler.domain(Beta)
    tags = {"job_id": "1", "kind": "a"}

    async def spawn(task: object, ctx: TaskContext) -> None:
        await ctx.spawn_children([Job(name="child"), Errand(name="far child")])

    script.does("family", spawn)
    script.fails("bad", PermanentError("no"), PermanentError("no"))
    script.holds("held", "stopped")
    await handle.submit_batch(jobs(1_300), tags=tags)
    await run_until_idle(scheduler)
    await until(lambda: scheduler.counts.completed < 1_300)
    await handle.submit(Family())
    bad = await handle.submit(Job(name="bad"), tags=tags)
    assert bad.id is not None
    await other.submit(Errand(), depends_on=[bad.id], on_dependency_failure="cancel")
    await run_until_idle(scheduler)
    again = await handle.retry_dead_letter(bad.id)
    await run_until_idle(scheduler)
    assert again.id is not None
    await scheduler.clear_failures([again.id])
    (cause,) = await scheduler.failure_causes()
    await scheduler.retry_cause(cause)
    await run_until_idle(scheduler)
    await scheduler.clear_cause(cause)
    await scheduler._engine.store.tidy(lambda connection: sort_failures(connection, 250), 250)
    held = await handle.submit(Job(name="held"), tags=tags)
    stopped = await handle.submit(Job(name="stopped"))
    await until(lambda: script.running == 2)
    assert held.id is not None
    assert stopped.id is not None
    await handle.submit(Job(name="held"))  # once more after it
    await handle.submit(Chore(name="waits"), depends_on=[held.id], tags=tags)
    with pytest.raises(DependencyError):
        await handle.submit(Chore(name="never"), depends_on=[10_000_000])
    await handle.submit(Chore(name="late"), run_after=100)
    await handle.submit(Chore(name="late"), run_after=100, priority=Priority.HIGH)
    await handle.submit(Chore(name="late"), run_after=100, on_duplicate="supersede")
    await handle.submit(Chore(name="late"), on_duplicate="reject")
    await other.submit(Errand(name="short"), run_after=50, ttl=10)
    await other.submit(Errand(name="comes"), recurring=RecurringSchedule(60, 3))
    ticking = await other.submit(Errand(name="pausing"), recurring=RecurringSchedule(60), run_after=30)
    assert ticking.id is not None
    await other.pause_recurring(ticking.id)
    await other.resume_recurring(ticking.id)
    await other.run_recurring_now(ticking.id)
    await handle.pause()
    await handle.pause_group("g")
    await handle.resume_group("g")
    await handle.resume()
    await scheduler.cancel_job("job_id", "1")
    await handle.cancel(stopped.id)
    script.release("held", "stopped")
    for _ in range(4):
        clock.advance(30)
        await until_quiet(scheduler)
    await other.cancel_recurring(ticking.id)
    await other.cancel_where(lambda record: record.label == "none")
    tidy, many = scheduler._engine.store.tidy, 1_000_000
    newest, _ = await tidy(keys.fresh, 1)
    await tidy(lambda connection: keys.settle(connection, "", many), many)
    await tidy(lambda connection: keys.settled(connection, newest), 1)
    await tidy(lambda connection: keys.sweep(connection, "", many), many)
    await scheduler.prune_history(keep=5)
    await scheduler.prune_history(older_than=10)
    await handle.submit(Chore(name="left"), tags=tags)
    await handle.submit(Job(name="held"), run_after=1_000, ttl=10)


def _crash(path: Path) -> None:
    """What was running, what was being stopped, and what waits for what is gone."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE tasks SET status = 'running' WHERE status = 'pending' AND due_at IS NULL")
        connection.execute(
            "INSERT INTO tasks (id, lane, key, label, priority, status, payload, created_at, cancelling, deps_left, "
            "has_deps) VALUES (100001, 1, 'alpha::job:a', 'a', 128, 'running', '{}', 0, 1, 0, 0), "
            "(100002, 1, 'alpha::job:b', 'b', 128, 'blocked', '{}', 0, 0, 1, 1)"
        )
