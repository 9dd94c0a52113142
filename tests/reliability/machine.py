"""Random lives of a scheduler beside the model: whatever is done, both must agree after each step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hypothesis import note, strategies as st
from hypothesis.stateful import precondition, rule

from scheduler_core import (
    RateLimit,
    SchedulerError,
    SubmitOutcome,
    TypedTask,
)
from scheduler_core.clock import to_datetime
from tests.reliability.leaving import Leaving
from tests.reliability.model_tasks import KINDS, RETRIABLE, Ask, Refused
from tests.reliability.wishes import (
    OUTCOMES,
    VALUES,
    Wish,
    endings,
    error_of,
    groups,
    picks,
    resolve,
    wishes,
)
from tests.reliability.world import DOMAINS, TYPES, Order

places = st.one_of(
    st.just(("scheduler", "")),
    st.tuples(st.just("domain"), st.sampled_from(DOMAINS)),
    st.tuples(st.just("group"), groups),
)
caps = st.sampled_from([2, 1, 0, 3, None])


class SchedulerMachine(Leaving):
    """The steps, each of which does the same to both."""

    # Submitting

    @rule(wish=wishes())
    def submit(self, wish: Wish) -> None:
        self.step("submit", self._submit(wish, None))

    @rule(wishes=st.lists(wishes(), min_size=3, max_size=6))
    def submit_some(self, wishes: list[Wish]) -> None:
        for wish in wishes:
            self.step("submit", self._submit(wish, None))

    @rule(wish=wishes(most=3))
    def submit_batch(self, wish: Wish) -> None:
        self.step("submit_batch", self._submit(wish, None))

    @precondition(lambda self: self.model.attempts)
    @rule(pick=picks, wish=wishes(most=2))
    def spawn(self, pick: int, wish: Wish) -> None:
        self.step("spawn", self._submit(wish, self.running(pick)))

    @precondition(lambda self: self.model.attempts)
    @rule(pick=picks, wishes=st.lists(wishes(), min_size=2, max_size=3))
    def spawn_and_wait(self, pick: int, wishes: list[Wish]) -> None:
        """A parent with children of all kinds, whose own work is done."""
        parent = self.running(pick)
        for wish in wishes:
            if parent in self.model.attempts:
                self.step("spawn", self._submit(wish, parent))
        if parent in self.model.attempts:
            self.step("complete", self._finish({parent: "complete"}))

    async def _submit(self, wish: Wish, parent: int | None) -> None:
        tasks = [self.task(wish, key) for key in wish.keys]
        options, ask = resolve(wish, parent, self.model)
        asks = [self.ask(task, ask) for task in tasks]
        note(f"submit {', '.join(one.key for one in asks)} {options}" + (f" by {parent}" if parent else ""))
        try:
            expected = self.model.submit(asks)
        except Refused as error:
            expected = None
            note(f"  refused: {error}")
        real = await self._real_submit(wish, tasks, options, parent)
        await self.world.settle()
        note(f"  {real}")
        if real is not None or parent is None:
            assert real == expected, f"submitted: the scheduler says {real}, the model {expected}"

    async def _real_submit(
        self, wish: Wish, tasks: Sequence[TypedTask[Any]], options: dict[str, Any], parent: int | None
    ) -> list[tuple[str, int | None]] | None:
        domain = KINDS[wish.kind]
        outcomes: list[SubmitOutcome] | None
        try:
            if parent is not None:
                order = self.world.order(parent, Order(spawn=tasks, options=options))
                outcomes = await order.answer
            elif len(tasks) == 1:
                outcomes = [await self.world.handle(domain).submit(tasks[0], **options)]
            else:
                outcomes = await self.world.handle(domain).submit_batch(tasks, **options)
        except SchedulerError as error:
            note(f"  {error}")
            self.check_is_away(domain, error)
            return None
        return None if outcomes is None else [(str(outcome.status), outcome.id) for outcome in outcomes]

    def task(self, wish: Wish, key: str | None) -> TypedTask[Any]:
        """The payload: what has no key has a number of its own."""
        return TYPES[wish.kind](k=key, n=0 if key else next(self.numbers))  # pyright: ignore[reportCallIssue]

    def ask(self, task: TypedTask[Any], ask: Ask) -> Ask:
        """The same for the model."""
        key = task.dedup_key()
        name = f"{ask.kind}:{key}" if key else f"{ask.kind}#{task.n}"  # pyright: ignore[reportAttributeAccessIssue]
        return Ask(**{**vars(ask), "key": name})

    # What executors do

    @precondition(lambda self: self.model.attempts)
    @rule(pick=picks)
    def complete(self, pick: int) -> None:
        self.step("complete", self._finish({self.running(pick): "complete"}))

    @precondition(lambda self: self.model.attempts)
    @rule(pick=picks, how=endings)
    def finish(self, pick: int, how: str) -> None:
        self.step(how, self._finish({self.running(pick): how}))

    @precondition(lambda self: len(self.model.attempts) > 1)
    @rule(some=st.lists(st.tuples(picks, endings), min_size=2, max_size=3))
    def finish_at_once(self, some: list[tuple[int, str]]) -> None:
        self.step("finish_at_once", self._finish({self.running(pick): how for pick, how in some}))

    @precondition(lambda self: self.families())
    @rule(pick=picks, some=st.lists(endings, min_size=2, max_size=3))
    def finish_siblings(self, pick: int, some: list[str]) -> None:
        """Children of one parent end at once."""
        families = self.families()
        self.step(
            "finish_siblings", self._finish(dict(zip(families[pick % len(families)], some, strict=False)))
        )

    def families(self) -> list[list[int]]:
        """The running children of each parent that has several."""
        found: dict[int, list[int]] = {}
        for task_id in sorted(self.model.attempts):
            parent = self.model.tasks[task_id].ask.parent
            if parent is not None:
                found.setdefault(parent, []).append(task_id)
        return [children for children in found.values() if len(children) > 1]

    async def _finish(self, endings: dict[int, str]) -> None:
        note(f"finish {endings}")
        for task_id, how in endings.items():  # what `finalize` returns is nobody's memo
            if self.model.tasks[task_id].finalizing and how == "not JSON":
                endings[task_id] = "complete"
        self.model.finish({task_id: OUTCOMES[how] for task_id, how in endings.items()})
        for task_id, how in endings.items():
            self.world.order(task_id, Order(value=VALUES.get(how), error=error_of(how)))
        await self.world.settle()

    # What people do

    @precondition(lambda self: self.model.tasks)
    @rule(pick=picks)
    def cancel(self, pick: int) -> None:
        self.step("cancel", self._cancel(self.active(pick)))

    async def _cancel(self, task_id: int) -> None:
        domain = self.model.tasks[task_id].ask.domain
        note(f"cancel {task_id}")
        others = dict(self.world.handles)
        if (handle := others.pop(domain, None)) is None:
            return  # it has not been there since the store was opened: nobody has its handle
        for other in others.values():
            assert not await other.cancel(task_id)
        expected = self.model.cancel_tasks([task_id])
        assert await handle.cancel(task_id) == bool(expected)
        await self.world.settle()

    @rule(value=st.sampled_from(["1", "2"]))
    def cancel_job(self, value: str) -> None:
        self.step("cancel_job", self._cancel_job(value))

    async def _cancel_job(self, value: str) -> None:
        tagged = [t.id for t in self.model.tasks.values() if ("job", value) in t.ask.tags]
        note(f"cancel job {value}: {tagged}")
        expected = self.model.cancel_tasks(tagged)
        assert await self.world.scheduler.cancel_job("job", value) == len(expected)
        await self.world.settle()

    @rule(place=places, until=st.sampled_from([None, None, 2, 5]))
    def pause(self, place: tuple[str, str], until: int | None) -> None:
        self.step("pause" if until is None else "pause_for", self._pause(place, until))

    async def _pause(self, place: tuple[str, str], until: int | None) -> None:
        (scope, name), scheduler = place, self.world.scheduler
        if scope == "scheduler":
            until = None
        if scope == "domain" and name not in self.world.handles:
            return
        end = None if until is None else self.model.now + until
        expected = self.model.pause(scope, name, end)
        if scope == "scheduler":
            held = await scheduler.pause_all()
        elif scope == "group":
            when = None if end is None else to_datetime(end)
            held = await self.world.any_handle().pause_group(name, when)
        elif until is None:
            held = await self.world.handle(name).pause()
        else:
            held = await self.world.handle(name).pause_for(timedelta(seconds=until))
        await self.world.settle()
        assert held == expected, f"pausing {place} holds {held}, and not {expected}"

    @precondition(lambda self: self.model.pauses)
    @rule(pick=picks)
    def resume(self, pick: int) -> None:
        paused = sorted(self.model.pauses)
        self.step("resume", self._resume(paused[pick % len(paused)]))

    async def _resume(self, place: tuple[str, str]) -> None:
        (scope, name), scheduler = place, self.world.scheduler
        note(f"resume {place}")
        if scope == "domain" and name not in self.world.handles:
            return
        expected = self.model.resume(scope, name)
        if scope == "scheduler":
            freed = await scheduler.resume_all()
        elif scope == "group":
            freed = await self.world.any_handle().resume_group(name)
        else:
            freed = await self.world.handle(name).resume()
        await self.world.settle()
        assert freed == expected, f"resuming {place} frees {freed}, and not {expected}"

    @rule(place=places, cap=caps)
    def set_cap(self, place: tuple[str, str], cap: int | None) -> None:
        self.step("set_cap", self._set_cap(*place, cap))

    async def _set_cap(self, scope: str, name: str, cap: int | None) -> None:
        if scope == "domain" and name not in self.world.handles:
            return
        if scope == "scheduler":
            cap = 4 if cap is None else cap
            self.world.scheduler.set_max_concurrency(cap)
        elif scope == "group":
            self.world.scheduler.set_group_limit(name, cap)
        else:
            self.world.handle(name).set_max_concurrency(cap)
        self.model.set_cap(scope, name, cap)
        await self.world.settle()

    @rule(
        place=st.one_of(
            st.tuples(st.just("type"), st.sampled_from(list(KINDS))), st.tuples(st.just("group"), groups)
        ),
        rate=st.sampled_from([None, None, 1.0, 0.5]),
        burst=st.integers(1, 2),
    )
    def set_rate(self, place: tuple[str, str], rate: float | None, burst: int) -> None:
        self.step("set_rate", self._set_rate(*place, rate, burst))

    async def _set_rate(self, scope: str, name: str, rate: float | None, burst: int) -> None:
        limit = None if rate is None else RateLimit.per_second(rate, burst)
        if scope == "type":
            self.world.scheduler.set_rate_limit(name, limit)
        else:
            self.world.scheduler.set_group_rate_limit(name, limit)
        self.model.set_rate(scope, name, rate, burst)
        await self.world.settle()

    @precondition(lambda self: self.model.ended)
    @rule(pick=picks)
    def retry_dead_letter(self, pick: int) -> None:
        ended = self.model.ended
        ids = sorted((i for i, r in ended.items() if r.status in RETRIABLE), reverse=True) or [*ended][-1:]
        self.step("retry_dead_letter", self._retry(ids[pick % len(ids)]))

    async def _retry(self, task_id: int) -> None:
        note(f"retry {task_id}")
        domain = self.model.ended[task_id].task.ask.domain
        try:
            expected = None if domain in self.model.away else self.model.retry(task_id)
        except Refused:
            expected = None
        try:
            outcome = await self.world.handle(domain).retry_dead_letter(task_id)
            real = (str(outcome.status), outcome.id)
        except SchedulerError as error:
            note(f"  {error}")
            real = None
        await self.world.settle()
        assert real == expected, f"retrying {task_id}: the scheduler says {real}, the model {expected}"

    # What time and trouble do

    @rule(pressure=st.sampled_from([0.0, 0.6, 0.9]))
    def set_pressure(self, pressure: float) -> None:
        """The machine is so busy, and a second passes, in which that is looked at."""
        self.step("set_pressure", self._set_pressure(pressure))

    async def _set_pressure(self, pressure: float) -> None:
        self.world.pressure = pressure
        self.model.press(pressure)
        await self.let_pass(1.0)

    @rule(offset=st.one_of(st.integers(0, 30), st.integers(-10, -1)))
    def jump(self, offset: int) -> None:
        """The wall clock jumps: forward, a sleep of the machine, in which much may have come due; or back."""
        if offset >= 0 or not self.has_passed_unseen():
            self.step("sleep" if offset >= 0 else "set_clock_back", self._jump(offset))

    def has_passed_unseen(self) -> bool:
        """Is there a blocked task whose time has come? Whether that is remembered when the clock goes back is open."""
        tasks = self.model.tasks.values()
        return any(
            task.status == "blocked" and task.ask.due is not None and task.ask.due <= self.model.now
            for task in tasks
        )

    async def _jump(self, offset: float) -> None:
        self.world.clock.jump(offset)
        self.model.jump(offset)
        await self.let_pass(0.0)


def counted() -> type[SchedulerMachine]:
    """The machine, with a tally of its own."""
    return type("CountedMachine", (SchedulerMachine,), {"tally": Counter()})
