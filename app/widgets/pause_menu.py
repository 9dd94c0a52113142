"""The menu that every pause has: for an hour, until tomorrow, until one resumes; or resume."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.models.pauses import PauseChoice, choice_text


class PauseMenu(QMenu):
    """`chosen(PauseChoice)` says how long, `resume_requested()` that it is to end. A pause can be given another end."""

    chosen = Signal(object)
    resume_requested = Signal()

    def __init__(self, name: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self._choices: dict[PauseChoice, QAction] = {}
        for choice in PauseChoice:
            action = self._choices[choice] = self.addAction(choice_text(choice))
            action.setObjectName(f"pause-{choice}")
            action.triggered.connect(lambda _=False, choice=choice: self.chosen.emit(choice))
        self.addSeparator()
        self._resume = self.addAction(self.tr("Resume"))
        self._resume.setObjectName("pause-end")
        self._resume.triggered.connect(lambda: self.resume_requested.emit())
        self.show_state(paused=False, endless=False)

    def show_state(self, *, paused: bool, endless: bool) -> None:
        """What can be chosen now: an end to a pause without one, and the other way round."""
        self._resume.setVisible(paused)
        self._choices[PauseChoice.RESUME].setVisible(not (paused and endless))
