"""What is done to many, or taken back, is broken off in the middle: what has been done is known, the rest can be undone."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest

from scheduler_core import SchedulerConfig, StoreError
from scheduler_core.store import undoing
from scheduler_core.testing import MakeScheduler, ManualClock, until
from tests.core.contract.test_undo_many import ACTS, prepared
from tests.core.contract.test_undo_retry import contents
from tests.core.support import Script, alpha

MANY = 1_200
STILL = SchedulerConfig(max_concurrency=0)
KINDS = ["cancel", "priority", "clear", "retry"]


def _fails_after(n: int, change: Any) -> Any:
    """Like the store's `change`, so often; then the disk is gone."""
    left = iter(range(n))

    async def failing(*args: Any) -> Any:
        if next(left, None) is None:
            raise StoreError("the disk is gone", "", "")
        return await change(*args)

    return failing


@pytest.mark.parametrize("act", KINDS)
async def test_a_crash_in_the_middle_of_undoing_leaves_the_rest_to_be_undone(
    make_scheduler: MakeScheduler, tmp_path: Path, manual_clock: ManualClock, script: Script, act: str
) -> None:
    path, image = tmp_path / "a.db", tmp_path / "image.db"
    scheduler = await make_scheduler(alpha(script), store=path, config=STILL)
    ids = await prepared(scheduler, manual_clock, act, MANY)
    before = await contents(scheduler)
    undo = await ACTS[act](scheduler, ids)
    assert undo is not None
    back, is_all = await scheduler._engine.store.change(
        lambda connection, changes: undoing.take_back(connection, undo.id, 500, manual_clock.time(), changes)
    )
    assert (back, is_all) == (500, False)
    for end in ("", "-wal"):
        shutil.copy(f"{path}{end}", f"{image}{end}")
    again = await make_scheduler(alpha(script), store=image, config=STILL)
    assert [one.n for one in again.undos] == [MANY - 500]
    assert await again.undo(undo.id) == MANY - 500
    assert await contents(again) == before


@pytest.mark.parametrize("act", KINDS)
async def test_who_is_cancelled_while_it_is_done_leaves_no_half(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script, act: str
) -> None:
    scheduler = await make_scheduler(alpha(script), config=STILL)
    ids = await prepared(scheduler, manual_clock, act, MANY)
    before = await contents(scheduler)
    doing = asyncio.ensure_future(ACTS[act](scheduler, ids))
    await asyncio.sleep(0)
    doing.cancel()
    await until(lambda: len(scheduler.undos) == 1)
    (undo,) = scheduler.undos
    assert undo.n == MANY
    undoing_it = asyncio.ensure_future(scheduler.undo(undo.id))
    await asyncio.sleep(0)
    undoing_it.cancel()
    await until(lambda: not scheduler._engine.undoing._on_their_way)
    assert await contents(scheduler) == before
    assert scheduler.undos == ()


@pytest.mark.parametrize("act", KINDS)
async def test_what_a_store_that_fails_has_done_can_be_taken_back(
    make_scheduler: MakeScheduler,
    manual_clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
    script: Script,
    act: str,
) -> None:
    scheduler = await make_scheduler(alpha(script), config=STILL)
    ids = await prepared(scheduler, manual_clock, act, MANY)
    before, store = await contents(scheduler), scheduler._engine.store
    with monkeypatch.context() as patch:
        patch.setattr(store, "change", _fails_after(2, store.change))
        with pytest.raises(StoreError):
            await ACTS[act](scheduler, ids)
    assert [one.n for one in scheduler.undos] == [1_000]
    with monkeypatch.context() as patch:
        patch.setattr(store, "change", _fails_after(1, store.change))
        with pytest.raises(StoreError):
            await scheduler.undo(scheduler.undos[0].id)
    assert [one.n for one in scheduler.undos] == [500]
    assert await scheduler.undo(scheduler.undos[0].id) == 500
    assert await contents(scheduler) == before
