"""One running attempt in memory: what its executor tells, and whether it has been told to stop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from scheduler_core.clock import Clock, to_datetime
from scheduler_core.domain.domain import Registration
from scheduler_core.engine.byte_stream import ByteStream
from scheduler_core.model.lane import LaneKey
from scheduler_core.model.snapshot import ByteProgress, EstimatedProgress
from scheduler_core.model.task import IoBudget, TaskRecord, TaskStatus
from scheduler_core.store.claim import Claimed
from scheduler_core.store.rows import LaneTable, task_record

_MOST_EXTRAPOLATED = 0.99
"""A guess never says that a task is done (contract, section 7)."""
_TELLS_SOMETHING = 0.01
"""From a smaller part of the work nobody can tell how long the whole takes."""
_FARTHEST_S = 366 * 86_400.0
"""An end that is farther away is no prediction."""


class StopReason(StrEnum):
    """Why an attempt is told to stop."""

    PAUSED = "paused"
    CANCELLED = "cancelled"
    PREEMPTED = "preempted"
    SHUTDOWN = "shutdown"


class Attempt:
    """The engine's side of one attempt; `RunLink` for runners. Its numbers may be told from any thread."""

    __slots__ = (
        "_in_step",
        "_lock",
        "_monotonic",
        "_on_progress",
        "_record",
        "_started_mono",
        "_stream",
        "begun",
        "bytes_total",
        "claimed",
        "dependencies",
        "done",
        "fraction",
        "io",
        "is_told",
        "lane",
        "lanes",
        "message",
        "registration",
        "state",
        "stop_reason",
        "task",
    )

    def __init__(
        self,
        claimed: Claimed,
        lane: LaneKey,
        lanes: LaneTable,
        registration: Registration,
        state: Sequence[object],
        clock: Clock,
        on_progress: Callable[[Attempt], None],
    ) -> None:
        self.claimed = claimed
        self.lane = lane
        self.lanes = lanes
        self.registration = registration
        self.state = state
        """What the tasks of its domain shared when it began."""
        self.stop_reason: StopReason | None = None
        self.begun = False
        """Has the runner looked at it? A task of asyncio that is cancelled before its first step never takes it."""
        self.task: asyncio.Task[Any] | None = None
        self.done: asyncio.Future[None] | None = None
        self.fraction: float | None = None
        self.message: str | None = None
        self.bytes_total: int | None = None
        self.is_told = False
        """Is it known already that it has told something? `heard` takes that back."""
        moved = claimed.actual_io
        self.io: IoBudget | None = None if moved is None else IoBudget.model_validate_json(moved)
        self._record: TaskRecord | None = None
        self._started_mono = clock.monotonic()
        self._stream: ByteStream | None = None  # most tasks report no bytes
        self._in_step = False
        self._monotonic = clock.monotonic
        self._on_progress = on_progress
        self._lock = threading.Lock()

    @property
    def id(self) -> int:
        """The task's id."""
        return self.claimed.id

    @property
    def attempt(self) -> int:
        """Which attempt this is, from 1."""
        return self.claimed.retry_count + 1

    @property
    def bytes_done(self) -> int:
        """How many bytes it has moved."""
        return 0 if self._stream is None else self._stream.done

    @property
    def is_cancelled(self) -> bool:
        """Has it been told to stop?"""
        return self.stop_reason is not None

    @property
    def record(self) -> TaskRecord:
        """The task as it was when the attempt began, but for its priority."""
        if self._record is None:
            c = self.claimed
            row = (
                *(
                    c.id,
                    c.lane,
                    c.key,
                    c.label,
                    c.priority,
                    TaskStatus.RUNNING,
                    c.payload,
                    c.tags,
                    c.max_retries,
                ),
                *(c.retry_count, c.last_error, c.created_at, c.started_at, c.run_at, c.parent_id, c.has_deps),
                *(c.expected_io, c.expires_at, None),
            )
            self._record = task_record(row, self.lanes, ())
        return self._record

    def set_priority(self, priority: int) -> None:
        """A person gave the task another priority while it runs."""
        self.claimed = self.claimed._replace(priority=priority)
        self._record = None

    def elapsed(self, clock: Clock) -> float:
        """Seconds since it began."""
        return clock.monotonic() - self._started_mono

    def stop(self, reason: StopReason) -> None:
        """Tell it to stop. A cancellation overrides a pause, and nothing overrides a cancellation."""
        first = self.stop_reason is None
        if first or reason is StopReason.CANCELLED:
            self.stop_reason = reason
        if first and self.begun and self.task is not None:
            self.task.cancel()

    # Told by the executor

    def progress(self, fraction: float, message: str | None) -> None:
        """It is this far."""
        self.fraction, self.message = fraction, message
        self._on_progress(self)

    def progress_count(self, done: int, total: int, message: str | None) -> None:
        """It has done so many of so many."""
        fraction = 1.0 if total <= 0 else min(1.0, done / total)
        self.progress(fraction, message if message is not None else f"{done:,} of {total:,}")

    def set_bytes_total(self, total: int) -> None:
        """It expects to move so many bytes; if none has come yet, from now on."""
        self.byte_sink.begin()
        self.bytes_total = total
        self._on_progress(self)

    def add_bytes(self, n: int) -> None:
        """It has moved `n` more bytes."""
        self.byte_sink.add(n)

    @property
    def byte_sink(self) -> ByteStream:
        """Where its bytes are added up."""
        with self._lock:  # two threads may bring the first bytes
            if self._stream is None:
                self._stream = stream = ByteStream(self._monotonic, self._started_mono, self._on_bytes)
                if self._in_step:
                    stream.resume()
            return self._stream

    def _on_bytes(self) -> None:
        if not self.is_told:
            self._on_progress(self)

    def heard(self) -> None:
        """Somebody is about to look at what it has told: what it tells from now on is news."""
        self.is_told = False
        if self._stream is not None:
            self._stream.look_next()

    def resume(self) -> None:
        """A step of its executor on the event loop begins."""
        self._in_step = True
        if self._stream is not None:
            self._stream.resume()

    def suspend(self) -> None:
        """The step is over: what it has told is known."""
        self._in_step = False
        if self._stream is not None:
            self._stream.suspend()

    def record_io(self, disk_read: int = 0, disk_write: int = 0, net_rx: int = 0, net_tx: int = 0) -> None:
        """It has read or written so many more bytes."""
        more = IoBudget(disk_read=disk_read, disk_write=disk_write, net_rx=net_rx, net_tx=net_tx)
        with self._lock:
            self.io = more if self.io is None else self.io + more

    # Asked by views

    def estimate(self, clock: Clock, usual: float | None) -> EstimatedProgress:
        """How far it is: as it says, else by its bytes, else by the `usual` duration of its type in seconds.

        What it says itself, or its bytes, may be 1.0; a guess is at most 0.99.
        """
        elapsed = self.elapsed(clock)
        fraction, guessed, left = self.fraction, False, None
        if fraction is not None:
            left = elapsed * (1.0 - fraction) / fraction if fraction >= _TELLS_SOMETHING else None
        elif self.bytes_total and self._stream is not None:
            done, rate = self._stream.read()
            fraction, left = min(1.0, done / self.bytes_total), _seconds_left(done, self.bytes_total, rate)
        elif usual:
            fraction, guessed = min(_MOST_EXTRAPOLATED, elapsed / usual), True
            left = max(usual - elapsed, elapsed * (1.0 - _MOST_EXTRAPOLATED))
        return EstimatedProgress.model_construct(
            task_id=self.id,
            task_type=self.lane.task_type,
            domain=self.lane.domain,
            label=self.claimed.label,
            fraction=fraction,
            message=self.message,
            extrapolated=guessed,
            eta=_eta(left, clock),
        )

    def byte_progress(self, clock: Clock) -> ByteProgress | None:
        """Its bytes, if it told of any."""
        if self._stream is None:
            return None
        done, rate = self._stream.read()
        if not done and self.bytes_total is None:
            return None
        return ByteProgress.model_construct(
            task_id=self.id,
            task_type=self.lane.task_type,
            label=self.claimed.label,
            done=done,
            total=self.bytes_total,
            throughput=rate,
            eta=_eta(_seconds_left(done, self.bytes_total, rate), clock),
        )


def _seconds_left(done: int, total: int | None, rate: float) -> float | None:
    """Until all bytes have come at this rate; None if that cannot be said."""
    if total is None:
        return None
    if done >= total:
        return 0.0
    return (total - done) / rate if rate > 0.0 else None


def _eta(left: float | None, clock: Clock) -> datetime | None:
    """The instant in so many seconds; None if nobody knows, or it is too far away to be true."""
    return None if left is None or left > _FARTHEST_S else to_datetime(clock.time() + left)
