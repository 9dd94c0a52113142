"""Failures that were cleared can be brought back."""

from __future__ import annotations

import pytest

from scheduler_core import (
    PermanentError,
)
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle
from tests.core.support import Alpha, Job, Script, alpha, jobs


async def test_cleared_failures_come_back(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    for name in ("a", "b", "c"):
        script.fails(name, PermanentError("broken"))
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    for name in ("a", "b", "c"):
        await handle.submit(Job(name=name))
    await run_until_idle(scheduler)
    failures = await scheduler.failures()
    undo = await scheduler.clear_for_now([one.id for one in failures])
    assert undo is not None
    assert (undo.act, undo.n, scheduler.failure_count) == ("clear", 3, 0)
    await handle.submit(Job(name="b"))  # tried again meanwhile, and well
    await run_until_idle(scheduler)
    assert await scheduler.undo(undo.id) == 3
    assert [one.label for one in await scheduler.failures()] == ["c", "b", "a"]
    assert scheduler.failure_count == 3
    again = await scheduler.clear_for_now([failures[0].id])
    assert again is not None
    manual_clock.advance(10.1)
    assert scheduler.undos == ()
    assert scheduler.failure_count == 2


@pytest.mark.parametrize("by_cause", [True, False])
async def test_a_cause_is_cleared_and_comes_back(
    make_scheduler: MakeScheduler, script: Script, by_cause: bool
) -> None:
    wanted = [f"job-{n}" for n in range(1_203)]
    for name in (*wanted, "other"):
        script.fails(name, PermanentError("broken" if name != "other" else "another way"))
    scheduler = await make_scheduler(alpha(script))
    await scheduler.domain(Alpha).submit_batch([*jobs(1_203), Job(name="other")])
    await run_until_idle(scheduler)
    (cause,) = [one for one in await scheduler.failure_causes() if one.n > 1]
    undo = await scheduler.clear_cause_for_now(cause if by_cause else None)
    assert undo is not None
    assert undo.n == (1_203 if by_cause else 1_204)
    assert scheduler.failure_count == (1 if by_cause else 0)
    assert sum(one.n for one in await scheduler.failure_causes()) == scheduler.failure_count
    assert await scheduler.undo(undo.id) == undo.n
    assert scheduler.failure_count == 1_204
    assert sorted(one.n for one in await scheduler.failure_causes()) == [1, 1_203]
    assert await scheduler.clear_cause_for_now(cause.id + 99) is None
