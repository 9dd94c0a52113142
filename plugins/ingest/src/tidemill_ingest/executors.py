"""Runs the ingest tasks. All file work happens in threads; the event loop never waits for a disk."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

from scheduler_core import (
    DependencyFailurePolicy,
    DomainHandle,
    PermanentError,
    RetryableError,
    TaskContext,
    TypedTask,
)
from tidemill_ingest.claims import ClaimError
from tidemill_ingest.content_store import (
    ContentStore,
    LibraryFullError,
    OnBytes,
    SourceChangedError,
    SourceError,
)
from tidemill_ingest.paths import from_uri, shown, to_uri
from tidemill_ingest.taking import Taken, take_file
from tidemill_ingest.tasks import JOB_TAG, Scan, Take
from tidemill_ingest.walk import Found, OwnFolderError, Unreadable, walk

T = TypeVar("T")
log = logging.getLogger(__name__)

THUMBNAILED: Final = frozenset({"jpg", "png", "gif", "webp", "bmp", "tif", "avif"})
"""The picture types that the process domain is asked to make thumbnails of."""

_BATCH_SIZE: Final = 500
_BATCH_TIME_S: Final = 1.0  # a slow disk: what was found by then is already taken
_MESSAGES_KEPT: Final = 10


class ScanExecutor:
    """Walks a dropped path and spawns a take for each file, in batches.

    Run again after a crash it finds the same files; those that are still to be taken are recognised by their
    key, those already in the library cost a reading each.
    """

    def __init__(self, own: Sequence[Path], passed_by: Sequence[Path]) -> None:
        self._own: Final = tuple(own)
        self._passed_by: Final = tuple(passed_by)

    async def execute(self, task: Scan, ctx: TaskContext) -> dict[str, Any]:
        """Spawns the takes; the memo says how many, and which folders could not be read."""
        root = from_uri(task.root)
        entries = walk(root, self._own, self._passed_by)
        found, unreadable = 0, list[str]()
        try:
            while batch := await asyncio.to_thread(_next_batch, entries):
                takes = [Take(source=to_uri(entry.path)) for entry in batch if isinstance(entry, Found)]
                unreadable += [entry.message for entry in batch if isinstance(entry, Unreadable)]
                if takes:
                    await ctx.spawn_children(takes)
                found += len(takes)
                ctx.progress(0.0, f"{found:,} files found")
        except OwnFolderError as error:
            raise PermanentError(str(error)) from error
        except FileNotFoundError:
            raise PermanentError(f"{shown(root)}: it is no longer there. Put it back, then retry") from None
        except OSError as error:
            raise PermanentError(
                f"{shown(root)}: {error.strerror or error}. Check the disk and its permissions, then retry"
            ) from error
        log.info("%d files in %s", found, shown(root))
        for message in unreadable[:_MESSAGES_KEPT]:
            log.warning("%s", message)
        return {
            "found": found,
            "unreadable": unreadable[:_MESSAGES_KEPT],
            "unreadable_count": len(unreadable),
        }

    async def finalize(self, task: Scan, memo: dict[str, Any], ctx: TaskContext) -> None:
        """Fails, once every file that was found is done, if a part of the folder could not be read."""
        if count := memo["unreadable_count"]:
            more = f" (and {count - _MESSAGES_KEPT:,} more)" if count > _MESSAGES_KEPT else ""
            raise PermanentError("\n".join(memo["unreadable"]) + more)


class TakeExecutor:
    """Takes one file into the library and, for a picture, asks the process domain for a thumbnail."""

    def __init__(self, library: Path, store: ContentStore, largest: int) -> None:
        """`largest` is in bytes."""
        self._library: Final = library
        self._store: Final = store
        self._largest: Final = largest

    async def execute(self, task: Take, ctx: TaskContext) -> None:
        """Stores the file; does nothing for a content that is there already."""
        path = from_uri(task.source)
        thumbnail = await self.store(path, ctx)
        asked: list[int] = []
        if thumbnail is not None:
            asked = await self._ask_for_thumbnail(thumbnail, ctx)
        if ctx.record.parent_id is None:
            await _mirror_again(ctx, asked)

    async def store(self, path: Path, ctx: TaskContext) -> TypedTask[Any] | None:
        """Takes the file; returns what would make its thumbnail, if it is a picture that has none."""
        taken, has_thumbnail = await in_thread(lambda check: self._take(path, ctx, check))
        if taken.note:
            ctx.progress(1.0, taken.note)
        process: DomainHandle[Any] | None = ctx.try_domain("process")
        content = taken.stored.path
        log.info("%d bytes, in the library as %s", taken.size, content.relative_to(self._library).as_posix())
        if taken.note:
            log.info("%s", taken.note)
        wanted = taken.is_picture and not has_thumbnail and process is not None
        if process is None or not wanted or content.suffix.removeprefix(".") not in THUMBNAILED:
            return None
        return process.new_task(
            "thumbnail",
            sha256=taken.stored.sha256,
            content=content.relative_to(self._library).as_posix(),
            name=shown(path.name),
        )

    def _take(self, path: Path, ctx: TaskContext, check: Callable[[], None]) -> tuple[Taken, bool]:
        owner = str(ctx.record.id)
        try:
            taken = take_file(
                path, self._store, owner=owner, largest=self._largest, on_bytes=_counter(ctx, check)
            )
        except (SourceChangedError, LibraryFullError) as error:
            raise RetryableError(str(error)) from error
        except (ClaimError, SourceError) as error:
            raise PermanentError(str(error)) from error
        except OSError as error:
            raise RetryableError(
                f"{shown(path.name)}: it cannot be stored in {shown(self._library)}: "
                f"{error.strerror or error}. Check that disk, then retry"
            ) from error
        return taken, self._thumbnail(taken).is_file()

    def _thumbnail(self, taken: Taken) -> Path:
        sha256 = taken.stored.sha256
        return self._library / "thumbnails" / sha256[:2] / f"{sha256}.webp"

    async def _ask_for_thumbnail(self, thumbnail: TypedTask[Any], ctx: TaskContext) -> list[int]:
        """Returns the id of the task that makes it, if any."""
        process: DomainHandle[Any] | None = ctx.try_domain("process")
        if process is None:
            return []
        if ctx.record.parent_id is None:
            outcome = await process.submit(thumbnail, tags=dict(ctx.record.tags))
        else:
            outcome = await ctx.spawn_sibling(thumbnail)
        return [] if outcome.id is None else [outcome.id]


async def _mirror_again(ctx: TaskContext, after: Sequence[int]) -> None:
    """A file that is taken without its scan was tried again after its job's mirror had run: it needs another one."""
    sync: DomainHandle[Any] | None = ctx.try_domain("sync")
    job = ctx.record.tags.get(JOB_TAG)
    if sync is not None and job is not None:
        await sync.submit(
            sync.new_task("mirror", job=job),
            tags=dict(ctx.record.tags),
            depends_on=after,
            on_dependency_failure=DependencyFailurePolicy.IGNORE,
        )


class _StoppedError(Exception):
    """The task that waits for this thread was cancelled."""


async def in_thread(work: Callable[[Callable[[], None]], T]) -> T:
    """Runs `work(check)` in a thread; on cancellation `check` raises there, and the end is awaited.

    It is awaited so that no thread still writes to the library when the task is reported as stopped.
    """
    stop = threading.Event()

    def check() -> None:
        if stop.is_set():
            raise _StoppedError

    running = asyncio.ensure_future(asyncio.to_thread(work, check))
    running.add_done_callback(lambda done: done.cancelled() or done.exception())  # seen, also when stopped
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait([running])
        raise


def _counter(ctx: TaskContext, check: Callable[[], None]) -> OnBytes:
    def count(number: int) -> None:
        check()
        if number:
            ctx.add_bytes(number)

    return count


def _next_batch(entries: Iterator[Found | Unreadable]) -> list[Found | Unreadable]:
    deadline = time.monotonic() + _BATCH_TIME_S
    batch: list[Found | Unreadable] = []
    for entry in islice(entries, _BATCH_SIZE):
        batch.append(entry)
        if time.monotonic() >= deadline:
            break
    return batch
