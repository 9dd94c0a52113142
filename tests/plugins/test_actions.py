"""What the domains offer in their menus, on real files: each does what it says."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from scheduler_core import DropReceipt, PluginAction, Scheduler
from tests.helpers.pipeline import Pipeline, contents_of
from tests.helpers.real_files import jpeg
from tests.plugins.test_settings_live import World, world
from tidemill_sync.checking import check_action

MOMENT = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)


def offered(on: World, domain: str, name: str) -> PluginAction:
    """An action as the app knows it."""
    (plugin,) = [one for one in on.opened.plugins if one.name == domain]
    (action,) = [one for one in plugin.actions if one.name == name]
    return action


async def check(on: World) -> object:
    """Has the mirror checked, to its end."""
    outcome = await offered(on, "sync", "check-mirror").run(on.scheduler)
    await on.scheduler.wait_idle()
    return outcome


async def test_a_check_copies_what_the_mirror_has_lost_and_says_so(tmp_path: Path) -> None:
    picture = tmp_path / "one.jpg"
    picture.write_bytes(jpeg(size=(320, 240)))
    async with world(tmp_path / "data") as on:
        await on.take(picture)
        library, mirror = on.paths.library, on.paths.root / "mirror"
        assert contents_of(mirror) == contents_of(library)
        lost = next(mirror.rglob("*.webp"))
        lost.unlink()
        cut_short = next(mirror.rglob("*.jpg"))
        cut_short.write_bytes(b"half")
        on.told.clear()
        receipt = await check(on)
        assert isinstance(receipt, DropReceipt)
        assert receipt.title == "Check the mirror"
        assert contents_of(mirror) == contents_of(library)
        assert on.told == [("Mirror checked", "Up to date: 0; copied: 2")]
        await check(on)
        assert on.told[1:] == [("Mirror checked", "Up to date: 2; copied: 0")]
        job = await on.scheduler.job(receipt.job_tag, receipt.job_value)
        assert job is not None
        assert job.counts["completed"] >= 1


async def test_a_check_goes_to_the_folder_that_is_set_now(tmp_path: Path) -> None:
    async with world(tmp_path / "data") as on:
        content = on.paths.library / "content" / "ab" / ("ab" * 32)
        content.parent.mkdir(parents=True)
        content.write_bytes(b"text")
        await on.set("sync", target=str(tmp_path / "elsewhere"))
        await check(on)
        assert contents_of(tmp_path / "elsewhere") == contents_of(on.paths.library)


async def test_a_check_that_cannot_be_made_is_a_failure_with_its_way_out(tmp_path: Path) -> None:
    async with world(tmp_path / "data") as on:
        (tmp_path / "file").write_text("a file, where a folder should be")
        await on.set("sync", retries=0, target=str(tmp_path / "file" / "mirror"))
        await check(on)
        (failed,) = await on.scheduler.failures()
        assert failed.task_type == "sync::check"
        assert failed.last_error
        assert on.told == []


async def test_there_is_one_check_at_a_time(pipeline: Pipeline) -> None:
    action = check_action(lambda: MOMENT)
    async with pipeline.running() as scheduler:
        await scheduler.pause_all()
        first = await action.run(scheduler)
        assert isinstance(first, DropReceipt)
        assert first.job_value == "Check the mirror · 2026-11-26 10:00:00"
        assert await action.run(scheduler) == "The mirror is being checked already"
        assert await active(scheduler, first) == list(first.task_ids)
        await scheduler.resume_all()
        await scheduler.wait_idle()
        assert pipeline.told == [("Mirror checked", "Up to date: 0; copied: 0")]
        assert isinstance(await action.run(scheduler), DropReceipt), "one that has ended is no obstacle"


async def active(scheduler: Scheduler, receipt: DropReceipt) -> list[int]:
    return await scheduler.task_ids_by_tags({receipt.job_tag: receipt.job_value})


async def test_a_test_message_is_told_at_once(tmp_path: Path) -> None:
    async with world(tmp_path / "data") as on:
        await on.set("notify", tell_about="failed")
        answer = await offered(on, "notify", "send-test").run(on.scheduler)
        assert on.told == [("Test message", "This is how you are told that a job is done")]
        assert isinstance(answer, str)
        assert answer.startswith("Sent. ")


async def test_a_plugin_that_was_not_built_offers_no_message() -> None:
    from tidemill_notify.plugin import NotifyPlugin

    assert NotifyPlugin().actions() == ()
