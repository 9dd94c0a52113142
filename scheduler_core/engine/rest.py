"""When nothing runs and nothing could: what `wait_idle` and tests wait for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scheduler_core.policy.gate import first_closed

if TYPE_CHECKING:
    from scheduler_core.engine.engine import Engine


class Rest:
    """Looks at the parts of the engine, again after each pulse."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiters: list[asyncio.Future[None]] = []

    def pulse(self) -> None:
        """Something was done: somebody who waits for the end should look again."""
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    def is_quiet(self) -> bool:
        """Is there nothing that runs, or could run before more time has passed?"""
        engine = self._engine
        parts = (
            engine.completion,
            engine.dispatcher,
            engine.due,
            engine.expiry,
            engine.undoing,
            engine.teller,
        )
        if engine.attempts or any(part.is_busy for part in parts) or engine.lanes.is_refilling:
            return False
        return not engine.lanes.has_open(lambda task: first_closed(engine.state, task))

    def is_idle(self) -> bool:
        """Is it quiet, and will neither a retry's delay nor a rate limit nor a calmer machine end that?"""
        engine = self._engine
        if not self.is_quiet() or engine.dispatcher.waits_for_tokens or engine.dispatcher.waits_for_machine:
            return False
        return all(
            engine.state.is_held(engine.store.lanes.key(lane)) for lane in engine.commits.backoff.values()
        )

    async def wait_idle(self) -> None:
        """Returns when the scheduler is idle; at once if it is not open."""
        while self._engine.store.database.is_open and not self.is_idle():
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            await waiter
