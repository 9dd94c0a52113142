"""The doors between the rooms (docs/architecture.md): what may import what, checked by import-linter."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def rules() -> dict[str, Any]:
    """import-linter's part of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]


def test_nobody_imports_through_a_closed_door() -> None:
    ended = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_every_plugin_is_under_the_rules(rules: dict[str, Any]) -> None:
    packages = {path.name for path in ROOT.glob("plugins/*/src/*") if (path / "__init__.py").is_file()}
    assert packages <= set(rules["root_packages"])
    (strangers,) = [one for one in rules["contracts"] if one["id"] == "plugins-are-strangers"]
    assert packages == set(strangers["modules"])


@pytest.mark.parametrize("package", ["scheduler_core", "app"])
def test_a_new_module_without_a_layer_would_fail(rules: dict[str, Any], package: str) -> None:
    (layers,) = [
        one for one in rules["contracts"] if one["type"] == "layers" and package in one["containers"]
    ]
    assert layers["exhaustive"]
    assert not [layer for layer in layers["layers"] if "(" in layer], "every layer has to exist"


def test_only_the_composition_root_asks_for_the_application() -> None:
    users = [
        path.relative_to(ROOT).as_posix()
        for package in ("app", "plugins", "scheduler_core")
        for path in (ROOT / package).rglob("*.py")
        if "tests" not in path.parts and "Application.instance()" in path.read_text("utf-8")
    ]
    assert set(users) <= {"app/bootstrap.py"}
