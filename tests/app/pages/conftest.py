"""Fixtures of the pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.app.pages.domain_stage import Play


@pytest.fixture
def play_domain(qapp: QApplication, tmp_path: Path) -> Play:
    return Play(qapp, tmp_path)
