"""States and priorities of tasks in words for a person, and the icons that stand beside them."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from app.language import said
from app.models.domain_looks import DomainLook
from app.models.wording import moment_text, number_text
from scheduler_core import Priority, TaskRecord, TaskStatus

ACTIVE_STATES = (
    TaskStatus.RUNNING,
    TaskStatus.PENDING,
    TaskStatus.PAUSED,
    TaskStatus.WAITING,
    TaskStatus.BLOCKED,
)
"""Those of the queue, in the order in which they are listed."""
ENDED_STATES = (
    TaskStatus.COMPLETED,
    TaskStatus.FAILED,
    TaskStatus.DEAD_LETTER,
    TaskStatus.DEPENDENCY_FAILED,
    TaskStatus.EXPIRED,
    TaskStatus.CANCELLED,
    TaskStatus.SUPERSEDED,
)
"""Those of the history."""
RETRIED_STATES = frozenset(
    {
        TaskStatus.FAILED,
        TaskStatus.DEAD_LETTER,
        TaskStatus.DEPENDENCY_FAILED,
        TaskStatus.EXPIRED,
        TaskStatus.CANCELLED,
    }
)
"""What ended so can be tried again."""


def state_text(status: TaskStatus) -> str:
    """A state in one or two words."""
    return {
        TaskStatus.PENDING: _tr("Waiting"),
        TaskStatus.RUNNING: _tr("Running"),
        TaskStatus.PAUSED: _tr("Paused"),
        TaskStatus.WAITING: _tr("Waits for its parts"),
        TaskStatus.BLOCKED: _tr("Waits for others"),
        TaskStatus.COMPLETED: _tr("Completed"),
        TaskStatus.FAILED: _tr("Failed"),
        TaskStatus.CANCELLED: _tr("Cancelled"),
        TaskStatus.SUPERSEDED: _tr("Superseded"),
        TaskStatus.EXPIRED: _tr("Expired"),
        TaskStatus.DEPENDENCY_FAILED: _tr("Dependency failed"),
        TaskStatus.DEAD_LETTER: _tr("Failed for good"),
    }[status]


def state_icon(status: TaskStatus) -> str:
    """The icon of a state."""
    return {
        TaskStatus.PENDING: "waiting",
        TaskStatus.RUNNING: "running",
        TaskStatus.PAUSED: "paused",
        TaskStatus.WAITING: "blocked",
        TaskStatus.BLOCKED: "blocked",
        TaskStatus.COMPLETED: "done",
        TaskStatus.CANCELLED: "cancelled",
        TaskStatus.SUPERSEDED: "cancelled",
    }.get(status, "failed")


def waiting_text(record: TaskRecord, now: datetime) -> str:
    """What a task that does not run waits for, in one or a few words."""
    if record.status is TaskStatus.BLOCKED:
        if len(record.dependencies) == 1:
            return _tr("Waits for another task")
        return _tr("Waits for {0} tasks").format(number_text(len(record.dependencies)))
    if record.due_at is not None:
        again = record.retry_count > 0 and (record.run_at is None or record.due_at > record.run_at)
        words = _tr("Tries again {0}") if again else _tr("Starts {0}")
        if record.status is TaskStatus.PENDING:
            return words.format(moment_text(record.due_at, now))
    return _tr("Waiting") if record.status is TaskStatus.PENDING else state_text(record.status)


def pause_reasons_text(record: TaskRecord, look: DomainLook) -> str:
    """Why a task is paused, a line a reason; empty when it is not."""
    own = f"{record.domain} is paused"
    words = [
        f"{look.title}{reason.removeprefix(record.domain)}" if reason.startswith(own) else reason
        for reason in record.pause_reasons
    ]
    return "\n".join(said(text, record.domain) for text in words)


def priority_text(priority: int) -> str:
    """A priority by its name, or as a number where it has none."""
    if priority == Priority.NORMAL:
        return _tr("Normal")
    names: dict[int, str] = {
        Priority.REALTIME: _tr("Realtime"),
        Priority.HIGH: _tr("High"),
        Priority.BACKGROUND: _tr("Background"),
        Priority.IDLE: _tr("Idle"),
    }
    return names.get(priority, str(priority))


def _tr(text: str) -> str:
    return QCoreApplication.translate("states", text)
