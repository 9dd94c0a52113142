"""Intents are carried out, and what goes wrong is told in words."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication

from app.bridge.commands import Commands
from app.models.wording import number_text
from app.problem import Problem
from app.settings import SettingsStore
from scheduler_core import Scheduler, TaskStore
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Fail, Nothing, Tiny, Wait, tiny_domain

Script = Callable[[Scheduler, Commands, SettingsStore], Coroutine[Any, Any, None]]


@pytest.fixture
def play(qapp: QCoreApplication, tmp_path: Path) -> Callable[[Script], tuple[list[str], list[Problem]]]:
    """Runs a script against a real scheduler; returns what was told and what failed."""

    def run(script: Script) -> tuple[list[str], list[Problem]]:
        told: list[str] = []
        failed: list[Problem] = []

        async def session() -> None:
            settings = SettingsStore(tmp_path / "settings.toml")
            async with Scheduler(store=TaskStore.in_memory(), domains=[tiny_domain()]) as scheduler:
                commands = Commands(scheduler, settings, ())
                commands.told.connect(told.append)
                commands.failed.connect(failed.append)
                await script(scheduler, commands, settings)
                await scheduler.close(0)  # what runs waits for ever

        run_on_qt(qapp, session())
        return told, failed

    return run


def test_switches_and_pause_all(play: Callable[[Script], Any]) -> None:
    async def script(scheduler: Scheduler, commands: Commands, settings: SettingsStore) -> None:
        handle = scheduler.domain(Tiny)
        commands.set_domain_on("tiny", False)
        await commands.wait_idle()
        assert handle.is_paused
        commands.pause_all()
        commands.set_domain_on("tiny", True)
        await commands.wait_idle()
        assert (handle.is_paused, scheduler.is_paused) == (False, True)
        commands.resume_all()
        await commands.wait_idle()
        assert not scheduler.is_paused

    assert play(script) == ([], [])


def test_limits_are_set_and_remembered(play: Callable[[Script], Any]) -> None:
    async def script(scheduler: Scheduler, commands: Commands, settings: SettingsStore) -> None:
        commands.set_max_concurrency(3)
        commands.set_domain_concurrency("tiny", 2)
        await commands.wait_idle()
        assert (scheduler.max_concurrency, scheduler.domain(Tiny).max_concurrency) == (3, 2)
        again = SettingsStore(settings.path).value.limits
        assert (again.max_concurrency, again.domains) == (3, {"tiny": 2})

    assert play(script) == ([], [])


def test_cancelling_a_task(play: Callable[[Script], Any]) -> None:
    async def script(scheduler: Scheduler, commands: Commands, settings: SettingsStore) -> None:
        outcome = await scheduler.domain(Tiny).submit(Wait())
        assert outcome.id is not None
        offered: list[tuple[str, int]] = []
        commands.undoable.connect(lambda text, undo_id: offered.append((text, undo_id)))
        commands.cancel_task("tiny", outcome.id)
        await commands.wait_idle()
        assert await scheduler.task(outcome.id) is None
        ((text, undo_id),) = offered
        assert text.startswith("Cancelled ")
        commands.undo(undo_id)
        await commands.wait_idle()
        assert await scheduler.task(outcome.id) is not None
        commands.undo(undo_id)
        await commands.wait_idle()
        commands.cancel_task("tiny", outcome.id)
        await commands.wait_idle()
        commands.cancel_task("tiny", outcome.id)
        await commands.wait_idle()
        assert len(offered) == 2, "what is gone is no error, and nothing was done"

    assert play(script) == (["Undone: 1 task is back", "It is too late to undo that"], [])


def test_cancelling_a_job_says_how_many(play: Callable[[Script], Any]) -> None:
    async def script(scheduler: Scheduler, commands: Commands, settings: SettingsStore) -> None:
        await scheduler.domain(Tiny).submit_batch([Wait(number=n) for n in range(3)], tags={"job_id": "trip"})
        offered: list[tuple[str, int]] = []
        commands.undoable.connect(lambda text, undo_id: offered.append((text, undo_id)))
        commands.cancel_job("job_id", "trip")
        await commands.wait_idle()
        assert [text for text, _ in offered] == ["Cancelled 3 tasks of trip"]
        assert await scheduler.task_ids_by_tags({"job_id": "trip"}) == []
        commands.undo(offered[0][1])
        await commands.wait_idle()
        assert len(await scheduler.task_ids_by_tags({"job_id": "trip"})) == 3

    assert play(script) == (["Undone: 3 tasks are back"], [])


def test_failures_are_tried_again_and_cleared(play: Callable[[Script], Any]) -> None:
    async def script(scheduler: Scheduler, commands: Commands, settings: SettingsStore) -> None:
        await scheduler.domain(Tiny).submit_batch([Fail(number=1), Fail(number=2)])
        await scheduler.wait_idle()
        first = await scheduler.failures(10)
        assert len(first) == 2
        commands.retry_failures(first)
        await commands.wait_idle()
        await scheduler.wait_idle()
        second = await scheduler.failures(10)
        assert len(second) == 2
        assert {one.id for one in second}.isdisjoint(one.id for one in first)
        commands.clear_failures([one.id for one in second])
        await commands.wait_idle()
        assert scheduler.failure_count == 0

    told, failed = play(script)
    assert failed == []
    assert told == []


def test_failures_of_a_cause_and_all_are_tried_again_and_cleared(play: Callable[[Script], Any]) -> None:
    async def script(scheduler: Scheduler, commands: Commands, settings: SettingsStore) -> None:
        await scheduler.domain(Tiny).submit_batch([Fail(number=1), Fail(number=2)])
        await scheduler.wait_idle()
        (cause,) = await scheduler.failure_causes()
        offered: list[str] = []
        commands.undoable.connect(lambda text, _: offered.append(text))
        first = {one.id for one in await scheduler.failures(10)}
        for which in (cause, None):
            commands.retry_cause(which)
            await commands.wait_idle()
            assert offered[-1] == "Trying again: 2 tasks"
            await scheduler.wait_idle()
            again = {one.id for one in await scheduler.failures(10)}
            assert len(again) == 2
            assert again.isdisjoint(first)
            first = again
        commands.clear_failures(cause)
        await commands.wait_idle()
        assert scheduler.failure_count == 0
        await scheduler.domain(Tiny).submit_batch([Fail(number=3)])
        await scheduler.wait_idle()
        commands.clear_failures(None)
        await commands.wait_idle()
        assert scheduler.failure_count == 0

    told, failed = play(script)
    assert failed == []
    assert told == []


@pytest.mark.parametrize(
    ("intent", "words"),
    [
        (lambda commands: commands.take([Path("/no/such/file")]), "/no/such/file"),
        (lambda commands: commands.take([Path("/")]), "no plugin"),
        (lambda commands: commands.set_max_concurrency(65), "64"),
        (lambda commands: commands.set_domain_on("nobody", True), "nobody"),
        (lambda commands: commands.cancel_task("nobody", 1), "nobody"),
        (lambda commands: commands.set_domain_concurrency("nobody", 1), "nobody"),
    ],
)
def test_what_cannot_be_done_is_told_in_words(
    play: Callable[[Script], Any], intent: Callable[[Commands], None], words: str
) -> None:
    async def script(scheduler: Scheduler, commands: Commands, settings: SettingsStore) -> None:
        intent(commands)
        await commands.wait_idle()

    told, failed = play(script)
    assert told == []
    assert len(failed) == 1
    assert words in str(failed[0])
    assert failed[0].remedy


def test_a_retry_in_between_other_work(play: Callable[[Script], Any]) -> None:
    async def script(scheduler: Scheduler, commands: Commands, settings: SettingsStore) -> None:
        for number in range(5):
            await scheduler.domain(Tiny).submit(Nothing(number=number))
            commands.pause_all()
            commands.resume_all()
        await commands.wait_idle()
        await scheduler.wait_idle()
        assert scheduler.counts.completed == 5

    assert play(script) == ([], [])


def test_tasks_are_cancelled_and_given_another_priority_together(play: Callable[[Script], Any]) -> None:
    async def script(scheduler: Scheduler, commands: Commands, settings: SettingsStore) -> None:
        handle = scheduler.domain(Tiny)
        scheduler.set_max_concurrency(1)
        outcomes = await handle.submit_batch([Wait(number=n) for n in range(2_500)])
        ids = [outcome.id for outcome in outcomes if outcome.id is not None]
        offered: list[str] = []
        noted: list[str] = []
        commands.undoable.connect(lambda text, _: offered.append(text))
        commands.noted.connect(noted.append)
        commands.set_priority(ids[1_000:], 192)
        await commands.wait_idle()
        assert offered == [f"Priority Background: {number_text(1_500)} tasks"]
        assert noted == [f"Changing the priority of {number_text(1_500)} tasks…"]
        assert [record.id for record in await scheduler.tasks(3, order="newest")] == ids[:-4:-1]
        assert {record.priority for record in await scheduler.tasks(3, order="newest")} == {192}
        commands.cancel_tasks([*ids[1:], 10**9])
        await commands.wait_idle()
        assert [undo.n for undo in scheduler.undos] == [1_500, 2_499]
        assert [record.id for record in await scheduler.tasks()] == ids[:1]
        commands.set_priority(ids, 256)
        await commands.wait_idle()

    told, failed = play(script)
    assert told == []
    assert len(failed) == 1


def test_a_priority_and_a_retry_are_taken_back_in_numbers(play: Callable[[Script], Any]) -> None:
    async def script(scheduler: Scheduler, commands: Commands, settings: SettingsStore) -> None:
        handle = scheduler.domain(Tiny)
        await handle.submit_batch([Fail(number=n) for n in range(3)])
        await scheduler.wait_idle()
        scheduler.set_max_concurrency(1)
        waits = [one.id or 0 for one in await handle.submit_batch([Wait(number=n) for n in range(4)])]
        offered: list[tuple[str, int]] = []
        commands.undoable.connect(lambda text, undo_id: offered.append((text, undo_id)))
        commands.retry_failures(await scheduler.failures())
        commands.set_priority(waits, 64)
        await commands.wait_idle()
        assert [text for text, _ in offered] == ["Trying again: 3 tasks", "Priority High: 4 tasks"]
        for _, undo_id in offered[::-1]:
            commands.undo(undo_id)
            await commands.wait_idle()
        assert {one.priority for one in await scheduler.tasks() if one.id in waits[1:]} == {128}
        assert scheduler.failure_count == 3
        commands.set_priority(waits[1:], 128)
        await commands.wait_idle()
        commands.retry_failures([])
        await commands.wait_idle()

    assert play(script) == (
        [
            "3 of 4 priorities are as before; 1 had started or were changed again",
            "Taken back: 3 tasks",
            "Priority Normal: nothing to change",
            "There is nothing to try again",
        ],
        [],
    )
