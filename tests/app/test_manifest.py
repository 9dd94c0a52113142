"""Manifests are read without importing a plugin, and judged before it is imported."""

from __future__ import annotations

import sys

import pytest

from app import __version__
from app.plugin_host.manifest import find_plugins, is_in_range
from tests.app.programs import TINY_MANIFEST, PluginMaker


@pytest.mark.parametrize(
    ("version", "wanted", "expected"),
    [
        ("0.1.0", ">=0.1,<0.2", True),
        ("0.2", ">=0.1,<0.2", False),
        ("0.2.0", "<=0.2", True),
        ("0.10.0", ">=0.9", True),
        ("1.0", "==1.0.0", True),
        ("1.0.1", "!=1.0.1", False),
        ("1.0", "", True),
    ],
)
def test_version_ranges(version: str, wanted: str, expected: bool) -> None:
    assert is_in_range(version, wanted) is expected


def test_a_range_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="no version range"):
        is_in_range("1.0", "about 1")


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        (None, "plugin.toml is missing"),
        ("name = ", "cannot be read"),
        ('name = "probe"\nversion = "1"\ncore = ">=0"\n', "title"),
        (TINY_MANIFEST.replace(">=0.1,<0.2", ">=7"), f"it needs core >=7, this is {__version__}"),
        (TINY_MANIFEST.replace(">=0.1,<0.2", "newest"), "no version range"),
    ],
)
def test_a_bad_manifest_says_what_is_wrong_and_imports_nothing(
    make_plugin: PluginMaker, monkeypatch: pytest.MonkeyPatch, manifest: str | None, words: str
) -> None:
    make_plugin("probe", code="raise SystemError('imported')", manifest=manifest)
    monkeypatch.syspath_prepend(str(make_plugin.site))
    found = next(one for one in find_plugins(__version__) if one.entry_point.name == "probe")
    assert words in str(found.error)
    assert not any(name.startswith("tidemill_probe") for name in sys.modules)


def test_a_good_manifest_is_read_without_importing(
    make_plugin: PluginMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_plugin()
    monkeypatch.syspath_prepend(str(make_plugin.site))
    found = next(one for one in find_plugins(__version__) if one.name == "tiny")
    assert found.error is None
    assert found.manifest is not None
    assert (found.manifest.title, found.manifest.order, found.manifest.touches) == ("Tiny", 5, ("files",))
    assert not any(name.startswith("tidemill_tiny") for name in sys.modules)


def test_a_plugin_brings_its_translations_beside_its_manifest(
    make_plugin: PluginMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are read without importing it; a language that it has not is English."""
    package = make_plugin()
    (package / "translations").mkdir()
    (package / "translations" / "de.toml").write_text(
        '"Tiny" = "Winzig"\n"{0}: no file" = "{0}: keine Datei"\n'
    )
    monkeypatch.syspath_prepend(str(make_plugin.site))
    found = next(one for one in find_plugins(__version__) if one.name == "tiny")
    german = found.sentences("de")
    assert german.find("Tiny") == "Winzig"
    assert german.find("a.txt: no file") == "a.txt: keine Datei"
    assert not found.sentences("en")
    assert not found.sentences("fr")
    assert not any(name.startswith("tidemill_tiny") for name in sys.modules)
