"""What a list of tasks is filtered by: a search, menus of states, domains and types, a tag, and a time or an order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.models.domain_looks import type_name
from app.models.state_words import state_text
from app.models.task_wish import TaskWish, tag_from_text
from app.theme import GRID
from app.widgets.menu_button import MenuButton
from scheduler_core import TaskOrder, TaskStatus

_SEARCH_LEAST, _SEARCH_MOST = 82, 320
_TAG_LEAST, _TAG_MOST = 64, 150
_SEARCH_WITH_KEY = 160
_HOUR_S = 3600


class FilterBar(QWidget):
    """`wish_changed(TaskWish)` comes with each change that a person makes."""

    wish_changed = Signal(object)

    def __init__(
        self,
        name: str,
        states: Sequence[TaskStatus],
        *,
        with_time: bool = False,
        with_order: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._wish = TaskWish()
        self.search = QLineEdit()
        self._build_search()
        self.states = MenuButton(f"{name}-state", self.tr("State"), self.tr("Filter by state"), several=True)
        self.states.set_choices([(state.value, state_text(state)) for state in states])
        self.states.chosen.connect(lambda chosen: self._change(statuses=chosen))
        self.domains = MenuButton(f"{name}-domain", self.tr("Domain"), self.tr("Filter by domain"))
        self.domains.chosen.connect(self._on_domain)
        self.types = MenuButton(f"{name}-type", self.tr("Type"), self.tr("Filter by type of task"))
        self.types.chosen.connect(lambda chosen: self._change(task_type=chosen))
        self.times = MenuButton(f"{name}-time", self.tr("Time"), self.tr("Filter by when they ended"))
        self.times.set_choices(self._times())
        self.times.chosen.connect(lambda chosen: self._change(within_s=chosen))
        self.orders = MenuButton(f"{name}-order", self.tr("Sort"), self.tr("Order of the list"))
        self.orders.set_choices(self._orders())
        self.orders.chosen.connect(lambda chosen: self._change(order=chosen))
        self.tag = QLineEdit()
        self._build_tag(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.search, 3)
        for button in (self.states, self.domains, self.types):
            row.addWidget(button)
        row.addWidget(self.tag, 1)
        self.times.setVisible(with_time)
        self.orders.setVisible(with_order)
        row.addWidget(self.times)
        row.addWidget(self.orders)
        row.addStretch(1)
        self._task_types: dict[str, list[str]] = {}
        self.show_wish(self._wish)

    @property
    def wish(self) -> TaskWish:
        """What is wanted now."""
        return self._wish

    def set_domains(self, domains: Sequence[tuple[str, str]], types: Mapping[str, Sequence[str]]) -> None:
        """The names and titles of the domains, and the qualified types of each."""
        self._task_types = {name: sorted(found) for name, found in types.items()}
        self.domains.set_choices([(None, self.tr("All domains")), *domains])
        self.show_wish(self._wish)

    def show_wish(self, wish: TaskWish) -> None:
        """Shows what is wanted; nobody is told."""
        self._wish = wish
        shown = [
            kind for name, kinds in self._task_types.items() if wish.domain in (None, name) for kind in kinds
        ]
        self.types.set_choices(
            [(None, self.tr("All types")), *((kind, self._type_text(kind)) for kind in shown)]
        )
        self.states.set_on(wish.statuses)
        self.domains.set_on([wish.domain])
        self.types.set_on([wish.task_type])
        self.times.set_on([wish.within_s])
        self.orders.set_on([wish.order])
        if self.search.text().strip() != wish.text:
            self.search.setText(wish.text)
        if tag_from_text(self.tag.text()) != wish.tag:
            self.tag.setText("" if wish.tag is None else "=".join(wish.tag))

    def words(self) -> list[str]:
        """What is filtered, each in a few words."""
        wish, words = self._wish, list[str]()
        if wish.text:
            words.append(self.tr("“{0}”").format(wish.text))
        if wish.statuses:
            words.append(self.tr(", ").join(self.states.text_of(one) for one in wish.statuses))
        if wish.domain is not None:
            words.append(self.domains.text_of(wish.domain))
        if wish.task_type is not None:
            # With its domain beside it, the type need not say it again.
            alone = wish.domain is None
            words.append(self._type_text(wish.task_type) if alone else type_name(wish.task_type))
        if wish.tag is not None:
            words.append("=".join(wish.tag))
        if wish.within_s is not None:
            words.append(self.times.text_of(wish.within_s))
        return words

    def clear(self) -> None:
        """As if a person took all filters away; the order stays."""
        self.search.clear()
        self.tag.clear()
        self._put(self._wish.cleared())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's hook; the key stands in the field where there is room for it."""
        super().resizeEvent(event)
        is_wide = self.search.width() >= _SEARCH_WITH_KEY
        words = self.tr("Search…   {0}").format(self._keys) if is_wide else self.tr("Search…")
        self.search.setPlaceholderText(words)

    def _build_search(self) -> None:
        self.search.setObjectName("search")
        self.search.setAccessibleName(self.tr("Search tasks"))
        shortcut = QShortcut(QKeySequence.StandardKey.Find, self)
        shortcut.activated.connect(self.search.setFocus)
        self._keys = shortcut.key().toString(QKeySequence.SequenceFormat.NativeText)
        self.search.setPlaceholderText(self.tr("Search…"))
        self.search.setToolTip(self.tr("Search in names, keys and errors ({0})").format(self._keys))
        self.search.setClearButtonEnabled(True)
        # Files that are dropped here are for the window, as everywhere on it.
        self.search.setAcceptDrops(False)
        self.search.setMinimumWidth(_SEARCH_LEAST)
        self.search.setMaximumWidth(_SEARCH_MOST)
        self.search.textChanged.connect(lambda text: self._change(text=text.strip()))

    def _build_tag(self, name: str) -> None:
        self.tag.setObjectName(f"{name}-tag")
        self.tag.setAccessibleName(self.tr("Filter by a tag: key=value"))
        self.tag.setToolTip(self.tag.accessibleName())
        self.tag.setPlaceholderText(self.tr("Tag…"))
        self.tag.setAcceptDrops(False)
        room = self.tag.fontMetrics().horizontalAdvance(self.tag.placeholderText()) + 2 * GRID + 4
        self.tag.setMinimumWidth(max(_TAG_LEAST, room))
        self.tag.setMaximumWidth(_TAG_MOST)
        self.tag.textChanged.connect(lambda text: self._change(tag=tag_from_text(text)))

    def _times(self) -> list[tuple[object, str]]:
        return [
            (None, self.tr("At any time")),
            (_HOUR_S, self.tr("In the last hour")),
            (24 * _HOUR_S, self.tr("In the last 24 hours")),
            (7 * 24 * _HOUR_S, self.tr("In the last 7 days")),
            (30 * 24 * _HOUR_S, self.tr("In the last 30 days")),
        ]

    def _orders(self) -> list[tuple[object, str]]:
        return [
            (TaskOrder.DISPATCH.value, self.tr("Next to start first")),
            (TaskOrder.NEWEST.value, self.tr("Newest first")),
            (TaskOrder.OLDEST.value, self.tr("Oldest first")),
        ]

    def _on_domain(self, domain: str | None) -> None:
        kind = self._wish.task_type
        of_it = kind is None or domain is None or kind in self._task_types.get(domain, ())
        self._change(domain=domain, task_type=kind if of_it else None)

    def _type_text(self, qualified: str) -> str:
        """A type with its domain: "Ingest · take" for "ingest::take"."""
        return f"{self.domains.text_of(qualified.rpartition('::')[0])} · {type_name(qualified)}"

    def _change(self, **changes: Any) -> None:
        self._put(replace(self._wish, **changes))

    def _put(self, wish: TaskWish) -> None:
        if wish != self._wish:
            self.show_wish(wish)
            self.wish_changed.emit(wish)
