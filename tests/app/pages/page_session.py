"""One page on a real scheduler, without the window around it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from app.bridge.commands import Commands
from app.bridge.event_bridge import EventBridge
from app.bridge.session import Session
from app.paths import DataPaths
from app.plugin_host.host import LoadedPlugin
from app.plugin_host.loading import PluginLoader
from app.plugin_host.rebuilding import Rebuilder
from app.problem import Problem
from app.secrets import Secrets
from app.settings import SettingsStore
from app.slow_settings import SlowSettings
from app.work_settings import WorkSettings
from scheduler_core import (
    DomainHandle,
    PluginServices,
    SamplerConfig,
    Scheduler,
    SchedulerConfig,
    TaskStore,
)
from tests.app.pages.sessions import tiny_plugin, until
from tests.app.tiny_domain import Mood, Tiny, tiny_domain

W = TypeVar("W", bound=QWidget)


@dataclass
class Stage:
    """A scheduler with the tiny domain, and what a page is attached to."""

    session: Session
    gate: asyncio.Event
    told: list[str]
    failed: list[Problem]
    slow: SlowSettings

    @property
    def scheduler(self) -> Scheduler:
        return self.session.scheduler

    @property
    def tiny(self) -> DomainHandle[Tiny]:
        return self.session.scheduler.domain(Tiny)

    async def settled(self) -> None:
        """Every intent has been carried out, every task that can end has ended, and all was told."""
        await self.session.commands.wait_idle()
        await self.scheduler.wait_idle()
        await until(lambda: not ticking(self.session.events))


@asynccontextmanager
async def stage(
    folder: Path,
    plugins: Sequence[LoadedPlugin] | None = None,
    pressure_sources: Sequence[tuple[str, Callable[[], float]]] = (),
    mood: Mood | None = None,
    secrets: Secrets | None = None,
) -> AsyncIterator[Stage]:
    """Opens a scheduler in memory; settings lie in `folder`."""
    gate = asyncio.Event()
    sampler = SamplerConfig(interval=0.05)
    config = SchedulerConfig(max_concurrency=4, shutdown_grace=0.1, sampler=sampler)
    async with Scheduler(
        store=TaskStore.in_memory(),
        domains=[tiny_domain(gate, mood)],
        config=config,
        pressure_sources=pressure_sources,
    ) as scheduler:
        shown = (tiny_plugin(),) if plugins is None else tuple(plugins)
        settings = SettingsStore(folder / "settings.toml")
        work = WorkSettings(scheduler, settings.value, lambda new: slow.apply(new))
        rebuild = Rebuilder(no_services, secrets=secrets)
        loader = PluginLoader(DataPaths(folder), no_services, secrets=secrets)
        slow = SlowSettings(scheduler, settings.value, shown, rebuild, loader, work.domain_rebuilt)
        settings.changed.connect(work.apply)
        commands = Commands(scheduler, settings, shown, secrets=secrets)
        events = EventBridge(scheduler)
        told: list[str] = []
        failed: list[Problem] = []
        commands.told.connect(told.append)
        commands.undoable.connect(lambda text, _: told.append(text))
        commands.failed.connect(failed.append)
        slow.plugin_changed.connect(commands.tell_plugin)
        slow.failed.connect(failed.append)
        try:
            yield Stage(Session(scheduler, events, commands, settings, shown), gate, told, failed, slow)
        finally:
            await slow.close()
            await commands.wait_idle()
            events.close()


def no_services(name: str) -> PluginServices:
    """For domains that use none."""
    nothing = Path(name)

    async def job_summary(_tag: str, _value: str) -> None:
        return None

    return PluginServices(nothing, nothing, lambda _title, _text: None, job_summary)


async def by_hand(act: Callable[[], object]) -> None:
    """Does what QTest does with a mouse while no coroutine is in the middle of a step: it lets Qt deal with events."""
    done = asyncio.Event()

    def do() -> None:
        act()
        done.set()

    QTimer.singleShot(0, do)
    await done.wait()


def ticking(root: QObject) -> list[QTimer]:
    """The timers below `root` that run."""
    return [timer for timer in root.findChildren(QTimer) if timer.isActive()]


def child(root: QWidget, kind: type[W], name: str) -> W:
    """The widget of that object name; fails when there is none."""
    found = root.findChild(kind, name)
    assert isinstance(found, kind), f"no {kind.__name__} {name}"
    return found
