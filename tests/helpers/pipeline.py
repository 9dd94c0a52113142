"""The four domains on one data folder, as the app puts them together: real scheduler, real database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from scheduler_core import (
    Domain,
    DropReceipt,
    JobSummary,
    PluginServices,
    Scheduler,
    SchedulerConfig,
    discover_plugins,
)

# No waiting between attempts in tests.
QUICK: Final[Mapping[str, Mapping[str, Any]]] = {
    "ingest": {"retry_delay_s": 0.0},
    "sync": {"retries": 1, "retry_delay_s": 0.0},
}


@dataclass
class Pipeline:
    """A data folder and what runs on it: `told` collects what notify tells, `only` names the domains."""

    root: Path
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: QUICK)
    only: frozenset[str] = frozenset({"ingest", "process", "sync", "notify"})
    told: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    @property
    def library(self) -> Path:
        """What the domains share."""
        return self.root / "library"

    @property
    def mirror(self) -> Path:
        """Where sync mirrors to by default."""
        return self.root / "mirror"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Scheduler]:
        """Opens the scheduler with the domains, each found by its entry point; closes it at the end."""
        self.library.mkdir(parents=True, exist_ok=True)
        opened: list[Scheduler] = []

        async def job_summary(tag: str, value: str) -> JobSummary | None:
            return await opened[0].job(tag, value)

        domains: list[Domain] = []
        for found in discover_plugins().plugins:
            if found.name in self.only:
                data_dir = self.root / "plugins" / found.name
                data_dir.mkdir(parents=True, exist_ok=True)
                services = PluginServices(
                    data_dir=data_dir,
                    library_dir=self.library,
                    tell=lambda title, text: self.told.append((title, text)),
                    job_summary=job_summary,
                )
                settings = found.plugin.settings_model(**self.settings.get(found.name, {}))
                domains.append(found.plugin.build(settings, services))
        scheduler = Scheduler(
            store=self.root / "tidemill.db", domains=domains, config=SchedulerConfig(max_concurrency=8)
        )
        opened.append(scheduler)
        async with scheduler:
            yield scheduler

    async def take(self, scheduler: Scheduler, *paths: Path) -> DropReceipt:
        """Drops `paths`, as the app does: on the first handler that accepts them."""
        for found in discover_plugins().plugins:
            for handler in found.plugin.drop_handlers():
                if handler.accepts(paths):
                    return await handler.submit(paths, scheduler)
        raise AssertionError(f"nothing takes {paths}")

    def stored(self) -> dict[str, tuple[int, int, bytes]]:
        """Every file of the library: inode, time of writing and content."""
        return files_of(self.library)

    def mirrored(self) -> dict[str, tuple[int, int, bytes]]:
        """Every file of the mirror, likewise."""
        return files_of(self.mirror)


def files_of(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Every file below `folder` by its relative name: inode, time of writing (ns) and content."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


def contents_of(folder: Path) -> dict[str, bytes]:
    """Every file below `folder` by its relative name."""
    return {name: content for name, (_, _, content) in files_of(folder).items()}
