"""What a page connected for one session, to be undone in one go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class SessionLinks:
    """Connections to Qt signals and to psygnal's; `undo` takes all of them back."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], None]] = []

    def qt(self, signal: Any, slot: Callable[..., Any]) -> None:
        """Connects a Qt signal."""
        connection = signal.connect(slot)
        self._undo.append(lambda: signal.disconnect(connection))

    def core(self, signal: Any, slot: Callable[..., Any]) -> None:
        """Connects a signal of the scheduler, a handle or the settings."""
        signal.connect(slot, check_nargs=False)
        self._undo.append(lambda: signal.disconnect(slot, missing_ok=True))

    def later(self, step: Callable[[], None]) -> None:
        """One more thing to do at the end."""
        self._undo.append(step)

    def undo(self) -> None:
        """Takes everything back, the last first. Idempotent."""
        undo, self._undo = self._undo, []
        for step in reversed(undo):
            step()
