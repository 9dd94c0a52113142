"""Pages of the active tasks, of however many: each begins behind a place, and is found by going along an index.

What may start is looked up lane by lane (`ready`), what waits for its time by that time, and the others by their state.
Only a text is looked for by looking at tasks, and then a bounded number of them in one go: in the order of the page where
many have it, else in that of ids, which costs a sixth (`ids_with_text`).
"""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Literal, NamedTuple

from scheduler_core.model.task import TaskOrder, TaskRecord
from scheduler_core.store import catalogue
from scheduler_core.store.changes import id_list
from scheduler_core.store.queries import tasks_by_ids
from scheduler_core.store.ready import IS_READY, ready_ids
from scheduler_core.store.rows import LaneTable

_FEW = 2_000
"""Tasks that can be put in order in one go."""
_MOST_LOOKED_AT = 10_000
_FIRST_LOOK = 1_000
_MANY = 10
"""Where so many of the first 1,000 tasks have a text, a page of them is near."""
_CHUNK = 500
_NO_ID = 2**62

Kind = Literal["running", "ready", "later", "held", "waiting", "blocked"]
"""How a task is stored: pending ones may start (`ready`), or wait for their time (`later`)."""


class Part(NamedTuple):
    """The tasks of a kind and of some lanes; `rank` is where they stand among the others."""

    rank: int
    kind: Kind
    lanes: Sequence[int]


class Place(NamedTuple):
    """Where a task stands in an order: places are compared as tuples, and no two tasks have the same."""

    rank: int
    sort: float
    id: int


class Sought(NamedTuple):
    """Which tasks, and in which order. `is_all`: the parts are all that there are.

    `ready_at` are the (lane, priority) at which there may be tasks that may start. `text` is looked for in labels, keys
    and errors; a key that is a hash, as a whole. `ids`: none but these, if they are known.
    """

    parts: Sequence[Part]
    ready_at: Collection[tuple[int, int]]
    order: TaskOrder = TaskOrder.DISPATCH
    is_all: bool = False
    tags: Mapping[str, str] | None = None
    text: str | None = None
    ids: Sequence[int] | None = None


class QueuePage(NamedTuple):
    """Tasks in order. `resume`: so far has been looked, and there may be more behind it; None: that is all of the page."""

    records: list[TaskRecord]
    resume: Place | None


def queue_page(
    connection: sqlite3.Connection, lanes: LaneTable, sought: Sought, after: Place | None, limit: int
) -> QueuePage:
    """At most `limit` tasks behind a place. It looks at a bounded number of them, and may find fewer than there are."""
    if after is not None:
        after = _exact(connection, after, sought)
    found, resume = _found(connection, sought, after, limit)
    ids = [place.id for place in found]
    records = {record.id: record for record in tasks_by_ids(connection, ids, lanes)}
    return QueuePage([records[task_id] for task_id in ids if task_id in records], resume)


def place_in(order: TaskOrder, rank: int, sort: float, task_id: int) -> Place:
    """The place of a task in an order; `rank` and `sort` count in that of dispatch only."""
    if order is TaskOrder.DISPATCH:
        return Place(rank, sort, task_id)
    return Place(0, task_id if order is TaskOrder.OLDEST else -task_id, task_id)


def _exact(connection: sqlite3.Connection, after: Place, sought: Sought) -> Place:
    """A time of a record is rounded to microseconds; the stored one is not."""
    kinds = {part.rank: part.kind for part in sought.parts}
    if sought.order is TaskOrder.DISPATCH and kinds.get(after.rank) == "later":
        row = connection.execute(
            "SELECT due_at FROM tasks WHERE id = ? AND due_at IS NOT NULL", (after.id,)
        ).fetchone()
        if row is not None:
            return after._replace(sort=row[0])
    return after


def _found(
    connection: sqlite3.Connection, sought: Sought, after: Place | None, limit: int
) -> tuple[list[Place], Place | None]:
    if sought.ids is not None:
        places: Iterator[Place] = iter(_ordered(connection, sought.ids, sought, after))
    elif sought.tags and (tagged := _few_with_tags(connection, sought.tags)) is not None:
        places = iter(_ordered(connection, tagged, sought, after))
        sought = sought._replace(tags=None)
    else:
        places = _places(connection, sought, after)
    if not sought.tags and not sought.text:
        return list(islice(places, limit)), None
    found: list[Place] = []
    looked_at = 0
    while len(found) < limit and (chunk := list(islice(places, _CHUNK))):
        passed = _passing(connection, chunk, sought)
        found += [place for place in chunk if place.id in passed]
        looked_at += len(chunk)
        if looked_at >= _MOST_LOOKED_AT and len(found) < limit:
            return found, chunk[-1]
    return found[:limit], None


def _passing(connection: sqlite3.Connection, places: Sequence[Place], sought: Sought) -> set[int]:
    """The ids of those that carry the tags and have the text."""
    where, values = ["id IN (SELECT value FROM json_each(?))"], list[Any]()
    values.append(id_list(place.id for place in places))
    for tag in (sought.tags or {}).items():
        where.append("EXISTS (SELECT 1 FROM tags g WHERE g.key = ? AND g.value = ? AND g.task_id = tasks.id)")
        values += tag
    if sought.text:
        has_text, texts = _has_text(sought.text)
        where.append(has_text)
        values += texts
    rows = connection.execute(f"SELECT id FROM tasks WHERE {' AND '.join(where)}", values)
    return {row[0] for row in rows}


def ids_with_text(connection: sqlite3.Connection, text: str, after: int) -> tuple[list[int], int | None]:
    """Which of the next tasks behind an id have a text; and the last one looked at, None where there are no others.

    Of the first (`after` is 0) 1,000 are looked at, else 10,000.
    """
    many = _MOST_LOOKED_AT if after else _FIRST_LOOK
    row = connection.execute(
        "SELECT id FROM tasks WHERE id > ? ORDER BY id LIMIT 1 OFFSET ?", (after, many - 1)
    ).fetchone()
    last = None if row is None else row[0]
    has_text, texts = _has_text(text)
    rows = connection.execute(
        f"SELECT id FROM tasks WHERE id > ? AND id <= ? AND {has_text}", (after, last or _NO_ID, *texts)
    )
    return [row[0] for row in rows], last


def is_many(found: int, *, at_first: bool) -> bool:
    """Did so many have the text, of the first that were looked at or of all so far, that their order need not wait?"""
    return found >= _MANY if at_first else found > _FEW


def _has_text(wanted: str) -> tuple[str, list[str]]:
    """A condition, and its values."""
    text = catalogue.wanted_text(wanted)
    if text.isascii() and "\0" not in text:
        return _HAS_TEXT, [*[_pattern(text)] * 3, text, wanted]
    # Where there are plain letters only, there is no other one.
    either = _SEARCHED if text.isascii() else f"({_HAS_OTHERS}) AND {_SEARCHED}"
    return f"({either} OR key = ?)", [text, wanted]


_SEARCHED = "instr(searched(label, key, last_error), ?)"
_OTHER_LETTERS = "length(CAST({0} AS BLOB)) > length({0})"
_HAS_OTHERS = " OR ".join(map(_OTHER_LETTERS.format, ("label", "key", "last_error")))
_HAS_TEXT = (
    "(label LIKE ? ESCAPE '\\' OR last_error LIKE ? ESCAPE '\\' OR (instr(key, ':') AND key LIKE ? ESCAPE '\\') "
    f"OR (({_HAS_OTHERS}) AND {_SEARCHED}) "
    "OR key = ?)"
)
"""SQLite compares plain letters by itself, which is ten times as fast; where there are others it asks for small ones."""


def _pattern(text: str) -> str:
    """What LIKE finds a plain text by."""
    for letter in "\\%_":
        text = text.replace(letter, f"\\{letter}")
    return f"%{text}%"


def _few_with_tags(connection: sqlite3.Connection, tags: Mapping[str, str]) -> list[int] | None:
    """The tasks that carry the rarest of some tags; None where those are many."""
    fewest: list[int] | None = None
    for key, value in tags.items():
        rows = connection.execute(
            "SELECT task_id FROM tags WHERE key = ? AND value = ? LIMIT ?", (key, value, _FEW + 1)
        ).fetchall()
        if len(rows) <= _FEW and (fewest is None or len(rows) < len(fewest)):
            fewest = [row[0] for row in rows]
    if fewest is None:
        return None
    for tag in tags.items():
        rows = connection.execute(
            "SELECT task_id FROM tags WHERE key = ? AND value = ? AND task_id IN (SELECT value FROM json_each(?))",
            (*tag, id_list(fewest)),
        )
        fewest = [row[0] for row in rows]
    return fewest


def _ordered(
    connection: sqlite3.Connection, ids: Sequence[int], sought: Sought, after: Place | None
) -> list[Place]:
    """Those of these tasks that are in a part, behind a place, in order."""
    ranks = {(part.kind, lane): part.rank for part in sought.parts for lane in part.lanes}
    places: list[Place] = []
    for task_id, lane, priority, status, due_at in connection.execute(
        "SELECT id, lane, priority, status, due_at FROM tasks WHERE id IN (SELECT value FROM json_each(?))",
        (id_list(ids),),
    ):
        kind = ("ready" if due_at is None else "later") if status == "pending" else status
        rank = ranks.get((kind, lane))
        if rank is not None:
            sort: float = 0 if kind not in ("ready", "later") else priority if due_at is None else due_at
            places.append(place_in(sought.order, rank, sort, task_id))
    return sorted(place for place in places if after is None or place > after)


def _places(connection: sqlite3.Connection, sought: Sought, after: Place | None) -> Iterator[Place]:
    """The places of all tasks of the parts behind another, in order, each looked up when it is asked for."""
    if sought.order is not TaskOrder.DISPATCH:
        yield from _by_id(connection, sought, after)
        return
    for part in sought.parts:
        if after is not None and part.rank < after.rank:
            continue
        behind = after if after is not None and part.rank == after.rank else None
        if part.kind == "ready":
            yield from _ready(connection, part, sought.ready_at, behind)
        elif part.kind == "later":
            yield from _later(connection, part, behind)
        else:
            at = 0 if behind is None else behind.id
            yield from (Place(part.rank, 0, one) for one in _in_state(connection, part, at, newest=False))


def _ready(
    connection: sqlite3.Connection, part: Part, ready_at: Collection[tuple[int, int]], after: Place | None
) -> Iterator[Place]:
    """By priority, then in the order of ids."""
    lanes = set(part.lanes)
    at = {(lane, priority) for lane, priority in ready_at if lane in lanes}
    for priority in sorted({priority for _, priority in at}):
        if after is not None and priority < after.sort:
            continue
        behind = after.id if after is not None and priority == after.sort else 0
        ways = [ready_ids(connection, lane, priority, behind) for lane, wanted in at if wanted == priority]
        yield from (Place(part.rank, priority, one) for one in heapq.merge(*ways))


def _later(connection: sqlite3.Connection, part: Part, after: Place | None) -> Iterator[Place]:
    """By the time that they wait for."""
    place = {"lanes": id_list(part.lanes), "at": -1.0, "id": 0}
    if after is not None:
        place |= {"at": after.sort, "id": after.id}
    rows = connection.execute(
        "SELECT due_at, id FROM tasks INDEXED BY tasks_due WHERE due_at IS NOT NULL AND due_at >= :at "
        "AND (due_at > :at OR id > :id) AND status = 'pending' AND lane IN (SELECT value FROM json_each(:lanes)) "
        "ORDER BY due_at, id",
        place,
    )
    return (Place(part.rank, due_at, task_id) for due_at, task_id in rows)


def _in_state(connection: sqlite3.Connection, part: Part, after: int, *, newest: bool) -> Iterator[int]:
    """The tasks of a stored state behind an id, in the order of ids or in the other."""
    return heapq.merge(
        *(_of_lane(connection, part.kind, lane, after, newest=newest) for lane in part.lanes), reverse=newest
    )


def _of_lane(
    connection: sqlite3.Connection, status: str, lane: int, after: int, *, newest: bool
) -> Iterator[int]:
    rows = connection.execute(
        f"SELECT id FROM tasks WHERE status <> 'pending' AND status = ? AND lane = ? AND id {_way(newest)}",
        (status, lane, after),
    )
    return (row[0] for row in rows)


def _by_id(connection: sqlite3.Connection, sought: Sought, after: Place | None) -> Iterator[Place]:
    newest = sought.order is TaskOrder.NEWEST
    at = after.id if after is not None else _NO_ID if newest else 0
    if sought.is_all:
        rows = connection.execute(f"SELECT id FROM tasks WHERE id {_way(newest)}", (at,))
        ids: Iterator[int] = (row[0] for row in rows)
    else:
        ways = [_part_by_id(connection, part, sought.ready_at, at, newest=newest) for part in sought.parts]
        ids = heapq.merge(*ways, reverse=newest)
    return (place_in(sought.order, 0, 0, task_id) for task_id in ids)


def _part_by_id(
    connection: sqlite3.Connection,
    part: Part,
    ready_at: Collection[tuple[int, int]],
    after: int,
    *,
    newest: bool,
) -> Iterator[int]:
    if part.kind == "ready":
        lanes, find = set(part.lanes), _newest_ready if newest else ready_ids
        ways = [find(connection, lane, priority, after) for lane, priority in ready_at if lane in lanes]
        return heapq.merge(*ways, reverse=newest)
    if part.kind == "later":  # all of them are put in order: there is an index by their time alone
        rows = connection.execute(
            "SELECT id FROM tasks INDEXED BY tasks_due WHERE due_at IS NOT NULL AND due_at > -1 AND status = 'pending' "
            f"AND lane IN (SELECT value FROM json_each(?)) AND id {_way(newest)}",
            (id_list(part.lanes), after),
        )
        return (row[0] for row in rows)
    return _in_state(connection, part, after, newest=newest)


def _newest_ready(connection: sqlite3.Connection, lane: int, priority: int, before: int) -> Iterator[int]:
    """From block to block of the index `tasks_ready`, backwards."""
    block: int | None = (before >> 11) + 1
    while True:
        (block,) = connection.execute(
            f"SELECT max(id >> 11) FROM tasks WHERE id >> 11 < ? AND {IS_READY}", (block,)
        ).fetchone()
        if block is None:
            return
        rows = connection.execute(
            f"SELECT id FROM tasks WHERE id >> 11 = ? AND lane = ? AND priority = ? AND {IS_READY} AND id {_way(True)}",
            (block, lane, priority, before),
        )
        yield from (row[0] for row in rows)


def _way(newest: bool) -> str:
    """The condition and the order of ids behind one."""
    return "< ? ORDER BY id DESC" if newest else "> ? ORDER BY id"
