"""`explain` asks what dispatch asks: what waits has a closed gate, and opening the gates it names lets it start."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scheduler_core import Scheduler, SchedulerConfig, UnknownTaskError
from scheduler_core.testing import START, MakeScheduler, ManualClock, run_until_idle, until, until_quiet
from tests.core.support import Alpha, Beta, Errand, Job, Script, alpha, beta


async def _hold(scheduler: Scheduler, draw: random.Random) -> None:
    """Some of the gates are closed."""
    handle, other = scheduler.domain(Alpha), scheduler.domain(Beta)
    if draw.random() < 0.3:
        await scheduler.pause_all()
    if draw.random() < 0.4:
        await handle.pause()
    if draw.random() < 0.4:
        await handle.pause_group("g")
    if draw.random() < 0.4:
        handle.set_max_concurrency(draw.choice([0, 1]))
    if draw.random() < 0.4:
        other.set_max_concurrency(0)
    if draw.random() < 0.4:
        scheduler.set_group_limit("g", 0)
    if draw.random() < 0.3:
        scheduler.set_max_concurrency(draw.choice([0, 1]))


async def _open(scheduler: Scheduler, clock: ManualClock, gate: str, domain: str) -> None:
    handle = scheduler.domain(domain)
    match gate:
        case "scheduler_paused":
            await scheduler.resume_all()
        case "domain_paused":
            await handle.resume()
        case "group_paused":
            await handle.resume_group("g")
        case "run_at":
            clock.advance(100)
        case "global_cap":
            scheduler.set_max_concurrency(1_000)
        case "domain_cap":
            handle.set_max_concurrency(None)
        case "group_cap":
            scheduler.set_group_limit("g", None)
        case _:
            raise AssertionError(f"unknown gate {gate}")


@pytest.mark.parametrize("seed", range(25))
async def test_what_waits_has_a_closed_gate_and_starts_when_it_opens(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script, seed: int
) -> None:
    draw = random.Random(seed)
    scheduler = await make_scheduler(alpha(script), beta(script), config=SchedulerConfig(max_concurrency=3))
    await _hold(scheduler, draw)
    names = [str(n) for n in range(12)]
    script.holds(*names)
    ids: dict[str, int] = {}
    for n, name in enumerate(names):
        kind: Any = draw.choice([Job, Errand])
        outcome = await scheduler.domain(kind.domain_key).submit(
            kind(name=name, n=n),
            group=draw.choice([None, "g"]),
            run_after=draw.choice([None, None, 50]),
            priority=draw.randrange(1, 4),  # 0 would push others out
        )
        ids[name] = outcome.id or 0
    await until(lambda: _is_at_rest(scheduler, script))
    for name in draw.sample(names, 6):
        for _ in range(10):
            if name in script.started:
                break
            explanation = await scheduler.explain(ids[name])
            gate = explanation.blocking
            assert gate is not None, f"{name} waits, and every gate is said to be open"
            assert gate.message
            record = await scheduler.task(ids[name])
            assert record is not None
            await _open(scheduler, manual_clock, gate.name, record.domain)
            await until(lambda: _is_at_rest(scheduler, script))
        assert name in script.started
    script.release(*names)


def _is_at_rest(scheduler: Scheduler, script: Script) -> bool:
    """Nothing more would start by itself; what runs has begun, and runs on."""
    engine = scheduler._engine
    if len(scheduler.active_tasks()) != script.running:
        return False
    parts = (engine.dispatcher, engine.completion, engine.due)
    return not (engine.lanes.is_refilling or any(part.is_busy for part in parts))


async def test_an_open_way_is_told_gate_by_gate_in_the_order_of_the_contract(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    await scheduler.pause_all()
    outcome = await scheduler.domain(Alpha).submit(Job(), group="g")
    explanation = await scheduler.explain(outcome.id or 0)
    names = [gate.name for gate in explanation.gates]
    assert names[:7] == [
        "scheduler_paused",
        "domain_paused",
        "group_paused",
        "run_at",
        "global_cap",
        "domain_cap",
        "group_cap",
    ]
    assert [gate.name for gate in explanation.gates if not gate.passed] == ["scheduler_paused"]
    assert explanation.task_id == outcome.id


async def test_it_tells_when_a_task_is_expected(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    outcome = await scheduler.domain(Alpha).submit(Job(), run_after=90)
    explanation = await scheduler.explain(outcome.id or 0)
    assert explanation.expected_start == datetime.fromtimestamp(START, UTC) + timedelta(seconds=90)
    assert explanation.blocking is not None
    assert "22:14:50" in explanation.blocking.message
    await scheduler.domain(Alpha).pause()
    assert (await scheduler.explain(outcome.id or 0)).expected_start is None


async def test_what_is_blocked_or_waits_for_children_says_so(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("child")

    async def spawn(task: object, ctx: object) -> None:
        await ctx.spawn_child(Job(name="child"))  # type: ignore[attr-defined] # pyright: ignore[reportAttributeAccessIssue]

    script.does("parent", spawn)
    parent = await handle.submit(Job(name="parent"))
    after = await handle.submit(Job(name="after"), depends_on=[parent.id or 0])
    await until(lambda: scheduler.counts.waiting == 1 and script.running == 1)
    waiting = (await scheduler.explain(parent.id or 0)).blocking
    blocked = (await scheduler.explain(after.id or 0)).blocking
    assert waiting is not None
    assert waiting.name == "children"
    assert blocked is not None
    assert (blocked.name, blocked.values) == ("dependencies", {"depends_on": [parent.id]})
    script.release("child")
    await run_until_idle(scheduler)


@pytest.mark.parametrize("unknown", [0, 999, 2**70])
async def test_what_is_no_task_is_not_explained(
    make_scheduler: MakeScheduler, script: Script, unknown: int
) -> None:
    scheduler = await make_scheduler(alpha(script))
    await scheduler.domain(Alpha).submit(Job())
    await until_quiet(scheduler)
    with pytest.raises(UnknownTaskError, match=str(unknown)):
        await scheduler.explain(unknown)
    assert await scheduler.task(unknown) is None
    assert await scheduler.task_dependencies(unknown) == []
    assert await scheduler.task_dependents(unknown) == []
    with pytest.raises(UnknownTaskError):
        await scheduler.domain(Alpha).retry_dead_letter(unknown if unknown != 0 else 999)
