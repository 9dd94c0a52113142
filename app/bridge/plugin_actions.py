"""What plugins do because a person chose it in a menu: each at most once at a time, and none longer than the window."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from scheduler_core import ActionOutcome, DropReceipt, PluginAction, WrongTypeError

if TYPE_CHECKING:
    from scheduler_core import Scheduler

log = logging.getLogger(__name__)

_GRACE_S: Final = 2.0
"""So long a plugin may take to leave off, when the window goes."""


class PluginActions(QObject):
    """`changed(domain, name)`: an action has begun, or has ended."""

    changed = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: dict[tuple[str, str], asyncio.Task[None]] = {}

    def is_running(self, domain: str, name: str) -> bool:
        """Is it at work?"""
        return (domain, name) in self._running

    def follow(self, domain: str, name: str, task: asyncio.Task[None]) -> None:
        """It has begun as `task`."""
        key = domain, name

        def end(_task: asyncio.Task[None]) -> None:
            del self._running[key]
            self.changed.emit(*key)

        self._running[key] = task
        task.add_done_callback(end)
        self.changed.emit(*key)

    async def stop(self, grace_s: float = _GRACE_S) -> frozenset[asyncio.Task[None]]:
        """Ends all that is at work; returns what does not leave off in `grace_s` seconds, which the log names."""
        # What was chosen a moment ago has not begun, and what never begins is never awaited.
        await asyncio.sleep(0)
        tasks = dict(self._running)
        for task in tasks.values():
            task.cancel()
        if tasks:
            await asyncio.wait(tasks.values(), timeout=grace_s)
        left = {key: task for key, task in tasks.items() if not task.done()}
        for domain, name in left:
            log.error("the action %s of %s does not leave off", name, domain)
        return frozenset(left.values())


async def outcome_of(action: PluginAction, scheduler: Scheduler) -> ActionOutcome:
    """Has a plugin do it. Raises what it raises, RuntimeError for a SystemExit, and WrongTypeError for no outcome."""
    try:
        outcome: object = await action.run(scheduler)
    except SystemExit as error:
        raise RuntimeError("the plugin wanted to end the program") from error
    if outcome is None or isinstance(outcome, str | DropReceipt):
        return outcome
    raise WrongTypeError(
        f"Action {action.name}", f"it answered {outcome!r}", "Answer a sentence, a DropReceipt or None"
    )
