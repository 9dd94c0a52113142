"""The tasks of the notify domain, and what runs them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import ClassVar, Final

from scheduler_core import DomainKey, JobSummary, TaskContext, TypedTask
from tidemill_notify.settings import TellAbout
from tidemill_notify.told import ToldJobs
from tidemill_notify.wording import failed_count, summary_text, summary_title

JOB_TAG: Final = "job_id"
log = logging.getLogger(__name__)


class Notify(DomainKey):
    """The domain that tells a person how work went."""

    name = "notify"


class Summary(TypedTask[Notify]):
    """Tells how the job `job` (a value of the tag `job_id`) went, once."""

    task_type: ClassVar[str] = "summary"

    job: str

    def display_label(self) -> str | None:
        """The job's name."""
        return summary_title(self.job)


class SummaryExecutor:
    """Tells each job once, however often the task runs."""

    def __init__(
        self,
        tell: Callable[[str, str], None],
        job_summary: Callable[[str, str], Awaitable[JobSummary | None]],
        told: ToldJobs,
        tell_about: TellAbout,
    ) -> None:
        self._tell: Final = tell
        self._job_summary: Final = job_summary
        self._told: Final = told
        self._tell_about: Final = tell_about

    async def execute(self, task: Summary, ctx: TaskContext) -> None:
        """Asks how the job went and tells it."""
        summary = await self._job_summary(JOB_TAG, task.job)
        if summary is None or (self._tell_about is TellAbout.FAILED and not failed_count(summary.counts)):
            return
        if await asyncio.to_thread(self._told.claim, task.job):
            log.info("telling: %s", summary_text(summary.counts))
            self._tell(summary_title(task.job), summary_text(summary.counts))
