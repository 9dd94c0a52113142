"""One task as the inspector shows it: what is known of it now, and the texts made of that."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from app.language import said
from app.models.domain_looks import Looks, look_of
from app.models.gate_words import Subject, instant_text
from app.models.job_figures import JOB_TAG
from app.models.task_row import TaskProgress
from app.models.wording import bytes_text, duration_text, moment_text, number_text
from scheduler_core import (
    AttemptRecord,
    Explanation,
    GateResult,
    IoBudget,
    Priority,
    TaskHistoryRecord,
    TaskRecord,
    TaskStatus,
)

_MOST_CHARS = 200_000
"""Of a payload; more would hold the window while it is laid out."""
_HASH = re.compile("[0-9a-f]{64}")
_FAILED = frozenset(
    {TaskStatus.FAILED, TaskStatus.DEAD_LETTER, TaskStatus.DEPENDENCY_FAILED, TaskStatus.EXPIRED}
)


@dataclass(frozen=True)
class Neighbour:
    """Another task that this one has to do with; a `label` of None is of one that nobody knows any more."""

    id: int
    label: str | None = None
    status: str = ""


@dataclass(frozen=True)
class Inspection:
    """A task, active or ended, and what surrounds it."""

    record: TaskRecord | TaskHistoryRecord
    attempts: tuple[AttemptRecord, ...] = ()
    explanation: Explanation | None = None
    progress: TaskProgress | None = None
    needs: tuple[Neighbour, ...] = ()
    needed_by: tuple[Neighbour, ...] = ()
    parent: Neighbour | None = None

    @property
    def is_over(self) -> bool:
        """Has it ended?"""
        return isinstance(self.record, TaskHistoryRecord)

    @property
    def has_failed(self) -> bool:
        """Did it end badly?"""
        return self.record.status in _FAILED

    @property
    def blocking(self) -> GateResult | None:
        """The first gate that holds it."""
        return None if self.explanation is None else self.explanation.blocking

    def subject(self, looks: Looks, now: datetime) -> Subject:
        """Whom the gates' sentences are about."""
        record = self.record
        return Subject(record.domain, record.task_type, record.group or "", looks, now, record.retry_count)

    def with_progress(self, progress: TaskProgress) -> Inspection:
        """The same, further on."""
        return replace(self, progress=progress)


def state_text(status: str) -> str:
    """A state, as a person reads it."""
    words = {
        "pending": _tr("Waiting"),
        "running": _tr("Running"),
        "paused": _tr("Paused"),
        "waiting": _tr("Waiting for its children"),
        "blocked": _tr("Blocked by other tasks"),
        "completed": _tr("Completed"),
        "failed": _tr("Failed"),
        "cancelled": _tr("Cancelled"),
        "superseded": _tr("Replaced by a newer one"),
        "expired": _tr("Expired before it started"),
        "dependency_failed": _tr("Not run: what it needs failed"),
        "dead_letter": _tr("Failed, and out of retries"),
    }
    return words.get(status, status)


def priority_text(priority: int) -> str:
    """A priority by its name, or as a number where it has none."""
    names = {
        Priority.REALTIME: _tr("real time ({0})"),
        Priority.HIGH: _tr("high ({0})"),
        Priority.NORMAL: _tr("normal ({0})"),
        Priority.BACKGROUND: _tr("background ({0})"),
        Priority.IDLE: _tr("idle ({0})"),
    }
    known = {int(value): name for value, name in names.items()}
    return known.get(priority, "{0}").format(priority)


def facts(shown: Inspection, looks: Looks, now: datetime) -> dict[str, str]:
    """Names and values; those without a value are left out."""
    record = shown.record
    found = {
        _tr("Domain"): look_of(looks, record.domain).title,
        _tr("Type"): record.task_type,
        _tr("Task"): number_text(record.id),
        _tr("Priority"): priority_text(record.priority),
        _tr("Group"): record.group or "",
        _tr("Created"): moment_text(record.created_at, now),
        _tr("Started"): "" if record.started_at is None else moment_text(record.started_at, now),
    }
    if isinstance(record, TaskHistoryRecord):
        found[_tr("Ended")] = moment_text(record.completed_at, now)
        found[_tr("Took")] = "" if record.duration is None else lasted_text(record.duration)
    elif record.expires_at is not None:
        found[_tr("Expires")] = instant_text(record.expires_at, now)
    retries = _tr("{0} of {1} used").format(record.retry_count, record.max_retries)
    found[_tr("Retries")] = retries if record.max_retries or record.retry_count else ""
    # Where nobody gave it a key, it is a sum of its payload, and tells a person nothing.
    found[_tr("Key")] = "" if _HASH.fullmatch(record.key) else record.key
    return {name: value for name, value in found.items() if value}


def tag_facts(tags: Mapping[str, str]) -> dict[str, str]:
    """Tags by their names; that of the job by a word."""
    return {_tr("Job") if key == JOB_TAG else key: value for key, value in tags.items()}


def io_facts(shown: Inspection) -> dict[str, str]:
    """What it should move, and what it has moved."""
    record = shown.record
    found = {_tr("Expected"): _io_text(record.expected_io)}
    if isinstance(record, TaskHistoryRecord):
        found[_tr("Moved")] = _io_text(record.actual_io)
    elif shown.progress is not None and shown.progress.bytes_done:
        found[_tr("Moved")] = bytes_text(shown.progress.bytes_done)
    return {name: value for name, value in found.items() if value}


def _io_text(io: IoBudget | None) -> str:
    if io is None:
        return ""
    directions = (
        (io.disk_read, _tr("{0} read")),
        (io.disk_write, _tr("{0} written")),
        (io.net_rx, _tr("{0} received")),
        (io.net_tx, _tr("{0} sent")),
    )
    return " · ".join(words.format(bytes_text(n)) for n, words in directions if n)


def payload_text(payload: Mapping[str, object], *, whole: bool = False) -> str:
    """The payload as JSON that a person can read; unless `whole`, of a huge one the beginning, and how much is left."""
    text = json.dumps(payload, indent=2, ensure_ascii=False)
    if whole or len(text) <= _MOST_CHARS:
        return text
    left = number_text(len(text) - _MOST_CHARS)
    return "\n".join((text[:_MOST_CHARS], "…", _tr("{0} more characters; Copy has all of them").format(left)))


def lasted_text(seconds: float) -> str:
    """How long something took, to the millisecond while it is short."""
    return duration_text(seconds) if seconds >= 1 else _tr("{0} ms").format(round(seconds * 1000))


def error_of(shown: Inspection) -> tuple[str, str]:
    """What it said when it failed last, and the traceback; empty where there is none."""
    last = next((one for one in reversed(shown.attempts) if one.error or one.traceback), None)
    message = shown.record.last_error or (last.error if last is not None else None) or ""
    return said(message, shown.record.domain), (last.traceback or "") if last is not None else ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("inspector", text)
