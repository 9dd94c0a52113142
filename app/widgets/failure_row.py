"""One failure in a few words: what went wrong, with what, when; and a button that tries it again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.models.domain_looks import task_name, type_name
from app.models.failures_model import attempts_of, short_reason
from app.models.wording import moment_text
from app.theme import GRID, small_font
from app.widgets.icons import IconLabel
from app.widgets.wrap_label import WrapLabel

if TYPE_CHECKING:
    from scheduler_core import TaskHistoryRecord

_LONGEST = 200
"""More letters than this are on the Failures page."""


class FailureRow(QWidget):
    """`retry_requested(object)` carries the TaskHistoryRecord."""

    retry_requested = Signal(object)

    def __init__(
        self, record: TaskHistoryRecord, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"panel-failure-{record.id}")
        self._record = record
        self._now = now
        label = task_name(record) or type_name(record.task_type)
        reason = short_reason(record) or self.tr("It gave no reason")
        if len(reason) > _LONGEST:
            reason = reason[:_LONGEST].rstrip() + "…"
        self.setAccessibleName(f"{reason.rstrip('.')}. {label}")
        self._caption = WrapLabel("", small_font(), "muted")
        retry = QPushButton(self.tr("Retry"))
        retry.setObjectName(f"panel-retry-{record.id}")
        retry.setAccessibleName(self.tr("Retry {0}").format(label))
        retry.clicked.connect(lambda: self.retry_requested.emit(self._record))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(WrapLabel(reason))
        words.addWidget(self._caption)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, GRID, 0, GRID)
        row.setSpacing(GRID)
        row.addWidget(IconLabel("failed", "failure", 16), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(retry)
        self._label = label
        self.tick()

    def tick(self) -> None:
        """Another day may have begun."""
        when = moment_text(self._record.completed_at, self._now())
        number = attempts_of(self._record)
        words = self.tr("{0} · {1}") if number <= 1 else self.tr("{0} · {1} · {2} attempts")
        self._caption.show_text(words.format(self._label, when, number))
