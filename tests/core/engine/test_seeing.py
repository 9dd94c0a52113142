"""What views answer is what the database holds: counts, jobs, tags, history, failures, explanations."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from scheduler_core import (
    GateResult,
    PermanentError,
    Priority,
    RetryPolicy,
    Scheduler,
    SchedulerConfig,
    TaskContext,
    TaskStatus,
    UnknownDomainError,
    UnknownTaskError,
)
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until
from tests.core.support import (
    NO_RETRY,
    Alpha,
    Beta,
    Chore,
    Errand,
    Job,
    Script,
    alpha,
    beta,
    jobs,
    labels,
    record_of,
)


@pytest.mark.parametrize("seed", range(4))
async def test_counts_agree_with_the_tables_whatever_happens(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path, seed: int
) -> None:
    path = tmp_path / "app.db"
    draw = random.Random(seed)
    scheduler = await make_scheduler(
        alpha(script, default_retry=NO_RETRY),
        beta(script),
        store=path,
        config=SchedulerConfig(max_concurrency=3),
    )
    script.holds("held")
    ids: list[int] = []
    for n in range(150):
        name = draw.choice(["good", "bad", "held"])
        if name == "bad":
            script.fails("bad", *[PermanentError("no")] * 200)
        task = draw.choice([Job, Chore])(name=name, n=n)
        depends_on = draw.sample(ids, min(len(ids), draw.choice([0, 0, 1, 2])))
        outcome = await scheduler.domain(Alpha).submit(
            task,
            depends_on=depends_on,
            tags={"job_id": f"j{n % 5}"},
            on_dependency_failure=draw.choice(["cancel", "ignore"]),
        )
        assert outcome.id is not None
        ids.append(outcome.id)
        match draw.randrange(8):
            case 0:
                await scheduler.domain(Alpha).cancel(draw.choice(ids))
            case 1:
                await scheduler.domain(Alpha).pause()
            case 2:
                await scheduler.domain(Alpha).resume()
            case _:
                pass
        if n % 10 == 0:
            await until(lambda: nothing_is_on_its_way(scheduler))
            await agrees(scheduler, path)
    await scheduler.domain(Alpha).resume()
    script.release("held")
    await run_until_idle(scheduler)
    await agrees(scheduler, path)
    assert scheduler.counts.active == 0


def nothing_is_on_its_way(scheduler: Scheduler) -> bool:
    """Does the database say what memory says?"""
    engine = scheduler._engine
    return (
        not engine.dispatcher.is_busy and not engine.completion.is_busy and not engine.store.database.is_busy
    )


async def agrees(scheduler: Scheduler, path: Path) -> None:
    """Counts in memory, snapshots and jobs against counting rows."""
    with sqlite3.connect(path) as connection:
        stored = dict(connection.execute("SELECT status, count(*) FROM tasks GROUP BY status").fetchall())
        done = dict(connection.execute("SELECT status, count(*) FROM history GROUP BY status").fetchall())
        attention = connection.execute("SELECT count(*) FROM history WHERE attention").fetchone()[0]
        tagged = dict(
            connection.execute(
                "SELECT json_extract(tags, '$.job_id'), count(*) FROM "
                "(SELECT tags FROM tasks UNION ALL SELECT tags FROM history) GROUP BY 1"
            ).fetchall()
        )
    connection.close()
    counts, snapshot = scheduler.counts, await scheduler.snapshot()
    assert counts.pending + counts.paused == stored.get("pending", 0)
    assert (counts.running, counts.waiting, counts.blocked) == tuple(
        stored.get(status, 0) for status in ("running", "waiting", "blocked")
    )
    assert counts.completed == done.get("completed", 0)
    assert counts.failed == done.get("failed", 0) + done.get("dependency_failed", 0)
    assert counts.cancelled == done.get("cancelled", 0)
    assert scheduler.failure_count == attention
    assert (snapshot.running, snapshot.pending_count, snapshot.paused_count, snapshot.blocked_count) == (
        counts.running,
        counts.pending,
        counts.paused,
        counts.blocked,
    )
    summaries = await scheduler.jobs("job_id")
    assert {job.value: job.total for job in summaries} == tagged
    for job in summaries:
        assert sum(job.counts.values()) == job.total == sum(n for s in job.stages for n in s.counts.values())


async def test_jobs_are_listed_newest_first_with_stages_and_progress(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    await scheduler.domain(Beta).pause()
    for value in ("old", "new"):
        tags = {"job_id": value}
        await scheduler.domain(Alpha).submit_batch(
            [Job(name=f"{value}{n}", n=n) for n in range(3)], tags=tags
        )
        await scheduler.domain(Beta).submit(Errand(name=value), tags=tags)
    await run_until_idle(scheduler)
    new, old = await scheduler.jobs("job_id")
    assert (new.value, old.value) == ("new", "old")
    assert new.counts == {"completed": 3, "paused": 1}
    assert (new.total, new.progress) == (4, 0.75)
    assert {(stage.domain, stage.task_type): stage.counts for stage in new.stages} == {
        ("alpha", "alpha::job"): {"completed": 3},
        ("beta", "beta::errand"): {"paused": 1},
    }
    assert await scheduler.jobs("job_id", limit=1, offset=1) == [old]
    assert await scheduler.job("job_id", "never") is None
    assert await scheduler.cancel_job("job_id", "old") == 1
    after = await scheduler.job("job_id", "old")
    assert after is not None
    assert after.counts == {"completed": 3, "cancelled": 1}


async def test_a_running_task_of_a_job_is_counted_as_running(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=1))
    script.holds("job-0")
    await scheduler.domain(Alpha).submit_batch(jobs(3), tags={"job_id": "x"})
    await until(lambda: script.started == ["job-0"])
    job = await scheduler.job("job_id", "x")
    assert job is not None
    assert job.counts == {"running": 1, "pending": 2}
    assert await scheduler.domain(Alpha).count_by_tag("job_id", "running") == {"x": 1}
    assert await scheduler.domain(Alpha).count_by_tag("job_id") == {"x": 3}
    script.release("job-0")
    await run_until_idle(scheduler)


async def test_tags_are_found_letter_by_letter(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    handle = scheduler.domain(Alpha)
    await scheduler.pause_all()
    ids: dict[str, int] = {}
    for n, tags in enumerate(
        [{"a%b": "1"}, {"axb": "1"}, {"a_b": "2", "a%b": "3"}, {"A%B": "1"}, {"other": "1", "k": "v"}]
    ):
        ids[str(n)] = (await handle.submit(Job(n=n), tags=tags)).id or 0
    await scheduler.domain(Beta).submit(Errand(), tags={"a%b": "1"})
    assert await handle.tag_keys_by_prefix("a%") == ["a%b"]
    assert await handle.tag_keys_by_prefix("a") == ["a%b", "a_b", "axb"]
    assert await handle.count_by_tag_key_prefix("a%") == 2
    assert await handle.count_by_tag_key_prefix("a") == 3  # a task with two such keys is one task
    assert await handle.task_ids_by_tag_key_prefix("a%") == [ids["0"], ids["2"]]
    assert await handle.task_ids_by_tag_key_prefix("a_") == [ids["2"]]
    assert await handle.tag_values("a%b") == ["1", "3"]
    assert await handle.count_by_tag("a%b", "paused") == {"1": 1, "3": 1}
    assert await handle.count_by_tag("a%b", TaskStatus.PENDING) == {}
    assert await handle.task_ids_by_tags({"other": "1", "k": "v"}) == [ids["4"]]
    assert await handle.task_ids_by_tags({"other": "1", "k": "w"}) == []
    assert len(await scheduler.task_ids_by_tags({"a%b": "1"})) == 2
    with pytest.raises(ValueError, match="at least one tag"):
        await handle.task_ids_by_tags({})
    assert await handle.cancel_by_tag_key_prefix("a%") == [ids["0"], ids["2"]]
    assert await handle.tag_keys_by_prefix("a") == ["axb"]


async def test_history_is_newest_first_and_pages_by_key(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=1, default_retry=NO_RETRY), beta(script))
    script.fails("job-3", PermanentError("Disk on FIRE"))
    await scheduler.domain(Alpha).submit_batch(jobs(6), tags={"job_id": "x"})
    await run_until_idle(scheduler)
    await scheduler.domain(Beta).submit(Errand())
    await run_until_idle(scheduler)
    everything = await scheduler.history()
    assert labels(everything) == ["errand", *[f"job-{n}" for n in range(5, -1, -1)]]
    first = await scheduler.history(limit=2)
    following = await scheduler.history(limit=3, before_id=first[-1].id)
    assert labels(first + following) == labels(everything)[:5]
    assert labels(await scheduler.history(limit=2, offset=5)) == ["job-1", "job-0"]
    assert labels(await scheduler.history(status="failed")) == ["job-3"]
    assert labels(await scheduler.history(status=["failed", TaskStatus.CANCELLED])) == ["job-3"]
    assert labels(await scheduler.history(domain=Beta)) == ["errand"]
    assert labels(await scheduler.history(text="on fire")) == ["job-3"]
    assert labels(await scheduler.history(text="RAND")) == ["errand"]
    assert len(await scheduler.history(tags={"job_id": "x"})) == 6
    assert await scheduler.history(limit=0) == []
    with pytest.raises(ValueError, match="limit"):
        await scheduler.history(limit=-1)


async def test_failures_are_one_a_key_until_they_are_dealt_with(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script, default_retry=NO_RETRY))
    handle = scheduler.domain(Alpha)
    script.fails("bad", PermanentError("one"), PermanentError("two"))
    script.fails("other", PermanentError("other"))
    await handle.submit(Job(name="bad"))
    await run_until_idle(scheduler)
    await handle.submit_batch([Job(name="bad"), Job(name="other")], tags={"job_id": "x"})
    await run_until_idle(scheduler)
    failures = await scheduler.failures()
    assert sorted(record.last_error or "" for record in failures) == ["other", "two"]
    assert scheduler.failure_count == 2
    assert len(await scheduler.failures(tags={"job_id": "y"})) == 0
    await handle.submit(Job(name="bad"))  # goes well now
    await run_until_idle(scheduler)
    (left,) = await scheduler.failures()
    assert left.last_error == "other"
    assert await scheduler.clear_failures([left.id, 999]) == 1
    assert await scheduler.failures() == []
    assert scheduler.failure_count == 0
    assert len(await scheduler.history(status="failed")) == 3


async def test_lookup_finds_the_active_one_else_the_newest_of_the_history(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    assert await scheduler.lookup(Job()) is None
    await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler)
    done = await scheduler.lookup(Job())
    assert done is not None
    assert done.status is TaskStatus.COMPLETED
    await scheduler.pause_all()
    again = await scheduler.domain(Alpha).submit(Job())
    active = await scheduler.lookup(Job())
    assert active is not None
    assert (active.id, active.status) == (again.id, TaskStatus.PAUSED)
    with pytest.raises(UnknownDomainError):
        await scheduler.lookup(Errand())


async def test_a_record_says_what_was_asked_for(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script, default_tags={"a": "domain", "b": "domain"}))
    await scheduler.pause_all()
    first = await scheduler.domain(Alpha).submit(Job(name="first"))
    outcome = await scheduler.domain(Alpha).submit(
        Job(n=3),
        key="k",
        label="A label",
        tags={"b": "call"},
        priority=Priority.HIGH,
        group="g",
        run_after=60,
        depends_on=[first.id or 0],
        retry=RetryPolicy.constant(7),
    )
    record = await scheduler.task(outcome.id or 0)
    assert record is not None
    assert (record.key, record.label, record.group, record.priority) == ("k", "A label", "g", 64)
    assert record.tags == {"a": "domain", "b": "call"}
    assert (record.status, record.dependencies, record.max_retries) == (TaskStatus.BLOCKED, (first.id,), 7)
    assert record.payload == {"name": "job", "n": 3}
    assert record.run_at is not None
    assert record.run_at.timestamp() == manual_clock.time() + 60
    assert await scheduler.task_dependencies(record.id) == [first.id]
    assert await scheduler.task_dependents(first.id or 0) == [record.id]
    assert labels(await scheduler.blocked_tasks()) == ["A label"]
    assert type(record).model_validate_json(record.model_dump_json()) == record


async def test_progress_is_what_was_told_else_guessed_from_earlier_runs(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)

    async def ten_seconds(task: Any, ctx: TaskContext) -> None:
        manual_clock.advance(10)

    script.does("job", ten_seconds)
    await handle.submit(Job())
    await run_until_idle(scheduler)
    script.holds("silent", "telling")
    telling = await handle.submit(Job(name="telling"))
    await until(lambda: "telling" in script.started)
    await handle.submit(Job(name="silent"))
    await until(lambda: "silent" in script.started)
    manual_clock.advance(5)
    by_label = {progress.label: progress for progress in (await handle.snapshot()).progress}
    assert (by_label["silent"].fraction, by_label["silent"].extrapolated) == (0.5, True)
    assert by_label["silent"].eta is not None
    assert by_label["silent"].eta.timestamp() == pytest.approx(manual_clock.time() + 5)
    manual_clock.advance(1000)
    by_label = {progress.label: progress for progress in (await scheduler.snapshot()).progress}
    assert by_label["silent"].fraction == 0.99
    assert {record.id for record in scheduler.active_tasks()} >= {telling.id}
    script.release("silent", "telling")
    await run_until_idle(scheduler)


def closed(gates: tuple[GateResult, ...]) -> list[str]:
    """The names of the gates that are closed."""
    return [gate.name for gate in gates if not gate.passed]


async def test_explain_names_each_gate_that_holds_a_task(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(
        alpha(script, max_concurrency=1),
        beta(script),
        config=SchedulerConfig(max_concurrency=2, group_concurrency={"g": 1}),
    )
    handle = scheduler.domain(Alpha)
    script.holds("job", "errand")
    running = await handle.submit(Job(), group="g")
    await until(lambda: script.started == ["job"])
    waiting = (await handle.submit(Job(name="next"), group="g", run_after=60)).id or 0
    assert closed((await scheduler.explain(waiting)).gates) == ["run_at", "domain_cap", "group_cap"]
    await scheduler.domain(Beta).submit(Errand())
    await until(lambda: script.started == ["job", "errand"])
    await scheduler.domain(Beta).pause_group("g")
    script.release("job", "errand")
    await run_until_idle(scheduler)
    explanation = await scheduler.explain(waiting)
    assert closed(explanation.gates) == ["group_paused", "run_at"]
    assert explanation.blocking is not None
    assert explanation.blocking.message == "Group g is paused."
    await handle.resume_group("g")
    await scheduler.pause_all()
    await handle.pause()
    assert closed((await scheduler.explain(waiting)).gates) == ["scheduler_paused", "domain_paused", "run_at"]
    blocked = (await handle.submit(Job(name="blocked"), depends_on=[waiting])).id or 0
    assert closed((await scheduler.explain(blocked)).gates)[0] == "dependencies"
    names = [gate.name for gate in explanation.gates]
    assert names == [
        "scheduler_paused",
        "domain_paused",
        "group_paused",
        "run_at",
        "global_cap",
        "domain_cap",
        "group_cap",
        "throttle",
        "io_budget",
        "rate_limit",
        "group_rate_limit",
    ]
    with pytest.raises(UnknownTaskError):
        await scheduler.explain((running.id or 0) + 1000)


async def test_throughput_is_smoothed_and_decays(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    manual_clock.advance(100)
    await scheduler.domain(Alpha).submit_batch(jobs(100))
    await run_until_idle(scheduler)
    busy = (await scheduler.snapshot()).throughput
    assert busy == pytest.approx(100 / 5)
    manual_clock.advance(5)
    assert (await scheduler.snapshot()).throughput == pytest.approx(busy / 2.718281828)
    assert (await record_of(scheduler, "job-0")).duration == 0.0
