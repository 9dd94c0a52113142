"""Schedules in the store: one active task each, whatever happens in one transaction; nothing scanned, nothing extra."""

from __future__ import annotations

import itertools
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from hypothesis import given, strategies as st

from scheduler_core import RecurringSchedule, SubmitOutcome
from scheduler_core.model.submission import Submission, submission_of, submission_text
from scheduler_core.model.task import DependencyFailurePolicy, DuplicateStrategy, SubmitStatus, TaskStatus
from scheduler_core.policy.recurrence import first_time
from scheduler_core.store import keys
from scheduler_core.store.changes import Changes, ScheduleState
from scheduler_core.store.claim import claim, expire, make_due
from scheduler_core.store.ending import End, drop_twins, end_tasks, stop_running
from scheduler_core.store.finish import Outcome, OutcomeKind, finish
from scheduler_core.store.schedule_acts import (
    Act,
    cancel_schedule,
    pause_schedule,
    resume_schedule,
    run_schedule_now,
)
from scheduler_core.store.schedules import OF_TASK, STATES, schedule_of, schedule_states
from scheduler_core.store.schema import load_migrations, statements_of
from scheduler_core.store.submit import Request, resubmit, submit
from scheduler_core.testing import MakeScheduler, ManualClock, until, until_quiet
from tests.core.support import Alpha, Job, Script, alpha

LANE = 1


def new_database() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for script in load_migrations():
        for statement in statements_of(script):
            connection.execute(statement)
    keys.load(connection)
    connection.execute("INSERT INTO lanes (id, domain, task_type) VALUES (?, 'alpha', 'alpha::job')", (LANE,))
    return connection


def submission(key: str, now: float, schedule: RecurringSchedule | None = None, **more: Any) -> Submission:
    due_at = None if schedule is None else first_time(schedule, now)
    values: dict[str, Any] = {
        "domain": "alpha",
        "task_type": "alpha::job",
        "group": None,
        "key": key,
        "label": key,
        "priority": 128,
        "payload": "{}",
        "tags": {"k": key},
        "retry": None,
        "max_retries": 0,
        "due_at": due_at,
        "parent_id": None,
        "fail_fast": True,
        "depends_on": (),
        "on_dependency_failure": DependencyFailurePolicy.CANCEL,
        "on_duplicate": DuplicateStrategy.SKIP,
        "expected_io": None,
        "recurring": None if schedule is None else schedule.model_dump_json(),
    }
    return Submission(**(values | more))


class Store:
    """The operations of a `TaskStore` on a bare connection, and what an engine would remember of their changes."""

    def __init__(self) -> None:
        self.connection = new_database()
        self.ids = itertools.count(1)
        self.now = 1_000.0
        self.counts: Counter[tuple[int, str]] = Counter()
        self.tags: Counter[tuple[str, str, int, str]] = Counter()
        self.schedules: dict[int, ScheduleState] = {}
        self.ready: set[int] = set()
        self.changes = Changes()

    def commit(self) -> Changes:
        """End the operation, as `TaskStore` ends each, and remember."""
        changes, self.changes = self.changes, Changes()
        resubmit(self.connection, self.ids, self.now, changes)
        changes.write_counters(self.connection)
        self.counts.update(changes.counts)
        self.tags.update(changes.tag_counts)
        self.ready |= {ready.id for ready in changes.ready}
        for schedule_id, state in changes.schedules.items():
            if state is None:
                self.schedules.pop(schedule_id, None)
            else:
                self.schedules[schedule_id] = state
        return changes

    def submit(self, *submissions: Submission) -> list[SubmitOutcome]:
        """Without a commit: more may follow in the same operation."""
        ids = list(itertools.islice(self.ids, len(submissions)))
        request = Request(submissions, ids, [LANE] * len(submissions))
        (answer,) = submit(self.connection, [request], self.now, self.changes)
        assert answer.error is None
        return answer.outcomes

    def active(self) -> list[tuple[int, str]]:
        return self.connection.execute("SELECT id, status FROM tasks ORDER BY id").fetchall()

    def claim(self) -> None:
        make_due(self.connection, self.now, 100, self.changes)
        claim(self.connection, [task_id for task_id, _ in self.active()], self.now, self.changes)

    def finish(self, task_id: int, kind: OutcomeKind) -> None:
        finish(
            self.connection,
            [Outcome(task_id, kind, self.now, retry_at=self.now + 7 if kind is OutcomeKind.RETRY else None)],
            self.changes,
        )

    def cancel(self, task_id: int, status: str) -> None:
        drop_twins(self.connection, [task_id], self.now, self.changes)
        if status == "running":
            stop_running(self.connection, task_id, "cancelled", self.changes)
        else:
            end_tasks(self.connection, [End(task_id, TaskStatus.CANCELLED, self.now)], self.changes)

    def act(self, task_id: int, act: Act) -> bool:
        schedule = schedule_of(self.connection, task_id)
        return schedule is not None and act(self.connection, schedule, self.now, self.changes)

    def check(self) -> None:
        """One active task a schedule, and nothing that memory and database see differently."""
        connection = self.connection
        numbers = connection.execute(
            "SELECT s.id, count(t.id) FROM schedules s LEFT JOIN tasks t ON t.schedule_id = s.id GROUP BY s.id"
        ).fetchall()
        assert all(n == 1 for _, n in numbers), numbers
        assert not connection.execute(
            "SELECT id FROM tasks WHERE schedule_id IS NOT NULL AND schedule_id NOT IN (SELECT id FROM schedules)"
        ).fetchall()
        keys = connection.execute("SELECT submission ->> 'key' FROM schedules").fetchall()
        assert len(keys) == len(set(keys)), "two schedules would fight for one key"
        assert schedule_states(connection) == sorted(self.schedules.values())
        counted = connection.execute("SELECT lane, status, count(*) FROM tasks GROUP BY 1, 2").fetchall()
        assert +self.counts == Counter({(lane, status): n for lane, status, n in counted})
        tagged: Counter[tuple[str, str, int, str]] = Counter()
        for table in ("tasks", "history"):
            for key, lane, status, n in connection.execute(
                f"SELECT label, lane, status, count(*) FROM {table} GROUP BY 1, 2, 3"
            ):
                tagged["k", key, lane, "pending" if status == "running" else status] += n
        assert +self.tags == tagged
        for task_id, status, due_at in connection.execute("SELECT id, status, due_at FROM tasks"):
            assert status != "pending" or due_at is not None or task_id in self.ready
            assert status != "held" or due_at is None


KEYS = st.sampled_from("ab")
SCHEDULES = st.sampled_from(
    [
        RecurringSchedule(10),
        RecurringSchedule(10, 2),
        RecurringSchedule(25, initial_delay=15),
        RecurringSchedule.cron("* * * * *"),
    ]
)
STRATEGIES = st.sampled_from(
    [DuplicateStrategy.SKIP, DuplicateStrategy.SKIP, DuplicateStrategy.SUPERSEDE, DuplicateStrategy.REJECT]
)
ENDS = st.sampled_from(
    [
        OutcomeKind.COMPLETED,
        OutcomeKind.FAILED,
        OutcomeKind.DEAD_LETTER,
        OutcomeKind.RETRY,
        OutcomeKind.INTERRUPTED,
    ]
)
ACTS = st.sampled_from([pause_schedule, resume_schedule, run_schedule_now, cancel_schedule])
NTH = st.integers(0, 5)
STEP = st.one_of(
    st.tuples(
        st.just("submit"), KEYS, st.none() | SCHEDULES, STRATEGIES, st.none() | st.integers(1, 30), NTH
    ),
    st.tuples(st.just("submit"), KEYS, SCHEDULES, STRATEGIES, st.none() | st.integers(1, 30), NTH),
    st.tuples(st.just("finish"), NTH, ENDS),
    st.tuples(st.just("cancel"), NTH),
    st.tuples(st.just("act"), NTH, ACTS),
    st.tuples(st.just("claim")),
    st.tuples(st.just("expire")),
    st.tuples(st.just("pass"), st.integers(-20, 90)),
)


def submit_one(
    store: Store,
    key: str,
    schedule: RecurringSchedule | None,
    strategy: DuplicateStrategy,
    ttl: int | None,
    nth: int,
) -> None:
    more: dict[str, Any] = {}
    if ttl is not None:
        begin = store.now if schedule is None else first_time(schedule, store.now)
        assert begin is not None
        more["expires_at"] = begin + ttl
    others = [task_id for task_id, _ in store.active()]
    if nth >= 4 and others and strategy is DuplicateStrategy.SKIP:
        more["depends_on"] = (others[nth % len(others)],)
    outcome = store.submit(submission(key, store.now, schedule, on_duplicate=strategy, **more))[0]
    assert (outcome.id is None) == (outcome.status is SubmitStatus.REJECTED)


def do(store: Store, step: tuple[Any, ...]) -> None:
    active = store.active()
    match step:
        case ("submit", key, schedule, strategy, ttl, nth):
            submit_one(store, key, schedule, strategy, ttl, nth)
        case ("finish", nth, kind):
            running = [task_id for task_id, status in active if status == "running"]
            if running:
                store.finish(running[nth % len(running)], kind)
        case ("cancel", nth) if active:
            store.cancel(*active[nth % len(active)])
        case ("act", nth, act) if active:
            store.act(active[nth % len(active)][0], act)
        case ("claim",):
            store.claim()
        case ("expire",):
            expire(store.connection, store.now, 100, store.changes)
        case ("pass", duration):
            store.now += duration
        case _:
            pass


@given(st.lists(st.lists(STEP, min_size=1, max_size=3), max_size=30))
def test_a_schedule_has_exactly_one_active_task_whatever_happens(
    operations: list[list[tuple[Any, ...]]],
) -> None:
    """Each inner list is one operation: what ends in it is followed only at its end, when its key may be taken."""
    store = Store()
    for steps in operations:
        for step in steps:
            do(store, step)
        before = {row[0] for row in store.connection.execute("SELECT id FROM tasks")}
        changes = store.commit()
        store.check()
        for schedule_id, state in changes.schedules.items():
            if state is not None and state.task_id not in before and not state.is_paused:
                assert state.next_at > store.now or state.id == state.task_id or _is_twin(store, state), (
                    schedule_id
                )


def _is_twin(store: Store, state: ScheduleState) -> bool:
    """What was submitted by somebody else is due when it was told."""
    (run_at,) = store.connection.execute("SELECT run_at FROM tasks WHERE id = ?", (state.task_id,)).fetchone()
    return run_at != state.next_at


def test_a_task_that_takes_the_key_in_the_same_operation_stands_in() -> None:
    store = Store()
    (first,) = store.submit(submission("a", store.now, RecurringSchedule(10)))
    store.claim()
    store.commit()
    assert first.id is not None
    store.finish(first.id, OutcomeKind.COMPLETED)
    (plain,) = store.submit(submission("a", store.now))
    store.commit()
    store.check()
    assert plain.status is SubmitStatus.INSERTED
    (state,) = store.schedules.values()
    assert (state.id, state.task_id, state.occurrence) == (first.id, plain.id, 1)


def test_a_schedule_that_takes_the_key_in_the_same_operation_replaces_the_other() -> None:
    store = Store()
    (first,) = store.submit(submission("a", store.now, RecurringSchedule(10)))
    store.claim()
    store.commit()
    assert first.id is not None
    store.finish(first.id, OutcomeKind.COMPLETED)
    (other,) = store.submit(submission("a", store.now, RecurringSchedule(7)))
    store.commit()
    store.check()
    assert [state.id for state in store.schedules.values()] == [other.id]


def test_the_time_for_which_a_task_is_held_does_not_age_it() -> None:
    store = Store()
    (first,) = store.submit(submission("a", store.now, RecurringSchedule(10)))
    store.commit()
    assert first.id is not None
    store.now += 5
    store.act(first.id, pause_schedule)
    store.commit()
    store.now += 1_000
    store.act(first.id, resume_schedule)
    (ready,) = store.commit().ready
    assert ready.id == first.id
    assert ready.aged_from == store.now - 5, "what it had waited before counts"
    store.claim()
    store.finish(first.id, OutcomeKind.COMPLETED)
    store.commit()
    store.now += 1
    (state,) = store.schedules.values()
    assert store.act(first.id, run_schedule_now)
    (ready,) = store.commit().ready
    assert (ready.id, ready.aged_from) == (state.task_id, store.now)


def test_a_submission_is_the_same_after_a_round_trip() -> None:
    one = submission("a", 5.0, RecurringSchedule(10), depends_on=(1, 2), expires_at=9.5)
    assert submission_of(submission_text(one)) == one


# What it costs


def plan(connection: sqlite3.Connection, query: str, *values: Any) -> str:
    return "\n".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}", values))


def test_a_schedule_and_its_task_are_found_through_indexes() -> None:
    connection = new_database()
    found = plan(connection, OF_TASK, 1)
    assert "SCAN tasks" not in found
    assert "SCAN history" not in found
    assert "SEARCH s USING INTEGER PRIMARY KEY" in found
    for query in (
        "SELECT id FROM tasks WHERE schedule_id = ?",
        "UPDATE tasks SET status = 'held' WHERE schedule_id = ? AND status = 'pending' AND started_at IS NULL",
    ):
        assert "USING" in plan(connection, query, 1)
        assert "tasks_schedule (schedule_id=?)" in plan(connection, query, 1)
    assert "tasks_schedule (schedule_id=?)" in plan(connection, STATES)


async def test_a_task_without_a_schedule_costs_no_statement_more(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    statements: list[str] = []
    connection: Any = scheduler._engine.store.database._writer
    await connection.run(lambda raw: raw.set_trace_callback(statements.append))
    handle = scheduler.domain(Alpha)
    first = await handle.submit(Job(name="first"), tags={"k": "v"})
    await handle.submit(Job(name="second"), depends_on=[first.id or 0])
    await handle.submit(Job(name="late"), run_after=5)
    await until_quiet(scheduler)
    manual_clock.advance(5)
    await until(lambda: scheduler.counts.completed == 3)
    await connection.run(lambda raw: raw.set_trace_callback(None))
    assert len(statements) > 10
    assert not [statement for statement in statements if "schedules" in statement]


# Mending


async def test_a_schedule_that_lost_its_task_comes_again(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock, tmp_path: Path
) -> None:
    """As if somebody had deleted rows by hand."""
    first = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    await first.domain(Alpha).submit(Job(), recurring=RecurringSchedule(60, initial_delay=60))
    await first.close()
    with closing(sqlite3.connect(tmp_path / "a.db")) as database, database:
        database.execute("DELETE FROM tasks")
    second = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    assert second.counts.pending == 1
    manual_clock.advance(120)
    await until_quiet(second)
    assert script.started == ["job"]
    assert len((await second.snapshot()).recurring) == 1
