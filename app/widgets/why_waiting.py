"""Why is this waiting? One sentence with numbers, when it should start, and the button that lifts what holds it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.models.domain_looks import Looks
from app.models.gate_settings import has_setting
from app.models.gate_words import Subject, gate_sentence, gate_title, instant_text, lift_help, lift_text
from app.models.inspection import Inspection
from app.models.wording import number_text
from app.theme import GRID, bold_font, follow_theme, heading_font
from app.widgets.card import Card
from app.widgets.detail_parts import FactsGrid, caption
from app.widgets.flow_row import FlowRow
from app.widgets.fold import Fold
from app.widgets.icons import icon_pixmap
from app.widgets.prose import Prose
from scheduler_core import GateResult, Lift

_ICON = 16


class WhyWaiting(Card):
    """Hidden for what does not wait. `lift_requested(Lift)`: the button; `task_requested(int)`: the one it waits for;
    `setting_requested(GateResult)`: a person wants to see what this gate goes by.
    """

    lift_requested = Signal(object)
    setting_requested = Signal(object)
    task_requested = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("why-waiting")
        self._lift: Lift | None = None
        self._other: int | None = None
        self._sentence = Prose("", font=heading_font(14))
        self._sentence.setObjectName("why-sentence")
        self._facts = FactsGrid()
        self._button = QPushButton()
        self._button.setObjectName("why-lift")
        self._button.setProperty("role", "main")
        self._button.clicked.connect(self._on_lift)
        self._show = QPushButton()
        self._show.setObjectName("why-show")
        self._show.clicked.connect(self._on_show)
        self._gate: GateResult | None = None
        self._setting = QPushButton(self.tr("Open its setting"))
        self._setting.setObjectName("why-setting")
        self._setting.setProperty("role", "link")
        self._setting.clicked.connect(self._on_setting)
        self._gates = _GateList()
        self._fold = Fold("", self._gates)
        self._fold.button.setObjectName("why-gates")
        self._button.setAccessibleName(self.tr("Lift what holds it"))
        self._show.setAccessibleName(self.tr("Show the task it waits for"))
        self._fold.button.setAccessibleName(self.tr("All gates"))
        for button in (self._button, self._show, self._setting):
            button.setCursor(Qt.CursorShape.PointingHandCursor)
        # The words of another language may need a line each.
        self._buttons = FlowRow([self._button, self._show, self._setting], GRID)
        self.body.addWidget(caption(self.tr("Why is this waiting?")))
        self.body.addWidget(self._sentence)
        self.body.addWidget(self._facts)
        self.body.addWidget(self._buttons)
        self.body.addWidget(self._fold)
        self.hide()

    def show_inspection(self, shown: Inspection | None, looks: Looks, now: datetime) -> None:
        """What holds it now; hidden for None, and for a task that nothing can hold any more."""
        if shown is None or shown.explanation is None:
            self._lift = self._other = self._gate = None
            self.hide()
            return
        task, gate = shown.subject(looks, now), shown.blocking
        sentence = (
            self.tr("Nothing holds it: it starts any moment.") if gate is None else gate_sentence(gate, task)
        )
        self._sentence.set_text(sentence)
        self.setAccessibleName(self.tr("Why is this waiting? {0}").format(sentence))
        self._facts.show_facts(self._facts_of(shown, now))
        self._show_buttons(gate, task)
        self._buttons.refresh()
        self._show_gates(shown.explanation.gates, task)
        self.show()

    def _facts_of(self, shown: Inspection, now: datetime) -> dict[str, str]:
        explanation = shown.explanation
        found: dict[str, str] = {}
        if explanation is None:
            return found
        if explanation.place is not None:
            found[self.tr("Place in line")] = number_text(explanation.place)
        start = explanation.expected_start
        if start is not None:
            soon = self.tr("any moment")
            found[self.tr("Should start")] = soon if start <= now else instant_text(start, now)
        return found

    def _show_buttons(self, gate: GateResult | None, task: Subject) -> None:
        self._lift = None if gate is None else gate.lift
        self._button.setVisible(self._lift is not None)
        self._button.setEnabled(True)
        if self._lift is not None and gate is not None:
            text = lift_text(self._lift, gate.name, task)
            self._button.setText(text.replace("&", "&&"))
            self._button.setAccessibleName(text)
            self._button.setAccessibleDescription(lift_help(self._lift))
            self._button.setToolTip(lift_help(self._lift))
        self._other = None
        if gate is not None and gate.name == "dependencies":
            others = [*gate.values.get("failed", ()), *gate.values.get("depends_on", ())]
            self._other = int(others[0]) if others else None
            text = self.tr("Show that task") if len(others) == 1 else self.tr("Show the first of them")
            self._show.setText(text)
            self._show.setAccessibleName(text)
        self._show.setVisible(self._other is not None)
        self._gate = gate if gate is not None and has_setting(gate) else None
        self._setting.setVisible(self._gate is not None)
        if gate is not None:
            what = gate_title(gate, task)
            self._setting.setAccessibleName(self.tr("Open the setting of: {0}").format(what))
            self._setting.setToolTip(self.tr("Shows where this is set: {0}").format(what))

    def _show_gates(self, gates: Sequence[GateResult], task: Subject) -> None:
        closed = sum(not gate.passed for gate in gates)
        title = self.tr("All gates: {0} open, {1} closed").format(len(gates) - closed, closed)
        self._fold.button.setText(title)
        self._fold.button.setAccessibleName(title)
        self._gates.show_gates(gates, task)

    def _on_lift(self) -> None:
        if self._lift is not None:
            # Until the answer is there: a second press would raise a limit twice.
            self._button.setEnabled(False)
            self.lift_requested.emit(self._lift)

    def _on_setting(self) -> None:
        if self._gate is not None:
            self.setting_requested.emit(self._gate)

    def _on_show(self) -> None:
        if self._other is not None:
            self.task_requested.emit(self._other)


class _GateList(QWidget):
    """One row a gate, in the order in which the scheduler asks them."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, GRID, 0, 0)
        self._column.setSpacing(GRID)
        self._rows: list[_GateRow] = []

    def show_gates(self, gates: Sequence[GateResult], task: Subject) -> None:
        """These and no others."""
        for _ in range(len(self._rows), len(gates)):
            self._rows.append(_GateRow())
            self._column.addWidget(self._rows[-1])
        for place, row in enumerate(self._rows):
            row.setVisible(place < len(gates))
            if place < len(gates):
                row.show_gate(gates[place], task)


class _GateRow(QWidget):
    """What a gate looks at, whether it is open, and the numbers behind that."""

    def __init__(self) -> None:
        super().__init__()
        self._passed = True
        self._icon = QLabel()
        self._icon.setFixedSize(QSize(_ICON, _ICON))
        self._title = QLabel()
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setWordWrap(True)
        self._state = QLabel()
        self._sentence = Prose("", "muted")
        line = QHBoxLayout()
        line.setSpacing(GRID)
        line.addWidget(self._title, 1)
        line.addWidget(self._state)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addLayout(line)
        words.addWidget(self._sentence)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        follow_theme(self, self._ink)

    def show_gate(self, gate: GateResult, task: Subject) -> None:
        """Another gate, or another answer."""
        self._passed = gate.passed
        self.setObjectName(f"gate-{gate.name}")
        title, sentence = gate_title(gate, task), gate_sentence(gate, task)
        state = self.tr("open") if gate.passed else self.tr("closed")
        self._title.setText(title)
        self._title.setFont(bold_font() if not gate.passed else self.font())
        self._state.setText(state)
        self._state.setProperty("role", "muted" if gate.passed else "warning")
        self._state.style().unpolish(self._state)
        self._state.style().polish(self._state)
        self._sentence.set_text(sentence)
        self.setAccessibleName(self.tr("{0}: {1}. {2}").format(title, state, sentence))
        self._ink()

    def _ink(self) -> None:
        name, token = ("check", "state-done") if self._passed else ("close", "warning")
        self._icon.setPixmap(icon_pixmap(name, token, _ICON, self.devicePixelRatioF()))
