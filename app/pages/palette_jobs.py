"""Finds jobs by name through the store for the palette: page by page, and never for longer than what is typed holds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.models.fuzzy import fit
from app.models.job_figures import JOB_TAG
from app.models.palette_model import Entry

if TYPE_CHECKING:
    from app.bridge.session import Session

_PAGE = 100
_MOST_LOOKED_AT = 2_000
_MOST_FOUND = 12


class JobFinder(QObject):
    """One search at a time: a new one takes the place of the last. `found(str, list[Entry])` comes once for each that ends.

    Of very many jobs the newest 2,000 are looked at. `tag`: the one whose values the jobs are.
    """

    found = Signal(str, list)

    def __init__(
        self, session: Session, tag: str, show_job: Callable[[str], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._tag = tag
        self._session = session
        self._show_job = show_job
        self._search: asyncio.Task[None] | None = None

    def look_for(self, typed: str) -> None:
        """Begins to look for what was typed; nothing typed finds nothing."""
        self.stop()
        if typed.strip():
            self._search = asyncio.get_running_loop().create_task(self._look(typed))

    def stop(self) -> None:
        """Looks no more. Idempotent."""
        if self._search is not None:
            self._search.cancel()
            self._search = None

    async def _look(self, typed: str) -> None:
        scheduler = self._session.scheduler
        scored: list[tuple[float, int, str]] = []
        for offset in range(0, _MOST_LOOKED_AT, _PAGE):
            jobs = await scheduler.jobs(self._tag, _PAGE, offset)
            for number, job in enumerate(jobs, start=offset):
                if (score := fit(typed, job.value)) is not None:
                    scored.append((-score, number, job.value))
            if len(jobs) < _PAGE:
                break
        names = [name for _, _, name in sorted(scored)[:_MOST_FOUND]]
        self.found.emit(typed, self._entries(names))

    def _entries(self, names: Sequence[str]) -> list[Entry]:
        kind = self.tr("Job") if self._tag == JOB_TAG else self._tag
        return [
            Entry(f"job:{name}", name, kind, lambda name=name: self._show_job(name), icon="jobs")
            for name in names
        ]
