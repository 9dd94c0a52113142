"""What every runner promises the engine, and what the engine lends it for one attempt."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Protocol

from scheduler_core.errors import PermanentError
from scheduler_core.model.task import TaskRecord

PlainFunction = Callable[[Any, Any], object]
"""An author's plain `def`: takes the task and a context, returns the memo."""


class RunLink(Protocol):
    """The engine's side of one running attempt. Every member may be used from any thread."""

    @property
    def attempt(self) -> int:
        """Which attempt this is, from 1."""
        ...

    @property
    def record(self) -> TaskRecord:
        """The task as it was when the attempt began."""
        ...

    @property
    def is_cancelled(self) -> bool:
        """Has the attempt been told to stop?"""
        ...

    def progress(self, fraction: float, message: str | None) -> None:
        """The function is this far, 0.0 to 1.0."""
        ...

    def progress_count(self, done: int, total: int, message: str | None) -> None:
        """The function has done so many of so many."""
        ...

    def set_bytes_total(self, total: int) -> None:
        """How many bytes the function expects to move."""
        ...

    def add_bytes(self, n: int) -> None:
        """The function has moved `n` more bytes."""
        ...

    def record_io(self, disk_read: int = 0, disk_write: int = 0, net_rx: int = 0, net_tx: int = 0) -> None:
        """The function has read or written so many more bytes."""
        ...


class Runner(ABC):
    """Runs plain functions somewhere else than on the event loop's thread.

    A runner has no queue and no cap unless it is given one: how many run at once is the scheduler's to say. One
    runner may serve several domains. After `aclose` it may be started again.
    """

    @abstractmethod
    async def start(self) -> None:
        """Make ready; idempotent. What is costly may wait for the first `run`."""

    @abstractmethod
    async def run(self, function: PlainFunction, task: object, context: object, link: RunLink) -> object:
        """Call `function(task, a context)` elsewhere and return what it returns; raises what it raises.

        Cancelling this coroutine ends it only when the function has really ended, so that no stopped task still
        writes; whoever cancels bounds that wait. A worker that dies is a `RetryableError`.
        """

    def check(self, function: PlainFunction) -> None:  # noqa: B027 - most runners take any function
        """Raise `TypeError`, with the way out, when this runner cannot run `function`. Called when it is registered."""

    @abstractmethod
    async def aclose(self) -> None:
        """Give back threads and processes; idempotent. What still runs is given up."""


def contained(error: BaseException) -> Exception:
    """`error`, or a `PermanentError` caused by it where it would tear down the event loop instead of the attempt.

    `SystemExit`, `KeyboardInterrupt`, `CancelledError` and `StopIteration` mean something to asyncio; out of an
    author's function they are only a failure of that function.
    """
    if isinstance(error, Exception) and not isinstance(error, StopIteration):
        return error
    failure = PermanentError(
        f"the function raised {type(error).__name__}({error}), which no executor may raise"
    )
    failure.__cause__ = error
    return failure
