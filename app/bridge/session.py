"""What one opened scheduler gives the window: everything its pages are attached to."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

from app.bridge.commands import Commands
from app.bridge.event_bridge import EventBridge
from app.models.timeline import Timeline
from app.plugin_host.host import LoadedPlugin
from app.problem import Problem
from app.settings import SettingsStore
from app.task_logs import TaskLogs
from scheduler_core import Scheduler


@dataclass(frozen=True)
class Session:
    """Made by bootstrap when the scheduler is open, given to `MainWindow.attach`, gone after `detach`.

    `plugins` is sorted by order, then name, and lists those that failed too; `problems` is what went wrong so far
    without stopping the app (settings, plugins). `logs`: what tasks have logged, where that is kept. `is_first`: nothing
    of what happened before has been told yet. `timeline`: what the graphs remember of the last minutes.
    """

    scheduler: Scheduler
    events: EventBridge
    commands: Commands
    settings: SettingsStore
    plugins: tuple[LoadedPlugin, ...]
    problems: tuple[Problem, ...] = ()
    logs: TaskLogs | None = None
    is_first: bool = True
    timeline: Timeline = field(default_factory=lambda: Timeline((), time.time))

    def with_plugins(self, plugins: tuple[LoadedPlugin, ...], problems: tuple[Problem, ...]) -> Session:
        """The same scheduler, whose plugins are others now, or are called otherwise; `problems` are shown already."""
        self.commands.set_plugins(plugins)
        return replace(self, plugins=plugins, problems=problems, is_first=False)
