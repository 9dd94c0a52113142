"""What the palette lists: entries that fit what was typed, the best first, and what was used lately before all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.models.fuzzy import fit

Index = QModelIndex | QPersistentModelIndex
_MOST = 50
_LATELY = 3.0
"""What having been used lately counts against a better fit."""


@dataclass(frozen=True)
class Entry:
    """One thing to choose: `key` names it for ever, `detail` says what it is, `keys` is its shortcut."""

    key: str
    title: str
    detail: str
    run: Callable[[], object]
    keys: str = ""
    icon: str = "info"


class PaletteRole(IntEnum):
    """What the delegate asks for besides the title."""

    DETAIL = Qt.ItemDataRole.UserRole
    KEYS = Qt.ItemDataRole.UserRole + 1
    ICON = Qt.ItemDataRole.UserRole + 2


class PaletteModel(QAbstractListModel):
    """At most 50 rows of however many entries. `lately` are keys of what was used, the last first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[Entry, ...] = ()
        self._jobs: tuple[Entry, ...] = ()
        self._lately: tuple[str, ...] = ()
        self._typed = ""
        self._rows: list[Entry] = []

    def set_entries(self, entries: Sequence[Entry], lately: Sequence[str]) -> None:
        """All that can be chosen now, but for jobs."""
        self._entries, self._lately = tuple(entries), tuple(lately)
        self._arrange()

    def set_jobs(self, jobs: Sequence[Entry]) -> None:
        """Jobs that were found for what was typed; they come after everything else that fits."""
        if self._jobs or jobs:
            self._jobs = tuple(jobs)
            self._arrange()

    def set_typed(self, typed: str) -> None:
        """Lists what fits; what is listed for nothing typed is everything, what was used lately first."""
        self._typed = typed
        self._jobs = ()
        self._arrange()

    def entry(self, row: int) -> Entry | None:
        """What a row stands for."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def rowCount(self, parent: Index | None = None) -> int:
        """How many fit."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Title, detail, shortcut and icon of a row; in one sentence for who has it read out."""
        entry = self.entry(index.row())
        if entry is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (entry.title, entry.detail, entry.keys) if part)
        by_role = {
            PaletteRole.DETAIL: entry.detail,
            PaletteRole.KEYS: entry.keys,
            PaletteRole.ICON: entry.icon,
        }
        return by_role.get(role)  # pyright: ignore[reportArgumentType, reportCallIssue]

    def _arrange(self) -> None:
        self.beginResetModel()
        self._rows = [*self._fitting(self._entries), *self._jobs][:_MOST]
        self.endResetModel()

    def _fitting(self, entries: Sequence[Entry]) -> list[Entry]:
        places = {key: place for place, key in enumerate(self._lately)}
        if not self._typed.strip():
            return sorted(entries, key=lambda entry: places.get(entry.key, len(places)))
        scored: list[tuple[float, int, Entry]] = []
        for number, entry in enumerate(entries):
            score = fit(self._typed, entry.title)
            if score is None:
                # Whoever types "setting" or "domain" wants to see them.
                score = fit(self._typed, f"{entry.detail} {entry.title}")
                score = None if score is None else score - 10
            if score is not None:
                scored.append((score + (_LATELY if entry.key in places else 0.0), number, entry))
        return [entry for _, _, entry in sorted(scored, key=lambda one: (-one[0], one[1]))]
