"""Pages of the history are what a plain look at every record says, however much of it the catalogue has."""

from __future__ import annotations

import json
import random
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256

import pytest
from hypothesis import given, settings, strategies as st

from scheduler_core.model.lane import LaneKey
from scheduler_core.store import catalogue, history_pages
from scheduler_core.store.catalogue import ENDS, searched_text
from scheduler_core.store.changes import Changes
from scheduler_core.store.ending import ATTENTION
from scheduler_core.store.history_pages import Wanted, history_page
from scheduler_core.store.prune import Keep, prune
from scheduler_core.store.rows import LaneTable
from scheduler_core.store.schema import load_migrations, statements_of
from scheduler_core.store.waiting import LaneClock

LANES = {
    1: LaneKey("a", "a::scan", ""),
    2: LaneKey("a", "a::scan", "g"),
    3: LaneKey("a", "a::photo", ""),
    4: LaneKey("b", "b::mail", ""),
}
LABELS = [
    "scan",
    "photo",
    "mail",
    "a",
    "ab",
    "Straße",
    "IMG_1.jpg",
    "IMG_12.jpg",
    'say "x"',
    "nul\0l",
    "😀é",
    "%_",
]
KEYS = ["k", "job-1", "Straße"]
ERRORS = [None, None, None, "on fire", "IMG", "ab"]
TAGS: list[Mapping[str, str]] = [{}, {}, {"job": "1"}, {"job": "2", "x": "é"}, {"job": "1", "x": 'q"'}]
TEXTS = [
    *("scan", "SCA", "can", "photo", "a", "b", "g", "ab", "str", "SS", "straße", "img", "img_1", "img_1.jpg"),
    *(
        "IMG_12",
        '"x"',
        "l\0l",
        "nul",
        "😀",
        "é",
        "%",
        "_",
        "fire",
        "on fire",
        "job-1",
        "a::",
        "none",
        "zz",
        "z",
    ),
]


@dataclass(frozen=True)
class Record:
    """A record as a plain list holds it."""

    id: int
    lane: int
    key: str
    label: str
    status: str
    error: str | None
    tags: Mapping[str, str]
    attention: bool

    def is_as(self, wanted: Wanted) -> bool:
        """The plain look."""
        texts = [self.label, self.error or "", *([self.key] if ":" in self.key else [])]
        text = (wanted.text or "").casefold()
        return (
            (not wanted.statuses or self.status in wanted.statuses)
            and (wanted.lane_ids is None or self.lane in wanted.lane_ids)
            and (not wanted.attention or self.attention)
            and (wanted.since is None or self.id >= wanted.since)  # its number is when it ended
            and (wanted.until is None or self.id < wanted.until)
            and all(self.tags.get(key) == value for key, value in (wanted.tags or {}).items())
            and (any(text in one.casefold() for one in texts) or wanted.text == self.key)
        )


class Books:
    """A history in a database and as a list."""

    def __init__(self, draw: random.Random, size: int, step: int = 1) -> None:
        """`size` records, whose numbers are `step` apart."""
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.connection.create_function("searched", 3, searched_text, deterministic=True)
        for script in load_migrations():
            for statement in statements_of(script):
                self.connection.execute(statement)
        self.lanes = LaneTable()
        for lane, key in LANES.items():
            self.connection.execute(
                "INSERT INTO lanes (id, domain, task_type, grp) VALUES (?, ?, ?, ?)", (lane, *key[:3])
            )
            self.lanes.add(lane, key, LaneClock())
            self.connection.execute("UPDATE lanes SET kind = ? WHERE id = ?", (self.lanes.kind(lane), lane))
        self.records = [self._write(draw, number) for number in range(1, size * step, step)]
        self._count()

    def _write(self, draw: random.Random, number: int) -> Record:
        lane = draw.choice(list(LANES))
        own = f"{LANES[lane].task_type}:{draw.choice(KEYS)}{number}"
        key = draw.choice([sha256(str(number).encode()).hexdigest(), own])
        status, tags = draw.choice([*ENDS, "completed", "completed"]), draw.choice(TAGS)
        record = Record(
            number, lane, key, draw.choice(LABELS), status, draw.choice(ERRORS), tags, status in ATTENTION
        )
        self.connection.execute(
            "INSERT INTO history (id, task_id, lane, key, label, priority, status, payload, tags, max_retries, "
            "retry_count, last_error, created_at, completed_at, fail_fast, on_dep_failure, attention) "
            "VALUES (?, ?, ?, ?, ?, 1, ?, '{}', ?, 0, 0, ?, 0, ?, 1, 'cancel', ?)",
            (
                *(number, -number, lane, key, record.label, status, json.dumps(tags) if tags else None),
                *(record.error, float(number), record.attention),
            ),
        )
        return record

    def _count(self) -> None:
        ends = Counter((record.lane, record.status) for record in self.records)
        self.connection.executemany(
            "INSERT INTO totals (lane, status, n, seconds) VALUES (?, ?, ?, 0)",
            [(*place, n) for place, n in ends.items()],
        )
        tags = Counter((*tag, one.lane, one.status) for one in self.records for tag in one.tags.items())
        self.connection.executemany(
            "INSERT INTO tag_counts VALUES (?, ?, ?, ?, ?)", [(*place, n) for place, n in tags.items()]
        )
        self.connection.executemany(
            "INSERT OR IGNORE INTO tag_values (key, value, id, created_at) VALUES (?, ?, ?, 0)",
            [(*place[:2], number) for number, place in enumerate(tags, start=1)],
        )

    def page(self, wanted: Wanted, **more: int | None) -> list[int]:
        """The numbers of a page of the database."""
        page = history_page(self.connection, self.lanes, wanted, **{"limit": 7, **more})  # pyright: ignore[reportArgumentType]
        return [record.seq for record in page]

    def expected(
        self, wanted: Wanted, limit: int = 7, offset: int = 0, before_id: int | None = None
    ) -> list[int]:
        """The numbers of a page of the list."""
        found = [
            record.id
            for record in reversed(self.records)
            if record.is_as(wanted) and (before_id is None or record.id < -before_id)
        ]
        return found[offset : offset + limit]

    def prune(self, keep: int) -> None:
        """Only the newest stay."""
        self.records = self.records[-keep:] if keep else []
        prune(self.connection, Keep(count=keep), 1_000, Changes())


def wanted_by(draw: random.Random) -> Iterator[Wanted]:
    """Each thing alone, then some together."""
    statuses, lanes = tuple(draw.sample(ENDS, 2)), draw.choice([[1, 2, 3], [4], []])
    text, tags = draw.choice(TEXTS), draw.choice([{"job": "1"}, {"job": "1", "x": 'q"'}, {"job": "9"}])
    yield Wanted()
    yield Wanted(statuses)
    yield Wanted(lane_ids=lanes)
    yield Wanted(tags=tags)
    yield Wanted(attention=True)
    yield from (Wanted(text=one) for one in TEXTS)
    for _ in range(8):
        yield Wanted(
            draw.choice([(), statuses]),
            draw.choice([None, lanes]),
            draw.choice([None, text]),
            draw.random() < 0.3,
            draw.choice([None, tags]),
            draw.choice([None, None, draw.uniform(-1, 70), draw.uniform(-1, 50_000)]),
            draw.choice([None, None, draw.uniform(-1, 70), float(draw.randrange(70))]),
        )
    yield Wanted(since=20.0)
    yield Wanted(until=20.0)
    yield Wanted(since=5.0, until=40.5)
    yield Wanted(since=40.5, until=5.0)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_page_is_what_a_plain_look_says(seed: int) -> None:
    draw = random.Random(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history_pages, "_NEAR", draw.choice([0, 5, 500]))
        patch.setattr(history_pages, "_FEW", draw.choice([0, 5_000]))
        patch.setattr(history_pages, "_FIRST_CHUNK", 2)
        step = draw.choice([1, 1, 900])
        books = Books(draw, draw.choice([0, 1, 10, 60]), step)
        with closing(books.connection):
            for _ in range(draw.choice([0, 1, 3])):
                catalogue.catalogue(books.connection, draw.choice([1, 10, 40]) * step)
            if draw.random() < 0.5:
                books.prune(draw.randrange(len(books.records) + 1))
            if draw.random() < 0.5:
                catalogue.catalogue(books.connection, draw.choice([1, 40]) * step)
            keys = [Wanted(text=record.key) for record in books.records[:3]]
            for wanted in (*wanted_by(draw), *keys):
                known = [-record.id for record in books.records] or [-1]
                more = draw.choice([{}, {"offset": draw.randrange(40)}, {"before_id": draw.choice(known)}])
                assert books.page(wanted, **more) == books.expected(wanted, **more), (wanted, more)
                assert books.page(wanted, before_id=999) == []


@pytest.mark.parametrize(
    "wanted", [Wanted(), Wanted(ENDS[:3]), Wanted(lane_ids=[1, 2, 4]), Wanted(tags={"job": "1"})]
)
def test_no_offset_loses_a_record_or_tells_it_twice(wanted: Wanted) -> None:
    books = Books(random.Random(1), 100, 900)
    with closing(books.connection):
        catalogue.catalogue(books.connection, 90 * 900)
        for offset in range(101):
            for before_id in (None, -books.records[77].id):
                more = {"offset": offset, "before_id": before_id}
                assert books.page(wanted, **more) == books.expected(wanted, **more)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_pruning_leaves_the_catalogue_as_if_the_records_had_never_been(seed: int) -> None:
    draw = random.Random(seed)
    books = Books(draw, 40)
    with closing(books.connection):
        catalogue.catalogue(books.connection, 30)
        books.prune(draw.randrange(41))
        kept = contents(books.connection)
        for table in ("catalogue", "catalogue_counts", "meta"):
            books.connection.execute(f"DELETE FROM {table}")
        books.connection.execute("INSERT INTO catalogue_texts (catalogue_texts) VALUES ('delete-all')")
        books.connection.execute("INSERT INTO meta (name, value) VALUES ('catalogued', 0)")
        oldest = books.records[0].id if books.records else 31
        catalogue.catalogue(books.connection, max(0, 31 - oldest))
        assert kept == contents(books.connection)


def contents(connection: sqlite3.Connection) -> list[list[tuple[object, ...]]]:
    """All that the catalogue holds."""
    return [
        connection.execute(f"SELECT {columns} FROM {table} ORDER BY 1, 2").fetchall()
        for table, columns in (
            ("catalogue", "entry, id"),
            ("catalogue_counts", "entry, block, n"),
            ("catalogue_letters", "term, doc"),
        )
    ]
