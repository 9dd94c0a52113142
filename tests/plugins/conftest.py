"""What the tests of the domains together use."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.pipeline import Pipeline


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    """The four domains on a new data folder."""
    return Pipeline(tmp_path / "data")
