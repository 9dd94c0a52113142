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
    from scheduler_core.engine.engine import Engine


class Membership:
    """One change after the other, each seen through though its caller is cancelled: no domain is left half way.

    Who is there at the start is the scheduler's to say.
    """

    def __init__(self, engine: Engine, config: SchedulerConfig) -> None:
        self._engine = engine
        self._config = config
        self._changing = asyncio.Lock()
        self._former: dict[str, DomainHandle[Any]] = {}

    async def add(self, domain: Domain[Any]) -> DomainHandle[Any]:
        """Its tasks go on from where they stopped, if there are any. Raises `ConfigurationError` or `StoreError`."""
        return await self._engine.control.see_through(self._add(domain))

    async def _add(self, domain: Domain[Any]) -> DomainHandle[Any]:
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
            self._let_in(name, domain.max_concurrency)
            self._has_changed(name)
            return handle

    async def remove(self, name: str, patience_s: float) -> int:
        """Interrupt what runs and hold all; how many. Raises `UnknownDomainError`, or `StoreError`: then it stays.

        Waits at most so long for what was interrupted; what has not stopped by then ends as it likes.
        """
        return await self._engine.control.see_through(self._remove(name, patience_s, asyncio.current_task()))

    async def _remove(self, name: str, patience_s: float, caller: asyncio.Task[Any] | None) -> int:
        """An attempt that this is called from is not interrupted: it cannot wait for its own end."""
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
                self._let_in(name, cap)
                self._has_changed(name)
                raise
            handle = engine.handles.pop(name)
            handle.refuse()
            self._former[name] = handle
            # What was chosen before is started only to stop: it looks up its domain, and must find it.
            await engine.dispatcher.wait_claimed()
            attempts = engine.attempts.all(lambda lane: lane.domain == name)
            attempts = [one for one in attempts if caller is None or one.task is not caller]
            engine.attempts.stop(attempts, StopReason.PAUSED)
            await engine.attempts.wait(attempts, patience_s)
            await engine.completion.wait_tried()
            engine.replacing.dismiss(engine.domains.pop(name))
            self._has_changed(name)
            return held

    def _let_in(self, name: str, cap: int | None) -> None:
        self._engine.state.let_in(name, cap, paused=self._engine.pauses.get("domain", name) is not None)

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
