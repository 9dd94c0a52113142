"""What lifts a closed gate, as `explain` tells it: carried out, it opens that very gate for that task."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scheduler_core import (
    Explanation,
    GateResult,
    IoBudget,
    Lift,
    PermanentError,
    Priority,
    RateLimit,
    RecurringSchedule,
    RetryPolicy,
    Scheduler,
    SchedulerConfig,
    TaskContext,
    ThrottlePolicy,
)
from scheduler_core.testing import START, MakeScheduler, ManualClock, run_until_idle, until
from tests.core.engine.test_adjusting import at_rest
from tests.core.engine.test_machine_gates import Load
from tests.core.support import NO_RETRY, Alpha, Job, Script, alpha, record_of

HOUR = 3_600.0
GATES = [
    ("scheduler_paused", Lift(order="resume_all")),
    ("domain_paused", Lift(order="resume", domain="alpha")),
    ("group_paused", Lift(order="resume_group", domain="alpha", target="g")),
    ("run_at", Lift(order="start_now")),
    ("global_cap", Lift(order="set_max_concurrency", value=2)),
    ("domain_cap", Lift(order="set_max_concurrency", domain="alpha", value=2)),
    ("group_cap", Lift(order="set_group_limit", target="g", value=2)),
    ("throttle", Lift(order="set_priority", value=Priority.HIGH)),
    ("io_budget", Lift(order="ignore_io")),
    ("rate_limit", Lift(order="set_rate_limit", target="alpha::job")),
    ("group_rate_limit", Lift(order="set_group_rate_limit", target="g")),
]
"""Every gate of the contract's section 5, in its order, and what lifts it."""
PAIRS = [
    ("scheduler_paused", "domain_paused"),
    ("domain_paused", "group_paused"),
    ("group_paused", "run_at"),
    ("run_at", "global_cap"),
    ("global_cap", "domain_cap"),
    ("domain_cap", "group_cap"),
    ("group_cap", "throttle"),
    ("throttle", "io_budget"),
    ("io_budget", "run_at"),
    ("rate_limit", "throttle"),
    ("group_rate_limit", "group_cap"),
]
"""Closed in this order, and lifted in this order."""


class World:
    """A scheduler in which `first` runs, and gates that are closed behind it one by one."""

    def __init__(self, scheduler: Scheduler, load: Load, clock: ManualClock) -> None:
        self.scheduler = scheduler
        self.handle = scheduler.domain(Alpha)
        self._load = load
        self._clock = clock

    async def close_gate(self, gate: str) -> dict[str, Any]:  # noqa: C901 - one gate after the other
        """Closes one; returns the options of a task that it holds back."""
        scheduler, handle = self.scheduler, self.handle
        match gate:
            case "scheduler_paused":
                await scheduler.pause_all()
            case "domain_paused":
                await handle.pause()
            case "group_paused":
                await handle.pause_group("g")
            case "run_at":
                return {"run_after": HOUR}
            case "global_cap":
                scheduler.set_max_concurrency(1)
            case "domain_cap":
                handle.set_max_concurrency(1)
            case "group_cap":
                scheduler.set_group_limit("g", 1)
            case "throttle":
                self._load.now = 0.9
                self._clock.advance(1)
            case "io_budget":
                return {"expected_io": IoBudget(disk_read=50_000)}
            case "rate_limit":
                await self._use_token(lambda limit: scheduler.set_rate_limit(Job, limit))
            case _:
                await self._use_token(lambda limit: scheduler.set_group_rate_limit("g", limit))
        return {}

    async def _use_token(self, set_limit: Callable[[RateLimit], None]) -> None:
        set_limit(RateLimit.per_minute(1))
        await self.handle.submit(Job(name="token"), priority=Priority.HIGH, group="g")
        await until(lambda: self.scheduler.counts.completed == 1)

    async def carry_out(self, lift: Lift, task_id: int) -> None:
        """What a program does with it."""
        owner: Any = self.scheduler
        if lift.domain is not None:
            owner = self.scheduler.domain(lift.domain)
        arguments: list[Any] = {
            "start_now": [[task_id]],
            "ignore_io": [[task_id]],
            "set_priority": [[task_id], lift.value],
            "set_max_concurrency": [lift.value],
            "set_group_limit": [lift.target, lift.value],
            "set_rate_limit": [lift.target, None],
            "set_group_rate_limit": [lift.target, None],
            "resume_group": [lift.target],
            "resume_recurring": [task_id],
        }.get(lift.order, [])
        done = getattr(owner, lift.order)(*arguments)
        if done is not None:
            await done


@pytest.fixture
async def world(make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock) -> World:
    """`first` runs in group g, and moves so much that the machine has no room for more."""
    load = Load(disk_read=1_000.0)
    scheduler = await make_scheduler(
        alpha(script),
        pressure_sources=[load],
        resource_sampler=load,
        config=SchedulerConfig(max_concurrency=10, resource_monitoring=True),
    )
    script.holds("first")
    options: dict[str, Any] = {
        "group": "g",
        "priority": Priority.HIGH,
        "expected_io": IoBudget(disk_read=9_000),
    }
    await scheduler.domain(Alpha).submit(Job(name="first"), **options)
    await until(lambda: script.running == 1)
    manual_clock.advance(2)
    await until(lambda: scheduler._engine.pressure.throughput is not None)
    return World(scheduler, load, manual_clock)


def closed(explanation: Explanation) -> list[GateResult]:
    """The gates that hold it."""
    return [gate for gate in explanation.gates if not gate.passed]


@pytest.mark.parametrize(("gate", "lift"), GATES)
async def test_each_gate_tells_what_lifts_it_and_that_does(
    world: World, script: Script, gate: str, lift: Lift
) -> None:
    options = await world.close_gate(gate)
    task = (await world.handle.submit(Job(name="x"), group="g", **options)).id or 0
    await at_rest(world.scheduler)
    assert "x" not in script.started
    held = closed(await world.scheduler.explain(task))
    assert [(one.name, one.lift) for one in held] == [(gate, lift)]
    await world.carry_out(lift, task)
    await until(lambda: "x" in script.ended)
    script.release("first")


@pytest.mark.parametrize(("first", "second"), PAIRS)
async def test_of_two_gates_each_lift_opens_its_own_and_only_that(
    world: World, script: Script, first: str, second: str
) -> None:
    options = await world.close_gate(first) | await world.close_gate(second)
    task = (await world.handle.submit(Job(name="x"), group="g", **options)).id or 0
    left = [gate for gate in dict(GATES) if gate in (first, second)]
    for gate in (first, second):
        await at_rest(world.scheduler)
        assert "x" not in script.started
        held = {one.name: one.lift for one in closed(await world.scheduler.explain(task))}
        assert held == {name: dict(GATES)[name] for name in left}
        await world.carry_out(dict(GATES)[gate], task)
        left.remove(gate)
    await until(lambda: "x" in script.ended)
    script.release("first")


async def test_a_gate_that_is_open_has_nothing_to_lift(world: World, script: Script) -> None:
    task = (await world.handle.submit(Job(name="x"), run_after=HOUR)).id or 0
    gates = (await world.scheduler.explain(task)).gates
    assert [gate.name for gate in gates if gate.lift is not None] == ["run_at"]
    script.release("first")


async def test_a_cap_that_was_lowered_is_raised_above_what_runs(world: World, script: Script) -> None:
    script.holds("a", "b")
    await world.handle.submit_batch([Job(name="a"), Job(name="b")])
    await until(lambda: script.running == 3)
    world.handle.set_max_concurrency(0)
    task = (await world.handle.submit(Job(name="x"))).id or 0
    (gate,) = closed(await world.scheduler.explain(task))
    lift = Lift(order="set_max_concurrency", domain="alpha", value=4)
    assert gate.lift == lift
    await world.carry_out(lift, task)
    await until(lambda: "x" in script.ended)
    script.release("first", "a", "b")


@pytest.mark.parametrize(("policy", "value"), [([(0, 0.5)], None), ([(10, 0.5)], 9), ([(65, 0.5)], 64)])
async def test_what_no_priority_lifts_is_told_as_such(
    make_scheduler: MakeScheduler, script: Script, policy: list[tuple[int, float]], value: int | None
) -> None:
    scheduler = await make_scheduler(
        alpha(script), pressure_sources=[Load(0.9)], config=SchedulerConfig(throttle=ThrottlePolicy(policy))
    )
    task = (await scheduler.domain(Alpha).submit(Job())).id or 0
    await at_rest(scheduler)
    (gate,) = closed(await scheduler.explain(task))
    assert gate.lift == (None if value is None else Lift(order="set_priority", value=value))


async def test_a_paused_schedule_is_lifted_by_its_resumption(world: World, script: Script) -> None:
    task = (await world.handle.submit(Job(name="x"), recurring=RecurringSchedule(HOUR))).id or 0
    await until(lambda: "x" in script.ended)
    await at_rest(world.scheduler)
    (schedule,) = (await world.scheduler.snapshot()).recurring
    await world.handle.pause_recurring(task)
    held = closed(await world.scheduler.explain(schedule.task_id))
    assert [one.name for one in held] == ["schedule_paused"]
    lift = Lift(order="resume_recurring", domain="alpha")
    assert held[0].lift == lift
    await world.carry_out(lift, schedule.task_id)
    assert [one.name for one in closed(await world.scheduler.explain(schedule.task_id))] == ["run_at"]
    script.release("first")


async def test_a_pause_tells_when_it_ends(world: World, script: Script) -> None:
    await world.handle.pause_for(HOUR)
    until_when = datetime.fromtimestamp(START, UTC) + timedelta(hours=2)
    await world.handle.pause_group("g", until_when)
    task = (await world.handle.submit(Job(name="x"), group="g")).id or 0
    explanation = await world.scheduler.explain(task)
    ends = {gate.name: gate.values.get("until") for gate in closed(explanation)}
    assert ends == {
        "domain_paused": (datetime.fromtimestamp(START + 2, UTC) + timedelta(hours=1)).isoformat(),
        "group_paused": until_when.isoformat(),
    }
    assert explanation.expected_start == until_when
    script.release("first")


async def test_a_dependency_that_is_met_is_not_waited_for_any_more(world: World, script: Script) -> None:
    script.holds("a", "b")
    ids = [one.id or 0 for one in await world.handle.submit_batch([Job(name=name) for name in "abc"])]
    task = (await world.handle.submit(Job(name="x"), depends_on=ids)).id or 0
    await at_rest(world.scheduler)
    await until(lambda: world.scheduler.counts.completed == 1)
    (gate,) = closed(await world.scheduler.explain(task))
    assert (gate.values, gate.lift) == ({"depends_on": ids[:2]}, None)
    assert gate.message == "It waits for 2 other tasks."
    script.release("a")
    await at_rest(world.scheduler)
    await until(lambda: world.scheduler.counts.completed == 2)
    assert closed(await world.scheduler.explain(task))[0].message == "It waits for 1 other task."
    script.release("b", "first")


async def test_a_dependency_that_has_failed_and_was_left_to_a_person_is_named(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.fails("a", PermanentError("no"), PermanentError("no"))
    script.holds("a")
    a = (await handle.submit(Job(name="a"), retry=NO_RETRY)).id or 0
    b = (await handle.submit(Job(name="b"), depends_on=[a], on_dependency_failure="fail")).id or 0
    c = (await handle.submit(Job(name="c"), depends_on=[b])).id or 0
    script.release("a")
    await at_rest(scheduler)
    await until(lambda: scheduler.counts.failed == 2)
    (gate,) = closed(await scheduler.explain(c))
    assert gate.values == {"depends_on": [], "failed": [b]}
    assert gate.message == f"It waits for what has failed (task {b}): retry that, or cancel this."


async def test_how_many_children_it_waits_for(world: World, script: Script) -> None:
    script.holds("one", "two")

    async def spawn(_: Job, ctx: TaskContext) -> None:
        await ctx.spawn_children([Job(name="one"), Job(name="two")])

    script.does("x", spawn)
    task = (await world.handle.submit(Job(name="x"))).id or 0
    await until(lambda: world.scheduler.counts.waiting == 1)
    gate = closed(await world.scheduler.explain(task))[0]
    assert (gate.name, gate.values, gate.lift) == ("children", {"children": 2}, None)
    script.release("one", "two", "first")


# One task by its id


async def test_a_task_of_the_history_is_found_by_its_id(world: World, script: Script) -> None:
    task = (await world.handle.submit(Job(name="x"))).id or 0
    await until(lambda: world.scheduler.counts.completed == 1)
    assert await world.scheduler.ended_task(task) == await record_of(world.scheduler, "x")
    odd: list[Any] = [0, -1, 2**70, "7", None, 999]
    assert [await world.scheduler.ended_task(one) for one in odd] == [None] * len(odd)
    (running,) = world.scheduler.active_tasks()
    assert await world.scheduler.ended_task(running.id) is None
    script.release("first")


async def test_the_attempts_of_an_active_task_are_told(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    script.fails("x", ValueError("first"), ValueError("second"))
    policy = RetryPolicy.constant(3, 60, retry_on=(ValueError,))
    task = (await scheduler.domain(Alpha).submit(Job(name="x"), retry=policy)).id or 0
    await until(lambda: script.ended == ["x"])
    await at_rest(scheduler)
    manual_clock.advance(60)
    await until(lambda: script.ended == ["x", "x"])
    await at_rest(scheduler)
    errors = [one.error for one in await scheduler.attempts(task)]
    assert [(error or "").rpartition(": ")[2] for error in errors] == ["first", "second"]
    assert await scheduler.attempts(999) == await scheduler.attempts(0) == ()
    manual_clock.advance(60)
    await run_until_idle(scheduler)
    assert await scheduler.attempts(task) == (), "it has ended"
