"""docs/behaviours.md tells what is true now: each of its lines names a test that is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

CORE = Path(__file__).parent
PAGE = CORE.parents[1] / "docs" / "behaviours.md"


def named() -> set[str]:
    """The tests that the page names, as `file::test`."""
    return set(re.findall(r"^- .+: `([\w/]+\.py::test_\w+)`$", PAGE.read_text("utf-8"), flags=re.MULTILINE))


def present() -> set[str]:
    """The tests of the core."""
    return {
        f"{path.relative_to(CORE).as_posix()}::{node.name}"
        for path in CORE.rglob("test_*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    }


def test_every_line_names_a_test_that_is_there() -> None:
    assert len(named()) > 300
    assert not sorted(named() - present()), "write docs/behaviours.md anew"
