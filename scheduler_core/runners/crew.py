"""Threads that come when there is work, are used again, and leave when there is none.

Not `ThreadPoolExecutor`: that one puts a queue in front of a fixed number, joins its threads at exit (one that hangs
would keep the program from ending) and never lets one go. Here a thread waits in a blocking `get`, so an idle crew
wakes nobody; one that has been idle for a while ends, the longest idle first. Each thread may hold something that lives
as long as it does (a worker process).
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import queue
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from scheduler_core.errors import RetryableError
from scheduler_core.runners.base import contained

Held = TypeVar("Held")
Result = TypeVar("Result")


Tell = Callable[[], None]
"""Tells the awaiting side; called once the thread is free for other work."""

Job = Callable[[Held], Tell]


class _Member(Generic[Held]):
    """One thread: its inbox (None: leave), and `left`, which is set as its last act."""

    def __init__(self, held: Held) -> None:
        self.held = held
        self.inbox: queue.SimpleQueue[Job[Held] | None] = queue.SimpleQueue()
        self.left: Future[None] = Future()
        self.left.set_running_or_notify_cancel()  # from here on it cannot be cancelled by one who waits for it
        self.dismissed = False
        self.thread: threading.Thread | None = None


class Crew(Generic[Held]):
    """Threads on demand. `hire` makes what a new thread holds (cheaply), `release` ends it, on that thread.

    `idle_timeout` in seconds; `limit` is the most threads there may be, None for as many as are asked for.
    """

    def __init__(
        self,
        name: str,
        *,
        hire: Callable[[], Held],
        release: Callable[[Held], None],
        idle_timeout: float,
        limit: int | None = None,
    ) -> None:
        self._name = name
        self._hire = hire
        self._release = release
        self._idle_timeout = idle_timeout
        self._limit = limit
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._members: set[_Member[Held]] = set()
        self._idle: list[_Member[Held]] = []
        self._backlog: deque[Job[Held]] = deque()

    async def run(
        self, work: Callable[[Held], Result], on_cancel: Callable[[], None] | None = None
    ) -> Result:
        """Call `work(held)` on a thread; returns when it has ended, even when cancelled meanwhile.

        `on_cancel` is called on the loop's thread at each cancellation. Work that still waits for a thread (only where
        there is a limit) is dropped at once.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Result] = loop.create_future()

        def job(held: Held) -> Tell:
            try:
                result = work(held)
            except BaseException as error:  # noqa: BLE001 - whatever the author raised belongs to whoever awaits
                failure = contained(error)
                return lambda: _tell(loop, done.set_exception, failure)
            return lambda: _tell(loop, done.set_result, result)

        self._submit(job)
        interruption: asyncio.CancelledError | None = None
        while not done.done():
            try:
                await asyncio.wait((done,))
            except asyncio.CancelledError as cancelled:
                interruption = interruption or cancelled
                if self._withdraw(job):
                    break
                if on_cancel is not None:
                    on_cancel()
        if interruption is not None:
            if done.done():
                done.exception()  # looked at, so that asyncio does not report it as lost
            raise interruption
        return done.result()

    async def close(self, *, wait_for_busy: bool) -> None:
        """Let the idle leave now and the busy after their job; wait for the idle, or for all."""
        with self._lock:
            idle, self._idle = self._idle, []
            leaving = list(self._members) if wait_for_busy else idle
            for member in self._members:
                member.dismissed = True
        for member in idle:
            member.inbox.put(None)
        for member in leaving:
            await asyncio.wrap_future(member.left)
            if member.thread is not None:
                member.thread.join()  # it has done its last act

    def _submit(self, job: Job[Held]) -> None:
        with self._lock:
            if self._idle:
                self._idle.pop().inbox.put(job)
                return
            if self._limit is not None and len(self._members) >= self._limit:
                self._backlog.append(job)
                return
            member = _Member(self._hire())
            self._members.add(member)
        member.inbox.put(job)
        # A daemon: a function that hangs must not keep the program from ending.
        member.thread = threading.Thread(
            target=self._serve, args=(member,), name=f"{self._name}-{next(self._numbers)}", daemon=True
        )
        try:
            member.thread.start()
        except RuntimeError as error:
            with self._lock:
                self._members.discard(member)
            raise RetryableError(f"no thread could be started ({error}); too much runs at once") from error

    def _withdraw(self, job: Job[Held]) -> bool:
        with self._lock:
            if job not in self._backlog:
                return False
            self._backlog.remove(job)
            return True

    def _serve(self, member: _Member[Held]) -> None:
        try:
            job = self._next_job(member)
            while job is not None:
                tell = job(member.held)
                job = self._become_free(member)
                tell()
                del tell  # a result must not live as long as an idle thread
                if job is None:
                    job = self._next_job(member)
        finally:
            self._release(member.held)
            with self._lock:
                self._members.discard(member)
                left_behind = self._backlog.popleft() if self._backlog else None
            if left_behind is not None:
                self._submit(left_behind)
            member.left.set_result(None)

    def _become_free(self, member: _Member[Held]) -> Job[Held] | None:
        with self._lock:
            if self._backlog:
                return self._backlog.popleft()
            if member.dismissed:
                member.inbox.put(None)
            else:
                self._idle.append(member)
            return None

    def _next_job(self, member: _Member[Held]) -> Job[Held] | None:
        try:
            return member.inbox.get(timeout=self._idle_timeout)
        except queue.Empty:
            with self._lock:
                if member in self._idle:
                    self._idle.remove(member)
                    return None
            return member.inbox.get()  # somebody has just picked this thread


def _tell(loop: asyncio.AbstractEventLoop, settle: Callable[[Result], None], value: Result) -> None:
    # RuntimeError: the loop is closed, and nobody waits any more.
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(settle, value)
