"""Makes the modules of packaging/freeze importable, which the packager runs as scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.packaging.freezer import FREEZE


@pytest.fixture(autouse=True)
def freeze_modules() -> Iterator[None]:
    """They are found by their plain names while a test of this folder runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(FREEZE)
        yield
