"""The tokens keep their promises: contrast, colours that colour-blind eyes tell apart, and live changes."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.settings import SettingsStore
from app.theme import TOKENS, Scheme, Theme, body_font, color, follow_theme, pattern, scheme, state_token
from scheduler_core import TaskStatus

SCHEMES: tuple[Scheme, Scheme] = ("light", "dark")
SERIES = [f"series-{number}" for number in range(1, 9)]
STATES = [token for token in TOKENS if token.startswith("state-")]
# How linear RGB reaches eyes without one kind of cone: Machado, Oliveira, Fernandes (2009), severity 1.0.
EYES = {
    "all cones": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(one: QColor) -> np.ndarray:
    rgb = np.array([one.redF(), one.greenF(), one.blueF()])
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(one: QColor, other: QColor) -> float:
    """By WCAG 2."""
    low, high = sorted(float(linear(each) @ [0.2126, 0.7152, 0.0722]) for each in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = np.array(to_xyz) @ np.clip(rgb, 0, 1) / [0.9505, 1.0, 1.089]
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("of", SCHEMES)
@pytest.mark.parametrize("token", ["text", "muted", "accent", "warning", "failure", *SERIES, *STATES])
def test_what_is_read_stands_out_from_the_surface(token: str, of: Scheme) -> None:
    assert contrast(color(token, of), color("surface", of)) >= 4.5


@pytest.mark.parametrize("of", SCHEMES)
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("text", "window"),
        ("muted", "window"),
        ("accent", "accent-ground"),
        ("text", "accent-ground"),
        ("warning", "warning-ground"),
        ("failure", "failure-ground"),
        ("on-accent", "accent"),
        ("on-accent", "accent-hover"),
        ("on-toast", "toast"),
    ],
)
def test_words_stand_out_from_their_ground(ink: str, ground: str, of: Scheme) -> None:
    assert contrast(color(ink, of), color(ground, of)) >= 4.5


@pytest.mark.parametrize("of", SCHEMES)
@pytest.mark.parametrize("token", ["switch-off", "handle", "accent"])
def test_controls_stand_out_from_the_surface(token: str, of: Scheme) -> None:
    assert contrast(color(token, of), color("surface", of)) >= 2.9


@pytest.mark.parametrize("of", SCHEMES)
@pytest.mark.parametrize("eyes", EYES)
def test_domains_are_told_apart_by_all_eyes(eyes: str, of: Scheme) -> None:
    seen = {token: lab(np.array(EYES[eyes]) @ linear(color(token, of))) for token in SERIES}
    distances = {
        pair: float(np.linalg.norm(seen[pair[0]] - seen[pair[1]]))
        for pair in itertools.combinations(SERIES, 2)
    }
    nearest = min(distances, key=lambda pair: distances[pair])
    assert distances[nearest] > 12, nearest


def test_every_series_has_a_pattern_of_its_own() -> None:
    assert len({pattern(token) for token in SERIES}) == len(SERIES)
    assert len({pattern(token) for token in STATES}) == len(STATES)
    assert pattern("accent") == Qt.BrushStyle.SolidPattern


def test_every_status_has_a_token() -> None:
    assert {state_token(status) for status in TaskStatus} <= set(TOKENS)


def test_figures_have_one_width(qtbot: QtBot) -> None:
    font = body_font()
    assert font.pixelSize() == 13
    assert "tnum" in [bytes(tag.toString().data()).decode() for tag in font.featureTags()]


@pytest.fixture
def dressed(qtbot: QtBot, tmp_path: Path) -> tuple[Theme, SettingsStore, QWidget]:
    store = SettingsStore(tmp_path / "settings.toml")
    root = QWidget()
    qtbot.addWidget(root)
    theme = Theme(store, root)
    theme.follow_settings()
    return theme, store, root


def test_the_first_picture_is_as_the_file_says(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    root = QWidget()
    qtbot.addWidget(root)
    for said in ("dark", "light"):
        file.write_text(f'[general]\ntheme = "{said}"\n')
        assert Theme(SettingsStore(file), root).scheme == said


def test_the_choice_dresses_the_window_at_once(
    dressed: tuple[Theme, SettingsStore, QWidget], qtbot: QtBot
) -> None:
    theme, store, root = dressed
    store.update(general={"theme": "light"})
    assert (theme.scheme, scheme()) == ("light", "light")
    with qtbot.waitSignal(theme.changed) as told:
        store.update(general={"theme": "dark"})
    assert told.args == ["dark"]
    assert scheme() == "dark"
    assert color("window") == QGuiApplication.palette().window().color()
    assert color("surface", "dark").name() in root.styleSheet()
    store.update(general={"theme": "light"})
    assert scheme() == "light"


def test_a_widget_is_told_of_a_change_and_only_then(
    dressed: tuple[Theme, SettingsStore, QWidget], qtbot: QtBot
) -> None:
    _, store, root = dressed
    store.update(general={"theme": "light"})
    child = QWidget(root)
    told: list[str] = []
    follow_theme(child, lambda: told.append(scheme()))
    store.update(general={"close_to_tray": False})
    assert told == []
    store.update(general={"theme": "dark"})
    qtbot.waitUntil(lambda: told == ["dark"])
    store.update(general={"theme": "light"})
    qtbot.waitUntil(lambda: told == ["dark", "light"])


def test_system_follows_the_system(
    dressed: tuple[Theme, SettingsStore, QWidget], monkeypatch: pytest.MonkeyPatch
) -> None:
    theme, store, _ = dressed
    store.update(general={"theme": "system"})
    hints = QGuiApplication.styleHints()
    monkeypatch.setattr(type(hints), "colorScheme", lambda _: Qt.ColorScheme.Dark)
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.scheme == "dark"
    monkeypatch.setattr(type(hints), "colorScheme", lambda _: Qt.ColorScheme.Light)
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert theme.scheme == "light"


def test_after_close_it_follows_nothing(dressed: tuple[Theme, SettingsStore, QWidget]) -> None:
    theme, store, _ = dressed
    store.update(general={"theme": "light"})
    theme.close()
    store.update(general={"theme": "dark"})
    assert theme.scheme == "light"


def test_an_unknown_token_is_an_error() -> None:
    with pytest.raises(KeyError):
        color("no such token", "light")
