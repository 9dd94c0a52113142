"""The catalogue of the history is made behind the work, in batches, and has all but a few records."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from scheduler_core import Scheduler, SchedulerConfig, StoreFullError
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until
from tests.core.support import Alpha, Script, alpha, jobs, labels

EVERY = 1_000


async def catalogued(scheduler: Scheduler) -> int:
    """The number of the last record in the catalogue."""
    return await scheduler._engine.store.read(
        lambda connection: connection.execute(
            "SELECT coalesce(max(value), 0) FROM meta WHERE name = 'catalogued'"
        ).fetchone()[0]
    )


async def is_at_rest(scheduler: Scheduler) -> None:
    """Nothing is being taken in."""
    await until(lambda: scheduler._engine.cataloguing._task is None)


async def test_what_has_ended_is_taken_in_when_it_is_enough(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(max_concurrency=64))
    await scheduler.domain(Alpha).submit_batch(jobs(EVERY - 1))
    await run_until_idle(scheduler)
    await is_at_rest(scheduler)
    assert await catalogued(scheduler) == 0
    await scheduler.domain(Alpha).submit_batch(jobs(EVERY, "more"))
    await run_until_idle(scheduler)
    await is_at_rest(scheduler)
    assert EVERY <= await catalogued(scheduler) <= 2 * EVERY - 1
    for text in ("job-0", "job-998", "more-0", "more-999"):
        assert text in labels(await scheduler.history(text=text))
    manual_clock.advance(1)  # the numbers are told, and nothing follows
    assert manual_clock.timers == []


async def test_a_file_that_has_none_gets_one_after_it_was_opened(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    path = tmp_path / "app.db"
    scheduler = await make_scheduler(alpha(script), store=path, config=SchedulerConfig(max_concurrency=64))
    await scheduler.domain(Alpha).submit_batch(jobs(EVERY + 500))
    await run_until_idle(scheduler)
    await scheduler.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM catalogue")
        connection.execute("DELETE FROM catalogue_counts")
        connection.execute("DELETE FROM meta WHERE name = 'catalogued'")
        connection.execute("INSERT INTO catalogue_texts (catalogue_texts) VALUES ('delete-all')")
    again = await make_scheduler(alpha(script), store=path)
    await is_at_rest(again)
    assert await catalogued(again) > EVERY
    sevens = {f"job-{n}" for n in range(EVERY + 500) if str(n).startswith("7")}
    assert set(labels(await again.history(200, text="JOB-7"))) == sevens


async def test_a_full_disk_leaves_it_behind_and_the_next_that_ends_tries_again(
    make_scheduler: MakeScheduler,
    script: Script,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(max_concurrency=64))

    async def is_full(step: object, size: int) -> int:
        raise StoreFullError("database", "the disk is full", "Make room.")

    with monkeypatch.context() as patch, caplog.at_level(logging.WARNING):
        patch.setattr(scheduler._engine.store, "tidy", is_full)
        await scheduler.domain(Alpha).submit_batch(jobs(EVERY))
        await run_until_idle(scheduler)
        await is_at_rest(scheduler)
    assert "the catalogue of the history is behind" in caplog.text
    assert await catalogued(scheduler) == 0
    assert labels(await scheduler.history(text="job-999")) == ["job-999"]
    await scheduler.domain(Alpha).submit_batch(jobs(EVERY, "more"))
    await run_until_idle(scheduler)
    await is_at_rest(scheduler)
    assert await catalogued(scheduler) > EVERY
