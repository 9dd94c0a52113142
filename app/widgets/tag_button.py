"""A button to choose the tag by which tasks are grouped: that of jobs, or any other that is in use."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.models.job_figures import JOB_TAG
from app.widgets.menu_button import MenuButton

_WIDEST, _WIDEST_SHORT = 132, 72
"""A longer key is cut in the button, and whole in the menu."""


class TagButton(MenuButton):
    """`chosen(str)` carries the key. The one that is chosen stays in the menu, also while nothing carries it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, "", self.tr("Group tasks by a tag"), parent=parent)
        self._keys: tuple[str, ...] = ()
        self._tag = JOB_TAG
        self._is_short = False
        # Down to its least width, not to that of its words.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._show()

    @property
    def tag(self) -> str:
        """The key that is chosen."""
        return self._tag

    @property
    def has_others(self) -> bool:
        """Is there anything to choose but jobs?"""
        return bool({*self._keys, self._tag} - {JOB_TAG})

    def set_keys(self, keys: Sequence[str]) -> None:
        """The keys that are in use."""
        if tuple(keys) != self._keys:
            self._keys = tuple(keys)
            self._show()

    def set_tag(self, tag: str) -> None:
        """Which key is chosen; nobody is told."""
        self._tag = tag
        self._show()

    def set_short(self, short: bool) -> None:
        """Where there is little room the button shows the key alone."""
        if short != self._is_short:
            self._is_short = short
            self._show()

    def minimumSizeHint(self) -> QSize:
        """Qt's hook; it may become as narrow as the key alone, when its page has it say no more."""
        whole = super().minimumSizeHint()
        metrics = self.fontMetrics()
        spare = metrics.horizontalAdvance(self._words(_WIDEST)) - metrics.horizontalAdvance(
            self._cut(_WIDEST_SHORT)
        )
        return whole if self._is_short else QSize(whole.width() - spare, whole.height())

    def title_of(self, tag: str) -> str:
        """How a key is called: that of jobs has a name."""
        return self.tr("Job") if tag == JOB_TAG else tag

    def _show(self) -> None:
        others = sorted({*self._keys, self._tag} - {JOB_TAG}, key=lambda key: (key.casefold(), key))
        # What looks like a mnemonic is a part of the key.
        choices = [(tag, self.title_of(tag).replace("&", "&&")) for tag in (JOB_TAG, *others)]
        self.set_choices(choices)
        self.set_on([self._tag])
        words = self._cut(_WIDEST_SHORT) if self._is_short else self._words(_WIDEST)
        self.setText(words)
        described = self.tr("Group tasks by a tag; now by {0}").format(self.title_of(self._tag))
        self.setAccessibleName(described)
        self.setToolTip(described)

    def _words(self, widest: int) -> str:
        return self.tr("&Group by: {0}").format(self._cut(widest))

    def _cut(self, widest: int) -> str:
        title = self.title_of(self._tag)
        return self.fontMetrics().elidedText(title, Qt.TextElideMode.ElideMiddle, widest).replace("&", "&&")
