"""The keys that ended tasks leave are swept out when they are many, and nobody waits for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler_core import Scheduler, SchedulerConfig
from scheduler_core.engine import sweeping
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until
from tests.core.support import Alpha, Chore, Job, Script, alpha, jobs

LEAST = 2_000
CONFIG = SchedulerConfig(max_concurrency=64)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left lying are fewer here."""
    monkeypatch.setattr(sweeping, "_LEAST", LEAST)
    monkeypatch.setattr(sweeping, "_FRESH", 500)
    monkeypatch.setattr(sweeping, "_SLICE", 300)


async def kept(scheduler: Scheduler) -> int:
    """How many entries there are in the file, once no sweep is on its way."""
    await until(lambda: scheduler._engine.sweeping._task is None)
    return await scheduler._engine.store.read(
        lambda connection: connection.execute("SELECT count(*) FROM keys").fetchone()[0]
    )


async def fresh(scheduler: Scheduler) -> int:
    """How many are in memory."""
    return await scheduler._engine.store.tidy(
        lambda connection: connection.execute("SELECT count(*) FROM fresh_keys").fetchone()[0], 1
    )


async def test_the_newest_are_in_memory_until_they_are_many(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=CONFIG)
    handle = scheduler.domain(Alpha)
    await handle.submit(Chore(), run_after=1_000)
    await handle.submit_batch(jobs(450))
    await run_until_idle(scheduler)
    assert (await kept(scheduler), await fresh(scheduler)) == (0, 451)
    await handle.submit_batch(jobs(60, "more"))
    await run_until_idle(scheduler)
    assert 1 <= await kept(scheduler) <= 61
    assert await fresh(scheduler) == 0
    assert (await handle.submit(Chore(), run_after=1_000)).status == "duplicate"
    assert (await handle.submit(Job(name="job-0"))).status == "inserted"
    await run_until_idle(scheduler)
    manual_clock.advance(1)  # the numbers are told, and nothing follows but the chore
    assert len(manual_clock.timers) == 1


async def test_they_go_when_they_are_many(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script), config=CONFIG)
    handle = scheduler.domain(Alpha)
    await handle.submit(Chore(), run_after=1_000)
    await _held_back(scheduler, LEAST - 1)
    assert await kept(scheduler) == LEAST
    scheduler.set_max_concurrency(64)
    await run_until_idle(scheduler)
    assert await kept(scheduler) == LEAST
    await handle.submit_batch(jobs(10, "more"))
    await run_until_idle(scheduler)
    assert await kept(scheduler) == 1
    assert (await handle.submit(Chore(), run_after=1_000)).status == "duplicate"
    assert (await handle.submit(Job(name="job-0"))).status == "inserted"


async def test_they_stay_while_more_are_held(make_scheduler: MakeScheduler, script: Script) -> None:
    """A sweep looks at all of them."""
    scheduler = await make_scheduler(alpha(script), config=CONFIG)
    handle = scheduler.domain(Alpha)
    await handle.submit_batch([Chore(n=n) for n in range(LEAST + 500)], run_after=1_000)
    await _held_back(scheduler, LEAST + 400)
    scheduler.set_max_concurrency(64)
    await run_until_idle(scheduler)
    assert await kept(scheduler) == 2 * LEAST + 900
    await handle.submit_batch(jobs(800, "more"))
    await run_until_idle(scheduler)
    assert await kept(scheduler) < LEAST + 1_000


async def test_what_was_in_memory_is_known_after_a_restart(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    path = tmp_path / "app.db"
    for run in range(3):
        scheduler = await make_scheduler(alpha(script), store=path, config=CONFIG)
        handle = scheduler.domain(Alpha)
        for n in range(400 * run):
            assert (await handle.submit(Chore(n=n), run_after=1_000)).status == "duplicate"
        for n in range(400 * run, 400 * run + 400):
            assert (await handle.submit(Chore(n=n), run_after=1_000)).status == "inserted"
        assert await kept(scheduler) + await fresh(scheduler) == 400 * run + 400
        await scheduler.close()


async def test_what_an_earlier_run_left_is_counted(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    path = tmp_path / "app.db"
    for run in range(2):
        scheduler = await make_scheduler(alpha(script), store=path, config=CONFIG)
        await _held_back(scheduler, LEAST // 2 + 10, f"{run}")
        scheduler.set_max_concurrency(64)
        await run_until_idle(scheduler)
        left = await kept(scheduler)
        await scheduler.close()
        assert left == (0 if run else LEAST // 2 + 10)


async def _held_back(scheduler: Scheduler, n: int, name: str = "job") -> None:
    """So many that start when they may; until then they hold their keys, which are in the file."""
    scheduler.set_max_concurrency(0)
    await scheduler.domain(Alpha).submit_batch(jobs(n, name))
    await kept(scheduler)
    assert await fresh(scheduler) == 0
