"""What a pause remembers: since when, until when and why; who is told of it; and how it ends by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler_core import Pause, PauseScope, StoreError
from scheduler_core.testing import START, MakeScheduler, ManualClock, run_until_idle, until
from tests.core.support import Alpha, Job, Script, alpha, beta


def at(seconds: float) -> datetime:
    """The instant so long after the clock's start."""
    return datetime.fromtimestamp(START, UTC) + timedelta(seconds=seconds)


async def test_what_is_paused_is_told_from_memory(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    assert scheduler.pauses() == []
    await scheduler.domain("beta").pause_group("g", at(50), "a slow network")
    await scheduler.domain("beta").pause()
    await scheduler.domain(Alpha).pause(until=at(90))
    manual_clock.advance(5)
    await scheduler.pause_all(at(100), "  a film  ")
    assert scheduler.pauses() == [
        Pause(scope=PauseScope.SCHEDULER, name="", since=at(5), until=at(100), reason="a film"),
        Pause(scope=PauseScope.DOMAIN, name="alpha", since=at(0), until=at(90)),
        Pause(scope=PauseScope.DOMAIN, name="beta", since=at(0)),
        Pause(scope=PauseScope.GROUP, name="g", since=at(0), until=at(50), reason="a slow network"),
    ]


async def test_everybody_is_told_when_a_pause_changes(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    """Also where nothing but its end changes, of which `paused_changed` says nothing."""
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    told: list[tuple[Pause, ...]] = []
    flips: list[bool] = []
    scheduler.pauses_changed.connect(told.append)
    handle.paused_changed.connect(flips.append)
    await handle.pause()
    manual_clock.advance(10)
    await handle.pause_for(20, "lunch")
    assert [one.until for pauses in told for one in pauses] == [None, at(30)]
    assert told[-1] == tuple(scheduler.pauses())
    assert told[-1][0].since == at(0), "it began when it began"
    manual_clock.advance(21)
    await until(lambda: not handle.is_paused and len(told) == 3)
    assert told[-1] == ()
    assert flips == [True, False]
    await handle.resume()
    assert len(told) == 3, "nothing has changed"


async def test_pause_all_ends_by_itself(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    told: list[bool] = []
    scheduler.paused_changed.connect(told.append)
    await scheduler.pause_all(until=at(3600))
    await scheduler.domain(Alpha).submit(Job())
    manual_clock.advance(3599)
    await run_until_idle(scheduler)
    assert scheduler.is_paused
    assert not script.started
    manual_clock.advance(2)
    await until(lambda: scheduler.counts.completed == 1)
    assert told == [True, False]


@pytest.mark.parametrize("away", [60, 7200])
async def test_end_beginning_and_reason_survive_a_restart(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script, tmp_path: Path, away: float
) -> None:
    """A pause that ended while nobody ran is none: what it held has started."""
    path = tmp_path / "a.db"
    first = await make_scheduler(alpha(script), beta(script), store=path)
    await first.domain("beta").pause(reason="the disk is full")
    manual_clock.advance(30)
    await first.domain("beta").pause(reason="the disk is nearly full")
    await first.pause_all(at(3600), "a film")
    await first.domain(Alpha).submit(Job())
    before = first.pauses()
    await first.close()
    manual_clock.advance(away)
    second = await make_scheduler(alpha(script), beta(script), store=path)
    if away < 3600:
        assert second.pauses() == before
        manual_clock.advance(3600)
    await until(lambda: second.counts.completed == 1)
    assert second.pauses() == before[1:]
    assert before[1].since == at(0)


async def test_a_task_says_why_it_is_held(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    outcome = await scheduler.domain(Alpha).submit(Job(), run_after=60)
    await scheduler.domain(Alpha).pause(reason="the disk is full")
    await scheduler.pause_all()
    record = await scheduler.task(outcome.id or 0)
    assert record is not None
    assert record.pause_reasons == ("everything is paused", "alpha is paused: the disk is full")


@pytest.mark.parametrize("reason", [3, "x" * 257])
async def test_what_is_no_reason_is_refused(
    make_scheduler: MakeScheduler, script: Script, reason: Any
) -> None:
    scheduler = await make_scheduler(alpha(script))
    for pause in (scheduler.pause_all, scheduler.domain(Alpha).pause):
        with pytest.raises((ValueError, TypeError), match="pause of"):
            await pause(reason=reason)
        with pytest.raises(ValueError, match="time zone"):
            await pause(until=datetime(2030, 1, 1))  # noqa: DTZ001
    assert scheduler.pauses() == []


async def test_a_pause_whose_change_cannot_be_stored_stays_as_it_was(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    await scheduler.pause_all(at(60), "a film")
    told: list[object] = []
    scheduler.pauses_changed.connect(told.append)
    before = scheduler.pauses()
    store = scheduler._engine.store
    await store.read(lambda connection: connection.execute("PRAGMA query_only = 1"))
    with pytest.raises(StoreError):
        await scheduler.pause_all(at(600), "another film")
    assert scheduler.pauses() == before
    assert told == []
    await store.read(lambda connection: connection.execute("PRAGMA query_only = 0"))
