"""A database that an earlier version wrote opens, keeps its tasks, and works."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from scheduler_core import RecurringSchedule
from scheduler_core.store.schema import APPLICATION_ID, load_migrations, statements_of
from scheduler_core.testing import MakeScheduler, ManualClock, until, until_quiet
from tests.core.support import Alpha, Job, Script, alpha


@pytest.fixture
def version_one(tmp_path: Path) -> Path:
    """A database as the version before schedules left it: a ready, a delayed, a running and a blocked task, and history."""
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as database, database:
        for statement in statements_of(load_migrations()[0]):
            database.execute(statement)
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute("PRAGMA user_version = 1")
        database.execute(
            "INSERT INTO lanes (id, domain, task_type, grp) VALUES (1, 'alpha', 'alpha::job', 'g')"
        )
        for task_id, name, status, due_at, again in (
            (2, "ready", "pending", None, None),
            (3, "delayed", "pending", 1_700_000_060.0, None),
            (4, "running", "running", None, _old_again()),
            (5, "blocked", "blocked", None, None),
        ):
            database.execute(
                "INSERT INTO tasks (id, lane, key, label, priority, status, payload, tags, created_at, run_at, due_at, "
                'deps_left, has_deps, again) VALUES (?, 1, ?, ?, 128, ?, ?, \'{"job_id":"1"}\', 1.7e9, ?, ?, ?, ?, ?)',
                (task_id, f"alpha::job:{name}", name, status, f'{{"name":"{name}","n":0}}', due_at, due_at)
                + ((1, 1) if status == "blocked" else (0, 0))
                + (again,),
            )
            database.execute("INSERT INTO tags (key, value, task_id) VALUES ('job_id', '1', ?)", (task_id,))
        database.execute("INSERT INTO dependencies (task_id, depends_on) VALUES (5, 3)")
        database.execute("INSERT INTO tag_values (key, value, created_at) VALUES ('job_id', '1', 1.7e9)")
        database.execute(
            "INSERT INTO tag_counts (key, value, lane, status, n) VALUES ('job_id', '1', 1, 'pending', 3), "
            "('job_id', '1', 1, 'blocked', 1)"
        )
        database.execute(
            "INSERT INTO history (task_id, lane, key, label, priority, status, payload, max_retries, retry_count, "
            "created_at, started_at, completed_at, fail_fast, on_dep_failure) "
            "VALUES (1, 1, 'k', 'done', 128, 'completed', '{}', 0, 0, 1.6e9, 1.6e9, 1.6e9, 1, 'cancel')"
        )
        database.execute("INSERT INTO totals (lane, status, n, seconds) VALUES (1, 'completed', 1, 0.5)")
    return path


def _old_again() -> str:
    """What is to run once more, as it was written before there were schedules."""
    return json.dumps(
        {
            "domain": "alpha",
            "task_type": "alpha::job",
            "group": "g",
            "key": "alpha::job:running",
            "label": "once more",
            "priority": 128,
            "payload": '{"name":"once more","n":0}',
            "tags": {},
            "retry": None,
            "max_retries": 0,
            "due_at": None,
            "parent_id": None,
            "fail_fast": True,
            "depends_on": [],
            "on_dependency_failure": "cancel",
            "on_duplicate": "skip",
            "expected_io": None,
            "ttl": None,
            "expires_at": None,
        }
    )


async def test_a_database_of_the_version_before_opens_keeps_its_tasks_and_works(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock, version_one: Path
) -> None:
    scheduler = await make_scheduler(alpha(script), store=version_one)
    assert scheduler.recovery.requeued == 1
    assert (scheduler.counts.active, scheduler.counts.completed) == (4, 1)
    await until_quiet(scheduler)
    assert sorted(script.started) == ["once more", "ready", "running"]
    manual_clock.advance(60)
    await until_quiet(scheduler)
    assert script.started[3:] == ["delayed", "blocked"]
    records = await scheduler.history()
    assert len(records) == 6
    assert {record.status for record in records} == {"completed"}
    assert {record.group for record in records} == {"g"}
    summary = await scheduler.job("job_id", "1")
    assert summary is not None
    assert summary.counts == {"completed": 4}
    await scheduler.domain(Alpha).submit(Job(), recurring=RecurringSchedule(60, 2))
    await until_quiet(scheduler)
    manual_clock.advance(60)
    await until_quiet(scheduler)
    assert script.started.count("job") == 2
    await scheduler.close()
    with closing(sqlite3.connect(version_one)) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (len(load_migrations()),)
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT count(*) FROM tasks").fetchone() == (0,)


@pytest.fixture
def version_three(tmp_path: Path) -> Path:
    """A database as the version before the catalogue left it: 1,200 records, one of a failure, and counters down to 0."""
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as database, database:
        for script in load_migrations()[:3]:
            for statement in statements_of(script):
                database.execute(statement)
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute("PRAGMA user_version = 3")
        database.execute("INSERT INTO lanes (id, domain, task_type) VALUES (1, 'alpha', 'alpha::job')")
        database.executemany(
            "INSERT INTO history (task_id, lane, key, label, priority, status, payload, tags, max_retries, retry_count, "
            "last_error, created_at, completed_at, fail_fast, on_dep_failure, attention) "
            "VALUES (?, 1, 'alpha::job:' || ?1, 'old-' || ?1, 128, ?, '{}', '{\"job_id\":\"1\"}', 0, 0, ?, 0, ?1, 1, "
            "'cancel', ?)",
            [(n, "failed", "on fire", 1) if n == 7 else (n, "completed", None, 0) for n in range(1, 1_201)],
        )
        database.execute(
            "INSERT INTO totals (lane, status, n, seconds) VALUES (1, 'completed', 1199, 0), (1, 'failed', 1, 0)"
        )
        database.execute("INSERT INTO tag_values (key, value, created_at) VALUES ('job_id', '1', 0)")
        database.execute(
            "INSERT INTO tag_counts VALUES ('job_id', '1', 1, 'pending', 0), ('job_id', '1', 1, 'completed', 1199), "
            "('job_id', '1', 1, 'failed', 1)"
        )
    return path


async def test_the_history_of_the_version_before_the_catalogue_is_taken_into_it(
    make_scheduler: MakeScheduler, script: Script, version_three: Path
) -> None:
    scheduler = await make_scheduler(alpha(script), store=version_three)
    assert scheduler.failure_count == 1
    assert await scheduler.domain(Alpha).tag_values("job_id") == []
    await until(lambda: scheduler._engine.cataloguing._task is None)
    for found in (
        await scheduler.history(text="on FIRE"),
        await scheduler.history(status="failed", tags={"job_id": "1"}),
        await scheduler.failures(),
        await scheduler.history(1, offset=1_193),
    ):
        assert [record.label for record in found] == ["old-7"]
    await scheduler.close()
    with closing(sqlite3.connect(version_three)) as database:
        assert database.execute("SELECT count(DISTINCT id) FROM catalogue").fetchone()[0] >= 1_000
        assert database.execute("SELECT count(*) FROM tag_counts WHERE n = 0").fetchone() == (0,)


@pytest.fixture
def version_eight(tmp_path: Path) -> Path:
    """A database as the version before keys in memory left it: a task that waits, and a history catalogued in part."""
    path = tmp_path / "eight.db"
    with closing(sqlite3.connect(path)) as database, database:
        for script in load_migrations()[:8]:
            for statement in statements_of(script):
                database.execute(statement)
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute("PRAGMA user_version = 8")
        database.execute(
            "INSERT INTO lanes (id, domain, task_type, kind) VALUES (1, 'alpha', 'alpha::job', 1)"
        )
        tags = '{"job_id":"1"}'
        for task_id, name in enumerate(("first", "second", "waits"), start=1):
            key = f"alpha::job:{name}"
            if name == "waits":
                database.execute(
                    "INSERT INTO tasks (id, lane, key, label, priority, status, payload, tags, created_at, run_at, due_at) "
                    'VALUES (?, 1, ?, ?, 128, \'pending\', \'{"name":"waits","n":0}\', ?, 1.7e9, 1.8e9, 1.8e9)',
                    (task_id, key, name, tags),
                )
                database.execute("INSERT INTO keys (key, id) VALUES (?, ?)", (key, task_id))
                database.execute(
                    "INSERT INTO tags (key, value, task_id) VALUES ('job_id', '1', ?)", (task_id,)
                )
            else:
                database.execute(
                    "INSERT INTO history (task_id, lane, key, label, priority, status, payload, tags, max_retries, "
                    "retry_count, created_at, completed_at, fail_fast, on_dep_failure) "
                    "VALUES (?, 1, ?, ?, 128, 'completed', '{}', ?, 0, 0, 0, ?, 1, 'cancel')",
                    (task_id, key, name, tags, task_id),
                )
        database.execute("INSERT INTO totals (lane, status, n, seconds) VALUES (1, 'completed', 2, 0)")
        database.execute("INSERT INTO tag_values (id, key, value, created_at) VALUES (1, 'job_id', '1', 0)")
        database.execute(
            "INSERT INTO tag_counts VALUES ('job_id', '1', 1, 'pending', 1), ('job_id', '1', 1, 'completed', 2)"
        )
        database.execute("INSERT OR REPLACE INTO meta (name, value) VALUES ('catalogued', 1)")
    return path


async def test_keys_and_tags_of_the_version_before_keys_in_memory_are_known(
    make_scheduler: MakeScheduler, script: Script, version_eight: Path
) -> None:
    for _ in range(2):
        scheduler = await make_scheduler(alpha(script), store=version_eight)
        handle = scheduler.domain(Alpha)
        again = await handle.submit(Job(name="waits"), key="waits", tags={"job_id": "2"})
        assert (again.status, again.id) == ("duplicate", 3)
        for name in ("first", "second", "waits"):
            found = await scheduler.lookup(Job(name=name), key=name)
            assert found is not None
            assert found.label == name
        (job,) = await scheduler.jobs("job_id")
        assert (job.value, job.counts) == ("1", {"completed": 2, "pending": 1})
        assert await handle.task_ids_by_tags({"job_id": "1"}) == [3]
        await scheduler.close()
