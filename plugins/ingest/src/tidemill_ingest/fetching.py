"""Runs the fetches: a link becomes a file for as long as it takes to store it in the library."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from scheduler_core import PermanentError, RetryableError, TaskContext
from tidemill_ingest.executors import TakeExecutor, in_thread
from tidemill_ingest.paths import shown
from tidemill_ingest.tasks import Fetch

log = logging.getLogger(__name__)


class FetchExecutor:
    """Fetches into a folder of its own below `folder`, which goes afterwards, and hands the file to `take`."""

    def __init__(self, folder: Path, take: TakeExecutor, largest: int) -> None:
        """`largest` is in bytes."""
        self._folder: Final = folder
        self._take: Final = take
        self._largest: Final = largest

    def sweep(self) -> None:
        """Removes what a killed run left; only while no fetch runs."""
        shutil.rmtree(self._folder, ignore_errors=True)

    async def execute(self, task: Fetch, ctx: TaskContext) -> None:
        """Fetches and stores; the thumbnail of a picture is a child."""
        own = self._folder / str(ctx.record.id)
        try:
            path = await in_thread(lambda check: self._download(task, own, ctx, check))
            log.info("fetched as %s", shown(path.name))
            thumbnail = await self._take.store(path, ctx)
        finally:
            await asyncio.to_thread(shutil.rmtree, own, ignore_errors=True)
        if thumbnail is not None:
            await ctx.spawn_child(thumbnail)

    def _download(self, task: Fetch, own: Path, ctx: TaskContext, check: Callable[[], None]) -> Path:
        # What speaks with servers is imported with the first link, and not at each start.
        from tidemill_ingest.download import LinkError, TryAgainError, download

        def count(number: int) -> None:
            check()
            ctx.add_bytes(number)

        try:
            shutil.rmtree(own, ignore_errors=True)
            own.mkdir(parents=True)
            return download(task.url, own, largest=self._largest, on_size=ctx.set_bytes_total, on_bytes=count)
        except LinkError as error:
            raise PermanentError(str(error)) from error
        except TryAgainError as error:
            raise RetryableError(str(error), error.retry_after) from error
        except OSError as error:
            raise RetryableError(
                f"{task.display_label()}: it cannot be stored in {shown(own)}: "
                f"{error.strerror or error}. Check that disk, then retry"
            ) from error
