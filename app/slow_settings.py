"""What of the settings takes a moment to apply: aging, what a commit survives, and plugins: which, and by what settings."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from psygnal import Signal

from app.plugin_host.host import LoadedPlugin
from app.plugin_host.loading import PluginLoader
from app.plugin_host.rebuilding import Rebuild
from app.problem import Problem, problem_from
from app.settings_model import AppSettings
from app.work_settings import aging, synchronous
from scheduler_core import Scheduler, SchedulerError

log = logging.getLogger(__name__)


class SlowSettings:
    """One change after the other, in the order of asking; of what is asked meanwhile only the last is done.

    Signals, on the event loop's thread: `plugin_changed(LoadedPlugin)` when one was built anew or says otherwise how it
    is; `plugins_changed(tuple[LoadedPlugin, ...])` with all of them when one was loaded or let go; `failed(Problem)` for
    what could not be applied, `mended(Problem)` when that is no longer so.
    """

    plugin_changed = Signal(object)
    plugins_changed = Signal(tuple)
    failed = Signal(object)
    mended = Signal(object)

    def __init__(
        self,
        scheduler: Scheduler,
        settings: AppSettings,
        plugins: Sequence[LoadedPlugin],
        rebuild: Rebuild,
        loader: PluginLoader,
        on_rebuilt: Callable[[str, int | None], None],
    ) -> None:
        """`settings` are those in force. `on_rebuilt` is told the name of each domain that was built anew, and its cap."""
        self._loader = loader
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

    @property
    def plugins(self) -> tuple[LoadedPlugin, ...]:
        """All of them, as they are now."""
        return tuple(self._plugins.values())

    def speak(self, plugins: Sequence[LoadedPlugin]) -> None:
        """These are the same plugins, called and described in another language."""
        for plugin in plugins:
            now = self._plugins[plugin.name]
            self._plugins[plugin.name] = replace(
                now, title=plugin.title, description=plugin.description, sentences=plugin.sentences
            )

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
        others = [await self._follow(plugin, before, now) for plugin in tuple(self._plugins.values())]
        if any(others):
            self.plugins_changed.emit(self.plugins)

    async def _follow(self, plugin: LoadedPlugin, before: AppSettings, now: AppSettings) -> bool:
        """Load it, let it go, or let other settings hold for it; is it another one for whoever shows it?"""
        stored = now.domains.get(plugin.name, {})
        is_new = stored != before.domains.get(plugin.name, {})
        if plugin.name in now.plugins.disabled:
            return plugin.enabled and await self._let_go(plugin)
        if not plugin.enabled or (is_new and plugin.plugin is None):
            await self._load(plugin, stored)
            return True
        if not is_new:
            return False
        if plugin.goes_on:
            await self._build_anew(plugin, stored)
            return False
        # Its old domain and its new one must not be there together.
        if await self._let_go(plugin, for_good=False):
            await self._load(self._plugins[plugin.name], stored)
        return True

    async def _load(self, plugin: LoadedPlugin, stored: dict[str, Any]) -> None:
        try:
            now, domain = await asyncio.to_thread(self._loader.load, plugin, stored)
            if domain is not None:
                await self._scheduler.add_domain(domain)
                self._on_rebuilt(domain.name, domain.max_concurrency)
        except (OSError, SchedulerError) as error:
            problem = problem_from(
                error,
                thing=f"Plugin {plugin.title}",
                remedy="Switch it off and on again; its tasks wait until then",
            )
            now = replace(self._loader.let_go(plugin), problem=problem, enabled=True)
        self._plugins[plugin.name] = now
        self._tell_problem(plugin.problem, now.problem)
        log.info("%s was loaded" if now.plugin is not None else "%s could not be loaded", plugin.name)

    async def _let_go(self, plugin: LoadedPlugin, *, for_good: bool = True) -> bool:
        """Was it possible? One domain has to stay: a scheduler that has none does not open again."""
        is_there = self._scheduler.try_domain(plugin.name) is not None
        if is_there and for_good and len(self._scheduler.domains()) == 1:
            self.failed.emit(
                Problem(
                    thing=f"Plugin {plugin.title}",
                    reason="it is the only one that is loaded, and without any there is nothing to schedule",
                    remedy="Switch another one on first",
                    severity="warning",
                )
            )
            return False
        try:
            if is_there:
                await self._scheduler.remove_domain(plugin.name)
        except SchedulerError as error:
            self.failed.emit(
                problem_from(error, thing=f"Plugin {plugin.title}", remedy="It goes on; switch it off again")
            )
            return False
        now = self._loader.let_go(plugin)
        self._plugins[plugin.name] = now
        self._tell_problem(plugin.problem, None)
        log.info("%s was let go", plugin.name)
        return True

    async def _order(self, order: Any, name: str) -> None:
        try:
            await order
        except SchedulerError as error:
            self.failed.emit(
                problem_from(
                    error,
                    thing=f"Setting {name}",
                    remedy="It applies at the next start; until then what was set before holds",
                )
            )
            log.error("setting %s was not applied", name, exc_info=error)

    async def _build_anew(self, plugin: LoadedPlugin, stored: dict[str, Any]) -> None:
        now, domain = await asyncio.to_thread(self._rebuild, plugin, stored)
        if domain is not None:
            try:
                self._scheduler.replace_domain(domain)
            except SchedulerError as error:
                problem = problem_from(
                    error,
                    thing=f"New settings of {plugin.title}",
                    remedy="Correct them, or update the plugin; until then it works with those it had",
                )
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
