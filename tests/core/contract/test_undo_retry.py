"""What ended is tried again at once, and what has not started by then can be taken back: its record is what it was."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from scheduler_core import (
    DependencyFailurePolicy,
    PermanentError,
    RecurringSchedule,
    Scheduler,
    SchedulerConfig,
    SubmitStatus,
    Submitted,
    TakenBack,
)
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until
from tests.core.support import Alpha, Beta, Errand, Job, Script, alpha, beta, ended
from tests.reliability.books import check_books

TABLES = {
    "tasks": "SELECT * FROM tasks ORDER BY id",
    "history": "SELECT * FROM history ORDER BY id",
    "tags": "SELECT * FROM tags ORDER BY 1, 2, 3",
    "tag_counts": "SELECT * FROM tag_counts WHERE n <> 0 ORDER BY 1, 2, 3, 4",
    "active_tag_counts": "SELECT * FROM active_tag_counts ORDER BY 1, 2, 3, 4",
    "tag_values": "SELECT * FROM tag_values ORDER BY 1, 2",
    "totals": "SELECT * FROM totals ORDER BY 1, 2",
    "causes": "SELECT * FROM causes ORDER BY id",
    "dependencies": "SELECT * FROM dependencies ORDER BY 1, 2",
    "undos": "SELECT * FROM undos",
    "undo_marks": "SELECT * FROM undo_marks",
}


async def contents(scheduler: Scheduler) -> dict[str, list[Any]]:
    """What stands in the database."""
    return await scheduler._engine.store.read(
        lambda connection: {name: connection.execute(query).fetchall() for name, query in TABLES.items()}
    )


async def _with_failures(
    make_scheduler: MakeScheduler, script: Script, *names: str, **options: Any
) -> Scheduler:
    """A scheduler in which jobs of these names have failed, and nothing starts any more."""
    for name in names:
        script.fails(name, PermanentError(f"{name} is broken"))
    scheduler = await make_scheduler(alpha(script), beta(script), **options)
    for name in names:
        await scheduler.domain(Alpha).submit(Job(name=name), tags={"job": "trip", "name": name})
    await run_until_idle(scheduler)
    scheduler.set_max_concurrency(0)
    return scheduler


async def _failed(scheduler: Scheduler) -> list[int]:
    """The ids of what wants attention, the oldest first."""
    return [record.id for record in await scheduler.failures()][::-1]


async def test_records_are_what_they_were_when_a_retry_is_taken_back(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await _with_failures(make_scheduler, script, "a", "b", "c")
    handle = scheduler.domain(Alpha)
    cancelled = (await handle.submit(Job(name="d"))).id or 0
    await handle.cancel(cancelled)
    before, counts, ids = await contents(scheduler), handle.counts, await _failed(scheduler)
    history, causes = await scheduler.history(), await scheduler.failure_causes()
    undo = await scheduler.retry_for_now([*ids, cancelled, 10**9, -1])
    assert undo is not None
    assert (undo.act, undo.n) == ("retry", 4)
    assert scheduler.undos == (undo,)
    assert (handle.counts.pending, scheduler.failure_count) == (4, 0)
    manual_clock.advance(9)
    assert await scheduler.undo(undo.id) == 4
    assert await contents(scheduler) == before
    assert (handle.counts, scheduler.failure_count) == (counts, 3)
    assert await scheduler.history() == history
    assert await scheduler.failure_causes() == causes
    assert await scheduler.tasks() == []
    scheduler.set_max_concurrency(4)
    await run_until_idle(scheduler)
    assert script.started == ["a", "b", "c"], "nothing has run once more"


async def test_what_has_started_goes_on(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await _with_failures(make_scheduler, script, *"abcdef")
    script.holds("b")
    undo = await scheduler.retry_for_now(await _failed(scheduler))
    assert undo is not None
    scheduler.set_max_concurrency(1)
    await until(lambda: script.started[-1] == "b")
    assert await scheduler.undo(undo.id) == 4, "a is done, b runs"
    script.release("b")
    await run_until_idle(scheduler)
    assert script.started == [*"abcdef", *"ab"]
    assert [record.label for record in await scheduler.failures()] == [*"fedc"]
    assert scheduler.failure_count == 4
    assert scheduler.counts.active == 0


async def test_a_cause_that_is_tried_again_is_taken_back(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await _with_failures(make_scheduler, script, *"abc", "an odd one")
    before = await contents(scheduler)
    (cause,) = [one for one in await scheduler.failure_causes() if one.labels == ("b",)]
    for which, n in ((cause, 1), (cause.id, 1), (None, 4)):
        undo = await scheduler.retry_cause_for_now(which)
        assert undo is not None
        assert undo.n == n
        assert scheduler.failure_count == 4 - n
        assert sum(one.n for one in await scheduler.failure_causes()) == 4 - n
        assert await scheduler.undo(undo.id) == n
        assert await contents(scheduler) == before
    assert await scheduler.retry_cause_for_now(cause.id + 99) is None


async def test_records_of_one_key_come_back_together(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(max_concurrency=0))
    handle = scheduler.domain(Alpha)
    for _ in range(2):  # the same job, twice
        await handle.cancel((await handle.submit(Job(name="a"))).id or 0)
    before, ids = await contents(scheduler), [record.id for record in await scheduler.history()]
    undo = await scheduler.retry_for_now(ids)
    assert undo is not None
    assert (undo.n, scheduler.counts.active) == (2, 1)
    assert await scheduler.undo(undo.id) == 2
    assert await contents(scheduler) == before


async def test_what_comes_anyway_is_not_taken_back(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await _with_failures(make_scheduler, script, "a", "b")
    comes = (await scheduler.domain(Alpha).submit(Job(name="a"))).id or 0
    undo = await scheduler.retry_for_now(await _failed(scheduler))
    assert undo is not None
    assert undo.n == 2
    assert await scheduler.undo(undo.id) == 1
    assert [record.id for record in await scheduler.tasks()] == [comes]
    assert [record.label for record in await scheduler.failures()] == ["b"]


async def test_who_waited_for_the_record_waits_for_it_again(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    script.fails("root", PermanentError("broken"))
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    fail = DependencyFailurePolicy.FAIL
    root = await handle.submit(Job(name="root"))
    middle = await handle.submit(Job(name="middle"), depends_on=[root.id or 0], on_dependency_failure=fail)
    leaf = await handle.submit(Job(name="leaf"), depends_on=[middle.id or 0])
    await run_until_idle(scheduler)
    assert [record.id for record in await scheduler.blocked_tasks()] == [leaf.id]
    scheduler.set_max_concurrency(0)
    before = await contents(scheduler)
    undo = await scheduler.retry_for_now([root.id or 0, middle.id or 0])
    assert undo is not None
    assert await scheduler.undo(undo.id) == 2
    assert await contents(scheduler) == before
    scheduler.set_max_concurrency(2)
    await scheduler.retry_for_now([middle.id or 0])
    await run_until_idle(scheduler)
    assert (await ended(scheduler))["leaf"] == "completed"


async def test_what_others_came_to_wait_for_goes_on(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await _with_failures(make_scheduler, script, "a", "b")
    undo = await scheduler.retry_for_now(await _failed(scheduler))
    assert undo is not None
    again = {record.label: record.id for record in await scheduler.tasks()}
    await scheduler.domain(Beta).submit(Errand(name="after a"), depends_on=[again["a"]])
    assert await scheduler.undo(undo.id) == 1
    scheduler.set_max_concurrency(2)
    await run_until_idle(scheduler)
    assert script.started[-2:] == ["a", "after a"]
    assert [record.label for record in await scheduler.failures()] == ["b"]


async def test_what_became_an_occurrence_of_a_schedule_goes_on(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await _with_failures(make_scheduler, script, "a")
    undo = await scheduler.retry_for_now(await _failed(scheduler))
    assert undo is not None
    await scheduler.domain(Alpha).submit(Job(name="a"), recurring=RecurringSchedule(every=3_600))
    assert await scheduler.undo(undo.id) == 0
    (state,) = (await scheduler.snapshot()).recurring
    assert [record.id for record in await scheduler.tasks()] == [state.task_id]


async def test_what_has_no_record_any_more_goes_on(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await _with_failures(make_scheduler, script, "a", "b")
    undo = await scheduler.retry_for_now(await _failed(scheduler))
    assert undo is not None
    assert await scheduler.prune_history(keep=1) == 1
    assert await scheduler.undo(undo.id) == 1
    assert [record.label for record in await scheduler.tasks()] == ["a"]


async def test_what_was_cancelled_for_now_is_not_taken_back(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await _with_failures(make_scheduler, script, "a", "b")
    undo = await scheduler.retry_for_now(await _failed(scheduler))
    assert undo is not None
    again = {record.label: record.id for record in await scheduler.tasks()}
    cancelled = await scheduler.cancel_for_now([again["a"]])
    assert cancelled is not None
    assert await scheduler.undo(undo.id) == 1
    assert await scheduler.undo(cancelled.id) == 1
    assert [record.id for record in await scheduler.tasks()] == [again["a"]]


async def test_its_key_is_free_and_its_id_never_given_again(
    make_scheduler: MakeScheduler, tmp_path: Path, script: Script
) -> None:
    path = tmp_path / "a.db"
    scheduler = await _with_failures(make_scheduler, script, "a", "b", store=path)
    undo = await scheduler.retry_for_now(await _failed(scheduler))
    assert undo is not None
    newest = max(record.id for record in await scheduler.tasks())
    assert await scheduler.undo(undo.id) == 2
    await scheduler.close()
    check_books(path)
    with closing(sqlite3.connect(path)) as database:
        held = database.execute(
            "SELECT id FROM keys WHERE id NOT IN (SELECT task_id FROM history)"
        ).fetchall()
        assert held == []
    again = await make_scheduler(alpha(script), beta(script), store=path)
    outcome = await again.domain(Alpha).submit(Job(name="a"))
    assert outcome.status is SubmitStatus.INSERTED
    assert outcome.id is not None
    assert outcome.id > newest


async def test_events_tell_what_was_taken_back(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await _with_failures(make_scheduler, script, "a", "b")
    heard: list[tuple[str, int]] = []
    scheduler.subscribe(
        lambda events: heard.extend(
            (type(event).__name__, event.task_id)
            for event in events
            if isinstance(event, Submitted | TakenBack)
        ),
        only={Submitted, TakenBack},
    )
    undo = await scheduler.retry_for_now(await _failed(scheduler))
    assert undo is not None
    again = [record.id for record in await scheduler.tasks()]
    await scheduler.undo(undo.id)
    assert heard == [(kind, one) for kind in ("Submitted", "TakenBack") for one in sorted(again)]


async def test_a_retry_stands_when_the_time_is_over(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await _with_failures(make_scheduler, script, "a", "b")
    undo = await scheduler.retry_for_now(await _failed(scheduler))
    assert undo is not None
    manual_clock.advance(10.1)
    await until(lambda: not scheduler._engine.undoing.is_busy)
    assert await scheduler.undo(undo.id) == 0
    assert (await contents(scheduler))["undo_marks"] == []
    assert scheduler.counts.pending == 2


@pytest.mark.parametrize("ids", [[], [10**9], [-1]])
async def test_nothing_to_try_again_is_nothing_to_take_back(
    make_scheduler: MakeScheduler, script: Script, ids: list[int]
) -> None:
    scheduler = await make_scheduler(alpha(script))
    done = await scheduler.domain(Alpha).submit(Job(name="done"))
    await run_until_idle(scheduler)
    assert await scheduler.retry_for_now([*ids, done.id or 0]) is None
    assert await scheduler.retry_cause_for_now(None) is None
    assert scheduler.undos == ()
