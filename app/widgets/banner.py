"""What stays until the person has read it: problems with a way out, and notices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.models.problem_words import problem_words
from app.problem import Problem
from app.theme import GRID, body_font, follow_theme
from app.widgets.announce import announce
from app.widgets.card_wording import sentence
from app.widgets.icons import IconLabel, icon
from app.widgets.wrap_label import WrapLabel

_MOST_SHOWN = 2
_LOW_BELOW = 640
_DETAILS_HEIGHT = 160


class BannerButton(NamedTuple):
    """What can be done about a message: the button's object name, its text, what it does."""

    name: str
    text: str
    do: Callable[[], object]


class Banner(QFrame):
    """One message: a bold first line, a second one, and details that unfold. `dismissed()` when it was closed."""

    dismissed = Signal()

    def __init__(
        self,
        kind: str,
        title: str,
        text: str,
        details: str = "",
        buttons: Sequence[BannerButton] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", f"banner-{kind}")
        self.setAccessibleName(f"{title} {text}".strip())
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(GRID + 4, GRID, GRID, GRID)
        self._grid.setHorizontalSpacing(GRID)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        self._middle = Qt.AlignmentFlag.AlignTop if text else Qt.AlignmentFlag.AlignVCenter
        self._grid.addWidget(_sign(kind), 0, 0, self._middle)
        self._add_text(title, text)
        self._add_buttons(text, details, buttons)

    def _add_text(self, title: str, text: str) -> None:
        bold = body_font()
        bold.setBold(True)
        self._grid.addWidget(WrapLabel(title, bold), 0, 1)
        self._grid.addWidget(WrapLabel(text), 1, 1)

    def _add_buttons(self, text: str, details: str, actions: Sequence[BannerButton]) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        for action in actions:
            button = QPushButton(action.text)
            button.setObjectName(action.name)
            button.setAccessibleName(action.text)
            button.setProperty("role", "banner")
            button.clicked.connect(lambda _=False, do=action.do: do())
            buttons.addWidget(button)
        if details:
            self._details = QPlainTextEdit(details)
            self._details.setReadOnly(True)
            self._details.setAccessibleName(self.tr("Details"))
            self._details.setFixedHeight(_DETAILS_HEIGHT)
            self._details.hide()
            self._grid.addWidget(self._details, 2, 0, 1, 3)
            more = QPushButton(self.tr("Details"))
            more.setProperty("role", "link")
            more.setCheckable(True)
            more.setAccessibleName(self.tr("Details"))
            more.toggled.connect(self._details.setVisible)
            buttons.addWidget(more)
        self.dismiss_button = QToolButton()
        self.dismiss_button.setProperty("role", "flat")
        self.dismiss_button.setObjectName("banner-dismiss")
        self.dismiss_button.setAccessibleName(self.tr("Dismiss"))
        self.dismiss_button.setToolTip(self.tr("Dismiss"))
        self.dismiss_button.setIconSize(QSize(16, 16))
        self.dismiss_button.setStyleSheet("QToolButton { padding: 0 4px; min-height: 22px; }")
        self.dismiss_button.clicked.connect(lambda: self.dismissed.emit())
        self._ink()
        follow_theme(self, self._ink)
        buttons.addWidget(self.dismiss_button)
        self._grid.addLayout(buttons, 0, 2, 2 if text else 1, 1, self._middle)

    def _ink(self) -> None:
        self.dismiss_button.setIcon(icon("close", "muted", 16))


class BannerStack(QWidget):
    """Banners below each other; of problems the newest few, the others come up as those are dismissed.

    In a low window it is one, or there would be no room left for the page.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 2 * GRID)
        self._column.setSpacing(GRID)
        self._standing: dict[str, Banner] = {}
        self._notices: dict[str, Banner] = {}
        self._problems: list[tuple[Problem, Banner]] = []
        self._rest = QLabel()
        self._rest.setProperty("role", "muted")
        self._column.addWidget(self._rest)
        self._arrange()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems that were not dismissed yet, oldest first."""
        return tuple(problem for problem, _ in self._problems)

    @property
    def notices(self) -> tuple[str, ...]:
        """The notices that were not dismissed yet."""
        return tuple(self._notices)

    def add_problem(self, problem: Problem) -> None:
        """Shows a problem; one that says the same as another takes its place."""
        for known, banner in self._problems:
            if (known.thing, known.reason) == (problem.thing, problem.reason):
                self._remove(banner)
                break
        words = problem_words(problem)
        kind = "failure" if problem.severity == "error" else "warning"
        title = sentence(f"{words.thing}: {words.reason}")
        details = f"{words}\n\n{words.details}".strip()
        banner = Banner(kind, title, sentence(words.remedy), details)
        banner.setObjectName("problem-banner")
        banner.dismissed.connect(lambda: self._remove(banner))
        self._problems.append((problem, banner))
        self._column.insertWidget(len(self._standing) + len(self._notices), banner)
        announce(self, str(words))
        self._arrange()

    def take_problem(self, problem: Problem) -> None:
        """It is no longer so: takes it away, if it is there."""
        for known, banner in self._problems:
            if (known.thing, known.reason) == (problem.thing, problem.reason):
                self._remove(banner)
                return

    def add_notice(self, text: str, kind: str = "accent", name: str = "notice-banner") -> None:
        """Shows a sentence that is no problem; the same one is shown once."""
        if text in self._notices:
            return
        banner = Banner(kind, text, "")
        banner.setObjectName(name)
        banner.dismissed.connect(lambda: self._remove(banner))
        self._notices[text] = banner
        self._column.insertWidget(len(self._standing), banner)
        announce(self, text)
        self._arrange()

    def show_standing(
        self,
        name: str,
        text: str,
        kind: str = "accent",
        buttons: Sequence[BannerButton] = (),
        more: str = "",
    ) -> Banner:
        """Shows the one banner of that name, with these words, `more` in a second line.

        It stands above all others until `take_standing`.
        """
        before, words = self._standing.get(name), f"{kind} {text} {more}"
        if before is not None and before.property("words") == words:
            return before
        self.take_standing(name)
        banner = Banner(kind, text, more, buttons=buttons)
        banner.setObjectName(name)
        banner.setProperty("words", words)
        banner.dismissed.connect(lambda: self.take_standing(name))
        self._standing[name] = banner
        self._column.insertWidget(0, banner)
        announce(self, f"{text} {more}".strip())
        self._arrange()
        return banner

    def take_standing(self, name: str) -> None:
        """Takes the banner of that name away. Idempotent."""
        banner = self._standing.pop(name, None)
        if banner is not None:
            self._remove(banner)

    def clear(self) -> None:
        """Takes all of them away."""
        for name in tuple(self._standing):
            self.take_standing(name)
        for banner in (*self._notices.values(), *(banner for _, banner in self._problems)):
            self._remove(banner)

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's hook; from now on the height of the window counts."""
        super().showEvent(event)
        self.window().installEventFilter(self)
        self._arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's hook; the window has another height."""
        if event.type() == QEvent.Type.Resize and self._problems:
            self._arrange()
        return False

    def _remove(self, banner: Banner) -> None:
        self._notices = {text: one for text, one in self._notices.items() if one is not banner}
        self._problems = [(problem, one) for problem, one in self._problems if one is not banner]
        self._column.removeWidget(banner)
        banner.hide()
        banner.deleteLater()
        self._arrange()

    def _arrange(self) -> None:
        window = self.window()
        most = 1 if window is not self and window.height() < _LOW_BELOW else _MOST_SHOWN
        hidden = max(0, len(self._problems) - most)
        for place, (_, banner) in enumerate(self._problems):
            banner.setVisible(place >= hidden)
        self._rest.setText(self.tr("and {0} more").format(hidden))
        self._rest.setVisible(hidden > 0)
        self.setVisible(bool(self._standing or self._notices or self._problems))


def _sign(kind: str) -> IconLabel:
    name, token = {"failure": ("failures", "failure"), "warning": ("failures", "warning")}.get(
        kind, ("info", "accent")
    )
    return IconLabel(name, token, 20)
