"""The main job on real files: taken in, processed, mirrored, reported; and again does nothing twice."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

from PIL import Image

from scheduler_core import Scheduler, TaskHistoryRecord
from tests.helpers.pipeline import Pipeline, contents_of
from tests.helpers.real_files import MixedFolder, jpeg, make_mixed_folder
from tidemill_ingest.paths import shown

FAILED_IN = {"refused": "ingest::take", "no thumbnail": "process::thumbnail"}


async def failures(scheduler: Scheduler) -> list[TaskHistoryRecord]:
    return list(await scheduler.failures(1000))


def expected_failures(mixed: MixedFolder) -> set[tuple[str, str]]:
    return {(FAILED_IN[file.outcome], shown(file.path.name)) for file in mixed.failures}


async def test_a_folder_of_200_mixed_files_is_done_from_end_to_end_and_twice_is_once(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    mixed = make_mixed_folder(tmp_path / "holiday", count=200)
    async with pipeline.running() as scheduler:
        first = await pipeline.take(scheduler, mixed.root)
        await scheduler.wait_idle()

        failed = await failures(scheduler)
        assert {(record.task_type, record.label) for record in failed} == expected_failures(mixed)
        for file in mixed.failures:
            name = shown(file.path.name)
            (record,) = [record for record in failed if record.label == name]
            assert (record.last_error or "").startswith(f"{name}: ")
            assert file.reason in (record.last_error or "")

        job = await scheduler.job("job_id", first.job_value)
        assert job is not None
        tasks = len(mixed.files) + len(mixed.thumbnails) + 1  # takes, thumbnails and the broken one
        assert job.counts == {"completed": tasks + 3 - len(failed), "failed": len(failed)}
        assert first.job_value.startswith("holiday · ")
        assert pipeline.told == [("holiday", f"{tasks + 2 - len(failed)} done, {len(failed)} failed")]

        stored = contents_of(pipeline.library)
        assert {Path(name).stem for name in stored if name.startswith("content/")} == mixed.stored
        assert {Path(name).stem for name in stored if name.startswith("thumbnails/")} == mixed.thumbnails
        for name, content in stored.items():
            if name.startswith("content/"):
                assert hashlib.sha256(content).hexdigest() == Path(name).stem
        assert contents_of(pipeline.mirror) == stored

        before = pipeline.stored(), pipeline.mirrored()
        second = await pipeline.take(scheduler, mixed.root)
        await scheduler.wait_idle()
        assert (pipeline.stored(), pipeline.mirrored()) == before
        assert second.job_value != first.job_value
        assert [title for title, _ in pipeline.told] == ["holiday", "holiday"]
        failed_again = await failures(scheduler)
        assert {(record.task_type, record.label) for record in failed_again} == expected_failures(mixed)
        assert len(failed_again) == len(failed)


async def test_thumbnails_are_upright_whatever_the_camera_held(pipeline: Pipeline, tmp_path: Path) -> None:
    folder = tmp_path / "turned"
    folder.mkdir()
    for orientation in range(1, 9):
        (folder / f"{orientation}.jpg").write_bytes(jpeg(orientation, size=(120, 80)))
    async with pipeline.running() as scheduler:
        await pipeline.take(scheduler, folder)
        await scheduler.wait_idle()
        assert await failures(scheduler) == []
    thumbnails = list((pipeline.library / "thumbnails").rglob("*.webp"))
    assert len(thumbnails) == 8
    for path in thumbnails:
        with Image.open(path) as picture:
            assert picture.size == (120, 80)


async def test_two_drops_at_once_are_two_jobs_and_each_is_told(pipeline: Pipeline, tmp_path: Path) -> None:
    mixed = make_mixed_folder(tmp_path / "holiday", count=40)
    async with pipeline.running() as scheduler:
        receipts = [await pipeline.take(scheduler, mixed.root) for _ in range(3)]
        await scheduler.wait_idle()
    assert len({receipt.job_value for receipt in receipts}) == 3
    assert [title for title, _ in pipeline.told] == ["holiday"] * 3
    assert contents_of(pipeline.mirror) == contents_of(pipeline.library)


async def test_a_folder_that_vanishes_is_named_and_the_rest_of_the_job_is_done(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    gone, stays = tmp_path / "gone", tmp_path / "stays.jpg"
    gone.mkdir()
    (gone / "a.txt").write_text("words")
    stays.write_bytes(jpeg())
    async with pipeline.running() as scheduler:
        await scheduler.domain("ingest").pause()
        await pipeline.take(scheduler, gone, stays)
        shutil.rmtree(gone)
        await scheduler.domain("ingest").resume()
        await scheduler.wait_idle()
        (failed,) = await failures(scheduler)
    assert failed.task_type == "ingest::scan"
    assert failed.last_error == f"{gone}: it is no longer there. Put it back, then retry"
    assert len(contents_of(pipeline.mirror)) == 2
    assert pipeline.told == [("gone", "4 done, 1 failed")]


async def test_a_file_that_vanishes_after_it_was_found_is_named(pipeline: Pipeline, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.txt").write_text("words")
    async with pipeline.running() as scheduler:
        task = scheduler.domain("ingest").new_task("take", source=(folder / "a.txt").as_uri())
        await scheduler.domain("ingest").pause()
        await scheduler.domain("ingest").submit(task)
        (folder / "a.txt").unlink()
        await scheduler.domain("ingest").resume()
        await scheduler.wait_idle()
        (failed,) = await failures(scheduler)
    assert (failed.last_error or "").startswith("a.txt: it is no longer there")


async def test_a_file_that_is_tried_again_is_mirrored_with_its_thumbnail(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "good.jpg").write_bytes(jpeg())
    (folder / "late.jpg").write_bytes(b"")
    async with pipeline.running() as scheduler:
        await pipeline.take(scheduler, folder)
        await scheduler.wait_idle()
        (failed,) = await failures(scheduler)
        (folder / "late.jpg").write_bytes(jpeg(size=(64, 48)))
        await scheduler.domain("ingest").retry_dead_letter(failed.id)
        await scheduler.wait_idle()
        assert await failures(scheduler) == []
        (job,) = await scheduler.jobs("job_id")
        assert set(job.counts) <= {"completed", "failed"}
    stored = contents_of(pipeline.library)
    assert len(stored) == 4
    assert contents_of(pipeline.mirror) == stored
    assert len(pipeline.told) == 1


async def test_a_mirror_whose_disk_is_gone_waits_in_failures_and_is_done_when_it_is_back(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    target = tmp_path / "unplugged" / "mirror"
    settings = {**pipeline.settings, "sync": {"target": target, "retries": 1, "retry_delay_s": 0.0}}
    pipeline = replace(pipeline, settings=settings)
    picture = tmp_path / "a.jpg"
    picture.write_bytes(jpeg())
    async with pipeline.running() as scheduler:
        await pipeline.take(scheduler, picture)
        await scheduler.wait_idle()
        (failed,) = await failures(scheduler)
        assert (failed.status, failed.task_type, len(failed.attempts)) == ("dead_letter", "sync::mirror", 2)
        assert failed.last_error == (
            f"{target}: the mirror's folder is not there. Connect its disk or choose another folder"
        )
        assert pipeline.told == [("a.jpg", "3 done, 1 failed")]
        target.parent.mkdir()
        await scheduler.domain("sync").retry_dead_letter(failed.id)
        await scheduler.wait_idle()
        assert await failures(scheduler) == []
    assert contents_of(target) == contents_of(pipeline.library)


async def test_the_library_itself_is_not_taken_in(pipeline: Pipeline, tmp_path: Path) -> None:
    picture = tmp_path / "a.jpg"
    picture.write_bytes(jpeg())
    async with pipeline.running() as scheduler:
        await pipeline.take(scheduler, picture)
        await scheduler.wait_idle()
        before = pipeline.stored()
        await pipeline.take(scheduler, pipeline.library)
        await scheduler.wait_idle()
        (failed,) = await failures(scheduler)
        assert "it belongs to Tidemill's own data" in (failed.last_error or "")
        await pipeline.take(scheduler, tmp_path)  # the data folder lies in it
        await scheduler.wait_idle()
    assert pipeline.stored() == before


async def test_each_domain_may_be_missing(pipeline: Pipeline, tmp_path: Path) -> None:
    alone = replace(pipeline, only=frozenset({"ingest"}))
    picture = tmp_path / "a.jpg"
    picture.write_bytes(jpeg())
    async with alone.running() as scheduler:
        receipt = await alone.take(scheduler, picture)
        await scheduler.wait_idle()
        assert len(receipt.task_ids) == 1
        assert await failures(scheduler) == []
    assert [Path(name).suffix for name in contents_of(pipeline.library)] == [".jpg"]


async def test_every_task_of_a_job_carries_its_tag(pipeline: Pipeline, tmp_path: Path) -> None:
    picture = tmp_path / "a.jpg"
    picture.write_bytes(jpeg())
    async with pipeline.running() as scheduler:
        receipt = await pipeline.take(scheduler, picture)
        await scheduler.wait_idle()
        history = await scheduler.history(100)
    assert {record.task_type for record in history} == {
        "ingest::scan",
        "ingest::take",
        "process::thumbnail",
        "sync::mirror",
        "notify::summary",
    }
    assert {record.tags["job_id"] for record in history} == {receipt.job_value}
    assert len(receipt.task_ids) == 3
