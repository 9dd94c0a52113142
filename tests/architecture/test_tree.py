"""The tree as a whole: short files, no addresses of registries, and locked dependencies."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ROOT / "packaging" / "requirements"
ALARM_LINES = 400
APART = ("bench", "package")
"""Lock files that are installed on top of the others."""
# Written in parts, or this file would be the first to break the rule.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("crates", "io"),
        ("proxy", "golang", "org"),
        ("maven", "org"),
        ("deb", "debian", "org"),
        ("security", "debian", "org"),
    )
]


def files_of_the_tree() -> list[Path]:
    """What git keeps, or would keep at the next `git add`."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    paths = [ROOT / name.decode() for name in listed.split(b"\0") if name]
    return [path for path in paths if path.is_file()]


def test_no_module_has_outgrown_its_one_job() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in files_of_the_tree()
        if path.suffix == ".py" and (lines := len(path.read_text("utf-8").splitlines())) > ALARM_LINES
    }
    assert not long, f"look for the second noun in {long}"


def test_nothing_lies_beside_the_rooms_of_the_house() -> None:
    rooms = {"app", "scheduler_core", "plugins", "resources", "tests", "packaging", "docs"}
    files = {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile"}
    top = {path.relative_to(ROOT).parts[0] for path in files_of_the_tree()}
    assert {name for name in top - rooms - files if not name.startswith(".")} == set()


def test_no_file_names_a_registry() -> None:
    named = [
        f"{path.relative_to(ROOT)}: {host}"
        for path in files_of_the_tree()
        for host in REGISTRIES
        if host.encode() in path.read_bytes()
    ]
    assert not named


def declared(group: str) -> Iterator[Requirement]:
    """The dependencies that the lock file `group` answers for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = project["dependency-groups"]
    if group in APART:
        return map(Requirement, groups[group])
    texts = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["desktop"]]
    texts += groups["build"]
    if group == "test":
        texts += groups["test"]
    for path in ROOT.glob("plugins/*/pyproject.toml"):
        texts += tomllib.loads(path.read_text("utf-8"))["project"]["dependencies"]
    return (one for one in map(Requirement, texts) if one.name != "tidemill")


@pytest.mark.parametrize("group", ["run", "test", *APART])
def test_every_dependency_is_locked_by_hash_at_a_version_that_fits(group: str) -> None:
    entries = (LOCKS / f"{group}.txt").read_text("utf-8").replace("\\\n", " ").splitlines()
    locked = {
        canonicalize_name(name): (version, hashes)
        for name, version, hashes in re.findall(
            r"^([\w.-]+)==(\S+)[^#\n]*?((?:\s+--hash=\S+)+)$", "\n".join(entries), flags=re.MULTILINE
        )
    }
    for requirement in declared(group):
        version, hashes = locked[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), f"{requirement} is locked at {version}: make lock"
        assert "sha256:" in hashes
    assert group in APART or locked[canonicalize_name("PySide6-Essentials")][0].startswith("6.11.")
    unhashed = [line for line in entries if "==" in line and "--hash" not in line]
    assert not unhashed
