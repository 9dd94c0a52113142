"""Domains that go and come back, done to the scheduler and to the model. One at least is always there."""

from __future__ import annotations

from hypothesis import note, strategies as st
from hypothesis.stateful import precondition, rule

from tests.reliability.model import Model
from tests.reliability.undoing import Undoing
from tests.reliability.world import DOMAINS


def remove(model: Model, name: str) -> int:
    """A domain goes: what runs of it is interrupted, and all of it is held; how many tasks."""
    held = [task for task in model.tasks.values() if task.status in ("pending", "running")]
    held = [task for task in held if task.ask.domain == name]
    model.away.add(name)
    for task in held:
        if task.status == "running":
            model.stops[task.id] = "interrupted"
    model.settle()
    return len(held)


def add(model: Model, name: str, cap: int | None) -> None:
    """It is back, with the cap that it declares: only a pause holds it now."""
    model.away.discard(name)
    model.limits.domains[name] = cap
    model.settle()


class Leaving(Undoing):
    """The steps of a person who switches plugins off and on."""

    @precondition(lambda self: not self.model.away)
    @rule(name=st.sampled_from(DOMAINS))
    def remove_domain(self, name: str) -> None:
        self.step("remove_domain", self._remove(name))

    async def _remove(self, name: str) -> None:
        note(f"remove {name}")
        expected = remove(self.model, name)
        held = await self.world.remove(name)
        await self.world.settle()
        assert held == expected, f"removing {name} holds {held}, and not {expected}"

    @precondition(lambda self: self.model.away)
    @rule(cap=st.sampled_from([None, None, 2, 1, 0]))
    def add_domain(self, cap: int | None) -> None:
        self.step("add_domain", self._add(min(self.model.away), cap))

    async def _add(self, name: str, cap: int | None) -> None:
        note(f"add {name} with a cap of {cap}")
        add(self.model, name, cap)
        await self.world.add(name, cap)
        await self.world.settle()
