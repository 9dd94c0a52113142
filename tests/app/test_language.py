"""Which language the window speaks, and what is in force while it speaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QObject
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QDialogButtonBox

from app.language import Language, choose_language, locale_of, named, said, said_in_general
from app.models.state_words import state_text
from app.models.wording import bytes_text, decimal_text, duration_text, moment_text, number_text
from app.sentences import Sentences
from app.settings import SettingsStore
from app.system.tray import Tray
from scheduler_core import TaskStatus

THERE = ("en", "de")


@pytest.fixture
def german(qapp: QApplication) -> Iterator[Language]:
    language = Language("de")
    language.install()
    yield language
    language.remove()


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (["de-Latn-DE", "de-DE", "de-Latn", "de"], "de"),
        (["de-AT"], "de"),
        (["de_CH"], "de"),
        (["en-GB", "en", "de"], "en"),
        (["fr-FR", "fr"], "en"),
        (["fr-FR", "fr", "de-DE", "de"], "de"),
        (["C"], "en"),
        ([], "en"),
    ],
)
def test_the_system_chooses(wanted: list[str], code: str) -> None:
    assert choose_language("system", wanted, THERE) == code


@pytest.mark.parametrize("wanted", [["de-DE"], ["fr-FR"], []])
def test_the_setting_comes_before_the_system(wanted: list[str]) -> None:
    assert choose_language("de", wanted, THERE) == "de"
    assert choose_language("en", wanted, THERE) == "en"


def test_a_language_that_is_not_there_any_more_is_no_choice() -> None:
    assert choose_language("xx", ["de-DE"], THERE) == "de"


@pytest.mark.parametrize(
    ("code", "system", "name"),
    [
        ("de", "de_AT", "de_AT"),
        ("de", "en_US", "de_DE"),
        ("en", "en_US", "en_US"),
        ("en", "C", "C"),
        ("en", "fr_FR", "en_GB"),
        ("en", "de_DE", "en_GB"),
    ],
)
def test_numbers_are_written_as_the_texts_are(code: str, system: str, name: str) -> None:
    assert locale_of(code, QLocale(system)).name() == name


def test_the_setting_is_known_before_the_settings_are_read(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "settings.toml")
    assert store.first_look.language == "system"
    store.update(general={"language": "de"})
    assert store.first_look.language == "de"
    assert SettingsStore(tmp_path / "settings.toml").first_look.language == "de"
    (tmp_path / "settings.toml").write_text('[general]\nlanguage = "klingon"\n')
    assert SettingsStore(tmp_path / "settings.toml").first_look.language == "system"


def test_texts_and_qts_own_are_german_while_it_is_installed(german: Language) -> None:
    assert state_text(TaskStatus.PAUSED) == "Pausiert"
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel | QDialogButtonBox.StandardButton.Close)
    assert {button.text().replace("&", "") for button in box.buttons()} == {"Abbrechen", "Schließen"}
    assert QKeySequence("Ctrl+Shift+K").toString(QKeySequence.SequenceFormat.NativeText) == "Strg+Umschalt+K"


def test_a_class_finds_the_texts_of_the_one_it_is_made_from(german: Language) -> None:
    class Tray(QObject):
        def words(self) -> str:
            return self.tr("Quit")

    class Special(Tray):
        pass

    assert Special().words() == "Beenden"


def test_numbers_bytes_times_and_dates_are_german(german: Language) -> None:
    assert number_text(1_284_000) == "1.284.000"
    assert decimal_text(0.25) == "0,25"
    assert bytes_text(18_400_000) == "18,4 MB"
    assert duration_text(2 * 86_400 + 3 * 3600) == "2 T. 3 h"
    now = datetime(2026, 10, 26, 12, 0, tzinfo=UTC)
    assert moment_text(now - timedelta(days=1), now).startswith("gestern ")
    assert moment_text(now - timedelta(days=12), now).startswith("14. Okt.")


@pytest.mark.parametrize("say", [said, said_in_general, named])
def test_english_stays_as_it_is(qapp: QApplication, say: Callable[[str, str], str]) -> None:
    for text in ("Permission denied", "", "with a \0 in it", "half a \udcff"):
        assert say(text, "ingest") == text


def test_what_was_said_without_qt_is_german(german: Language) -> None:
    german.add_plugin("one", Sentences({"take": "nehmen", "{0}: no {1}": "{0}: kein {1}"}))
    german.add_plugin("two", Sentences({"take": "greifen"}))
    assert said("x.jpg: Permission denied") == "x.jpg: keine Berechtigung"
    assert said("x: no 1,200.5") == "x: kein 1.200,5"
    assert said_in_general("x: no 1,200.5") == "…: kein …"
    assert [named("take", domain) for domain in ("one", "two", "three")] == ["nehmen", "greifen", "nehmen"]
    assert named("x: no way", "one") == "x: no way"
    for text in ("nobody knows this", "", "with a \0 in it", "half a \udcff", "long " * 2_000):
        assert said(text, "one") == text


def test_everything_is_english_again_after_it_was_removed(qapp: QApplication) -> None:
    before = QLocale()
    language = Language("de")
    language.install()
    language.remove()
    assert state_text(TaskStatus.PAUSED) == "Paused"
    assert said("Permission denied") == "Permission denied"
    assert QLocale() == before
    assert QCoreApplication.translate("Tray", "Quit") == "Quit"


def test_a_language_without_files_is_told_in_the_log(
    qapp: QApplication, caplog: pytest.LogCaptureFixture
) -> None:
    language = Language("xx")
    language.install()
    language.remove()
    assert "tidemill_xx.qm cannot be loaded" in caplog.text


def test_it_can_be_changed_and_the_tray_follows(qapp: QApplication) -> None:
    language = Language("en")
    language.install()
    tray = Tray()
    try:
        tray.speak()
        assert [action.text() for action in tray.menu.actions() if action.text()][-1] == "Quit"
        language.change("de")
        tray.speak()
        assert [action.text() for action in tray.menu.actions() if action.text()][-1] == "Beenden"
        assert (language.code, said("everything is paused")) == ("de", "alles ist pausiert")
        assert number_text(1_234_567) == "1.234.567"
        language.add_plugin("tiny", Sentences({"Tiny things": "Winzige Dinge"}))
        assert said("Tiny things", "tiny") == "Winzige Dinge"
        language.change("en")
        assert (said("everything is paused"), said("Tiny things", "tiny")) == (
            "everything is paused",
            "Tiny things",
        )
    finally:
        tray.close()
        language.remove()


def test_the_trays_menu_is_german(german: Language) -> None:
    tray = Tray()
    words = [action.text() for action in tray.menu.actions() if action.text()]
    assert {"Alles pausieren", "Alles fortsetzen", "Tidemill öffnen", "Beenden"} <= set(words)
    tray.close()
