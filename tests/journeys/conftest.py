"""What the journeys use."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from tests.journeys.real_app import run_journey

Journey = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture
def go(qapp: QApplication) -> Journey:
    """Goes on a journey, on the loop that the app uses."""
    return lambda journey: run_journey(qapp, journey)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data folder of one who has started Tidemill before."""
    root = tmp_path / "Tidemill"
    root.mkdir()
    # No waiting between attempts in tests.
    (root / "settings.toml").write_text(
        "[general]\nwelcome_done = true\n"
        "[domains.ingest]\nretry_delay_s = 0.0\n"
        "[domains.sync]\nretries = 1\nretry_delay_s = 0.0\n"
    )
    return root
