"""The catalogue of the history: by which numbers (`history.id`) the records of a kind, a tag, a key or a text are found.

It is made in batches behind the work, so that no task that ends pays for it. What it is made of never changes: a record
keeps its type, its end, its tags, its key and its texts. The few records behind the last batch are looked at one by one
(`history_pages`).

An entry is a number: `kind * 16 + place` for the records of a task type that ended so, 8 more for those of them that have
nothing to search but the name of their type; `-id` of a row of `tag_values` for those with that tag. Keys are in a table of
their own, by blocks of 2,048 numbers: what comes together lies together.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

from scheduler_core.model.submission import is_hash

ENDS = ("completed", "failed", "cancelled", "superseded", "expired", "dependency_failed", "dead_letter")
"""How a task ends. Its place in this list is part of stored entries: none may move."""
_PLAIN = 8
_BREAK = "\x1f"
"""Between the texts of a record, and behind them: so each letter is the first of three."""
_LETTERS = 3
_PARTS, _SAMPLE = 4, 64
_PAGES_MERGED = 16
"""What each batch does to keep the texts of all batches together: a little each time, so that nobody waits for much."""

_MARK = 0xE000
"""Letters from here on mean nothing to anybody: three of them stand for a type, three for an end, behind the text."""
_PLACES = " ".join(f"WHEN '{status}' THEN {place}" for place, status in enumerate(ENDS))
_PLACE = f"CASE h.status {_PLACES} END"
_MARKS = (
    f"char({_MARK}, {_MARK + 1} + l.kind / 4096, {_MARK + 1} + l.kind % 4096) || "
    f"char({_MARK}, {_MARK}, {_MARK + 1} + {_PLACE})"
)
_IS_PLAIN = (
    "(h.label = substr(l.task_type, length(l.domain) + 3) AND h.last_error IS NULL AND instr(h.key, ':') = 0)"
)
_ENTRY = f"l.kind * 16 + {_PLACE} + {_PLAIN} * {_IS_PLAIN}"
_RECORDS = "FROM history h CROSS JOIN lanes l ON l.id = h.lane WHERE h.id BETWEEN :first AND :last"
_ENTRIES = (
    f"SELECT {_ENTRY} AS entry, h.id AS id {_RECORDS} "
    "UNION ALL SELECT -v.id, h.id FROM history h CROSS JOIN json_each(h.tags) t "
    "CROSS JOIN tag_values v ON v.key = t.key AND v.value = t.value "
    "WHERE h.id BETWEEN :first AND :last AND h.tags IS NOT NULL"
)
_COUNTS = f"SELECT {_ENTRY}, h.id >> 12, {{}} {_RECORDS} GROUP BY 1, 2"
_ADD = "ON CONFLICT (entry, block) DO UPDATE SET n = n + excluded.n"
_TEXTS = (
    f"SELECT {{}} h.id, searched(h.label, h.key, h.last_error) || {_MARKS} "
    f"{_RECORDS} AND NOT {_IS_PLAIN} ORDER BY h.id"
)


def searched_text(label: str, key: str, error: str | None) -> str:
    """What is searched of a record, in small letters. A key that is a hash is left out: any few letters are in many."""
    parts = [part for part in (label, "" if is_hash(key) else key, error) if part]
    return f"{_BREAK.join(parts)}{_BREAK * 2}".casefold().replace("\0", _BREAK)


def wanted_text(text: str) -> str:
    """A text to search for, as it is in `searched_text`."""
    return text.casefold().replace("\0", _BREAK)


def entries_of(kinds: Iterable[int], ends: Collection[str], *, plain: bool = False) -> list[int]:
    """The entries of the records of these types (`lanes.kind`) that ended so; `plain`: without a text of their own only."""
    places = [place for place, end in enumerate(ENDS) if end in ends]
    offsets = (_PLAIN,) if plain else (0, _PLAIN)
    return [kind * 16 + place + offset for kind, place, offset in product(kinds, places, offsets)]


def entry_of_tag(value_id: int) -> int:
    """The entry of the records with a tag (a row of `tag_values`)."""
    return -value_id


def catalogued(connection: sqlite3.Connection) -> int:
    """The number of the last record in the catalogue."""
    row = connection.execute("SELECT value FROM meta WHERE name = 'catalogued'").fetchone()
    return 0 if row is None else row[0]


def catalogue(connection: sqlite3.Connection, limit: int) -> int:
    """Take the next `limit` records in; returns how many are left."""
    done = catalogued(connection)
    newest = connection.execute("SELECT max(id) FROM history").fetchone()[0] or 0
    if newest <= done:
        return 0
    (oldest,) = connection.execute("SELECT min(id) FROM history").fetchone()
    first = max(done + 1, oldest)
    last = min(newest, first + limit - 1)
    batch = {"first": first, "last": last}
    connection.execute(f"INSERT OR IGNORE INTO catalogue (entry, id) {_ENTRIES} ORDER BY 1, 2", batch)
    connection.execute(
        "INSERT OR IGNORE INTO history_keys (block, key, id) "
        "SELECT id >> 11, key, id FROM history WHERE id BETWEEN :first AND :last ORDER BY 1, 2, 3",
        batch,
    )
    connection.execute(f"INSERT INTO catalogue_texts (rowid, text) {_TEXTS.format('')}", batch)
    connection.execute(
        "INSERT INTO catalogue_texts (catalogue_texts, rank) VALUES ('merge', ?)", (_PAGES_MERGED,)
    )
    connection.execute(
        f"INSERT INTO catalogue_counts (entry, block, n) {_COUNTS.format('count(*)')} {_ADD}", batch
    )
    connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES ('catalogued', ?)", (last,))
    return newest - last


def forget(connection: sqlite3.Connection, first: int, last: int) -> None:
    """Take the records of these numbers out, before they go."""
    last = min(last, catalogued(connection))
    if first > last:
        return
    batch = {"first": first, "last": last}
    connection.execute(
        f"INSERT INTO catalogue_counts (entry, block, n) {_COUNTS.format('-count(*)')} {_ADD}", batch
    )
    entries = connection.execute(f"SELECT DISTINCT entry FROM ({_ENTRIES})", batch).fetchall()
    connection.executemany(
        "DELETE FROM catalogue WHERE entry = ? AND id BETWEEN ? AND ?",
        [(*entry, first, last) for entry in entries],
    )
    connection.executemany(
        "DELETE FROM catalogue_counts WHERE entry = ? AND block BETWEEN ? >> 12 AND ? >> 12 AND n <= 0",
        [(*entry, first, last) for entry in entries],
    )
    connection.execute(
        "DELETE FROM history_keys WHERE block BETWEEN :first >> 11 AND :last >> 11 AND id BETWEEN :first AND :last",
        batch,
    )
    delete = _TEXTS.format("'delete',")
    connection.execute(f"INSERT INTO catalogue_texts (catalogue_texts, rowid, text) {delete}", batch)


def ids_of_entry(connection: sqlite3.Connection, entry: int, below: int, offset: int = 0) -> Iterator[int]:
    """The records of an entry with a number below `below`, the newest first, without the first `offset`."""
    rows = connection.execute(
        "SELECT id FROM catalogue WHERE entry = ? AND id < ? ORDER BY id DESC LIMIT -1 OFFSET ?",
        (entry, below, offset),
    )
    return (row[0] for row in rows)


def ids_of_key(connection: sqlite3.Connection, key: str, below: int) -> Iterator[int]:
    """The records with a stored key and a number below `below`, the newest first: a step into each block."""
    rows = connection.execute(
        "WITH RECURSIVE blocks(n) AS (SELECT max(block) FROM history_keys WHERE block <= (?1 - 1) >> 11 UNION ALL "
        "SELECT (SELECT max(block) FROM history_keys WHERE block < n) FROM blocks WHERE n IS NOT NULL) "
        "SELECT k.id FROM blocks CROSS JOIN history_keys k ON k.block = n AND k.key = ?2 AND k.id < ?1",
        (below, key),
    )
    return iter(sorted((row[0] for row in rows), reverse=True))


def newest_of_key(connection: sqlite3.Connection, key: str) -> int | None:
    """The number of the newest record with a stored key: the few that are not here yet are looked at one by one."""
    (found,) = connection.execute(
        "SELECT max(id) FROM history WHERE id > ? AND key = ?", (catalogued(connection), key)
    ).fetchone()
    if found is not None:
        return found
    row = connection.execute(
        "WITH RECURSIVE blocks(n) AS (SELECT max(block) FROM history_keys UNION ALL "
        "SELECT (SELECT max(block) FROM history_keys WHERE block < n) FROM blocks WHERE n IS NOT NULL) "
        "SELECT (SELECT max(id) FROM history_keys WHERE block = n AND key = ?) AS found FROM blocks "
        "WHERE found IS NOT NULL LIMIT 1",
        (key,),
    ).fetchone()
    return None if row is None else row[0]


def skip(connection: sqlite3.Connection, entries: Sequence[int], below: int, offset: int) -> tuple[int, int]:
    """Pass over the first `offset` records of kinds: returns another `below` from which few are left to pass over.

    By blocks of 4,096 numbers, of which the records of each kind are counted.
    """
    block, listed = (below - 1) >> 12, json.dumps(entries)
    if offset == 0:
        return below, offset
    (n,) = connection.execute(
        "SELECT count(*) FROM catalogue WHERE entry IN (SELECT value FROM json_each(?)) AND id >= ? << 12 AND id < ?",
        (listed, block, below),
    ).fetchone()
    counts = connection.execute(
        "SELECT block, sum(n) FROM catalogue_counts WHERE entry IN (SELECT value FROM json_each(?)) AND block < ? "
        "GROUP BY block ORDER BY block DESC",
        (listed, block),
    ).fetchall()
    for older, n_older in counts:
        if n > offset:
            break
        below, offset, n = (older + 1) << 12, offset - n, n_older
    return below, offset


class Some(NamedTuple):
    """Records of some types (`lanes.kind`) and ends: of these only, or, where those are fewer, without the others.

    Empty: of all, without none.
    """

    kinds: Collection[int] = ()
    ends: Collection[str] = ()
    without_kinds: Collection[int] = ()
    without_ends: Collection[str] = ()

    def query(self, parts: str) -> str:
        """As a query of the texts that hold `parts`."""
        for word, marks in (
            ("AND", _kind_marks(self.kinds)),
            ("AND", _end_marks(self.ends)),
            ("NOT", _kind_marks(self.without_kinds)),
            ("NOT", _end_marks(self.without_ends)),
        ):
            parts = f"({parts}) {word} ({' OR '.join(marks)})" if marks else parts
        return parts


def ids_with_text(
    connection: sqlite3.Connection, text: str, some: Some, below: int, near: int
) -> Iterator[int]:
    """Some records that may hold a text (as `wanted_text` has it), with a number below `below`, the newest first.

    One or two letters are in so many records that the newest `near` are not looked up, but all named.
    """
    if len(text) < _LETTERS:
        return _ids_with_letters(connection, text, some, below, near)
    parts = _rarest(connection, text, below)
    return _matching(connection, some.query(" AND ".join(map(_quoted, parts))), below)


def _rarest(connection: sqlite3.Connection, text: str, below: int) -> Sequence[str]:
    """A few parts of a text, those that the fewest records seem to hold: what most hold is a long list and tells little."""
    places = range(len(text) - _LETTERS + 1)
    parts = list(dict.fromkeys(text[n : n + _LETTERS] for n in sorted(places, key=lambda n: n % _LETTERS)))
    if len(parts) > _PARTS:
        sample = connection.execute(
            "SELECT searched(label, key, last_error) FROM history WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps([below * n // _SAMPLE for n in range(1, _SAMPLE)]),),
        ).fetchall()
        parts.sort(key=lambda part: sum(part in held for (held,) in sample))
    return parts[:_PARTS]


def _ids_with_letters(
    connection: sqlite3.Connection, text: str, some: Some, below: int, near: int
) -> Iterator[int]:
    yield from range(below - 1, max(0, below - 1 - near), -1)
    rows = connection.execute(
        "SELECT term FROM catalogue_letters WHERE term >= ? AND term < ? || char(1114111)", (text, text)
    )
    parts = [_quoted(row[0]) for row in rows]
    if parts:
        yield from _matching(connection, some.query(" OR ".join(parts)), below - near)


def _kind_marks(kinds: Iterable[int]) -> list[str]:
    return [
        _quoted("".join(map(chr, (_MARK, _MARK + 1 + kind // 4096, _MARK + 1 + kind % 4096))))
        for kind in kinds
    ]


def _end_marks(ends: Collection[str]) -> list[str]:
    places = [place for place, end in enumerate(ENDS) if end in ends]
    return [_quoted("".join(map(chr, (_MARK, _MARK, _MARK + 1 + place)))) for place in places]


def _matching(connection: sqlite3.Connection, query: str, below: int) -> Iterator[int]:
    rows = connection.execute(
        "SELECT rowid FROM catalogue_texts WHERE catalogue_texts MATCH ? AND rowid < ? ORDER BY rowid DESC",
        (query, below),
    )
    return (row[0] for row in rows)


def _quoted(part: str) -> str:
    return '"' + part.replace('"', '""') + '"'
