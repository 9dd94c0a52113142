"""Does the real scheduler say what the model says? Compared after each step, through the public names and in the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from tests.reliability.model import Model
from tests.reliability.model_tasks import KINDS, UNHAPPY, Ask, Task
from tests.reliability.world import DOMAINS, World

_COUNTED = ("running", "pending", "paused", "waiting", "blocked", "completed", "cancelled")
_ROWS = """
SELECT t.id, t.key, t.due_at, t.expires_at, t.deps_left, t.children_left, t.finalizing, t.cancelling, t.again IS NOT NULL
FROM tasks t ORDER BY t.id
"""


class Agreement:
    """Compares one world with one model. `seen` is how much of the history has been compared."""

    def __init__(self, world: World, model: Model) -> None:
        self.world = world
        self.model = model
        self.seen = 0

    async def check(self, pick: int) -> None:
        """Compare everything; `pick` chooses among what is too dear to be asked of each task at each step."""
        await self.check_state()
        self.check_events()
        await self.check_history()
        match pick % 4:
            case 0:
                await self.check_tags(pick)
            case 1:
                await self.check_listed(pick)
            case _:
                await self.check_gates(pick)

    async def check_state(self) -> None:
        """What runs, what waits, and what is left of rate limits."""
        self.check_running()
        self.check_counts()
        await self.check_tasks()
        self.check_rows()
        self.check_clocks()
        await self.check_rates()

    async def check_rates(self) -> None:
        """The tokens that are left."""
        rates, mono = self.model.limits.rates, self.model.mono
        if rates:
            states = (await self.world.scheduler.snapshot()).rate_limits
            real = {(state.scope, state.name): round(state.available, 6) for state in states}
            same("tokens", real, {place: round(one.available(mono), 6) for place, one in rates.items()})

    def check_running(self) -> None:
        """Exactly those run that should, and no cap is exceeded by what was started."""
        engine, attempts = self.world.scheduler._engine, self.model.attempts
        real = {record.id for record in self.world.scheduler.active_tasks()}
        same("running", real, set(attempts))
        same("waiting for orders", set(self.world.cast.waiting), set(attempts))
        same("slots taken", engine.state.running, len(attempts))
        domains = Counter(KINDS[attempt.kind] for attempt in attempts.values())
        groups = Counter(attempt.group for attempt in attempts.values() if attempt.group)
        for name, slots in engine.state.domains.items():
            same(f"slots of {name}", slots.running, domains[name])
        for name, slots in engine.state.groups.items():
            same(f"slots of group {name}", slots.running, groups[name])

    def check_counts(self) -> None:
        """The numbers of each domain, of all, and what is paused."""
        scheduler, model = self.world.scheduler, self.model
        same("domains", {one.name for one in scheduler.domains()}, set(DOMAINS) - model.away)
        total: Counter[str] = Counter()
        counts_of_all = scheduler.counts
        for name in DOMAINS:
            counts, expected = scheduler._engine.counts.domain(name), model.counts(name)
            expected["failed"] = sum(expected[status] for status in UNHAPPY)
            total.update(expected)
            for status in (*_COUNTED, "failed"):
                same(f"{status} of {name}", getattr(counts, status), expected[status])
            if handle := self.world.handles.get(name):
                is_held = ("domain", name) in model.pauses or name in model.away
                same(f"counts of {name}", handle.counts, counts)
                same(f"is {name} paused", handle.is_paused, is_held)
                same(f"cap of {name}", handle.max_concurrency, model.limits.domains[name])
        for status in (*_COUNTED, "failed"):
            same(f"{status} of all", getattr(counts_of_all, status), total[status])
        same("is all paused", scheduler.is_paused, ("scheduler", "") in model.pauses)
        same("cap", scheduler.max_concurrency, model.limits.cap)
        same("failures", scheduler.failure_count, len(model.attention))

    def check_events(self) -> None:
        """What a listener was told, in order, is what happened."""
        heard, model = self.world.heard, self.model
        assert not heard.problems, heard.problems
        same("heard of", set(heard.state), {*model.tasks, *model.ended})
        for task_id, state in heard.state.items():
            if task_id in model.attempts:
                same(f"task {task_id}, as heard", state, "running")
            elif task_id in model.tasks:
                # Nobody is told that a task whose work is done is back in line to be finalized.
                expected = state if model.tasks[task_id].finalizing else "queued"
                same(f"task {task_id}, as heard", state, expected)
            elif state != "unheard":
                same(f"task {task_id}, as heard", state, model.ended[task_id].status)

    async def check_tasks(self) -> None:
        """Each active task as it is shown."""
        records = await self.world.scheduler._engine.views.tasks(sorted(self.model.tasks))
        same("active", [record.id for record in records], sorted(self.model.tasks))
        for record in records:
            task = self.model.tasks[record.id]
            same_record(record, task, self.model.shown(task))

    def check_rows(self) -> None:
        """What the records do not tell: the keys, the times, and the numbers by which tasks wait for others."""
        model = self.model
        rows = self.world.database.execute(_ROWS).fetchall()
        same("rows", [row[0] for row in rows], sorted(model.tasks))
        for row in rows:
            task_id, key, due, expires, left, children, finalizing, cancelling, again = row
            task = model.tasks[task_id]
            if "#" not in task.ask.key:
                same(f"key of {task_id}", key, task.ask.key)
            if task.status == "pending":  # nobody watches the clock for what is blocked
                same(f"due time of {task_id}", due, task.due)
            same(f"expiry of {task_id}", expires, task.expires)
            same(f"dependencies left of {task_id}", left, len(task.left))
            same(f"does {task_id} wait for children", children > 0, model.awaits_children(task_id))
            same(f"is {task_id} finalizing", bool(finalizing), task.finalizing)
            same(f"is {task_id} being cancelled", bool(cancelling), task.cancelling)
            same(f"has {task_id} a twin", bool(again), task.twin is not None)

    def check_clocks(self) -> None:
        """The clock by which the tasks of a lane wait stands still exactly while something holds them."""
        lanes = "SELECT task_type, grp, held_since IS NOT NULL FROM lanes"
        for kind, group, stands in self.world.database.execute(lanes).fetchall():
            expected = self.model.is_held(Ask(kind, "", group=group or None))
            same(f"does the clock of {kind} in {group or 'no group'} stand", bool(stands), expected)

    async def check_history(self) -> None:
        """One record for each task that ended, none changed since."""
        model = self.model
        (total,) = self.world.database.execute("SELECT count(*) FROM history").fetchone()
        same("history", total, len(model.ended))
        new = len(model.ended) - self.seen
        if not new:
            return
        records = await self.world.scheduler.history(limit=new)
        same("ended", {record.id for record in records}, set(list(model.ended)[-new:]))
        for record in records:
            expected = model.ended[record.id]
            same_record(record, expected.task, expected.status, expected.deps, expected.error)
        if set(model.attention.values()) & {record.id for record in records}:
            failures = await self.world.scheduler.failures(limit=1_000)
            same("failures", {r.id for r in failures}, set(model.attention.values()))
            await self.check_dead_letters()
        self.seen = len(model.ended)

    async def check_dead_letters(self) -> None:
        """Dead letters by domain."""
        for name, handle in self.world.handles.items():
            found = await handle.dead_letter_tasks(limit=1_000)
            dead = [i for i, r in self.model.ended.items() if r.status == "dead_letter"]
            dead = [i for i in dead if self.model.ended[i].task.ask.domain == name]
            same(f"dead letters of {name}", {record.id for record in found}, set(dead))

    async def check_gates(self, pick: int) -> None:
        """What is explained of one task."""
        if task := self.one(pick):
            explanation = await self.world.scheduler.explain(task.id)
            closed = {gate.name for gate in explanation.gates if not gate.passed}
            expected = self.model.closed_gates(task)
            if not self.model.attempts:  # at rest nobody looks at the machine
                closed, expected = closed - {"throttle"}, expected - {"throttle"}
            same(f"gates closed to {task.id}", closed, expected)

    async def check_listed(self, pick: int) -> None:
        """Who depends on one task, and all that a person is shown of a domain."""
        if task := self.one(pick):
            dependents = await self.world.scheduler.task_dependents(task.id)
            expected = [other.id for other in self.model.tasks.values() if task.id in other.deps]
            same(f"dependents of {task.id}", dependents, sorted(expected))
            listed: list[int] = []
            if (handle := self.world.handles.get(task.ask.domain)) is None:
                return
            await handle.cancel_where(lambda record: bool(listed.append(record.id)))
            expected = [one.id for one in self.model.tasks.values() if one.ask.domain == task.ask.domain]
            same(f"listed of {handle.name}", listed, sorted(expected))

    def one(self, pick: int) -> Task | None:
        """One of the active tasks."""
        ids = sorted(self.model.tasks)
        return self.model.tasks[ids[pick % len(ids)]] if ids else None

    async def check_tags(self, pick: int) -> None:
        """One job's numbers."""
        value = str(1 + pick // 4 % 2)
        summary = await self.world.scheduler.job("job", value)
        expected = +self.model.job(("job", value))
        same(f"job {value}", {} if summary is None else summary.counts, dict(expected))


def same(what: str, real: object, expected: object) -> None:
    """Fails with words."""
    assert real == expected, f"{what}: the scheduler says {real}, the model {expected}"


def same_record(
    record: Any, task: Task, status: str, deps: tuple[int, ...] | None = None, error: str | None = None
) -> None:
    """A record, active or of the history, against the task of the model."""
    said: Mapping[str, object] = {
        "status": str(record.status),
        "type": record.task_type,
        "priority": record.priority,
        "group": record.group,
        "tags": record.tags,
        "retries": (record.retry_count, record.max_retries),
        "parent": record.parent_id,
        "dependencies": sorted(record.dependencies),
        "has started": record.started_at is not None,
    }
    expected: Mapping[str, object] = {
        "status": status,
        "type": task.ask.kind,
        "priority": task.priority,
        "group": task.ask.group,
        "tags": dict(task.ask.tags),
        "retries": (task.retry_count, task.ask.retries),
        "parent": task.ask.parent,
        "dependencies": sorted(set(task.deps if deps is None else deps)),
        "has started": task.started,
    }
    same(f"task {task.id}", said, expected)
    part = error if deps is not None else task.last_error
    said_error = record.last_error
    assert said_error == part or (part and part in (said_error or "")), (
        f"error of task {task.id}: {said_error!r}, not {part!r}"
    )
