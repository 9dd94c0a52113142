"""Settings of the four domains changed while they work: what starts from then on goes by them, what runs does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image

from app.opening import DataFolder, Opened
from app.paths import DataPaths
from app.plugin_host.drops import take_drop
from app.plugin_host.host import LoadedPlugin
from app.plugin_host.overrides import Override
from app.problem import Problem
from app.settings import SettingsStore
from scheduler_core import Scheduler
from tests.helpers.real_files import jpeg


@dataclass
class World:
    """The app without a window on a data folder, following its settings."""

    opened: Opened
    settings: SettingsStore
    paths: DataPaths
    told: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    failed: list[Problem] = field(default_factory=list[Problem])
    mended: list[Problem] = field(default_factory=list[Problem])
    changed: list[LoadedPlugin] = field(default_factory=list[LoadedPlugin])

    @property
    def scheduler(self) -> Scheduler:
        return self.opened.scheduler

    async def set(self, domain: str, **values: object) -> None:
        """As the form does; returns when it holds."""
        self.settings.update(domains={domain: values})
        await self.opened.slow_settings.wait()

    async def take(self, path: Path) -> None:
        """Takes a file in, and waits until the job is done."""
        await take_drop(self.opened.plugins, [path], self.scheduler)
        await self.scheduler.wait_idle()


@asynccontextmanager
async def world(folder: Path, overrides: tuple[Override, ...] = ()) -> AsyncIterator[World]:
    paths = DataPaths(folder)
    paths.create()
    settings = SettingsStore(paths.settings)
    settings.update(pressure={"slow_down": False})
    told: list[tuple[str, str]] = []
    data = DataFolder(paths, lambda title, text: told.append((title, text)), overrides)
    opened = await data.open(settings.value)
    made = World(opened, settings, paths, told)
    slow = opened.slow_settings
    slow.failed.connect(made.failed.append)
    slow.mended.connect(made.mended.append)
    slow.plugin_changed.connect(made.changed.append)
    settings.changed.connect(opened.work_settings.apply)
    try:
        yield made
    finally:
        settings.changed.disconnect(opened.work_settings.apply)
        await data.close()


@pytest.fixture
def picture(tmp_path: Path) -> Callable[[str], Path]:
    """Makes a picture of 800 by 600 that is like no other."""

    def make(name: str) -> Path:
        path = tmp_path / f"{name}.jpg"
        path.write_bytes(jpeg(size=(800, 600)) + name.encode())
        return path

    return make


def widths(library: Path) -> list[int]:
    """How wide the thumbnails are, the narrowest first."""
    found: list[int] = []
    for path in (library / "thumbnails").rglob("*.webp"):
        with Image.open(path) as image:
            found.append(image.width)
    return sorted(found)


async def test_the_next_thumbnail_has_the_size_that_was_set(
    tmp_path: Path, picture: Callable[[str], Path]
) -> None:
    async with world(tmp_path / "data") as on:
        await on.take(picture("one"))
        assert widths(on.paths.library) == [512]
        await on.set("process", edge=96)
        await on.take(picture("two"))
        assert widths(on.paths.library) == [96, 512]
        await on.set("process", edge=None)
        await on.take(picture("three"))
        assert widths(on.paths.library) == [96, 512, 512]


async def test_what_is_mirrored_from_then_on_goes_to_the_folder_that_was_set(
    tmp_path: Path, picture: Callable[[str], Path]
) -> None:
    async with world(tmp_path / "data") as on:
        other = tmp_path / "elsewhere"
        await on.set("sync", target=str(other))
        await on.take(picture("one"))
        assert len(list(other.rglob("*.jpg"))) == 1
        assert not (on.paths.library.parent / "mirror").exists()
        (health,) = [plugin.health for plugin in on.changed]
        assert health is not None
        assert health.ok


async def test_a_disk_that_is_not_there_is_told_at_once_and_no_longer_when_it_is(tmp_path: Path) -> None:
    async with world(tmp_path / "data") as on:
        await on.set("sync", target=str(tmp_path / "missing" / "mirror"))
        await on.set("sync", target=str(tmp_path / "mirror"))
        assert [plugin.health is not None and plugin.health.ok for plugin in on.changed] == [False, True]


async def test_jobs_are_told_of_as_is_set_now(tmp_path: Path, picture: Callable[[str], Path]) -> None:
    async with world(tmp_path / "data") as on:
        await on.set("notify", tell_about="failed")
        await on.take(picture("one"))
        assert on.told == []
        await on.set("notify", tell_about="all")
        await on.take(picture("two"))
        assert [title for title, _ in on.told] == ["two.jpg"]


async def test_a_file_that_is_too_large_now_is_refused(
    tmp_path: Path, picture: Callable[[str], Path]
) -> None:
    async with world(tmp_path / "data") as on:
        large = tmp_path / "large.txt"
        large.write_text("words " * 400_000)
        await on.set("ingest", largest_file_mb=1)
        await on.take(large)
        (failed,) = await on.scheduler.failures()
        assert "1.0 MB are allowed" in (failed.last_error or "")
        await on.set("ingest", largest_file_mb=None)
        await on.take(large)
        assert [path.suffix for path in (on.paths.library / "content").rglob("*.txt")] == [".txt"]


async def test_how_many_at_once_follows_too_unless_a_person_set_a_limit(tmp_path: Path) -> None:
    async with world(tmp_path / "data") as on:
        ingest = on.scheduler.domain("ingest")
        assert ingest.max_concurrency == 4
        await on.set("ingest", concurrency=9)
        assert ingest.max_concurrency == 9
        on.settings.update(limits={"domains": {"ingest": 2}})
        await on.set("ingest", concurrency=7)
        assert ingest.max_concurrency == 2
        on.settings.update(limits={"domains": {"ingest": None}})
        assert ingest.max_concurrency == 7


async def test_a_limit_that_happens_to_be_what_the_plugin_declared_stays_the_persons(tmp_path: Path) -> None:
    async with world(tmp_path / "data") as on:
        on.settings.update(limits={"domains": {"ingest": 4}})
        await on.set("ingest", concurrency=9)
        assert on.scheduler.domain("ingest").max_concurrency == 4


async def test_what_is_tried_again_goes_by_the_number_that_was_set(tmp_path: Path) -> None:
    async with world(tmp_path / "data") as on:
        await on.set("sync", retries=0, target=str(tmp_path / "missing" / "far" / "mirror"))
        (tmp_path / "missing").write_text("a file, where a folder should be")
        sync = on.scheduler.domain("sync")
        await sync.submit(sync.new_task("mirror", job="a"))
        await on.scheduler.wait_idle()
        (failed,) = await on.scheduler.failures()
        assert failed.retry_count == 0


async def test_fetches_under_way_keep_what_they_have(tmp_path: Path) -> None:
    """Only the first building sweeps the folder of what is being fetched."""
    async with world(tmp_path / "data") as on:
        half = on.paths.plugin("ingest") / "fetched" / "1" / "half"
        half.parent.mkdir(parents=True)
        half.write_text("so far")
        await on.set("ingest", retries=7)
        assert half.read_text() == "so far"


async def test_a_bad_value_in_the_file_is_told_and_the_last_good_one_used_until_it_is_mended(
    tmp_path: Path, picture: Callable[[str], Path]
) -> None:
    async with world(tmp_path / "data") as on:
        await on.set("process", edge=96)
        text = on.paths.settings.read_text()
        on.paths.settings.write_text(text.replace("edge = 96", 'edge = "huge" # mine'))
        on.settings.reload()
        await on.opened.slow_settings.wait()
        (problem,) = on.failed
        assert problem.thing.startswith("Setting edge of ")
        assert "'huge'" in problem.reason
        assert "last good value" in problem.remedy
        await on.set("process", quality=70)
        await on.take(picture("one"))
        assert widths(on.paths.library) == [96]
        assert '"huge" # mine' in on.paths.settings.read_text()
        assert len(on.failed) == 1, "it is told once"
        on.paths.settings.write_text(on.paths.settings.read_text().replace('"huge"', "80"))
        on.settings.reload()
        await on.opened.slow_settings.wait()
        assert on.mended == [problem]
        await on.take(picture("two"))
        assert widths(on.paths.library) == [80, 96]


async def test_changes_that_come_faster_than_they_apply_end_with_the_last(tmp_path: Path) -> None:
    async with world(tmp_path / "data") as on:
        for edge in range(100, 140):
            on.settings.update(domains={"process": {"edge": edge}})
        await on.opened.slow_settings.wait()
        (loaded,) = {plugin.name: plugin for plugin in on.changed}.values()
        assert loaded.settings is not None
        assert loaded.settings.model_dump()["edge"] == 139
        assert len(on.changed) < 40


async def test_what_the_command_line_says_holds_whatever_the_file_says(tmp_path: Path) -> None:
    overrides = (Override.parse("process.edge=200"),)
    async with world(tmp_path / "data", overrides) as on:
        await on.set("process", edge=96, quality=50)
        (loaded,) = on.changed
        assert loaded.settings is not None
        dumped = loaded.settings.model_dump()
        assert (dumped["edge"], dumped["quality"]) == (200, 50)


async def test_aging_and_the_way_of_writing_follow_too(tmp_path: Path) -> None:
    async with world(tmp_path / "data") as on:
        assert on.scheduler.aging is None
        on.settings.update(advanced={"aging": True, "synchronous": "full"})
        await on.opened.slow_settings.wait()
        assert on.scheduler.aging is not None
        on.settings.update(advanced={"aging": False})
        await on.opened.slow_settings.wait()
        assert on.scheduler.aging is None
        assert on.failed == []


async def test_settings_that_change_while_it_closes_are_left(tmp_path: Path) -> None:
    async with world(tmp_path / "data") as on:
        on.settings.update(domains={"process": {"edge": 99}})
        closing = asyncio.ensure_future(on.opened.slow_settings.close())
        on.settings.update(domains={"process": {"edge": 98}})
        await closing
        on.settings.update(domains={"process": {"edge": 97}})
        await on.opened.slow_settings.wait()
        assert len(on.changed) <= 1
