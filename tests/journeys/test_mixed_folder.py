"""A folder of 200 mixed files, dropped on the window: what is good is done, what is broken is named, twice is once."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeView

from app.models.failures_model import FailureColumn
from app.models.jobs_model import JobColumn
from tests.helpers.pipeline import contents_of, files_of
from tests.helpers.real_files import make_mixed_folder
from tests.journeys.conftest import Journey
from tests.journeys.real_app import started_app
from tidemill_ingest.paths import shown


def column(view: QTreeView, place: int) -> list[str]:
    """The texts of one column, from above to below."""
    model = view.model()
    return [model.index(row, place).data(Qt.ItemDataRole.DisplayRole) for row in range(model.rowCount())]


def test_a_folder_of_200_mixed_files(go: Journey, data_dir: Path, tmp_path: Path) -> None:
    mixed = make_mixed_folder(tmp_path / "holiday", count=200)
    sources = files_of(mixed.root)
    broken = {shown(file.path.name): file.reason for file in mixed.failures}

    async def journey() -> None:
        async with started_app(data_dir) as app:
            await app.open()
            app.drop([mixed.root])
            await app.until(lambda: app.told, "the message")
            await app.idle()
            stored = contents_of(app.paths.library)
            assert {Path(name).stem for name in stored if name.startswith("content/")} == mixed.stored
            assert {Path(name).stem for name in stored if name.startswith("thumbnails/")} == mixed.thumbnails
            assert contents_of(app.mirror) == stored
            assert files_of(mixed.root) == sources, "what was dropped is as it was"

            listed = await app.listed_failures(len(broken))
            failures = app.find(QTreeView, "failures-list")
            assert listed.keys() == broken.keys()
            assert all(broken[name].lower() in listed[name].lower() for name in broken), listed
            # The one in front is told in full: file, reason, way out.
            chosen = column(failures, FailureColumn.FILE)[0]
            await app.until(lambda: chosen in app.words(app.window), "the details")

            before = files_of(app.paths.library), files_of(app.mirror)
            app.drop([mixed.root])
            await app.until(lambda: len(app.told) == 2, "the second message")
            await app.idle()
            assert (files_of(app.paths.library), files_of(app.mirror)) == before, "nothing is done twice"
            await app.until(
                lambda: failures.model().rowCount() == len(broken), "no failure to be listed twice"
            )

            app.open_page("jobs")
            jobs = await app.sees(QTreeView, "jobs-list")
            await app.until(lambda: jobs.model().rowCount() == 2, "two jobs")
            assert column(jobs, JobColumn.NAME) == ["holiday", "holiday"]
            await app.until(
                lambda: column(jobs, JobColumn.FAILED) == [str(len(broken))] * 2,
                "the rows to tell of failures",
            )

    go(journey())
