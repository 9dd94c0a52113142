"""Runs a coroutine on the loop that the app itself uses: asyncio on Qt's event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication

from app.system.window_loop import WindowLoop

T = TypeVar("T")


def run_on_qt(app: QCoreApplication, work: Coroutine[Any, Any, T], longest_s: float = 30) -> T:
    """The result of `work`; fails when it takes longer than `longest_s` or leaves asyncio tasks behind."""

    async def guarded() -> T:
        async with asyncio.timeout(longest_s):
            result = await work
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left, f"tasks left behind: {left}"
        return result

    with WindowLoop(app) as loop:
        return loop.run_until_complete(guarded())
