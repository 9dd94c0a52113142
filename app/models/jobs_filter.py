"""Which jobs a person wants to see: all, those at work, or those with failures; and by a word of their name. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from app.models.job_figures import figures
from scheduler_core import JobSummary


class JobKind(Enum):
    """What a person wants to see."""

    ALL = "all"
    ACTIVE = "active"
    FAILED = "failed"


@dataclass(frozen=True)
class JobsWish:
    """The chip that is chosen, and what was typed."""

    kind: JobKind = JobKind.ALL
    text: str = ""

    @property
    def is_all(self) -> bool:
        """Is no job left out?"""
        return self.kind is JobKind.ALL and not self._word

    def accepts(self, job: JobSummary) -> bool:
        """Is it one of those?"""
        if self._word not in job.value.casefold():
            return False
        if self.kind is JobKind.ALL:
            return True
        one = figures(job.counts)
        return bool(one.active if self.kind is JobKind.ACTIVE else one.failed)

    @property
    def _word(self) -> str:
        return self.text.strip().casefold()
