"""Runners whose workers serve a whole file of tests: a worker takes half a second to start."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scheduler_core.runners.process import ProcessRunner


@pytest.fixture(scope="module")
def workers() -> Iterator[ProcessRunner]:
    """One runner for a file; each test uses it from an event loop of its own."""
    runner = ProcessRunner(kill_grace=0.2)
    yield runner
    asyncio.run(runner.aclose())


@pytest.fixture
def make_gate(tmp_path: Path) -> Callable[[str], Path]:
    """Makes FIFOs: who reads one waits until somebody writes to it."""

    def make(name: str) -> Path:
        os.mkfifo(tmp_path / name)
        return tmp_path / name

    return make
