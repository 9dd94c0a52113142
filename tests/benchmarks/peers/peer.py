"""What a peer is: a library of the package index that stores tasks, how it is used here, and what it does not offer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks.table import Aim

Rate = Callable[[Path, int, str], float]
"""Tasks a second, of so many in an empty folder, at a durability (`Peer.durable`)."""


@dataclass(frozen=True)
class Peer:
    """A peer, used in the way that is fastest for it. `tasks` are as many as it does in some seconds.

    `durable` are the values of SQLite's pragma `synchronous` with which it is measured, or "memory". `enqueue` stores tasks
    one by one, each durable when it returns; `run` takes out what is stored, runs it and completes it, the storing apart.
    """

    distribution: str
    how: str
    lacks: str
    tasks: int
    durable: Sequence[str]
    enqueue: Rate
    run: Rate
    aim: Aim | None = None

    @property
    def name(self) -> str:
        """As the table calls it, with what it does not offer."""
        return f"{self.distribution} {version(self.distribution)} ({self.how}; {self.lacks})"
