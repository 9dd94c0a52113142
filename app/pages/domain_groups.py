"""A domain's page, Groups: what each holds, its limits and its pause, bound to the scheduler both ways."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QPushButton

from app.models.wording import number_text
from app.pages.domain_section import DomainSection, PanelPlace
from app.pages.soon import Soon
from app.widgets.group_row import GroupRow
from app.widgets.rows_card import RowsCard
from scheduler_core import GroupSummary

_FIRST = 12
_MORE = 24
_LEAST_MS = 250


class GroupsSection(DomainSection):
    """The groups by name; of very many, those with work or limits first, and more on demand. A row that is shown stays."""

    def __init__(self, place: PanelPlace) -> None:
        super().__init__(place, "groups", self.tr("Groups"))
        self._most = _FIRST
        self._chosen: set[str] = set()
        empty = self.tr(
            "No groups. Tasks that share a limit, such as those of one target or host, form a group."
        )
        self.card = RowsCard[str, GroupRow](self._make_row, empty)
        self._all = QPushButton()
        self._all.setObjectName(f"panel-groups-all-{place.handle.name}")
        self._all.clicked.connect(lambda: self._show_more())
        self._all.hide()
        self.body.addWidget(self.card)
        self.body.addWidget(self._all)
        self._soon = Soon(self._show, _LEAST_MS, self)
        self.links.core(place.handle.counts_changed, self._on_counts)
        self.links.core(place.handle.paused_changed, self._on_counts)
        self.links.core(place.session.scheduler.paused_changed, self._on_counts)
        self.links.core(place.session.scheduler.group_changed, self._on_group)
        self.links.qt(place.session.commands.settled, self._on_settled)
        self._show()

    @property
    def is_settled(self) -> bool:
        """Is nothing to be shown anew?"""
        return self._soon.is_idle

    def wake(self) -> None:
        """The page can be seen now."""
        self._show()

    def sleep(self) -> None:
        """Nobody sees the page."""
        self._soon.stop()

    def tick(self) -> None:
        """The end of a pause may have another day in it by now."""
        for row in self.card.rows.values():
            row.tick()

    def close_links(self) -> None:
        """Lets the session go. Idempotent."""
        super().close_links()
        self._soon.stop()

    def unfold(self, control: str) -> None:
        """The group whose control that is, also one of many that are not shown, opens."""
        names = self.place.session.scheduler.group_names(self.place.handle.name)
        for prefix in ("group-switch-", "group-limit-", "group-rate-"):
            name = control.removeprefix(prefix)
            if name != control and name in names:
                self._chosen.add(name)
                self._show()
                self.card.rows[name].set_open(True)

    def _make_row(self, name: str) -> GroupRow:
        return GroupRow(name, self.place.orders, self.place.now)

    def _on_counts(self, _what: Any) -> None:
        if self.place.is_seen():
            self._soon.request()

    def _on_group(self, _name: str) -> None:
        if self.place.is_seen():
            self._soon.hurry()

    def _on_settled(self) -> None:
        self._show()
        for row in self.card.rows.values():
            row.settle()

    def _show_more(self) -> None:
        self._most += _MORE
        self._show()

    def _show(self) -> None:
        scheduler, domain = self.place.session.scheduler, self.place.handle.name
        names = scheduler.group_names(domain)
        self._choose(names)
        groups = {group.name: group for group in scheduler.groups(domain, self._chosen)}
        self.card.show_keys(list(groups))
        for name, row in self.card.rows.items():
            row.show_summary(groups[name])
        left = len(names) - len(groups)
        self._all.setVisible(left > 0)
        self._all.setText(self.tr("Show more groups ({0})").format(number_text(left)))
        self._all.setAccessibleName(self._all.text())
        self.show_figure(number_text(len(names)) if names else "")

    def _choose(self, names: list[str]) -> None:
        """Which rows are shown: those that were, then those that matter most."""
        self._chosen.intersection_update(names)
        free = self._most - len(self._chosen)
        others = [name for name in names if name not in self._chosen] if free > 0 else []
        if len(others) > free:
            # There may be very many: they are looked at once, and not whenever a number changes.
            groups = self.place.session.scheduler.groups(self.place.handle.name, others)
            others = [group.name for group in sorted(groups, key=_matter)]
        self._chosen.update(others[:free])


def _matter(group: GroupSummary) -> int:
    """Lower comes first: what runs or is paused, what waits, what has limits, what has had work once."""
    if group.running or group.is_paused:
        return 0
    if group.pending_count or group.paused_count or group.waiting_count or group.blocked_count:
        return 1
    is_limited = group.rate_limit is not None or group.weight != 1 or group.minimum_slots
    return 2 if is_limited or group.max_concurrency is not None else 3
