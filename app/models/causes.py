"""Which failures are alike: the same type of task, and the same message but for names and numbers. Qt-free."""

from __future__ import annotations

import re
from typing import Final

from scheduler_core import TaskHistoryRecord

_QUOTED: Final = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”|‘[^’]*’")
_PATH: Final = re.compile(r"(?:[A-Za-z]:\\|\.{0,2}/|~/)[^\s:;,)]+")
_HEX: Final = re.compile(r"\b[0-9a-f]{16,}\b", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d[\d,.]*")

Cause = tuple[str, str]
"""(qualified task type, the message with `#` for what differs from task to task)."""


def cause_of(record: TaskHistoryRecord) -> Cause:
    """What a failure is told apart by."""
    text = record.last_error or ""
    if record.label:
        text = text.replace(record.label, "#")
    for what in (_QUOTED, _PATH, _HEX, _NUMBER):
        text = what.sub("#", text)
    return record.task_type, " ".join(text.split())


def are_alike(one: TaskHistoryRecord, other: TaskHistoryRecord) -> bool:
    """Would what mends the one mend the other?"""
    return cause_of(one) == cause_of(other)
