"""What the counts of a job mean: how much is done, waits or failed, and how the job as a whole stands. Qt-free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from app.models.domain_looks import DomainLook, Looks, look_of, type_name
from scheduler_core import JobStage, JobSummary

JOB_TAG: Final = "job_id"
"""The tag whose values are the jobs, unless a person chooses another one."""

_DONE = ("completed",)
_RUNNING = ("running",)
_PAUSED = ("paused",)
_WAITING = ("pending", "waiting", "blocked", "paused")
_FAILED = ("failed", "dead_letter", "dependency_failed", "expired")
_CANCELLED = ("cancelled", "superseded")
_MOMENT = "%Y-%m-%d %H:%M:%S"


class Standing(Enum):
    """How a job stands as a whole."""

    RUNNING = "running"
    WAITING = "waiting"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Figures:
    """Counts by state, folded into what a person asks for."""

    done: int
    running: int
    waiting: int
    paused: int
    failed: int
    cancelled: int

    @property
    def total(self) -> int:
        """All tasks."""
        return self.done + self.running + self.waiting + self.failed + self.cancelled

    @property
    def active(self) -> int:
        """What runs or is still to run."""
        return self.running + self.waiting

    @property
    def standing(self) -> Standing:
        """The most telling word for all of them."""
        if self.running:
            return Standing.RUNNING
        if self.waiting:
            return Standing.PAUSED if self.paused else Standing.WAITING
        if self.failed:
            return Standing.FAILED
        return Standing.CANCELLED if self.cancelled else Standing.DONE


@dataclass(frozen=True)
class PipelineBox:
    """One domain of a job's pipeline: its look and its stages."""

    look: DomainLook
    stages: tuple[tuple[str, Mapping[str, int]], ...]
    """(task type, counts by state), as the scheduler orders them."""


def figures(counts: Mapping[str, int]) -> Figures:
    """The figures of counts by state; `paused` is part of `waiting`."""

    def total(states: Iterable[str]) -> int:
        return sum(counts.get(state, 0) for state in states)

    return Figures(
        total(_DONE), total(_RUNNING), total(_WAITING), total(_PAUSED), total(_FAILED), total(_CANCELLED)
    )


def job_title(job: JobSummary) -> str:
    """The name of a job, without the moment that makes its tag unique ("Photos · 2026-11-24 10:12:33").

    A value of another tag is its own name.
    """
    return _split(job.value)[0] if job.tag == JOB_TAG else job.value


def job_moment(job: JobSummary) -> datetime | None:
    """When the job was made (local time), if its tag says so."""
    return _split(job.value)[1] if job.tag == JOB_TAG else None


def pipeline(stages: Iterable[JobStage], looks: Looks) -> tuple[PipelineBox, ...]:
    """The stages by domain, in the order of the plugins."""
    by_domain: dict[str, list[tuple[str, Mapping[str, int]]]] = {}
    for stage in stages:
        by_domain.setdefault(stage.domain, []).append((type_name(stage.task_type), stage.counts))
    boxes = [PipelineBox(look_of(looks, name), tuple(parts)) for name, parts in by_domain.items()]
    return tuple(sorted(boxes, key=lambda box: (box.look.order, box.look.title)))


def _split(value: str) -> tuple[str, datetime | None]:
    name, _, tail = value.rpartition(" · ")
    moment, _, number = tail.partition(" (")
    try:
        made = datetime.strptime(moment, _MOMENT).astimezone()
    except ValueError:
        return value, None
    return (f"{name} ({number}" if number else name), made
