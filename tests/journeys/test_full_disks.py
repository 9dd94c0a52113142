"""Disks without room: what could not be written is named, and it is done when there is room again."""

from __future__ import annotations

import contextlib
import resource
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtWidgets import QPushButton, QTreeView

from tests.helpers.pipeline import contents_of
from tests.helpers.real_files import jpeg, make_mixed_folder
from tests.journeys.conftest import Journey
from tests.journeys.real_app import started_app

KILOBYTE, MEGABYTE = 1_000, 1_000_000


@contextlib.contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Lets no file of this process grow beyond `size` bytes: the kernel refuses to write, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_target_disk_is_named_and_done_when_there_is_room(
    go: Journey, data_dir: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "films"
    folder.mkdir()
    (folder / "long.txt").write_text("a long story\n" * (12 * MEGABYTE // 13))
    (folder / "short.jpg").write_bytes(jpeg())

    async def journey() -> None:
        async with started_app(data_dir) as app:
            await app.open()
            app.click("domain-switch-sync")
            await app.until(lambda: not app.switch("domain-switch-sync"), "sync to be off")
            app.drop([folder])
            await app.until(
                lambda: app.counts["sync"].paused == 1 and app.counts["process"].completed == 1,
                "all but the mirror to be done",
            )
            with largest_file(8 * MEGABYTE):
                app.click("domain-switch-sync")
                await app.until(lambda: app.told, "the message")
                await app.idle()
            assert app.told == ["films: 4 done, 1 failed"]
            failures = await app.listed_failures(1)
            assert "mirror's disk is full" in failures["Mirror the library"]
            reason = f"{app.mirror}: the mirror's disk is full"
            assert reason in app.log
            await app.until(lambda: reason in app.words(app.window), "the details")
            assert "Free some space there, then retry" in app.words(app.window)
            app.click("failures-retry")
            await app.until(lambda: not app.scheduler.failure_count, "it to be tried again")
            await app.idle()
            assert contents_of(app.mirror) == contents_of(app.paths.library)
            await app.until(lambda: not app.seen(QTreeView, "failures-list"), "the empty list")
            await app.until(lambda: not app.seen(QPushButton, "status-failed"), "the status bar to be calm")

    go(journey())


def test_a_full_disk_under_the_database_is_told_and_nothing_is_lost(
    go: Journey, data_dir: Path, tmp_path: Path
) -> None:
    mixed = make_mixed_folder(tmp_path / "holiday", count=150)

    async def journey() -> None:
        async with started_app(data_dir) as app:
            await app.open()
            app.drop([mixed.root])
            await app.until(lambda: app.counts["process"].completed > 10, "some thumbnails")
            with largest_file(64 * KILOBYTE):
                await app.until(app.banners, "the banner")
                banner = app.banners()[-1]
                assert str(data_dir / "tidemill.db") in banner
                assert "Check the disk" in banner
                assert str(data_dir / "tidemill.db") in app.log
            # Now there is room again. What could not be submitted meanwhile waits in Failures.
            await app.idle()
            await app.listed_failures(app.scheduler.failure_count)
            app.click("failures-retry-all")
            await app.session.commands.wait_idle()
            await app.until(
                lambda: app.scheduler.failure_count == len(mixed.failures), "the others to be mended"
            )
            await app.idle()
            stored = contents_of(app.paths.library)
            assert {Path(name).stem for name in stored if name.startswith("content/")} == mixed.stored
            assert {Path(name).stem for name in stored if name.startswith("thumbnails/")} == mixed.thumbnails

    go(journey())
