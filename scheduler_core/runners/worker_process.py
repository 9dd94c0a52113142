"""The program's side of one worker process: starts it, talks to it, stops it."""

from __future__ import annotations

import contextlib
import logging
import pickle
import signal
import sys
import threading
from collections.abc import Generator
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerContext, SpawnContext

from scheduler_core.errors import RetryableError
from scheduler_core.runners.base import RunLink
from scheduler_core.runners.messages import JobMessage, Report, ResultMessage
from scheduler_core.runners.remote_error import unpack
from scheduler_core.runners.worker import CANCEL, serve

StartContext = SpawnContext | ForkServerContext

END_TIMEOUT_S = 1.0
"""How long a worker that was let go may take to end before it is killed."""


class WorkerProcess:
    """One process with two pipes of its own: jobs and answers, and orders to stop.

    Nothing is shared with other workers, no lock and no queue, so its death is only its own. It is used from one thread,
    but for `cancel` and `kill`, which any thread may call and which do not block.
    """

    def __init__(self, context: StartContext, nice: int, name: str) -> None:
        """Start it; takes some milliseconds here, some hundred there. `OSError` when the system has no room."""
        self._lock = threading.Lock()
        self._number = 0
        self._running = 0  # 0: none
        self._is_doomed = False
        self._exit_code: int | None = None
        self._jobs, worker_jobs = context.Pipe(duplex=True)
        worker_control, self._control = context.Pipe(duplex=False)
        self._process = context.Process(
            target=serve, args=(worker_jobs, worker_control, nice), name=name, daemon=True
        )
        try:
            with _sigint_blocked():
                self._process.start()
        except BaseException:
            self._jobs.close()
            self._control.close()
            raise
        finally:
            # Only the worker may hold these, or its end would not be seen as the end of the pipe.
            worker_jobs.close()
            worker_control.close()

    @property
    def is_alive(self) -> bool:
        """Can it be given a job, as far as one can know?"""
        if self._is_doomed:
            return False
        # The sentinel knows of the end at once; the exit code may be a moment later.
        return not wait([self._process.sentinel], 0)

    def begin(self) -> int:
        """Take the next job on; returns its number, which `cancel` and `kill` take."""
        with self._lock:
            self._number += 1
            self._running = self._number
            return self._number

    def run(self, call: bytes, link: RunLink) -> object:
        """Do the job just begun; returns the memo or raises what the function raised, and hands on what it tells.

        A process that dies is a `RetryableError`. After that, and after any error of `link`, `is_alive` is False.
        """
        try:
            level = logging.getLogger().getEffectiveLevel()
            self._jobs.send_bytes(pickle.dumps(JobMessage(self._running, link.attempt, call, level)))
            result = self._listen(link)
        except (EOFError, OSError):
            self._end(END_TIMEOUT_S)
            raise RetryableError(f"{link.record.label}: its worker process {self._ending()}") from None
        except BaseException:
            self._end(0.0)  # it is still at work on what nobody waits for
            raise
        finally:
            with self._lock:
                self._running = 0  # an order for this job comes too late from now on
        if result.error is not None:
            raise unpack(result.error)
        return None if result.memo is None else pickle.loads(result.memo)

    def cancel(self, number: int) -> None:
        """Tell the function of job `number` to stop, if that is what runs."""
        with self._lock, contextlib.suppress(OSError):
            if number == self._running:
                self._control.send_bytes(CANCEL.pack(number))

    def kill(self, number: int) -> None:
        """End the process at once, if job `number` is what runs."""
        with self._lock:
            if number == self._running:
                # Its answer may be on its way all the same; it must not get another job after that.
                self._is_doomed = True
                self._process.kill()

    def stop(self) -> None:
        """Let the process go: it ends in its own way, or is killed if it does not within a second."""
        self._jobs.close()
        self._end(END_TIMEOUT_S)

    def _listen(self, link: RunLink) -> ResultMessage:
        while True:
            message: object = pickle.loads(self._jobs.recv_bytes())
            if isinstance(message, Report):
                message.hand_to(link)
            elif isinstance(message, ResultMessage):
                if message.report is not None:
                    message.report.hand_to(link)
                return message
            else:
                raise TypeError(f"a worker process sent {message!r}")

    def _end(self, timeout: float) -> None:
        """Wait for the process to end, for at most `timeout` seconds, then make it end. Idempotent."""
        if self._control.closed:
            return
        with self._lock:
            self._running = 0  # from here on no other thread touches the process or its pipes
            self._is_doomed = True
        self._process.join(timeout)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._exit_code = self._process.exitcode
        with contextlib.suppress(
            ValueError
        ):  # somebody else has just reaped it; then the collector closes it
            self._process.close()
        self._control.close()
        self._jobs.close()

    def _ending(self) -> str:
        code = self._exit_code
        if code is not None and code < 0:
            return f"was ended by {_signal_name(-code)}{_HINTS.get(-code, '')}"
        return f"ended with exit code {code}; its error output says why, if anything does"


_HINTS = {
    9: "; another program or the system did it, often because memory ran out",
    11: "; a native library crashed in it",
}


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


@contextlib.contextmanager
def _sigint_blocked() -> Generator[None]:
    """A child inherits what is blocked: no Ctrl+C may reach it before it has said that it ignores them."""
    if sys.platform == "win32":
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # started inside, it would unblock the signal
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
