"""What a running task may touch."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar, Unpack, cast, overload

from scheduler_core.domain.backend import Backend
from scheduler_core.domain.handle import DomainHandle
from scheduler_core.domain.names import domain_name
from scheduler_core.domain.resolve import SubmitOptions
from scheduler_core.errors import (
    InvalidArgumentError,
    InvalidStateError,
    TaskCancelledError,
    UnknownDomainError,
)
from scheduler_core.model.task import SubmitOutcome, TaskRecord
from scheduler_core.model.typed import DomainKey, TypedTask

K = TypeVar("K", bound=DomainKey)
T = TypeVar("T")


class ByteSink(Protocol):
    """Where the bytes of an attempt are added up: reports join the list, and somebody looks when they are enough."""

    @property
    def joined(self) -> list[int]: ...

    @property
    def enough(self) -> int: ...

    def look(self) -> None: ...


class Link(Protocol):
    """One running attempt, as the engine keeps it. Every member may be used from any thread."""

    @property
    def attempt(self) -> int: ...

    @property
    def record(self) -> TaskRecord: ...

    @property
    def is_cancelled(self) -> bool: ...

    def progress(self, fraction: float, message: str | None) -> None: ...

    def progress_count(self, done: int, total: int, message: str | None) -> None: ...

    def set_bytes_total(self, total: int) -> None: ...

    @property
    def byte_sink(self) -> ByteSink: ...

    def record_io(
        self, disk_read: int = 0, disk_write: int = 0, net_rx: int = 0, net_tx: int = 0
    ) -> None: ...


class TaskContext:
    """One attempt of one task, as its executor sees it. Usable from any thread but for the coroutines."""

    __slots__ = ("_backend", "_bytes", "_link", "_state")

    def __init__(self, link: Link, backend: Backend, state: Sequence[object]) -> None:
        self._link = link
        self._backend = backend
        self._bytes: ByteSink | None = None  # most tasks report no bytes
        self._state = state

    @property
    def record(self) -> TaskRecord:
        """The task as it was when the attempt began."""
        return self._link.record

    @property
    def attempt(self) -> int:
        """Which attempt this is, from 1. An interruption by a pause or a crash does not make a new one."""
        return self._link.attempt

    # Other work

    @overload
    def domain(self, key: type[K]) -> DomainHandle[K]: ...
    @overload
    def domain(self, key: str) -> DomainHandle[Any]: ...
    def domain(self, key: type[DomainKey] | str) -> DomainHandle[Any]:
        """The handle of a domain, by key or name. Raises `UnknownDomainError`."""
        handle = self.try_domain(key)
        if handle is None:
            raise UnknownDomainError(
                f"domain {domain_name(key)!r}",
                "this scheduler has no such domain",
                "Use try_domain where it may be missing.",
            )
        return handle

    @overload
    def try_domain(self, key: type[K]) -> DomainHandle[K] | None: ...
    @overload
    def try_domain(self, key: str) -> DomainHandle[Any] | None: ...
    def try_domain(self, key: type[DomainKey] | str) -> DomainHandle[Any] | None:
        """The handle of a domain, by key or name, or None."""
        return self._backend.find_domain(domain_name(key))

    def state(self, kind: type[T]) -> T | None:
        """The shared object of this type: the domain's own, else the scheduler's, else None."""
        for entry in self._state:
            if isinstance(entry, kind):
                return entry
        return cast("T | None", self._backend.app_state(kind))

    async def spawn_child(self, task: TypedTask[Any], **options: Unpack[SubmitOptions]) -> SubmitOutcome:
        """Submit a task, of whatever domain, that this one waits for before it is finalized."""
        return (await self.spawn_children([task], **options))[0]

    async def spawn_children(
        self, tasks: Iterable[TypedTask[Any]], **options: Unpack[SubmitOptions]
    ) -> list[SubmitOutcome]:
        """Submit tasks that this one waits for; one transaction for each domain among them, outcomes in order.

        They have this task's tags, its priority if that is more urgent than their own, and the rest of its time to live.
        """
        return await self._spawn(tasks, self.record.id, options)

    async def spawn_sibling(self, task: TypedTask[Any], **options: Unpack[SubmitOptions]) -> SubmitOutcome:
        """Submit a task that this one's parent waits for. Raises `InvalidStateError` when there is no parent."""
        return (await self.spawn_siblings([task], **options))[0]

    async def spawn_siblings(
        self, tasks: Iterable[TypedTask[Any]], **options: Unpack[SubmitOptions]
    ) -> list[SubmitOutcome]:
        """Submit tasks that this one's parent waits for. Raises `InvalidStateError` when there is no parent."""
        parent = self.record.parent_id
        if parent is None:
            raise InvalidStateError(
                self.record.label,
                "it has no parent, so it can have no siblings",
                "Spawn children, or submit.",
            )
        return await self._spawn(tasks, parent, options)

    async def _spawn(
        self, tasks: Iterable[TypedTask[Any]], parent: int, options: SubmitOptions
    ) -> list[SubmitOutcome]:
        listed = list(tasks)
        asked: SubmitOptions = {**options, "parent": parent}
        by_domain: dict[type[DomainKey], list[int]] = {}
        for place, task in enumerate(listed):
            by_domain.setdefault(type(task).domain_key, []).append(place)
        outcomes: dict[int, SubmitOutcome] = {}
        for key, places in by_domain.items():
            chosen = [listed[place] for place in places]
            answers = await self.domain(key).submit_batch(chosen, **asked)
            outcomes.update(zip(places, answers, strict=True))
        return [outcomes[place] for place in range(len(listed))]

    # Telling how far it is

    def progress(self, fraction: float, message: str | None = None) -> None:
        """The task is this far, 0.0 to 1.0."""
        if not (math.isfinite(fraction) and 0.0 <= fraction <= 1.0):
            raise InvalidArgumentError("progress", f"{fraction!r} is not a fraction", "Pass 0.0 to 1.0.")
        self._link.progress(float(fraction), message)

    def progress_count(self, done: int, total: int, message: str | None = None) -> None:
        """The task has done so many of so many."""
        self._link.progress_count(_amount("done", done), _amount("total", total), message)

    def set_bytes_total(self, total: int) -> None:
        """How many bytes the task expects to move."""
        self._link.set_bytes_total(_amount("total", total))

    def add_bytes(self, n: int) -> None:
        """The task has moved `n` more bytes."""
        # Many call this for every few kilobytes: what it does is done here, because each call from it costs as much again.
        if type(n) is not int or n < 0:
            _amount("n", n)
        sink = self._bytes
        if sink is None:
            sink = self._bytes = self._link.byte_sink
        joined = sink.joined
        joined.append(n)
        if len(joined) >= sink.enough:
            sink.look()

    def record_io(self, disk_read: int = 0, disk_write: int = 0, net_rx: int = 0, net_tx: int = 0) -> None:
        """The task has read or written so many more bytes."""
        self._link.record_io(
            _amount("disk_read", disk_read),
            _amount("disk_write", disk_write),
            _amount("net_rx", net_rx),
            _amount("net_tx", net_tx),
        )

    @property
    def is_cancelled(self) -> bool:
        """Has the attempt been told to stop, by a cancellation, a pause or the end of the program?"""
        return self._link.is_cancelled

    def check_cancelled(self) -> None:
        """Raise `TaskCancelledError` if the attempt has been told to stop."""
        if self._link.is_cancelled:
            raise TaskCancelledError(self._link.record.label, "it was told to stop")


def _amount(name: str, value: int) -> int:
    if value < 0:
        raise InvalidArgumentError(name, f"{value!r} is negative", "Pass 0 or more.")
    return value
