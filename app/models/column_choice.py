"""How a person wants the columns of a table: their widths, their order, and which are hidden. Qt-free."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

_WIDEST = 4_000


@dataclass(frozen=True)
class ColumnChoice:
    """By the names of columns, which stay when columns come and go: what is not named is as it was made."""

    widths: Mapping[str, int] = field(default_factory=dict[str, int])
    hidden: frozenset[str] = frozenset()
    order: tuple[str, ...] = ()

    @property
    def is_default(self) -> bool:
        """Is nothing chosen?"""
        return self == ColumnChoice()

    def with_width(self, name: str, width: int | None) -> ColumnChoice:
        """With this width; None: as wide as there is room for."""
        widths = {one: kept for one, kept in self.widths.items() if one != name}
        return replace(self, widths=widths if width is None else widths | {name: width})

    def with_shown(self, name: str, is_shown: bool) -> ColumnChoice:
        """With this column shown or hidden."""
        return replace(self, hidden=self.hidden - {name} if is_shown else self.hidden | {name})

    def with_order(self, order: Sequence[str], default: Sequence[str]) -> ColumnChoice:
        """In this order."""
        return replace(self, order=() if tuple(order) == tuple(default) else tuple(order))

    def ordered(self, names: Sequence[str]) -> list[str]:
        """All of `names` in the order that is wanted; those of which nothing is known come behind the one before them."""
        known = [name for name in self.order if name in names]
        for place, name in enumerate(names):
            if name not in known:
                before = names[place - 1] if place else None
                known.insert(0 if before is None else known.index(before) + 1, name)
        return known

    def to_text(self) -> str:
        """To be kept; empty where nothing is chosen."""
        if self.is_default:
            return ""
        chosen = {"widths": dict(self.widths), "hidden": sorted(self.hidden), "order": list(self.order)}
        return json.dumps(chosen)


def choice_from_text(text: str) -> ColumnChoice:
    """What was kept; what cannot be understood is left out."""
    try:
        chosen: Any = json.loads(text)
    except ValueError:
        return ColumnChoice()
    if not isinstance(chosen, dict):
        return ColumnChoice()
    widths, hidden, order = (chosen.get(name) for name in ("widths", "hidden", "order"))
    return ColumnChoice(
        {
            str(name): width
            for name, width in (widths.items() if isinstance(widths, dict) else ())
            if isinstance(width, int) and not isinstance(width, bool) and 0 < width <= _WIDEST
        },
        frozenset(name for name in hidden if isinstance(name, str))
        if isinstance(hidden, list)
        else frozenset(),
        tuple(dict.fromkeys(name for name in order if isinstance(name, str)))
        if isinstance(order, list)
        else (),
    )
