"""What a panel of details is put together from: captions, names with values, text to copy, and links to other things.

All are made once and told other words: Qt takes long to dress new ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.theme import GRID, small_font
from app.widgets.prose import Prose
from app.widgets.text_box import TextBox

_NAME_WIDTH = 80


def caption(text: str) -> QLabel:
    """A small heading in capitals."""
    label = QLabel(text.upper())
    label.setAccessibleName(text)
    label.setFont(caption_font())
    label.setProperty("role", "muted")
    return label


def caption_font() -> QFont:
    """That of captions."""
    font = small_font()
    font.setPixelSize(11)
    font.setBold(True)
    return font


class Section(QWidget):
    """A caption and what belongs to it, in `body`; `tools` is the room beside the caption."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.tools = QHBoxLayout()
        self.tools.setSpacing(GRID)
        self.tools.addWidget(caption(title))
        self.tools.addStretch(1)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, GRID, 0, 0)
        self.body.setSpacing(GRID)
        self.body.addLayout(self.tools)


class FactsGrid(QWidget):
    """Names and values below each other; as many rows are kept as were ever shown."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * GRID)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnMinimumWidth(0, _NAME_WIDTH)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[Prose, Prose]] = []

    def show_facts(self, facts: Mapping[str, str]) -> None:
        """These and no others; hidden when there are none."""
        shown = list(facts.items())
        for row in range(len(self._rows), len(shown)):
            pair = (Prose("", "muted"), Prose(""))
            self._rows.append(pair)
            for place, part in enumerate(pair):
                self._grid.addWidget(part, row, place)
        for row, pair in enumerate(self._rows):
            name, value = shown[row] if row < len(shown) else ("", "")
            pair[0].set_text(name)
            pair[1].set_text(value)
            pair[1].setAccessibleName(name)
            for part in pair:
                part.setVisible(row < len(shown))
        self.setVisible(bool(shown))


class FactsSection(Section):
    """Facts below a caption; hidden when there are none."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._facts = FactsGrid()
        self.body.addWidget(self._facts)

    def show_facts(self, facts: Mapping[str, str]) -> None:
        """These and no others."""
        self._facts.show_facts(facts)
        self.setVisible(bool(facts))


class CopySection(Section):
    """Text of a machine below a caption, with a button that copies all of it; hidden while it is empty.

    `copied(str)`: the text that the button was pressed for.
    """

    copied = Signal(str)

    def __init__(self, title: str, name: str, most_lines: int) -> None:
        super().__init__(title)
        self._whole = ""
        self._box = TextBox(title, "", most_lines)
        self._box.setObjectName(name)
        self._button = QPushButton(self.tr("Copy"))
        self._button.setObjectName(f"{name}-copy")
        self._button.setAccessibleName(self.tr("Copy: {0}").format(title))
        self._button.setProperty("role", "link")
        self._button.setCursor(Qt.CursorShape.PointingHandCursor)
        self._button.clicked.connect(lambda: self.copied.emit(self._whole))
        self.tools.addWidget(self._button)
        self.body.addWidget(self._box)

    def show_text(self, text: str, whole: str | None = None) -> None:
        """This; what is copied is `whole`, if that is more."""
        self._whole = text if whole is None else whole
        self._box.set_text(text)
        self.setVisible(bool(text))


class LinkButton(QPushButton):
    """A link whose text is cut where there is no room for it; the tooltip has all of it."""

    def __init__(self) -> None:
        super().__init__()
        self._whole = ""
        self.setProperty("role", "link")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str) -> None:
        """Another text."""
        self._whole = text
        self.setToolTip(text)
        self._cut()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's hook; another width has room for another part of it."""
        super().resizeEvent(event)
        self._cut()

    def minimumSizeHint(self) -> QSize:
        """No text is too long for any width."""
        return QSize(0, super().minimumSizeHint().height())

    def _cut(self) -> None:
        # An & would be taken for the mark of a mnemonic.
        text = self.fontMetrics().elidedText(
            self._whole, Qt.TextElideMode.ElideMiddle, max(0, self.width() - 4)
        )
        self.setText(text.replace("&", "&&"))


class LinksSection(Section):
    """Other tasks below a caption, each a link; hidden when there are none. `chosen(int)`: the id of the one clicked."""

    chosen = Signal(int)

    def __init__(self, title: str, name: str) -> None:
        super().__init__(title)
        self.setObjectName(name)
        self._links: list[LinkButton] = []
        self._ids: list[int] = []
        self._more = QLabel()
        self._more.setProperty("role", "muted")

    def show_links(self, links: Sequence[tuple[int, str]], more: str = "") -> None:
        """These, as (id, text); `more` says what is left out."""
        self.body.removeWidget(self._more)
        for place in range(len(self._links), len(links)):
            link = LinkButton()
            link.clicked.connect(lambda _=False, place=place: self.chosen.emit(self._ids[place]))
            self._links.append(link)
            self.body.addWidget(link)
        self.body.addWidget(self._more)
        self._ids = [task_id for task_id, _ in links]
        for place, link in enumerate(self._links):
            is_used = place < len(links)
            link.setVisible(is_used)
            if is_used:
                task_id, text = links[place]
                link.setObjectName(f"{self.objectName()}-{task_id}")
                link.setAccessibleName(text)
                link.show_text(text)
        self._more.setText(more)
        self._more.setVisible(bool(more))
        self.setVisible(bool(links))
