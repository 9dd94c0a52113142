"""One domain at a glance: its switch, its counts, how fast it goes, when it is through, and its cap."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPainterPath, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from app.models.domain_figures import DomainFigures
from app.models.pauses import paused_text
from app.theme import CARD_RADIUS, GRID, color, heading_font, small_font
from app.widgets.cap_box import CapBox
from app.widgets.card import Card
from app.widgets.card_wording import count_text, left_text, sentence, speed_text
from app.widgets.domain_switch import DomainSwitch, SwitchCommands
from app.widgets.elide_label import ElideLabel
from app.widgets.figure_label import FigureLabel
from app.widgets.icons import IconLabel
from app.widgets.stable_label import StableLabel
from app.widgets.tint_bar import TintBar
from app.widgets.title_button import TitleButton
from app.widgets.wrap_label import WrapLabel

if TYPE_CHECKING:
    from scheduler_core import DomainCounts, DomainHandle, Pause

_STRIPE = 3


class CardCommands(SwitchCommands, Protocol):
    """What the card asks for."""

    def set_domain_concurrency(self, name: str, n: int | None) -> None: ...


class DomainCard(Card):
    """Bound to one handle until `release`. `now` is a clock that never goes back, in seconds.

    `warning` is what the plugin's health check found, empty when it is well. `opened(str)`: the title was pressed.
    """

    opened = Signal(str)

    def __init__(
        self,
        handle: DomainHandle[Any],
        commands: CardCommands,
        title: str,
        token: str,
        now: Callable[[], float],
        description: str = "",
        warning: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"domain-card-{handle.name}")
        self.setAccessibleName(title)
        self._handle = handle
        self.domain = handle.name
        self.title = title
        self.token = token
        self._counts = handle.counts
        self._is_away = False
        self._pause: Pause | None = None
        self.figures = DomainFigures(_not_blocked(handle.counts), now)
        self._switch = DomainSwitch(handle, commands, title)
        self._switch.setObjectName(f"domain-switch-{handle.name}")
        self._numbers: dict[str, StableLabel] = {}
        self._bar = TintBar(token, self.tr("Progress of {0}").format(title))
        self._speed = _caption(Qt.AlignmentFlag.AlignLeft)
        self._left = _caption(Qt.AlignmentFlag.AlignRight)
        self._cap = CapBox(self.tr("Most tasks of {0} at once").format(title))
        self._cap.setObjectName(f"concurrency-{handle.name}")
        self._cap.cap_chosen.connect(lambda cap: commands.set_domain_concurrency(handle.name, cap))
        self.body.setContentsMargins(GRID + 4, GRID + 6, GRID + 4, GRID + 4)
        self._build(title, description, warning)
        self._cap.show_cap(handle.max_concurrency)
        handle.counts_changed.connect(self._on_counts, check_nargs=False)
        handle.paused_changed.connect(self._on_paused, check_nargs=False)
        handle.max_concurrency_changed.connect(self._cap.show_cap, check_nargs=False)
        self._on_counts(handle.counts)

    def focus_title(self) -> None:
        """Whoever comes back from the domain's page goes on where they were."""
        self._title.setFocus()

    def show_warning(self, warning: str) -> None:
        """What the plugin's health check found now; empty when it is well."""
        self._warning.show_text(warning)

    def release(self) -> None:
        """Lets the handle go. Idempotent."""
        self._switch.release()
        self._handle.counts_changed.disconnect(self._on_counts, missing_ok=True)
        self._handle.paused_changed.disconnect(self._on_paused, missing_ok=True)
        self._handle.max_concurrency_changed.disconnect(self._cap.show_cap, missing_ok=True)

    def show_pause(self, pause: Pause | None) -> None:
        """What holds this domain: its own pause, or none. Whether it is off, the handle says."""
        self._pause = pause
        self._switch.set_endless(pause is None or pause.until is None)
        reason = "" if pause is None or pause.reason is None else pause.reason
        self._speed.setToolTip(reason)
        self._switch.setToolTip(self.tr("Off: {0}").format(reason) if reason else "")
        self.refresh()

    def refresh(self) -> None:
        """Shows speed, progress and time left as they are now."""
        figures = self.figures
        self._bar.set_fraction(figures.fraction)
        self._speed.setText(self._state_text())
        # What only waits for its children goes on at their speed, not at its own.
        counts = self._counts
        is_moving = not self._handle.is_paused and counts.running + counts.pending > 0
        self._left.setText(left_text(figures.left_s) if is_moving else "")

    def _state_text(self) -> str:
        if self._handle.is_paused:
            if self._pause is None or self._pause.until is None:
                return self.tr("Off")
            return paused_text(self._pause, datetime.now(UTC))
        counts = self._counts
        if counts.active == 0:
            return self.tr("Nothing to do")
        if counts.running == 0 and counts.paused:
            return self.tr("Paused")
        return speed_text(self.figures.throughput) or (
            self.tr("Working") if counts.running else self.tr("Waiting")
        )

    def _build(self, title: str, description: str, warning: str) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(IconLabel(self._handle.name, self.token, 20))
        self._title = TitleButton(title, self.tr("Open {0}").format(title))
        self._title.setObjectName(f"domain-open-{self._handle.name}")
        self._title.setToolTip(description)
        self._title.clicked.connect(lambda: self.opened.emit(self.domain))
        head.addWidget(self._title, 1)
        head.addWidget(self._switch)
        self.body.addLayout(head)
        self.body.addLayout(self._counts_grid())
        self.body.addSpacing(2)
        self.body.addWidget(self._bar)
        figures = QHBoxLayout()
        figures.addWidget(self._speed, 1)
        figures.addWidget(self._left)
        self.body.addLayout(figures)
        cap = QHBoxLayout()
        label = _caption(Qt.AlignmentFlag.AlignLeft)
        label.setText(self.tr("At most"))
        label.setBuddy(self._cap)
        cap.addWidget(label, 1)
        cap.addWidget(self._cap)
        self.body.addLayout(cap)
        self._warning = WrapLabel(warning, small_font(), "warning")
        self.body.addWidget(self._warning)
        self.body.addStretch(1)

    def _counts_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(2)
        words = {
            "running": self.tr("running"),
            "waiting": self.tr("waiting"),
            "paused": self.tr("paused"),
            "failed": self.tr("failed"),
        }
        for place, (key, word) in enumerate(words.items()):
            cell = QHBoxLayout()
            cell.setSpacing(6)
            # While there is work to do it only grows, so that the word beside it does not jump with each digit.
            number = StableLabel("0")
            font = heading_font(14)
            font.setPixelSize(17)
            number.setFont(font)
            number.setObjectName(f"count-{key}")
            if key == "failed":
                number.setToolTip(
                    self.tr("All that failed for good so far; the Failures page has those to look at")
                )
            # A long word gives way: the card is never wider for it.
            caption = ElideLabel(word)
            caption.setFont(small_font())
            caption.setProperty("role", "muted")
            cell.addWidget(number, 0, Qt.AlignmentFlag.AlignBaseline)
            cell.addWidget(caption, 1, Qt.AlignmentFlag.AlignBaseline)
            grid.addLayout(cell, place // 2, place % 2)
            grid.setColumnStretch(place % 2, 1)
            grid.setColumnMinimumWidth(place % 2, 90)
            self._numbers[key] = number
        return grid

    def _on_counts(self, counts: DomainCounts) -> None:
        self._counts = counts
        self.figures.set_counts(_not_blocked(counts))
        if not self._is_away:
            self._show_counts(counts)

    def hideEvent(self, event: QHideEvent) -> None:
        """Qt's hook; on a page that nobody sees no words are changed, 30 times a second while tasks run."""
        super().hideEvent(event)
        self._is_away = True

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's hook; how things are now."""
        super().showEvent(event)
        self._is_away = False
        self._show_counts(self._counts)

    def _show_counts(self, counts: DomainCounts) -> None:
        shown = {
            "running": counts.running,
            "waiting": counts.pending + counts.waiting + counts.blocked,
            "paused": counts.paused,
            "failed": counts.failed,
        }
        for key, count in shown.items():
            if not counts.active:
                self._numbers[key].forget()
            self._numbers[key].setText(count_text(count))
        role = "failure" if counts.failed else ""
        number = self._numbers["failed"]
        if number.property("role") != role:
            number.setProperty("role", role)
            number.style().unpolish(number)
            number.style().polish(number)
        self.refresh()

    def _on_paused(self, _paused: bool) -> None:
        self.refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The card, and a stripe in the domain's colour along its upper edge."""
        super().paintEvent(event)
        if event.rect().top() >= _STRIPE:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()), CARD_RADIUS, CARD_RADIUS)
        painter.setClipPath(path)
        painter.fillRect(0, 0, self.width(), _STRIPE, color(self.token))


class FailedPluginCard(Card):
    """Stands below the cards of the domains: why a plugin could not be loaded, and the way out."""

    def __init__(
        self, name: str, title: str, reason: str, remedy: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"domain-card-{name}")
        self.setAccessibleName(self.tr("{0} could not be loaded: {1}").format(title, reason))
        # It has words where the others have numbers: a row of its own is less high than a card of a quarter's width.
        self.setProperty("wide", True)
        self.body.setSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(IconLabel("plug", "failure", 20))
        name_label = QLabel(title)
        name_label.setFont(heading_font(14))
        head.addWidget(name_label)
        head.addWidget(WrapLabel(self.tr("Could not be loaded"), role="failure"), 1)
        self.body.addLayout(head)
        self.body.addWidget(WrapLabel(sentence(reason)))
        self.body.addWidget(WrapLabel(sentence(remedy), role="muted"))


def _not_blocked(counts: DomainCounts) -> DomainCounts:
    """What waits for other tasks is left out: bar and time left are those of what runs or can run."""
    return counts.model_copy(update={"blocked": 0}) if counts.blocked else counts


def _caption(side: Qt.AlignmentFlag) -> FigureLabel:
    label = FigureLabel()
    label.setFont(small_font())
    label.setProperty("role", "muted")
    label.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    return label
