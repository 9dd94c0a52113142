"""Sources of pressure and the sampler: read while it matters, clamped, and unable to do harm."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from scheduler_core import (
    ConfigurationError,
    PressureReading,
    Resources,
    ResourceSample,
    SamplerConfig,
    Scheduler,
    SchedulerConfig,
)
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until
from tests.core.support import Alpha, Job, Script, alpha

WATCHED = SchedulerConfig(resource_monitoring=True)


class Source:
    """Says what the test tells it; counts how often it was asked."""

    def __init__(self, name: str, says: object = 0.0) -> None:
        self.name = name
        self.says = says
        self.asked = 0

    def pressure(self) -> Any:
        self.asked += 1
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


class Machine:
    """A sampler that says what the test tells it."""

    def __init__(self, **says: float) -> None:
        self.says: Any = ResourceSample(**says)
        self.asked = 0

    def sample(self) -> Any:
        self.asked += 1
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


async def hold(scheduler: Scheduler, script: Script) -> None:
    """A task that runs until it is released, however busy the machine is."""
    script.holds("held")
    await scheduler.domain(Alpha).submit(Job(name="held"), priority=0)
    await until(lambda: script.running == 1)


# Sources


async def test_pressure_is_the_highest_of_its_clamped_sources(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    sources = [Source("a", 0.25), Source("b", 7), Source("c", -3), Source("d", float("inf"))]
    scheduler = await make_scheduler(alpha(script), pressure_sources=sources)
    snapshot = await scheduler.snapshot()
    assert snapshot.pressure_breakdown == {"a": 0.25, "b": 1.0, "c": 0.0, "d": 1.0}
    assert snapshot.pressure == 1.0
    assert snapshot.resources is None
    for source in sources:
        source.says = 0.125
    assert (await scheduler.snapshot()).pressure == 0.125


@pytest.mark.parametrize("bad", [ValueError("broken"), float("nan"), None, "0.9", 10**400, 1j])
async def test_a_source_that_fails_counts_as_nothing_and_is_reported_once(
    make_scheduler: MakeScheduler, script: Script, caplog: pytest.LogCaptureFixture, bad: object
) -> None:
    remote, other = Source("remote", bad), Source("other", 0.5)
    scheduler = await make_scheduler(alpha(script), pressure_sources=[remote, other])

    def reports() -> int:
        return sum("'remote'" in r.message for r in caplog.records if r.levelno == logging.WARNING)

    for _ in range(3):
        snapshot = await scheduler.snapshot()
        assert snapshot.pressure_breakdown == {"remote": 0.0, "other": 0.5}
    assert reports() == 1
    remote.says = 0.75
    assert (await scheduler.snapshot()).pressure == 0.75
    remote.says = bad
    assert (await scheduler.snapshot()).pressure == 0.5
    assert reports() == 2


async def test_a_source_may_be_an_object_a_function_or_a_pair_with_a_name(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    class Nameless:
        def pressure(self) -> float:
            return 0.1

    def queue_depth() -> float:
        return 0.2

    given: list[Any] = [
        Source("disk", 0.3),
        Nameless(),
        queue_depth,
        queue_depth,
        ("remote", queue_depth),
        ("disk", Nameless()),
    ]
    scheduler = await make_scheduler(alpha(script), pressure_sources=given)
    assert (await scheduler.snapshot()).pressure_breakdown == {
        "disk": 0.3,
        "Nameless": 0.1,
        "queue_depth": 0.2,
        "queue_depth 2": 0.2,
        "remote": 0.2,
        "disk 2": 0.1,
    }


async def test_a_source_with_a_name_that_is_built_in_is_numbered(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(
        alpha(script),
        config=WATCHED,
        pressure_sources=[Source("cpu", 0.9)],
        resource_sampler=Machine(cpu=0.5),
    )
    assert (await scheduler.snapshot()).pressure_breakdown == {"cpu": 0.5, "memory": 0.0, "cpu 2": 0.9}


async def a_coroutine() -> float:
    return 0.0


@pytest.mark.parametrize(
    "bad", [None, 0.5, "cpu", ("cpu", 0.5), ("", a_coroutine), (1, 2, 3), a_coroutine, Source, object()]
)
def test_what_is_no_source_is_refused_in_words(script: Script, bad: Any) -> None:
    with pytest.raises(ConfigurationError, match="pressure_sources"):
        Scheduler("never.db", [alpha(script)], pressure_sources=[bad])


@pytest.mark.parametrize("bad", [0.5, Machine, object(), lambda: None])
def test_what_is_no_sampler_or_no_list_is_refused_in_words(script: Script, bad: Any) -> None:
    with pytest.raises(ConfigurationError, match="resource_sampler"):
        Scheduler("never.db", [alpha(script)], resource_sampler=bad)
    with pytest.raises(ConfigurationError, match="pressure_sources"):
        Scheduler("never.db", [alpha(script)], pressure_sources=bad)


# When it is read


async def test_sources_are_read_each_interval_while_tasks_run_and_no_timer_is_left_after(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    source, heard = Source("remote", 0.5), list[PressureReading]()
    config = SchedulerConfig(sampler=SamplerConfig(interval=2.0))
    scheduler = await make_scheduler(alpha(script), config=config, pressure_sources=[source])
    scheduler.pressure_changed.connect(heard.append)
    assert manual_clock.timers == []
    await hold(scheduler, script)
    assert heard == [PressureReading(pressure=0.5, breakdown={"remote": 0.5})]
    source.asked, source.says = 0, 0.75
    manual_clock.advance(1.9)
    assert source.asked == 0
    manual_clock.advance(0.1)
    assert heard[-1].pressure == 0.75
    manual_clock.advance(20)
    assert source.asked == 11
    assert len(heard) == 2, "what has not changed is not told again"
    script.release("held")
    await run_until_idle(scheduler)
    manual_clock.advance(2)
    assert heard[-1] == PressureReading(pressure=0.0, breakdown={})
    assert manual_clock.timers == []


async def test_without_sources_and_monitoring_there_is_no_timer(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script), resource_sampler=Machine(cpu=1.0))
    await hold(scheduler, script)
    manual_clock.advance(1)
    assert manual_clock.timers == []
    snapshot = await scheduler.snapshot()
    assert (snapshot.pressure, snapshot.pressure_breakdown, snapshot.resources) == (0.0, {}, None)
    script.release("held")
    await run_until_idle(scheduler)


async def test_close_leaves_no_timer(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script), pressure_sources=[Source("remote", 1.0)])
    await hold(scheduler, script)
    await scheduler.close(0)
    assert manual_clock.timers == []


# The machine


async def test_the_machine_is_smoothed_each_interval_while_tasks_run(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    machine = Machine(cpu=0.8, memory=0.85, disk_busy=0.5, disk_read=1_000)
    config = SchedulerConfig(resource_monitoring=True, sampler=SamplerConfig(interval=1.0, ewma_alpha=0.5))
    scheduler = await make_scheduler(alpha(script), config=config, resource_sampler=machine)
    await hold(scheduler, script)
    manual_clock.advance(1)
    machine.says = ResourceSample(cpu=0.4, memory=0.85, disk_busy=0.5)
    manual_clock.advance(1)
    snapshot = await scheduler.snapshot()
    assert snapshot.resources is not None
    assert dict(snapshot.resources) == pytest.approx(
        dict(Resources(cpu=0.6, memory=0.85, disk_busy=0.5, disk_read=500))
    )
    assert snapshot.pressure_breakdown == {
        "cpu": pytest.approx(0.6),
        "memory": pytest.approx(0.5),
        "disk": 0.5,
    }
    assert snapshot.pressure == pytest.approx(0.6)
    script.release("held")
    await run_until_idle(scheduler)
    manual_clock.advance(1)
    asked = machine.asked
    manual_clock.advance(60)
    assert machine.asked == asked, "nobody works, so nothing is measured"


@pytest.mark.parametrize(
    "bad", [OSError("no sensor"), "fast", ResourceSample.model_construct(cpu=float("nan"))]
)
async def test_a_sampler_that_fails_is_reported_once_and_its_last_numbers_stay(
    make_scheduler: MakeScheduler,
    script: Script,
    manual_clock: ManualClock,
    caplog: pytest.LogCaptureFixture,
    bad: object,
) -> None:
    machine = Machine(cpu=0.8)
    scheduler = await make_scheduler(alpha(script), config=WATCHED, resource_sampler=machine)
    await hold(scheduler, script)
    manual_clock.advance(1)
    machine.says = bad
    manual_clock.advance(5)
    assert (await scheduler.snapshot()).resources == Resources(cpu=0.8)
    assert sum("resource sampler" in record.message for record in caplog.records) == 1
    machine.says = {"cpu": 0.8}
    manual_clock.advance(1)
    machine.says = bad
    manual_clock.advance(1)
    assert sum("resource sampler" in record.message for record in caplog.records) == 2
    script.release("held")
    await run_until_idle(scheduler)


async def test_a_bandwidth_limit_alone_makes_the_network_a_source(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    machine = Machine(cpu=1.0, net_rx=300, net_tx=100)
    config = SchedulerConfig(bandwidth_limit=1_000)
    scheduler = await make_scheduler(alpha(script), config=config, resource_sampler=machine)
    snapshot = await scheduler.snapshot()
    assert (snapshot.pressure_breakdown, snapshot.resources) == ({"network": 0.4}, None)
    both = SchedulerConfig(bandwidth_limit=1_000, resource_monitoring=True)
    scheduler = await make_scheduler(alpha(script), config=both, resource_sampler=machine)
    snapshot = await scheduler.snapshot()
    assert snapshot.pressure_breakdown == {"cpu": 1.0, "memory": 0.0, "network": 0.4}
    assert snapshot.resources == Resources(cpu=1.0, net_rx=300, net_tx=100)
