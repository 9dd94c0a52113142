"""Plain functions in worker processes: for work that keeps the interpreter busy, or that may crash.

Each worker is a process with a pipe of its own, served by a thread of its own. Not `pebble.ProcessPool`: its
workers share one pipe behind a lock that a killed worker can take with it (the others then wait 60 s), its two threads
wake 20 times a second for ever (measured), and stopping one hung worker holds up all for 3 s. Not
`concurrent.futures`: there the death of one worker breaks the pool.
"""

from __future__ import annotations

import asyncio
import functools
import itertools
import pickle
import threading
import types
from typing import TYPE_CHECKING, Literal, cast

from scheduler_core.errors import (
    InvalidArgumentError,
    PermanentError,
    RetryableError,
    TaskCancelledError,
    WrongTypeError,
)
from scheduler_core.runners.base import PlainFunction, RunLink, Runner
from scheduler_core.runners.crew import Crew

if TYPE_CHECKING:
    from scheduler_core.runners.worker_process import StartContext, WorkerProcess

StartMethod = Literal["spawn", "forkserver"]


class ProcessRunner(Runner):
    """Runs functions in worker processes, as many as the scheduler runs at once, or at most `max_workers`.

    The function must be at the top level of a module, and it gets a `WorkerContext`: progress, bytes, IO and
    cancellation work, `state` and what needs the scheduler do not. Task and memo travel by pickle. A worker that dies
    fails its own attempt with a `RetryableError`. A function that is told to stop and has not after `kill_grace`
    seconds is killed with its process. Workers run at niceness `nice`, ignore Ctrl+C, end when the program ends however
    it ends, and are let go after `idle_timeout` seconds without work. The first task of a worker waits for it to start.

    A worker imports the program's main module again, as everywhere in `multiprocessing`: guard what that does with
    `if __name__ == "__main__":`.
    """

    def __init__(
        self,
        max_workers: int | None = None,
        *,
        start_method: StartMethod = "spawn",
        kill_grace: float = 1.0,
        idle_timeout: float = 30.0,
        nice: int = 5,
    ) -> None:
        """Starts nothing yet. `max_workers` makes tasks wait that the scheduler already counts as running."""
        if max_workers is not None and max_workers < 1:
            raise InvalidArgumentError(
                "max_workers", f"{max_workers!r} workers do no work", "Pass 1 or more, or None."
            )
        if start_method not in ("spawn", "forkserver"):
            raise InvalidArgumentError(
                "start_method",
                f"{start_method!r} is not safe in a program with threads",
                "Pass 'spawn' or 'forkserver'.",
            )
        self._kill_grace = kill_grace
        self._start_method: StartMethod = start_method
        self._nice = nice
        self._numbers = itertools.count(1)
        self._attempts: set[_Attempt] = set()
        self._crew = Crew(
            "scheduler-process",
            hire=self._new_post,
            release=_Post.leave,
            idle_timeout=idle_timeout,
            limit=max_workers,
        )

    async def start(self) -> None:
        """Nothing to do: workers come with the work."""

    async def run(self, function: PlainFunction, task: object, context: object, link: RunLink) -> object:
        """Call `function(task, a WorkerContext)` in a worker process. See `Runner.run`; `context` stays here."""
        loop = asyncio.get_running_loop()
        attempt = _Attempt(function, task, link)
        deadline: asyncio.TimerHandle | None = None

        def on_cancel() -> None:
            nonlocal deadline
            attempt.cancel()
            deadline = deadline or loop.call_later(self._kill_grace, attempt.kill)

        self._attempts.add(attempt)
        try:
            return await self._crew.run(attempt.perform, on_cancel)
        finally:
            self._attempts.discard(attempt)
            if deadline is not None:
                deadline.cancel()

    def check(self, function: PlainFunction) -> None:
        """Raise `TypeError` for a function that cannot reach a worker process."""
        check_picklable(function)

    async def aclose(self) -> None:
        """Kill what still runs, let all workers go and wait for their end (a second at most)."""
        for attempt in tuple(self._attempts):
            attempt.cancel()
            attempt.kill()
        await self._crew.close(wait_for_busy=True)

    def _new_post(self) -> _Post:
        # The context is fetched here, not in __init__: a runner is often made when a module is imported. A program that
        # has run no such task has not imported what starts processes either: 20 ms.
        import multiprocessing

        context = cast("StartContext", multiprocessing.get_context(self._start_method))
        return _Post(context, self._nice, f"scheduler-worker-{next(self._numbers)}")


def check_picklable(function: object) -> None:
    """Raise `TypeError`, with the way out, when `function` cannot reach a worker process.

    Made for the moment of registration: a function under its decorator, whose name its module does not have yet, passes.
    """
    if isinstance(function, functools.partial):
        check_picklable(cast("functools.partial[object]", function).func)
        function = (function.args, function.keywords)
    elif isinstance(function, types.FunctionType):
        if "<" in function.__qualname__:
            raise WrongTypeError(
                function.__qualname__,
                "a lambda, or a function inside a function, cannot reach a worker process",
                "Put it at the top level of its module, and bind what it needs with functools.partial.",
            )
        return
    try:
        pickle.dumps(function)
    except Exception as error:  # an author's __reduce__ may raise anything
        raise WrongTypeError(
            repr(function),
            f"it cannot reach a worker process ({error})",
            "Register a function at the top level of a module, and bind only plain values with functools.partial.",
        ) from error


class _Attempt:
    """One run: knows which worker does it, once one does, so that it can be told to stop or be killed."""

    def __init__(self, function: PlainFunction, task: object, link: RunLink) -> None:
        self._function = function
        self._task = task
        self._link = link
        self._lock = threading.Lock()
        self._is_cancelled = False
        self._at_work: tuple[WorkerProcess, int] | None = None

    def perform(self, post: _Post) -> object:
        """Do it, on the post's thread."""
        call = self._dump_call()
        worker = post.worker()
        with self._lock:
            if self._is_cancelled:
                raise TaskCancelledError(self._link.record.label, "it was told to stop before it began")
            self._at_work = worker, worker.begin()
        return worker.run(call, self._link)

    def cancel(self) -> None:
        """Tell the function to stop, or do not begin; any thread."""
        with self._lock:
            self._is_cancelled = True
            if self._at_work is not None:
                worker, number = self._at_work
                worker.cancel(number)

    def kill(self) -> None:
        """End the worker, if this is still what it does; any thread."""
        with self._lock:
            if self._at_work is not None:
                worker, number = self._at_work
                worker.kill(number)

    def _dump_call(self) -> bytes:
        try:
            return pickle.dumps((self._function, self._task, self._link.record))
        except Exception as error:  # an author's __reduce__ may raise anything
            raise PermanentError(
                f"{self._link.record.label}: its function or its task cannot reach a worker process ({error}); "
                "both must be importable from the top level of a module"
            ) from error


class _Post:
    """What one thread holds: its worker process, started when first needed and again when it has died."""

    def __init__(self, context: StartContext, nice: int, name: str) -> None:
        self._context = context
        self._nice = nice
        self._name = name
        self._worker: WorkerProcess | None = None

    def worker(self) -> WorkerProcess:
        """The worker, alive as far as one can know."""
        from scheduler_core.runners.worker_process import WorkerProcess

        if self._worker is None or not self._worker.is_alive:
            self.leave()
            try:
                self._worker = WorkerProcess(self._context, self._nice, self._name)
            except OSError as error:
                raise RetryableError(f"no worker process could be started ({error})") from error
        return self._worker

    def leave(self) -> None:
        """Let the worker go."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.stop()
