"""Aging changed while tasks wait: since when each of them does is read first, then all stand where they belong."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable

from scheduler_core.engine.ages import Ages
from scheduler_core.engine.dispatcher import Dispatcher
from scheduler_core.engine.lanes import Lanes
from scheduler_core.engine.retries import Retries
from scheduler_core.errors import StoreError
from scheduler_core.model.throttle import AgingConfig
from scheduler_core.policy.fair_share import Shares
from scheduler_core.store.ready import ages_of
from scheduler_core.store.task_store import TaskStore

log = logging.getLogger(__name__)

_AT_ONCE = 5_000
"""Tasks that are looked up in one hop: the reading connection is for others too."""


class Aging:
    """`running()` are the tasks that have slots, as (id, priority)."""

    def __init__(
        self,
        store: TaskStore,
        retries: Retries,
        ages: Ages,
        lanes: Lanes,
        shares: Shares,
        dispatcher: Dispatcher,
        running: Callable[[], Iterable[tuple[int, int]]],
    ) -> None:
        self._store = store
        self._retries = retries
        self._ages = ages
        self._lanes = lanes
        self._shares = shares
        self._dispatcher = dispatcher
        self._running = running
        self._one_at_a_time = asyncio.Lock()
        self._has_unknown = False
        self._catching_up: asyncio.Task[None] | None = None
        self._is_closed = False
        ages.on_unknown = self._on_unknown

    async def change(self, config: AgingConfig | None) -> None:
        """Tasks age so from now on; None: they do not. Raises `StoreError`, and then all is as before."""
        async with self._one_at_a_time:
            if config == self._ages.config:
                return
            if config is None:
                self._lanes.forget_ages()
            elif not self._ages.is_kept:
                self._ages.is_kept = self._has_unknown = True
                try:
                    await self._read()
                except BaseException:
                    self._ages.is_kept = False
                    self._lanes.forget_ages()
                    raise
            self._ages.change(config, self._running())
            self._shares.set_aging(config)
            self._lanes.reorder()
            self._dispatcher.throttle_changed()
            self._dispatcher.wake()

    async def close(self) -> None:
        """Returns when what is on its way has been answered; nothing is looked up any more."""
        self._is_closed = True
        if self._catching_up is not None:
            await asyncio.wait([self._catching_up])

    async def _read(self) -> None:
        """Until nothing is unknown: more may come with pages that were asked for before."""
        while self._has_unknown:
            self._has_unknown = False
            ids = self._lanes.ageless()
            for first in range(0, len(ids), _AT_ONCE):
                some = ids[first : first + _AT_ONCE]
                self._lanes.set_ages(
                    await self._store.read(lambda connection, some=some: ages_of(connection, some))
                )

    def _on_unknown(self) -> None:
        """In the middle of something: a task came back of which nobody knew it, because it was chosen before."""
        self._has_unknown = True
        if self._ages.config is not None and self._catching_up is None and not self._is_closed:
            self._catching_up = asyncio.get_running_loop().create_task(self._catch_up())

    async def _catch_up(self) -> None:
        try:
            async with self._one_at_a_time:
                if self._ages.config is not None:
                    await self._read()
                    self._lanes.reorder()
                    self._dispatcher.wake()
        except StoreError as error:
            log.warning("since when some tasks wait could not be read, and they do not age yet: %s", error)
            self._retries.later(self._on_unknown)
        finally:
            self._catching_up = None
