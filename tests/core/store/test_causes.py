"""Causes of failures in the store: those of earlier versions are sorted behind the work, and many cost what few do."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from scheduler_core.store.causes import causes_page, sort_failures, unsorted
from scheduler_core.store.schema import APPLICATION_ID, load_migrations, statements_of
from scheduler_core.testing import MakeScheduler
from tests.core.support import Script, alpha

FAILED = 1_200


def old_file(path: Path) -> None:
    """A database as the version before causes left it: 1,200 failures of three causes, one of them cleared."""
    with closing(sqlite3.connect(path)) as database, database:
        for script in load_migrations()[:5]:
            for statement in statements_of(script):
                database.execute(statement)
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute("PRAGMA user_version = 5")
        database.execute(
            "INSERT INTO lanes (id, domain, task_type, kind) VALUES (1, 'alpha', 'alpha::job', 1)"
        )
        errors = ("file {0}.jpg is cut off", "disk {0} is full", "no answer from '{0}'")
        database.executemany(
            "INSERT INTO history (task_id, lane, key, label, priority, status, payload, max_retries, retry_count, "
            "last_error, created_at, completed_at, fail_fast, on_dep_failure, attention) "
            "VALUES (?, 1, 'alpha::job:' || ?1, 'old-' || ?1, 128, ?, '{}', 0, 0, ?, 0, ?1, 1, 'cancel', ?)",
            [
                (n, "completed", None, 0)
                if n % 2
                else (n, "failed", errors[n // 2 % 3].format(n), int(n != 2 * FAILED))
                for n in range(1, 2 * FAILED + 1)
            ],
        )
        database.execute(
            "INSERT INTO totals (lane, status, n, seconds) VALUES (1, 'completed', ?1, 0), (1, 'failed', ?1, 0)",
            (FAILED,),
        )


async def test_failures_of_a_version_before_causes_get_theirs_behind_the_work(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    path = tmp_path / "old.db"
    old_file(path)
    scheduler = await make_scheduler(alpha(script), store=path)
    assert scheduler.failure_count == FAILED - 1
    await scheduler.failures_sorted()
    causes = await scheduler.failure_causes()
    assert {cause.text: cause.n for cause in causes} == {
        "file … is cut off": 399,
        "disk … is full": 400,
        "no answer from …": 400,
    }
    assert [cause.newest.timestamp() for cause in causes] == [2_398, 2_396, 2_394]
    for cause in causes:
        assert len(await scheduler.failures(1_000, cause=cause)) == cause.n
    await scheduler.close()
    again = await make_scheduler(alpha(script), store=path)
    await again.failures_sorted()
    assert await again.failure_causes() == causes


async def test_a_close_in_the_middle_of_the_sorting_loses_nothing(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    path = tmp_path / "old.db"
    old_file(path)
    scheduler = await make_scheduler(alpha(script), store=path)
    await scheduler.close()
    with closing(sqlite3.connect(path)) as database:
        left = unsorted(database)
        counted = database.execute("SELECT total(n) FROM causes").fetchone()[0]
    assert 0 < left < FAILED
    assert left + counted == FAILED - 1
    scheduler = await make_scheduler(alpha(script), store=path)
    await scheduler.failures_sorted()
    assert sum(cause.n for cause in await scheduler.failure_causes()) == FAILED - 1


def many_failures(failures: int, causes: int) -> sqlite3.Connection:
    """A database in memory with so many failures of so many causes, and their counts."""
    database = sqlite3.connect(":memory:", isolation_level=None)
    for script in load_migrations():
        for statement in statements_of(script):
            database.execute(statement)
    database.execute("INSERT INTO lanes (id, domain, task_type, kind) VALUES (1, 'alpha', 'alpha::job', 1)")
    database.execute(
        "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1) "
        "INSERT INTO history (task_id, lane, key, label, priority, status, payload, max_retries, retry_count, last_error, "
        "created_at, completed_at, fail_fast, on_dep_failure, attention, cause) "
        "SELECT n, 1, n, n, 1, 'failed', '{}', 0, 0, 'bad', 0, n, 1, 'cancel', 1, n % ?2 + 1 FROM n",
        (failures, causes),
    )
    database.execute(
        "INSERT INTO causes (id, domain, task_type, text, n, last) "
        "SELECT cause, 'alpha', 'alpha::job', cause, count(*), max(id) FROM history GROUP BY cause"
    )
    return database


def instructions(database: sqlite3.Connection, ask: Callable[[], object]) -> int:
    """About how many instructions of SQLite's machine a question takes."""
    done = 0

    def step() -> int:
        nonlocal done
        done += 1
        return 0

    database.set_progress_handler(step, 20)
    ask()
    database.set_progress_handler(None, 20)
    return 20 * done


def test_the_causes_of_many_failures_cost_what_those_of_few_cost() -> None:
    with closing(many_failures(500, 100)) as few, closing(many_failures(50_000, 1_000)) as many:
        costs = [instructions(one, lambda one=one: causes_page(one, 100)) for one in (few, many)]
        assert len(causes_page(many, 100)) == 100
        assert 0 < costs[1] < 1.5 * costs[0]
        begun = time.thread_time()
        causes_page(many, 100)
        assert time.thread_time() - begun < 0.02


def test_a_step_of_the_sorting_costs_what_it_sorts() -> None:
    with closing(many_failures(20_000, 10)) as database:
        database.execute("UPDATE history SET cause = NULL")
        database.execute("UPDATE causes SET n = 0")
        costs = [instructions(database, lambda: sort_failures(database, 100)) for _ in range(20)]
        assert unsorted(database) == 18_000
        assert max(costs) < 1.5 * min(costs)
