"""Files of other programs that are harder to tell: busy ones, empty ones, and what is no file at all."""

from __future__ import annotations

import asyncio
import hashlib
import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scheduler_core import (
    ForeignDatabaseError,
    NewerSchemaError,
    Scheduler,
    StoreError,
    StoreNotWritableError,
)
from scheduler_core.store.schema import APPLICATION_ID, load_migrations
from scheduler_core.testing import MakeScheduler, run_until_idle
from tests.core.support import Alpha, Job, Script, alpha
from tests.journeys.permissions import permissions_hold

LEAVE_A_LOG = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA journal_mode = WAL")
for statement in sys.argv[2:]:
    connection.execute(statement)
os._exit(0)
"""


def made_by_a_program_that_died(path: Path, *statements: str) -> None:
    """A database whose last changes stand in its write-ahead log only."""
    subprocess.run([sys.executable, "-c", LEAVE_A_LOG, str(path), *statements], check=True, timeout=30)
    assert path.with_name(path.name + "-wal").stat().st_size > 0


def digests(path: Path) -> dict[str, str]:
    return {
        name.name: hashlib.sha256(name.read_bytes()).hexdigest()
        for name in (path, path.with_name(path.name + "-wal"))
        if name.exists()
    }


@pytest.mark.parametrize(
    ("statements", "error"),
    [
        (["CREATE TABLE recipes (name TEXT)", "INSERT INTO recipes VALUES ('cake')"], ForeignDatabaseError),
        (
            [
                "CREATE TABLE tasks (id INTEGER)",
                f"PRAGMA application_id = {APPLICATION_ID}",
                f"PRAGMA user_version = {len(load_migrations()) + 1}",
            ],
            NewerSchemaError,
        ),
    ],
)
async def test_the_log_of_a_program_that_died_is_left_to_it(
    tmp_path: Path, script: Script, statements: list[str], error: type[StoreError]
) -> None:
    """Looking is not touching: the log is not written into the file, nor taken away."""
    path = tmp_path / "a.db"
    made_by_a_program_that_died(path, *statements)
    before = digests(path)
    for _ in range(2):
        with pytest.raises(error):
            await Scheduler(path, [alpha(script)]).open()
    assert digests(path) == before


@pytest.mark.parametrize("pragma", ["application_id = 77", "user_version = 1", "user_version = 500"])
async def test_an_empty_database_that_somebody_has_marked_is_not_ours(
    tmp_path: Path, script: Script, pragma: str
) -> None:
    path = tmp_path / "a.db"
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA {pragma}")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(ForeignDatabaseError):
        await Scheduler(path, [alpha(script)]).open()
    assert path.read_bytes() == before


async def test_an_empty_file_becomes_ours(
    make_scheduler: MakeScheduler, tmp_path: Path, script: Script
) -> None:
    path = tmp_path / "a.db"
    path.touch()
    scheduler = await make_scheduler(alpha(script), store=path)
    await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler)
    assert scheduler.counts.completed == 1


async def test_what_waits_for_a_writer_is_no_file(tmp_path: Path, script: Script) -> None:
    """Opening a FIFO would wait for ever."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(StoreError, match="no file"):
        await Scheduler(path, [alpha(script)]).open()
    with pytest.raises(StoreError, match="no file"):
        await Scheduler("/dev/null", [alpha(script)]).open()


@pytest.mark.parametrize(
    ("file_mode", "folder_mode"), [(0o444, 0o777), (0o444, 0o555), (0o666, 0o555), (0o000, 0o777)]
)
async def test_what_may_only_be_read_is_refused_and_left_alone(
    make_scheduler: MakeScheduler, tmp_path: Path, script: Script, file_mode: int, folder_mode: int
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    path = folder / "a.db"
    await (await make_scheduler(alpha(script), store=path)).close()
    path.with_name("a.db.lock").unlink()
    before = path.read_bytes()
    path.chmod(file_mode)
    folder.chmod(folder_mode)
    with permissions_hold():
        # A thread that is there already would keep root's rights.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
        with pytest.raises(StoreNotWritableError, match=r"a\.db"):
            await Scheduler(path, [alpha(script)]).open()
    folder.chmod(0o755)
    path.chmod(0o644)
    assert path.read_bytes() == before
    assert {one.name for one in folder.iterdir()} <= {"a.db", "a.db.lock", "a.db-wal", "a.db-shm"}


async def test_a_database_without_our_table_is_reported_not_crashed_on(
    tmp_path: Path, script: Script
) -> None:
    """It bears our mark, and somebody has taken its inside."""
    path = tmp_path / "a.db"
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {len(load_migrations())}")
    connection.execute("CREATE TABLE something (x)")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match=r"a\.db"):
        await Scheduler(path, [alpha(script)]).open()
