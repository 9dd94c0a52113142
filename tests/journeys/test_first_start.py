"""The first start: from the welcome to thumbnails one can look at, with the pictures that ship with Tidemill."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PIL import Image, ImageChops, ImageOps
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QTreeView, QWidget

from app.models.jobs_model import JobColumn
from app.resources import samples_dir
from tests.helpers.pipeline import contents_of
from tests.journeys.conftest import Journey
from tests.journeys.real_app import RealApp, started_app

DOMAINS = ("ingest", "process", "sync", "notify")


def is_like(thumbnail: Image.Image, sample: Image.Image) -> bool:
    """Do both show the same, the same way up?"""
    small = (24, 24)
    difference = ImageChops.difference(
        thumbnail.convert("RGB").resize(small), ImageOps.exif_transpose(sample).convert("RGB").resize(small)
    )
    return max(difference.tobytes()) < 48


def assert_thumbnails_are_there(app: RealApp) -> None:
    """Each sample has a thumbnail in the library, upright, and the mirror is the library."""
    for path in sorted(samples_dir().iterdir()):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        thumbnail = app.paths.library / "thumbnails" / digest[:2] / f"{digest}.webp"
        with Image.open(thumbnail) as made, Image.open(path) as sample:
            assert max(made.size) == 512
            assert is_like(made, sample), path.name
    assert contents_of(app.mirror) == contents_of(app.paths.library)


def test_from_the_welcome_to_finished_thumbnails(go: Journey, tmp_path: Path) -> None:
    samples = sorted(samples_dir().iterdir())

    async def journey() -> None:
        async with started_app(tmp_path / "Tidemill") as app:
            assert app.find(QWidget, "page-welcome")
            await app.open()
            app.click("welcome-samples")
            assert app.find(QWidget, "page-overview"), "the welcome has given way"
            await app.until(lambda: app.told, "the one message")
            await app.idle()
            assert_thumbnails_are_there(app)

            counts = ("running", "waiting", "paused", "failed")
            await app.until(
                lambda: {app.card_count(domain, count) for domain in DOMAINS for count in counts} == {"0"},
                "the cards to say that nothing is left",
            )
            await app.until(
                lambda: app.find(QLabel, "status-counts").text() == "0 running · 0 waiting", "the status bar"
            )
            # Scan, takes, thumbnails, mirror, summary; the summary does not count itself.
            tasks = 1 + 2 * len(samples) + 1
            assert app.told == [f"samples: {tasks} done"]
            await app.until(lambda: app.toast == app.told[0], "the toast")

            app.open_page("jobs")
            jobs = await app.sees(QTreeView, "jobs-list")
            await app.until(lambda: jobs.model().rowCount() == 1, "the job's row")
            done = [
                jobs.model().index(0, place) for place in (JobColumn.NAME, JobColumn.DONE, JobColumn.FAILED)
            ]
            await app.until(
                lambda: (
                    [cell.data(Qt.ItemDataRole.DisplayRole) for cell in done]
                    == ["samples", str(tasks + 1), "0"]
                ),
                "the row to say that all is done",
            )
        # It is not welcomed again.
        async with started_app(tmp_path / "Tidemill") as app:
            assert not app.seen(QWidget, "page-welcome")
            await app.open()
            assert app.find(QWidget, "page-jobs"), "the page that was open is open again"
            assert app.scheduler.counts.active == 0

    go(journey())
