"""Contract, section 5: dispatch, and what pauses mean. Written from the page alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from scheduler_core import (
    AgingConfig,
    DomainHandle,
    IoBudget,
    Priority,
    RateLimit,
    ResourceSample,
    Scheduler,
    SchedulerConfig,
    ThrottlePolicy,
)
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until, until_quiet
from tests.core.contract.world import Ingest, Process, Thumb, Work, ingest, process, status
from tests.core.support import Script


async def put(scheduler: Scheduler, name: str, **options: object) -> int:
    outcome = await scheduler.domain(Ingest).submit(Work(name=name), **options)  # pyright: ignore[reportArgumentType]
    assert outcome.id is not None
    return outcome.id


async def test_the_order_is_priority_then_age(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(ingest(script), config=SchedulerConfig(max_concurrency=1))
    await scheduler.pause_all()
    for name, priority in (("n1", 128), ("idle", 255), ("n2", 128), ("high", 64), ("n3", 127)):
        await put(scheduler, name, priority=priority)
    await scheduler.resume_all()
    await run_until_idle(scheduler)
    assert script.started == ["high", "n3", "n1", "n2", "idle"]


async def test_caps_are_caps_and_no_reservations(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(
        ingest(script, max_concurrency=3),
        process(script, max_concurrency=3),
        config=SchedulerConfig(max_concurrency=4, group_concurrency={"disk": 1}),
    )
    names = [f"w{n}" for n in range(5)]
    thumbs = [f"t{n}" for n in range(5)]
    script.holds("d0", "d1", *names, *thumbs)
    for name in ("d0", "d1"):
        await put(scheduler, name, group="disk")
    for name in names:
        await put(scheduler, name)
    await until(lambda: len(script.started) == 3)
    await scheduler.domain(Process).submit_batch([Thumb(name=name) for name in thumbs])
    await until(lambda: len(script.started) == 4)
    assert script.started == ["d0", "w0", "w1", "t0"]
    assert script.running == 4


async def test_a_task_resumes_when_the_last_reason_goes(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(ingest(script))
    handle = scheduler.domain(Ingest)
    await scheduler.pause_all()
    await handle.pause()
    await handle.pause_group("disk")
    task = await put(scheduler, "work", group="disk")
    record = await scheduler.task(task)
    assert record is not None
    assert record.status == "paused"
    assert len(record.pause_reasons) == 3
    await scheduler.resume_all()
    await handle.resume()
    await until_quiet(scheduler)
    record = await scheduler.task(task)
    assert record is not None
    assert (record.status, len(record.pause_reasons)) == ("paused", 1)
    assert script.started == []
    await handle.resume_group("disk")
    await until(lambda: script.started == ["work"])


async def test_what_is_paused_is_paused_in_every_view_and_count(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(ingest(script))
    handle = scheduler.domain(Ingest)
    script.holds("running")
    running = await put(scheduler, "running", tags={"job": "1"})
    await until(lambda: script.started == ["running"])
    pending = await put(scheduler, "pending", tags={"job": "1"}, run_after=60)
    assert await handle.pause() == 2
    await until_quiet(scheduler)
    for task in (running, pending):
        record = await scheduler.task(task)
        assert record is not None
        assert (record.status, record.retry_count) == ("paused", 0)
        assert record.pause_reasons
    assert (await handle.snapshot()).paused_count == 2
    assert (await scheduler.snapshot()).paused_count == 2
    assert handle.counts.paused == 2
    assert await handle.count_by_tag("job", "paused") == {"1": 2}
    assert await handle.task_ids_by_tags({"job": "1"}, "pending") == []
    (job,) = await scheduler.jobs("job", 9, 0)
    assert job.counts == {"paused": 2}


async def test_a_pause_survives_a_restart(tmp_path: Path, script: Script) -> None:
    path = tmp_path / "app.db"
    script.holds("work")
    async with Scheduler(
        store=path, domains=[ingest(script)], config=SchedulerConfig(shutdown_grace=0)
    ) as first:
        await put(first, "work")
        await until(lambda: script.started == ["work"])
        await first.domain(Ingest).pause()
    script.release("work")
    async with Scheduler(store=path, domains=[ingest(script)]) as second:
        handle = second.domain(Ingest)
        assert handle.is_paused
        await second.wait_idle()
        assert (await handle.snapshot()).paused_count == 1
        assert await handle.resume() == 1
        await second.wait_idle()
        (record,) = await second.history(limit=3)
        assert (record.status, record.retry_count) == ("completed", 0)


async def test_an_urgent_task_takes_the_slot_of_the_least_urgent_one(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(ingest(script), config=SchedulerConfig(max_concurrency=2))
    script.holds("normal", "idle", "urgent")
    await put(scheduler, "normal")
    idle = await put(scheduler, "idle", priority=Priority.IDLE)
    await until(lambda: len(script.started) == 2)
    await put(scheduler, "high", priority=Priority.HIGH)
    await put(scheduler, "urgent", priority=Priority.REALTIME)
    await until(lambda: "urgent" in script.started)
    assert script.cancelled == ["idle"]
    assert "high" not in script.started
    assert await status(scheduler, idle) in {"pending", "paused"}
    script.release("normal", "idle", "urgent")
    await run_until_idle(scheduler)
    records = {record.label: record for record in await scheduler.history(limit=9)}
    assert (records["idle"].status, records["idle"].retry_count) == ("completed", 0)


async def test_the_threshold_of_preemption_is_a_setting(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    config = SchedulerConfig(max_concurrency=1, preempt_priority=Priority.HIGH)
    scheduler = await make_scheduler(ingest(script), config=config)
    script.holds("normal")
    await put(scheduler, "normal")
    await until(lambda: script.started == ["normal"])
    await put(scheduler, "high", priority=64)
    await until(lambda: "high" in script.ended)


async def test_waiting_makes_urgent_down_to_the_ceiling(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    aging = AgingConfig(grace_period=300, aging_interval=timedelta(minutes=1), max_effective_priority=64)
    scheduler = await make_scheduler(
        ingest(script, max_concurrency=1), config=SchedulerConfig(max_concurrency=1, aging=aging)
    )
    script.holds("first")
    await put(scheduler, "first")
    await until(lambda: script.started == ["first"])
    await put(scheduler, "old", priority=200)
    manual_clock.advance(300 + 60 * 10)  # 190 by now
    await put(scheduler, "newer", priority=191)
    await put(scheduler, "newest", priority=189)
    script.release("first")
    await run_until_idle(scheduler)
    assert script.started == ["first", "newest", "old", "newer"]


async def test_the_default_throttle_makes_background_wait_above_a_half(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    pressure = [0.6]

    def source() -> float:
        return pressure[0]

    scheduler = await make_scheduler(ingest(script), pressure_sources=[source])
    await put(scheduler, "background", priority=Priority.BACKGROUND)
    await put(scheduler, "normal")
    await until(lambda: script.started == ["normal"])
    snapshot = await scheduler.snapshot()
    assert snapshot.pressure == 0.6
    assert list(snapshot.pressure_breakdown.values()) == [0.6]
    pressure[0] = 0.9
    manual_clock.advance(1)
    await put(scheduler, "normal two")
    await put(scheduler, "high", priority=Priority.HIGH)
    await until(lambda: "high" in script.started)
    assert script.started == ["normal", "high"]
    pressure[0] = 0.0
    manual_clock.advance(1)
    await until(lambda: sorted(script.started) == ["background", "high", "normal", "normal two"])


async def test_a_throttle_of_ones_own_and_a_source_that_fails_counts_as_nothing(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    def broken() -> float:
        raise RuntimeError("no sensor")

    scheduler = await make_scheduler(
        ingest(script),
        config=SchedulerConfig(throttle=ThrottlePolicy([(Priority.BACKGROUND, 0.5)])),
        pressure_sources=[broken, lambda: float("nan"), lambda: 0.9],
    )
    await put(scheduler, "background", priority=Priority.BACKGROUND)
    await put(scheduler, "normal")
    await until(lambda: script.started == ["normal"])
    assert (await scheduler.snapshot()).pressure == 0.9


class Sampler:
    """A machine that moves 1,000 bytes a second from its disk."""

    def __call__(self) -> ResourceSample:
        return self.sample()

    def sample(self) -> ResourceSample:
        return ResourceSample(cpu=0.0, memory=0.0, disk_read=1000.0)


async def test_the_io_budget_defers_what_would_move_more_than_is_left(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(
        ingest(script),
        config=SchedulerConfig(resource_monitoring=True, max_concurrency=9),
        resource_sampler=Sampler(),
    )
    script.holds("a", "b", "c")
    await put(scheduler, "a", expected_io=IoBudget(disk_read=1000))
    await until(lambda: script.started == ["a"])
    manual_clock.advance(1)  # what an idle machine moves says nothing: a first whole interval does
    await put(scheduler, "b", expected_io=IoBudget(disk_read=601))  # 1601 > 0.8 * 1000 * 2
    await put(scheduler, "c", expected_io=IoBudget(disk_read=600))
    await until(lambda: script.started == ["a", "c"])
    script.release("a", "c")
    await until(lambda: "b" in script.started)


async def test_the_minimum_slots_come_first_then_the_weights(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    config = SchedulerConfig(
        max_concurrency=8, group_weights={"heavy": 3, "light": 1}, group_minimum_slots={"tiny": 2}
    )
    scheduler = await make_scheduler(ingest(script), config=config)
    await scheduler.pause_all()
    names = [f"{group} {n}" for group in ("heavy", "light", "tiny") for n in range(10)]
    script.holds(*names)
    for name in names:
        await put(scheduler, name, group=name.split()[0])
    await scheduler.resume_all()
    await until(lambda: len(script.started) == 8)
    by_group = {group: sum(group in name for name in script.started) for group in ("heavy", "light", "tiny")}
    assert by_group["tiny"] >= 2
    assert by_group["heavy"] > by_group["light"] >= 1
    allocations = {each.group: each for each in (await scheduler.snapshot()).group_allocations}
    assert allocations["heavy"].running == by_group["heavy"]


async def test_one_group_alone_has_all_slots(make_scheduler: MakeScheduler, script: Script) -> None:
    config = SchedulerConfig(max_concurrency=4, group_weights={"heavy": 9, "light": 1})
    scheduler = await make_scheduler(ingest(script), config=config)
    names = [f"w{n}" for n in range(6)]
    script.holds(*names)
    for name in names:
        await put(scheduler, name, group="light")
    await until(lambda: script.running == 4)


@pytest.mark.parametrize("gate", ["domain", "group", "run_at", "domain cap", "group cap", "throttle", "rate"])
async def test_what_a_gate_holds_back_holds_back_nobody_else(
    make_scheduler: MakeScheduler, script: Script, gate: str
) -> None:
    scheduler = await make_scheduler(
        ingest(script),
        process(script),
        config=SchedulerConfig(max_concurrency=2),
        pressure_sources=[lambda: 0.6],
    )
    handle: DomainHandle[Ingest] = scheduler.domain(Ingest)
    held: dict[str, object] = {"group": "disk", "priority": Priority.HIGH}
    if gate == "domain":
        await handle.pause()
    elif gate == "group":
        await handle.pause_group("disk")
    elif gate == "run_at":
        held["run_after"] = 60
    elif gate == "domain cap":
        handle.set_max_concurrency(0)
    elif gate == "group cap":
        scheduler.set_group_limit("disk", 0)
    elif gate == "throttle":
        held["priority"] = Priority.BACKGROUND
    else:
        scheduler.set_rate_limit("ingest::work", RateLimit.per_minute(1, burst=1))
    for n in range(20):
        await put(scheduler, f"held {n}", **held)
    await scheduler.domain(Process).submit(Thumb(name="free"))
    await until(lambda: "free" in script.ended)
    assert len([name for name in script.started if name.startswith("held")]) <= (1 if gate == "rate" else 0)
