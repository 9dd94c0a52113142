"""What the model knows of a task: plain values, as the contract names them."""

from __future__ import annotations

from dataclasses import dataclass, field

KINDS = {"alpha::job": "alpha", "alpha::family": "alpha", "beta::errand": "beta"}
"""Qualified task types and their domains."""
FINALIZED = frozenset({"alpha::family"})
"""Types whose executor has `finalize`."""
TOO_LATE = "it did not start in its time"
"""Why a task expired."""
UNHAPPY = frozenset({"failed", "dead_letter", "dependency_failed", "expired"})
"""Ends that a person should look at; a parent fails with such a child."""
RETRIABLE = UNHAPPY | {"cancelled"}
"""Ends that may be tried again."""


class Refused(Exception):
    """The submission is an error for its caller, and nothing of it is stored."""


@dataclass(frozen=True)
class Ask:
    """One submission with its defaults resolved. Times are epoch seconds, `delay` and `ttl` seconds."""

    kind: str
    key: str
    priority: int = 128
    group: str | None = None
    tags: tuple[tuple[str, str], ...] = ()
    due: float | None = None
    deps: tuple[int, ...] = ()
    policy: str = "cancel"
    parent: int | None = None
    fail_fast: bool = True
    retries: int = 3
    delay: float = 0.0
    ttl: float | None = None
    """Set where the time to live begins with the first attempt."""
    expires: float | None = None
    on_duplicate: str = "skip"

    @property
    def domain(self) -> str:
        """Whose task it is."""
        return KINDS[self.kind]


@dataclass
class Task:
    """An active task. `status` is pending, running, waiting or blocked: what a pause holds is pending here."""

    id: int
    ask: Ask
    status: str
    priority: int
    due: float | None
    expires: float | None
    deps: list[int]
    left: set[int]
    """The dependencies that are not met yet."""
    retry_count: int = 0
    started: bool = False
    finalizing: bool = False
    cancelling: bool = False
    last_error: str | None = None
    child_error: str | None = None
    twin: Ask | None = None
    """What runs once more after it."""

    def may_expire(self, now: float) -> bool:
        """Is its time over, and may that end it?"""
        waits = self.status in ("pending", "blocked") and not self.finalizing
        return (
            waits
            and (self.ask.ttl is not None or not self.started)
            and self.expires is not None
            and self.expires <= now
        )


@dataclass(frozen=True)
class End:
    """How a task is to end. `holds`: its dependents stay blocked, for a person to decide."""

    id: int
    status: str
    error: str | None = None
    holds: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt: complete, fail, retry (in `delay` seconds), or interrupted, preempted, cancelled."""

    kind: str
    error: str | None = None
    delay: float | None = None
    """Seconds that the executor asks for; None: as the task's policy says."""


@dataclass(frozen=True)
class Record:
    """A task in the history."""

    task: Task
    status: str
    error: str | None
    """A part of what `last_error` says; None for no error."""
    deps: tuple[int, ...]


@dataclass(frozen=True)
class Attempt:
    """A running attempt and the slots it takes: it has them until it is over, whatever became of its task."""

    id: int
    kind: str
    group: str | None
    priority: int


@dataclass
class Bucket:
    """A rate limit: so many tokens, as of a monotonic time."""

    rate: float
    burst: int
    tokens: float
    at: float

    def available(self, mono: float) -> float:
        """Tokens at this time."""
        return min(float(self.burst), self.tokens + (mono - self.at) * self.rate)

    def is_open(self, mono: float) -> bool:
        """Is there one?"""
        return self.available(mono) >= 1.0 - 1e-9

    def take(self, mono: float, n: float = 1.0) -> None:
        """Take one, or put one back."""
        self.tokens, self.at = min(float(self.burst), self.available(mono) - n), mono


@dataclass
class Limits:
    """Caps and rates as they are set now; those of a new scheduler, after a restart."""

    cap: int = 4
    domains: dict[str, int | None] = field(default_factory=lambda: {"alpha": None, "beta": None})
    groups: dict[str, int | None] = field(default_factory=dict)
    rates: dict[tuple[str, str], Bucket] = field(default_factory=dict)
    """By ("type", qualified type) or ("group", group)."""
