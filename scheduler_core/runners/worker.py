"""The worker process: takes one job at a time from its pipe until the program lets go of it."""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import struct
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from scheduler_core.current import enter_task
from scheduler_core.errors import PermanentError, TaskCancelledError
from scheduler_core.model.task import TaskRecord
from scheduler_core.runners.base import PlainFunction, contained
from scheduler_core.runners.messages import JobMessage, Report, ResultMessage
from scheduler_core.runners.remote_error import pack
from scheduler_core.runners.worker_context import Reporter, WorkerContext
from scheduler_core.runners.worker_log import sent_log

CANCEL = struct.Struct("!Q")
"""What the control pipe carries: the number of the job that is to stop."""


def serve(jobs: Connection, control: Connection, nice: int) -> None:
    """The worker's life. It ends when the program closes the pipes, or ends however it ends."""
    _settle_in(nice)
    orders = _Orders(control)
    while True:
        try:
            message = pickle.loads(jobs.recv_bytes())
        except (EOFError, OSError):
            return
        assert isinstance(message, JobMessage)
        try:
            _serve_one(message, jobs, orders)
        except OSError:  # the program has closed the pipe: it no longer wants the answer
            return
        del message
        gc.collect(0)  # what the job left in cycles must not pile up while the worker waits


class _Orders:
    """What the program says while a job runs: stop it; or nothing any more, because the program is gone."""

    def __init__(self, control: Connection) -> None:
        self._control = control
        self._stopped = 0
        threading.Thread(target=self._listen, name="scheduler-orders", daemon=True).start()

    def is_stopped(self, number: int) -> bool:
        """Has job `number` been told to stop? Numbers grow, and there is one job at a time."""
        return self._stopped >= number

    def _listen(self) -> None:
        while True:
            try:
                (self._stopped,) = CANCEL.unpack(self._control.recv_bytes())
            except (EOFError, OSError):
                # Nobody is left to answer to, and the next start of the program may do this very job again.
                os._exit(1)


def _serve_one(message: JobMessage, jobs: Connection, orders: _Orders) -> None:
    def send(what: Report | ResultMessage) -> None:
        jobs.send_bytes(pickle.dumps(what))

    def send_report(report: Report) -> None:
        with contextlib.suppress(OSError):  # the main thread meets the same and ends the worker
            send(report)

    reporter = Reporter(send_report)
    try:
        function, task, record = _load_call(message.call)
        context = WorkerContext(record, message.attempt, reporter, lambda: orders.is_stopped(message.number))
        context.check_cancelled()  # told to stop before it began
        enter_task(record.id)
        with sent_log(reporter, message.log_level):
            memo = _dump_memo(function(task, context), record)
    except TaskCancelledError as error:
        answer = _failure(error)
    except BaseException as error:  # noqa: BLE001 - what an author raises is no failure of the worker
        answer = _failure(contained(error))
    else:
        answer = _success(memo)
    reporter.close(lambda report: send(answer(report)))


def _success(memo: bytes) -> Callable[[Report | None], ResultMessage]:
    return lambda report: ResultMessage(report, memo, None)


def _failure(error: BaseException) -> Callable[[Report | None], ResultMessage]:
    packed = pack(error)
    return lambda report: ResultMessage(report, None, packed)


def _load_call(call: bytes) -> tuple[PlainFunction, Any, TaskRecord]:
    try:
        return pickle.loads(call)
    except Exception as error:  # an import that fails may raise anything
        raise PermanentError(
            f"the function or the task could not be loaded in a worker process ({type(error).__name__}: {error}); "
            "both must be importable from a module there"
        ) from error


def _dump_memo(memo: object, record: TaskRecord) -> bytes:
    try:
        return pickle.dumps(memo)
    except Exception as error:  # an author's __reduce__ may raise anything
        raise PermanentError(
            f"{record.label}: what the function returned cannot leave its worker process ({error}); "
            "return plain values (numbers, text, lists, dicts)"
        ) from error


def _settle_in(nice: int) -> None:
    # Ctrl+C in a terminal reaches the whole process group; it is the program's to handle. The program started this
    # process with the signal blocked, so that none could slip in before this line.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        with contextlib.suppress(OSError):  # not allowed to: it runs at the priority it has
            os.nice(nice)
