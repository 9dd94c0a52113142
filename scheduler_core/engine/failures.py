"""Failures by cause: asked for, tried again and cleared in steps, and those of earlier versions sorted behind the work."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from functools import partial

from scheduler_core.errors import StoreError
from scheduler_core.model.cause import FailureCause
from scheduler_core.model.task import SubmitStatus
from scheduler_core.store.causes import (
    cause_by_id,
    causes_page,
    failures_of,
    last_failure_of,
    sort_failures,
)
from scheduler_core.store.task_store import TaskStore

log = logging.getLogger(__name__)

_STEP = 500
"""Failures that are tried again or cleared in one transaction."""
_SORTED_AT_ONCE = 100


class Failures:
    """Those that want attention. At rest it does nothing."""

    def __init__(self, store: TaskStore) -> None:
        self._store = store
        self._sorting: asyncio.Task[None] | None = None
        self._is_closed = False

    def open(self, unsorted: int) -> None:
        """So many have no cause yet: they get theirs from now on."""
        self._is_closed = False
        if unsorted:
            self._sorting = asyncio.get_running_loop().create_task(self._sort())

    async def close(self) -> None:
        """Returns when what is on its way has been answered. What has no cause yet gets it after the next open."""
        self._is_closed = True
        await self.wait_sorted()

    async def wait_sorted(self) -> None:
        """Returns when every failure has its cause."""
        if self._sorting is not None:
            await asyncio.wait([self._sorting])

    async def causes(
        self, limit: int, before_id: int | None, domain: str | None, text: str | None
    ) -> list[FailureCause]:
        """A page of the causes."""
        return await self._store.read(
            lambda connection: causes_page(connection, limit, before_id=before_id, domain=domain, text=text)
        )

    async def cause(self, cause_id: int) -> FailureCause | None:
        """One of them."""
        return await self._store.read(lambda connection: cause_by_id(connection, cause_id))

    async def steps(self, cause_id: int) -> AsyncIterator[list[int]]:
        """The ids of all that failed of a cause by now, the oldest first, in steps; what fails meanwhile is left out."""
        last = await self._store.read(lambda connection: last_failure_of(connection, cause_id))
        after = 0
        while after < last:
            page = await self._store.read(partial(failures_of, cause_id=cause_id, after=after, limit=_STEP))
            ids = [task_id for number, task_id in page if number <= last]
            if not ids:
                return
            after = page[-1][0]
            yield ids

    async def retry(self, cause_id: int) -> int:
        """Try all of a cause again; how many are tried."""
        tried = 0
        async for ids in self.steps(cause_id):
            outcomes = await self._store.retry_all(ids)
            tried += sum(outcome.status is not SubmitStatus.REJECTED for outcome in outcomes)
        return tried

    async def _sort(self) -> None:
        try:
            while not self._is_closed and await self._store.tidy(
                partial(sort_failures, limit=_SORTED_AT_ONCE), _SORTED_AT_ONCE
            ):
                pass
        except StoreError as error:  # after the next open it goes on
            log.warning("some failures are not sorted by their cause: %s", error)
        finally:
            self._sorting = None
