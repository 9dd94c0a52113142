"""Puts sentences that were made without Qt into the language of the window: those of the core, of plugins, of such modules.

They are made in English, and stored, logged and grouped by their cause so. What the window shows is looked up by
pattern: `"{0}: it is no longer there. Put it back, then retry"` finds whatever file it is about. Qt-free.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

log = logging.getLogger(__name__)

OMITTED = "…"
"""Stands for what differs from task to task in a sentence about many of them."""

_DEEPEST = 4
"""A reason in a reason in a reason: what has more of them is nobody's sentence, and a long text of colons is not one."""

_HOLE = re.compile(r"\{(\d)\}")
_ENGLISH_NUMBER = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)(?![\d.,]*\d)")


@dataclass(frozen=True)
class Marks:
    """What stands between thousands and before decimals."""

    group: str = ","
    decimal: str = "."

    def put_into(self, text: str) -> str:
        """`text`, a value, with its English numbers written so."""
        swap = {",": self.group, ".": self.decimal}
        return _ENGLISH_NUMBER.sub(lambda found: "".join(swap.get(sign, sign) for sign in found[0]), text)


class Sentences:
    """The translations of one source of sentences. `words` has them by their English pattern."""

    def __init__(self, words: Mapping[str, str], marks: Marks | None = None) -> None:
        self._words = {source: text for source, text in words.items() if text}
        self._marks = marks or Marks()

    def __bool__(self) -> bool:
        return bool(self._words)

    def with_marks(self, marks: Marks) -> Sentences:
        """The same, with the numbers in values written so."""
        return Sentences(self._words, marks)

    def find(self, text: str) -> str | None:
        """`text` in the other language; None when no pattern fits. Of several lines each is looked up by itself."""
        return self._find(text, omit=False, depth=_DEEPEST)

    def find_exact(self, text: str) -> str | None:
        """`text` as it stands; None when it is not there so."""
        return self._words.get(text)

    def find_general(self, text: str) -> str | None:
        """The same with `OMITTED` for each value: what many sentences of one pattern have in common."""
        return self._find(text, omit=True, depth=_DEEPEST)

    def _find(self, text: str, *, omit: bool, depth: int) -> str | None:
        if (exact := self._words.get(text)) is not None:
            return exact
        if depth == 0:
            return None
        if (parts := self._find_parts(text, omit=omit, depth=depth)) is not None:
            return parts
        for needle, pattern, words in self._patterns:
            # Most patterns are none of this text: that is found out without trying where their holes may end.
            if needle in text and (found := pattern.fullmatch(text)) is not None:
                return self._put_in(words, found, omit=omit, depth=depth)
        if "\n" in text:
            lines = [(line, self._find(line, omit=omit, depth=depth - 1)) for line in text.split("\n")]
            if any(words is not None for _, words in lines):
                return "\n".join(line if words is None else words for line, words in lines)
        return self._find_with_detail(text, omit=omit) or self._find_reason(text, omit=omit, depth=depth)

    def _find_with_detail(self, text: str, *, omit: bool) -> str | None:
        """A known text with a detail in brackets: "a picture (PNG)"."""
        what, bracket, detail = text.partition(" (")
        known = self._words.get(what) if bracket and detail.endswith(")") else None
        return None if known is None else f"{known} ({OMITTED if omit else detail[:-1]})"

    def _find_reason(self, text: str, *, omit: bool, depth: int) -> str | None:
        """A known reason behind the name of a thing: "Dawn.jpg: it is cut off"."""
        thing, colon, reason = text.partition(": ")
        known = self._find(reason, omit=omit, depth=depth - 1) if colon else None
        return None if known is None else f"{OMITTED if omit else thing}: {known}"

    def _find_parts(self, text: str, *, omit: bool, depth: int) -> str | None:
        """An enumeration, each part of which is known: "198 done, 4 failed"."""
        parts = text.split(", ")
        if len(parts) == 1:
            return None
        known: list[str] = []
        for part in parts:
            if (words := self._find(part, omit=omit, depth=depth - 1)) is None:
                return None
            known.append(words)
        return ", ".join(known)

    def _put_in(self, words: str, found: re.Match[str], *, omit: bool, depth: int) -> str:
        values: list[str] = []
        for value in found.groups():
            known = self._find(value, omit=omit, depth=depth - 1) if value else ""
            if known is None:
                known = OMITTED if omit else self._marks.put_into(value)
            values.append(known)
        # Not str.format: a value may hold braces, and so may the words.
        return _HOLE.sub(lambda hole: values[int(hole[1])], words)

    @cached_property
    def _patterns(self) -> list[tuple[str, re.Pattern[str], str]]:
        """The patterns with holes, the most telling first; each with a piece that is in whatever fits it."""
        with_holes = [source for source in self._words if _HOLE.search(source)]
        with_holes.sort(key=lambda source: len(_HOLE.sub("", source)), reverse=True)
        return [(_longest_piece(source), _compiled(source), self._words[source]) for source in with_holes]


def read_sentences(path: Path) -> Sentences:
    """The sentences of a file of `"English" = "translation"` lines; none when it is missing or not such a file."""
    # Not for the first picture.
    import tomllib

    try:
        words = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Sentences({})
    except (OSError, ValueError) as error:
        log.warning("translations %s are not used: %s", path, error)
        return Sentences({})
    return Sentences({source: text for source, text in words.items() if isinstance(text, str)})


def _compiled(source: str) -> re.Pattern[str]:
    parts = _HOLE.split(source)
    # One word is no sentence: "{0} failed" is a count, and never "The build failed".
    is_count = (
        source.startswith("{") and "".join(parts[::2]).replace(" ", "").isalpha() and len(_words(parts)) == 1
    )
    hole = r"(\d[\d,.]*)" if is_count else "(.*?)"
    # Literal, number of a hole, literal, ...: holes are numbered from 0 in the order of their places.
    return re.compile(
        "".join(re.escape(part) if place % 2 == 0 else hole for place, part in enumerate(parts))
    )


def _longest_piece(source: str) -> str:
    return max(_HOLE.split(source)[::2], key=len)


def _words(parts: list[str]) -> list[str]:
    return " ".join(parts[::2]).split()
