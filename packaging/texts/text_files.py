"""The files that hold translations: Qt's .ts for Qt texts, TOML for sentences. They are read, brought up to date, written.

A text that is new comes in unfinished (in a .ts with what the same words are in another context, to be looked at); one
that is no longer in the sources goes. Nothing else changes: the same sources give the same file.
"""

from __future__ import annotations

import json
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from text_sources import Text


@dataclass(frozen=True)
class Entry:
    """What a text is in the other language; unfinished until somebody has looked at it."""

    translation: str
    is_finished: bool = True


Entries = dict[tuple[str, str], Entry]
"""By context and source text."""


def updated(old: Mapping[tuple[str, str], Entry], texts: Iterable[Text]) -> Entries:
    """The entries of `texts`: those there were, and what is new unfinished."""
    known = {source: entry.translation for (_, source), entry in old.items() if entry.is_finished}
    return {
        (text.context, text.source): old.get(
            (text.context, text.source), Entry(known.get(text.source, ""), is_finished=False)
        )
        for text in texts
    }


def filled(entries: Entries, words: Mapping[str, str]) -> Entries:
    """The entries with what is unfinished taken from `words` (translations by source text), which finishes it."""
    return {
        (context, source): Entry(words[source]) if not entry.is_finished and words.get(source) else entry
        for (context, source), entry in entries.items()
    }


def read_ts(path: Path) -> Entries:
    """The entries of a .ts file; none when there is no file."""
    if not path.is_file():
        return {}
    entries: Entries = {}
    for context in ET.parse(path).getroot().iter("context"):  # noqa: S314 - a file of this repository
        name = context.findtext("name", "")
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None, ET.tostring(message)
            entries[name, message.findtext("source", "")] = Entry(
                translation.text or "", is_finished=translation.get("type") is None
            )
    return entries


def ts_text(language: str, entries: Mapping[tuple[str, str], Entry]) -> str:
    """A .ts file as Qt Linguist reads and writes it; without places, which change with every line of code."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<!DOCTYPE TS>"]
    lines.append(f'<TS version="2.1" language="{language}" sourcelanguage="en">')
    for name in sorted({context for context, _ in entries}):
        lines += ["<context>", f"    <name>{_xml(name)}</name>"]
        for (context, source), entry in entries.items():
            if context == name:
                state = "" if entry.is_finished else ' type="unfinished"'
                lines += [
                    "    <message>",
                    f"        <source>{_xml(source)}</source>",
                    f"        <translation{state}>{_xml(entry.translation)}</translation>",
                    "    </message>",
                ]
        lines.append("</context>")
    return "\n".join([*lines, "</TS>", ""])


def read_sentences(path: Path) -> Entries:
    """The entries of a file of sentences, all without a context; what is empty is unfinished."""
    if not path.is_file():
        return {}
    words = tomllib.loads(path.read_text("utf-8"))
    return {("", source): Entry(text, is_finished=bool(text)) for source, text in words.items()}


def sentences_text(entries: Mapping[tuple[str, str], Entry]) -> str:
    """A file of sentences: `"English" = "translation"`, a line each."""
    return "".join(
        f"{_toml(source)} = {_toml(entry.translation if entry.is_finished else '')}\n"
        for (_, source), entry in entries.items()
    )


def _xml(text: str) -> str:
    return escape(text, {'"': "&quot;", "'": "&apos;"})


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
