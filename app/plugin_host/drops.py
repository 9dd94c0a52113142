"""Which plugin takes what a person drops: the first drop handler that accepts it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.plugin_host.host import LoadedPlugin
from app.problem import KnownError
from scheduler_core import DropReceipt, Scheduler


class NothingTakesError(KnownError):
    """No plugin takes what was dropped."""


async def take_paths(
    plugins: Sequence[LoadedPlugin], paths: Sequence[Path], scheduler: Scheduler
) -> DropReceipt:
    """Submits `paths` as one job through the first handler that accepts them.

    Raises NothingTakesError when a path does not exist or no plugin accepts them all, and whatever the handler raises.
    """
    for path in paths:
        if not path.exists():
            raise NothingTakesError(
                str(path), "there is no such file or folder", "Check the name and try again"
            )
    for loaded in plugins:
        if loaded.plugin is None:
            continue
        for handler in loaded.plugin.drop_handlers():
            if handler.accepts(paths):
                return await handler.submit(paths, scheduler)
    names = ", ".join(str(path) for path in paths) or "an empty drop"
    raise NothingTakesError(
        names, "no plugin that is on takes this", "Switch on a plugin that takes files, then try again"
    )
