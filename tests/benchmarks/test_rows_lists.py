"""How long a picture takes while somebody scrolls and searches lists over a million tasks. Nothing here passes by time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.models import failures_model, jobs_model
from tests.benchmarks.album import JOB_SIZE
from tests.benchmarks.app_run import scroll_in_app
from tests.benchmarks.conftest import Scale
from tests.benchmarks.large_file import large_file, photo
from tests.benchmarks.load import Scroll
from tests.benchmarks.table import Row, at_most

Report = Callable[[Row], None]
LONGEST_MS = 50


@pytest.mark.timeout(900)
def test_scrolling_and_searching_long_lists(tmp_path: Path, scale: Scale, report: Report) -> None:
    tasks = scale.times(1_000_000)
    with large_file(tmp_path / "large.db") as file:
        (lane,) = file.lanes("album::photo")
        file.finish(photo, range(tasks), lane, "dead_letter")
    jobs = tasks // JOB_SIZE
    lists = {
        "failures": (f"{tasks:,} failures", "", failures_model.MOST_ROWS),
        "jobs": (f"{jobs:,} jobs of {tasks:,} tasks", f"job-{max(0, jobs // 2 - 3)}", jobs_model.MOST_ROWS),
    }
    screens = 1 if scale.is_taste else 20
    for page, (what, text, most_rows) in lists.items():
        folder = tmp_path / page
        folder.mkdir()
        done = scroll_in_app(folder, Scroll(page, screens, text), tmp_path / "large.db")
        assert 0 < done.rows <= most_rows
        assert done.held <= most_rows
        assert bool(done.found) == bool(text)

        def row(what: str, values: list[float], most_ms: float) -> None:
            report(Row(what, "NORMAL", "ms", [1000 * value for value in values], aim=at_most(most_ms)))

        frames, computed = [*done.frames_s, *done.typed_s], [*done.computed_s, *done.typed_computed_s]
        row(f"{what}: a picture while scrolling by wheel, keys and bar, and typing", frames, LONGEST_MS)
        row("the longest of them", [max(frames)], LONGEST_MS)
        row("the longest of them, computed", [max(computed)], LONGEST_MS)
        row("longest time without an answer, of what was ours", [done.longest_ours_s], LONGEST_MS)
