"""The tag by which jobs are grouped, as a person chose it last: the page Jobs and the palette go by it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSettings

from app.models.job_figures import JOB_TAG

_KEY: Final = "jobs/tag"


def kept_tag(state: QSettings) -> str:
    """The key of the tag; that of jobs unless another was chosen."""
    return str(state.value(_KEY, "")) or JOB_TAG


def keep_tag(state: QSettings, tag: str) -> None:
    """Remembers it, over restarts too."""
    state.setValue(_KEY, tag)
