"""The one list of what can be done in the window: shortcuts, help and palette are made of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True)
class Deed:
    """One action: a stable `name`, what it does in words, its heading in the help, its keys, and its icon."""

    name: str
    title: str
    group: str
    keys: str
    icon: str
    run: Callable[[], object]

    @property
    def keys_text(self) -> str:
        """The keys as this system writes them."""
        return QKeySequence(self.keys).toString(QKeySequence.SequenceFormat.NativeText)


class ActionList:
    """The actions of one window, each with a `QAction` called `action-<name>` that its keys trigger."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._deeds: list[Deed] = []

    def add(self, deed: Deed) -> None:
        """One more; its keys work from now on."""
        action = QAction(deed.title, self._window)
        action.setObjectName(f"action-{deed.name}")
        action.setShortcut(QKeySequence(deed.keys))
        action.triggered.connect(lambda: deed.run())
        self._window.addAction(action)
        self._deeds.append(deed)

    def clear(self) -> None:
        """None any more; their keys do nothing."""
        for deed in self._deeds:
            action = self._window.findChild(QAction, f"action-{deed.name}")
            if action is not None:
                self._window.removeAction(action)
                action.setObjectName("")
                action.deleteLater()
        self._deeds.clear()

    @property
    def all(self) -> tuple[Deed, ...]:
        """All of them, in the order in which they were added."""
        return tuple(self._deeds)

    def by_group(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """For the help: each heading with the keys and words below it, in order."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for deed in self._deeds:
            groups.setdefault(deed.group, []).append((deed.keys_text, deed.title))
        return list(groups.items())
