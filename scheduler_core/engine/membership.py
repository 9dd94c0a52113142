"""Domains that come and go while the scheduler works: the tasks of one that is not there wait until it is back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from scheduler_core.domain.domain import Domain
from scheduler_core.domain.handle import DomainHandle
from scheduler_core.engine.attempt import StopReason
from scheduler_core.errors import ConfigurationError, InvalidStateError, UnknownDomainError
from scheduler_core.model.config import SchedulerConfig
from scheduler_core.policy.gate import Lot

if TYPE_CHECKING:
    from scheduler_core.engine.attempt import Attempt
    from scheduler_core.engine.engine import Engine


class Membership:
    """One change after the other. Who is there at the start is the scheduler's to say."""

    def __init__(self, engine: Engine, config: SchedulerConfig) -> None:
        self._engine = engine
        self._config = config
        self._changing = asyncio.Lock()
        self._former: dict[str, DomainHandle[Any]] = {}

    async def add(self, domain: Domain[Any]) -> DomainHandle[Any]:
        """Its tasks go on from where they stopped, if there are any. Raises `ConfigurationError` or `StoreError`."""
        engine, name = self._engine, domain.name
        async with self._changing:
            if name in engine.domains:
                raise ConfigurationError(f"domain {name!r}", "it is there already", "Use replace_domain.")
            self._check_open()
            await engine.store.set_domains((*engine.domains, name))
            engine.domains[name] = domain
            engine.metrics.know(domain)
            handle = self._former.pop(name, None)
            if handle is None:
                handle = DomainHandle(domain, engine.backend, self._config)
            else:
                handle.replace_domain(domain)
            engine.handles[name] = handle
            engine.state.let_in(name, domain.max_concurrency)
            if engine.pauses.get("domain", name) is not None:
                engine.state.domain(name).paused = True
            self._has_changed(name)
            return handle

    async def remove(self, name: str, patience_s: float) -> int:
        """Interrupt what runs and hold all; how many. Raises `UnknownDomainError`, or `StoreError`: then it stays.

        Waits at most so long for what was interrupted; what has not stopped by then ends as it likes.
        """
        engine = self._engine
        async with self._changing:
            if name not in engine.domains:
                known = ", ".join(engine.domains) or "none"
                raise UnknownDomainError(
                    f"domain {name!r}", "there is no such domain", f"There are: {known}."
                )
            self._check_open()
            held = engine.counts.held(lambda lane: lane.domain == name)
            cap = engine.state.domain(name).cap
            engine.state.shut_out(name)
            try:
                await engine.store.set_domains([other for other in engine.domains if other != name])
            except BaseException:
                engine.state.let_in(name, cap)
                engine.state.domain(name).paused = engine.pauses.get("domain", name) is not None
                self._has_changed(name)
                raise
            handle = engine.handles.pop(name)
            handle.refuse()
            self._former[name] = handle
            # What was chosen before is started only to stop: it looks up its domain, and must find it.
            await engine.dispatcher.wait_claimed()
            attempts = self._running(name)
            engine.attempts.stop(attempts, StopReason.PAUSED)
            await engine.attempts.wait(attempts, patience_s)
            await engine.completion.wait_tried()
            engine.replacing.dismiss(engine.domains.pop(name))
            self._has_changed(name)
            return held

    def _running(self, name: str) -> list[Attempt]:
        """Without the attempt that this very call comes from: it cannot wait for its own end."""
        own = asyncio.current_task()
        return [
            one for one in self._engine.attempts.all(lambda lane: lane.domain == name) if one.task is not own
        ]

    def _has_changed(self, name: str) -> None:
        engine = self._engine
        engine.lanes.wake(Lot("domain", name))
        engine.lanes.refresh()
        engine.dispatcher.wake()
        engine.counts.touch({name})
        engine.emitter.domains()
        engine.rest.pulse()

    def _check_open(self) -> None:
        if not self._engine.store.database.is_open:
            raise InvalidStateError("scheduler", "it is not open", "Give it all domains when it is made.")
