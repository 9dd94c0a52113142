"""What one committed operation changed: read by the engine once, after the commit."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from typing import NamedTuple, cast

from pydantic_core import from_json

from scheduler_core.model.task import TaskStatus

HELD = "held"
"""The stored status of a task that is held one by one; people read `paused`."""
ACTIVE = ("pending", "waiting", "blocked", HELD)
"""The stored statuses that tags of active tasks are counted by: what runs is counted as pending."""
_MOST_BYTES = 2**50
_LARGEST_SUM = 2**62


class Ready(NamedTuple):
    """A task that may start as soon as its gates let it."""

    lane: int
    priority: int
    id: int
    aged_from: float


class Rearranged(NamedTuple):
    """An active task that a person gave another place: its lane and priority from now on, or its time."""

    id: int
    lane: int
    priority: int


class IoSums(NamedTuple):
    """How many completed tasks said what they moved, and what they moved together, bytes."""

    n: int = 0
    disk_read: int = 0
    disk_write: int = 0
    net_rx: int = 0
    net_tx: int = 0

    @classmethod
    def of_text(cls, actual_io: str) -> IoSums:
        """What one task said, from its stored JSON; at most a pebibyte in each direction, so that sums stay integers."""
        moved = json.loads(actual_io)
        return cls(1, *(min(moved[name], _MOST_BYTES) for name in cls._fields[1:]))

    def plus(self, other: IoSums, sign: int = 1) -> IoSums:
        """Both together, or with a `sign` of -1 this without the other."""
        return IoSums(
            *(min(_LARGEST_SUM, mine + sign * theirs) for mine, theirs in zip(self, other, strict=True))
        )


class Facts(NamedTuple):
    """What an event says about a task. `tags` is JSON text; `aged_from` is when it began to wait, by its lane's clock."""

    id: int
    lane: int
    label: str
    priority: int
    tags: str | None
    aged_from: float


class Ended(NamedTuple):
    """A task that went to the history."""

    facts: Facts
    status: TaskStatus
    error: str | None
    duration: float


class Again(NamedTuple):
    """A submission that waited for its running twin to end, as JSON text, the twin's lane and its schedule."""

    text: str
    lane: int
    schedule_id: int | None


class Retried(NamedTuple):
    """A failed attempt that will be followed by another one. `at` None is at once."""

    facts: Facts
    error: str
    at: float | None


class Over(NamedTuple):
    """The active task of a schedule, which has ended, and whether it had ever been started."""

    facts: Facts
    has_started: bool


class ScheduleState(NamedTuple):
    """A schedule as it is after a commit, with its one active task. `schedule` is JSON text."""

    id: int
    task_id: int
    lane: int
    label: str
    schedule: str
    occurrence: int
    next_at: float
    is_paused: bool


class Skipped(NamedTuple):
    """So many times of a schedule were passed over, and the occurrence that comes instead."""

    facts: Facts
    schedule_id: int
    n: int


class Spent(NamedTuple):
    """A schedule that has had all its occurrences, and the last of them."""

    facts: Facts
    schedule_id: int
    occurrences: int


class Stop(NamedTuple):
    """A running task whose attempt has to be interrupted."""

    id: int
    reason: str


_NO_IO = IoSums()
# A sum that no integer of SQLite holds would be a fraction, which the table refuses: what is absurd stays at the largest.
IO_SUMS = ("io_n", *IoSums._fields[1:])
_ADD_TOTALS = (
    f"INSERT INTO totals (lane, status, n, seconds, {', '.join(IO_SUMS)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (lane, status) DO UPDATE SET n = n + excluded.n, seconds = seconds + excluded.seconds, "
    + ", ".join(f"{name} = min({name} + excluded.{name}, {_LARGEST_SUM})" for name in IO_SUMS)
)


class Changes:
    """The effects of one operation, added up. Counts are differences by (lane, stored status)."""

    __slots__ = (
        "again",
        "aside",
        "attention",
        "back",
        "counts",
        "due_at",
        "ended",
        "expires_at",
        "failed_attempts",
        "interrupted",
        "io",
        "outcomes",
        "preempted",
        "ready",
        "rearranged",
        "recur",
        "retried",
        "schedules",
        "seconds",
        "skipped",
        "spent",
        "stop",
        "submitted",
        "tag_counts",
        "taken_back",
        "totals",
        "unblocked",
        "waiting",
    )

    # By hand: the factories of a dataclass take ten times as long, and each operation makes one of these.
    def __init__(self, outcomes: int = 0) -> None:
        self.outcomes = outcomes
        """So many outcomes of attempts were written."""
        self.failed_attempts: list[int] = []
        """The lanes of those that failed."""
        self.ready: list[Ready] = []
        self.rearranged: list[Rearranged] = []
        """What leaves the place in which it stood; if it is ready, it is in `ready` too."""
        self.submitted: list[tuple[Facts, TaskStatus]] = []
        self.unblocked: list[Facts] = []
        self.waiting: list[Facts] = []
        self.retried: list[Retried] = []
        self.interrupted: list[Facts] = []
        self.preempted: list[Facts] = []
        self.ended: list[Ended] = []
        self.aside: list[Facts] = []
        """Tasks that were set aside: nothing finds them until they are brought back or end."""
        self.back: list[Facts] = []
        """Tasks that were, and have been brought back."""
        self.taken_back: list[Facts] = []
        """Retries that were taken back: the task is gone, as if it never came."""
        self.again: list[Again] = []
        self.recur: dict[int, Over] = {}
        """Schedules whose active task has ended, and that task: something has to take its place in this transaction."""
        self.schedules: dict[int, ScheduleState | None] = {}
        """Schedules that changed; None: it is gone."""
        self.skipped: list[Skipped] = []
        self.spent: list[Spent] = []
        self.stop: list[Stop] = []
        self.counts: dict[tuple[int, str], int] = {}
        self.totals: dict[tuple[int, str], int] = {}
        self.seconds: dict[tuple[int, str], float] = {}
        self.io: dict[tuple[int, str], IoSums] = {}
        self.tag_counts: dict[tuple[str, str, int, str], int] = {}
        self.attention = 0
        self.due_at: float | None = None
        self.expires_at: float | None = None

    def count(self, lane: int, status: str, n: int = 1) -> None:
        """`n` more active tasks of this stored status."""
        key = (lane, status)
        self.counts[key] = self.counts.get(key, 0) + n

    def total(self, lane: int, status: str, n: int, seconds: float) -> None:
        """`n` more tasks that ended so, and how long their last attempts took together."""
        key = (lane, status)
        self.totals[key] = self.totals.get(key, 0) + n
        self.seconds[key] = self.seconds.get(key, 0.0) + seconds

    def moved(self, lane: int, status: str, actual_io: str | None, sign: int = 1) -> None:
        """A task that ended so said what it moved (JSON text); only of completed ones it is kept."""
        if actual_io is not None and status == TaskStatus.COMPLETED:
            key = (lane, status)
            self.io[key] = self.io.get(key, _NO_IO).plus(IoSums.of_text(actual_io), sign)

    def count_tags(self, tags: Iterable[tuple[str, str]], lane: int, status: str, n: int) -> None:
        """`n` more tasks of this status for each of these tags."""
        counts = self.tag_counts
        for key, value in tags:
            place = (key, value, lane, status)
            counts[place] = counts.get(place, 0) + n

    def recount(self, lane: int, tags: str | None, before: str, after: str) -> None:
        """One task has another stored status."""
        self.count(lane, before, -1)
        self.count(lane, after)
        if tags:
            items = tags_of(tags).items()
            self.count_tags(items, lane, before, -1)
            self.count_tags(items, lane, after, 1)

    def due(self, at: float) -> None:
        """A task waits for this time."""
        if self.due_at is None or at < self.due_at:
            self.due_at = at

    def expires(self, at: float | None) -> None:
        """A task may expire at this time; None for one that never does."""
        if at is not None and (self.expires_at is None or at < self.expires_at):
            self.expires_at = at

    def write_counters(self, connection: sqlite3.Connection) -> None:
        """Bring the kept counters up to date, in the same transaction."""
        if self.totals:
            connection.executemany(
                _ADD_TOTALS,
                [
                    (*place, n, self.seconds[place], *self.io.get(place, _NO_IO))
                    for place, n in self.totals.items()
                    if n
                ],
            )
        if self.tag_counts:
            self._write_tag_counts(connection)

    def _write_tag_counts(self, connection: sqlite3.Connection) -> None:
        active: list[tuple[str, str, int, str, int]] = []
        ended: list[tuple[str, str, int, str, int]] = []
        for place, n in self.tag_counts.items():
            if n:
                (active if place[3] in ACTIVE else ended).append((*place, n))
        for table, counts in ("active_tag_counts", active), ("tag_counts", ended):
            if counts:
                connection.executemany(
                    f"INSERT INTO {table} (key, value, lane, status, n) VALUES (?, ?, ?, ?, ?) "
                    "ON CONFLICT (key, value, lane, status) DO UPDATE SET n = n + excluded.n",
                    counts,
                )
        # Of active tasks there are counters only where there are tasks: of what has ended there may be any number.
        fewer = [count[:4] for count in active if count[4] < 0]
        if fewer:
            connection.executemany(
                "DELETE FROM active_tag_counts WHERE key = ? AND value = ? AND lane = ? AND status = ? AND n = 0",
                fewer,
            )


def id_list(ids: Iterable[int]) -> str:
    """Ids as the JSON array that `json_each(?)` takes."""
    return json.dumps(list(ids))


_SHOWN = {status.value: status for status in TaskStatus} | {HELD: TaskStatus.PAUSED}


def shown_status(stored: str) -> TaskStatus:
    """A stored status as people read it, apart from pauses of its lane."""
    return _SHOWN[stored]


def tags_of(text: str | None) -> Mapping[str, str]:
    """Tags from their stored JSON."""
    return cast("Mapping[str, str]", from_json(text)) if text else {}


# `json.dumps` would make one for each call.
_TAGS_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def tags_text(tags: Mapping[str, str]) -> str | None:
    """Tags as they are stored."""
    return _TAGS_ENCODER.encode(dict(tags)) if tags else None
