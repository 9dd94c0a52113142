"""What of the settings takes a moment to apply: aging, what a commit survives, and plugins that are built anew. Qt-free."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from psygnal import Signal

from app.plugin_host.host import LoadedPlugin
from app.plugin_host.rebuilding import Rebuild
from app.problem import Problem, problem_from
from app.settings_model import AppSettings
from app.work_settings import aging, synchronous
from scheduler_core import Scheduler, SchedulerError

log = logging.getLogger(__name__)


class SlowSettings:
    """One change after the other, in the order of asking; of what is asked meanwhile only the last is done.

    Signals, on the event loop's thread: `plugin_changed(LoadedPlugin)` when one was built anew or says otherwise how it
    is; `failed(Problem)` for what could not be applied, `mended(Problem)` when that is no longer so.
    """

    plugin_changed = Signal(object)
    failed = Signal(object)
    mended = Signal(object)

    def __init__(
        self,
        scheduler: Scheduler,
        settings: AppSettings,
        plugins: Sequence[LoadedPlugin],
        rebuild: Rebuild,
        on_rebuilt: Callable[[str, int | None], None],
    ) -> None:
        """`settings` are those in force. `on_rebuilt` is told the name of each domain that was built anew, and its cap."""
        self._scheduler = scheduler
        self._wanted = self._held = settings
        self._plugins = {plugin.name: plugin for plugin in plugins}
        self._rebuild = rebuild
        self._on_rebuilt = on_rebuilt
        self._task: asyncio.Task[None] | None = None
        self._is_closed = False

    def apply(self, settings: AppSettings) -> None:
        """These settings shall hold."""
        self._wanted = settings
        if self._task is None and not self._is_closed:
            self._task = asyncio.get_running_loop().create_task(self._catch_up())

    async def wait(self) -> None:
        """Returns when all that was asked for holds, or was told to be impossible."""
        while self._task is not None:
            await asyncio.wait([self._task])

    async def close(self) -> None:
        """Begins nothing more, and waits for what is on its way. Idempotent."""
        self._is_closed = True
        await self.wait()

    async def _catch_up(self) -> None:
        try:
            while self._wanted is not self._held and not self._is_closed:
                before, self._held = self._held, self._wanted
                await self._change(before, self._held)
        finally:
            self._task = None

    async def _change(self, before: AppSettings, now: AppSettings) -> None:
        old, new = before.advanced, now.advanced
        if new.aging != old.aging:
            await self._order(self._scheduler.set_aging(aging(new)), "advanced.aging")
        if new.synchronous != old.synchronous:
            await self._order(self._scheduler.set_synchronous(synchronous(new)), "advanced.synchronous")
        for plugin in tuple(self._plugins.values()):
            stored = now.domains.get(plugin.name, {})
            if stored != before.domains.get(plugin.name, {}):
                await self._build_anew(plugin, stored)

    async def _order(self, order: Any, name: str) -> None:
        try:
            await order
        except SchedulerError as error:
            remedy = "It applies at the next start; until then what was set before holds"
            self.failed.emit(problem_from(error, thing=f"Setting {name}", remedy=remedy))
            log.error("setting %s was not applied", name, exc_info=error)

    async def _build_anew(self, plugin: LoadedPlugin, stored: dict[str, Any]) -> None:
        now, domain = await asyncio.to_thread(self._rebuild, plugin, stored)
        if domain is not None:
            try:
                self._scheduler.replace_domain(domain)
            except SchedulerError as error:
                remedy = "Correct them, or update the plugin; until then it works with those it had"
                problem = problem_from(error, thing=f"New settings of {plugin.title}", remedy=remedy)
                now = replace(plugin, problem=problem)
            else:
                self._on_rebuilt(domain.name, domain.max_concurrency)
                log.info("%s was built anew from its settings", domain.name)
        self._plugins[plugin.name] = now
        self._tell_problem(plugin.problem, now.problem)
        if now != plugin:
            self.plugin_changed.emit(now)

    def _tell_problem(self, before: Problem | None, now: Problem | None) -> None:
        if before != now:
            if before is not None:
                self.mended.emit(before)
            if now is not None:
                self.failed.emit(now)
