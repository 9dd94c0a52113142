"""What measured numbers mean."""

from __future__ import annotations

import pytest

from scheduler_core import Resources, ResourceSample
from scheduler_core.policy.pressure import machine_pressure, network_pressure, smoothed


def test_the_first_sample_counts_whole_and_the_next_by_its_weight() -> None:
    first = smoothed(None, ResourceSample(cpu=0.4, memory=0.5, disk_read=100, net_tx=8), 0.3)
    assert (first.cpu, first.memory, first.disk_busy, first.disk_read, first.net_tx) == (
        0.4,
        0.5,
        None,
        100,
        8,
    )
    then = smoothed(first, ResourceSample(cpu=0.9, memory=0.5, disk_busy=0.6, disk_read=200, net_tx=0), 0.3)
    assert then.cpu == pytest.approx(0.4 + 0.3 * 0.5)
    assert (then.memory, then.disk_busy) == (0.5, 0.6)
    assert (then.disk_read, then.net_tx) == (pytest.approx(130), pytest.approx(5.6))
    assert smoothed(then, ResourceSample(cpu=0.2), 1.0).cpu == pytest.approx(0.2)


def test_what_is_out_of_range_is_clamped() -> None:
    odd = smoothed(None, ResourceSample(cpu=1.3, memory=-0.1, disk_busy=7.0, disk_read=-5, net_rx=-1), 0.3)
    assert (odd.cpu, odd.memory, odd.disk_busy, odd.disk_read, odd.net_rx) == (1.0, 0.0, 1.0, 0.0, 0.0)


def test_memory_presses_only_above_seventy_percent_and_a_silent_disk_not_at_all() -> None:
    assert machine_pressure(Resources(cpu=0.2, memory=0.7)) == {"cpu": 0.2, "memory": 0.0}
    pressure = machine_pressure(Resources(memory=0.85, disk_busy=0.3))
    assert pressure == {"cpu": 0.0, "memory": pytest.approx(0.5), "disk": 0.3}


def test_the_network_presses_by_the_share_of_its_bandwidth_both_ways_together() -> None:
    assert network_pressure(Resources(net_rx=200, net_tx=100), 1_000) == pytest.approx(0.3)
    assert network_pressure(Resources(net_rx=900, net_tx=900), 1_000) == 1.0
