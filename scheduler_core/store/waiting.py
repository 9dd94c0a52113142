"""The clock by which tasks wait: one a lane, which stands still while a pause holds the lane, and survives restarts.

A lane's clock reads `held_since` (or now) less `paused_s`, the seconds for which it has been held before.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from typing import NamedTuple

from scheduler_core.model.lane import LaneKey

CLOCK_SQL = "(SELECT coalesce(l.held_since, :now) - l.paused_s FROM lanes l WHERE l.id = tasks.lane)"
"""What the clock of a task's lane reads at `:now`."""


class StoredPause(NamedTuple):
    """A pause that outlives the program: of the scheduler (name ''), a domain or a group. Times are epoch seconds."""

    scope: str
    name: str
    until: float | None
    since: float
    reason: str | None = None


class LaneClock(NamedTuple):
    """How long a lane has been held before, seconds, and since when it is held now (epoch seconds; None: it is not)."""

    paused_s: float = 0.0
    held_since: float | None = None

    def read(self, now: float) -> float:
        """What it reads at `now`."""
        return (now if self.held_since is None else self.held_since) - self.paused_s


Clocks = Mapping[int, LaneClock]

_COVERS = (
    "(p.scope = 'scheduler' OR (p.scope = 'domain' AND p.name = lanes.domain) "
    "OR (p.scope = 'group' AND p.name = lanes.grp))"
)
_IS_PAUSED = f"EXISTS (SELECT 1 FROM pauses p WHERE {_COVERS})"
_RETURNING = " RETURNING id, paused_s, held_since"


class WaitingClock:
    """The clocks of lanes at one instant, within one operation.

    `known` are clocks that need not be read any more: whoever changes one must forget them first.
    """

    def __init__(
        self, connection: sqlite3.Connection, now: float, known: dict[int, LaneClock] | None = None
    ) -> None:
        self._connection = connection
        self._known = {} if known is None else known
        self.now = now

    def read(self, lane: int) -> float:
        """What the clock of a lane reads now."""
        clock = self._known.get(lane)
        if clock is None:
            row = self._connection.execute(
                "SELECT paused_s, held_since FROM lanes WHERE id = ?", (lane,)
            ).fetchone()
            clock = self._known[lane] = LaneClock(*row) if row else LaneClock()
        return clock.read(self.now)


def make_lane(
    connection: sqlite3.Connection, key: LaneKey, now: float, domains: Collection[str]
) -> tuple[int, LaneClock]:
    """The id of a lane, which is made when it is new, and its clock. `domains` are those that are there."""
    made = connection.execute(
        "INSERT OR IGNORE INTO lanes (domain, task_type, grp, io) VALUES (?, ?, ?, ?)",
        (key.domain, key.task_type, key.group, key.io),
    )
    if made.rowcount:
        connection.execute(
            "UPDATE lanes SET kind = (SELECT min(k.id) FROM lanes k WHERE k.task_type = ?1) WHERE id = ?2",
            (key.task_type, made.lastrowid),
        )
    lane, *clock = connection.execute(
        "SELECT id, paused_s, held_since FROM lanes WHERE task_type = ? AND grp = ? AND io = ?",
        (key.task_type, key.group, key.io),
    ).fetchone()
    held = _stop(connection, now, "id = ?", (lane,))
    held.update(_stop_absent(connection, now, domains, "id = ?", (lane,)))  # it goes while this is submitted
    return int(lane), held.get(lane, LaneClock(*clock))


def set_pause(connection: sqlite3.Connection, pause: StoredPause, now: float) -> Clocks:
    """Store a pause, instead of one of the same scope and name; returns the clocks that stand still from now on."""
    connection.execute(
        "INSERT OR REPLACE INTO pauses (scope, name, until, created_at, reason) VALUES (?, ?, ?, ?, ?)", pause
    )
    return _stop(connection, now)


def drop_pause(
    connection: sqlite3.Connection, scope: str, name: str, now: float, domains: Collection[str]
) -> Clocks:
    """Forget a pause; returns the clocks that go on, those that nothing else holds. `domains` are those that are there."""
    connection.execute("DELETE FROM pauses WHERE scope = ? AND name = ?", (scope, name))
    return _go_on(connection, now, domains)


def clocks_by_domains(connection: sqlite3.Connection, now: float, domains: Collection[str]) -> Clocks:
    """Clocks go on or stand still by which domains are there now, `domains`; those that changed."""
    gone_on = _go_on(connection, now, domains)
    return {**gone_on, **_stop_absent(connection, now, domains)}


def recover_clocks(connection: sqlite3.Connection, now: float, domains: Collection[str]) -> list[StoredPause]:
    """The pauses still in force; clocks go on or stand still by them, and by whether their domain is there."""
    over = connection.execute("SELECT max(until) FROM pauses WHERE until <= ?", (now,)).fetchone()[0]
    connection.execute("DELETE FROM pauses WHERE until <= ?", (now,))
    _go_on(connection, now if over is None else over, domains)
    _stop(connection, now)
    _stop_absent(connection, now, domains)
    pauses = connection.execute("SELECT scope, name, until, created_at, reason FROM pauses")
    return [StoredPause(*row) for row in pauses]


def _stop(
    connection: sqlite3.Connection, now: float, which: str = "1", values: tuple[int, ...] = ()
) -> dict[int, LaneClock]:
    rows = connection.execute(
        f"UPDATE lanes SET held_since = ? WHERE held_since IS NULL AND {which} AND {_IS_PAUSED}{_RETURNING}",
        (now, *values),
    ).fetchall()
    return {row[0]: LaneClock(*row[1:]) for row in rows}


def _stop_absent(
    connection: sqlite3.Connection,
    now: float,
    domains: Collection[str],
    which: str = "1",
    values: tuple[int, ...] = (),
) -> dict[int, LaneClock]:
    marks = ", ".join("?" * len(domains))
    rows = connection.execute(
        f"UPDATE lanes SET held_since = ? WHERE held_since IS NULL AND {which} AND domain NOT IN ({marks}){_RETURNING}",
        (now, *values, *domains),
    ).fetchall()
    return {row[0]: LaneClock(*row[1:]) for row in rows}


def _go_on(connection: sqlite3.Connection, now: float, domains: Collection[str]) -> Clocks:
    marks = ", ".join("?" * len(domains))
    rows = connection.execute(
        "UPDATE lanes SET paused_s = paused_s + max(0, ? - held_since), held_since = NULL "
        f"WHERE held_since IS NOT NULL AND domain IN ({marks}) AND NOT {_IS_PAUSED}{_RETURNING}",
        (now, *domains),
    ).fetchall()
    return {row[0]: LaneClock(*row[1:]) for row in rows}
