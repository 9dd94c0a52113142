"""What a person may have sync do at once: check the whole mirror."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from scheduler_core import DropReceipt, PluginAction, Scheduler, SubmitStatus
from tidemill_sync.tasks import Check, Sync

JOB_TAG: Final = "job_id"
_TITLE: Final = "Check the mirror"


def _local_now() -> datetime:
    return datetime.now().astimezone()


def check_action(now: Callable[[], datetime] = _local_now) -> PluginAction:
    """The action; one check at a time, for a second one would find nothing to do."""

    async def check(scheduler: Scheduler) -> DropReceipt | str:
        # The moment makes it a job of its own; two of one second cannot both be there.
        job = f"{_TITLE} · {now():%Y-%m-%d %H:%M:%S}"
        outcome = await scheduler.domain(Sync).submit(Check(), tags={JOB_TAG: job})
        if outcome.status == SubmitStatus.DUPLICATE or outcome.id is None:
            return "The mirror is being checked already"
        return DropReceipt(job_tag=JOB_TAG, job_value=job, task_ids=(outcome.id,), title=_TITLE)

    return PluginAction(
        name="check-mirror",
        title="Check the mirror now",
        run=check,
        description="Compares the whole library with its mirror, by size and time, and copies what is missing there.",
    )
