"""What measured numbers mean: smoothed readings of the machine, and how much pressure each of them is."""

from __future__ import annotations

from scheduler_core.model.pressure import ResourceSample
from scheduler_core.model.snapshot import Resources

MEMORY_FREE_OF_CARE = 0.7
"""Memory in use below this fraction is no pressure: systems fill it with caches."""


def smoothed(before: Resources | None, sample: ResourceSample, alpha: float) -> Resources:
    """`before` moved towards the sample by the fraction `alpha` (an exponentially weighted moving average)."""
    old = before or Resources()
    weight = 1.0 if before is None else alpha

    def moved(was: float, new: float, most: float = float("inf")) -> float:
        return was + weight * (min(most, max(0.0, new)) - was)

    busy = sample.disk_busy
    if busy is not None:
        clamped = min(1.0, max(0.0, busy))
        busy = clamped if old.disk_busy is None else moved(old.disk_busy, busy, 1.0)
    return Resources(
        cpu=moved(old.cpu, sample.cpu, 1.0),
        memory=moved(old.memory, sample.memory, 1.0),
        disk_busy=busy,
        disk_read=moved(old.disk_read, sample.disk_read),
        disk_write=moved(old.disk_write, sample.disk_write),
        net_rx=moved(old.net_rx, sample.net_rx),
        net_tx=moved(old.net_tx, sample.net_tx),
    )


def machine_pressure(resources: Resources) -> dict[str, float]:
    """cpu: the fraction of all cores in use. memory: how far its use has gone from 70 % to 100 %. disk: how busy it is."""
    values = {
        "cpu": resources.cpu,
        "memory": max(0.0, resources.memory - MEMORY_FREE_OF_CARE) / (1.0 - MEMORY_FREE_OF_CARE),
    }
    if resources.disk_busy is not None:
        values["disk"] = resources.disk_busy
    return values


def network_pressure(resources: Resources, bandwidth_limit: float) -> float:
    """How much of the bandwidth (bytes a second, both ways together) is in use; 1.0 is all of it, or more."""
    return min(1.0, (resources.net_rx + resources.net_tx) / bandwidth_limit)
