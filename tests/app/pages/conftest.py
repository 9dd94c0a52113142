"""Fixtures of the pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.pages.main_window import MainWindow
from app.settings import SettingsStore
from tests.app.pages.domain_stage import Play
from tests.app.pages.sessions import dispose


@pytest.fixture
def settings(tmp_path: Path) -> SettingsStore:
    """Of somebody who has been welcomed."""
    store = SettingsStore(tmp_path / "settings.toml")
    store.update(general={"welcome_done": True})
    return store


@pytest.fixture
def window(qapp: QApplication, settings: SettingsStore) -> Iterator[MainWindow]:
    """The whole window, shown, without a session."""
    made = MainWindow(settings)
    made.show()
    yield made
    dispose(made)


@pytest.fixture
def play_domain(qapp: QApplication, tmp_path: Path) -> Play:
    return Play(qapp, tmp_path)
