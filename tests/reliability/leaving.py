"""Domains that go and come back, done to the scheduler and to the model. One at least is always there."""

from __future__ import annotations

import copy
from collections.abc import Mapping

from hypothesis import note, strategies as st
from hypothesis.stateful import precondition, rule

from scheduler_core import SchedulerError, UnknownDomainError
from tests.reliability.model import Model
from tests.reliability.undoing import Undoing
from tests.reliability.wishes import OUTCOMES, VALUES, error_of, picks
from tests.reliability.world import DOMAINS, Order

names = st.sampled_from(DOMAINS)
caps = st.sampled_from([None, None, 2, 1, 0])


def remove(model: Model, name: str, endings: Mapping[int, str], *, is_quick: bool = True) -> int:
    """A domain goes: what runs of it is interrupted, and all of it is held; how many tasks.

    `endings` are attempts that are over at this very moment; `is_quick` says whether the others are interrupted before
    anything has come of that.
    """
    held = [task for task in model.tasks.values() if task.status in ("pending", "running")]
    held = [task for task in held if task.ask.domain == name]
    model.away.add(name)
    running = [task.id for task in held if task.status == "running" and task.id not in endings]
    if is_quick:
        model.stops.update(dict.fromkeys(running, "interrupted"))
    model.finish({task_id: OUTCOMES[how] for task_id, how in endings.items()})
    if not is_quick:
        model.stops.update({one: "interrupted" for one in running if one in model.attempts})
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
    @rule(name=names)
    def remove_domain(self, name: str) -> None:
        self.step("remove_domain", self._remove(name, {}))

    @precondition(lambda self: not self.model.away and self.model.attempts)
    @rule(
        name=names,
        some=st.lists(st.tuples(picks, st.sampled_from(["complete", "retry", "fail"])), max_size=3),
    )
    def remove_while_ending(self, name: str, some: list[tuple[int, str]]) -> None:
        """Attempts end at the moment at which the domain goes."""
        endings = {self.running(pick): how for pick, how in some}
        self.step("remove_while_ending", self._remove(name, endings))

    @precondition(lambda self: self.model.away)
    @rule(cap=caps)
    def add_domain(self, cap: int | None) -> None:
        self.step("add_domain", self._add(min(self.model.away), cap))

    @precondition(lambda self: not self.model.away)
    @rule(name=names, delay=st.integers(0, 6), reopens=st.booleans(), cap=caps)
    def switch_off_and_on(self, name: str, delay: int, reopens: bool, cap: int | None) -> None:
        """A domain goes, and comes back so many seconds later; the program may end in between."""
        self.remove_domain(name)
        if delay:
            self.advance(delay)
        if reopens:
            self.reopen(crashes=delay % 2 == 0, away=0)
        self.add_domain(cap)

    def check_is_away(self, domain: str, error: SchedulerError) -> None:
        """A submission was refused: for the reason that its domain has gone, if and only if it has."""
        is_away = isinstance(error, UnknownDomainError)
        assert is_away == (domain in self.model.away), f"{domain} refuses: {error}"

    async def _remove(self, name: str, endings: dict[int, str]) -> None:
        note(f"remove {name}, while {endings or 'nothing'} ends")
        slow = copy.deepcopy(self.model)
        expected = remove(self.model, name, endings)
        remove(slow, name, endings, is_quick=False)
        for task_id, how in endings.items():
            self.world.order(task_id, Order(value=VALUES.get(how), error=error_of(how)))
        held = await self.world.remove(name)
        await self.world.settle()
        assert held == expected, f"removing {name} holds {held}, and not {expected}"
        if endings:
            await self._choose(self.model, slow)

    async def _add(self, name: str, cap: int | None) -> None:
        note(f"add {name} with a cap of {cap}")
        add(self.model, name, cap)
        await self.world.add(name, cap)
        await self.world.settle()
