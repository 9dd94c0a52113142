"""Plugins are found by their entry points; one that cannot be imported is told, and the others are found."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from scheduler_core import DomainPlugin, discover_plugins

GROUP = "tidemill.tests"

GOOD = """
from pydantic import BaseModel
from scheduler_core import Domain, DomainKey, DomainPlugin

class Key(DomainKey):
    name = "found"

class Settings(BaseModel):
    pass

class Found(DomainPlugin):
    key = Key
    settings_model = Settings

    def build(self, settings, services):
        return Domain(Key)

instance = Found()
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of distributions on the path: (name, code, what the entry point names)."""
    monkeypatch.syspath_prepend(str(tmp_path))
    for name, code, target in (
        ("good", GOOD, "Found"),
        ("made", GOOD, "instance"),
        ("sick", "import no_such_module_anywhere", "Found"),
        ("quits", "raise SystemExit(3)", "Found"),
        ("other", "Found = 42", "Found"),
    ):
        (tmp_path / f"discovered_{name}.py").write_text(code)
        info = tmp_path / f"discovered_{name}-1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: discovered-{name}\nVersion: 1\n")
        (info / "entry_points.txt").write_text(f"[{GROUP}]\n{name} = discovered_{name}:{target}\n")
    return tmp_path


@pytest.mark.usefixtures("install")
def test_what_can_be_imported_is_found_and_what_cannot_is_told() -> None:
    result = discover_plugins(GROUP)
    assert [found.name for found in result.plugins] == ["good", "made"]
    assert all(isinstance(found.plugin, DomainPlugin) for found in result.plugins)
    assert {error.name: error.reason.split(":")[0] for error in result.errors} == {
        "other": "TypeError",
        "quits": "SystemExit",
        "sick": "ModuleNotFoundError",
    }
    assert all("Traceback" in error.traceback for error in result.errors)
    for name in [name for name in sys.modules if name.startswith("discovered_")]:
        del sys.modules[name]


def test_the_four_that_ship_are_found() -> None:
    result = discover_plugins()
    assert {found.name for found in result.plugins} >= {"ingest", "process", "sync", "notify"}
    for found in result.plugins:
        assert found.plugin.key.name == found.name
        assert found.plugin.health(found.plugin.settings_model()).ok
