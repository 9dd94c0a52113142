"""How much is measured: all of it where this folder is asked for (`make bench`), a taste in the ordinary suite."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.benchmarks.table import Row, markdown

HERE = Path(__file__).resolve().parent
_ROWS = pytest.StashKey[list[Row]]()
_PEERS = ("apscheduler", "huey", "litequeue", "persistqueue", "procrastinate")


@dataclass(frozen=True)
class Scale:
    """How large a measurement is, and how often it is made.

    `tasks` is the ordinary size; `times(n)` is n in a real measurement, and a small share of it in a taste.
    """

    tasks: int
    runs: int

    @property
    def is_taste(self) -> bool:
        """Is it only to see that the benchmark works?"""
        return self.runs == 1

    def times(self, n: int) -> int:
        """`n` of something, or so few that a taste takes no time."""
        return max(1, min(n, 300, n // 100)) if self.is_taste else n


@pytest.fixture(scope="session")
def scale(request: pytest.FixtureRequest) -> Scale:
    """10,000 tasks five times where the command line names this folder or a file in it; else 300 once."""
    return Scale(10_000, 5) if _is_asked_for(request.config) else Scale(300, 1)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Who asks for `synchronous`, SQLite's pragma, is measured with both values; for a taste one is enough."""
    if "synchronous" in metafunc.fixturenames:
        both = ["NORMAL", "FULL"] if _is_asked_for(metafunc.config) else ["NORMAL"]
        metafunc.parametrize("synchronous", both)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The ordinary suite does without the peers that are not installed; who asks for benchmarks is told what is missing."""
    is_of_peers = collection_path == HERE / "test_rows_peers.py"
    if is_of_peers and not _is_asked_for(config) and not all(map(find_spec, _PEERS)):
        return True
    return None


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str], scale: Scale) -> Callable[[str], None]:
    """Prints a figure, past pytest's capture; the ordinary suite stays quiet."""

    def say_figure(line: str) -> None:
        if not scale.is_taste:
            with capsys.disabled():
                print(f"  {line}", flush=True)

    return say_figure


@pytest.fixture
def report(request: pytest.FixtureRequest, say: Callable[[str], None]) -> Callable[[Row], None]:
    """Puts a row into the table, and prints it at once."""

    def add(row: Row) -> None:
        request.config.stash.setdefault(_ROWS, []).append(row)
        say("  ".join(cell for cell in row.cells() if cell))

    return add


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The whole table at the end, where it was measured."""
    rows = config.stash.get(_ROWS, [])
    if rows and _is_asked_for(config):
        terminalreporter.write_line("")
        terminalreporter.write_line(markdown(rows))


def _is_asked_for(config: pytest.Config) -> bool:
    named = [
        (config.invocation_params.dir / str(argument).split("::")[0]).resolve()
        for argument in config.invocation_params.args
        if not str(argument).startswith("-")
    ]
    return any(path == HERE or HERE in path.parents for path in named)
