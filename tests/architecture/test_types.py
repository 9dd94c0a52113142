"""What a type checker tells a user of the core: right programs are right, and each wrong line is an error.

pyright's strict rules, over programs that see `scheduler_core` as an installed library (`site-packages`, `py.typed`).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

DECLARED = """
from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from scheduler_core import (
    Domain, DomainHandle, DomainKey, DomainSnapshot, DuplicateStrategy, Explanation, IoBudget, JobSummary, Priority,
    ProcessRunner, RateLimit, RecurringSchedule, RetryPolicy, Scheduler, SchedulerConfig, SchedulerEvent, SubmitOutcome,
    SystemClock, TaskContext, TaskEvent, TaskHistoryRecord, TaskRecord, TaskStatus, TaskStore, TaskTypeConfig, TypedTask,
)


class Ingest(DomainKey):
    name = "ingest"


class Mirror(DomainKey):
    name = "mirror"


class Fetch(TypedTask[Ingest]):
    task_type: ClassVar[str] = "fetch"
    type_config: ClassVar[TaskTypeConfig] = TaskTypeConfig(priority=Priority.HIGH, ttl=600)
    url: str

    def dedup_key(self) -> str | None:
        return self.url

    def default_tags(self) -> Mapping[str, str]:
        return {"host": self.url}


class Hash(TypedTask[Ingest]):
    task_type: ClassVar[str] = "hash"
    path: str


class Copy(TypedTask[Mirror]):
    task_type: ClassVar[str] = "copy"
    path: str


class Shared:
    hits: int = 0


ingest = Domain(Ingest, max_concurrency=4, default_retry=RetryPolicy.constant(3, timedelta(seconds=1)), state=[Shared()])
mirror = Domain(Mirror)
"""

RIGHT = (
    DECLARED
    + """
@ingest.executor(Fetch)
async def fetch(task: Fetch, ctx: TaskContext) -> dict[str, int]:
    shared = ctx.state(Shared)
    if shared is not None:
        shared.hits += 1
    ctx.progress(0.5, task.url)
    child: SubmitOutcome = await ctx.spawn_child(Copy(path=task.url), priority=Priority.HIGH)
    outcomes: list[SubmitOutcome] = await ctx.spawn_children([Hash(path="a"), Copy(path="b")])
    other: DomainHandle[Mirror] = ctx.domain(Mirror)
    maybe: DomainHandle[Mirror] | None = ctx.try_domain(Mirror)
    named = ctx.try_domain("elsewhere")
    if named is not None:
        await named.submit(named.new_task("copy", path="d"))
    await other.submit(Copy(path="c"), parent=ctx.record.id)
    return {"children": len(outcomes), "first": child.id or 0, "there": int(maybe is not None)}


@ingest.executor(Hash, runner=ProcessRunner())
def hash_file(task: Hash, ctx: TaskContext) -> str:
    return task.path


class CopyExecutor:
    async def execute(self, task: Copy, ctx: TaskContext) -> None: ...

    async def finalize(self, task: Copy, memo: object, ctx: TaskContext) -> None: ...

    async def on_cancel(self, task: Copy, ctx: TaskContext) -> None: ...


mirror.register(Copy, CopyExecutor())


async def use() -> None:
    config = SchedulerConfig(max_concurrency=8, rate_limits={"ingest::fetch": RateLimit.per_second(2)})
    scheduler = Scheduler(TaskStore.in_memory(), [ingest, mirror], app_state=[Shared()], config=config, clock=SystemClock())
    async with scheduler:
        handle: DomainHandle[Ingest] = scheduler.domain(Ingest)
        maybe: DomainHandle[Mirror] | None = scheduler.try_domain(Mirror)
        assert maybe is not None
        outcome: SubmitOutcome = await handle.submit(
            Fetch(url="u"), priority=5, key="k", label="l", tags={"a": "b"}, group="g", ttl=timedelta(1), run_after=2.5,
            depends_on=[1], fail_fast=False, retry=RetryPolicy.exponential(3, 1, 60), expected_io=IoBudget(net_rx=5),
            on_duplicate=DuplicateStrategy.REJECT, recurring=RecurringSchedule(every=timedelta(hours=1)),
        )
        await handle.submit(Fetch(url="v"), run_at=datetime.now(UTC), on_duplicate="skip", ttl_from="first_attempt")
        outcomes: list[SubmitOutcome] = await handle.submit_batch([Fetch(url="w"), Hash(path="x")], priority=1)
        await handle.submit_batch(Fetch(url=str(n)) for n in range(3))
        record: TaskRecord | None = await scheduler.task(outcome.id or 0)
        history: list[TaskHistoryRecord] = await scheduler.history(status=["failed", TaskStatus.DEAD_LETTER], domain=Ingest)
        found: TaskRecord | TaskHistoryRecord | None = await scheduler.lookup(Fetch(url="u"))
        jobs: list[JobSummary] = await scheduler.jobs("job_id")
        why: Explanation = await scheduler.explain(1)
        snapshot: DomainSnapshot = await handle.snapshot()
        handle.paused_changed.connect(print)
        scheduler.set_rate_limit(Fetch, None)
        scheduler.clock_changed()
        await handle.cancel_where(lambda task: task.priority > 5)
        async for event in handle.task_events(Fetch):
            told: TaskEvent = event
            print(told.label, told.task_id)
        async for change in scheduler.events():
            anything: SchedulerEvent = change
            print(anything.at)
        print(record, history, found, jobs, why.blocking, snapshot.name, outcomes)
"""
)

WRONG = (
    "# pyright: reportUnusedImport=false\n"
    + DECLARED
    + """
@ingest.executor(Copy)  # wrong
async def copy(task: Copy, ctx: TaskContext) -> None: ...


async def use(scheduler: Scheduler, handle: DomainHandle[Ingest], ctx: TaskContext) -> None:
    await handle.submit(Copy(path="a"))  # wrong
    await handle.submit_batch([Fetch(url="a"), Copy(path="a")])  # wrong
    await scheduler.domain(Ingest).submit(Copy(path="a"))  # wrong
    await ctx.domain(Mirror).submit(Fetch(url="a"))  # wrong
    handle.task_events(Copy)  # wrong
    ingest.register(Copy, object())  # wrong
    await handle.submit("fetch")  # wrong
    await handle.submit(Fetch)  # wrong
    await handle.submit(Fetch(url="a"), priority="high")  # wrong
    await handle.submit(Fetch(url="a"), prioritiy=5)  # wrong
    await handle.submit(Fetch(url="a"), ttl="5")  # wrong
    await handle.submit(Fetch(url="a"), run_at=5)  # wrong
    await handle.submit(Fetch(url="a"), tags={"a": 1})  # wrong
    await handle.submit(Fetch(url="a"), retry=3)  # wrong
    await handle.submit(Fetch(url="a"), recurring="daily")  # wrong
    await ctx.spawn_child(Fetch(url="a"), depends_on="1")  # wrong
    await ctx.spawn_child(5)  # wrong
    await handle.cancel("1")  # wrong
    handle.set_max_concurrency("4")  # wrong
    scheduler.domain(5)  # wrong
    scheduler.set_rate_limit(Fetch, 5)  # wrong
    other: DomainHandle[Mirror] = scheduler.domain(Ingest)  # wrong
    hits: int = ctx.state(Shared)  # wrong
    Scheduler("a.db", [Ingest])  # wrong
    Domain(Ingest, max_concurrency="4")  # wrong
    Domain(Fetch)  # wrong
    SchedulerConfig(max_concurency=4)  # wrong
    TaskTypeConfig(priority="high")  # wrong
    print(other, hits)
"""
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[int, str]]:
    """The errors of each program, by line. Both are checked in one run: most of its time is the start."""
    folder = tmp_path_factory.mktemp("user")
    site = (
        folder
        / "environment"
        / "lib"
        / f"python{sys.version_info[0]}.{sys.version_info[1]}"
        / "site-packages"
    )
    site.mkdir(parents=True)
    (site / "scheduler_core").symlink_to(ROOT / "scheduler_core")
    (site / "rest.pth").write_text(sysconfig.get_path("purelib"))
    (folder / "right.py").write_text(RIGHT)
    (folder / "wrong.py").write_text(WRONG)
    settings = {"include": ["*.py"], "venvPath": ".", "venv": "environment", "typeCheckingMode": "strict"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    checker = Path(sys.executable).with_name("basedpyright")
    done = subprocess.run(
        [checker, "--outputjson", "--project", str(folder / "pyrightconfig.json")],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    answer = json.loads(done.stdout)
    assert answer["summary"]["filesAnalyzed"] == 2, done.stdout
    errors: dict[str, dict[int, str]] = {"right.py": {}, "wrong.py": {}}
    for one in answer["generalDiagnostics"]:
        errors[Path(one["file"]).name][one["range"]["start"]["line"] + 1] = one["message"]
    return errors


def test_right_programs_are_right(found: dict[str, dict[int, str]]) -> None:
    assert found["right.py"] == {}


def test_exactly_the_wrong_lines_are_errors(found: dict[str, dict[int, str]]) -> None:
    """Above all: a task that is handed to another domain's handle."""
    lines = WRONG.splitlines()
    marked = {number for number, line in enumerate(lines, start=1) if line.endswith("# wrong")}
    assert len(marked) > 20
    missed = {number: lines[number - 1] for number in marked - found["wrong.py"].keys()}
    assert not missed
    assert {number: text for number, text in found["wrong.py"].items() if number not in marked} == {}


def test_the_error_names_the_other_domain(found: dict[str, dict[int, str]]) -> None:
    line = next(number for number, text in enumerate(WRONG.splitlines(), 1) if "handle.submit(Copy(" in text)
    assert re.search(r"Copy.*TypedTask\[Ingest\]", found["wrong.py"][line])


def test_the_library_says_that_it_is_typed() -> None:
    assert (ROOT / "scheduler_core" / "py.typed").is_file()
