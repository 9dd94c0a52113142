"""The machine as psutil sees it: this one, and machines whose counters a test makes up."""

from __future__ import annotations

from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from scheduler_core import ResourceSample
from scheduler_core.engine.sampler import PsutilSampler
from scheduler_core.testing import ManualClock


def test_this_machine_is_measured(tmp_path: Path) -> None:
    clock = ManualClock()
    sampler = PsutilSampler(clock)
    assert sampler.sample() is None
    sum(n * n for n in range(2_000_000))  # some hundredths of a second of one core
    (tmp_path / "written").write_bytes(bytes(1_000_000))
    clock.advance(1)
    sample = sampler.sample()
    assert sample is not None
    assert 0.0 < sample.cpu <= 1.0
    assert 0.0 < sample.memory < 1.0
    assert min(sample.disk_read, sample.disk_write, sample.net_rx, sample.net_tx) >= 0.0
    clock.advance(0.05)
    assert sampler.sample() is sample, "too soon to tell anything new"


class Counters:
    """The counters of a machine that a test makes up."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cpu = {"user": 10.0, "system": 0.0, "idle": 10.0, "iowait": 5.0, "guest": 4.0}
        self.disks: dict[str, Any] = {}
        self.nets: dict[str, Any] = {}
        monkeypatch.setattr(psutil, "cpu_times", self._cpu)
        monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(percent=40.0))
        monkeypatch.setattr(psutil, "disk_io_counters", self._disks)
        monkeypatch.setattr(psutil, "net_io_counters", lambda pernic: dict(self.nets))

    def disk(self, name: str, read: int, written: int, busy_ms: int | None) -> None:
        busy = {} if busy_ms is None else {"busy_time": busy_ms}
        self.disks[name] = SimpleNamespace(read_bytes=read, write_bytes=written, **busy)

    def net(self, name: str, received: int, sent: int) -> None:
        self.nets[name] = SimpleNamespace(bytes_recv=received, bytes_sent=sent)

    def _cpu(self) -> Any:
        return namedtuple("Times", self.cpu)(**self.cpu)  # noqa: PYI024 - as psutil's own

    def _disks(self, perdisk: bool) -> dict[str, Any]:
        if isinstance(self.disks.get("error"), Exception):
            raise self.disks["error"]
        return dict(self.disks)


@pytest.fixture
def counters(monkeypatch: pytest.MonkeyPatch) -> Counters:
    return Counters(monkeypatch)


def after_two_seconds(counters: Counters, change: Any) -> ResourceSample:
    """What is said of two seconds in which `change` happened."""
    clock = ManualClock()
    sampler = PsutilSampler(clock)
    sampler.sample()
    change()
    clock.advance(2)
    sample = sampler.sample()
    assert sample is not None
    return sample


def test_waiting_for_a_disk_and_running_a_guest_twice_is_no_work(counters: Counters) -> None:
    def work() -> None:
        counters.cpu.update(user=12.0, guest=6.0, idle=14.0, iowait=7.0)

    assert after_two_seconds(counters, work).cpu == pytest.approx(2 / 8)


def test_whole_disks_are_added_up_and_the_busiest_is_told(counters: Counters) -> None:
    for name in ("sda", "sda1", "nvme0n1", "nvme0n1p2", "dm-0", "loop3", "PhysicalDrive10"):
        counters.disk(name, 0, 0, 0)

    def work() -> None:
        for name in ("sda", "sda1", "dm-0", "loop3"):
            counters.disk(name, 4_000, 2_000, 500)
        for name in ("nvme0n1", "nvme0n1p2"):
            counters.disk(name, 600, 0, 1_000)
        counters.disk("PhysicalDrive10", 20, 0, 0)
        counters.disk("sdb", 10**12, 0, 10**9)  # plugged in meanwhile

    sample = after_two_seconds(counters, work)
    assert (sample.disk_read, sample.disk_write, sample.disk_busy) == (2_310.0, 1_000.0, 0.5)


def test_a_partition_whose_disk_is_not_told_counts_itself(counters: Counters) -> None:
    counters.disk("xvda1", 0, 0, None)
    sample = after_two_seconds(counters, lambda: counters.disk("xvda1", 100, 0, None))
    assert (sample.disk_read, sample.disk_busy) == (50.0, None)


def test_the_loopback_is_no_network_and_one_that_goes_away_moves_nothing(counters: Counters) -> None:
    for name in ("lo", "Loopback Pseudo-Interface 1", "eth0", "wg0"):
        counters.net(name, 1_000, 1_000)

    def work() -> None:
        for name in ("lo", "Loopback Pseudo-Interface 1", "eth0"):
            counters.net(name, 3_000, 1_400)
        del counters.nets["wg0"]

    sample = after_two_seconds(counters, work)
    assert (sample.net_rx, sample.net_tx) == (1_000.0, 200.0)


def test_a_system_that_does_not_tell_of_disks_is_measured_all_the_same(counters: Counters) -> None:
    counters.disks["error"] = NotImplementedError("no /proc/diskstats")
    sample = after_two_seconds(counters, lambda: None)
    assert (sample.memory, sample.disk_read, sample.disk_busy) == (0.4, 0.0, None)
