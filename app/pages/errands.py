"""What a page does in several steps: started at once, never lost, and its error told in words."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from PySide6.QtCore import QObject

from app.bridge.session import Session
from app.problem import problem_from


class Errands(QObject):
    """Belongs to one session."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._running: set[asyncio.Task[None]] = set()

    @property
    def is_idle(self) -> bool:
        """Is every errand done?"""
        return not self._running

    def start(self, work: Coroutine[Any, Any, None], thing: str) -> None:
        """Begins `work`; `thing` says what it is about when it fails."""
        task = asyncio.get_running_loop().create_task(self._guarded(work, thing))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _guarded(self, work: Coroutine[Any, Any, None], thing: str) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
            problem = problem_from(error, thing=thing, remedy=self.tr("Try again; the log has the details"))
            self._session.commands.failed.emit(problem)
