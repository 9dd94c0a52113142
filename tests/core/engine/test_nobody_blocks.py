"""No head-of-line blocking: whatever holds a task, it never delays one whose gates are open."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st

from scheduler_core import (
    IoBudget,
    RateLimit,
    ResourceSample,
    SamplerConfig,
    Scheduler,
    SchedulerConfig,
    TaskStore,
    ThrottlePolicy,
)
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until
from tests.core.support import Alpha, Beta, Chore, Errand, Job, Script, alpha, beta, jobs

CROWD = 100_000
LARGE = IoBudget(disk_read=1_000_000)
CONFIG = SchedulerConfig(
    max_concurrency=4,
    throttle=ThrottlePolicy([(100, 0.5)]),
    resource_monitoring=True,
    sampler=SamplerConfig(ewma_alpha=1.0),
)


class Busy:
    """A machine that is busy for who is not urgent, and slow."""

    name = "busy"

    def __init__(self) -> None:
        self.now = 0.6

    def pressure(self) -> float:
        return self.now

    def sample(self) -> ResourceSample:
        return ResourceSample(disk_read=1_000.0)


async def busy(scheduler: Scheduler, script: Script, clock: ManualClock) -> None:
    """A task that moves much runs on a machine that has been measured."""
    script.holds("mover")
    await scheduler.domain(Beta).submit(Errand(name="mover"), priority=0, expected_io=LARGE)
    await until(lambda: script.started == ["mover"])
    clock.advance(1)


async def test_one_behind_a_hundred_thousand_that_every_gate_holds_starts_at_once(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    """All of them are older and more urgent, and each gate holds an eighth."""
    busy_machine = Busy()
    scheduler = await make_scheduler(
        alpha(script),
        beta(script),
        config=CONFIG,
        pressure_sources=[busy_machine],
        resource_sampler=busy_machine,
    )
    handle = scheduler.domain(Alpha)
    await busy(scheduler, script, manual_clock)
    await handle.pause_group("paused")
    scheduler.set_group_limit("capped", 0)
    scheduler.set_rate_limit(Chore, RateLimit(rate=1e-6, burst=1))
    scheduler.set_group_rate_limit("limited", RateLimit(rate=1e-6, burst=1))
    first = await handle.submit(Job(name="first"), run_after=10**6)
    n = CROWD // 8
    await handle.submit_batch(jobs(n, "paused"), group="paused", priority=1)
    await handle.submit_batch(jobs(n, "capped"), group="capped", priority=1)
    await handle.submit_batch([Chore(n=i) for i in range(n)], priority=1)
    await handle.submit_batch(jobs(n, "limited"), group="limited", priority=1)
    await handle.submit_batch(jobs(n, "later"), run_after=10**6, priority=1)
    await handle.submit_batch(jobs(n, "blocked"), depends_on=[first.id or 0], priority=1)
    await handle.submit_batch(jobs(n, "large"), expected_io=LARGE, priority=1)
    await handle.submit_batch(jobs(n, "calm"), priority=100)
    await until(lambda: scheduler.counts.completed == 2)  # a token each
    windows = [len(lane.heap) for lane in scheduler._engine.lanes.all()]
    assert max(windows) <= 1_024
    before = len(script.started)
    await handle.submit(Job(name="free"), priority=99)
    await until(lambda: script.started[before:] == ["free"], patience=2)
    assert scheduler.counts.active >= CROWD - 2
    script.release("mover")


held = st.sampled_from(["open", "pause", "cap 0", "cap 1", "rate"])
crowds = st.lists(
    st.tuples(
        st.sampled_from(["job", "chore", "errand"]),
        st.integers(-1, 2),
        st.integers(1, 3),
        st.booleans(),
        st.booleans(),
        st.booleans(),
    ),
    min_size=1,
    max_size=60,
)
NEVER = RateLimit(rate=1e-6, burst=1)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    domain=st.sampled_from(["open", "pause", "cap 0", "cap 1"]),
    groups=st.lists(held, min_size=3, max_size=3),
    is_chore_limited=st.booleans(),
    weights=st.dictionaries(st.sampled_from(["g0", "g1", "g2"]), st.integers(1, 9)),
    crowd=crowds,
)
async def test_whatever_is_held_every_task_whose_gates_are_open_runs(
    domain: str,
    groups: list[str],
    is_chore_limited: bool,
    weights: dict[str, int],
    crowd: list[tuple[str, int, int, bool, bool, bool]],
) -> None:
    """Random mixes of every gate: what should run has run, what should not has not started."""
    script, clock, machine = Script(), ManualClock(), Busy()
    scheduler = Scheduler(
        TaskStore.in_memory(),
        [alpha(script), beta(script)],
        config=CONFIG.evolve(group_weights=weights),
        clock=clock,
        pressure_sources=[machine],
        resource_sampler=machine,
    )
    async with scheduler:
        handle = scheduler.domain(Alpha)
        await busy(scheduler, script, clock)
        await _close(scheduler, domain, groups)
        if is_chore_limited:
            scheduler.set_rate_limit(Chore, NEVER)
        surely: set[str] = set()
        one_of: dict[str, set[str]] = {}
        for n, (kind, group, priority, is_late, is_calm, is_large) in enumerate(crowd):
            options: dict[str, Any] = {"group": None if group < 0 else f"g{group}"}
            options["priority"] = 100 if is_calm else priority
            options["run_after"] = 1_000 if is_late else None
            options["expected_io"] = LARGE if is_large else None
            task = {"job": Job, "chore": Chore, "errand": Errand}[kind](name=str(n), n=n)
            await scheduler.domain(task.domain_key).submit(task, **options)
            how = "open" if group < 0 else groups[group]
            shut = is_late or is_calm or is_large or how in ("pause", "cap 0")
            if shut or (kind != "errand" and domain in ("pause", "cap 0")):
                continue
            limits = [f"g{group}"] if how == "rate" else []
            limits += ["chore"] if kind == "chore" and is_chore_limited else []
            if not limits:
                surely.add(str(n))
            for limit in limits:
                one_of.setdefault(limit, set()).add(str(n))
        await until(lambda: _is_at_rest(scheduler))
        ran = set(script.started) - {"mover"}
        assert surely <= ran
        assert len(script.started) == len(ran) + 1
        limited = set[str]().union(*one_of.values())
        assert ran - surely <= limited
        for names in one_of.values():
            assert len(names & ran) <= 1
        if limited:
            assert limited & ran, "a token is left, and somebody wants it"
        await _open(scheduler, groups)
        clock.advance(1_000)
        machine.now = 0.0
        clock.advance(1)
        script.release("mover")
        await run_until_idle(scheduler, clock)
        assert len(script.started) == len(crowd) + 1
        assert handle.counts.active == 0


def _is_at_rest(scheduler: Scheduler) -> bool:
    engine = scheduler._engine
    busy_parts = engine.dispatcher.is_busy or engine.completion.is_busy or engine.lanes.is_refilling
    return len(engine.attempts) == 1 and not busy_parts


async def _close(scheduler: Scheduler, domain: str, groups: list[str]) -> None:
    handle = scheduler.domain(Alpha)
    match domain:
        case "pause":
            await handle.pause()
        case "cap 0" | "cap 1":
            handle.set_max_concurrency(int(domain[-1]))
        case _:
            pass
    for n, how in enumerate(groups):
        if how == "pause":
            await handle.pause_group(f"g{n}")
        elif how == "rate":
            scheduler.set_group_rate_limit(f"g{n}", NEVER)
        elif how != "open":
            scheduler.set_group_limit(f"g{n}", int(how[-1]))


async def _open(scheduler: Scheduler, groups: list[str]) -> None:
    handle = scheduler.domain(Alpha)
    await handle.resume()
    handle.set_max_concurrency(None)
    scheduler.set_rate_limit(Chore, None)
    for n in range(len(groups)):
        await handle.resume_group(f"g{n}")
        scheduler.set_group_limit(f"g{n}", None)
        scheduler.set_group_rate_limit(f"g{n}", None)
