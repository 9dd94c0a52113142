"""Each workload of the reference in a small size: what should have happened did. `make bench-reference` measures them."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler_core import TaskStore
from tests.benchmarks.reference.workload import Workload
from tests.benchmarks.reference.workloads import WORKLOADS

SMALL = 20


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> TaskStore:
    return TaskStore.in_memory() if request.param == "memory" else TaskStore(tmp_path / "reference.db")


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda workload: workload.what)
async def test_a_workload_does_what_it_says(workload: Workload, store: TaskStore) -> None:
    done = await workload.do(store, SMALL)
    assert done.seen == workload.expected(SMALL)
    assert done.seconds > 0
