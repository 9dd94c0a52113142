"""Random lives: whatever is submitted, paused, cancelled, superseded, failed and restarted, in the end all has ended.

After each life the kept counters must be what a count of the rows gives, no parent may still wait, no slot may be taken,
and no key be held.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from scheduler_core import (
    PermanentError,
    RecurringSchedule,
    RetryableError,
    RetryPolicy,
    Scheduler,
    SchedulerConfig,
    SchedulerError,
    TaskContext,
)
from scheduler_core.testing import ManualClock, run_until_idle
from tests.core.support import Alpha, Beta, Errand, FamilyExecutor, Job, Script, alpha, beta

STEPS = 100


class Family(Job):
    """A parent with `finalize`."""

    task_type = "clan"


class Life:
    """One store, opened again and again, and tasks that decide by dice what they do."""

    def __init__(self, seed: int, path: Path) -> None:
        self.draw = random.Random(seed)
        self.path = path
        self.clock = ManualClock()
        self.ids: list[int] = []
        self.calm = False
        self.scheduler: Scheduler | None = None

    async def open(self) -> Scheduler:
        script = Script()
        one = alpha(script, max_concurrency=3, default_retry=RetryPolicy.constant(1, 5))
        other = beta(script, default_retry=RetryPolicy.constant(1))
        one.register(Family, FamilyExecutor(script))
        for name in ("acts", "acts too"):
            script.does(name, self.act)
        config = SchedulerConfig(max_concurrency=5, cancel_hook_timeout=0, group_concurrency={"g": 1})
        self.scheduler = Scheduler(self.path, [one, other], config=config, clock=self.clock)
        await self.scheduler.open()
        return self.scheduler

    async def act(self, task: Any, ctx: TaskContext) -> object:
        """What a task does: nothing, fail, wait a little, have children or a sibling, submit, or pause its domain."""
        if self.calm:
            return None
        match self.draw.randrange(12):
            case 0:
                raise RetryableError("again")
            case 1:
                raise PermanentError("never")
            case 2 | 3:
                for _ in range(self.draw.randrange(30)):
                    await asyncio.sleep(0)
            case 4 | 5:
                children = [self.task() for _ in range(self.draw.randrange(1, 4))]
                for child in children:
                    with contextlib.suppress(SchedulerError):
                        await ctx.spawn_child(child, **self.options())
            case 6:
                with contextlib.suppress(SchedulerError):
                    await ctx.spawn_sibling(self.task())
            case 7:
                with contextlib.suppress(SchedulerError):
                    await self.submit()
            case _:
                pass
        return {"n": task.n}

    def task(self) -> Any:
        kind = self.draw.choice([Job, Job, Family, Errand])
        return kind(name=self.draw.choice(["acts", "acts too"]), n=self.draw.randrange(12))

    def options(self) -> dict[str, Any]:
        draw = self.draw
        options: dict[str, Any] = {
            "on_duplicate": draw.choice(["skip", "skip", "supersede", "reject"]),
            "priority": draw.randrange(4),
            "fail_fast": draw.random() < 0.7,
        }
        if draw.random() < 0.3:
            options["tags"] = {"job_id": str(draw.randrange(3)), f"k{draw.randrange(3)}": "v"}
        if draw.random() < 0.3:
            options["group"] = draw.choice("gh")
        if draw.random() < 0.15:
            options["run_after"] = draw.randrange(20)
        if draw.random() < 0.35 and self.ids:
            options["depends_on"] = draw.choices(self.ids[-15:], k=draw.randrange(1, 3))
            options["on_dependency_failure"] = draw.choice(["cancel", "fail", "ignore"])
        return options

    async def submit(self) -> None:
        scheduler = self.scheduler
        assert scheduler is not None
        task, options = self.task(), self.options()
        if self.draw.random() < 0.15:
            options["recurring"] = RecurringSchedule(self.draw.randrange(1, 20), self.draw.randrange(1, 4))
        outcome = await scheduler.domain(task.domain_key).submit(task, **options)
        if outcome.id is not None:
            self.ids.append(outcome.id)

    async def step(self) -> None:
        roll = self.draw.randrange(20)
        if roll < 5:
            await self.pause_or_resume(roll)
        elif roll < 11:
            await self.end_something(roll)
        elif roll == 11:
            if self.draw.random() < 0.4:
                await self.restart()
        elif roll == 12:
            for _ in range(self.draw.randrange(200)):
                await asyncio.sleep(0)
        elif roll == 13:
            await self.change_a_schedule()
        else:
            with contextlib.suppress(SchedulerError):
                await self.submit()

    async def change_a_schedule(self) -> None:
        assert self.scheduler is not None
        for state in (await self.scheduler.snapshot()).recurring[:1]:
            handle = self.scheduler.domain(state.domain)
            acts = (
                handle.pause_recurring,
                handle.resume_recurring,
                handle.run_recurring_now,
                handle.cancel_recurring,
            )
            await self.draw.choice(acts)(state.task_id)

    async def restart(self) -> None:
        assert self.scheduler is not None
        await self.scheduler.close(0)
        assert self.clock.timers == []
        await self.open()

    async def pause_or_resume(self, roll: int) -> None:
        scheduler, draw = self.scheduler, self.draw
        assert scheduler is not None
        handle = scheduler.domain(draw.choice([Alpha, Beta]))
        match roll:
            case 0:
                await handle.pause()
            case 1:
                await handle.resume()
            case 2:
                await draw.choice([scheduler.pause_all, scheduler.resume_all])()
            case 3:
                await draw.choice([handle.pause_group, handle.resume_group])(draw.choice("gh"))
            case _:
                await handle.pause_for(draw.randrange(10))

    async def end_something(self, roll: int) -> None:
        scheduler, draw = self.scheduler, self.draw
        assert scheduler is not None
        handle = scheduler.domain(draw.choice([Alpha, Beta]))
        match roll:
            case 5 | 6 if self.ids:
                await handle.cancel(draw.choice(self.ids))
            case 7:
                handle.set_max_concurrency(draw.choice([None, 0, 1, 3]))
            case 8:
                self.clock.advance(draw.randrange(12))
            case 9:
                for record in (await scheduler.failures(limit=3))[-1:]:
                    with contextlib.suppress(SchedulerError):
                        await scheduler.domain(record.domain).retry_dead_letter(record.id)
            case _:
                await scheduler.cancel_job("job_id", str(draw.randrange(3)))

    async def calm_down(self) -> None:
        """All gates open, nothing fails any more, time passes; what a person has to decide about is cancelled."""
        scheduler = self.scheduler
        assert scheduler is not None
        self.calm = True
        await scheduler.resume_all()
        for handle in scheduler.domains():
            await handle.resume()
            handle.set_max_concurrency(None)
            for group in "gh":
                await handle.resume_group(group)
        await run_until_idle(scheduler, self.clock)
        self.clock.advance(100)
        await run_until_idle(scheduler, self.clock)
        for _ in range(4):  # so often a schedule comes at most
            for state in (await scheduler.snapshot()).recurring:
                await scheduler.domain(state.domain).resume_recurring(state.id)
            self.clock.advance(20)
            await run_until_idle(scheduler, self.clock)
        for record in await scheduler.blocked_tasks():
            await scheduler.domain(record.domain).cancel(record.id)
        await run_until_idle(scheduler, self.clock)
        for state in (await scheduler.snapshot()).recurring:  # its first one was blocked until now
            await scheduler.domain(state.domain).cancel_recurring(state.id)
        await run_until_idle(scheduler, self.clock)


def check_kept_numbers(scheduler: Scheduler, database: sqlite3.Connection) -> None:
    """What is kept against what is counted."""
    counted = Counter(
        dict(database.execute("SELECT status, count(*) FROM history GROUP BY status").fetchall())
    )
    kept = Counter(dict(database.execute("SELECT status, sum(n) FROM totals GROUP BY status").fetchall()))
    assert +kept == +counted
    assert scheduler.counts.completed == counted["completed"]
    assert scheduler.counts.cancelled == counted["cancelled"]
    attention = database.execute("SELECT count(*) FROM history WHERE attention = 1").fetchone()[0]
    assert scheduler.failure_count == attention
    tags: Counter[tuple[str, str, str]] = Counter()
    for table, status in (
        ("history", "status"),
        ("tasks", "CASE status WHEN 'running' THEN 'pending' ELSE status END"),
    ):
        for key, value, state, n in database.execute(
            f"SELECT g.key, g.value, {status}, count(*) FROM {table} t, json_each(t.tags) g GROUP BY 1, 2, 3"
        ):
            tags[key, value, state] += n
    kept_tags: Counter[tuple[str, str, str]] = Counter()
    for key, value, state, n in database.execute(
        "SELECT key, value, status, n FROM active_tag_counts UNION ALL SELECT key, value, status, n FROM tag_counts"
    ):
        kept_tags[key, value, state] += n
    assert +kept_tags == +tags


@pytest.mark.parametrize("seed", range(30))
async def test_in_the_end_all_has_ended(tmp_path: Path, seed: int) -> None:
    life = Life(seed, tmp_path / "a.db")
    await life.open()
    for _ in range(STEPS):
        await life.step()
    await life.calm_down()
    scheduler = life.scheduler
    assert scheduler is not None
    left = await scheduler.domain(Alpha).cancel_where(lambda _: False)
    assert left == []
    with sqlite3.connect(tmp_path / "a.db") as database:
        stuck = database.execute(
            "SELECT id, label, status, parent_id, children_left, deps_left, due_at, cancelling FROM tasks"
        ).fetchall()
        assert not stuck
        for table in ("dependencies", "schedules"):
            assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
        assert database.execute("SELECT count(*) FROM tags").fetchone() == (0,)
        check_kept_numbers(scheduler, database)
    database.close()
    state = scheduler._engine.state
    assert state.running == 0
    assert not any(slots.running for slots in (*state.domains.values(), *state.groups.values()))
    assert scheduler.counts.active == 0
    await scheduler.close()
    assert life.clock.timers == []
