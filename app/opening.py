"""Opens a data folder the same way for the window and the terminal: lock, plugins, scheduler; and closes it again."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.models.event_kinds import FAILURES, is_failure
from app.paths import DataPaths
from app.plugin_host.host import HostResult, LoadedPlugin, load_plugins
from app.plugin_host.loading import PluginLoader
from app.plugin_host.overrides import Override
from app.plugin_host.rebuilding import Rebuilder
from app.problem import KnownError, Problem
from app.settings_model import AppSettings
from app.slow_settings import SlowSettings
from app.system.data_lock import DataLock
from app.task_logs import TaskLogs
from app.work_settings import WorkSettings, scheduler_config, synchronous
from scheduler_core import (
    JobSummary,
    PluginServices,
    PressureSource,
    Scheduler,
    SchedulerEvent,
    TaskStore,
)

log = logging.getLogger(__name__)

Tell = Callable[[str, str], None]


class NoPluginError(KnownError):
    """Not one plugin could be loaded, so that there is no work to schedule."""


@dataclass(frozen=True)
class Opened:
    """An open scheduler and the plugins it was made of. `work_settings` changes it as the settings change,
    with `slow_settings`, which tells what came of that. `loader` says what plugins are called in another language.
    """

    scheduler: Scheduler
    work_settings: WorkSettings
    slow_settings: SlowSettings
    loader: PluginLoader
    plugins: tuple[LoadedPlugin, ...]
    problems: tuple[Problem, ...]
    logs: TaskLogs


class DataFolder:
    """One data folder: opened, used, closed. It may be opened again after it failed or was closed."""

    def __init__(
        self,
        paths: DataPaths,
        tell: Tell,
        overrides: Sequence[Override] = (),
        pressure_sources: Sequence[PressureSource] = (),
        language: str = "en",
    ) -> None:
        self._paths = paths
        self._tell = tell
        self._overrides = tuple(overrides)
        self._pressure_sources = tuple(pressure_sources)
        self._language = language
        self._lock = DataLock(paths.root)
        self._scheduler: Scheduler | None = None
        self._slow_settings: SlowSettings | None = None
        self._logs = TaskLogs(paths.log)

    async def open(self, settings: AppSettings) -> Opened:
        """Takes the lock, loads the plugins in a thread and opens the scheduler.

        Raises DataFolderInUseError, OverrideError, NoPluginError, StoreError or OSError; nothing stays open then.
        """
        self._paths.create()
        self._lock.acquire()
        try:
            host = await asyncio.to_thread(
                load_plugins,
                self._paths,
                settings,
                self._services,
                self._overrides,
                language=self._language,
            )
            # Known before it opens: a recovered task may ask for its job's summary at once.
            scheduler = self._scheduler = self._build(host, settings)
            self._logs.start()
            await scheduler.open()
        except BaseException:
            self._logs.stop()
            self._scheduler = None
            self._lock.release()
            raise
        scheduler.subscribe(_log_failures, only=FAILURES)
        work_settings = WorkSettings(scheduler, settings, lambda new: slow_settings.apply(new))
        rebuild = Rebuilder(self._services, self._overrides)
        loader = PluginLoader(self._paths, self._services, self._overrides, language=self._language)
        slow_settings = self._slow_settings = SlowSettings(
            scheduler, settings, host.plugins, rebuild, loader, work_settings.domain_rebuilt
        )
        log.info(
            "opened %s (SQLite %s): %d domains, %d tasks to do, %d of them recovered",
            self._paths.database,
            sqlite3.sqlite_version,
            len(host.domains),
            scheduler.recovery.pending,
            scheduler.recovery.requeued,
        )
        return Opened(
            scheduler, work_settings, slow_settings, loader, host.plugins, host.problems, self._logs
        )

    async def close(self) -> None:
        """Ends what runs (it goes back to pending), closes the store and gives the folder free. Idempotent."""
        scheduler, self._scheduler = self._scheduler, None
        slow_settings, self._slow_settings = self._slow_settings, None
        try:
            if slow_settings is not None:
                await slow_settings.close()
            if scheduler is not None:
                await scheduler.close(
                    finish=False
                )  # who quits does not wait for a long task: it goes on next time
                log.info("closed %s", self._paths.database)
        finally:
            self._logs.stop()
            self._lock.release()

    def _build(self, host: HostResult, settings: AppSettings) -> Scheduler:
        if not host.domains:
            reasons = (
                "; ".join(str(problem) for problem in host.problems)
                or "none is installed, or all are disabled"
            )
            raise NoPluginError(
                "Plugins", f"not one could be loaded ({reasons})", "Install or enable a plugin"
            )
        return Scheduler(
            store=TaskStore(self._paths.database, synchronous=synchronous(settings.advanced)),
            domains=host.domains,
            config=scheduler_config(settings),
            pressure_sources=self._pressure_sources,
        )

    def _services(self, name: str) -> PluginServices:
        return PluginServices(
            data_dir=self._paths.plugin(name),
            library_dir=self._paths.library,
            tell=self._tell,
            job_summary=self._job_summary,
        )

    async def _job_summary(self, tag_key: str, value: str) -> JobSummary | None:
        return None if self._scheduler is None else await self._scheduler.job(tag_key, value)


def _log_failures(events: Sequence[SchedulerEvent]) -> None:
    """Whoever reads the log later finds there what the page Failures said."""
    for event in events:
        if is_failure(event):
            whose = {"task_id": event.task_id}
            log.warning("%s %s failed: %s", event.task_type, event.label, event.error, extra=whose)
