"""Shown instead of all pages when the data folder could not be opened: the thing, the reason, the way out."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.models.problem_words import problem_words
from app.problem import Problem
from app.theme import GRID, heading_font
from app.widgets.announce import announce
from app.widgets.card_wording import sentence
from app.widgets.icons import IconLabel
from app.widgets.wrap_label import WrapLabel

_WIDTH = 640
_DETAILS_HEIGHT = 200


class ProblemPage(QWidget):
    """`retry_requested()` and `quit_requested()` come from its buttons."""

    retry_requested = Signal()
    quit_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page-problem")
        self._thing = WrapLabel(font=heading_font(20))
        self._reason = WrapLabel(font=heading_font(14))
        self._remedy = WrapLabel(role="muted")
        self._details = QPlainTextEdit()
        self._details.setReadOnly(True)
        self._details.setAccessibleName(self.tr("Details"))
        self._details.setFixedHeight(_DETAILS_HEIGHT)
        self._details.hide()
        column = QVBoxLayout()
        column.setSpacing(2 * GRID)
        column.addWidget(IconLabel("failures", "failure", 40))
        for part in (self._thing, self._reason, self._remedy):
            column.addWidget(part)
        column.addLayout(self._buttons())
        column.addWidget(self._details)
        holder = QWidget()
        holder.setMaximumWidth(_WIDTH)
        holder.setLayout(column)
        # Stretches, not an alignment: an aligned widget is not asked for its height at its width.
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(holder, 100)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addLayout(row)
        layout.addStretch(3)

    def show_problem(self, problem: Problem) -> None:
        """Says what went wrong; the button to try again gets the focus."""
        problem = problem_words(problem)
        self._thing.show_text(sentence(self.tr("{0} could not be opened").format(problem.thing)))
        self._reason.show_text(sentence(problem.reason))
        self._remedy.show_text(sentence(problem.remedy))
        self._details.setPlainText(f"{problem}\n\n{problem.details}".strip())
        self._more.setChecked(False)
        self.setAccessibleName(str(problem))
        self.retry_button.setEnabled(True)
        self.retry_button.setFocus()
        announce(self, str(problem))

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GRID)
        self.retry_button = QPushButton(self.tr("&Try again"))
        self.retry_button.setObjectName("problem-retry")
        self.retry_button.setProperty("role", "main")
        self.retry_button.clicked.connect(self._on_retry)
        quit_button = QPushButton(self.tr("&Quit"))
        quit_button.setObjectName("problem-quit")
        quit_button.clicked.connect(lambda: self.quit_requested.emit())
        self._more = QPushButton(self.tr("Details"))
        self._more.setProperty("role", "flat")
        self._more.setCheckable(True)
        self._more.toggled.connect(self._details.setVisible)
        for button in (self.retry_button, quit_button, self._more):
            button.setAccessibleName(button.text().replace("&", ""))
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _on_retry(self) -> None:
        self.retry_button.setEnabled(False)
        self.retry_requested.emit()
