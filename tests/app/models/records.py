"""Jobs, tasks and failures made by hand, as the scheduler would hand them out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from app.models.domain_looks import DomainLook
from scheduler_core import AttemptRecord, JobStage, JobSummary, TaskHistoryRecord, TaskRecord, TaskStatus

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LOOKS = {"ingest": DomainLook("Ingest", "series-1", 0), "process": DomainLook("Process", "series-2", 1)}


def now() -> datetime:
    """A clock that stands still."""
    return NOW


def job(name: str, eta: datetime | None = None, **counts: int) -> JobSummary:
    """A job whose tasks are all of one stage."""
    total = sum(counts.values())
    return JobSummary(
        tag="job_id",
        value=name,
        total=total,
        counts=counts,
        progress=counts.get("completed", 0) / total,
        eta=eta,
        stages=(JobStage(domain="ingest", task_type="ingest::take", counts=counts),),
    )


def task(number: int, domain: str = "ingest", **changes: Any) -> TaskRecord:
    """A task that has been running for `number` minutes."""
    values: dict[str, Any] = {
        "id": number,
        "domain": domain,
        "task_type": f"{domain}::take",
        "key": str(number),
        "label": f"picture {number}.jpg",
        "priority": 128,
        "status": TaskStatus.RUNNING,
        "payload": {},
        "created_at": NOW,
        "started_at": NOW - timedelta(minutes=number),
    }
    return TaskRecord(**{**values, **changes})


def failure(number: int, error: str = "is cut off", **changes: Any) -> TaskHistoryRecord:
    """A failure with this number, newer than those with lower ones."""
    ended = NOW + timedelta(seconds=number)
    label = f"picture {number}.jpg"
    message = f"{label}: {error}"
    attempt = AttemptRecord(started_at=NOW, ended_at=ended, error=message, traceback="Traceback: here")
    values: dict[str, Any] = {
        "id": number,
        "seq": number,
        "domain": "process",
        "task_type": "process::thumbnail",
        "key": str(number),
        "label": label,
        "priority": 128,
        "status": TaskStatus.DEAD_LETTER,
        "payload": {"name": label},
        "last_error": message,
        "created_at": NOW,
        "started_at": NOW,
        "completed_at": ended,
        "attempts": (attempt,),
        "tags": {"job_id": "trip"},
    }
    return TaskHistoryRecord(**{**values, **changes})
