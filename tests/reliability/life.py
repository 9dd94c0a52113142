"""One random life of a scheduler: the real one, the model, and how a step is taken with both."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import itertools
import tempfile
from collections import Counter
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from hypothesis import note, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.reliability.agreement import Agreement
from tests.reliability.model import ORDERS, Model
from tests.reliability.wishes import newest, seconds
from tests.reliability.world import RestingSelector, World


class Life(RuleBasedStateMachine):
    """One example: a world, a model, and what a step is."""

    tally: Counter[str]
    """How often each step was taken, over all examples: `counted` makes a class with a tally of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None)
        self.runner = asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(RestingSelector()))
        self.world = World(Path(self.folder.name), None)
        self.model = Model(self.world.clock.time())
        self.agreement = Agreement(self.world, self.model)
        self.numbers = itertools.count(1)
        self.steps = 0

    def teardown(self) -> None:
        try:
            self.runner.run(self.world.close())
        finally:
            self.runner.close()
            self.folder.cleanup()

    @initialize(turns=st.sampled_from([1, 2, 4, 1, 2, None]))
    def open(self, turns: int | None) -> None:
        self.world.turns = turns
        self.runner.run(self.world.open())
        self.world.heard.reopened((), ())

    def step(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Do it to both, then compare."""
        self.tally[name] += 1
        self.steps += 1
        self.runner.run(self._step(work))

    async def _step(self, work: Coroutine[Any, Any, None]) -> None:
        await work
        running = [f"{a.id} {a.kind}" for a in self.model.attempts.values()]
        note(f"  runs: {', '.join(running) or 'nothing'}")
        await self.agreement.check(self.steps)

    def running(self, pick: int) -> int:
        """One of the tasks that run."""
        ids = sorted(self.model.attempts)
        return ids[pick % len(ids)]

    def active(self, pick: int) -> int:
        """One of the active tasks, the newest first."""
        return newest(self.model, pick)

    @rule(delay=seconds)
    def advance(self, delay: int) -> None:
        """Time passes, second by second."""
        self.step("advance", self._advance(delay))

    async def _advance(self, delay: int) -> None:
        for _ in range(delay):
            await self.let_pass(1.0)

    @rule(crashes=st.booleans(), away=st.sampled_from([0, 0, 3, 20]))
    def reopen(self, crashes: bool, away: int) -> None:
        """The program ends, in good order or not, and starts again so many seconds later."""
        reopening = self.world.crash(away) if crashes else self.world.restart(away)
        self.step("crash" if crashes else "restart", self._reopen(reopening))

    async def _reopen(self, reopening: Coroutine[Any, Any, None]) -> None:
        await reopening
        self.model.reopen(self.world.clock.time())
        self.world.heard.reopened(self.model.tasks, self.model.ended)

    async def let_pass(self, delay: float) -> None:
        """Time passes for both."""
        await self.world.advance(delay)
        now, mono = self.world.clock.time(), self.world.clock.monotonic()
        self.model.now = now
        others = [copy.deepcopy(self.model) for _ in ORDERS[1:]] if self.model.is_open_to_order() else []
        for model, order in zip([self.model, *others], ORDERS, strict=False):
            model.tick(now, mono, order)
        if others:
            await self._choose(self.model, *others)

    async def _choose(self, *models: Model) -> None:
        """Any of them may be right: go on with the one that agrees."""
        for model in models:
            self.model = self.agreement.model = model
            with contextlib.suppress(AssertionError):
                await self.agreement.check_state()
                await self.agreement.check_history()
                return
