"""A scheduler that anybody can check by reading: dictionaries, lists, and a sort. It knows nothing of the real one.

What happens at one instant happens in this order (docs/scheduler/design.md): an attempt that is over gives its slot back;
the best tasks whose gates are open start; then what came of the attempt is written, and who waited for it may start.
Likewise when time has passed: first what is known in memory (pauses that ended, tokens), then what the
database is asked for (tasks that are due or have expired).
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from tests.reliability.model_gates import PREEMPT, Gates, covers
from tests.reliability.model_tasks import (
    FINALIZED,
    RETRIABLE,
    TOO_LATE,
    Ask,
    Attempt,
    Bucket,
    End,
    Limits,
    Outcome,
    Refused,
    Task,
)

_AT_ONCE = ("time before starts", "time before ends", "due before late")
ORDERS = tuple(order for n in range(len(_AT_ONCE) + 1) for order in itertools.combinations(_AT_ONCE, n))
"""What is due and what has expired may be looked at before what was chosen at the same moment starts, or before attempts
that were interrupted then are written; and what is due may be chosen before that which has expired has ended."""


class Model(Gates):
    """The whole scheduler."""

    def __init__(self, now: float) -> None:
        super().__init__(now)
        self.outcomes: dict[int, Outcome] = {}
        """Of attempts that are over: not written yet."""
        self.order: Collection[str] = ()

    # What a caller does

    def submit(self, asks: Sequence[Ask]) -> list[tuple[str, int | None]]:
        """Statuses and ids. Raises `Refused`, and then nothing is stored."""
        if any(ask.domain in self.away for ask in asks):
            raise Refused("its domain is away")
        ids = [self.take_id() for _ in asks]
        asks = [self.check(ask) for ask in asks]
        answers: dict[int, tuple[str, int | None]] = {}
        failed: list[End] = []
        for task_id, ask in zip(ids, asks, strict=True):
            if self.holder(ask.key) is None:
                failed += self.insert(task_id, ask, self.now)
                answers[task_id] = ("inserted", task_id)
        self.end(failed)
        for task_id, ask in zip(ids, asks, strict=True):
            if task_id not in answers:
                answers[task_id] = self._meet_holder(task_id, ask)
        self.settle()
        return [answers[task_id] for task_id in ids]

    def _meet_holder(self, task_id: int, ask: Ask) -> tuple[str, int | None]:
        holder = self.holder(ask.key)
        if holder is None:  # a submission of the same batch has ended it
            self.end(self.insert(task_id, ask, self.now))
            return "inserted", task_id
        if ask.on_duplicate == "reject":
            return "rejected", None
        if ask.on_duplicate == "supersede":
            self._supersede(holder, task_id, ask)
            return "superseded", task_id
        if holder.status == "running":
            own_twin = ask.parent is not None and ask.parent == holder.ask.parent and not holder.cancelling
            waits = self.awaited_by([holder.id]) & self.ancestors(ask.parent)
            if holder.twin is not None or own_twin or waits:
                return "duplicate", holder.id
            holder.twin = ask
            return "requeued", holder.id
        if ask.priority < holder.priority:
            holder.priority = ask.priority
            return "upgraded", holder.id
        return "duplicate", holder.id

    def _supersede(self, holder: Task, task_id: int, ask: Ask) -> None:
        if holder.status == "running":
            self.stops[holder.id] = "cancelled"
        failed = self.insert(task_id, ask, self.now)
        for task in self.tasks.values():
            if holder.id in task.deps:
                task.deps = [task_id if dep == holder.id else dep for dep in task.deps]
            if holder.id in task.left:
                task.left = task.left - {holder.id} | {task_id}
        self.drop_twins([holder])
        self.end([End(holder.id, "superseded")])
        self.end(failed or self.look_again(task_id))

    def cancel_tasks(self, ids: Sequence[int]) -> list[int]:
        """Which of these were active, and are cancelled."""
        tasks = [self.tasks[task_id] for task_id in sorted(ids) if task_id in self.tasks]
        parents = [task.twin.parent for task in tasks if task.twin is not None]
        for task in tasks:
            task.twin = None
        self.end(self.cancel(tasks))
        for parent in parents:
            self.end(self.go_on(parent))
        self.settle()
        return [task.id for task in tasks]

    def retry(self, task_id: int) -> tuple[str, int | None]:
        """Submit an ended task again. Raises `Refused`."""
        new_id = self.take_id()
        record = self.ended[task_id]
        if record.status not in RETRIABLE:
            raise Refused("it did not fail")
        old = record.task
        if old.ask.domain in self.away:
            raise Refused("its domain is away")
        deps = tuple(dep for dep in record.deps if dep in self.tasks)
        ask = replace(
            old.ask,
            priority=old.priority,
            due=None,
            parent=None,
            deps=deps,
            ttl=None,
            expires=None,
            on_duplicate="skip",
        )
        holder = self.holder(ask.key)
        if holder is None:
            self.end(self.insert(new_id, ask, self.now))
            answer: tuple[str, int | None] = ("inserted", new_id)
        else:
            answer = self._meet_holder(new_id, ask)
        if holder is None and record.status == "dependency_failed" and old.ask.policy == "fail":
            for task in self.tasks.values():
                if task_id in task.left:
                    task.deps = [new_id if dep == task_id else dep for dep in task.deps]
                    task.left = task.left - {task_id} | {new_id}
        self.attention.pop(ask.key, None)
        self.settle()
        return answer

    def pause(self, scope: str, name: str, until: float | None = None) -> int:
        """How many tasks that holds."""
        self.pauses[scope, name] = until
        held = [task for task in self.tasks.values() if task.status in ("pending", "running")]
        held = [task for task in held if covers(scope, name, task.ask)]
        for task in held:
            if task.status == "running":
                self.stops[task.id] = "interrupted"
        self.settle()
        return len(held)

    def resume(self, scope: str, name: str) -> int:
        """How many tasks nothing else holds."""
        if self.pauses.pop((scope, name), self) is self:
            return 0
        freed = [task for task in self.tasks.values() if task.status in ("pending", "running")]
        freed = [task for task in freed if covers(scope, name, task.ask) and not self.is_held(task.ask)]
        self.settle()
        return len(freed)

    def set_cap(self, scope: str, name: str, cap: int | None) -> None:
        """Of the scheduler, a domain or a group."""
        if scope == "scheduler":
            self.limits.cap = cap or 0
        elif scope == "domain":
            self.limits.domains[name] = cap
        else:
            self.limits.groups[name] = cap
        self.settle()

    def set_rate(self, scope: str, name: str, rate: float | None, burst: int = 1) -> None:
        """How often tasks of a "type" or a "group" may start."""
        rates = self.limits.rates
        if rate is None:
            rates.pop((scope, name), None)
        else:
            old = rates.get((scope, name))
            tokens = float(burst) if old is None else min(float(burst), old.available(self.mono))
            rates[scope, name] = Bucket(rate, burst, tokens, self.mono)
        self.settle()

    # What executors do

    def finish(self, outcomes: dict[int, Outcome]) -> None:
        """Attempts are over, at the same moment."""
        for task_id in outcomes:
            del self.attempts[task_id]
        self.outcomes.update(outcomes)
        self.settle()

    # What time does

    def tick(self, now: float, mono: float, order: Collection[str] = ()) -> None:
        """So late it is now; in which `order` (of `ORDERS`) things follow that come at this moment."""
        self.now, self.mono, self.order = now, mono, order
        for place, until in list(self.pauses.items()):
            if until is not None and until <= now:
                del self.pauses[place]
        self.settle()
        self.order = ()

    def is_open_to_order(self) -> bool:
        """Does one take others along, or interrupt? Then the order of one moment matters, and it is nobody's promise."""
        late = [task for task in self.tasks.values() if task.may_expire(self.now)]
        due = [task for task in self.tasks.values() if task.due is not None and task.due <= self.now]
        takes_along = any(task.ask.parent in self.tasks or self.children(task.id) for task in late)
        return takes_along or any(task.priority <= PREEMPT for task in due)

    def press(self, pressure: float) -> None:
        """The machine is so busy, from the next look at it on."""
        self.pressure = pressure

    def jump(self, offset: float) -> None:
        """The wall clock jumps: forward is a sleep, in which tokens were gained."""
        for bucket in self.limits.rates.values():
            bucket.at -= max(0.0, offset)

    def reopen(self, now: float) -> None:
        """The program ended, however it did, and another one opens the store."""
        self.now = now
        self.limits = Limits()
        self.attempts.clear()
        self.pauses = {place: until for place, until in self.pauses.items() if until is None or until > now}
        self.next_id = max([self.gone, *self.tasks, *self.ended]) + 1
        for task in self.tasks.values():
            if task.status == "running":
                task.status = "pending"
        self._expire()
        self.settle()

    def _expire(self) -> None:
        late = [task for task in self.tasks.values() if task.may_expire(self.now)]
        self.end([End(task.id, "expired", TOO_LATE) for task in late])
        self.insert_twins(self.now)

    # One instant

    def settle(self) -> None:
        """Go on until only time would bring more."""
        while True:
            self.insert_twins(self.now)
            self._stop()
            self._dispatch()
            if self.stops:  # a slot is asked for
                continue
            if not self.outcomes and not self.chosen:
                if not self._pass_time():
                    return
                continue
            batch = list(self.chosen)
            if self.outcomes:
                if "time before ends" in self.order:
                    self._pass_time()
                self._write()
                self._stop()
                self._dispatch()  # what was chosen before is only told a turn later that it may start
            if "time before starts" in self.order:
                self._pass_time()
                self._stop()
                self._dispatch()
            if not self._claim(batch):
                self._pass_time()

    def _stop(self) -> None:
        """Attempts that were told to stop do so."""
        for task_id, reason in self.stops.items():
            if self.attempts.pop(task_id, None) is not None:
                self.outcomes[task_id] = Outcome(reason)
        self.stops.clear()

    def _dispatch(self) -> None:
        """Start the best task whose gates are open, until there is none."""
        while self._start_next():
            pass

    def _start_next(self) -> bool:
        ready = [task for task in self.tasks.values() if task.status == "pending" and task.due is None]
        closed: dict[tuple[str, str | None, int], str | None] = {}
        for task in sorted(ready, key=lambda task: (task.priority, task.id)):
            if task.id in self.chosen:
                continue
            place = (task.ask.kind, task.ask.group, task.priority)
            if place not in closed:
                closed[place] = next(
                    (n for n, is_open in self.gates(task.ask, task.priority).items() if not is_open), None
                )
            gate = closed[place]
            if gate is None:
                self._choose(task)
                return True
            if task.priority <= PREEMPT and self.may_start(task):
                self.make_room(gate, task)
        return False

    def _choose(self, task: Task) -> None:
        self.chosen[task.id] = Attempt(task.id, task.ask.kind, task.ask.group, task.priority)
        for bucket in self.buckets(task.ask):
            bucket.take(self.mono)

    def _claim(self, batch: list[int]) -> bool:
        """What was chosen starts, but for what has ended or expired meanwhile. Did nothing expire?"""
        expired = False
        for task_id in batch:
            task, attempt = self.tasks.get(task_id), self.chosen.pop(task_id)
            if task is None or task.may_expire(self.now):
                expired = expired or task is not None
                for bucket in self.buckets(attempt):
                    bucket.take(self.mono, -1.0)
                continue
            task.status, task.started = "running", True
            if task.expires is None and task.ask.ttl is not None:
                task.expires = self.now + task.ask.ttl
            self.attempts[task_id] = attempt
        return not expired

    def _write(self) -> None:
        """Write what came of attempts, all in one transaction."""
        ends: list[End] = []
        outcomes, self.outcomes = self.outcomes, {}
        for task_id, outcome in sorted(outcomes.items()):
            task = self.tasks.get(task_id)
            if task is None or task.status != "running":
                continue
            if (end := self._end_of(task, outcome)) is not None:
                ends.append(end)
            elif outcome.kind in ("interrupted", "preempted"):
                task.status = "pending"
            elif outcome.kind == "retry":
                task.status, task.last_error = "pending", outcome.error
                task.retry_count += 1
                delay = task.ask.delay if outcome.delay is None else outcome.delay
                task.due = self.now + delay if delay > 0 else None
            else:
                task.finalizing = self._is_to_finalize(task)
                task.status = "waiting" if self.awaits_children(task.id) else "pending"
        self.end(ends)
        self.insert_twins(self.now)

    def _end_of(self, task: Task, outcome: Outcome) -> End | None:
        """How a task ends with this outcome; None when it goes on."""
        kind, error = outcome.kind, outcome.error
        done = kind == "complete" and not self.awaits_children(task.id)
        done = done and not self._is_to_finalize(task)
        if task.child_error is not None:
            return End(task.id, "failed", task.child_error)
        if task.cancelling:
            return End(task.id, "completed" if done else "cancelled", error)
        if kind == "retry":
            return End(task.id, "dead_letter", error) if task.retry_count >= task.ask.retries else None
        if done:
            return End(task.id, "completed")
        return (
            End(task.id, {"fail": "failed"}.get(kind, kind), error) if kind in ("fail", "cancelled") else None
        )

    def _is_to_finalize(self, task: Task) -> bool:
        return task.ask.kind in FINALIZED and not task.finalizing

    def _pass_time(self) -> bool:
        """Let in what is due, end what has expired; was there anything?"""
        due = [task for task in self.tasks.values() if task.due is not None and task.due <= self.now]
        late = any(task.may_expire(self.now) for task in self.tasks.values())
        for task in due:
            task.due = None
        if "due before late" in self.order:
            self._dispatch()
        self._expire()
        return bool(due) or late

    # What is shown

    def shown(self, task: Task) -> str:
        """A task's status as a person should read it."""
        return "paused" if task.status == "pending" and self.is_held(task.ask) else task.status

    def counts(self, domain: str) -> Counter[str]:
        """How many tasks of a domain are in each state."""
        active = Counter(self.shown(task) for task in self.tasks.values() if task.ask.domain == domain)
        return active + Counter(r.status for r in self.ended.values() if r.task.ask.domain == domain)

    def job(self, tag: tuple[str, str]) -> Counter[str]:
        """How many tasks with a tag are in each state."""
        active = Counter(self.shown(task) for task in self.tasks.values() if tag in task.ask.tags)
        return active + Counter(r.status for r in self.ended.values() if tag in r.task.ask.tags)

    def closed_gates(self, task: Task) -> set[str]:
        """What holds a task, by the names of `explain`."""
        closed = {name for name, is_open in self.gates(task.ask, task.priority).items() if not is_open}
        own = {"blocked": "dependencies", "waiting": "children"}.get(task.status)
        closed |= {own} if own else set()
        return closed | ({"run_at"} if task.due is not None and task.due > self.now else set())
