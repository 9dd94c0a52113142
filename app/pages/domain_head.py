"""The upper part of a domain's page: its switch, its cap, its numbers, how fast it goes, and whether it is well."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from app.language import said
from app.models.domain_figures import DomainFigures
from app.pages.domain_actions import DomainActions
from app.theme import GRID, bold_font, small_font
from app.widgets.cap_box import CapBox
from app.widgets.card import Card
from app.widgets.card_wording import count_text, left_text, speed_text
from app.widgets.domain_switch import DomainSwitch
from app.widgets.flow_row import FlowRow
from app.widgets.icons import IconLabel
from app.widgets.stable_label import StableLabel
from app.widgets.tint_bar import TintBar
from app.widgets.wrap_label import WrapLabel
from scheduler_core import Dispatched, HealthReport, Progress, SchedulerEvent, TaskEvent

if TYPE_CHECKING:
    from app.bridge.session import Session
    from app.plugin_host.host import LoadedPlugin
    from scheduler_core import DomainCounts, DomainHandle, PluginAction

_ORDER = ("running", "waiting", "paused", "failed")


class DomainHead(Card):
    """Bound to one handle until `close`. `check_requested()`: a person wants the health looked at again."""

    check_requested = Signal()

    def __init__(
        self,
        session: Session,
        handle: DomainHandle[Any],
        title: str,
        token: str,
        description: str,
        health: HealthReport | None,
    ) -> None:
        super().__init__()
        self._handle = handle
        self._counts = handle.counts
        self._figures = DomainFigures(_not_blocked(handle.counts), time.monotonic)
        self._undo: list[Callable[[], object]] = []
        name = handle.name
        self.setObjectName(f"panel-head-{name}")
        self.setAccessibleName(title)
        self._switch = DomainSwitch(handle, session.commands, self.tr("{0} on").format(title))
        self._switch.setObjectName(f"panel-switch-{name}")
        self._cap = CapBox(self.tr("Most tasks of {0} at once").format(title), is_quiet=False)
        self._cap.setObjectName(f"panel-concurrency-{name}")
        self._cap.cap_chosen.connect(lambda cap: session.commands.set_domain_concurrency(name, cap))
        self._actions = DomainActions(session.commands, name, title)
        self._numbers: dict[str, QLabel] = {}
        self._speed = StableLabel()
        self._speed.setObjectName("panel-speed")
        self._speed.setProperty("role", "muted")
        self._left = StableLabel()
        self._left.setObjectName("panel-left")
        self._left.setProperty("role", "muted")
        self._bar = TintBar(token, self.tr("Progress of {0}").format(title))
        self._health = QFrame()
        self._health.setObjectName("panel-health")
        self._health.setProperty("role", "banner-warning")
        self._health_words = WrapLabel("", role="warning")
        self._check = QPushButton(self.tr("Check &again"))
        self._check.setObjectName("panel-check-health")
        self._check.setAccessibleName(self.tr("Check again whether {0} can work").format(title))
        self._check.clicked.connect(lambda: self.check_requested.emit())
        self._build(name, token, description)
        self.show_health(health)
        self._connect(session)

    def close_links(self) -> None:
        """Lets the handle go. Idempotent."""
        undo, self._undo = self._undo, []
        for step in undo:
            step()
        self._switch.release()
        self._actions.close_links()

    def refresh(self) -> None:
        """Shows numbers, speed, progress and time left as they are now."""
        self._show_numbers()
        self._bar.set_fraction(self._figures.fraction)
        self._speed.setText(self._state_text())
        # What only waits for its children goes on at their speed, not at its own.
        counts = self._counts
        is_moving = not self._handle.is_paused and counts.running + counts.pending > 0
        self._left.setText(left_text(self._figures.left_s) if is_moving else "")

    def show_health(self, health: HealthReport | None) -> None:
        """What is missing, and how to get it; nothing where all is well."""
        self._check.setEnabled(True)
        self._health.setVisible(health is not None and not health.ok)
        self._health_words.show_text(
            "" if health is None or health.ok else said(health.message, self._handle.name)
        )

    def show_actions(self, actions: Sequence[PluginAction]) -> None:
        """What the plugin offers now."""
        self._actions.show_actions(actions)

    def show_checking(self) -> None:
        """The health is being looked at."""
        self._check.setEnabled(False)

    def _build(self, name: str, token: str, description: str) -> None:
        self.body.setSpacing(GRID + 4)
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(IconLabel(name, token, 24))
        head.addWidget(WrapLabel(description, role="muted"), 1)
        head.addStretch(0)
        head.addWidget(self._actions)
        head.addSpacing(GRID)
        most = QLabel(self.tr("At &most"))
        most.setProperty("role", "muted")
        most.setBuddy(self._cap)
        head.addWidget(most)
        head.addWidget(self._cap)
        head.addSpacing(GRID)
        head.addWidget(self._switch)
        self.body.addLayout(head)
        self.body.addWidget(self._numbers_row())
        self.body.addWidget(self._bar)
        row = QHBoxLayout(self._health)
        row.setContentsMargins(GRID + 4, GRID, GRID + 4, GRID)
        row.setSpacing(GRID)
        row.addWidget(IconLabel("failures", "warning", 16))
        row.addWidget(self._health_words, 1)
        row.addWidget(self._check)
        self.body.addWidget(self._health)

    def _numbers_row(self) -> QWidget:
        words = {
            "running": self.tr("running"),
            "waiting": self.tr("waiting"),
            "paused": self.tr("paused"),
            "failed": self.tr("failed"),
        }
        cells: list[QWidget] = []
        for key in _ORDER:
            number = StableLabel("0")
            number.setFont(bold_font())
            number.setObjectName(f"panel-count-{key}")
            caption = QLabel(words[key])
            caption.setFont(small_font())
            caption.setProperty("role", "muted")
            self._numbers[key] = number
            cells.append(_cell(number, caption))
        return FlowRow([*cells, _cell(self._speed), _cell(self._left)], 3 * GRID)

    def _connect(self, session: Session) -> None:
        handle = self._handle
        for signal, slot in (
            (handle.counts_changed, self._on_counts),
            (handle.paused_changed, self._on_paused),
            (handle.max_concurrency_changed, self._cap.show_cap),
        ):
            signal.connect(slot, check_nargs=False)
            self._undo.append(lambda signal=signal, slot=slot: signal.disconnect(slot, missing_ok=True))
        tasks = session.events.tasks_changed
        tasks.connect(self._on_tasks)
        self._undo.append(lambda: tasks.disconnect(self._on_tasks))
        settled = session.commands.settled
        settled.connect(self._on_settled)
        self._undo.append(lambda: settled.disconnect(self._on_settled))
        self._cap.show_cap(handle.max_concurrency)
        self._on_counts(handle.counts)

    def _on_settled(self) -> None:
        # What could not be done has no event of its own.
        if self._cap.cap != self._handle.max_concurrency:
            self._cap.show_cap(self._handle.max_concurrency)

    def _on_counts(self, counts: DomainCounts) -> None:
        self._counts = counts
        self._figures.set_counts(_not_blocked(counts))
        # What nobody sees is shown when somebody looks.
        if self.isVisible():
            self.refresh()

    def _show_numbers(self) -> None:
        counts = self._counts
        shown = {
            "running": counts.running,
            "waiting": counts.pending + counts.waiting + counts.blocked,
            "paused": counts.paused,
            "failed": counts.failed,
        }
        for key, count in shown.items():
            self._numbers[key].setText(count_text(count))
        number, role = self._numbers["failed"], "failure" if counts.failed else ""
        if number.property("role") != role:
            number.setProperty("role", role)
            number.style().unpolish(number)
            number.style().polish(number)

    def _on_paused(self, _paused: bool) -> None:
        self.refresh()

    def _on_tasks(self, events: Sequence[SchedulerEvent]) -> None:
        for event in events:
            if not isinstance(event, TaskEvent) or event.domain != self._handle.name:
                continue
            if isinstance(event, Progress):
                self._figures.set_progress(event.task_id, event.fraction)
            elif not isinstance(event, Dispatched):
                self._figures.set_progress(event.task_id, None)

    def _state_text(self) -> str:
        if self._handle.is_paused:
            return self.tr("off")
        counts = self._counts
        if counts.active == 0:
            return self.tr("nothing to do")
        if counts.running == 0 and counts.paused:
            return self.tr("held")
        return speed_text(self._figures.throughput) or (
            self.tr("working") if counts.running else self.tr("nothing runs now")
        )


async def check_health(plugin: LoadedPlugin, stored: dict[str, Any]) -> HealthReport:
    """Asks the plugin again, in a thread, with the settings that are stored, and says what the start would say."""
    from app.plugin_host.host import health_of

    assert plugin.plugin is not None
    kit = plugin.plugin
    try:
        return await asyncio.to_thread(lambda: health_of(kit, kit.settings_model.model_validate(stored)))
    except Exception as error:  # noqa: BLE001 - a plugin's validators may raise anything
        return HealthReport(ok=False, message=f"{type(error).__name__}: {error}")


def _cell(*parts: QWidget) -> QWidget:
    cell = QWidget()
    row = QHBoxLayout(cell)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    for part in parts:
        row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
    return cell


def _not_blocked(counts: DomainCounts) -> DomainCounts:
    """What waits for other tasks is left out: bar and time left are those of what runs or can run."""
    return counts.model_copy(update={"blocked": 0}) if counts.blocked else counts
