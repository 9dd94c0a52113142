"""The workloads by which the Rust reference of this field publishes itself, and its figures for them.

Its timeline of March 2026, measured on a GitHub runner with a database in memory. A task of its has a key and no payload,
where one of ours is typed, validated and stored with its payload; as there, the caller makes each task inside the time.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.benchmarks.reference import asking, running, submitting
from tests.benchmarks.reference.workload import Workload


def _pending(n: int) -> Mapping[str, int]:
    return {"pending": n}


def _completed(n: int) -> Mapping[str, int]:
    return {"completed": n}


WORKLOADS = (
    Workload("submit 1,000 one by one", 179, 1_000, submitting.one_by_one, _pending),
    Workload(
        "submit 1,000 that are all duplicates",
        203,
        1_000,
        submitting.duplicates,
        lambda n: {"pending": 1, "duplicate": n - 1},
    ),
    Workload("submit a batch of 1,000", 33, 1_000, submitting.batch, _pending),
    Workload(
        "1,000 one by one and run, 8 at once", 395, 1_000, running.plain(8), _completed, dispatches=True
    ),
    Workload("500 the same, 1 at once", 596, 500, running.plain(1), _completed, dispatches=True),
    Workload("500 the same, 2 at once", 378, 500, running.plain(2), _completed, dispatches=True),
    Workload("500 the same, 4 at once", 234, 500, running.plain(4), _completed, dispatches=True),
    Workload("500 the same, 8 at once", 196, 500, running.plain(8), _completed, dispatches=True),
    Workload(
        "500 of five priorities, 4 at once",
        235,
        500,
        running.of_all_priorities,
        lambda n: {"completed": n, "out of order": 0},
        dispatches=True,
    ),
    Workload(
        f"submit 500 with {submitting.TAGS} tags each",
        381,
        500,
        submitting.tagged,
        lambda n: {"pending": n, "tags": n * submitting.TAGS},
    ),
    Workload("ids by tags, 5,000 tasks", 3.7, 5_000, asking.ids_by_tags, lambda n: {"ids": n}),
    Workload("counts by tag, 5,000 tasks", 0.60, 5_000, asking.counts_by_tag, lambda n: {"b0": n}),
    Workload(
        "500 in one limited group, submit and run",
        429,
        500,
        running.grouped(1),
        _completed,
        dispatches=True,
    ),
    Workload(
        f"500 over {running.GROUPS} limited groups, submit and run",
        432,
        500,
        running.grouped(running.GROUPS),
        _completed,
        dispatches=True,
    ),
    Workload(
        "chain of 50 dependencies, submit and run",
        74,
        50,
        running.chain,
        lambda n: {"completed": n, "out of order": 0},
        dispatches=True,
    ),
    Workload(
        "fan-in of 100, submit and run",
        43,
        100,
        running.fan_in,
        lambda n: {"completed": n + 1, "last": 1},
        dispatches=True,
    ),
    Workload("chain of 200, submit", 75, 200, submitting.chain, lambda n: {"pending": 1, "blocked": n - 1}),
    Workload(
        "500 permanent failures, submit and run",
        353,
        500,
        running.failing(),
        lambda n: {"failed": n},
        dispatches=True,
    ),
    Workload(
        "history page of 50 out of 5,000",
        0.42,
        5_000,
        asking.history_page,
        lambda n: {"records": min(n, asking.PAGE), "newest": n - 1},
    ),
    Workload(
        "stats of one type over 5,000", 0.49, 5_000, asking.stats, lambda n: {"total": n, "completed": n}
    ),
    Workload(
        "500 tasks reporting 1,024 chunks of bytes each",
        196,
        500,
        running.chunked(),
        _completed,
        dispatches=True,
    ),
)
