"""A pause in force, as everybody may see it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from scheduler_core.errors import InvalidArgumentError, WrongTypeError
from scheduler_core.model.base import Frozen

REASON_LENGTH = 256
"""The longest reason of a pause, in characters."""


class PauseScope(StrEnum):
    """What a pause holds."""

    SCHEDULER = "scheduler"
    DOMAIN = "domain"
    GROUP = "group"


class Pause(Frozen):
    """One pause: `name` is that of the domain or the group, empty for the whole scheduler.

    `since` is when it began, also if its end or its reason was changed later; `until` is when it ends by itself (None:
    when somebody resumes); `reason` is what whoever paused said (None: nothing).
    """

    scope: PauseScope
    name: str
    since: datetime
    until: datetime | None = None
    reason: str | None = None


def checked_reason(reason: str | None, thing: str) -> str | None:
    """A reason without blanks around it; one that says nothing is none.

    Raises `WrongTypeError`, or `InvalidArgumentError` for more than 256 characters.
    """
    if reason is None:
        return None
    if not isinstance(cast("Any", reason), str):
        raise WrongTypeError(thing, f"{reason!r} is no text", "Pass a sentence, or None.")
    words = reason.strip()
    if len(words) > REASON_LENGTH:
        raise InvalidArgumentError(
            thing, f"it has {len(words)} characters", f"Pass {REASON_LENGTH} at most, or None."
        )
    return words or None
