"""What a question costs does not grow with the file: counted in steps of SQLite's machine, which no clock can blur."""

from __future__ import annotations

from pathlib import Path

from scheduler_core import Scheduler
from tests.benchmarks.reads import Ask, Sizes, make_file, opened, questions

SMALL, LARGE = Sizes(queued=500, finished=10_000), Sizes(queued=2_000, finished=40_000)
TELLS_MORE = {
    *("tag counts", "tag counts: of a status", "tag counts: by prefix"),  # a number for each job that waits
    "explain: the last",  # its place in line, up to 10,000
    "jobs: far",  # the jobs before the page: a step in an index for each
    "search: in errors of a domain, none",  # each record with the text may be of the domain
}
"""Where a larger file has more to tell, or to look at, than that of a page."""
LOOKS_AT_ALL_WAITING = {"tasks: with a text, in none", "tasks: with a text of other letters, in none"}
"""What waits has no index of its texts, which would cost every submission a write: it is looked through, in steps."""


async def steps(scheduler: Scheduler, ask: Ask) -> int:
    """Steps of SQLite's machine that a question takes."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    read = scheduler._engine.store.read
    await read(lambda connection: connection.set_progress_handler(count, 1))
    await ask()
    await read(lambda connection: connection.set_progress_handler(None, 1))
    return counted


async def costs(path: Path, sizes: Sizes) -> dict[str, int]:
    """The steps of each question."""
    make_file(path, sizes)
    async with opened(path) as scheduler:
        asked = await questions(scheduler, sizes)
        return {name: await steps(scheduler, ask) for name, ask in asked.items()}


async def test_no_question_costs_more_in_a_file_four_times_as_large(tmp_path: Path) -> None:
    small, large = await costs(tmp_path / "small.db", SMALL), await costs(tmp_path / "large.db", LARGE)
    assert len(small) > 40
    grown = {
        name: (n, large[name])
        for name, n in small.items()
        if name not in TELLS_MORE | LOOKS_AT_ALL_WAITING and large[name] > 1.5 * n + 1_000
    }
    assert not grown
    assert max(n for name, n in large.items() if name not in LOOKS_AT_ALL_WAITING) < LARGE.finished
    # As many steps a task in both files, and not many.
    for name in LOOKS_AT_ALL_WAITING:
        assert large[name] < 1.1 * small[name] * LARGE.queued / SMALL.queued
        assert large[name] < 40 * LARGE.queued
