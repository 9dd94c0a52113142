"""Everything that a scheduler can be asked, over a file with photos that ended, a few failures, and photos that wait."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from scheduler_core import Scheduler, SchedulerConfig
from tests.benchmarks.album import JOB_SIZE, Album, Photo, album_domain
from tests.benchmarks.large_file import ERROR, large_file, nothing, photo
from tests.benchmarks.noop import noop_domain

PAGE = 50
_RARE = 20
"""One of so many records is a failure of the other domain."""

Ask = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Sizes:
    """How much a file holds."""

    queued: int
    finished: int


def make_file(path: Path, sizes: Sizes) -> None:
    """Photos that ended one after the other, with failures strewn among them, and photos that wait."""
    with large_file(path) as file:
        (noops,), (photos,) = file.lanes("noop::nothing"), file.lanes("album::photo")
        for n in range(0, sizes.finished, _RARE):
            many = min(_RARE, sizes.finished - n) - 1
            file.finish(photo, range(n, n + many), photos)
            file.finish(nothing, [n], noops, "failed")
        file.queue(photo, range(sizes.finished, sizes.finished + sizes.queued), [photos])


def opened(path: Path) -> Scheduler:
    """A scheduler over such a file that starts nothing."""
    return Scheduler(
        store=path, domains=[album_domain(), noop_domain()], config=SchedulerConfig(max_concurrency=0)
    )


async def questions(scheduler: Scheduler, sizes: Sizes) -> Mapping[str, Ask]:
    """Each by its name, which begins with its group; the first is the reference: it reads one row by its primary key.

    The first page, one from the middle, and one from the far end, by offset and behind a record; filters that nearly all
    records pass, few, and none; texts that are in all, in one, and in none, and of one letter.
    """
    album = scheduler.domain(Album)
    first, last = sizes.finished + 1, sizes.finished + sizes.queued
    far = sizes.finished * 9 // 10
    (record,) = await scheduler.history(1, offset=far)
    (cause,) = await scheduler.failure_causes(1)
    job = {"job_id": f"job-{sizes.finished // 2 // JOB_SIZE}"}
    one = photo(sizes.finished // 3 - 5).label
    ask, wait = scheduler.history, scheduler.tasks
    (middle,) = (await wait(sizes.queued // 2 + 1))[-1:]
    (behind,) = await wait(1, order="oldest")
    return {
        "task": lambda: scheduler.task(last),
        "snapshot": scheduler.snapshot,
        "snapshot: of a domain": album.snapshot,
        "jobs": lambda: scheduler.jobs("job_id", PAGE),
        "jobs: far": lambda: scheduler.jobs("job_id", PAGE, far // JOB_SIZE),
        "jobs: one": lambda: scheduler.job(*next(iter(job.items()))),
        "tag counts": lambda: album.count_by_tag("job_id"),
        "tag counts: of a status": lambda: album.count_by_tag("job_id", "pending"),
        "tag counts: by prefix": lambda: album.count_by_tag_key_prefix("job"),
        "tag keys: by prefix": lambda: album.tag_keys_by_prefix(""),
        "tag keys: in use": scheduler.tag_keys,
        "ids by tags": lambda: album.task_ids_by_tags({"job_id": f"job-{last // JOB_SIZE - 1}"}),
        "ids by tags: of what ended": lambda: scheduler.task_ids_by_tags(job),
        "history": lambda: ask(PAGE),
        "history: far by offset": lambda: ask(PAGE, offset=far),
        "history: far behind a record": lambda: ask(PAGE, before_id=record.id),
        "history, filtered: completed": lambda: ask(PAGE, status="completed"),
        "history, filtered: completed, far by offset": lambda: ask(PAGE, status="completed", offset=far),
        "history, filtered: completed, far behind a record": lambda: ask(
            PAGE, status="completed", before_id=record.id
        ),
        "history, filtered: failed": lambda: ask(PAGE, status="failed"),
        "history, filtered: cancelled, none": lambda: ask(PAGE, status="cancelled"),
        "history, filtered: a domain": lambda: ask(PAGE, domain="album"),
        "history, filtered: a domain, far by offset": lambda: ask(PAGE, domain="album", offset=far),
        "history, filtered: a rare domain": lambda: ask(PAGE, domain="noop"),
        "history, filtered: a domain, failed, none": lambda: ask(PAGE, domain="album", status="failed"),
        "history, filtered: a job": lambda: ask(PAGE, tags=job),
        "history, filtered: a job, failed, none": lambda: ask(PAGE, tags=job, status="failed"),
        "search: in all": lambda: ask(PAGE, text="jpg"),
        "search: in all, far behind a record": lambda: ask(PAGE, text="jpg", before_id=record.id),
        "search: in one": lambda: ask(PAGE, text=one.lower()),
        "search: in none": lambda: ask(PAGE, text="no such text"),
        "search: parts in all, whole in none": lambda: ask(PAGE, text="img_jpg"),
        "search: in errors": lambda: ask(PAGE, text=ERROR[4:12]),
        "search: in errors of a domain, none": lambda: ask(PAGE, text=ERROR, domain="album"),
        "search: a letter": lambda: ask(PAGE, text="g"),
        "search: a letter, in none": lambda: ask(PAGE, text="ö"),
        "search: a hash": lambda: ask(PAGE, text=photo(5).key),
        "tasks": lambda: wait(PAGE),
        "tasks: behind another": lambda: wait(PAGE, middle),
        "tasks: the newest": lambda: wait(PAGE, order="newest"),
        "tasks: the newest that are pending": lambda: wait(PAGE, status="pending", order="newest"),
        "tasks: the oldest of a domain": lambda: wait(PAGE, behind, domain="album", order="oldest"),
        "tasks: of a type": lambda: wait(PAGE, task_type=Photo),
        "tasks: of another domain, none": lambda: wait(PAGE, domain="noop"),
        "tasks: blocked, none": lambda: wait(PAGE, status="blocked"),
        "tasks: paused, none": lambda: wait(PAGE, status="paused", order="newest"),
        "tasks: of a job": lambda: wait(PAGE, tags={"job_id": f"job-{last // JOB_SIZE - 1}"}),
        "tasks: with a text": lambda: wait(PAGE, text="jpg"),
        "tasks: with a text, in none": lambda: wait(PAGE, text="no such text"),
        "tasks: with a text of other letters, in none": lambda: wait(PAGE, text="nö"),
        "history, filtered: of a type": lambda: ask(PAGE, task_type=Photo),
        "history, filtered: since a moment": lambda: ask(PAGE, since=record.completed_at),
        "history, filtered: until a moment": lambda: ask(PAGE, until=record.completed_at),
        "history, filtered: a domain, until a moment": lambda: ask(
            PAGE, domain="album", until=record.completed_at
        ),
        "failures": lambda: scheduler.failures(PAGE),
        "failures: far behind a record": lambda: scheduler.failures(PAGE, before_id=record.id),
        "failures: by cause": lambda: scheduler.failure_causes(PAGE),
        "failures: by cause, of a domain": lambda: scheduler.failure_causes(PAGE, domain="noop"),
        "failures: by cause, search": lambda: scheduler.failure_causes(PAGE, text="no such text"),
        "failures: of a cause": lambda: scheduler.failures(PAGE, cause=cause),
        "failures: of a cause, far behind a record": lambda: scheduler.failures(
            PAGE, before_id=record.id, cause=cause
        ),
        "failures: of a job, none": lambda: scheduler.failures(PAGE, tags=job),
        "failures: dead letters, none": lambda: album.dead_letter_tasks(PAGE),
        "stats of a type": lambda: scheduler.history_stats(Photo),
        "lookup: of what ended": lambda: scheduler.lookup(Photo(number=5)),
        "lookup: of what waits": lambda: scheduler.lookup(Photo(number=last - 2)),
        "lookup: of what never was": lambda: scheduler.lookup(Photo(number=2 * last)),
        "explain: the first": lambda: scheduler.explain(first),
        "explain: the last": lambda: scheduler.explain(last),
        "dependencies": lambda: scheduler.task_dependencies(last),
        "dependencies: dependents": lambda: scheduler.task_dependents(last),
        "dependencies: who is blocked": scheduler.blocked_tasks,
    }


def group_of(name: str) -> str:
    """What kind of question it is."""
    return name.partition(":")[0]
