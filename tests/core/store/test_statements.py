"""What the database is asked for a task, counted: it can't creep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scheduler_core import Scheduler, SchedulerConfig
from scheduler_core.testing import MakeScheduler, run_until_idle
from tests.core.support import Alpha, Job, Script, alpha, jobs

AT_ONCE = 64
BATCHES = 5
STEADY = ["BEGIN", "SELECT", "SELECT", "INSERT", "DELETE", "SELECT", "INSERT", "UPDATE", "COMMIT"]
"""Of a batch that ends and one that starts: who is special, whether a failure wants attention, the history, the queue, who
depended on them, the totals, and the claim."""


async def watched(scheduler: Scheduler) -> Callable[[], list[list[str]]]:
    """The first words of the statements from now on, by transaction; what is read by another connection is not told."""
    words: list[str] = []
    connection: Any = scheduler._engine.store.database._writer
    await connection.run(lambda raw: raw.set_trace_callback(lambda text: words.append(text.split()[0])))

    def transactions() -> list[list[str]]:
        found: list[list[str]] = []
        for word in words:
            if word == "BEGIN":
                found.append([])
            found[-1].append(word)
        return found

    return transactions


async def test_a_batch_of_tasks_takes_one_transaction_of_nine_statements(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(max_concurrency=0))
    await scheduler.domain(Alpha).submit_batch(jobs(AT_ONCE * BATCHES))
    transactions = await watched(scheduler)
    scheduler.set_max_concurrency(AT_ONCE)
    await run_until_idle(scheduler)
    assert scheduler.counts.completed == AT_ONCE * BATCHES
    first, *between, last = transactions()
    assert first == ["BEGIN", "UPDATE", "COMMIT"]
    assert between == [STEADY] * (BATCHES - 1)
    assert last == [word for word in STEADY if word != "UPDATE"]


async def test_a_submission_takes_one_transaction_of_four_statements(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(max_concurrency=0))
    handle = scheduler.domain(Alpha)
    await handle.submit(Job(name="the first makes its lane"))
    transactions = await watched(scheduler)
    await handle.submit(Job(name="one"))
    assert transactions() == [["BEGIN", "INSERT", "INSERT", "COMMIT"]]


async def test_a_batch_is_inserted_by_two_statements_a_row_and_two_more(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(max_concurrency=0))
    handle = scheduler.domain(Alpha)
    await handle.submit(Job(name="the first makes its lane"))
    transactions = await watched(scheduler)
    await handle.submit_batch(jobs(100))
    assert transactions() == [["BEGIN", *["INSERT"] * 200, "COMMIT"]]


async def test_the_clock_of_a_lane_is_read_again_after_a_pause_and_its_end(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(max_concurrency=0))
    handle = scheduler.domain(Alpha)
    await handle.submit(Job(name="the first makes its lane"))
    for name, change in (("held", handle.pause), ("free", handle.resume)):
        await change()
        transactions = await watched(scheduler)
        await handle.submit(Job(name=name))
        assert transactions() == [["BEGIN", "SELECT", "INSERT", "INSERT", "COMMIT"]]
