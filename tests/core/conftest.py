"""The core's tests run on the public test kit, on a clock that stands still."""

from __future__ import annotations

import pytest

from scheduler_core.testing import make_scheduler, manual_clock
from tests.core.support import Script

__all__ = ["make_scheduler", "manual_clock"]


@pytest.fixture
def script() -> Script:
    """What the tasks of this test do."""
    return Script()
