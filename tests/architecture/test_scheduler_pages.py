"""Every example in docs/scheduler/ runs, and prints what its page says it prints.

The ```python blocks of a page build on each other and are run in order, in one process. A block whose first line names a
file (`# thumbs.py`) is that file instead: a program, which is run if the page shows its output, or part of a pytest suite.
A ```text block right after a ```python block is what that one prints; `...` in it stands for anything within a line.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "scheduler"
PAGES = sorted(path.name for path in FOLDER.glob("*.md"))
RUN_ELSEWHERE = {"metrics.md"}
"""Its one program serves a port: `tests/core/test_prometheus.py` runs it."""
EXAMPLES = [page for page in PAGES if page not in RUN_ELSEWHERE]
RUN_PAGE = ROOT / "tests" / "helpers" / "run_page.py"
LONGEST_PAGE = 300

_BLOCK = re.compile(r"```python\n(?P<code>.*?)```\n(?:\s*```text\n(?P<output>.*?)```\n)?", flags=re.DOTALL)
_FILE = re.compile(r"# ([\w/]+\.py)\b")


class Block(NamedTuple):
    """One example: its code, the file it is (None: a step of the page's program), what it prints (None: not said)."""

    code: str
    file: str | None
    output: str | None


def blocks_of(page: str) -> list[Block]:
    """The examples of a page, in order."""
    found: list[Block] = []
    for match in _BLOCK.finditer((FOLDER / page).read_text("utf-8")):
        name = _FILE.match(match["code"])
        found.append(Block(match["code"], None if name is None else name[1], match["output"]))
    return found


def run(*arguments: str | Path, cwd: Path, given: str = "") -> str:
    """What Python prints, run with warnings as errors; it has to end well and to say nothing on standard error."""
    ended = subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        cwd=cwd,
        env={"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout + ended.stderr
    return ended.stdout


def assert_prints(block: Block, printed: str) -> None:
    said = "" if block.output is None else block.output
    pattern = "\n".join(
        ".*".join(re.escape(part) for part in line.split("...")) for line in said.rstrip().split("\n")
    )
    fits = re.fullmatch(pattern, printed.rstrip())
    assert fits, f"{block.code}\nprints\n{printed}\nand the page says\n{said}"


@pytest.mark.parametrize("page", [page for page in EXAMPLES if any(b.file is None for b in blocks_of(page))])
def test_the_steps_of_a_page_run_in_order_and_print_what_it_says(page: str, tmp_path: Path) -> None:
    steps = [block for block in blocks_of(page) if block.file is None]
    printed = json.loads(run(RUN_PAGE, cwd=tmp_path, given=json.dumps([step.code for step in steps])))
    for step, text in zip(steps, printed, strict=True):
        assert_prints(step, text)


@pytest.mark.parametrize(
    "page", [page for page in EXAMPLES if any(b.file is not None for b in blocks_of(page))]
)
def test_the_files_of_a_page_run_as_programs_or_pass_as_tests(page: str, tmp_path: Path) -> None:
    files = [(block.file, block) for block in blocks_of(page) if block.file is not None]
    for name, block in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(block.code)
    for name, block in files:
        if block.output is not None:
            assert_prints(block, run(name, cwd=tmp_path))
    if any(Path(name).name.startswith("test_") for name, _ in files):
        (settings,) = re.findall(r"```toml\n(.*?)```", (FOLDER / page).read_text("utf-8"), flags=re.DOTALL)
        (tmp_path / "pyproject.toml").write_text(settings)
        options = ("-q", "-p", "pytest_asyncio.plugin", "-p", "no:cacheprovider", "-W", "error")
        assert " passed" in run("-m", "pytest", *options, cwd=tmp_path)


def test_the_index_lists_every_page_once() -> None:
    linked = re.findall(
        r"^- \[[^]]+\]\(([a-z-]+\.md)\)", (FOLDER / "README.md").read_text("utf-8"), flags=re.MULTILINE
    )
    assert sorted(linked) == [page for page in PAGES if page != "README.md"]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_short_enough_to_be_read(page: str) -> None:
    assert len((FOLDER / page).read_text("utf-8").splitlines()) <= LONGEST_PAGE
