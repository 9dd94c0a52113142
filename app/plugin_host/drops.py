"""Which plugin takes what a person drops: the first drop handler that accepts it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from app.plugin_host.host import LoadedPlugin
from app.problem import KnownError
from scheduler_core import DropHandler, DropReceipt, LinkHandler, Scheduler

Dropped = Path | str
"""A file or a folder, or the address of a web link."""


class NothingTakesError(KnownError):
    """No plugin takes what was dropped."""


async def take_drop(
    plugins: Sequence[LoadedPlugin], dropped: Sequence[Dropped], scheduler: Scheduler
) -> DropReceipt:
    """Submits files, folders and links as one job through the first handler that accepts all of them.

    Raises NothingTakesError when a path does not exist or no plugin accepts them all, and whatever the handler raises.
    """
    paths = [one for one in dropped if isinstance(one, Path)]
    links = [one for one in dropped if isinstance(one, str)]
    for path in paths:
        if not path.exists():
            raise NothingTakesError(
                str(path), "there is no such file or folder", "Check the name and try again"
            )
    for handler in _handlers(plugins):
        if paths and not handler.accepts(paths):
            continue
        if not links:
            if paths:
                return await handler.submit(paths, scheduler)
        elif isinstance(handler, LinkHandler) and handler.accepts_links(links):
            return await handler.submit_drop(paths, links, scheduler)
    names = ", ".join(str(one) for one in dropped) or "an empty drop"
    if links:
        remedy = "Switch on a plugin that takes links, or save what it points to and drop that"
        raise NothingTakesError(names, "no plugin that is on takes this link", remedy)
    raise NothingTakesError(
        names, "no plugin that is on takes this", "Switch on a plugin that takes files, then try again"
    )


def _handlers(plugins: Sequence[LoadedPlugin]) -> Iterator[DropHandler]:
    for loaded in plugins:
        if loaded.plugin is not None:
            yield from loaded.plugin.drop_handlers()
