"""Linux tells when the wall clock was set, or when the machine woke: a timer file descriptor that is only ever cancelled.

`man 2 timerfd_create`: a timer on CLOCK_REALTIME that is armed with TFD_TIMER_CANCEL_ON_SET becomes readable, and `read`
fails with ECANCELED, when that clock changes discontinuously: it was set, or it stood still in a suspend. Python has these
calls from 3.13 on, so they are made through ctypes.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable

log = logging.getLogger(__name__)

_CLOCK_REALTIME = 0
_ABSTIME_CANCEL_ON_SET = 1 | 2
_NEVER_S = 2**33 if sys.maxsize > 2**32 else 2**31 - 1
"""In 2242, or where the calls of a 32-bit system end; should it come, it is one more look at the clock."""


def watch_clock(callback: Callable[[], None]) -> Callable[[], None]:
    """Call `callback` on the running loop's thread after each jump of the wall clock; returns what ends that.

    Nothing polls: the loop waits for one more file descriptor. Where the system or the loop cannot, nothing is watched.
    """
    if not sys.platform.startswith("linux"):
        return lambda: None
    loop = asyncio.get_running_loop()
    try:
        fd = _armed()
    except (
        OSError,
        ImportError,
        AttributeError,
    ) as error:  # an old kernel, a sandbox, a Python without ctypes
        log.info("changes of the clock are not noticed: %s", error)
        return lambda: None

    def look() -> None:
        try:
            os.read(fd, 8)
        except BlockingIOError:
            return
        except OSError:  # ECANCELED: this is what it waits for
            pass
        callback()

    try:
        loop.add_reader(fd, look)
    except NotImplementedError:
        os.close(fd)
        return lambda: None
    is_open = True

    def undo() -> None:
        nonlocal is_open
        if is_open:
            is_open = False
            loop.remove_reader(fd)
            os.close(fd)

    return undo


def _armed() -> int:
    """A new descriptor that waits for changes of the clock. Raises `OSError`."""
    import ctypes

    class Instant(ctypes.Structure):
        _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))

    class Setting(ctypes.Structure):
        _fields_ = (("interval", Instant), ("value", Instant))

    system = ctypes.CDLL(None, use_errno=True)
    fd: int = system.timerfd_create(_CLOCK_REALTIME, os.O_NONBLOCK | os.O_CLOEXEC)
    if fd < 0:
        raise OSError(ctypes.get_errno(), "timerfd_create")
    setting = Setting(Instant(0, 0), Instant(_NEVER_S, 0))
    if system.timerfd_settime(fd, _ABSTIME_CANCEL_ON_SET, ctypes.byref(setting), None) < 0:
        error = ctypes.get_errno()
        os.close(fd)
        raise OSError(error, "timerfd_settime")
    return fd
