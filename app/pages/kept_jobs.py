"""What a person chose last on the page Jobs: the tag that groups them, which the palette uses too, and which are shown."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSettings

from app.models.job_figures import JOB_TAG
from app.models.jobs_filter import JobKind, JobsWish

_KEY: Final = "jobs/tag"
_KIND: Final = "jobs/kind"
_TEXT: Final = "jobs/text"


def kept_tag(state: QSettings) -> str:
    """The key of the tag; that of jobs unless another was chosen."""
    return str(state.value(_KEY, "")) or JOB_TAG


def keep_tag(state: QSettings, tag: str) -> None:
    """Remembers it, over restarts too."""
    state.setValue(_KEY, tag)


def kept_wish(state: QSettings) -> JobsWish:
    """The jobs that are shown; all where nothing was kept, or nothing that is known."""
    kinds = {kind.value: kind for kind in JobKind}
    kind = kinds.get(str(state.value(_KIND, "")), JobKind.ALL)
    return JobsWish(kind, str(state.value(_TEXT, "") or ""))


def keep_wish(state: QSettings, wish: JobsWish) -> None:
    """Remembers it, over restarts too."""
    state.setValue(_KIND, wish.kind.value)
    state.setValue(_TEXT, wish.text)
