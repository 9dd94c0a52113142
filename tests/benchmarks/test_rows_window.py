"""The window's rows: how soon it is there, what it costs when idle, and whether it answers. Nothing passes by time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks.conftest import Scale
from tests.benchmarks.starts import Start, make_data_dir, start_app, start_empty
from tests.benchmarks.table import Row, at_most

Report = Callable[[Row], None]


@pytest.mark.timeout(600)
def test_start(tmp_path: Path, scale: Scale, report: Report) -> None:
    data = make_data_dir(tmp_path)
    if not scale.is_taste:
        # Modules are compiled at the very first start, and the database is made.
        start_empty()
        start_app(data)
    ours: list[Start] = []
    empty: list[float] = []
    for _ in range(1 if scale.is_taste else 7):
        empty.append(start_empty())
        ours.append(start_app(data))
    assert all(one.paint_s < one.live_s for one in ours)
    name = "empty PySide6 window, painted"
    paint = [one.paint_s for one in ours]
    live = [one.live_s for one in ours]
    report(Row("start to first paint", "", "s", paint, name, empty, at_most(2.5)))
    report(Row("start to live data", "NORMAL", "s", live, name, empty, at_most(5)))
