"""Writes packaging/requirements/*.txt: every dependency of every distribution in this tree, pinned and hashed.

    python packaging/lock.py            keeps the pinned versions that still fit
    python packaging/lock.py --upgrade  takes the newest ones that fit

Run it through `make lock`. It resolves for all systems and Pythons that `requires-python` names, so that one file serves
all, and writes no index address: which index is asked is the machine's own business.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "packaging" / "requirements"
OLDEST_PYTHON = "3.11"
OWN = "tidemill"


def main() -> int:
    """Writes run.txt, then test.txt, bench.txt, lock.txt and package.txt in agreement with it; returns the exit code."""
    upgrade = ["--upgrade"] if "--upgrade" in sys.argv[1:] else []
    project = _read(ROOT / "pyproject.toml")
    plugins = [_read(path) for path in sorted(ROOT.glob("plugins/*/pyproject.toml"))]
    groups = project["dependency-groups"]
    run = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["desktop"],
        *(one for plugin in plugins for one in plugin["project"]["dependencies"] if not one.startswith(OWN)),
        *groups["build"],
    ]
    constraints = FOLDER / "constraints.txt"
    _compile("run", run, [constraints], upgrade)
    _compile("test", [*run, *groups["test"]], [constraints, FOLDER / "run.txt"], upgrade)
    _compile("bench", groups["bench"], [constraints, FOLDER / "test.txt"], upgrade)
    _compile("lock", groups["lock"], [constraints], upgrade)
    _compile("package", groups["package"], [constraints, FOLDER / "run.txt"], upgrade)
    return 0


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def _compile(name: str, requirements: list[str], constraints: list[Path], upgrade: list[str]) -> None:
    target = FOLDER / f"{name}.txt"
    command = [
        *(sys.executable, "-m", "uv", "pip", "compile", "-", "--universal", "--generate-hashes"),
        *("--python-version", OLDEST_PYTHON, "--custom-compile-command", "make lock", "--no-annotate"),
        *("--no-emit-index-url", "--no-emit-find-links", "--quiet", "--output-file", str(target)),
        *(part for file in constraints for part in ("--constraint", str(file))),
        *upgrade,
    ]
    subprocess.run(command, input="\n".join(requirements), text=True, check=True, cwd=ROOT)
    print(f"wrote {target.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.exit(main())
