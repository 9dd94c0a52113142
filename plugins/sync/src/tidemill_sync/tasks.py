"""The tasks of the sync domain, and what runs them."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from scheduler_core import DomainKey, RetryableError, TaskContext, TypedTask

if TYPE_CHECKING:
    from tidemill_sync.mirror import MirrorPlan, MirrorReport

log = logging.getLogger(__name__)


class Sync(DomainKey):
    """The domain that keeps a second copy of the library."""

    name = "sync"


class Mirror(TypedTask[Sync]):
    """Brings the mirror up to date with the library, after the job `job`."""

    task_type: ClassVar[str] = "mirror"

    job: str

    def display_label(self) -> str | None:
        """Says what it does."""
        return "Mirror the library"


class Check(TypedTask[Sync]):
    """Brings the mirror up to date because a person asked for it, and tells what it found. One at a time: all are equal."""

    task_type: ClassVar[str] = "check"

    def display_label(self) -> str | None:
        """Says what it does."""
        return "Check the mirror"


class Mirroring:
    """Mirrors one library to one folder, in the thread of a task."""

    def __init__(self, library: Path, target: Path) -> None:
        self._library: Final = library
        self._target: Final = target
        # Two Tidemills may mirror to one folder: the library is a part of whose temporary files they are.
        self._library_id: Final = hashlib.sha256(os.fsencode(library)).hexdigest()[:8]

    def run(self, ctx: TaskContext) -> MirrorReport:
        """Copies what is missing. Every failure is retryable: what was copied stays, a full disk may be
        cleared.
        """
        # It comes with fsspec, for which the start of the program does not wait.
        from tidemill_sync.mirror import MirrorError, run_mirror
        from tidemill_sync.target import MirrorTarget

        def on_plan(plan: MirrorPlan) -> None:
            nonlocal total
            total = len(plan.todo)
            log.info("%d files to copy, %d bytes; %d are there", total, plan.bytes_total, plan.unchanged)
            ctx.set_bytes_total(plan.bytes_total)

        def on_bytes(count: int) -> None:
            ctx.check_cancelled()
            ctx.add_bytes(count)

        def on_file(done: int) -> None:
            ctx.check_cancelled()
            ctx.progress_count(done, total)

        total = 0
        owner = f"{self._library_id}-{ctx.record.id}"
        try:
            return run_mirror(
                self._library,
                MirrorTarget(self._target),
                owner,
                on_plan=on_plan,
                on_bytes=on_bytes,
                on_file=on_file,
            )
        except MirrorError as error:
            raise RetryableError(str(error)) from error


class MirrorExecutor:
    """Mirrors after a job."""

    def __init__(self, mirroring: Mirroring) -> None:
        self._mirroring: Final = mirroring

    def execute(self, task: Mirror, ctx: TaskContext) -> None:
        """Copies what is missing; its job tells how that went."""
        self._mirroring.run(ctx)


class CheckExecutor:
    """Mirrors because a person asked for it."""

    def __init__(self, mirroring: Mirroring, tell: Callable[[str, str], None]) -> None:
        self._mirroring: Final = mirroring
        self._tell: Final = tell

    def execute(self, task: Check, ctx: TaskContext) -> None:
        """Copies what is missing, and tells it."""
        report = self._mirroring.run(ctx)
        self._tell("Mirror checked", f"Up to date: {report.unchanged:,}; copied: {report.copied:,}")
