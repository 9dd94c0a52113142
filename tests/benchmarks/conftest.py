"""How much is measured: all of it where this folder is asked for (`make bench`), a taste in the ordinary suite."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Scale:
    """Tasks a run, and runs."""

    tasks: int
    runs: int


@pytest.fixture(scope="session")
def scale(request: pytest.FixtureRequest) -> Scale:
    """10,000 tasks five times where the command line names this folder or a file in it; else 300 once."""
    config = request.config
    named = [
        (config.invocation_params.dir / str(argument).split("::")[0]).resolve()
        for argument in config.invocation_params.args
        if not str(argument).startswith("-")
    ]
    is_asked_for = any(path == HERE or HERE in path.parents for path in named)
    return Scale(10_000, 5) if is_asked_for else Scale(300, 1)


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str], scale: Scale) -> Callable[[str], None]:
    """Prints a figure, past pytest's capture; the ordinary suite stays quiet."""

    def say_figure(line: str) -> None:
        if scale.runs > 1:
            with capsys.disabled():
                print(f"  {line}")

    return say_figure
