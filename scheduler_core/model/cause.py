"""What failures are told apart by: the type of the task, and its error without what differs from task to task."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from scheduler_core.model.base import Frozen, whole

OMITTED: Final = "…"
"""Stands in the text of a cause for a name, a path, a number: for what differs from task to task."""

_LONGEST_LINE: Final = 500
_LONGEST: Final = 300
_QUOTED: Final = re.compile(
    r"(?<!\w)'[^'\n]*'(?!\w)|\"[^\"\n]*\"|“[^”\n]*”|‘[^’\n]*’|«[^»\n]*»|`[^`\n]*`|\b[a-z]{2,12}://[^\s'\"<>]+"
)
_DRIVE: Final = re.compile(r"\b[A-Za-z]:(?=[\\/])")
_PIECE: Final = re.compile(r"[^\s:;,()=\[\]<>]+")
_EXTENSION: Final = re.compile(r"[^.].*\.(?:[a-z]{2,4}|[A-Z]{2,4})", re.DOTALL)
_BEFORE_CODE: Final = re.compile(
    r"\b(?:HTTP|status|status code|exit code|exit status|error code|signal|errno|winerror)[ :=]{1,2}$",
    re.IGNORECASE,
)
"""A number behind these words names a cause."""
_LONGEST_CODE: Final = 5
_MANY: Final = re.compile(rf"{OMITTED}(?:(?:, | and |,| ){OMITTED})+")
_TYPE: Final = re.compile(r"(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Warning|Exit|Interrupt|Timeout): ")
"""The name of an exception's class that a message begins with: it is never taken for something that differs."""


class FailureCause(Frozen):
    """Failures that want attention and have one cause: what mends one of them should mend them all.

    `text` is their error with `OMITTED` for what differs; empty when they gave no reason. `n` is how many there are,
    `newest` and `oldest` when the last and the first of them ended. `sample` is the error of the newest, as it is, and
    `labels` are what the newest few are called.
    """

    id: int
    domain: str
    task_type: str
    text: str
    n: Annotated[int, Field(ge=0)]
    newest: datetime
    oldest: datetime
    sample: str = ""
    labels: tuple[str, ...] = ()


def cause_id(cause: FailureCause | int) -> int:
    """The id of a cause that is given as itself or by its id. Raises `InvalidArgumentError` or `WrongTypeError`."""
    return cause.id if isinstance(cause, FailureCause) else whole(cause, "cause")


def cause_text(error: str | None, label: str = "") -> str:
    """The first line of an error without what differs from task to task; `label` is what the task is called.

    Names in quotes, paths, addresses, names of files, ids and numbers are left out; the type of the exception and
    numbers that name a cause (an HTTP status, an errno) stay. Of a line beyond 500 characters the rest is not looked at.
    """
    line = next((line.strip() for line in (error or "").splitlines() if line.strip()), "")[:_LONGEST_LINE]
    kind = _TYPE.match(line)
    prefix = kind.group() if kind else ""
    rest = line[len(prefix) :]
    if len(label) > 1 and label in rest:
        rest = re.sub(rf"(?<!\w){re.escape(label)}(?!\w)", OMITTED, rest)
    rest = _PIECE.sub(_without_what_differs, _DRIVE.sub("", _QUOTED.sub(OMITTED, rest)))
    text = prefix + _MANY.sub(OMITTED, " ".join(rest.split()))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}{OMITTED}"


def _without_what_differs(found: re.Match[str]) -> str:
    """A piece of a line between spaces and signs as it is, or `OMITTED`."""
    piece = found.group()
    core = piece.rstrip(".!?")
    if not core or core.isalpha() or core == OMITTED:
        return piece
    if core.isdecimal() and len(core) <= _LONGEST_CODE and _is_code(found):
        return piece
    is_path = core[:1] in "/~" or core.startswith(("./", "../")) or "\\" in core
    if is_path or "@" in core or any(map(str.isdecimal, core)) or _EXTENSION.fullmatch(core):
        return OMITTED + piece[len(core) :]
    return piece


def _is_code(number: re.Match[str]) -> bool:
    return _BEFORE_CODE.search(number.string, max(0, number.start() - 16), number.start()) is not None
