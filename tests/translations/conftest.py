"""Makes the modules of packaging/texts importable, which `make texts` runs as scripts."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.journeys.conftest import Journey
from tests.journeys.real_app import run_journey

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "packaging" / "texts"))


@pytest.fixture
def go(qapp: QApplication) -> Journey:
    """Goes on a journey, on the loop that the app uses."""
    return lambda journey: run_journey(qapp, journey, 240.0)
