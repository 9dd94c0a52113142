"""Pages of the history, newest first, of any size of it: found by the catalogue, never by looking at every record."""

from __future__ import annotations

import heapq
import sqlite3
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby, islice, takewhile
from typing import Any, NamedTuple

from scheduler_core.model.submission import is_hash
from scheduler_core.model.task import TaskHistoryRecord
from scheduler_core.store import catalogue
from scheduler_core.store.changes import id_list
from scheduler_core.store.rows import HISTORY_COLUMNS, LaneTable, history_record

_FEW = 5_000
"""Records that can be looked at one by one while somebody waits."""
_NEAR = 500
_FIRST_CHUNK, _LARGEST_CHUNK = 64, 512

Ids = Iterator[int]


class Wanted(NamedTuple):
    """What records have to be like. `text` is looked for in labels, keys and errors; a key that is a hash, as a whole.

    `attention`: only failures that nobody has dealt with yet; `cause`: of these, only those of one cause. `lane_ids` are
    all lanes of some task types, None: of any; `statuses` empty: of any end. `since`, `until`: when they ended, epoch
    seconds; at `since` or later, and before `until`.
    """

    statuses: Sequence[str] = ()
    lane_ids: Sequence[int] | None = None
    text: str | None = None
    attention: bool = False
    tags: Mapping[str, str] | None = None
    since: float | None = None
    until: float | None = None
    cause: int | None = None

    def conditions(self) -> tuple[str, list[Any]]:
        """As SQL, and what is bound to it."""
        where, values = ["1"], list[Any]()
        if self.attention:
            where.append("attention = 1")
        if self.cause is not None:
            where.append("attention = 1 AND cause = ?")
            values.append(self.cause)
        if self.statuses:
            where.append(f"status IN ({_marks(self.statuses)})")
            values += self.statuses
        if self.lane_ids is not None:
            where.append("lane IN (SELECT value FROM json_each(?))")
            values.append(id_list(self.lane_ids))
        if self.text:
            where.append("(instr(searched(label, key, last_error), ?) OR key = ?)")
            values += [catalogue.wanted_text(self.text), self.text]
        for key, value in (self.tags or {}).items():
            where.append("EXISTS (SELECT 1 FROM json_each(tags) t WHERE t.key = ? AND t.value = ?)")
            values += [key, value]
        return " AND ".join(where), values


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to the records.

    `number(most)` tells about how many it names, or only that these are `most` or more. `ids(below, offset)` are their
    numbers below a number, the newest first, without the first so many. `is_sure`: each is as this way was asked for, so
    that nobody has to look.
    """

    number: Callable[[int], int]
    ids: Callable[[int, int], Ids]
    is_sure: bool = True


def history_page(
    connection: sqlite3.Connection,
    lanes: LaneTable,
    wanted: Wanted,
    *,
    limit: int,
    offset: int = 0,
    before_id: int | None = None,
) -> list[TaskHistoryRecord]:
    """Records that are as wanted, newest first. `before_id` is a task: only what ended before it.

    Where something is wanted of them, `offset` costs a little for each record that it leaves out; `before_id` never does.
    """
    below = _below(connection, before_id)
    above = -1
    if wanted.since is not None:
        above = first_at(connection, wanted.since, below) - 1
    if wanted.until is not None:
        below = min(below, first_at(connection, wanted.until, below))
    wanted = wanted._replace(since=None, until=None)
    if wanted == Wanted():
        rows = _any(connection, above, below, limit, offset)
    else:
        ids = islice(_found(connection, lanes, wanted, above, below, limit, offset), limit)
        rows = connection.execute(
            f"SELECT {HISTORY_COLUMNS} FROM history WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id DESC",
            (id_list(ids),),
        )
    return [history_record(row, lanes) for row in rows]


def _below(connection: sqlite3.Connection, before_id: int | None) -> int:
    """The number that a page ends before."""
    if before_id is None:
        newest = connection.execute("SELECT max(id) FROM history").fetchone()[0]
        return 1 if newest is None else newest + 1
    row = connection.execute("SELECT id FROM history WHERE task_id = ?", (before_id,)).fetchone()
    return 1 if row is None else row[0]


def first_at(connection: sqlite3.Connection, moment: float, below: int) -> int:
    """The number of the first record that ended at a moment or later, at most `below`: found by halves.

    Records have their numbers in the order in which they ended. It is as good as the clock was.
    """
    (low,) = connection.execute("SELECT min(id) FROM history").fetchone()
    low, high = (below if low is None else low), below
    while low < high:
        middle = (low + high) // 2
        row = connection.execute(
            "SELECT id, completed_at FROM history WHERE id >= ? AND id < ? ORDER BY id LIMIT 1",
            (middle, high),
        ).fetchone()
        if row is None or row[1] >= moment:
            high = middle
        else:
            low = row[0] + 1
    return low


def _any(connection: sqlite3.Connection, above: int, below: int, limit: int, offset: int) -> sqlite3.Cursor:
    """Rows of which nothing is wanted, with numbers between two."""
    if offset and has_no_gaps(connection):
        below, offset = max(1, below - offset), 0
    return connection.execute(
        f"SELECT {HISTORY_COLUMNS} FROM history WHERE id > ? AND id < ? ORDER BY id DESC LIMIT ? OFFSET ?",
        (above, below, limit, offset),
    )


def has_no_gaps(connection: sqlite3.Connection) -> bool:
    """Are there as many records as numbers? Only the oldest ever go, so there should be."""
    (kept,) = connection.execute("SELECT total(n) FROM totals").fetchone()
    (oldest,) = connection.execute("SELECT min(id) FROM history").fetchone()
    (newest,) = connection.execute("SELECT max(id) FROM history").fetchone()
    return newest is None or kept == newest - oldest + 1


def _found(
    connection: sqlite3.Connection,
    lanes: LaneTable,
    wanted: Wanted,
    above: int,
    below: int,
    limit: int,
    offset: int,
) -> Ids:
    """The records that are as wanted: those that the catalogue does not have yet, then those that it names."""
    done = catalogue.catalogued(connection)
    where, values = wanted.conditions()
    rows = connection.execute(
        f"SELECT id FROM history WHERE id > ? AND id < ? AND {where} ORDER BY id DESC LIMIT ?",
        (max(done, above), below, *values, min(limit + offset, sys.maxsize)),
    ).fetchall()
    yield from (row[0] for row in rows[offset:])
    offset, below = max(0, offset - len(rows)), min(below, done + 1)
    ways = _ways(connection, lanes, wanted)
    if len(ways) == 1 and ways[0].is_sure:
        yield from _down_to(above, ways[0].ids(below, offset))
    else:
        ids = _down_to(above, _shortest(ways).ids(below, 0))
        yield from islice(_looked_at(connection, ids, limit, where, values), offset, None)


def _down_to(above: int, ids: Ids) -> Ids:
    """Those with a number above another; they come in order."""
    return takewhile(lambda number: number > above, ids)


def _shortest(ways: Sequence[_Way]) -> _Way:
    """The way that names the fewest."""
    best, most = ways[0], sys.maxsize
    if len(ways) > 1:
        for way in ways:
            n = way.number(most)
            if n < most:
                best, most = way, n
    return best


def _looked_at(
    connection: sqlite3.Connection, ids: Ids, limit: int, where: str, values: Sequence[Any]
) -> Ids:
    """Those of `ids` whose records are as wanted."""
    size = min(_FIRST_CHUNK, limit)
    while chunk := list(islice(ids, size)):
        rows = connection.execute(
            f"SELECT id FROM history WHERE id IN (SELECT value FROM json_each(?)) AND {where} ORDER BY id DESC",
            (id_list(chunk), *values),
        )
        yield from (row[0] for row in rows)
        size = min(2 * size, _LARGEST_CHUNK)


def _ways(connection: sqlite3.Connection, lanes: LaneTable, wanted: Wanted) -> list[_Way]:
    """One for each thing that is wanted."""
    ways = [_by_tag(connection, key, value) for key, value in (wanted.tags or {}).items()]
    if wanted.statuses or wanted.lane_ids is not None:
        ways.append(_by_kind(connection, lanes, wanted.statuses, wanted.lane_ids))
    if wanted.text:
        ways.append(_by_text(connection, lanes, wanted))
    if wanted.cause is not None:
        ways.append(_by_cause(connection, wanted.cause))
    elif wanted.attention:  # the last: it has to count
        ways.append(_by_attention(connection))
    return ways


def _by_tag(connection: sqlite3.Connection, key: str, value: str) -> _Way:
    def count(_: int) -> int:
        n = connection.execute(
            f"SELECT total(n) FROM tag_counts WHERE key = ? AND value = ? AND status IN ({_marks(catalogue.ENDS)})",
            (key, value, *catalogue.ENDS),
        )
        return int(n.fetchone()[0])

    def ids(below: int, offset: int) -> Ids:
        row = connection.execute(
            "SELECT id FROM tag_values WHERE key = ? AND value = ?", (key, value)
        ).fetchone()
        if row is None:
            return iter(())
        return catalogue.ids_of_entry(connection, catalogue.entry_of_tag(row[0]), below, offset)

    return _Way(count, ids)


def _by_kind(
    connection: sqlite3.Connection,
    lanes: LaneTable,
    statuses: Sequence[str],
    lane_ids: Sequence[int] | None,
) -> _Way:
    places, ends = lanes.ids() if lane_ids is None else lane_ids, statuses or catalogue.ENDS

    def ids(below: int, offset: int) -> Ids:
        entries = catalogue.entries_of({lanes.kind(lane) for lane in places}, ends)
        below, offset = catalogue.skip(connection, entries, below, offset)
        together = _merged([catalogue.ids_of_entry(connection, entry, below) for entry in entries])
        return islice(together, offset, None)

    return _Way(partial(_ended, connection, places, ends), ids)


def _ended(
    connection: sqlite3.Connection, lane_ids: Sequence[int], ends: Sequence[str], _most: int = 0
) -> int:
    """How many of these lanes ended so."""
    n = connection.execute(
        f"SELECT total(n) FROM totals WHERE lane IN (SELECT value FROM json_each(?)) AND status IN ({_marks(ends)})",
        (id_list(lane_ids), *ends),
    )
    return int(n.fetchone()[0])


def _by_attention(connection: sqlite3.Connection) -> _Way:
    def count(most: int) -> int:
        n = connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM history WHERE id > 0 AND attention = 1 LIMIT ?)", (most,)
        )
        return n.fetchone()[0]

    def ids(below: int, offset: int) -> Ids:
        rows = connection.execute(
            "SELECT id FROM history WHERE attention = 1 AND id < ? ORDER BY id DESC LIMIT -1 OFFSET ?",
            (below, offset),
        )
        return (row[0] for row in rows)

    return _Way(count, ids)


def _by_cause(connection: sqlite3.Connection, cause: int) -> _Way:
    def count(_: int) -> int:
        row = connection.execute("SELECT n FROM causes WHERE id = ?", (cause,)).fetchone()
        return 0 if row is None else row[0]

    def ids(below: int, offset: int) -> Ids:
        rows = connection.execute(
            "SELECT id FROM history WHERE attention = 1 AND cause = ? AND id < ? ORDER BY id DESC LIMIT -1 OFFSET ?",
            (cause, below, offset),
        )
        return (row[0] for row in rows)

    return _Way(count, ids)


def _by_text(connection: sqlite3.Connection, lanes: LaneTable, wanted: Wanted) -> _Way:
    """How many it names is not known before, but for those that have no text but the name of their type."""
    assert wanted.text
    text, whole = catalogue.wanted_text(wanted.text), wanted.text
    places = lanes.ids() if wanted.lane_ids is None else wanted.lane_ids
    named = [lane for lane in places if text in lanes.key(lane).task_name.casefold()]
    ends = wanted.statuses or catalogue.ENDS

    def ids(below: int, offset: int) -> Ids:
        plain = catalogue.entries_of({lanes.kind(lane) for lane in named}, ends, plain=True)
        ways = [catalogue.ids_of_entry(connection, entry, below) for entry in plain]
        if places or wanted.lane_ids is None:
            some = _some(connection, lanes, wanted)
            ways.append(catalogue.ids_with_text(connection, text, some, below, _NEAR))
        if is_hash(whole):
            ways.append(catalogue.ids_of_key(connection, whole, below))
        return islice(_merged(ways), offset, None)

    def number(most: int) -> int:
        return _FEW + (_ended(connection, named, ends, most) if named else 0)

    return _Way(number, ids, is_sure=False)


def _some(connection: sqlite3.Connection, lanes: LaneTable, wanted: Wanted) -> catalogue.Some:
    """The wanted types and ends, each said in the way of which there are fewer records."""
    everywhere, some = lanes.ids(), catalogue.Some()
    if wanted.lane_ids is not None:
        others = sorted(set(everywhere) - set(wanted.lane_ids))
        kinds, without = ({lanes.kind(lane) for lane in ids} for ids in (wanted.lane_ids, others))
        if _ended(connection, others, catalogue.ENDS) < _ended(connection, wanted.lane_ids, catalogue.ENDS):
            some = some._replace(without_kinds=without)
        else:
            some = some._replace(kinds=kinds)
    if wanted.statuses:
        ends = [end for end in catalogue.ENDS if end not in wanted.statuses]
        if _ended(connection, everywhere, ends) < _ended(connection, everywhere, wanted.statuses):
            return some._replace(without_ends=ends)
        return some._replace(ends=wanted.statuses)
    return some


def _merged(ways: Sequence[Ids]) -> Ids:
    """All of them together, each number once."""
    if len(ways) == 1:
        return ways[0]
    return (number for number, _ in groupby(heapq.merge(*ways, reverse=True)))


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))
