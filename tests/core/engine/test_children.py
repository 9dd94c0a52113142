"""Parents that wait for their children: finalize, failure, siblings, cancellation, restarts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scheduler_core import (
    DependencyError,
    InvalidStateError,
    RetryableError,
    TaskContext,
)
from scheduler_core.testing import MakeScheduler, run_until_idle, until
from tests.core.support import Alpha, Errand, Family, Job, Script, alpha, beta, ended, record_of


def spawns(*children: Any, result: object = None, **options: Any) -> Any:
    """An action that spawns these, and returns `result`."""

    async def action(task: Any, ctx: TaskContext) -> object:
        await ctx.spawn_children(children, **options)
        return result

    return action


async def test_a_parent_waits_for_its_children_of_every_domain_and_is_finalized_with_its_memo(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    script.does("family", spawns(Job(name="one"), Errand(name="two"), result={"made": ["é", 2]}))
    script.holds("one", "two")
    await scheduler.domain(Alpha).submit(Family())
    await until(lambda: script.running == 2)
    await until(lambda: scheduler.counts.waiting == 1)
    script.release("one")
    await until(lambda: scheduler.counts.completed == 1)
    assert not script.finalized
    script.release("two")
    await run_until_idle(scheduler)
    assert script.finalized == [("family", {"made": ["é", 2]})]
    assert await ended(scheduler) == {"family": "completed", "one": "completed", "two": "completed"}
    record = await record_of(scheduler, "family")
    assert record.memo == {"made": ["é", 2]}
    assert script.started.count("family") == 1


async def test_a_parent_without_children_is_finalized_at_once(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    script.does("family", spawns(result=[1]))
    await scheduler.domain(Alpha).submit(Family())
    await run_until_idle(scheduler)
    assert script.finalized == [("family", [1])]


async def test_a_parent_waits_without_a_slot(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=1))
    script.does("parent", spawns(Job(name="child")))
    script.does("child", spawns(Job(name="grandchild")))
    await scheduler.domain(Alpha).submit(Job(name="parent"))
    await run_until_idle(scheduler)
    assert script.ended == ["parent", "child", "grandchild"]
    assert script.most_running == 1
    assert [r.label for r in await scheduler.history()] == ["parent", "child", "grandchild"]


async def test_the_memo_survives_a_restart(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    first = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    script.does("family", spawns(Job(name="child"), result="keep me"))
    script.holds("child")
    await first.domain(Alpha).submit(Family())
    await until(lambda: first.counts.waiting == 1)
    await first.close(finish=False)
    script.release("child")
    second = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    await run_until_idle(second)
    assert script.finalized == [("family", "keep me")]
    assert script.started.count("family") == 1
    assert await ended(second) == {"family": "completed", "child": "completed"}


async def test_children_have_the_tags_and_the_more_urgent_priority(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    script.does("parent", spawns(Job(name="child"), Errand(name="other"), tags={"own": "1", "who": "child"}))
    await scheduler.domain(Alpha).submit(
        Job(name="parent"), tags={"job_id": "7", "who": "parent"}, priority=50
    )
    await run_until_idle(scheduler)
    for label in ("child", "other"):
        record = await record_of(scheduler, label)
        assert record.tags == {"job_id": "7", "who": "child", "own": "1"}
        assert record.priority == 50
    assert (await record_of(scheduler, "child")).parent_id == (await record_of(scheduler, "parent")).id


async def test_a_child_may_be_more_urgent_than_its_parent(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    script.does("parent", spawns(Job(name="child"), priority=3))
    await scheduler.domain(Alpha).submit(Job(name="parent"), priority=50)
    await run_until_idle(scheduler)
    assert (await record_of(scheduler, "child")).priority == 3


async def test_the_first_failed_child_cancels_its_siblings_and_fails_the_parent(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=2))
    script.does("parent", spawns(Job(name="runs"), Job(name="bad"), Job(name="waits")))
    script.holds("runs", "bad", "waits")
    script.fails("bad", ValueError("torn"))
    await scheduler.domain(Alpha).submit(Job(name="parent"))
    await until(lambda: {"runs", "bad"} <= set(script.started))
    script.release("bad")
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {
        "bad": "failed",
        "parent": "failed",
        "runs": "cancelled",
        "waits": "cancelled",
    }
    assert script.cancelled == ["runs"]
    parent = await record_of(scheduler, "parent")
    assert "bad" in (parent.last_error or "")
    assert "torn" in (parent.last_error or "")
    assert scheduler.counts.active == 0


async def test_a_failed_child_stops_the_parent_that_still_runs(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    script.holds("forever")

    async def spawn_and_stay(task: Any, ctx: TaskContext) -> None:
        await ctx.spawn_child(Job(name="bad"))
        await script.execute(Job(name="forever"), ctx)

    script.does("parent", spawn_and_stay)
    script.fails("bad", ValueError("torn"))
    await scheduler.domain(Alpha).submit(Job(name="parent"))
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"bad": "failed", "parent": "failed"}


async def test_without_fail_fast_the_parent_waits_for_all_and_completes(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    script.does("family", spawns(Job(name="bad"), Job(name="good")))
    script.holds("good")
    script.fails("bad", ValueError("torn"))
    await scheduler.domain(Alpha).submit(Family(), fail_fast=False)
    await until(lambda: scheduler.counts.failed == 1)
    assert scheduler.counts.waiting == 1
    script.release("good")
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"bad": "failed", "good": "completed", "family": "completed"}
    assert len(script.finalized) == 1


async def test_cancelling_a_waiting_parent_cancels_its_children_in_every_domain(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    script.does("parent", spawns(Job(name="child"), Errand(name="other")))
    script.does("child", spawns(Errand(name="grandchild")))
    script.holds("other", "grandchild")
    parent = await scheduler.domain(Alpha).submit(Job(name="parent"))
    await until(lambda: script.running == 2)
    await until(lambda: scheduler.counts.waiting == 2)
    assert await scheduler.domain(Alpha).cancel(parent.id or 0)
    await run_until_idle(scheduler)
    assert set((await ended(scheduler)).values()) == {"cancelled"}
    assert scheduler.counts.cancelled == 4
    assert scheduler.counts.active == 0


async def test_cancelling_a_running_parent_cancels_its_children(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    script.holds("child", "forever")

    async def spawn_and_stay(task: Any, ctx: TaskContext) -> None:
        await ctx.spawn_child(Job(name="child"))
        await script.execute(Job(name="forever"), ctx)

    script.does("parent", spawn_and_stay)
    parent = await scheduler.domain(Alpha).submit(Job(name="parent"))
    await until(lambda: "child" in script.started)
    assert await scheduler.domain(Alpha).cancel(parent.id or 0)
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"parent": "cancelled", "child": "cancelled"}


async def test_a_cancelled_child_does_not_hold_its_parent(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.does("family", spawns(Job(name="child")))
    script.holds("child")
    await handle.submit(Family())
    await until(lambda: script.running == 1 and scheduler.counts.waiting == 1)
    assert await handle.cancel_where(lambda record: record.label == "child")
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"family": "completed", "child": "cancelled"}


async def test_a_sibling_is_waited_for_by_the_same_parent(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))

    async def spawn_sibling(task: Any, ctx: TaskContext) -> None:
        await ctx.spawn_sibling(Job(name="sibling"))

    script.does("family", spawns(Job(name="child")))
    script.does("child", spawn_sibling)
    script.holds("sibling")
    await scheduler.domain(Alpha).submit(Family())
    await until(lambda: script.running == 1 and scheduler.counts.completed == 1)
    assert scheduler.counts.waiting == 1
    script.release("sibling")
    await run_until_idle(scheduler)
    assert script.finalized == [("family", None)]
    assert (await record_of(scheduler, "sibling")).parent_id == (await record_of(scheduler, "family")).id


async def test_who_has_no_parent_has_no_siblings(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))

    async def spawn_sibling(task: Any, ctx: TaskContext) -> None:
        with pytest.raises(InvalidStateError, match="no parent"):
            await ctx.spawn_sibling(Job(name="sibling"))
        with pytest.raises(InvalidStateError, match="no parent"):
            await ctx.spawn_siblings([Job(name="sibling")])

    script.does("lonely", spawn_sibling)
    await scheduler.domain(Alpha).submit(Job(name="lonely"))
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"lonely": "completed"}


async def test_finalize_is_tried_again_alone(make_scheduler: MakeScheduler, script: Script) -> None:
    domain = alpha(script)
    calls: list[object] = []

    class Moody:
        async def execute(self, task: Job, ctx: TaskContext) -> int:
            calls.append("execute")
            return 7

        async def finalize(self, task: Job, memo: object, ctx: TaskContext) -> None:
            calls.append(memo)
            if len(calls) < 3:
                raise RetryableError("not yet")

    class Moods(Job):
        task_type = "moods"

    domain.register(Moods, Moody())
    scheduler = await make_scheduler(domain)
    await scheduler.domain(Alpha).submit(Moods())
    await run_until_idle(scheduler)
    assert calls == ["execute", 7, 7]
    assert scheduler.counts.completed == 1


async def test_children_spawned_while_finalizing_are_waited_for(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    domain = alpha(script)

    class Late:
        async def execute(self, task: Job, ctx: TaskContext) -> str:
            return "memo"

        async def finalize(self, task: Job, memo: object, ctx: TaskContext) -> None:
            await ctx.spawn_child(Job(name="late child"))

    class LateJob(Job):
        task_type = "late"

    domain.register(LateJob, Late())
    scheduler = await make_scheduler(domain)
    script.holds("late child")
    await scheduler.domain(Alpha).submit(LateJob(name="late"))
    await until(lambda: script.running == 1 and scheduler.counts.waiting == 1)
    script.release("late child")
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"late": "completed", "late child": "completed"}
    assert (await record_of(scheduler, "late")).memo == "memo"


async def test_nobody_waits_for_a_parent_and_its_own_child_in_a_circle(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    refused: list[str] = []

    async def spawn(task: Any, ctx: TaskContext) -> None:
        follower = await handle.submit(Job(name="follower"), depends_on=[ctx.record.id])
        for dependency in (ctx.record.id, follower.id or 0):
            with pytest.raises(DependencyError, match="circle"):
                await ctx.spawn_child(Job(name="child"), depends_on=[dependency])
            refused.append("refused")

    script.does("parent", spawn)
    await handle.submit(Job(name="parent"))
    await run_until_idle(scheduler)
    assert refused == ["refused", "refused"]
    assert await ended(scheduler) == {"parent": "completed", "follower": "completed"}


@pytest.mark.parametrize("parent", [0, -1, 2**70, True, "1"])
async def test_what_is_no_parent_is_refused_and_harms_nobody_else(
    make_scheduler: MakeScheduler, script: Script, parent: Any
) -> None:
    import asyncio

    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await handle.submit(Job(name="before"))
    answers = await asyncio.gather(
        handle.submit(Job(name="good")),
        handle.submit(Job(name="bad"), parent=parent),
        handle.submit(Job(name="fine")),
        return_exceptions=True,
    )
    assert isinstance(answers[1], ValueError)
    assert not isinstance(answers[0], BaseException)
    assert not isinstance(answers[2], BaseException)


async def test_a_parent_that_has_ended_takes_no_child(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    parent = await handle.submit(Job(name="parent"))
    await run_until_idle(scheduler)
    with pytest.raises(InvalidStateError, match="has ended"):
        await handle.submit(Job(name="late"), parent=parent.id)
    assert scheduler.counts.active == 0


async def test_a_parent_waits_for_a_child_that_was_requeued(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    """The key is held by somebody else's running task; ours runs after it, as our child."""
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("shared")
    await handle.submit(Job(name="shared"))
    await until(lambda: script.running == 1)
    script.does("family", spawns(Job(name="shared")))
    await handle.submit(Family())
    await until(lambda: scheduler.counts.waiting == 1)
    script.release("shared")
    await run_until_idle(scheduler)
    assert script.started == ["shared", "family", "shared"]
    assert script.finalized == [("family", None)]


@pytest.mark.parametrize("while_running", [True, False])
async def test_a_requeued_child_that_is_called_off_with_its_twin_frees_its_parent(
    make_scheduler: MakeScheduler, script: Script, while_running: bool
) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    handle = scheduler.domain(Alpha)
    script.holds("shared")
    shared = await handle.submit(Job(name="shared"), group="g")
    await until(lambda: script.running == 1)
    script.does("family", spawns(Job(name="shared")))
    await handle.submit(Family())
    await until(lambda: scheduler.counts.waiting == 1)
    if not while_running:
        await handle.pause_group("g")
        await until(lambda: not scheduler.active_tasks())
    await handle.cancel(shared.id or 0)
    await run_until_idle(scheduler)
    assert script.finalized == [("family", None)]
    assert scheduler.counts.active == 0
