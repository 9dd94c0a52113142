"""`explain` asks what dispatch asks: what waits has a closed gate, and opening the gates it names lets it start."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scheduler_core import (
    AgingConfig,
    IoBudget,
    Priority,
    RateLimit,
    ResourceSample,
    Scheduler,
    SchedulerConfig,
    ThrottlePolicy,
    UnknownTaskError,
)
from scheduler_core.testing import START, MakeScheduler, ManualClock, run_until_idle, until, until_quiet
from tests.core.support import Alpha, Beta, Errand, Job, Script, alpha, beta


class Load:
    """How busy the machine is, as the test says; the cpu is idle and reads are counted."""

    name = "load"

    def __init__(self) -> None:
        self.now = 0.0
        self.moves: dict[str, float] = {}

    def pressure(self) -> float:
        return self.now

    def sample(self) -> ResourceSample:
        return ResourceSample(**self.moves)


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
    if draw.random() < 0.4:
        scheduler.set_rate_limit(Job, RateLimit(rate=0.001, burst=1))
    if draw.random() < 0.4:
        scheduler.set_group_rate_limit("g", RateLimit(rate=0.001, burst=1))


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
        case "rate_limit":
            scheduler.set_rate_limit(Job, None)
        case "group_rate_limit":
            scheduler.set_group_rate_limit("g", None)
        case _:
            raise AssertionError(f"unknown gate {gate}")


def _calm(load: Load, clock: ManualClock) -> None:
    """The machine is idle, and fast."""
    load.now, load.moves = 0.0, {"disk_read": 10.0**9}
    clock.advance(1)


@pytest.mark.parametrize("seed", range(25))
async def test_what_waits_has_a_closed_gate_and_starts_when_it_opens(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script, seed: int
) -> None:
    draw = random.Random(seed)
    load = Load()
    load.now, load.moves = draw.choice([0.0, 0.6, 0.9]), {"disk_read": 10.0}
    scheduler = await make_scheduler(
        alpha(script),
        beta(script),
        config=SchedulerConfig(
            max_concurrency=3,
            resource_monitoring=True,
            throttle=ThrottlePolicy([(2, 0.5), (3, 0.5)]),
            aging=draw.choice(
                [None, AgingConfig(grace_period=5, aging_interval=1, max_effective_priority=1)]
            ),
            group_weights=draw.choice([{}, {"g": 3}]),
        ),
        pressure_sources=[load],
        resource_sampler=load,
    )
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
            expected_io=draw.choice([None, IoBudget(disk_read=100), IoBudget(disk_read=1_000)]),
        )
        ids[name] = outcome.id or 0
    await until(lambda: _is_at_rest(scheduler, script))
    for name in draw.sample(names, 6):
        for _ in range(14):
            if name in script.started:
                break
            explanation = await scheduler.explain(ids[name])
            gate = explanation.blocking
            assert gate is not None, f"{name} waits, and every gate is said to be open"
            assert gate.message
            record = await scheduler.task(ids[name])
            assert record is not None
            if gate.name in ("throttle", "io_budget"):
                _calm(load, manual_clock)
            else:
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


NOW = datetime.fromtimestamp(START, UTC)


async def place_of(scheduler: Scheduler, task_id: int) -> int | None:
    return (await scheduler.explain(task_id)).place


async def test_its_place_is_how_many_stand_before_it_that_wait_for_the_same(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script), config=SchedulerConfig(max_concurrency=1))
    handle = scheduler.domain(Alpha)
    script.holds("first")
    await handle.submit(Job(name="first"), priority=0)
    await until(lambda: script.started == ["first"])
    low = (await handle.submit(Job(name="low"), priority=200)).id or 0
    mine = (await handle.submit(Job(name="mine"))).id or 0
    for n in range(3):
        await handle.submit(Job(name=f"younger {n}"))
        await handle.submit(Job(name=f"urgent {n}"), priority=64, group="h")
    await handle.pause_group("g")
    await handle.submit_batch([Job(name=f"held {n}") for n in range(50)], group="g", priority=1)
    await handle.submit(Job(name="later"), run_after=60, priority=1)
    assert await place_of(scheduler, mine) == 4
    assert await place_of(scheduler, low) == 8
    await scheduler.domain(Beta).submit_batch([Errand(name=f"{n}", n=n) for n in range(20)], priority=1)
    assert await place_of(scheduler, mine) == 24
    handle.set_max_concurrency(1)
    assert await place_of(scheduler, mine) == 24, "the scheduler's slots are what it waits for first"
    script.release("first")


async def test_behind_a_domains_cap_only_that_domain_stands_before_it(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=1), beta(script, max_concurrency=0))
    handle = scheduler.domain(Alpha)
    script.holds("first")
    await handle.submit(Job(name="first"))
    await until(lambda: script.started == ["first"])
    await scheduler.domain(Beta).submit_batch([Errand(name=f"{n}", n=n) for n in range(20)], priority=1)
    await handle.submit(Job(name="before"))
    mine = (await handle.submit(Job(name="mine"))).id or 0
    assert await place_of(scheduler, mine) == 2
    script.release("first")


async def test_with_aging_its_place_counts_who_is_more_urgent_by_now(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    aging = AgingConfig(grace_period=0, aging_interval=1, max_effective_priority=64)
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(max_concurrency=1, aging=aging))
    handle = scheduler.domain(Alpha)
    script.holds("first")
    await handle.submit(Job(name="first"), priority=0)
    await until(lambda: script.started == ["first"])
    for n in range(10):
        await handle.submit(Job(name=f"idle {n}"), priority=Priority.IDLE)
        manual_clock.advance(10)
    mine = (await handle.submit(Job(name="mine"), priority=200)).id or 0
    assert await place_of(scheduler, mine) == 1 + 5  # those that have waited for 55 s or more
    script.release("first")
    await run_until_idle(scheduler)
    assert script.started.index("mine") == 6


async def test_a_long_way_back_is_not_counted_out(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=0))
    handle = scheduler.domain(Alpha)
    await handle.submit_batch([Job(name="crowd", n=n) for n in range(10_001)])
    last = (await handle.submit(Job(name="last"))).id or 0
    assert await place_of(scheduler, last) is None


async def test_it_says_when_the_next_slot_is_expected(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(max_concurrency=2))
    handle = scheduler.domain(Alpha)

    async def takes_ten_seconds(*_: object) -> None:
        manual_clock.advance(10)

    script.does("slow", takes_ten_seconds)
    await handle.submit(Job(name="slow"))
    await run_until_idle(scheduler)
    script.holds("a", "b")
    await handle.submit_batch([Job(name="a"), Job(name="b")])
    await until(lambda: script.running == 2)
    ids = [(await handle.submit(Job(name="next", n=n))).id or 0 for n in range(4)]
    starts = [(await scheduler.explain(task_id)).expected_start for task_id in ids]
    soon, late = NOW + timedelta(seconds=20), NOW + timedelta(seconds=30)
    assert starts == [soon, soon, late, late]
    script.release("a", "b")


async def test_it_says_when_the_token_comes_that_is_its_own(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    scheduler.set_rate_limit(Job, RateLimit(rate=0.1, burst=1))
    ids = [(await handle.submit(Job(n=n))).id or 0 for n in range(4)]
    await until_quiet(scheduler)
    starts = [(await scheduler.explain(task_id)).expected_start for task_id in ids[1:]]
    assert starts == [NOW + timedelta(seconds=10 * n) for n in (1, 2, 3)]


async def test_a_timed_pause_and_a_time_of_its_own_end_together(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    task = (await handle.submit(Job(), run_after=60)).id or 0
    await handle.pause_for(300)
    assert (await scheduler.explain(task)).expected_start == NOW + timedelta(seconds=300)
    await handle.pause_for(30)
    assert (await scheduler.explain(task)).expected_start == NOW + timedelta(seconds=60)
    await scheduler.pause_all()
    assert (await scheduler.explain(task)).expected_start is None
