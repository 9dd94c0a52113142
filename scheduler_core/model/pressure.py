"""Where pressure comes from: what an embedder may hand to `Scheduler(pressure_sources=..., resource_sampler=...)`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Protocol

from pydantic import ConfigDict, Field

from scheduler_core.model.base import Frozen

Finite = Annotated[float, Field(allow_inf_nan=False)]


class ResourceSample(Frozen):
    """One raw reading of the machine: fractions 0.0 to 1.0 of processor and memory in use, and bytes a second moved.

    `disk_busy` is the fraction of time in which the busiest disk had work; None where the system does not tell. The
    scheduler smooths, and clamps what is out of range.
    """

    model_config = ConfigDict(revalidate_instances="always")

    cpu: Finite = 0.0
    memory: Finite = 0.0
    disk_busy: Finite | None = None
    disk_read: Finite = 0.0
    disk_write: Finite = 0.0
    net_rx: Finite = 0.0
    net_tx: Finite = 0.0


class ResourceSampler(Protocol):
    """Measures the machine in the place of psutil."""

    def sample(self) -> ResourceSample | None:
        """The machine since the last call; None while there is nothing to compare with.

        Called on the event loop's thread, once each `SamplerConfig.interval` while tasks run or wait for the machine, and
        when a scheduler at rest is given work or asked for a snapshot. So it must answer at once: what takes longer
        than a millisecond measures in a thread of its own and answers with its latest. If it raises, that is logged
        once and the last numbers stay.
        """
        ...


class PressureSource(Protocol):
    """Something that can be too busy: a machine, a remote service, a queue behind the tasks.

    Sources are read once each `SamplerConfig.interval`. One that knows when it changes may have an attribute
    `tells_changes` that is True; then `scheduler.pressure_changed_outside()` is to be called after each change, and while
    such a source holds all that waits, nothing is read regularly.
    """

    @property
    def name(self) -> str:
        """What it is called in snapshots and explanations."""
        ...

    def pressure(self) -> float:
        """How busy it is, 0.0 (idle) to 1.0 (full), clamped; on the event loop's thread, so it must answer at once.

        What raises, or is NaN or no number, counts as 0 and is logged once.
        """
        ...


AnyPressureSource = PressureSource | Callable[[], float] | tuple[str, PressureSource | Callable[[], float]]
"""What is taken for a source: an object with `pressure()`, a function, or a pair of a name and one of these."""
