"""A problem as a person reads it: the thing, the reason and the way out. Qt-free."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from typing import Literal

Severity = Literal["warning", "error"]


@dataclass(frozen=True)
class Problem:
    """One thing that went wrong, in words for a person.

    `thing` names what it is about (a file, a plugin, a setting), `reason` says why, `remedy` says what to do.
    `details` is for the log and a "Details" fold (usually a traceback); it may be empty.
    """

    thing: str
    reason: str
    remedy: str
    details: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        return (
            ". ".join(part.rstrip(". ") for part in (f"{self.thing}: {self.reason}", self.remedy) if part)
            + "."
        )


class KnownError(Exception):
    """An error that names the thing, the reason and the way out; base of the app's own errors."""

    def __init__(self, thing: str, reason: str, remedy: str) -> None:
        super().__init__(thing, reason, remedy)
        self.thing, self.reason, self.remedy = thing, reason, remedy

    def __str__(self) -> str:
        return f"{self.thing}: {self.reason}. {self.remedy}"


def describe_exception(error: BaseException) -> str:
    """The reason an exception gives, or the name of its type when it gives none."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror if error.filename is None else f"{error.strerror}: {error.filename}"
    return str(error).strip() or type(error).__name__


def problem_from(error: BaseException, *, thing: str, remedy: str) -> Problem:
    """The Problem of `error`.

    Errors of this project carry `thing`, `reason` and `remedy` themselves; for any other exception the given
    `thing` and `remedy` are used and the message is the reason. The traceback goes into `details`.
    """
    own = {name: getattr(error, name, None) for name in ("thing", "reason", "remedy")}
    text = {name: value for name, value in own.items() if isinstance(value, str) and value}
    return Problem(
        thing=text.get("thing", thing),
        reason=text.get("reason", describe_exception(error)),
        remedy=text.get("remedy", remedy),
        details="".join(traceback.format_exception(error)),
    )
