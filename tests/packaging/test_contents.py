"""What goes into the frozen app: all that git keeps of the packages, found by folder, and only what is needed besides."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path, PurePath

import pytest

from tests.packaging.freezer import REPOSITORY, run_code

FIND = """
import json
from contents import EXCLUDED, LEFT_OUT, find_contents
found = find_contents()
print(json.dumps({
    "distributions": found.distributions,
    "modules": sorted({*found.modules, *LEFT_OUT}),
    "files": sorted(str(one.folder / one.source.name) for one in found.files),
}))
"""
IMPORT = """
import importlib, sys
from contents import EXCLUDED, find_contents
modules = find_contents().modules
for name in EXCLUDED:
    sys.modules[name] = None
for name in modules:
    importlib.import_module(name)
import pyqtgraph
print(len(modules))
"""


@pytest.fixture(scope="module")
def found() -> dict[str, list[str]]:
    return json.loads(run_code(FIND))


def kept_below(*folders: str) -> list[PurePath]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *folders],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [PurePath(name) for name in listed.split("\0") if name and (REPOSITORY / name).is_file()]


def packaged() -> list[PurePath]:
    """What git keeps of all packages, by its place in the app."""
    plugins = [PurePath(*path.parts[3:]) for path in kept_below("plugins") if path.parts[2] == "src"]
    return [*kept_below("scheduler_core", "app"), *plugins]


def test_every_module_is_in(found: dict[str, list[str]]) -> None:
    names = {
        ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        for path in packaged()
        if path.suffix == ".py"
    }
    assert names <= set(found["modules"])
    assert "scheduler_core.store.schema" in names


def test_every_file_beside_the_code_is_in(found: dict[str, list[str]]) -> None:
    beside = {str(path) for path in packaged() if path.suffix != ".py" and path.name != "py.typed"}
    resources = {str(PurePath("app/_resources", *path.parts[1:])) for path in kept_below("resources")}
    assert beside | resources <= set(found["files"])
    assert any(name.endswith(".sql") for name in beside)
    assert sum(name.endswith("plugin.toml") for name in beside) == len(list(REPOSITORY.glob("plugins/*")))


def test_every_plugin_is_found_in_it(found: dict[str, list[str]]) -> None:
    names = {f"tidemill-{path.name}" for path in REPOSITORY.glob("plugins/*")}
    assert names | {"tidemill"} == set(found["distributions"])
    for name in names:
        (info,) = (
            one for one in found["files"] if one.startswith(name.replace("-", "_")) and "entry_points" in one
        )
        assert info.endswith(".dist-info/entry_points.txt")
    assert not [one for one in found["files"] if PurePath(one).name in {"RECORD", "direct_url.json"}]


def test_nothing_that_is_left_out_is_imported() -> None:
    assert int(run_code(IMPORT)) > 100


def test_files_and_modules_are_found_by_their_folder(tmp_path: Path) -> None:
    from contents import data_below, modules_below

    for name in ("__init__.py", "a/b.py", "a/c.sql", "d.qm", "py.typed", "a/__pycache__/b.pyc", "e.pyi"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert list(modules_below(tmp_path, "some")) == ["some", "some.a.b"]
    placed = [str(one.folder / one.source.name) for one in data_below(tmp_path, Path("some"))]
    assert placed == ["some/a/c.sql", "some/d.qm"]


@pytest.mark.parametrize(
    ("name", "source", "is_in"),
    [
        ("libssl.so.3", "/usr/lib/x86_64-linux-gnu/libssl.so.3", False),
        ("libz.so.1", "/lib/x86_64-linux-gnu/libz.so.1", False),
        ("libpython3.11.so.1.0", "/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0", True),
        ("python3.11/lib-dynload/_ssl.so", "/usr/lib/python3.11/lib-dynload/_ssl.so", True),
        ("libQt6Core.so.6", "PySide6/Qt/lib/libQt6Core.so.6", True),
        ("PySide6/Qt/lib/libQt6EglFsKmsSupport.so.6", "/venv/libQt6EglFsKmsSupport.so.6", False),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", "/venv/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqvnc.so", "/venv/libqvnc.so", False),
        ("PySide6/Qt/plugins/imageformats/libqwebp.so", "/venv/libqwebp.so", True),
        ("PySide6/Qt/plugins/tls/libqopensslbackend.so", "/venv/libqopensslbackend.so", False),
    ],
)
def test_libraries_of_the_system_and_plugins_for_other_screens_stay_out(
    name: str, source: str, is_in: bool
) -> None:
    from contents import is_wanted_library

    assert is_wanted_library(name, source) == is_in


def test_of_the_data_of_others_only_what_is_used_goes_in() -> None:
    from contents import is_wanted_data

    assert is_wanted_data("PySide6/Qt/translations/qtbase_de.qm")
    assert not is_wanted_data("PySide6/Qt/translations/qtlocation_de.qm")
    assert not is_wanted_data("numpy-2.4.6.dist-info/RECORD")


def test_what_is_not_installed_is_named() -> None:
    from contents import package_folder

    with pytest.raises(LookupError, match="no_such_package is not installed"):
        package_folder("no_such_package")
