"""Nothing is passed on without the text of its licence."""

from __future__ import annotations

from pathlib import Path

import pytest

OWN = "own"


def make_distribution(site: Path, name: str, licence: str | None) -> Path:
    """An installed distribution of one module, which is returned."""
    module = site / f"{name}.py"
    module.write_text("")
    info = site / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\nLicense-Expression: ISC\n"
    )
    record = [f"{name}.py,,", f"{info.name}/METADATA,,", f"{info.name}/RECORD,,"]
    if licence is not None:
        (info / "LICENSE").write_text(licence)
        record.append(f"{info.name}/LICENSE,,")
    (info / "RECORD").write_text("\n".join(record) + "\n")
    return module


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    return folder


def test_each_component_has_its_licence_beside_it(site: Path, tmp_path: Path) -> None:
    from licences import LIST, collect_licences

    own_licence = tmp_path / "LICENSE"
    own_licence.write_text("ours")
    sources = [
        make_distribution(site, "thing_of_others", "theirs"),
        make_distribution(site, "own_plugin", None),
    ]
    make_distribution(site, "not_inside", "whatever")
    target = tmp_path / "licences"
    components = collect_licences(sources, target, OWN, own_licence)
    assert [one.name for one in components] == ["python", "own-plugin", "thing-of-others"]
    assert (target / "thing-of-others/LICENSE").read_text() == "theirs"
    assert (target / "own-plugin/LICENSE").read_text() == "ours"
    assert "thing-of-others        1.0          ISC\n" in (target / LIST).read_text()


def test_a_component_without_a_licence_stops_the_build(site: Path, tmp_path: Path) -> None:
    from licences import NoLicenceError, collect_licences

    source = make_distribution(site, "thing", None)
    with pytest.raises(NoLicenceError, match=r"thing 1\.0 comes without its licence"):
        collect_licences([source], tmp_path / "licences", OWN, tmp_path / "LICENSE")


def test_qt_has_the_text_of_the_lgpl() -> None:
    from licences import _WITHOUT_TEXT, COMMON

    for name in ("pyside6-essentials", "shiboken6"):
        assert [(COMMON / one).is_file() for one in _WITHOUT_TEXT[name]] == [True, True]
