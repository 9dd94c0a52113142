"""What people change and then take back, done to the scheduler and to the model: priorities, and retries."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from hypothesis import note, strategies as st
from hypothesis.stateful import precondition, rule

from tests.reliability.adjusting import Adjusting, set_priority
from tests.reliability.model import Model
from tests.reliability.model_tasks import RETRIABLE, Refused
from tests.reliability.wishes import picks

LONG = 10**6
"""Seconds: longer than a life. What is there at a restart can be taken back for ten seconds from then on."""


@dataclass(frozen=True)
class Hurried:
    """A priority that was changed: of a task, from, to."""

    task: int
    before: int
    now: int


@dataclass(frozen=True)
class Retried:
    """A record that was tried again: the new task (None: another comes anyway), the failure of its key, who waited."""

    record: int
    task: int | None
    unseen: int | None
    dependents: tuple[int, ...]


@dataclass
class Known:
    """What the model knows of an undo."""

    marks: list[Hurried] | list[Retried] = field(default_factory=list)
    may_be_over: bool = False


def unhurry(model: Model, marks: list[Hurried]) -> int:
    """Who waits and has the priority that it was given gets back what it had; how many."""
    n = 0
    for mark in marks:
        task = model.tasks.get(mark.task)
        if task is not None and task.status != "running" and task.priority == mark.now:
            task.priority = mark.before
            n += 1
    model.settle()
    return n


def retry(model: Model, record: int) -> Retried | None:
    """Try it again; None where that may not be."""
    old = model.ended[record].task
    unseen = model.attention.get(old.ask.key)
    before = {task.id: record in task.left for task in model.tasks.values()}
    try:
        status, task_id = model.retry(record)
    except Refused:
        return None
    is_new = status == "inserted"
    moved = [one for one, waited in before.items() if waited] if is_new else []
    moved = [one for one in moved if one in model.tasks and task_id in model.tasks[one].deps]
    return Retried(record, task_id if is_new else None, unseen, tuple(moved))


def unretry(model: Model, mark: Retried) -> int:
    """Is it as if the record had never been tried again? 1, or 0 where it goes on."""
    task = None if mark.task is None else model.tasks.get(mark.task)
    if task is None or task.started or task.status not in ("pending", "blocked"):
        return 0
    waiting = [other for other in model.tasks.values() if task.id in other.deps]
    if any(other.id not in mark.dependents for other in waiting):
        return 0
    for other in waiting:
        other.deps = [mark.record if dep == task.id else dep for dep in other.deps]
        other.left = {mark.record if dep == task.id else dep for dep in other.left}
    del model.tasks[task.id]
    model.gone = max(model.gone, task.id)
    if mark.unseen is not None:
        model.attention[task.ask.key] = mark.unseen
    model.settle()
    return 1


class Undoing(Adjusting):
    """The steps of a person who changes their mind."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[int, Known] = {}

    @precondition(lambda self: self.model.tasks)
    @rule(some=st.lists(picks, min_size=1, max_size=4), priority=st.sampled_from([64, 192, 0, 128]))
    def set_priority_for_now(self, some: list[int], priority: int) -> None:
        self.step("set_priority_for_now", self._hurry([self.active(pick) for pick in some], priority))

    async def _hurry(self, ids: list[int], priority: int) -> None:
        note(f"priority {priority} for {ids}, for now")
        active = [self.model.tasks[one] for one in sorted(set(ids)) if one in self.model.tasks]
        marks = [Hurried(task.id, task.priority, priority) for task in active if task.priority != priority]
        set_priority(self.model, ids, priority)
        undo = await self.world.scheduler.set_priority_for_now(ids, priority, LONG)
        await self.world.settle()
        assert (0 if undo is None else undo.n) == len(marks)
        if undo is not None:
            self.known[undo.id] = Known(marks)

    @precondition(lambda self: self.model.ended)
    @rule(pick=picks)
    def retry_for_now(self, pick: int) -> None:
        ended = self.model.ended
        ids = sorted((i for i, r in ended.items() if r.status in RETRIABLE), reverse=True) or [*ended][-1:]
        self.step("retry_for_now", self._retry_for_now(ids[pick % len(ids)]))

    async def _retry_for_now(self, record: int) -> None:
        note(f"retry {record}, for now")
        mark = retry(self.model, record)
        undo = await self.world.scheduler.retry_for_now([record], LONG)
        await self.world.settle()
        assert (undo is None) == (mark is None)
        if undo is not None and mark is not None:
            self.known[undo.id] = Known([mark])

    @precondition(lambda self: self.model.ended)
    @rule(some=st.lists(picks, min_size=1, max_size=3))
    def retry_and_undo(self, some: list[int]) -> None:
        """Several, one after the other, and all are taken back, the newest first."""
        before = set(self.known)
        for pick in some:
            self.retry_for_now(pick)
        for undo_id in sorted(set(self.known) - before, reverse=True):
            self.step("undo", self._undo(undo_id))

    @precondition(lambda self: self.known)
    @rule(pick=picks)
    def undo(self, pick: int) -> None:
        """Mostly the newest."""
        ids = sorted(self.known, reverse=True)
        self.step("undo", self._undo(ids[pick // 3 % len(ids)]))

    async def _undo(self, undo_id: int) -> None:
        marks = self.known.pop(undo_id).marks
        note(f"undo {marks}")
        hurried = [mark for mark in marks if isinstance(mark, Hurried)]
        expected = unhurry(self.model, hurried) if hurried else 0
        expected += sum(unretry(self.model, mark) for mark in marks if isinstance(mark, Retried))
        real = await self.world.scheduler.undo(undo_id)
        await self.world.settle()
        assert real == expected, f"undone: the scheduler says {real}, the model {expected}"

    async def _step(self, work: Coroutine[Any, Any, None]) -> None:
        before = self.world.scheduler
        await super()._step(work)
        real = {undo.id for undo in self.world.scheduler.undos}
        if self.world.scheduler is not before:  # nothing is lost when the program ends, however it does
            for known in self.known.values():
                known.may_be_over = True
            assert real == set(self.known)
        for one in [one for one, known in self.known.items() if one not in real]:
            assert self.known.pop(one).may_be_over, f"undo {one} was forgotten"
        assert real == set(self.known)
