"""Ten thousand at once: done, taken back, and taken back after a crash, in small transactions, and all is as it was."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from scheduler_core import Priority, Scheduler, SchedulerConfig, Undo
from scheduler_core.store.changes import Changes
from scheduler_core.testing import MakeScheduler, ManualClock, until
from tests.core.contract.test_undo_retry import contents
from tests.core.support import Alpha, Job, Script, alpha, jobs
from tests.reliability.books import check_books

MANY = 10_000
SOME = 2_300
AT_ONCE = 500
"""Tasks in one transaction."""
STILL = SchedulerConfig(max_concurrency=0)
Act = Callable[[Scheduler, list[int]], Awaitable[Undo | None]]
ACTS: dict[str, Act] = {
    "cancel": lambda scheduler, ids: scheduler.cancel_for_now(ids),
    "priority": lambda scheduler, ids: scheduler.set_priority_for_now(ids, Priority.HIGH),
    "clear": lambda scheduler, ids: scheduler.clear_for_now(ids),
    "clear a cause": lambda scheduler, _: scheduler.clear_cause_for_now(None),
    "retry": lambda scheduler, ids: scheduler.retry_for_now(ids),
    "retry a cause": lambda scheduler, _: scheduler.retry_cause_for_now(None),
}


async def prepared(scheduler: Scheduler, clock: ManualClock, act: str, many: int) -> list[int]:
    """So many tasks that wait, or that ended badly: they did not start in their time."""
    ttl = 60 if act.startswith(("clear", "retry")) else None
    outcomes = await scheduler.domain(Alpha).submit_batch(jobs(many), tags={"job": "trip"}, ttl=ttl)
    if ttl is not None:
        clock.advance(ttl + 1)
        await until(lambda: scheduler.failure_count == many)
    return [one.id for one in outcomes if one.id is not None]


def _crashed(path: Path, image: Path) -> Path:
    """What a program that is killed now leaves."""
    for end in ("", "-wal"):
        shutil.copy(f"{path}{end}", f"{image}{end}")
    return image


@pytest.mark.parametrize("act", ["cancel", "priority", "clear a cause", "retry a cause"])
async def test_ten_thousand_come_back_as_they_were(
    make_scheduler: MakeScheduler, tmp_path: Path, manual_clock: ManualClock, script: Script, act: str
) -> None:
    scheduler = await make_scheduler(alpha(script), store=tmp_path / "a.db", config=STILL)
    ids = await prepared(scheduler, manual_clock, act, MANY)
    before, counts = await contents(scheduler), scheduler.counts
    failures = scheduler.failure_count
    undo = await ACTS[act](scheduler, ids)
    assert undo is not None
    assert undo.n == MANY
    assert await contents(scheduler) != before
    first = _crashed(tmp_path / "a.db", tmp_path / "first.db")
    second = _crashed(tmp_path / "a.db", tmp_path / "second.db")
    assert await scheduler.undo(undo.id) == MANY
    assert await contents(scheduler) == before
    assert (scheduler.counts, scheduler.failure_count) == (counts, failures)

    again = await make_scheduler(alpha(script), store=first, config=STILL)
    assert [(one.act, one.n) for one in again.undos] == [(undo.act, MANY)]
    assert await again.undo(undo.id) == MANY
    assert await contents(again) == before
    assert (again.counts, again.failure_count) == (counts, failures)

    nobody = await make_scheduler(alpha(script), store=second, config=STILL)
    assert [one.id for one in nobody.undos] == [undo.id]
    manual_clock.advance(10.1)
    await until(lambda: not nobody._engine.undoing.is_busy)
    left = await contents(nobody)
    assert (left["undos"], left["undo_marks"]) == ([], [])
    assert nobody.undos == ()
    for one in (scheduler, again, nobody):
        await one.close()
    for path in (tmp_path / "a.db", first, second):
        check_books(path)


@pytest.mark.parametrize("act", ACTS)
async def test_others_get_their_turn_between_small_transactions(
    make_scheduler: MakeScheduler,
    monkeypatch: pytest.MonkeyPatch,
    manual_clock: ManualClock,
    script: Script,
    act: str,
) -> None:
    scheduler = await make_scheduler(alpha(script), config=STILL)
    handle, store = scheduler.domain(Alpha), scheduler._engine.store
    ids = await prepared(scheduler, manual_clock, act, SOME)
    sizes: list[int] = []
    told: Any = store._on_changes

    def noted(changes: Changes) -> None:
        rows = (
            changes.aside,
            changes.back,
            changes.rearranged,
            changes.submitted,
            changes.taken_back,
            changes.ended,
        )
        sizes.append(max(abs(changes.attention), *map(len, rows)))
        told(changes)

    monkeypatch.setattr(store, "_on_changes", noted)

    async def others(work: asyncio.Task[Any]) -> int:
        """How many submissions are answered while that is done."""
        n = 0
        while not work.done():
            n += 1
            await handle.submit(Job(name="other", n=len(sizes) * 1_000 + n))
        return n

    doing = asyncio.ensure_future(ACTS[act](scheduler, ids))
    between = await others(doing)
    undo = doing.result()
    assert undo is not None
    undoing = asyncio.ensure_future(scheduler.undo(undo.id))
    between = min(between, await others(undoing))
    assert undoing.result() == SOME
    assert between >= 3, "of five transactions most let others through"
    again = await ACTS[act](scheduler, ids)
    assert again is not None
    manual_clock.advance(10.1)
    await until(lambda: not scheduler._engine.undoing.is_busy)
    assert max(sizes) == AT_ONCE
