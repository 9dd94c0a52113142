"""One group of tasks: what it has, what limits it, its switch; opened, each limit can be set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from app.models.rate_wording import rate_text
from app.models.wording import moment_text, number_text
from app.theme import GRID, small_font
from app.widgets.cap_box import CapBox
from app.widgets.card_wording import count_text
from app.widgets.group_rate_box import GroupRateBox
from app.widgets.quiet_spin import QuietSpin
from app.widgets.stable_label import StableLabel
from app.widgets.switch import Switch
from app.widgets.title_fold import TitleFold
from app.widgets.wrap_label import WrapLabel

if TYPE_CHECKING:
    from scheduler_core import GroupSummary

_MOST = 1000
_NUMBER_WIDTH = 116
_MORNING = 8


class GroupOrders(Protocol):
    """What the row asks for."""

    def set_group_limit(self, group: str, n: int | None) -> None: ...
    def set_group_weight(self, group: str, n: int | None) -> None: ...
    def set_group_minimum(self, group: str, n: int | None) -> None: ...
    def set_group_rate(self, group: str, rate: str | None) -> None: ...
    def pause_group(self, group: str, until: datetime | None = None) -> None: ...
    def resume_group(self, group: str) -> None: ...


class GroupRow(QWidget):
    """Shows a GroupSummary. What a person changes is asked for, and shown when it holds."""

    def __init__(
        self, group: str, orders: GroupOrders, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"group-{group}")
        self.setAccessibleName(self.tr("Group {0}").format(group))
        self._group = group
        self._orders = orders
        self._now = now
        self._shown: GroupSummary | None = None
        self._title = TitleFold(group, self.tr("Limits of group {0}").format(group))
        self._title.setObjectName(f"group-open-{group}")
        self._counts = StableLabel()
        self._counts.setObjectName(f"group-counts-{group}")
        self._counts.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._limits = WrapLabel("", small_font(), "muted")
        self._limits.setObjectName(f"group-limits-{group}")
        self._switch = Switch(self.tr("Group {0} on").format(group), follows=True)
        self._switch.setObjectName(f"group-switch-{group}")
        self._switch.requested.connect(self._on_switch)
        self._make_controls()
        self._build()

    def show_summary(self, summary: GroupSummary) -> None:
        """How it is now. What is being typed is left alone as long as its value is the same."""
        before, self._shown = self._shown, summary
        if before == summary:
            return
        waiting = summary.pending_count + summary.waiting_count + summary.blocked_count
        words = self.tr("{0} running, {1} waiting")
        if summary.paused_count:
            words = (
                self.tr("{0} running, {2} paused")
                if not waiting
                else self.tr("{0} running, {1} waiting, {2} paused")
            )
        self._counts.setText(
            words.format(count_text(summary.running), count_text(waiting), count_text(summary.paused_count))
        )
        if before is None or before.max_concurrency != summary.max_concurrency:
            self._limit.show_cap(summary.max_concurrency)
        if before is None or before.weight != summary.weight:
            self._weight.show_number(summary.weight)
        if before is None or before.minimum_slots != summary.minimum_slots:
            self._minimum.show_number(summary.minimum_slots)
        if before is None or before.rate_limit != summary.rate_limit:
            self._rate.show_limit(summary.rate_limit)
        if before is None or before.is_paused != summary.is_paused:
            self._switch.settle(not summary.is_paused)
        self.tick()

    def set_open(self, is_open: bool) -> None:
        """Shows its limits, or folds them away."""
        self._title.setChecked(is_open)

    def settle(self) -> None:
        """What was asked for has been carried out, or could not be: what holds is shown; what is typed stays."""
        shown = self._shown
        if shown is None:
            return
        if self._limit.cap != shown.max_concurrency:
            self._limit.show_cap(shown.max_concurrency)
        if self._weight.value() != shown.weight:
            self._weight.show_number(shown.weight)
        if self._minimum.value() != shown.minimum_slots:
            self._minimum.show_number(shown.minimum_slots)
        self._rate.show_limit(shown.rate_limit)
        if self._switch.is_settling:
            self._switch.settle(not shown.is_paused)

    def tick(self) -> None:
        """Time has passed."""
        if self._shown is not None:
            self._limits.show_text(self._limits_text(self._shown))

    def _make_controls(self) -> None:
        group, orders = self._group, self._orders
        self._limit = CapBox(self.tr("Most tasks of group {0} at once").format(group), is_quiet=False)
        self._limit.setObjectName(f"group-limit-{group}")
        self._limit.cap_chosen.connect(lambda cap: orders.set_group_limit(group, cap))
        self._weight = QuietSpin(self.tr("Weight of group {0}").format(group), 1, _MOST)
        self._weight.setObjectName(f"group-weight-{group}")
        self._weight.chosen.connect(lambda n: orders.set_group_weight(group, n))
        self._minimum = QuietSpin(
            self.tr("Slots kept for group {0}").format(group), 0, _MOST, self.tr("none")
        )
        self._minimum.setObjectName(f"group-minimum-{group}")
        self._minimum.chosen.connect(lambda n: orders.set_group_minimum(group, n or None))
        for spin in (self._weight, self._minimum):
            spin.setFixedWidth(_NUMBER_WIDTH)
        self._rate = GroupRateBox(self.tr("Starts of group {0}").format(group))
        self._rate.setObjectName(f"group-rate-{group}")
        self._rate.rate_chosen.connect(lambda rate: orders.set_group_rate(group, rate))
        self._pause = QPushButton(self.tr("Pause for…"))
        self._pause.setObjectName(f"group-pause-{group}")
        self._pause.setAccessibleName(self.tr("Pause group {0} for a while").format(group))
        menu = QMenu(self._pause)
        menu.setAccessibleName(self._pause.accessibleName())
        for words, until in (
            (self.tr("15 minutes"), lambda: self._now() + timedelta(minutes=15)),
            (self.tr("1 hour"), lambda: self._now() + timedelta(hours=1)),
            (self.tr("Until tomorrow at 8"), lambda: tomorrow(self._now())),
        ):
            action = menu.addAction(words)
            action.triggered.connect(lambda _=False, until=until: orders.pause_group(group, until()))
        self._pause.setMenu(menu)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self._title, 1)
        head.addWidget(self._counts)
        head.addWidget(self._switch)
        below = QHBoxLayout()
        below.setContentsMargins(24, 0, 0, 0)
        below.addWidget(self._limits)
        self._editor = QWidget()
        grid = QGridLayout(self._editor)
        grid.setContentsMargins(24, GRID, 0, GRID)
        grid.setHorizontalSpacing(2 * GRID)
        grid.setVerticalSpacing(GRID)
        grid.setColumnStretch(2, 1)
        for place, (words, control) in enumerate(
            (
                (self.tr("At most"), self._limit),
                (self.tr("Share (weight)"), self._weight),
                (self.tr("Slots kept for it"), self._minimum),
                (self.tr("Starts"), self._rate),
                (self.tr("Rest"), self._pause),
            )
        ):
            label = QLabel(words)
            label.setBuddy(control)
            grid.addWidget(label, place, 0, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(control, place, 1, Qt.AlignmentFlag.AlignLeft)
        self._editor.hide()
        self._title.toggled.connect(self._editor.setVisible)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID - 2, 0, GRID - 2)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(below)
        column.addWidget(self._editor)

    def _on_switch(self, on: bool) -> None:
        if on:
            self._orders.resume_group(self._group)
        else:
            self._orders.pause_group(self._group)

    def _limits_text(self, summary: GroupSummary) -> str:
        parts: list[str] = []
        if summary.is_paused:
            until = summary.paused_until
            parts.append(
                self.tr("paused")
                if until is None
                else self.tr("paused until {0}").format(moment_text(until, self._now()))
            )
        if summary.max_concurrency is not None:
            parts.append(self.tr("{0} at once").format(number_text(summary.max_concurrency)))
        if summary.weight != 1:
            parts.append(self.tr("weight {0}").format(number_text(summary.weight)))
        if summary.minimum_slots:
            parts.append(self.tr("{0} kept for it").format(number_text(summary.minimum_slots)))
        if summary.rate_limit is not None:
            parts.append(rate_text(summary.rate_limit))
        return " · ".join(parts) or self.tr("no limit of its own")


def tomorrow(now: datetime) -> datetime:
    """Eight in the morning of the next day, where the person is."""
    morning = now.astimezone().replace(hour=_MORNING, minute=0, second=0, microsecond=0)
    return morning + timedelta(days=1)
