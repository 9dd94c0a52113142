"""The inspector as it is seen: one task with all that is known of it, or a hint to choose one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.models.attempt_lines import attempt_lines, earlier_text
from app.models.domain_looks import Looks, task_name
from app.models.inspection import (
    Inspection,
    Neighbour,
    error_of,
    facts,
    io_facts,
    payload_text,
    state_text,
    tag_facts,
)
from app.models.task_row import TaskProgress
from app.models.wording import eta_text, number_text, percent_text
from app.theme import GRID, follow_theme, heading_font, state_token
from app.widgets.attempt_timeline import AttemptTimeline
from app.widgets.detail_parts import CopySection, FactsSection, LinksSection, Section
from app.widgets.icons import icon, icon_pixmap
from app.widgets.log_section import LogSection
from app.widgets.prose import Prose
from app.widgets.why_waiting import WhyWaiting
from scheduler_core import TaskStatus

_ICON = 20
_MOST_LINES = 14
_MOST_LINKS = 12
_ICONS = {
    "running": "running",
    "pending": "waiting",
    "waiting": "waiting",
    "paused": "paused",
    "blocked": "blocked",
    "completed": "done",
    "cancelled": "cancelled",
    "superseded": "cancelled",
}


class InspectorPanel(QFrame):
    """`close_requested()`, `task_requested(int)`, `copied(str)`, `cancel_requested()` and `retry_requested()`."""

    close_requested = Signal()
    task_requested = Signal(int)
    copied = Signal(str)
    cancel_requested = Signal()
    retry_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAccessibleName(self.tr("Inspector"))
        self.setProperty("role", "card")
        self._shown: Inspection | None = None
        self._status = ""
        self._title = Prose("", font=heading_font(14))
        self._title.setObjectName("inspector-title")
        self._state = QLabel()
        self._state.setObjectName("inspector-state")
        self._state.setProperty("role", "muted")
        self._icon = QLabel()
        self._icon.setFixedSize(QSize(_ICON, _ICON))
        self._progress = _ProgressRows()
        self.why = WhyWaiting()
        self.why.task_requested.connect(self.task_requested)
        self._cancel = self._action("inspector-cancel", self.tr("Cancel task"), self.cancel_requested.emit)
        self._retry = self._action("inspector-retry", self.tr("Retry"), self.retry_requested.emit)
        self._error = Prose("", "failure")
        self._error.setObjectName("inspector-error")
        self._trace = CopySection(self.tr("Traceback"), "inspector-traceback", _MOST_LINES)
        self._timeline = AttemptTimeline()
        self._facts = FactsSection(self.tr("Details"))
        self._tags = FactsSection(self.tr("Tags"))
        self._io = FactsSection(self.tr("Disk and network"))
        self._parent = LinksSection(self.tr("Child of"), "inspector-parent")
        self._needs = LinksSection(self.tr("Needs"), "inspector-needs")
        self._needed_by = LinksSection(self.tr("Needed by"), "inspector-needed-by")
        self.log = LogSection("inspector-log")
        self._payload = CopySection(self.tr("Payload"), "inspector-payload", _MOST_LINES)
        self._build()
        follow_theme(self, self._ink)
        self._ink()
        self.show_nothing()

    def show_nothing(self, hint: str = "") -> None:
        """No task is chosen; `hint` says what to do, if not that."""
        self._shown = None
        self._hint.setText(hint or self.tr("Select a task to see what it does, and why it waits."))
        self._content.hide()
        self._hint.show()
        self.why.show_inspection(None, {}, datetime.now().astimezone())

    def show_inspection(self, shown: Inspection, looks: Looks, now: datetime) -> None:
        """Shows a task as it is now; what has not changed stays as it is, and so does the place one has scrolled to."""
        is_other = self._shown is None or self._shown.record.id != shown.record.id
        self._shown = shown
        record = shown.record
        self._title.set_text(task_name(record))
        self._status = record.status
        self._state.setText(state_text(record.status))
        self._ink()
        self.show_progress(shown.progress if record.status == "running" else None, now)
        self.why.show_inspection(shown, looks, now)
        self._cancel.setVisible(not shown.is_over and shown.record.status is not TaskStatus.CANCELLED)
        self._retry.setVisible(shown.has_failed)
        message, trace = error_of(shown)
        self._error.set_text(message)
        self._error.setVisible(bool(message))
        self._failure.setVisible(bool(message))
        self._trace.show_text(trace)
        lines = attempt_lines(shown, now)
        self._timeline.show_lines(lines, earlier_text(lines))
        self._attempts.setVisible(bool(lines))
        self._facts.show_facts(facts(shown, looks, now))
        self._tags.show_facts(tag_facts(record.tags))
        self._io.show_facts(io_facts(shown))
        self._show_links(self._parent, () if shown.parent is None else (shown.parent,), 1)
        self._show_links(self._needs, shown.needs, len(record.dependencies))
        self._show_links(self._needed_by, shown.needed_by, len(shown.needed_by))
        if is_other or not self._payload_of(record.payload):
            self._payload_shown = record.payload
            self._payload.show_text(payload_text(record.payload), payload_text(record.payload, whole=True))
        self._hint.hide()
        self._content.show()
        if is_other:
            self._scroll.verticalScrollBar().setValue(0)

    def show_progress(self, progress: TaskProgress | None, now: datetime) -> None:
        """How far it is; None: it does not run."""
        self._progress.show_progress(progress, now)

    def _payload_of(self, payload: object) -> bool:
        return self._payload_shown == payload

    def _build(self) -> None:
        self._payload_shown: object = None
        close = QToolButton()
        close.setObjectName("inspector-close")
        close.setProperty("role", "flat")
        close.setAccessibleName(self.tr("Close the inspector"))
        close.setToolTip(self.tr("Close (Esc)"))
        close.setCursor(Qt.CursorShape.PointingHandCursor)
        close.clicked.connect(lambda: self.close_requested.emit())
        self._close = close
        for section in (self._trace, self._payload, self.log):
            section.copied.connect(self.copied)
        for links in (self._parent, self._needs, self._needed_by):
            links.chosen.connect(self.task_requested)
        self._failure = Section(self.tr("Error"))
        self._failure.body.addWidget(self._error)
        self._attempts = Section(self.tr("Attempts"))
        self._attempts.body.addWidget(self._timeline)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # It lies on a card, whose ground is to be seen.
        self._scroll.setStyleSheet(
            "QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }"
        )
        self._scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._scroll.setAccessibleName(self.tr("Details of the task"))
        self.setFocusProxy(self._scroll)
        self._hint = QLabel()
        self._hint.setWordWrap(True)
        self._hint.setProperty("role", "muted")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setContentsMargins(2 * GRID, 0, 2 * GRID, 0)
        self._content = self._put_together()
        inner = QWidget()
        room = QVBoxLayout(inner)
        room.setContentsMargins(0, 0, 0, 0)
        room.addWidget(self._content, 1)
        room.addWidget(self._hint, 1)
        self._scroll.setWidget(inner)
        bar = QHBoxLayout()
        bar.setContentsMargins(GRID + 4, GRID, 0, 0)  # the button's own padding is its margin
        name = QLabel(self.tr("Inspector"))
        name.setProperty("role", "muted")
        bar.addWidget(name, 1)
        bar.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self._scroll, 1)

    def _put_together(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(GRID + 4, GRID, GRID + 4, GRID + 4)
        column.setSpacing(GRID)
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._state)
        head.addLayout(words, 1)
        actions = QHBoxLayout()
        actions.setSpacing(GRID)
        for button in (self._retry, self._cancel):
            actions.addWidget(button)
        actions.addStretch(1)
        column.addLayout(head)
        column.addWidget(self._progress)
        column.addWidget(self.why)
        column.addLayout(actions)
        sections = (self._failure, self._attempts, self._trace, self.log, self._facts, self._tags, self._io)
        for part in (*sections, self._parent, self._needs, self._needed_by, self._payload):
            column.addWidget(part)
        column.addStretch(1)
        return content

    def _action(self, name: str, text: str, slot: object) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(lambda: slot())  # type: ignore[operator] # pyright: ignore[reportCallIssue]
        return button

    def _show_links(self, section: LinksSection, others: Sequence[Neighbour], total: int) -> None:
        links = [(one.id, self._link_text(one)) for one in others[:_MOST_LINKS]]
        left = max(total, len(others)) - len(links)
        section.show_links(links, self.tr("and {0} more").format(number_text(left)) if left > 0 else "")

    def _link_text(self, one: Neighbour) -> str:
        if one.label is None:
            return self.tr("Task {0}, which is not known any more").format(one.id)
        return self.tr("{0} ({1})").format(one.label, state_text(one.status))

    def _ink(self) -> None:
        name = _ICONS.get(self._status, "failed")
        scale = self.devicePixelRatioF()
        self._icon.setPixmap(icon_pixmap(name, state_token(self._status or "pending"), _ICON, scale))
        self._close.setIcon(icon("close", "muted", 16))
        self._close.setIconSize(QSize(16, 16))


class _ProgressRows(QWidget):
    """A bar, what it says, and when it will be done; hidden while the task does not run."""

    def __init__(self) -> None:
        super().__init__()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._text = Prose("", "muted")
        self._text.setObjectName("inspector-progress")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._bar)
        column.addWidget(self._text)
        self.hide()

    def show_progress(self, progress: TaskProgress | None, now: datetime) -> None:
        """This far."""
        if progress is None:
            self.hide()
            return
        fraction = progress.fraction
        self._bar.setVisible(fraction is not None)
        self._bar.setValue(round(1000 * (fraction or 0.0)))
        parts = [
            self.tr("How far it is, is not known") if fraction is None else percent_text(fraction),
            progress.message or "",
            "" if progress.eta is None else eta_text(progress.eta, now),
        ]
        self._text.set_text(" · ".join(part for part in parts if part))
        self.show()
