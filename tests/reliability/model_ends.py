"""How tasks end in the model, and what follows from it: children, parents, dependents, twins."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from tests.reliability.model_tasks import TOO_LATE, UNHAPPY, Ask, End, Record, Refused, Task


class Tasks:
    """Active tasks, the history, and who waits for whom. `stops` are the running ones that are told to stop."""

    def __init__(self) -> None:
        self.tasks: dict[int, Task] = {}
        self.ended: dict[int, Record] = {}
        """By id, in the order of the history."""
        self.attention: dict[str, int] = {}
        """The failure of each key that wants attention: its id."""
        self.twins: list[Ask] = []
        """What runs once more, now that its twin has ended."""
        self.stops: dict[int, str] = {}
        self.next_id = 1
        self.gone = 0
        """The highest id of a task that went without a trace."""

    def take_id(self) -> int:
        """An id that no task ever had; one that is not needed after all is left out."""
        self.next_id += 1
        return self.next_id - 1

    def holder(self, key: str) -> Task | None:
        """The active task with this key."""
        return next((task for task in self.tasks.values() if task.ask.key == key), None)

    # Who waits for whom

    def children(self, parent: int) -> list[Task]:
        """The active children."""
        return [task for task in self.tasks.values() if task.ask.parent == parent]

    def awaits_children(self, parent: int) -> bool:
        """Has it an active child, or will a twin become one?"""
        twins = [*self.twins, *(task.twin for task in self.tasks.values() if task.twin)]
        return bool(self.children(parent)) or any(twin.parent == parent for twin in twins)

    def ancestors(self, task_id: int | None) -> set[int]:
        """The task, its parent, and so on."""
        found: set[int] = set()
        while task_id is not None:
            found.add(task_id)
            task = self.tasks.get(task_id)
            task_id = None if task is None else task.ask.parent
        return found

    def awaited_by(self, starts: Iterable[int]) -> set[int]:
        """Everything that these wait for, directly or not, themselves included."""
        found: set[int] = set()
        todo = list(starts)
        while todo:
            task_id = todo.pop()
            if task_id in found:
                continue
            found.add(task_id)
            if (task := self.tasks.get(task_id)) is not None:
                todo += task.deps
            todo += [child.id for child in self.children(task_id)]
            todo += [task.id for task in self.tasks.values() if task.twin and task.twin.parent == task_id]
        return found

    def check(self, ask: Ask) -> Ask:
        """The submission with what it has from its parent. Raises `Refused`, if it may not be."""
        waiting = self.ancestors(ask.parent)
        if ask.parent is not None:
            ask = self._as_child(ask, self.tasks.get(ask.parent))
        if any(dep not in self.tasks and dep not in self.ended for dep in ask.deps):
            raise Refused("it depends on a task that never was")
        if self.awaited_by(ask.deps) & waiting:
            raise Refused("a circle: its parent would wait for itself")
        holder = self.holder(ask.key)
        if ask.on_duplicate != "supersede" or holder is None:
            return ask
        if holder.id in self.awaited_by(ask.deps) or holder.id in waiting:
            raise Refused("a circle: it waits for what it supersedes, or the other way round")
        return ask

    def _as_child(self, ask: Ask, parent: Task | None) -> Ask:
        """A child has its parent's tags, the more urgent of both priorities, and the earlier of both ends."""
        if parent is None or parent.cancelling or parent.child_error is not None:
            raise Refused("its parent has ended or is being stopped")
        ends = [end for end in (ask.expires, parent.expires) if end is not None]
        return replace(
            ask,
            tags=tuple({**dict(parent.ask.tags), **dict(ask.tags)}.items()),
            priority=min(ask.priority, parent.priority),
            expires=min(ends, default=None),
        )

    # Coming

    def insert(self, task_id: int, ask: Ask, now: float) -> list[End]:
        """A new task; its end, if it depends on what has failed already, or its time is over."""
        left = {dep for dep in ask.deps if dep in self.tasks}
        bad = [dep for dep in ask.deps if dep in self.ended and self.ended[dep].status != "completed"]
        fails = bool(bad) and ask.policy != "ignore"
        due = ask.due if ask.due is not None and ask.due > now else None
        status = "blocked" if left and not fails else "pending"
        self.tasks[task_id] = Task(task_id, ask, status, ask.priority, due, ask.expires, list(ask.deps), left)
        if fails:
            return [End(task_id, "dependency_failed", "it depends on")]
        late = ask.expires is not None and ask.expires <= now
        return [End(task_id, "expired", TOO_LATE)] if late else []

    def look_again(self, task_id: int) -> list[End]:
        """What a new task depends on may have ended with the one it supersedes, also where that leaves others blocked."""
        task = self.tasks.get(task_id)
        if task is None or task.status != "blocked":
            return []
        failed = [dep for dep in task.left if dep in self.ended and self.ended[dep].status != "completed"]
        if failed and task.ask.policy != "ignore":
            return [End(task_id, "dependency_failed", "it depends on")]
        for dep in failed:
            self._satisfy(task, dep)
        return []

    def insert_twins(self, now: float) -> None:
        """What was submitted while its twin ran comes now, if it still may."""
        while self.twins:
            ask = self.twins[0]
            task_id = self.take_id()
            try:
                ask = self.check(ask)
                fits = self.holder(ask.key) is None
            except Refused:
                fits = False
            del self.twins[0]
            if fits:
                self.end(self.insert(task_id, ask, now))
            else:
                self.end(self.go_on(ask.parent))

    def drop_twins(self, tasks: Collection[Task]) -> None:
        """What was to run once more after these does not."""
        parents = [task.twin.parent for task in tasks if task.twin is not None]
        for task in tasks:
            task.twin = None
        for parent in parents:
            self.end(self.go_on(parent))

    # Ending

    def end(self, ends: list[End]) -> None:
        """Move tasks to the history, and go on with what that ends in turn, layer by layer.

        Where a layer ends a task for several reasons, a failed dependency counts before a child, a child before a parent.
        """
        while ends:
            layer = {end.id: end for end in ends if end.id in self.tasks}
            gone = [(self.tasks.pop(task_id), layer[task_id]) for task_id in sorted(layer)]
            for task, end in gone:
                self._record(task, end)
            ends = [
                *self._orphans(gone),
                *self._parents(gone),
                *self._dependents({task.id: end for task, end in gone if not end.holds}),
            ]

    def _record(self, task: Task, end: End) -> None:
        error = end.error if end.error is not None else task.last_error
        self.ended[task.id] = Record(task, end.status, error, tuple(task.deps))
        self.attention.pop(task.ask.key, None)
        if end.status in UNHAPPY:
            self.attention[task.ask.key] = task.id
        if task.twin is not None:
            self.twins.append(task.twin)

    def _orphans(self, gone: list[tuple[Task, End]]) -> Iterator[End]:
        for task, end in gone:
            if end.status != "completed":
                yield from self.cancel(self.children(task.id))

    def cancel(self, tasks: list[Task], error: str | None = None) -> list[End]:
        """Cancel tasks: those that run are told to stop and end then, the others end now."""
        self.drop_twins(tasks)
        for task in tasks:
            if task.status == "running":
                task.cancelling = True
                self.stops[task.id] = "cancelled"
        return [End(task.id, "cancelled", error) for task in tasks if task.status != "running"]

    def _parents(self, gone: list[tuple[Task, End]]) -> list[End]:
        ends: dict[int, list[End]] = {}
        failed: set[int] = set()
        for task, end in gone:
            parent = self.tasks.get(task.ask.parent or 0)
            if parent is None or parent.id in failed:
                continue
            if end.status in UNHAPPY and parent.ask.fail_fast and parent.child_error is None:
                failed.add(parent.id)
                ends[parent.id] = self._fail_parent(parent)
            else:
                ends[parent.id] = self.go_on(parent.id)
        return [end for some in ends.values() for end in some]

    def _fail_parent(self, parent: Task) -> list[End]:
        siblings = self.cancel(self.children(parent.id), "a sibling failed")
        if parent.status == "running":
            parent.child_error = "its child"
            self.stops[parent.id] = "cancelled"
            return siblings
        return [*siblings, End(parent.id, "failed", "its child")]

    def go_on(self, parent_id: int | None) -> list[End]:
        """A parent that waited for this child only is finalized, or done."""
        parent = self.tasks.get(parent_id or 0)
        if parent is None or parent.status != "waiting" or self.awaits_children(parent.id):
            return []
        if parent.finalizing:
            parent.status = "pending"
            return []
        return [End(parent.id, "completed")]

    def _dependents(self, gone: dict[int, End]) -> Iterator[End]:
        for task in sorted(self.tasks.values(), key=lambda task: task.id):
            for dep in sorted(task.left & gone.keys()):
                if gone[dep].status == "completed" or task.ask.policy == "ignore":
                    self._satisfy(task, dep)
                elif task.status == "blocked":
                    yield End(task.id, "dependency_failed", "it depends on", task.ask.policy == "fail")

    def _satisfy(self, task: Task, dep: int) -> None:
        task.left.discard(dep)
        if task.status == "blocked" and not task.left:
            task.status = "pending"
