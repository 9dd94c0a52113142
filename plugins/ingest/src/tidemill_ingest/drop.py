"""What a person drops becomes one job: its scans and fetches, one mirror after them, and one summary after that."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from scheduler_core import DependencyFailurePolicy, DropReceipt, Scheduler
from tidemill_ingest.links import is_link, link_name
from tidemill_ingest.paths import shown, to_uri
from tidemill_ingest.tasks import JOB_TAG, Fetch, Ingest, Scan

_LONGEST_NAME: Final = 200  # of a tag value's 256 characters; the moment needs the rest


def _local_now() -> datetime:
    return datetime.now().astimezone()


class TakeInHandler:
    """Takes files and folders of every kind, and what web links point to."""

    title = "Take in"

    def __init__(self, now: Callable[[], datetime] = _local_now) -> None:
        self._now: Final = now
        self._naming: Final = asyncio.Lock()

    def accepts(self, paths: Sequence[Path]) -> bool:
        """Whether all `paths` are there."""
        return bool(paths) and all(os.path.lexists(path) for path in paths)

    def accepts_links(self, links: Sequence[str]) -> bool:
        """Whether all `links` are of the web."""
        return all(is_link(link) for link in links)

    async def submit(self, paths: Sequence[Path], scheduler: Scheduler) -> DropReceipt:
        """Makes the job of files and folders; raises like `submit_drop`."""
        return await self.submit_drop(paths, (), scheduler)

    async def submit_drop(
        self, paths: Sequence[Path], links: Sequence[str], scheduler: Scheduler
    ) -> DropReceipt:
        """Makes one job of files, folders and links.

        The mirror and the summary run whatever became of the files; each is left out when its domain is not
        there. If one part cannot be submitted, the others are cancelled and the error is raised.
        """
        roots = list(dict.fromkeys(path.absolute() for path in paths))
        urls = list(dict.fromkeys(links))
        names = [*(shown(root.name or root) for root in roots), *(link_name(url) for url in urls)]
        title = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
        # Locked: two drops in one second must not find the same id unused.
        async with self._naming:
            job = await self._unused_job_id(names[0], scheduler)
            parts: list[Scan | Fetch] = [Scan(root=to_uri(root), job=job) for root in roots]
            parts += [Fetch(url=url, job=job) for url in urls]
            outcomes = await scheduler.domain(Ingest).submit_batch(parts, tags={JOB_TAG: job})
        ids = [outcome.id for outcome in outcomes if outcome.id is not None]
        try:
            for domain, task_type in (("sync", "mirror"), ("notify", "summary")):
                handle = scheduler.try_domain(domain)
                if handle is not None:
                    outcome = await handle.submit(
                        handle.new_task(task_type, job=job),
                        tags={JOB_TAG: job},
                        depends_on=list(ids),
                        on_dependency_failure=DependencyFailurePolicy.IGNORE,
                    )
                    if outcome.id is not None:
                        ids.append(outcome.id)
        except BaseException:
            await scheduler.cancel_job(JOB_TAG, job)
            raise
        return DropReceipt(job_tag=JOB_TAG, job_value=job, task_ids=tuple(ids), title=title)

    async def _unused_job_id(self, first: str, scheduler: Scheduler) -> str:
        name = first.strip()[:_LONGEST_NAME]
        job = f"{name} · {self._now():%Y-%m-%d %H:%M:%S}"
        candidate, number = job, 1
        while await scheduler.job(JOB_TAG, candidate) is not None:
            number += 1
            candidate = f"{job} ({number})"
        return candidate
