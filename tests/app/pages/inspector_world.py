"""A real scheduler in which one task runs and any gate can be closed behind it, and the inspector looking at it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from pydantic import Field
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from app.bridge.commands import Commands
from app.bridge.event_bridge import EventBridge
from app.bridge.session import Session
from app.pages.inspector import Inspector
from app.plugin_host.host import LoadedPlugin
from app.problem import Problem
from app.settings import SettingsStore
from app.widgets.prose import Prose
from scheduler_core import (
    Domain,
    DomainHandle,
    DomainKey,
    IoBudget,
    PermanentError,
    Priority,
    RateLimit,
    ResourceSample,
    RetryableError,
    RetryPolicy,
    SamplerConfig,
    Scheduler,
    SchedulerConfig,
    TaskContext,
    TaskStore,
    ThrottlePolicy,
    TypedTask,
)
from tests.app.pages.sessions import until

W = TypeVar("W", bound=QWidget)
log = logging.getLogger("mill")


class Mill(DomainKey):
    name = "mill"


class Grind(TypedTask[Mill]):
    """Does what its name says: `hold...` waits for the end, `fail` and `again` fail, `parent` has two children.

    First it logs the lines of `extra["says"]`.
    """

    task_type: ClassVar[str] = "grind"
    name: str
    extra: dict[str, Any] = Field(default_factory=dict)

    def display_label(self) -> str:
        return self.name


class Machine:
    """How busy the machine is, and what it moves, as the test says."""

    name = "disk"

    def __init__(self) -> None:
        self.now = 0.0

    def pressure(self) -> float:
        return self.now

    def sample(self) -> ResourceSample:
        return ResourceSample(disk_read=1_000.0)


@dataclass
class World:
    """What a test has at hand."""

    session: Session
    inspector: Inspector
    machine: Machine
    released: asyncio.Event
    told: list[str] = field(default_factory=list[str])
    failed: list[Problem] = field(default_factory=list[Problem])

    @property
    def scheduler(self) -> Scheduler:
        return self.session.scheduler

    @property
    def mill(self) -> DomainHandle[Mill]:
        return self.session.scheduler.domain(Mill)

    async def submit(self, name: str, **options: Any) -> int:
        """The id of a new task."""
        extra = options.pop("extra", {})
        return (await self.mill.submit(Grind(name=name, extra=extra), **options)).id or 0

    async def inspect(self, task_id: int) -> None:
        """Selects an active task, as a page does."""
        record = await self.scheduler.task(task_id) or await self.scheduler.ended_task(task_id)
        assert record is not None
        self.inspector.show_record(record)

    def child(self, kind: type[W], name: str) -> W:
        """The part of the panel with that object name."""
        found = self.inspector.panel.findChild(kind, name)
        assert isinstance(found, kind), f"no {kind.__name__} {name}"
        return found

    def sentence(self) -> str:
        """What it answers to "Why is this waiting?"; empty while that is not asked."""
        why = self.inspector.panel.why
        return self.child(Prose, "why-sentence").toPlainText() if why.isVisible() else ""

    def state(self) -> str:
        """What stands below the title."""
        return self.child(QLabel, "inspector-state").text()

    def title(self) -> str:
        """The label of the task."""
        return self.child(Prose, "inspector-title").toPlainText()

    def lift(self) -> QPushButton:
        """The button."""
        return self.child(QPushButton, "why-lift")

    async def says(self, sentence: str) -> None:
        """Waits until it says that."""
        await self.sees(lambda: self.sentence() == sentence, sentence)

    async def sees(self, condition: Callable[[], bool], what: str = "") -> None:
        """Waits until that is to be seen."""
        try:
            await until(condition)
        except TimeoutError:
            raise AssertionError(f"not seen: {what}; but {self.state()!r}: {self.sentence()!r}") from None

    async def close_gate(self, gate: str) -> dict[str, Any]:  # noqa: C901 - one gate after the other
        """Closes one; returns the options of a task that it holds back."""
        scheduler, mill = self.scheduler, self.mill
        match gate:
            case "scheduler_paused":
                await scheduler.pause_all()
            case "domain_paused":
                await mill.pause()
            case "group_paused":
                await mill.pause_group("stones")
            case "run_at":
                return {"run_after": 86_400 * 400}
            case "global_cap":
                scheduler.set_max_concurrency(1)
            case "domain_cap":
                mill.set_max_concurrency(1)
            case "group_cap":
                scheduler.set_group_limit("stones", 1)
            case "throttle":
                self.machine.now = 0.9
                await until(lambda: scheduler._engine.state.pressure == 0.9)
            case "io_budget":
                await until(lambda: scheduler._engine.pressure.throughput is not None)
                return {"expected_io": IoBudget(disk_read=50_000)}
            case "rate_limit":
                await self._use_token(lambda limit: scheduler.set_rate_limit(Grind, limit))
            case _:
                await self._use_token(lambda limit: scheduler.set_group_rate_limit("stones", limit))
        return {}

    async def _use_token(self, set_limit: Callable[[RateLimit], None]) -> None:
        set_limit(RateLimit(rate=1 / 3600, burst=1))
        await self.submit("token", group="stones")
        await until(lambda: self.scheduler.counts.completed == 1)


def mill_domain(released: asyncio.Event) -> Domain[Mill]:
    """The domain; what holds goes on when it is released."""
    domain = Domain(Mill)

    @domain.executor(Grind)
    async def grind(task: Grind, ctx: TaskContext) -> None:
        for line in task.extra.get("says", ()):
            log.info(line)
        if task.name.startswith("hold"):
            ctx.progress(0.25, "grinding")
            await released.wait()
        elif task.name == "again":
            raise RetryableError("the stone is stuck")
        elif task.name == "fail":
            raise PermanentError("the stone is broken")
        elif task.name == "parent":
            await ctx.spawn_children([Grind(name="hold one"), Grind(name="hold two")])

    return domain


@asynccontextmanager
async def world(folder: Path, inspector: Inspector) -> AsyncIterator[World]:
    """`hold first` runs in the group "stones"; the inspector is attached, and nothing is selected."""
    released, machine = asyncio.Event(), Machine()
    config = SchedulerConfig(
        max_concurrency=8,
        shutdown_grace=0.1,
        resource_monitoring=True,
        sampler=SamplerConfig(interval=0.02),
        default_retry=RetryPolicy.constant(2, 86_400),
        throttle=ThrottlePolicy(),
    )
    async with Scheduler(
        store=TaskStore.in_memory(),
        domains=[mill_domain(released)],
        config=config,
        pressure_sources=[machine],
        resource_sampler=machine,
    ) as scheduler:
        plugin = LoadedPlugin("mill", "The mill", "Grinds", "series-1", 10, None, None, None)
        settings = SettingsStore(folder / "settings.toml")
        commands = Commands(scheduler, settings, (plugin,))
        events = EventBridge(scheduler)
        session = Session(scheduler, events, commands, settings, (plugin,))
        on = World(session, inspector, machine, released)
        commands.told.connect(on.told.append)
        commands.failed.connect(on.failed.append)
        inspector.attach(session)
        await on.submit(
            "hold first", group="stones", priority=Priority.HIGH, expected_io=IoBudget(disk_read=9_000)
        )
        await until(lambda: len(scheduler.active_tasks()) == 1)
        try:
            yield on
        finally:
            released.set()
            await commands.wait_idle()
            await until(lambda: inspector.is_idle)
            inspector.detach()
            events.close()
