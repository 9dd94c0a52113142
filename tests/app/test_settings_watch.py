"""The settings file edited by hand while the app runs, as editors do it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.problem import Problem
from app.settings import SettingsStore
from app.settings_model import AppSettings
from app.system.settings_watch import SettingsWatch

PATIENCE_MS = 5000


class Edited:
    """A settings file that is watched."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.write_text('[general]\ntheme = "dark"\n[limits]\nmax_concurrency = 5\n')
        self.store = SettingsStore(path)
        assert self.store.value.general.theme == "dark"
        self.problems: list[Problem] = []
        self.told: list[AppSettings] = []
        self.store.changed.connect(self.told.append)
        self.mended: list[Problem] = []
        self.watch = SettingsWatch(self.store, self.problems.append, self.mended.append)


@pytest.fixture
def edited(qtbot: QtBot, tmp_path: Path) -> Iterator[Edited]:
    made = Edited(tmp_path / "settings.toml")
    yield made
    made.watch.close()
    made.watch.close()


def test_a_file_that_is_written_in_place_is_taken_over(qtbot: QtBot, edited: Edited) -> None:
    edited.path.write_text('[general]\ntheme = "light"\n')
    qtbot.waitUntil(lambda: edited.store.value.general.theme == "light", timeout=PATIENCE_MS)
    assert edited.store.value.limits.max_concurrency == AppSettings().limits.max_concurrency
    edited.path.write_text('[general]\ntheme = "dark"\n')
    qtbot.waitUntil(lambda: edited.store.value.general.theme == "dark", timeout=PATIENCE_MS)
    assert len(edited.told) == 2
    assert edited.problems == []


def test_a_file_that_is_replaced_is_taken_over_each_time(qtbot: QtBot, edited: Edited) -> None:
    for number in (7, 9, 11):
        part = edited.path.with_name("settings.toml~")
        part.write_text(f"[limits]\nmax_concurrency = {number}\n")
        part.replace(edited.path)
        qtbot.waitUntil(lambda n=number: edited.store.value.limits.max_concurrency == n, timeout=PATIENCE_MS)


def test_a_file_that_is_moved_away_and_written_anew_is_taken_over(qtbot: QtBot, edited: Edited) -> None:
    edited.path.rename(edited.path.with_name("settings.toml.bak"))
    edited.path.write_text("[limits]\nmax_concurrency = 3\n")
    qtbot.waitUntil(lambda: edited.store.value.limits.max_concurrency == 3, timeout=PATIENCE_MS)
    edited.path.write_text("[limits]\nmax_concurrency = 4\n")
    qtbot.waitUntil(lambda: edited.store.value.limits.max_concurrency == 4, timeout=PATIENCE_MS)


def test_bad_values_are_told_once_and_the_last_good_ones_stay(qtbot: QtBot, edited: Edited) -> None:
    bad = '[general]\ntheme = 5\n[limits]\nmax_concurrency = 900\nmine = "kept"\n[pressure]\nordinary = "much"\n'
    edited.path.write_text(bad)
    qtbot.waitUntil(lambda: len(edited.problems) == 3, timeout=PATIENCE_MS)
    value = edited.store.value
    assert (value.general.theme, value.limits.max_concurrency, value.pressure.ordinary) == ("dark", 5, 75)
    places = [problem.thing.split()[1] for problem in edited.problems]
    assert places == ["general.theme", "limits.max_concurrency", "pressure.ordinary"]
    edited.path.write_text(bad + "disk = false\n")
    qtbot.waitUntil(lambda: not edited.store.value.pressure.disk, timeout=PATIENCE_MS)
    assert len(edited.problems) == 3
    assert edited.mended == []
    edited.store.update(pressure={"memory": False})
    assert 'mine = "kept"' in edited.path.read_text()


def test_broken_toml_is_told_and_all_that_was_good_stays(qtbot: QtBot, edited: Edited) -> None:
    edited.path.write_text("[general\ntheme = ")
    qtbot.waitUntil(lambda: len(edited.problems) == 1, timeout=PATIENCE_MS)
    assert edited.store.value.general.theme == "dark"
    assert str(edited.path) in edited.problems[0].thing
    edited.path.write_text('[general]\ntheme = "light"\n')
    qtbot.waitUntil(lambda: edited.store.value.general.theme == "light", timeout=PATIENCE_MS)
    assert edited.store.problems == ()
    assert edited.mended == edited.problems


def test_what_is_corrected_is_told_as_mended_and_what_is_not_stays(qtbot: QtBot, edited: Edited) -> None:
    edited.path.write_text("[general]\ntheme = 5\n[limits]\nmax_concurrency = 900\n")
    qtbot.waitUntil(lambda: len(edited.problems) == 2, timeout=PATIENCE_MS)
    edited.path.write_text('[general]\ntheme = "light"\n[limits]\nmax_concurrency = 900\n')
    qtbot.waitUntil(lambda: len(edited.mended) == 1, timeout=PATIENCE_MS)
    assert "general.theme" in edited.mended[0].thing
    edited.store.update(limits={"max_concurrency": 9})  # by the form
    qtbot.waitUntil(lambda: len(edited.mended) == 2, timeout=PATIENCE_MS)
    assert set(edited.mended) == set(edited.problems)
    edited.path.write_text("[limits]\nmax_concurrency = 900\n")
    qtbot.waitUntil(lambda: len(edited.problems) == 3, timeout=PATIENCE_MS)


def test_another_bad_value_takes_the_place_of_the_first(qtbot: QtBot, edited: Edited) -> None:
    edited.path.write_text("[limits]\nmax_concurrency = 900\n")
    qtbot.waitUntil(lambda: len(edited.problems) == 1, timeout=PATIENCE_MS)
    edited.path.write_text("[limits]\nmax_concurrency = 901\n")
    qtbot.waitUntil(lambda: len(edited.problems) == 2, timeout=PATIENCE_MS)
    assert edited.mended == edited.problems[:1]


def test_a_file_that_is_removed_means_defaults_but_no_second_welcome(qtbot: QtBot, edited: Edited) -> None:
    edited.store.update(general={"welcome_done": True})
    edited.path.unlink()
    qtbot.waitUntil(lambda: edited.store.value.general.theme == "system", timeout=PATIENCE_MS)
    assert edited.store.value.general.welcome_done
    assert edited.problems == []


def test_what_the_app_writes_itself_is_told_once(qtbot: QtBot, edited: Edited) -> None:
    edited.store.update(limits={"max_concurrency": 6})
    other = edited.path.with_name("another-file")
    other.write_text("x")
    edited.path.write_text(edited.path.read_text().replace('"dark"', '"light"'))
    qtbot.waitUntil(lambda: edited.store.value.general.theme == "light", timeout=PATIENCE_MS)
    assert [value.limits.max_concurrency for value in edited.told] == [6, 6]
