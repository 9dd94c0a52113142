"""Tasks as text for other programs: tab-separated lines to paste, CSV and JSON to keep. Qt-free."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Final, Protocol

from scheduler_core import TaskHistoryRecord, TaskRecord

AnyTask = TaskRecord | TaskHistoryRecord

COLUMNS: Final = (
    "id",
    "domain",
    "type",
    "label",
    "state",
    "priority",
    "group",
    "tags",
    "created_at",
    "run_at",
    "started_at",
    "completed_at",
    "duration_s",
    "retries",
    "last_error",
    "key",
    "payload",
)
"""The columns of CSV and of what is copied. Moments are ISO 8601 in UTC, tags and payload JSON. They are not translated."""


def cells_of(record: AnyTask) -> list[str]:
    """The cells of one line, in the order of `COLUMNS`."""
    ended = record if isinstance(record, TaskHistoryRecord) else None
    moments = (record.created_at, record.run_at, record.started_at, ended.completed_at if ended else None)
    return [
        str(record.id),
        record.domain,
        record.task_type,
        record.label,
        record.status.value,
        str(record.priority),
        record.group or "",
        _json(record.tags),
        *("" if moment is None else moment.isoformat() for moment in moments),
        "" if ended is None or ended.duration is None else f"{ended.duration:.6f}",
        str(record.retry_count),
        record.last_error or "",
        record.key,
        _json(record.payload),
    ]


def tab_text(records: Iterable[AnyTask]) -> str:
    """Lines to paste into a spreadsheet or a mail, the first with the names of the columns."""
    lines = ["\t".join(COLUMNS)]
    # A cell is one line and has no tab: nothing that is pasted shifts the others.
    lines += ["\t".join(" ".join(cell.split()) for cell in cells_of(record)) for record in records]
    return "\n".join(lines)


class Form(Protocol):
    """A form of file that is written in parts: `head`, each `part`, `tail`."""

    def head(self) -> str: ...

    def part(self, records: Sequence[AnyTask]) -> str: ...

    def tail(self) -> str: ...


class CsvForm:
    """Lines of cells. It begins with a byte order mark, without which some spreadsheets take UTF-8 for something else."""

    def head(self) -> str:
        """The mark, and the names of the columns."""
        return "\ufeff" + _csv([COLUMNS])

    def part(self, records: Sequence[AnyTask]) -> str:
        """A line for each."""
        return _csv(cells_of(record) for record in records)

    def tail(self) -> str:
        """Nothing."""
        return ""


class JsonForm:
    """An array of records with all they have, one a line."""

    def __init__(self) -> None:
        self._is_first = True

    def head(self) -> str:
        """The bracket."""
        return "["

    def part(self, records: Sequence[AnyTask]) -> str:
        """The records."""
        lines = [record.model_dump_json() for record in records]
        before = "\n" if self._is_first else ",\n"
        self._is_first = self._is_first and not lines
        return before + ",\n".join(lines) if lines else ""

    def tail(self) -> str:
        """The bracket."""
        return "\n]\n"


def form_of(suffix: str) -> Form:
    """The form of files with this suffix: ".json", else CSV."""
    return JsonForm() if suffix.casefold() == ".json" else CsvForm()


def _csv(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
