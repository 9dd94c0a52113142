"""Measures the machine by psutil."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from scheduler_core.clock import Clock
from scheduler_core.model.pressure import ResourceSample

_SOONEST_S = 0.1
"""Counters of the system move in hundredths of a second: a shorter time says nothing."""
_STACKED = re.compile(r"(dm-|md|loop|ram|zram)\d+")
"""Block devices of Linux that lie on others, or in memory: what they move is counted there, or is on no disk."""
_LOOPBACK = re.compile(r"lo\d*|loopback.*", re.IGNORECASE)


class _Disk(NamedTuple):
    """Bytes since the system began, and milliseconds with work to do (-1: the system does not tell)."""

    read: int
    written: int
    busy_ms: int


class _Net(NamedTuple):
    """Bytes since the system began."""

    received: int
    sent: int


class _Look(NamedTuple):
    """The counters of the system at one instant."""

    at: float
    cpu_busy: float
    cpu_all: float
    disks: dict[str, _Disk]
    nets: dict[str, _Net]


class PsutilSampler:
    """What the machine has done since the last call, over all cores, disks and networks (without the loopback).

    `disk_busy` is told on Linux and FreeBSD. The first call imports psutil (up to 0.3 s) and returns None. A call takes
    about 0.4 ms on Linux, which is why it is made on the event loop.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._before: _Look | None = None
        self._said: ResourceSample | None = None

    def sample(self) -> ResourceSample | None:
        """See `ResourceSampler`. Asked again within a tenth of a second it says the same again."""
        before = self._before
        if before is not None and self._clock.monotonic() - before.at < _SOONEST_S:
            return self._said
        self._before = now = self._look()
        if before is not None:
            self._said = _compared(before, now, _memory())
        return self._said

    def _look(self) -> _Look:
        import psutil

        times = psutil.cpu_times()
        # Time in guests is in `user` and `nice` already.
        guests = getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0)
        everything = sum(times) - guests
        busy = everything - times.idle - getattr(times, "iowait", 0.0)
        return _Look(self._clock.monotonic(), busy, everything, _disks(), _nets())


def _memory() -> float:
    import psutil

    return psutil.virtual_memory().percent / 100.0


def _disks() -> dict[str, _Disk]:
    """Whole disks by name."""
    import psutil

    try:
        counters = psutil.disk_io_counters(perdisk=True)
    except (NotImplementedError, OSError, RuntimeError):  # a system, or a sandbox, that does not tell
        return {}
    return {
        name: _Disk(c.read_bytes, c.write_bytes, int(getattr(c, "busy_time", -1)))
        for name, c in counters.items()
        if not _STACKED.fullmatch(name) and not _is_partition(name, counters)
    }


def _is_partition(name: str, names: Mapping[str, object]) -> bool:
    """Does the disk it is part of (sda for sda1, nvme0n1 for nvme0n1p1) count what it moves?"""
    whole = re.sub(r"p?\d+$", "", name)
    return whole != name and whole in names


def _nets() -> dict[str, _Net]:
    import psutil

    try:
        counters = psutil.net_io_counters(pernic=True)
    except (NotImplementedError, OSError, RuntimeError):
        return {}
    return {
        name: _Net(c.bytes_recv, c.bytes_sent)
        for name, c in counters.items()
        if not _LOOPBACK.fullmatch(name)
    }


def _compared(before: _Look, now: _Look, memory: float) -> ResourceSample:
    """What happened between two looks. A disk or a network that came or went meanwhile is left out."""
    elapsed = now.at - before.at
    cpu_all = now.cpu_all - before.cpu_all
    disks = [(before.disks[name], disk) for name, disk in now.disks.items() if name in before.disks]
    nets = [(before.nets[name], net) for name, net in now.nets.items() if name in before.nets]
    busy = [new.busy_ms - old.busy_ms for old, new in disks if new.busy_ms >= 0]
    return ResourceSample(
        cpu=min(1.0, (now.cpu_busy - before.cpu_busy) / cpu_all)
        if cpu_all > 0
        else 0.0,  # its times are rounded
        memory=memory,
        disk_busy=max(busy) / 1000.0 / elapsed if busy else None,
        disk_read=sum(max(0, new.read - old.read) for old, new in disks) / elapsed,
        disk_write=sum(max(0, new.written - old.written) for old, new in disks) / elapsed,
        net_rx=sum(max(0, new.received - old.received) for old, new in nets) / elapsed,
        net_tx=sum(max(0, new.sent - old.sent) for old, new in nets) / elapsed,
    )
