"""A thin facade that owns lifetimes: what it is asked, the engine's parts do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from os import PathLike
from types import TracebackType
from typing import Any, Self, TypeVar, overload

from scheduler_core.asking import Asking
from scheduler_core.changing import Changing
from scheduler_core.clock import Clock, SystemClock, from_datetime
from scheduler_core.domain import names
from scheduler_core.domain.domain import Domain
from scheduler_core.domain.handle import DomainHandle
from scheduler_core.engine.engine import Engine
from scheduler_core.engine.loop_thread import LoopThread
from scheduler_core.engine.signals import SchedulerSignals
from scheduler_core.errors import (
    InvalidStateError,
    UnknownDomainError,
)
from scheduler_core.model.base import seconds
from scheduler_core.model.config import SchedulerConfig
from scheduler_core.model.events import SchedulerEvent
from scheduler_core.model.pause import Pause, checked_reason
from scheduler_core.model.pressure import AnyPressureSource, ResourceSampler
from scheduler_core.model.snapshot import (
    RecoveryReport,
)
from scheduler_core.model.typed import DomainKey
from scheduler_core.store.task_store import TaskStore

K = TypeVar("K", bound=DomainKey)


class Scheduler(SchedulerSignals, Asking, Changing):
    """Runs the tasks of several domains from one store.

    `store` is a path or a `TaskStore`; `app_state` are objects that executors get by type from `ctx.state`. Use it as
    `async with Scheduler(...)`, or `open` and `close` it. One object serves one opening.

    Signals, emitted on the event loop's thread: `paused_changed(bool)`, `max_concurrency_changed(int)`,
    `group_changed(str)` when the limit, weight, minimum slots, rate or pause of that group has changed,
    `schedules_changed(str)` when a schedule of that domain was added, has come, was paused, resumed, or has ended,
    `pauses_changed(tuple[Pause, ...])` when any pause began, ended, or got another end or reason,
    `store_failed(StoreError)` when something could not be written (it is tried again), `pressure_changed(PressureReading)`
    when it has changed, read once each `sampler.interval` while tasks run or wait for it to fall,
    `held_back_changed(HeldBack | None)` when the throttle holds something else back, `throttle_changed(ThrottlePolicy)`,
    `undos_changed(tuple[Undo, ...])` with all that can be taken back, and `domains_changed(tuple[str, ...])` with the
    names of all domains when one was added or removed.

    `pressure_sources` are objects with `pressure()`, functions that return 0.0 to 1.0, or pairs of a name and one of these.
    `resource_sampler` measures in the place of psutil, where `resource_monitoring` or a `bandwidth_limit` asks for it.
    """

    def __init__(
        self,
        store: str | PathLike[str] | TaskStore,
        domains: Sequence[Domain[Any]],
        *,
        app_state: Sequence[object] = (),
        config: SchedulerConfig | None = None,
        clock: Clock | None = None,
        pressure_sources: Iterable[AnyPressureSource] = (),
        resource_sampler: ResourceSampler | None = None,
    ) -> None:
        self._config = names.checked_config(config)
        self._domains = names.domains_by_name(domains)
        task_store = store if isinstance(store, TaskStore) else TaskStore(store)
        self._engine = Engine(
            task_store,
            clock or SystemClock(),
            self._domains,
            self._config,
            self,
            list(app_state),
            pressure_sources,
            resource_sampler,
        )
        self._loop_thread = LoopThread()
        self._was_opened = False
        self._is_open = False
        self._closing: asyncio.Task[None] | None = None

    # Life

    async def open(self) -> None:
        """Open the store, migrate, recover, dispatch. Idempotent while open.

        Raises `StoreError` with the file named, or `InvalidStateError` after `close`.
        """
        if self._is_open:
            return
        if self._was_opened:
            raise InvalidStateError("scheduler", "it has been closed", "Make a new one.")
        self._loop_thread.bind()
        await self._engine.open()
        self._was_opened = self._is_open = True

    async def close(self, grace: float | timedelta | None = None, *, finish: bool = True) -> None:
        """Start nothing more, let what runs finish for at most `grace` (else `shutdown_grace`) seconds, close. Idempotent.

        What has not finished by then is interrupted and goes back into line; what does not stop either is recovered at
        the next open. With `finish` False everything is interrupted at once, and has the grace to stop. 0: no wait.
        Closing goes on if the caller is cancelled: it may be a task of this scheduler, which is interrupted.
        """
        wait = self._config.shutdown_grace if grace is None else seconds(grace, "grace")
        if self._is_open:
            self._is_open = False
            closing = self._engine.close(wait, asyncio.current_task(), finish=finish)
            self._closing = asyncio.get_running_loop().create_task(closing)
        if self._closing is not None:
            await asyncio.shield(self._closing)

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close(finish=error is None)

    @property
    def recovery(self) -> RecoveryReport:
        """What was found at open."""
        return self._engine.recovery

    async def wait_idle(self) -> None:
        """Returns when nothing runs and nothing could: what is left is paused, blocked, held by a cap of 0, or not due.

        A retry that waits for its delay is waited for, and so is a task that waits for a token or a calmer machine.
        """
        await self._engine.rest.wait_idle()

    def clock_changed(self) -> None:
        """The machine woke, or its clock was set: every deadline is looked at again, at once. On the event loop's thread.

        On Linux the scheduler notices this by itself. A program on another system calls it when that tells it so; without
        it, what came due in a suspend is noticed when its timer, which stood still meanwhile, fires. Harmless at any time.
        """
        self._engine.jumps.look()

    def register_state(self, state: object) -> None:
        """Add an object that executors get by type from `ctx.state`."""
        self._engine.app_state.append(state)

    # Domains

    @overload
    def domain(self, key: type[K]) -> DomainHandle[K]: ...
    @overload
    def domain(self, key: str) -> DomainHandle[Any]: ...
    def domain(self, key: type[DomainKey] | str) -> DomainHandle[Any]:
        """The handle of a domain, by key or name. Raises `UnknownDomainError`."""
        handle = self._engine.handles.get(names.domain_name(key))
        if handle is None:
            known = ", ".join(sorted(self._engine.handles)) or "none"
            raise UnknownDomainError(
                f"domain {names.domain_name(key)!r}", "there is no such domain", f"There are: {known}."
            )
        return handle

    @overload
    def try_domain(self, key: type[K]) -> DomainHandle[K] | None: ...
    @overload
    def try_domain(self, key: str) -> DomainHandle[Any] | None: ...
    def try_domain(self, key: type[DomainKey] | str) -> DomainHandle[Any] | None:
        """The handle of a domain, by key or name, or None."""
        return self._engine.handles.get(names.domain_name(key))

    def domains(self) -> list[DomainHandle[Any]]:
        """All handles, in the order in which the domains were given."""
        return list(self._engine.handles.values())

    def replace_domain(self, domain: Domain[Any]) -> None:
        """Let a domain take the place of the one of its name: what starts, or is submitted, from now on is done its way.

        What runs goes on with the executor, the state and the runner it began with; a runner that nothing uses any more
        is closed then. Its `max_concurrency` holds unless another was set meanwhile. Handles, counts, pauses and what
        waits stay. Raises `UnknownDomainError`, or `ConfigurationError` (a `ValueError`) for what is no Domain and for
        one that lacks an executor which the old one had: tasks may wait for it.
        """
        self._engine.replacing.replace(names.domains_by_name([domain])[domain.name])

    async def add_domain(self, domain: Domain[K]) -> DomainHandle[K]:
        """Let one more domain in while the scheduler is open; the tasks that it has from before go on.

        Its handle is the same object as before, if it was here before. `domains_changed` is emitted. Raises
        `ConfigurationError` (a `ValueError`) for what is no Domain and for one that is there, `InvalidStateError` or
        `StoreError`.
        """
        checked = names.domains_by_name([domain])[domain.name]
        return await self._engine.membership.add(checked)

    async def remove_domain(self, key: type[DomainKey] | str, grace: float | timedelta | None = None) -> int:
        """Let a domain go while the scheduler is open; how many of its tasks now wait until it is added again.

        What runs is interrupted, as by a pause: it goes back into line and counts no retry. It has `grace` (else
        `cancel_hook_timeout`) seconds to stop; what does not ends as it likes. Its handle refuses to submit from now on,
        and `domains_changed` is emitted. Whatever depends on its tasks waits with them. Raises `UnknownDomainError`,
        `InvalidStateError`, or `StoreError`, and then the domain stays.
        """
        wait = self._config.cancel_hook_timeout if grace is None else seconds(grace, "grace")
        return await self._engine.membership.remove(names.domain_name(key), wait)

    # Pausing

    @property
    def is_paused(self) -> bool:
        """Is everything paused, by `pause_all`?"""
        return self._engine.state.paused

    def pauses(self) -> list[Pause]:
        """Every pause in force, from memory: that of `pause_all`, those of domains, those of groups, each by name."""
        return self._engine.pauses.all()

    async def pause_all(self, until: datetime | None = None, reason: str | None = None) -> int:
        """Hold every domain; how many tasks that holds.

        Survives a restart, and ends by itself at `until`, also if the program is not running then. `reason` is a sentence
        for people, of 256 characters at most. Pausing what is paused changes end and reason.
        """
        thing = "pause of all domains"
        end = None if until is None else from_datetime(until, thing)
        return await self._engine.control.pause("scheduler", "", end, checked_reason(reason, thing))

    async def resume_all(self) -> int:
        """End `pause_all`; how many tasks nothing else holds. Domains that are paused stay so."""
        return await self._engine.control.resume("scheduler", "")

    # Listening

    def subscribe(
        self,
        listener: Callable[[list[SchedulerEvent]], None],
        only: Collection[type[SchedulerEvent]] | None = None,
    ) -> Callable[[], None]:
        """Call `listener` on the loop's thread with the events of a commit, or `only` some kinds; returns what ends it."""
        return self._engine.bus.subscribe(listener, only)

    def events(self) -> AsyncIterator[SchedulerEvent]:
        """What happens from now on. A slow reader loses the oldest and is told how many (`EventsLost`)."""
        return self._engine.bus.events()
