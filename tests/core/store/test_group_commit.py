"""Group commit: many callers share a transaction, each is answered for itself, and only after the commit."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from scheduler_core import DependencyError, InvalidStateError, StoreError, SubmitOutcome
from scheduler_core.store.database import Database
from scheduler_core.testing import MakeScheduler, run_until_idle
from tests.core.support import Alpha, Job, Script, alpha, jobs


async def _database(path: Path | None = None) -> Database:
    database = Database(path)
    await database.open()
    await database.write(lambda connection: connection.execute("CREATE TABLE notes (n INTEGER)").rowcount)
    return database


def _insert(n: int) -> Any:
    return lambda connection: connection.execute("INSERT INTO notes VALUES (?)", (n,)).rowcount


def _count(connection: sqlite3.Connection) -> int:
    return connection.execute("SELECT count(*) FROM notes").fetchone()[0]


async def test_what_waits_goes_into_one_transaction() -> None:
    database = await _database()
    begun: list[str] = []
    await database.read(lambda connection: connection.set_trace_callback(begun.append))
    await asyncio.gather(*(database.write(_insert(n)) for n in range(200)))
    assert begun.count("BEGIN IMMEDIATE") <= 2
    await database.read(lambda connection: connection.set_trace_callback(None))
    assert await database.read(_count) == 200
    await database.close()


async def test_an_operation_that_fails_undoes_itself_alone() -> None:
    database = await _database()

    def bad(connection: sqlite3.Connection) -> int:
        connection.execute("INSERT INTO notes VALUES (-1)")
        raise ValueError("bad")

    answers = await asyncio.gather(
        database.write(_insert(1)),
        database.write(bad),
        database.write(lambda connection: connection.execute("nonsense").rowcount),
        database.write(_insert(2)),
        return_exceptions=True,
    )
    assert isinstance(answers[1], ValueError)
    assert isinstance(answers[2], StoreError)
    assert (answers[0], answers[3]) == (1, 1)
    found = await database.read(lambda c: [row[0] for row in c.execute("SELECT n FROM notes ORDER BY n")])
    assert found == [1, 2]
    await database.close()


async def test_the_answer_comes_after_the_commit(tmp_path: Path) -> None:
    """A connection of somebody else sees what was answered."""
    path = tmp_path / "a.db"
    database = await _database(path)
    other = sqlite3.connect(path)
    for n in range(1, 30):
        told: list[int] = []
        answer = database.write(_insert(n), on_commit=lambda _, told=told: told.append(_count(other)))
        await answer
        assert told == [n]
        assert _count(other) == n
    other.close()
    await database.close()


async def test_a_caller_that_goes_away_does_not_take_its_write_along() -> None:
    database = await _database()
    committed: list[int] = []
    answer = database.write(_insert(1), on_commit=committed.append)
    answer.cancel()
    await database.wait_written()
    assert committed == [1]
    assert await database.read(_count) == 1
    await database.close()


async def test_close_writes_what_waits(tmp_path: Path) -> None:
    database = await _database(tmp_path / "a.db")
    answers = [database.write(_insert(n)) for n in range(50)]
    await database.close()
    assert all(answer.result() == 1 for answer in answers)
    with sqlite3.connect(tmp_path / "a.db") as other:
        assert _count(other) == 50
    other.close()


async def test_what_is_asked_of_a_closed_one_is_refused() -> None:
    database = await _database()
    await database.close()
    await database.close()
    with pytest.raises(StoreError, match="not open"):
        await database.write(_insert(1))
    with pytest.raises(StoreError, match="not open"):
        await database.read(_count)


async def test_many_submitters_are_answered_for_themselves_and_a_bad_one_harms_nobody(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await handle.submit(Job(name="first"))

    async def one(n: int) -> SubmitOutcome:
        if n % 10 == 3:
            return await handle.submit(Job(name="bad", n=n), depends_on=[10_000 + n])
        if n % 10 == 7:
            return await handle.submit(Job(name="bad", n=n), parent=10_000 + n)
        return await handle.submit(Job(name="good", n=n))

    answers = await asyncio.gather(*(one(n) for n in range(200)), return_exceptions=True)
    for n, answer in enumerate(answers):
        if n % 10 == 3:
            assert isinstance(answer, DependencyError)
            assert str(10_000 + n) in str(answer)
        elif n % 10 == 7:
            assert isinstance(answer, InvalidStateError)
        else:
            assert isinstance(answer, SubmitOutcome)
    await run_until_idle(scheduler)
    assert scheduler.counts.completed == 1 + 160
    assert "bad" not in script.started


async def test_submitters_of_one_moment_share_a_transaction(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    scheduler = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    handle = scheduler.domain(Alpha)
    await handle.pause()
    await handle.submit(Job())
    begun: list[str] = []
    database = scheduler._engine.store.database
    assert database._writer is not None
    await database._writer.run(lambda connection: connection.set_trace_callback(begun.append))
    await asyncio.gather(*(handle.submit(Job(n=n)) for n in range(1, 301)))
    await database._writer.run(lambda connection: connection.set_trace_callback(None))
    assert begun.count("COMMIT") <= 3


async def test_when_submit_returns_another_connection_sees_the_task(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    scheduler = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    handle = scheduler.domain(Alpha)
    await handle.pause()
    other = sqlite3.connect(tmp_path / "a.db")

    async def one(n: int) -> None:
        outcome = await handle.submit(Job(n=n))
        assert other.execute("SELECT count(*) FROM tasks WHERE id = ?", (outcome.id,)).fetchone() == (1,)

    await asyncio.gather(*(one(n) for n in range(100)))
    other.close()


async def test_a_batch_is_all_or_nothing(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    with pytest.raises(ValueError, match="bytes"):
        await handle.submit_batch([*jobs(600), Job(name="x" * 2_000_000)])
    with pytest.raises(DependencyError):
        await handle.submit_batch(jobs(600), depends_on=[999])
    assert scheduler.counts.active == 0
    outcomes = await handle.submit_batch([*jobs(3), *jobs(3), Job(name="other")])
    assert [str(outcome.status) for outcome in outcomes] == ["inserted"] * 3 + ["duplicate"] * 3 + [
        "inserted"
    ]
    assert [outcome.id for outcome in outcomes[:3]] == [outcome.id for outcome in outcomes[3:6]]
    assert await handle.submit_batch([]) == []


async def test_half_a_batch_is_never_seen(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    scheduler = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    handle = scheduler.domain(Alpha)
    await handle.pause()
    await handle.submit(Job(name="before"))
    seen: set[int] = set()
    stop = threading.Event()

    def watch() -> None:
        other = sqlite3.connect(tmp_path / "a.db")
        while not stop.is_set():
            seen.add(other.execute("SELECT count(*) FROM tasks").fetchone()[0])
        other.close()

    watcher = asyncio.ensure_future(asyncio.to_thread(watch))
    try:
        await handle.submit_batch(jobs(3_000))
    finally:
        stop.set()
        await watcher
    assert seen <= {1, 3_001}
