"""Functions for worker processes: they have to be importable there. `task` is whatever the test passes."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scheduler_core.current import current_task_id
from scheduler_core.errors import PermanentError, RetryableError

kept: list[socket.socket] = []


class OddError(Exception):
    """Takes other arguments than it hands on, so that plain pickling cannot rebuild it."""

    def __init__(self, path: str, *, code: int) -> None:
        super().__init__(f"{path} ended with {code}")
        self.code = code


class SlowDownError(RetryableError):
    """A subclass that must keep its own type and its `retry_after`."""


class MuteError(Exception):
    """Cannot even say what it is."""

    def __str__(self) -> str:
        raise RuntimeError("no words")


def echo(task: Any, ctx: Any) -> Any:
    """The task back."""
    return task


def whoami(task: Any, ctx: Any) -> dict[str, Any]:
    """What the function sees in its worker."""
    return {
        "pid": os.getpid(),
        "attempt": ctx.attempt,
        "label": ctx.record.label,
        "state": ctx.state(dict),
        "cancelled": ctx.is_cancelled,
        "nice": os.nice(0),
        "qt": sorted(name for name in sys.modules if name.startswith("PySide6")),
    }


def scale(factor: int, task: int, ctx: Any) -> int:
    """For functools.partial."""
    return factor * task


def count_up(task: int, ctx: Any) -> str:
    """Tells much more than anybody wants to hear, and one last thing."""
    ctx.set_bytes_total(task * 3)
    for done in range(task):
        ctx.progress(done / task, f"at {done}")
        ctx.add_bytes(3)
        ctx.record_io(disk_read=2, net_tx=1)
    ctx.progress_count(task, task, "the last word")
    return "counted"


def log_much(task: int, ctx: Any) -> int | None:
    """Logs a warning with an argument, what cannot be put into words, `task` numbered lines, and one too low to be told."""
    logger = logging.getLogger("pictures")
    logger.warning("%s is %d bytes too short", "a.jpg", 7)
    logger.info("%d", "no number")
    for n in range(task):
        logger.info("line %d", n)
    logger.debug("nobody wants this")
    return current_task_id()


def say_then_wait(task: str, ctx: Any) -> None:
    """Two words in quick succession, then nothing until the FIFO `task` is written to."""
    ctx.progress(0.25, "first")
    ctx.progress(0.5, "second")
    Path(task).read_text()


def wait_for(task: str, ctx: Any) -> str:
    """What somebody writes to the FIFO `task`."""
    return Path(task).read_text()


def use_scheduler(task: Any, ctx: Any) -> None:
    """Asks for what only the program has."""
    ctx.spawn_child(task)


def tell_wrong(task: Any, ctx: Any) -> None:
    """A fraction that is none."""
    ctx.progress(float("nan"))


def fail(task: str, ctx: Any) -> None:
    """Raises what `task` names."""

    class LocalError(Exception):
        pass

    class LocalRetryableError(RetryableError):
        pass

    errors: dict[str, Callable[[], BaseException]] = {
        "key": lambda: KeyError("missing"),
        "retryable": lambda: RetryableError("come back later", 12.5),
        "slow_down": lambda: SlowDownError("too fast", retry_after=3.0),
        "permanent": lambda: PermanentError("never"),
        "odd": lambda: OddError("a.txt", code=7),
        "os": lambda: FileNotFoundError(2, "No such file", "a.txt"),
        "unpicklable_part": lambda: ValueError("bad", threading.Lock()),
        "local": lambda: LocalError("from nowhere"),
        "local_retryable": lambda: LocalRetryableError("from nowhere", 4.0),
        "mute": MuteError,
        "exit": lambda: SystemExit(3),
        "stop_iteration": lambda: StopIteration("enough"),
        "interrupt": KeyboardInterrupt,
    }
    raise errors[task]()


def return_lock(task: Any, ctx: Any) -> Any:
    """A memo that cannot travel."""
    return threading.Lock()


def die_by(task: int, ctx: Any) -> None:
    """Ends its own process by signal `task`."""
    os.kill(os.getpid(), task)
    threading.Event().wait()


def exit_with(task: int, ctx: Any) -> None:
    """Ends its own process with exit code `task`."""
    os._exit(task)


def stop_when_told(task: str, ctx: Any) -> None:
    """Works until it is told to stop, then leaves a note."""
    ctx.progress(0.0, f"{os.getpid()}")
    while not ctx.is_cancelled:
        threading.Event().wait(0.001)
    Path(task).write_text("stopped in order")
    ctx.check_cancelled()


def hang(task: Any, ctx: Any) -> None:
    """Never listens to anybody."""
    ctx.progress(0.0, f"{os.getpid()}")
    while True:
        signal.pause()


def interrupt_itself(task: Any, ctx: Any) -> str:
    """Gets a Ctrl+C."""
    os.kill(os.getpid(), signal.SIGINT)
    return "undisturbed"


def connect(task: int, ctx: Any) -> int:
    """Opens a connection to the port `task` that ends when this process does."""
    kept.append(socket.create_connection(("127.0.0.1", task)))
    return os.getpid()


def connect_and_hang(task: int, ctx: Any) -> None:
    """The same, and works for ever."""
    connect(task, ctx)
    while True:
        signal.pause()
