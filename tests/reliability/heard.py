"""What a listener is told must make sense: in order for each task, and never of what is not in the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping

from hypothesis import note

from scheduler_core.model import events as e

_ENDS: Mapping[type[e.SchedulerEvent], str] = {
    e.Completed: "completed",
    e.Failed: "failed",
    e.DeadLettered: "dead_letter",
    e.Cancelled: "cancelled",
    e.Superseded: "superseded",
    e.Expired: "expired",
    e.DependencyFailed: "dependency_failed",
}
_BACK = (e.Paused, e.Preempted, e.Waiting)


class Heard:
    """What a listener knows of each task: "queued", "running", or how it ended."""

    def __init__(self) -> None:
        self.state: dict[int, str] = {}
        self.problems: list[str] = []
        self._seq = 0
        self._is_opening = False

    def hear(self, database: sqlite3.Connection, events: Iterable[e.SchedulerEvent]) -> None:
        """The events of one commit. What is wrong with them is kept: a listener that raises harms nobody."""
        for event in events:
            if event.seq != self._seq + 1:
                self.problems.append(f"event {event.seq} comes after {self._seq}")
            self._seq = event.seq
            if isinstance(event, e.TaskEvent):
                note(f"  {type(event).__name__} {event.task_id}")
                self._hear(event)
                self._is_committed(database, event)
                if isinstance(event, e.TakenBack):
                    self.state.pop(event.task_id, None)

    def leave(self) -> None:
        """The program has ended: nothing runs any more."""
        self._seq, self._is_opening = 0, True
        for task_id, state in self.state.items():
            if state == "running":
                self.state[task_id] = "queued"

    def reopened(self, active: Collection[int], ended: Collection[int]) -> None:
        """Nobody tells what comes and ends while a store is opened."""
        self._is_opening = False
        for task_id in active:
            self.state.setdefault(task_id, "queued")
        for task_id in ended:
            if self.state.get(task_id) in (None, "queued"):
                self.state[task_id] = "unheard"

    def _hear(self, event: e.TaskEvent) -> None:
        before = self.state.get(event.task_id, "queued" if self._is_opening else None)
        after = self._after(event, before)
        if after is None:
            self.problems.append(f"task {event.task_id} was {before}, and then {type(event).__name__}")
        else:
            self.state[event.task_id] = after

    def _after(self, event: e.TaskEvent, before: str | None) -> str | None:
        """The state after an event; None where it makes no sense."""
        if isinstance(event, e.Submitted):
            return "queued" if before is None else None
        if before not in ("queued", "running"):
            return None
        if isinstance(event, e.Dispatched):
            # From work to `finalize` there is no event in between.
            may = before == "queued" or event.task_type == "alpha::family"
            return "running" if may else None
        if isinstance(event, _BACK) or (isinstance(event, e.Failed) and event.will_retry):
            return "queued" if before == "running" else None
        if isinstance(event, e.Resumed | e.Unblocked):
            return before if before == "queued" else None
        if isinstance(event, e.TakenBack):
            return "gone" if before == "queued" else None
        return _ENDS.get(type(event))

    def _is_committed(self, database: sqlite3.Connection, event: e.TaskEvent) -> None:
        rows = database.execute(
            "SELECT status FROM history WHERE task_id = ?1 UNION ALL SELECT status FROM tasks WHERE id = ?1",
            (event.task_id,),
        ).fetchall()
        if isinstance(event, e.TakenBack):
            if rows:
                self.problems.append(f"task {event.task_id} was taken back, and is there")
        elif not rows:
            self.problems.append(f"{type(event).__name__} of task {event.task_id}, which is not there")
        elif (
            (end := _ENDS.get(type(event))) and not getattr(event, "will_retry", False) and rows[0][0] != end
        ):
            self.problems.append(f"{type(event).__name__} of task {event.task_id}, which is {rows[0][0]}")
