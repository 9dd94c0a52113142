"""One schedule: what comes again, how often, when next; to be run now, paused, or ended with time to think again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.models.domain_looks import type_name
from app.models.schedule_wording import schedule_text
from app.models.wording import eta_text
from app.theme import GRID, bold_font, small_font
from app.widgets.card_wording import sentence
from app.widgets.icon_button import IconButton
from app.widgets.switch import Switch
from app.widgets.wrap_label import WrapLabel

if TYPE_CHECKING:
    from scheduler_core import RecurringState

_FAR_S = 600.0
UNDO_MS = 10_000
"""So long a person may think again after *End*."""


class ScheduleOrders(Protocol):
    """What the row asks for."""

    def pause_schedule(self, task_id: int, label: str) -> None: ...
    def resume_schedule(self, task_id: int, label: str) -> None: ...
    def end_schedule(self, task_id: int, label: str) -> None: ...
    def run_schedule_now(self, task_id: int, label: str) -> None: ...


class ScheduleRow(QWidget):
    """Shows a RecurringState. *End* lets it rest at once, and ends it ten seconds later unless it is kept.

    A program that ends in these seconds leaves a schedule that rests: nothing is lost by a slip.
    """

    def __init__(
        self,
        schedule_id: int,
        label: str,
        orders: ScheduleOrders,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"schedule-{schedule_id}")
        self.setAccessibleName(self.tr("Schedule {0}").format(label))
        self._label = label
        self._orders = orders
        self._now = now
        self._shown: RecurringState | None = None
        self._was_paused = False
        self._end_timer = QTimer(self)
        self._end_timer.setSingleShot(True)
        self._end_timer.setInterval(UNDO_MS)
        self._end_timer.timeout.connect(self._on_end)
        self._title = WrapLabel(label, bold_font())
        self._when = WrapLabel("", small_font(), "muted")
        self._when.setObjectName(f"schedule-when-{schedule_id}")
        self._run = IconButton(f"schedule-run-{schedule_id}", "play", self.tr("Run {0} now").format(label))
        self._run.clicked.connect(lambda: self._ask(orders.run_schedule_now))
        self._end = IconButton(f"schedule-end-{schedule_id}", "close", self.tr("End {0}").format(label))
        self._end.clicked.connect(lambda: self._begin_end())
        self._switch = Switch(self.tr("{0} on").format(label), follows=True)
        self._switch.setObjectName(f"schedule-switch-{schedule_id}")
        self._switch.requested.connect(self._on_switch)
        self._keep = QPushButton(self.tr("Keep it"))
        self._keep.setObjectName(f"schedule-keep-{schedule_id}")
        self._keep.setAccessibleName(self.tr("Keep the schedule {0}").format(label))
        self._keep.clicked.connect(lambda: self._on_keep())
        self._build()
        self._show_ending(ending=False)

    @property
    def is_ending(self) -> bool:
        """Will it end soon, unless it is kept?"""
        return self._end_timer.isActive()

    def show_state(self, state: RecurringState) -> None:
        """How it is now."""
        before, self._shown = self._shown, state
        if before is None or before.is_paused != state.is_paused:
            self._switch.settle(not state.is_paused)
        self._run.setEnabled(not state.is_paused)
        self.tick()

    def settle(self) -> None:
        """What was asked for has been carried out, or could not be."""
        if self._switch.is_settling and self._shown is not None:
            self._switch.settle(not self._shown.is_paused)

    def release(self) -> None:
        """Nobody is there to ask any more: a schedule that was about to end rests. Idempotent."""
        self._end_timer.stop()

    def tick(self) -> None:
        """Time has passed."""
        state = self._shown
        if state is None:
            return
        if self.is_ending:
            self._when.show_text(self.tr("It comes no more. It can be kept for ten seconds."))
            return
        rule = sentence(schedule_text(state.schedule))
        if state.is_paused:
            words = self.tr("{0} · {1} · paused")
        elif state.next_at <= self._now():
            words = self.tr("{0} · {1} · due now")
        else:
            words = self.tr("{0} · {1} · next {2}")
        next_at = eta_text(state.next_at, self._now())
        self._when.show_text(words.format(type_name(state.task_type), rule, next_at))

    def next_tick_s(self, now: datetime) -> float | None:
        """In how many seconds it says something else; None: not by time alone."""
        if self._shown is None or self._shown.is_paused or self.is_ending:
            return None
        left_s = (self._shown.next_at - now).total_seconds()
        if left_s > _FAR_S:
            # Until then it says at what o'clock.
            return left_s - _FAR_S + 1
        return None if left_s < -1 else 1.0

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._when)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, GRID, 0, GRID)
        row.setSpacing(4)
        row.addLayout(words, 1)
        row.addWidget(self._keep)
        row.addWidget(self._run)
        row.addWidget(self._end)
        row.addWidget(self._switch)

    def _ask(self, order: Callable[[int, str], None]) -> None:
        if self._shown is not None:
            order(self._shown.task_id, self._label)

    def _on_switch(self, on: bool) -> None:
        self._ask(self._orders.resume_schedule if on else self._orders.pause_schedule)

    def _begin_end(self) -> None:
        if self._shown is None or self.is_ending:
            return
        self._was_paused = self._shown.is_paused
        if not self._was_paused:
            self._ask(self._orders.pause_schedule)
        self._end_timer.start()
        self._show_ending(ending=True)
        self._keep.setFocus()

    def _on_keep(self) -> None:
        self._end_timer.stop()
        self._show_ending(ending=False)
        if not self._was_paused:
            self._ask(self._orders.resume_schedule)
        self._end.setFocus()

    def _on_end(self) -> None:
        self._show_ending(ending=False)
        self._ask(self._orders.end_schedule)

    def _show_ending(self, *, ending: bool) -> None:
        self._keep.setVisible(ending)
        for control in (self._run, self._end, self._switch):
            control.setVisible(not ending)
        self.tick()
