"""What failures of one cause are called: what went wrong in one plain sentence, how many, when."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from app.language import said, said_in_general
from app.models.wording import moment_text, number_text

if TYPE_CHECKING:
    from datetime import datetime

    from scheduler_core import FailureCause

_CLASS: Final = re.compile(
    r"(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Warning|Exit|Interrupt|Timeout): (?=.)"
)
_WHOSE: Final = re.compile(r"(?:…|[^:]*[/\\][^:]*): (?=.)")
_LEAST_LETTERS: Final = 3
_LONGEST_TITLE: Final = 160


def cause_title(cause: FailureCause) -> str:
    """What went wrong, without the class of the exception; of a single failure with its names and numbers."""
    line = sample_text(cause)
    text = _plain(_common_text(cause)) if cause.n > 1 else _plain(line)
    if sum(map(str.isalpha, text)) < _LEAST_LETTERS:
        text = line
    text = text if len(text) <= _LONGEST_TITLE else f"{text[: _LONGEST_TITLE - 1].rstrip()}…"
    return text or _tr("It gave no reason")


def sample_text(cause: FailureCause) -> str:
    """The first line of the newest error, as it is but for what the task is called."""
    line = _said_line(cause)
    return line.removeprefix(f"{cause.labels[0]}: ") if cause.labels and cause.labels[0] else line


def count_text(n: int) -> str:
    """How many tasks failed."""
    return _tr("1 task") if n == 1 else _tr("{0} tasks").format(number_text(n))


def names_text(cause: FailureCause) -> str:
    """What the newest of them are called."""
    names = ", ".join(label for label in cause.labels if label)
    return _tr("{0} and others").format(names) if names and cause.n > len(cause.labels) else names


def span_text(cause: FailureCause, now: datetime) -> str:
    """How many there are, and when the first and the last of them failed."""
    many, last = count_text(cause.n), moment_text(cause.newest, now)
    first = moment_text(cause.oldest, now)
    if first == last:
        return _tr("{0}, {1}").format(many, last)
    return _tr("{0}, first {1}, last {2}").format(many, first, last)


def _said_line(cause: FailureCause) -> str:
    sample = said(cause.sample, cause.domain)
    return next((line.strip() for line in sample.splitlines() if line.strip()), "")


def _common_text(cause: FailureCause) -> str:
    """What all of them said; in another language that is known by the pattern of the newest."""
    line = next((line.strip() for line in cause.sample.splitlines() if line.strip()), "")
    common = said_in_general(line, cause.domain)
    return cause.text if common == line else common


def _plain(text: str) -> str:
    kind = _CLASS.match(text)
    text = text[kind.end() :] if kind else text
    whose = _WHOSE.match(text)
    text = text[whose.end() :] if whose else text
    return text[:1].upper() + text[1:]


def _tr(text: str) -> str:
    return QCoreApplication.translate("causes", text)
