"""Random lives: what is counted is what the rows of the database say."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from scheduler_core import Scheduler
from tests.core.test_everything_ends import STEPS, Life

STATUS_OF = {
    "completed": "completed",
    "failed": "failed",
    "dead_lettered": "dead_letter",
    "cancelled": "cancelled",
    "expired": "expired",
    "superseded": "superseded",
    "dependency_failed": "dependency_failed",
}
COUNT_STARTS = """
CREATE TABLE IF NOT EXISTS seen (what TEXT, lane INTEGER);
CREATE TRIGGER IF NOT EXISTS starts AFTER UPDATE OF status ON tasks
WHEN NEW.status = 'running' AND OLD.status <> 'running'
BEGIN INSERT INTO seen VALUES ('started', NEW.lane); END;
CREATE TRIGGER IF NOT EXISTS returns AFTER UPDATE OF status ON tasks
WHEN OLD.status = 'running' AND NEW.status = 'pending' AND NEW.retry_count = OLD.retry_count
    AND NEW.finalizing = OLD.finalizing
BEGIN INSERT INTO seen VALUES ('returned', NEW.lane); END;
"""
ROWS = {
    "submitted": "SELECT lane, count(*) FROM (SELECT lane FROM tasks UNION ALL SELECT lane FROM history) GROUP BY lane",
    "retried": "SELECT lane, sum(retry_count) FROM (SELECT lane, retry_count FROM tasks UNION ALL "
    "SELECT lane, retry_count FROM history) GROUP BY lane",
    "failed_attempts": "SELECT lane, count(*) FROM (SELECT lane, attempts FROM tasks UNION ALL "
    "SELECT lane, attempts FROM history) t, json_each(t.attempts) a WHERE a.value ->> 'error' IS NOT NULL GROUP BY lane",
    "started": "SELECT lane, count(*) FROM seen WHERE what = 'started' GROUP BY lane",
    "returned": "SELECT lane, count(*) FROM seen WHERE what = 'returned' GROUP BY lane",
    **{
        name: f"SELECT lane, count(*) FROM history WHERE status = '{status}' GROUP BY lane"
        for name, status in STATUS_OF.items()
    },
}


def counted_in(path: Path) -> Counter[tuple[str, str]]:
    """What the rows say, by (task type, counter)."""
    found: Counter[tuple[str, str]] = Counter()
    database = sqlite3.connect(path)
    types = dict(database.execute("SELECT id, task_type FROM lanes"))
    for name, query in ROWS.items():
        for lane, n in database.execute(query):
            found[types[lane], name] += n
    database.close()
    return found


class CountedLife(Life):
    """A random life whose counters are held against the rows at the end of each opening."""

    async def open(self) -> Scheduler:
        scheduler = await super().open()  # nothing is dispatched before the loop turns
        database = sqlite3.connect(self.path)
        database.executescript(COUNT_STARTS)
        database.close()
        self.before = counted_in(self.path)
        return scheduler

    async def restart(self) -> None:
        assert self.scheduler is not None
        await self.scheduler.close(0)
        self.check()
        await self.open()

    def check(self) -> None:
        assert self.scheduler is not None
        rows = counted_in(self.path)
        rows.subtract(self.before)
        metrics = self.scheduler.metrics()
        told: Counter[tuple[str, str]] = Counter()
        for one in metrics.types:
            values = one.counters.model_dump()
            values.pop("recurring_skipped")  # no row says what did not come; the events do (test_recurring)
            values["returned"] = values.pop("interrupted") + values.pop("preempted")
            told.update({(one.task_type, name): n for name, n in values.items()})
            assert one.succeeded.count + one.failed.count <= one.counters.started
            assert one.waited.count <= one.counters.started
        assert {place: n for place, n in rows.items() if n} == {place: n for place, n in told.items() if n}


@pytest.mark.parametrize("seed", range(1_000, 1_012))
async def test_what_is_counted_is_what_the_rows_say(tmp_path: Path, seed: int) -> None:
    life = CountedLife(seed, tmp_path / "a.db")
    await life.open()
    for _ in range(STEPS):
        await life.step()
    await life.calm_down()
    assert life.scheduler is not None
    await life.scheduler.close()
    life.check()
