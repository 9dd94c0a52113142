"""A domain that takes the place of the one of its name: what starts from then on is done its way, what runs goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

from scheduler_core.domain.domain import Domain
from scheduler_core.domain.handle import DomainHandle
from scheduler_core.engine.attempts import Attempts
from scheduler_core.engine.limits import Limits
from scheduler_core.engine.runner import AttemptRunner
from scheduler_core.errors import ConfigurationError, UnknownDomainError
from scheduler_core.policy.state import DispatchState


class Replacing:
    """`domains` are those of the scheduler by name, as all its parts see them."""

    def __init__(
        self,
        domains: MutableMapping[str, Domain[Any]],
        handles: Mapping[str, DomainHandle[Any]],
        state: DispatchState,
        limits: Limits,
        attempts: Attempts,
        runner: AttemptRunner,
    ) -> None:
        self._domains = domains
        self._handles = handles
        self._state = state
        self._limits = limits
        self._attempts = attempts
        self._runner = runner
        self._retiring: set[asyncio.Task[None]] = set()

    def replace(self, domain: Domain[Any]) -> None:
        """Raises `UnknownDomainError`, or `ConfigurationError` where tasks would be left without an executor."""
        name = domain.name
        before = self._domains.get(name)
        if before is None:
            known = ", ".join(sorted(self._domains)) or "none"
            raise UnknownDomainError(f"domain {name!r}", "there is no such domain", f"There are: {known}.")
        lost = sorted(before.registrations.keys() - domain.registrations.keys())
        if lost:
            raise ConfigurationError(
                f"domain {name!r}", f"it has no executor for {', '.join(lost)}", "Register one for each."
            )
        had_declared_cap = self._state.domain(name).cap == before.max_concurrency
        self._domains[name] = domain
        self._handles[name].replace_domain(domain)
        if had_declared_cap:  # else somebody has set another, and that holds
            self._limits.set_domain_cap(name, domain.max_concurrency)
        self._retire(_runners(before))

    def dismiss(self, domain: Domain[Any]) -> None:
        """A domain has gone: the runners that it alone used are closed when nothing runs in them any more."""
        self._retire(_runners(domain))

    async def close(self) -> None:
        """Wait for nobody any more: all runners are closed next."""
        for task in self._retiring:
            task.cancel()
        if self._retiring:
            await asyncio.wait(self._retiring)

    def _retire(self, runners: Iterable[Any]) -> None:
        used = {runner for domain in self._domains.values() for runner in _runners(domain)}
        for runner in runners:
            busy = [
                one.task for one in self._attempts.all() if one.registration.runner is runner and one.task
            ]
            if runner not in used and (busy or self._runner.has_started(runner)):
                task = asyncio.get_running_loop().create_task(self._close_when_free(runner, busy))
                self._retiring.add(task)
                task.add_done_callback(self._retiring.discard)

    async def _close_when_free(self, runner: Any, busy: list[asyncio.Task[Any]]) -> None:
        if busy:
            await asyncio.wait(busy)
        await self._runner.retire(runner)


def _runners(domain: Domain[Any]) -> dict[Any, None]:
    """The runners that a domain brought with it, each once."""
    return dict.fromkeys(one.runner for one in domain.registrations.values() if one.runner is not None)
