"""Why a task waits: the answers of the very gates that dispatch asks, its place in line, and when it should start."""

from __future__ import annotations

import math
from collections.abc import Mapping

from scheduler_core.clock import Clock, to_datetime
from scheduler_core.engine.ages import Ages
from scheduler_core.engine.lanes import Lanes
from scheduler_core.engine.pauses import Pauses
from scheduler_core.errors import UnknownTaskError
from scheduler_core.model.lane import Candidate, LaneKey
from scheduler_core.model.snapshot import Explanation, GateResult, Lift
from scheduler_core.policy.aging import waiting_for
from scheduler_core.policy.fair_share import Shares
from scheduler_core.policy.gate import GATES, Gate, first_closed
from scheduler_core.policy.lifting import lift_of
from scheduler_core.policy.state import DispatchState
from scheduler_core.store import queries
from scheduler_core.store.queries import Standing
from scheduler_core.store.ready import Ahead, ready_ahead
from scheduler_core.store.task_store import TaskStore

_FARTHEST = 10_000
"""Places beyond this are not counted out: a person needs no more than "far back"."""
_SLOTS = frozenset({"global_cap", "domain_cap", "group_cap"})
_RATES = frozenset({"rate_limit", "group_rate_limit"})
_TIMES = frozenset({"run_at", "scheduler_paused", "domain_paused", "group_paused"})


class Explaining:
    """Read-only."""

    def __init__(
        self,
        store: TaskStore,
        clock: Clock,
        state: DispatchState,
        lanes: Lanes,
        ages: Ages,
        shares: Shares,
        pauses: Pauses,
        usual_durations: Mapping[str, float],
    ) -> None:
        self._store = store
        self._clock = clock
        self._state = state
        self._lanes = lanes
        self._ages = ages
        self._shares = shares
        self._pauses = pauses
        self._usual = usual_durations

    async def explain(self, task_id: int) -> Explanation:
        """Every gate's answer for one active task, as dispatch would get it now. Raises `UnknownTaskError`."""
        found = await self._store.read(lambda connection: queries.standing(connection, task_id))
        if found is None:
            raise UnknownTaskError(f"task {task_id}", "it is no active task", "The history may have it.")
        task = self._candidate(found)
        gates = (*_own_gates(found, task), *(self._result(gate, task) for gate in GATES))
        closed = {gate.name for gate in gates if not gate.passed}
        place = None
        if found.status == "pending" and closed <= _SLOTS | _RATES and not self._shares.is_on:
            place = await self._place(task_id, task)
        at = self._start(task, closed, place) if found.status == "pending" else None
        return Explanation(
            task_id=task_id, gates=gates, place=place, expected_start=None if at is None else to_datetime(at)
        )

    def _result(self, gate: Gate, task: Candidate) -> GateResult:
        """What a gate says, with what lifts it, and the end of a pause that has one."""
        result = gate.result(self._state, task)
        if result.passed:
            return result
        values = dict(result.values)
        if gate.name.endswith("_paused") and (until := self._until(gate.name, task)) is not None:
            values["until"] = to_datetime(until).isoformat()
        return result.model_copy(update={"values": values, "lift": lift_of(gate.name, self._state, task)})

    def _candidate(self, found: Standing) -> Candidate:
        effective, _ = self._ages.of(found.lane, found.priority, found.aged_from)
        return Candidate(
            self._store.lanes.key(found.lane), found.priority, effective, found.due_at, found.retry_count
        )

    async def _place(self, task_id: int, task: Candidate) -> int | None:
        """How many ready tasks start before it that wait for the same, and for nothing but slots or tokens; plus one."""
        ahead: list[Ahead] = []
        for lane in self._lanes.all():
            if lane.head is None or not self._competes(task, lane.task):
                continue
            before, beside = self._older_than(lane.id, lane.task.priority, task.effective)
            ahead.append(Ahead(lane.id, lane.task.priority, lane.head, before, beside, task_id))
        n = await self._store.read(lambda connection: ready_ahead(connection, ahead, _FARTHEST))
        return n + 1 if n < _FARTHEST else None

    def _older_than(self, lane: int, base: int, effective: int) -> tuple[float, float]:
        """When tasks of a lane must have begun to wait to be more urgent than this, and to be as urgent."""
        now = self._store.lanes.waiting_clock(lane, self._clock.time())
        waits = [waiting_for(base, wanted, self._ages.config) for wanted in (effective - 1, effective)]
        before, beside = (math.inf if w == 0.0 else now - w for w in waits)
        return before, beside

    def _competes(self, task: Candidate, other: Candidate) -> bool:
        """Does another lane wait for the same as this task, and for nothing but that?"""
        gate = first_closed(self._state, task)
        others = first_closed(self._state, other)
        if others is not None and others.name not in _SLOTS and (gate is None or others.name != gate.name):
            return False
        return gate is None or gate.lot(self._state, task) == gate.lot(self._state, other)

    def _start(self, task: Candidate, closed: set[str], place: int | None) -> float | None:
        """When it should start, epoch seconds; None where that cannot be known."""
        now = self._clock.time()
        if closed and closed <= _TIMES:
            ends = [self._until(name, task) for name in closed]
            return None if None in ends else max(end for end in ends if end is not None)
        if place is None:
            return None
        if closed and closed <= _RATES:
            mono = self._clock.monotonic()
            return now + max(
                bucket.wait(mono) + (place - 1) / bucket.limit.rate
                for bucket in self._state.buckets(task.lane)
            )
        slots, usual = self._slots(task.lane), self._usual.get(task.lane.task_type)
        if slots == 0 or not closed <= _SLOTS:
            return None
        rounds = (place - 1) // slots + (1 if closed else 0)
        return now if rounds == 0 else None if usual is None else now + rounds * usual

    def _until(self, gate: str, task: Candidate) -> float | None:
        """When a gate opens by itself."""
        if gate == "run_at":
            return task.due_at
        scope = gate.removesuffix("_paused")
        name = {"domain": task.lane.domain, "group": task.lane.group}.get(scope, "")
        pause = self._pauses.get(scope, name)
        return None if pause is None else pause.until

    def _slots(self, lane: LaneKey) -> int:
        """How many tasks of a lane may run at once."""
        state = self._state
        caps = [state.max_concurrency, state.domain(lane.domain).cap]
        if lane.group:
            caps.append(state.group(lane.group).cap)
        return min(cap for cap in caps if cap is not None)


def _own_gates(found: Standing, task: Candidate) -> tuple[GateResult, ...]:
    """What holds this very task, before any gate is asked."""
    match found.status:
        case "blocked":
            return (_dependencies(found),)
        case "waiting":
            n = max(1, found.children_left)
            words = f"Its work is done; it waits for {n} {'child' if n == 1 else 'children'}."
            return (GateResult(name="children", passed=False, message=words, values={"children": n}),)
        case "held":
            lift = Lift(order="resume_recurring", domain=task.lane.domain)
            words = "Its schedule is paused."
            return (GateResult(name="schedule_paused", passed=False, message=words, lift=lift),)
        case _:
            return ()


def _dependencies(found: Standing) -> GateResult:
    """What it waits for, and what of that has failed: only another try of that one frees it."""
    n = len(found.depends_on)
    words = f"It waits for {n} other task{'s' if n != 1 else ''}."
    values: dict[str, list[int]] = {"depends_on": list(found.depends_on)}
    if found.failed:
        values["failed"] = list(found.failed)
        failed = ", ".join(str(task_id) for task_id in found.failed)
        words = f"It waits for what has failed (task {failed}): retry that, or cancel this."
    return GateResult(name="dependencies", passed=False, message=words, values=values)
