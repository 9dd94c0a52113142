"""A file that cannot be the store is refused in words and left as it was."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from scheduler_core import (
    ForeignDatabaseError,
    InvalidArgumentError,
    InvalidStateError,
    NewerSchemaError,
    NotADatabaseError,
    Scheduler,
    StoreError,
    StoreInUseError,
    StoreNotWritableError,
    TaskStore,
)
from scheduler_core.store.schema import APPLICATION_ID, load_migrations
from scheduler_core.testing import MakeScheduler
from tests.core.support import Alpha, Job, Script, alpha, jobs

Spoil = Callable[[Path], None]


def a_letter(path: Path) -> None:
    path.write_text("Dear aunt, " * 50)


def a_cut_database(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.executescript("CREATE TABLE t (x); CREATE TABLE u (x);")
    connection.close()
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 4096)


def a_foreign_database(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()


def a_newer_database(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE tasks (id INTEGER)")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(load_migrations()) + 1}")
    connection.close()


@pytest.mark.parametrize(
    ("spoil", "error", "words"),
    [
        (a_letter, NotADatabaseError, "not a SQLite database"),
        (a_cut_database, NotADatabaseError, "damaged"),
        (a_foreign_database, ForeignDatabaseError, "another program"),
        (a_newer_database, NewerSchemaError, "newer version"),
    ],
)
async def test_what_is_no_store_of_ours_is_refused_and_left_alone(
    tmp_path: Path, script: Script, spoil: Spoil, error: type[StoreError], words: str
) -> None:
    path = tmp_path / "app.db"
    spoil(path)
    before = path.read_bytes()
    scheduler = Scheduler(path, [alpha(script)])
    with pytest.raises(error) as caught:
        await scheduler.open()
    assert str(path) in caught.value.thing
    assert words in str(caught.value)
    assert caught.value.remedy
    assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith("app.db")) == [
        "app.db",
        "app.db.lock",
    ] or ([p.name for p in tmp_path.iterdir()] == ["app.db"])
    await scheduler.close()


async def test_a_folder_is_no_file(tmp_path: Path, script: Script) -> None:
    with pytest.raises(NotADatabaseError, match="folder"):
        await Scheduler(tmp_path, [alpha(script)]).open()


async def test_a_folder_that_is_not_there_is_named(tmp_path: Path, script: Script) -> None:
    with pytest.raises(StoreNotWritableError, match="not there"):
        await Scheduler(tmp_path / "missing" / "app.db", [alpha(script)]).open()


async def test_where_nobody_may_write_is_named(script: Script) -> None:
    with pytest.raises(StoreNotWritableError, match="permission"):
        await Scheduler("/proc/app.db", [alpha(script)]).open()


async def test_a_second_scheduler_on_the_file_is_refused_until_the_first_closes(
    tmp_path: Path, make_scheduler: MakeScheduler, script: Script
) -> None:
    path = tmp_path / "app.db"
    first = await make_scheduler(alpha(script), store=path)
    second = Scheduler(path, [alpha(Script())])
    with pytest.raises(StoreInUseError, match="another scheduler"):
        await second.open()
    await first.close()
    third = await make_scheduler(alpha(Script()), store=path)
    assert third.recovery.pending == 0


async def test_open_and_close_are_idempotent_and_a_closed_one_says_so(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    await scheduler.open()
    await scheduler.close()
    await scheduler.close()
    with pytest.raises(InvalidStateError, match="closed"):
        await scheduler.open()
    with pytest.raises(StoreError, match="not open"):
        await scheduler.domain(Alpha).submit(Job())
    await scheduler.wait_idle()


async def test_a_file_is_made_ours_and_opens_again(
    tmp_path: Path, make_scheduler: MakeScheduler, script: Script
) -> None:
    path = tmp_path / "app.db"
    scheduler = await make_scheduler(alpha(script), store=path)
    await scheduler.domain(Alpha).pause()
    await scheduler.domain(Alpha).submit(Job())
    await scheduler.close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA user_version").fetchone() == (len(load_migrations()),)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
    again = await make_scheduler(alpha(Script()), store=str(path))
    assert again.recovery.pending == 1


@pytest.mark.parametrize("synchronous", ["NORMAL", "FULL"])
async def test_synchronous_is_what_was_asked_for(
    tmp_path: Path, make_scheduler: MakeScheduler, script: Script, synchronous: str
) -> None:
    store = TaskStore(tmp_path / "app.db", synchronous=synchronous)
    await make_scheduler(alpha(script), store=store)
    (level,) = await store.database.write(
        lambda connection: connection.execute("PRAGMA synchronous").fetchone()
    )
    assert level == {"NORMAL": 1, "FULL": 2}[synchronous]


def test_no_other_synchronous_is_accepted() -> None:
    with pytest.raises(ValueError, match="'OFF'"):
        TaskStore("app.db", synchronous="OFF")


async def test_synchronous_is_changed_between_transactions(
    tmp_path: Path, make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), store=TaskStore(tmp_path / "app.db"))
    store = scheduler._engine.store

    async def level() -> int:
        return await store.database.write(
            lambda connection: connection.execute("PRAGMA synchronous").fetchone()[0]
        )

    assert await level() == 1
    batches = [scheduler.domain(Alpha).submit_batch(jobs(200, f"j{n}")) for n in range(5)]
    await asyncio.gather(*batches, scheduler.set_synchronous("FULL"))
    assert await level() == 2
    await scheduler.set_synchronous("NORMAL")
    assert await level() == 1
    with pytest.raises(InvalidArgumentError, match="OFF"):
        await scheduler.set_synchronous(cast("Any", "OFF"))
    assert await level() == 1
    await scheduler.close()
    with pytest.raises(StoreError, match="not open"):
        await scheduler.set_synchronous("FULL")


async def test_a_question_that_waits_when_a_database_in_memory_closes_is_refused() -> None:
    """It answers on the event loop and is closed in its thread: both at once would be the end of the process."""
    store = TaskStore.in_memory()
    scheduler = Scheduler(store, [alpha(Script())])
    await scheduler.open()
    done: list[str] = []
    asking = asyncio.ensure_future(store.read(lambda _: done.append("asked")))
    closing = asyncio.ensure_future(store.close())
    with pytest.raises(StoreError, match="it is not open"):
        await asking
    await closing
    assert done == []
    await scheduler.close(0)
