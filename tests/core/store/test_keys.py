"""Who holds a key: an active task, at most one, whatever entries ended tasks have left."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given, settings, strategies as st

from scheduler_core.store import keys
from scheduler_core.store.schema import load_migrations, statements_of


def opened() -> sqlite3.Connection:
    """A database with the schema and nothing in it."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for script in load_migrations():
        for statement in statements_of(script):
            connection.execute(statement)
    keys.load(connection)
    return connection


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    with closing(opened()) as connection:
        yield connection


def insert(database: sqlite3.Connection, key: str, task_id: int) -> None:
    """A task with a key that it has taken."""
    database.execute(
        "INSERT INTO tasks (id, lane, key, label, priority, status, payload, created_at) "
        "VALUES (?, 1, ?, '', 1, 'pending', '{}', 0)",
        (task_id, key),
    )


def submit(database: sqlite3.Connection, *wanted: tuple[str, int]) -> set[int]:
    """The ids of those that got their keys, inserted."""
    taken = keys.take(database, wanted)
    got = {task_id for _, task_id in wanted} if taken is None else taken
    for key, task_id in wanted:
        if task_id in got:
            insert(database, key, task_id)
    return got


def end(database: sqlite3.Connection, task_id: int) -> None:
    """The task goes to the history."""
    database.execute(
        "INSERT INTO history (task_id, lane, key, label, priority, status, payload, max_retries, retry_count, created_at, "
        "completed_at, fail_fast, on_dep_failure) "
        "SELECT id, lane, key, '', 1, 'completed', '{}', 0, 0, 0, 0, 1, 'cancel' FROM tasks WHERE id = ?",
        (task_id,),
    )
    database.execute("DELETE FROM tasks WHERE id = ?", (task_id,))


def entries(database: sqlite3.Connection) -> dict[str, int]:
    return dict(database.execute("SELECT key, id FROM keys").fetchall())


def fresh(database: sqlite3.Connection) -> dict[str, int]:
    return dict(database.execute("SELECT key, id FROM fresh_keys").fetchall())


def settle(database: sqlite3.Connection, limit: int) -> None:
    """To its end."""
    (newest, _), after = keys.fresh(database), ""
    while after is not None:
        after = keys.settle(database, after, limit)
    keys.settled(database, newest)


def sweep(database: sqlite3.Connection, limit: int) -> None:
    """To its end, with what is in memory."""
    settle(database, limit)
    after: str | None = ""
    while after is not None:
        after = keys.sweep(database, after, limit)


@pytest.mark.parametrize("limit", [1, 3, 10])
def test_what_is_held_in_memory_is_written_and_what_is_not_goes(
    database: sqlite3.Connection, limit: int
) -> None:
    submit(database, *((f"k{n}", n) for n in range(1, 10)))
    for n in (1, 2, 4, 9):
        end(database, n)
    assert not entries(database)
    settle(database, limit)
    assert not fresh(database)
    assert entries(database) == {f"k{n}": n for n in (3, 5, 6, 7, 8)}
    assert submit(database, ("k3", 10), ("k4", 11)) == {11}
    assert submit(database, ("k4", 12), ("k9", 13)) == {13}
    assert keys.load(database) == 2
    assert submit(database, ("k3", 14), ("k4", 15), ("k9", 16), ("k1", 17)) == {17}


def test_who_comes_in_the_middle_is_found_after_the_next_open(database: sqlite3.Connection) -> None:
    """Its key is in front of those that are still to be written, and its id was given before theirs."""
    submit(database, ("b", 2), ("c", 3), ("d", 4))
    newest, n = keys.fresh(database)
    assert n == 3
    after = keys.settle(database, "", 2)
    submit(database, ("a", 1))
    while after is not None:
        after = keys.settle(database, after, 2)
    keys.settled(database, newest)
    assert keys.load(database) == 4
    assert submit(database, ("a", 5), ("b", 6), ("c", 7), ("d", 8)) == set()
    settle(database, 2)
    assert keys.load(database) == 0
    assert submit(database, ("a", 9), ("b", 10), ("c", 11), ("d", 12)) == set()


def test_what_was_not_written_to_the_end_is_found_after_the_next_open(database: sqlite3.Connection) -> None:
    submit(database, ("a", 1), ("b", 2), ("c", 3))
    keys.settle(database, "", 2)
    assert keys.load(database) == 3
    assert submit(database, ("a", 4), ("b", 5), ("c", 6)) == set()


def test_what_is_taken_back_leaves_nothing(database: sqlite3.Connection) -> None:
    submit(database, ("a", 1))
    settle(database, 10)
    submit(database, ("b", 2))
    keys.take_back(database, [("a", 1), ("b", 2), ("c", 3)])
    assert not entries(database)
    assert not fresh(database)


def test_a_key_is_held_until_its_task_ends(database: sqlite3.Connection) -> None:
    assert submit(database, ("a", 1), ("b", 2)) == {1, 2}
    assert submit(database, ("a", 3), ("c", 4)) == {4}
    end(database, 1)
    assert submit(database, ("a", 5), ("b", 6)) == {5}


def test_of_two_that_come_together_the_first_gets_the_key(database: sqlite3.Connection) -> None:
    assert submit(database, ("a", 1), ("a", 2), ("b", 3)) == {1, 3}
    end(database, 1)
    assert submit(database, ("a", 4), ("a", 5)) == {4}


def test_an_id_that_was_given_once_more_holds_no_key_but_its_own(database: sqlite3.Connection) -> None:
    """As if somebody had deleted rows by hand."""
    submit(database, ("a", 1))
    database.execute("DELETE FROM tasks")
    assert submit(database, ("b", 1)) == {1}
    assert submit(database, ("a", 2)) == {2}
    sweep(database, 10)
    assert entries(database) == {"a": 2, "b": 1}


@pytest.mark.parametrize("limit", [1, 3, 10])
def test_a_sweep_leaves_what_is_held(database: sqlite3.Connection, limit: int) -> None:
    submit(database, *((f"k{n}", n) for n in range(1, 10)))
    for n in (1, 2, 4, 9):
        end(database, n)
    assert keys.unswept(database) == 4
    sweep(database, limit)
    assert entries(database) == {f"k{n}": n for n in (3, 5, 6, 7, 8)}
    assert keys.unswept(database) == 0
    end(database, 3)
    assert keys.unswept(database) == 1


def test_what_ends_while_a_sweep_is_on_its_way_is_counted_for_the_next(database: sqlite3.Connection) -> None:
    submit(database, *((f"k{n}", n) for n in range(1, 5)))
    settle(database, 10)
    after = keys.sweep(database, "", 2)
    end(database, 1)
    while after is not None:
        after = keys.sweep(database, after, 2)
    assert keys.unswept(database) == 1


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_nobody_gets_a_key_that_is_held_and_everybody_one_that_is_not(seed: int) -> None:
    draw = random.Random(seed)
    held: dict[str, int] = {}
    next_id = 1
    with closing(opened()) as database:
        for _ in range(40):
            match draw.randrange(6):
                case 0 | 1:
                    wanted = [(draw.choice("abcdef"), next_id + n) for n in range(draw.randrange(1, 5))]
                    next_id += len(wanted)
                    expected = set[int]()
                    for key, task_id in wanted:
                        if held.setdefault(key, task_id) == task_id:
                            expected.add(task_id)
                    assert submit(database, *wanted) == expected
                case 2 if held:
                    end(database, held.pop(draw.choice(list(held))))
                case 3:
                    keys.load(database)
                case 4:
                    settle(database, draw.choice([1, 2, 50]))
                    assert not fresh(database)
                    assert held.items() <= entries(database).items()
                case _:
                    sweep(database, draw.choice([1, 2, 50]))
                    assert entries(database) == held
