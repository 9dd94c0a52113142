"""The settings file: a person's own edits, comments and mistakes survive."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.settings import SettingsStore
from app.settings_model import AppSettings

HAND_WRITTEN = """\
# my own file
[general]
theme = "dark"  # easier at night
something_new = 5

[limits]
max_concurrency = 12

[domains.sync]
target = "/mnt/backup"   # the big disk
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_no_file_means_defaults_and_nothing_is_written(file: Path) -> None:
    store = SettingsStore(file)
    assert store.value == AppSettings()
    assert store.problems == ()
    assert not file.exists()


def test_a_change_keeps_comments_order_and_unknown_keys(file: Path) -> None:
    file.write_text(HAND_WRITTEN)
    store = SettingsStore(file)
    store.update(limits={"max_concurrency": 3})
    assert file.read_text() == HAND_WRITTEN.replace("max_concurrency = 12", "max_concurrency = 3")
    assert store.value.general.theme == "dark"
    assert store.value.domains == {"sync": {"target": "/mnt/backup"}}


def test_edits_made_by_hand_while_it_runs_survive_the_next_change(file: Path) -> None:
    file.write_text(HAND_WRITTEN)
    store = SettingsStore(file)
    file.write_text(HAND_WRITTEN.replace("/mnt/backup", "/mnt/other"))
    store.update(general={"theme": "light"})
    assert "/mnt/other" in file.read_text()
    assert SettingsStore(file).value.domains["sync"]["target"] == "/mnt/other"


def test_each_bad_value_is_one_problem_and_its_default_is_used(file: Path) -> None:
    file.write_text(
        '[general]\ntheme = "pink"\n[limits]\nmax_concurrency = 9000\ndomains = { sync = "many" }\n'
    )
    store = SettingsStore(file)
    assert store.value == AppSettings()
    assert [problem.thing.split()[1] for problem in store.problems] == [
        "general.theme",
        "limits.max_concurrency",
        "limits.domains.sync",
    ]
    assert "'pink'" in store.problems[0].reason
    assert str(file) in store.problems[0].thing


def test_a_bad_value_keeps_the_last_good_one_while_it_runs(file: Path) -> None:
    store = SettingsStore(file)
    store.update(limits={"max_concurrency": 5})
    file.write_text("[limits]\nmax_concurrency = 0\n")
    store.reload()
    assert store.value.limits.max_concurrency == 5
    assert len(store.problems) == 1


def test_a_section_of_the_wrong_kind_is_one_problem(file: Path) -> None:
    file.write_text("general = 5\n[limits]\nmax_concurrency = 6\n")
    store = SettingsStore(file)
    assert store.value.limits.max_concurrency == 6
    assert len(store.problems) == 1


def test_a_file_that_is_no_toml_is_kept_aside_when_something_is_changed(file: Path) -> None:
    file.write_text("[general\ntheme=")
    store = SettingsStore(file)
    assert store.value == AppSettings()
    assert "Settings file" in store.problems[0].thing
    store.update(general={"theme": "dark"})
    assert file.with_name("settings.broken-1.toml").read_text() == "[general\ntheme="
    assert SettingsStore(file).value.general.theme == "dark"
    assert SettingsStore(file).problems == ()


def test_a_refused_change_changes_nothing(file: Path) -> None:
    file.write_text(HAND_WRITTEN)
    store = SettingsStore(file)
    with pytest.raises(ValueError, match="max_concurrency"):
        store.update(limits={"max_concurrency": 65})
    assert file.read_text() == HAND_WRITTEN
    assert store.value.limits.max_concurrency == 12


def test_none_removes_a_key(file: Path) -> None:
    store = SettingsStore(file)
    store.update(limits={"domains": {"sync": 2}})
    store.update(limits={"domains": {"sync": None}})
    assert store.value.limits.domains == {}
    assert "sync" not in file.read_text()


def test_changed_is_told_once_for_a_change_and_never_for_none(file: Path) -> None:
    store = SettingsStore(file)
    told: list[AppSettings] = []
    store.changed.connect(told.append)
    store.update(general={"theme": "dark"})
    store.update(general={"theme": "dark"})
    store.reload()
    assert [value.general.theme for value in told] == ["dark"]


def test_no_temporary_file_stays_behind(file: Path) -> None:
    SettingsStore(file).update(general={"welcome_done": True})
    assert [path.name for path in file.parent.iterdir()] == ["settings.toml"]


def test_paths_and_lists_are_written_as_toml(file: Path) -> None:
    store = SettingsStore(file)
    store.update(plugins={"disabled": ("a", "b")}, domains={"sync": {"target": Path("/mnt/x")}})
    again = SettingsStore(file).value
    assert again.plugins.disabled == ("a", "b")
    assert again.domains["sync"]["target"] == "/mnt/x"
