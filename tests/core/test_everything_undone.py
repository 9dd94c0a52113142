"""Random lives in which people cancel, clear, hurry and retry for now and change their minds: in the end all has ended.

And the books agree.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from scheduler_core.testing import run_until_idle
from tests.core.support import Alpha, Beta
from tests.core.test_everything_ends import STEPS, Life
from tests.reliability.books import check_books


class Undecided(Life):
    """A life whose person cancels, clears failures, changes priorities and retries for now, and often takes it back."""

    async def step(self) -> None:
        scheduler, draw = self.scheduler, self.draw
        assert scheduler is not None
        match draw.randrange(13):
            case 0 if self.ids:
                await scheduler.cancel_for_now(draw.choices(self.ids, k=draw.randrange(1, 5)))
            case 1:
                handle = scheduler.domain(draw.choice([Alpha, Beta]))
                await scheduler.cancel_for_now(
                    await handle.task_ids_by_tags({"job_id": str(draw.randrange(3))})
                )
            case 2 | 3 if scheduler.undos:
                await scheduler.undo(draw.choice(scheduler.undos).id)
            case 4 if scheduler.failure_count:
                failures = await scheduler.failures(limit=3)
                await scheduler.clear_for_now([record.id for record in failures])
            case 5 if self.ids:
                await scheduler.set_priority_for_now(draw.choices(self.ids, k=4), draw.randrange(4))
            case 6:
                records = await scheduler.history(limit=8)
                ids = [record.id for record in records]
                await scheduler.retry_for_now(draw.choices(ids, k=3) if ids else [])
            case 7 if scheduler.failure_count:
                await scheduler.retry_cause_for_now(None)
            case 8 if scheduler.undos:  # what was done last is taken back at once
                await scheduler.undo(scheduler.undos[-1].id)
            case _:
                await super().step()


@pytest.mark.parametrize("seed", range(20))
async def test_in_the_end_all_has_ended_whatever_is_undone(tmp_path: Path, seed: int) -> None:
    life = Undecided(seed, tmp_path / "a.db")
    await life.open()
    for _ in range(STEPS):
        await life.step()
    scheduler = life.scheduler
    assert scheduler is not None
    for undo in scheduler.undos[::2]:
        await scheduler.undo(undo.id)
    life.clock.advance(11)
    await run_until_idle(scheduler, life.clock)
    await life.calm_down()
    scheduler = life.scheduler
    assert scheduler is not None
    assert scheduler.undos == ()
    assert scheduler.counts.active == 0
    with closing(sqlite3.connect(tmp_path / "a.db")) as database:
        for table in ("tasks", "set_aside", "undos", "undo_marks", "dependencies", "tags"):
            assert database.execute(f"SELECT * FROM {table}").fetchall() == [], table
        attention = database.execute("SELECT count(*) FROM history WHERE attention = 1").fetchone()[0]
        assert scheduler.failure_count == attention
    await scheduler.close()
    check_books(tmp_path / "a.db")
