"""Waiting for tasks of asyncio no longer than the injected clock says."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from scheduler_core.clock import Clock


class Patience:
    """Waits that end by themselves, or all at once when their owner closes: then no timer of theirs is left."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waits: set[asyncio.Future[None]] = set()
        self._is_closed = False

    async def wait(self, tasks: Iterable[asyncio.Future[Any]], at_most_s: float) -> bool:
        """Wait until all of these are done, at most `at_most_s` seconds; were they? Cancels none of them."""
        left = [task for task in tasks if not task.done()]
        if not left:
            return True
        if self._is_closed:
            return False
        running = len(left)
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def end(_: object = None) -> None:
            if not over.done():
                over.set_result(None)

        def on_done(_: asyncio.Future[Any]) -> None:
            nonlocal running
            running -= 1
            if not running:
                end()

        timer = self._clock.call_later(at_most_s, end)
        self._waits.add(over)
        for task in left:
            task.add_done_callback(on_done)
        try:
            await over
        finally:
            timer.cancel()
            self._waits.discard(over)
            for task in left:
                task.remove_done_callback(on_done)
        return all(task.done() for task in left)

    def close(self) -> None:
        """End all waits, and those that begin from now on."""
        self._is_closed = True
        for over in self._waits:
            if not over.done():
                over.set_result(None)
