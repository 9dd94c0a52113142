"""What people change about tasks that exist, done to the scheduler and to the model: priorities and times."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import note, strategies as st
from hypothesis.stateful import precondition, rule

from tests.reliability.life import Life
from tests.reliability.model import Model
from tests.reliability.wishes import picks


def set_priority(model: Model, ids: list[int], priority: int) -> list[int]:
    """Which of these are active, and have this priority now."""
    found = [task_id for task_id in sorted(set(ids)) if task_id in model.tasks]
    for task_id in found:
        model.tasks[task_id].priority = priority
        if task_id in model.attempts:
            model.attempts[task_id] = replace(model.attempts[task_id], priority=priority)
    model.settle()
    return found


def start_now(model: Model, ids: list[int]) -> list[int]:
    """Which of these waited for their time, and are due now."""
    found = [
        task_id
        for task_id in sorted(set(ids))
        if task_id in model.tasks and model.tasks[task_id].due is not None
    ]
    for task_id in found:
        model.tasks[task_id].due = None
    model.settle()
    return found


class Adjusting(Life):
    """The steps of a person who sees a list of tasks and wants another order."""

    @precondition(lambda self: self.model.tasks)
    @rule(some=st.lists(picks, min_size=1, max_size=3), priority=st.sampled_from([64, 192, 0, 128]))
    def set_priority(self, some: list[int], priority: int) -> None:
        self.step("set_priority", self._set_priority([self.active(pick) for pick in some], priority))

    async def _set_priority(self, ids: list[int], priority: int) -> None:
        note(f"priority {priority} for {ids}")
        expected = set_priority(self.model, ids, priority)
        assert await self.world.scheduler.set_priority(ids, priority) == expected
        await self.world.settle()

    @precondition(lambda self: self.model.tasks)
    @rule(some=st.lists(picks, min_size=1, max_size=3))
    def start_now(self, some: list[int]) -> None:
        waiting = sorted(task.id for task in self.model.tasks.values() if task.due is not None)
        ids = (
            [waiting[pick % len(waiting)] for pick in some]
            if waiting
            else [self.active(pick) for pick in some]
        )
        self.step("start_now", self._start_now(ids))

    async def _start_now(self, ids: list[int]) -> None:
        note(f"start {ids} now")
        expected = start_now(self.model, ids)
        assert await self.world.scheduler.start_now(ids) == expected
        await self.world.settle()
