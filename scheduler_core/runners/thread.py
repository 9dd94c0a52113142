"""Plain functions in threads: the default, for work that waits (files, network) or lets the interpreter go."""

from __future__ import annotations

import contextvars

from scheduler_core.runners.base import PlainFunction, RunLink, Runner
from scheduler_core.runners.crew import Crew


class ThreadRunner(Runner):
    """Runs functions in threads of its own, as many as the scheduler runs at once.

    The function gets the engine's own context and the context variables of the caller. A thread cannot be killed: a
    function is asked to stop through `ctx.is_cancelled`. One that never does holds its thread until the program ends,
    which it does not hinder. A thread without work ends after `idle_timeout` seconds.
    """

    def __init__(self, *, idle_timeout: float = 30.0) -> None:
        self._crew: Crew[None] = Crew(
            "scheduler-thread", hire=lambda: None, release=lambda _: None, idle_timeout=idle_timeout
        )

    async def start(self) -> None:
        """Nothing to do: threads come with the work."""

    async def run(self, function: PlainFunction, task: object, context: object, link: RunLink) -> object:
        """Call `function(task, context)` in a thread. See `Runner.run`."""
        variables = contextvars.copy_context()
        return await self._crew.run(lambda _: variables.run(function, task, context))

    async def aclose(self) -> None:
        """End the idle threads; one whose function still runs ends after it and is not waited for."""
        await self._crew.close(wait_for_busy=False)
