"""What plugins offer in their menus is done, what comes of it is told, and what is wrong with it harms nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication

from app.bridge.commands import Commands
from app.bridge.plugin_actions import PluginActions
from app.plugin_host.actions import offered_actions
from app.problem import Problem
from app.settings import SettingsStore
from scheduler_core import DropReceipt, PluginAction, Scheduler, TaskStore
from tests.app.pages.panels import TinyKit
from tests.app.pages.sessions import tiny_plugin
from tests.app.programs import TINY_PLUGIN, Ended, PluginMaker
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Tiny, Wait, tiny_domain

Run = Callable[[Scheduler], Awaitable[Any]]
TWINS = (
    TINY_PLUGIN.replace("DomainPlugin, DropReceipt", "DomainPlugin, DropReceipt, PluginAction")
    + """
    def actions(self) -> Sequence[Any]:
        async def nothing(scheduler: Any) -> None:
            pass

        return (PluginAction("twin", "One", nothing), PluginAction("twin", "Other", nothing))
"""
)


@dataclass
class World:
    """A session whose tiny plugin offers one action, "go"."""

    scheduler: Scheduler
    commands: Commands
    told: list[str] = field(default_factory=list)
    failed: list[Problem] = field(default_factory=list)
    undoable: list[tuple[str, int]] = field(default_factory=list)

    @property
    def is_running(self) -> bool:
        return self.commands.actions.is_running("tiny", "go")


@pytest.fixture
def play(qapp: QCoreApplication, tmp_path: Path) -> Callable[..., None]:
    """Plays a script in which the action does `run`."""

    def start(run: Run, script: Callable[[World], Coroutine[Any, Any, None]]) -> None:
        async def session() -> None:
            plugin = replace(tiny_plugin(), actions=(PluginAction("go", "Go on", run),))
            async with Scheduler(store=TaskStore.in_memory(), domains=[tiny_domain()]) as scheduler:
                commands = Commands(scheduler, SettingsStore(tmp_path / "settings.toml"), (plugin,))
                world = World(scheduler, commands)
                commands.told.connect(world.told.append)
                commands.failed.connect(world.failed.append)
                commands.undoable.connect(lambda text, undo_id: world.undoable.append((text, undo_id)))
                await script(world)
                await commands.close()
                await scheduler.close(0)

        run_on_qt(qapp, session())

    return start


def test_a_sentence_is_told(play: Callable[..., None]) -> None:
    async def run(scheduler: Scheduler) -> str:
        return f"{len(scheduler.domains())} domain is there"

    async def script(on: World) -> None:
        on.commands.run_action("tiny", "go")
        await on.commands.wait_idle()
        assert (on.told, on.failed, on.undoable) == (["1 domain is there"], [], [])

    play(run, script)


@pytest.mark.parametrize("outcome", [None, ""])
def test_nothing_is_told_of_nothing(play: Callable[..., None], outcome: str | None) -> None:
    async def run(_scheduler: Scheduler) -> str | None:
        return outcome

    async def script(on: World) -> None:
        on.commands.run_action("tiny", "go")
        await on.commands.wait_idle()
        assert (on.told, on.failed, on.undoable) == ([], [], [])

    play(run, script)


def test_a_job_is_told_and_can_be_taken_back(play: Callable[..., None]) -> None:
    async def run(scheduler: Scheduler) -> DropReceipt:
        outcome = await scheduler.domain(Tiny).submit(Wait(), tags={"job_id": "walk"})
        return DropReceipt(job_tag="job_id", job_value="walk", task_ids=(outcome.id or 0,), title="A walk")

    async def script(on: World) -> None:
        on.commands.run_action("tiny", "go")
        await on.commands.wait_idle()
        ((text, undo_id),) = on.undoable
        assert text == "Started: A walk"
        assert len(await on.scheduler.task_ids_by_tags({"job_id": "walk"})) == 1
        on.commands.undo(undo_id)
        await on.commands.wait_idle()
        assert on.told == ["Cancelled: A walk"]
        assert await on.scheduler.task_ids_by_tags({"job_id": "walk"}) == []

    play(run, script)


def test_a_job_that_is_done_is_not_said_to_be_taken_back(play: Callable[..., None]) -> None:
    async def run(_scheduler: Scheduler) -> DropReceipt:
        return DropReceipt(job_tag="job_id", job_value="gone", task_ids=(), title="Gone")

    async def script(on: World) -> None:
        on.commands.run_action("tiny", "go")
        await on.commands.wait_idle()
        on.commands.undo(on.undoable[0][1])
        await on.commands.wait_idle()
        assert on.told == ["It is too late to undo that"]

    play(run, script)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (RuntimeError("the server said no"), "the server said no"),
        (SystemExit(3), "the plugin wanted to end the program"),
    ],
)
def test_what_it_raises_is_told_with_thing_reason_and_way_out(
    play: Callable[..., None], error: BaseException, reason: str
) -> None:
    async def run(_scheduler: Scheduler) -> None:
        raise error

    async def script(on: World) -> None:
        on.commands.run_action("tiny", "go")
        await on.commands.wait_idle()
        (problem,) = on.failed
        assert (problem.thing, problem.reason) == ("Tiny things: Go on", reason)
        assert problem.remedy
        assert "Traceback" in problem.details
        assert not on.is_running

    play(run, script)


def test_another_answer_is_told_to_be_none(play: Callable[..., None]) -> None:
    async def run(_scheduler: Scheduler) -> int:
        return 42

    async def script(on: World) -> None:
        on.commands.run_action("tiny", "go")
        await on.commands.wait_idle()
        assert [problem.reason for problem in on.failed] == ["it answered 42"]

    play(run, script)


def test_it_runs_once_at_a_time_and_says_when_it_begins_and_ends(play: Callable[..., None]) -> None:
    gate, begun = asyncio.Event(), 0

    async def run(_scheduler: Scheduler) -> None:
        nonlocal begun
        begun += 1
        await gate.wait()

    async def script(on: World) -> None:
        changes: list[tuple[str, str, bool]] = []
        actions = on.commands.actions
        actions.changed.connect(lambda *key: changes.append((*key, actions.is_running(*key))))
        on.commands.run_action("tiny", "go")
        assert on.is_running, "from the moment on in which it was chosen"
        on.commands.run_action("tiny", "go")
        assert on.told == ["Tiny things: Go on: it is at work already"]
        gate.set()
        await on.commands.wait_idle()
        assert begun == 1
        assert changes == [("tiny", "go", True), ("tiny", "go", False)]
        on.commands.run_action("tiny", "go")
        await on.commands.wait_idle()
        assert begun == 2

    play(run, script)


def test_what_is_not_offered_is_not_done(play: Callable[..., None]) -> None:
    async def run(_scheduler: Scheduler) -> str:
        raise AssertionError("nobody asked for it")

    async def script(on: World) -> None:
        on.commands.run_action("tiny", "gone")
        on.commands.run_action("nobody", "go")
        await on.commands.wait_idle()
        assert (on.told, on.failed) == ([], [])

    play(run, script)


@pytest.mark.parametrize("is_begun", [False, True])
def test_one_that_takes_for_ever_does_not_keep_the_window_open(
    play: Callable[..., None], is_begun: bool
) -> None:
    begun = asyncio.Event()

    async def run(_scheduler: Scheduler) -> None:
        begun.set()
        await asyncio.Event().wait()

    async def script(on: World) -> None:
        on.commands.run_action("tiny", "go")
        if is_begun:
            await begun.wait()
        await on.commands.close()
        assert not on.is_running
        assert on.failed == []

    play(run, script)


def test_one_that_does_not_leave_off_is_named(
    qapp: QCoreApplication, caplog: pytest.LogCaptureFixture
) -> None:
    async def stubborn(begun: asyncio.Event, let_go: asyncio.Event) -> None:
        begun.set()
        while not let_go.is_set():
            try:
                await let_go.wait()
            except asyncio.CancelledError:
                continue

    async def script() -> None:
        actions, begun, let_go = PluginActions(), asyncio.Event(), asyncio.Event()
        task = asyncio.get_running_loop().create_task(stubborn(begun, let_go))
        actions.follow("tiny", "go", task)
        await begun.wait()
        assert await actions.stop(grace_s=0.01) == {task}
        assert "the action go of tiny does not leave off" in caplog.text
        let_go.set()
        await task
        assert await actions.stop() == frozenset()

    run_on_qt(qapp, script())


class Offering(TinyKit):
    """Offers what `offer` answers."""

    def __init__(self, offer: Callable[[], Sequence[PluginAction]]) -> None:
        super().__init__()
        self._offer = offer

    def actions(self) -> Sequence[PluginAction]:
        return self._offer()


async def nothing(_scheduler: Scheduler) -> None:
    """Does nothing."""


def quits() -> Sequence[PluginAction]:
    raise SystemExit(3)


@pytest.mark.parametrize(
    ("offer", "reason"),
    [
        (lambda: [PluginAction("a b", "A", nothing)], "Action 'a b': a name has letters, digits and - only"),
        (lambda: [PluginAction("a", "A", nothing)] * 2, "Actions of tiny: two are called a"),
        (lambda: 1 / 0, "division by zero"),
        (quits, "3"),
    ],
)
def test_a_menu_that_cannot_be_is_a_problem_of_its_plugin(offer: Callable[[], Any], reason: str) -> None:
    actions, problem = offered_actions(Offering(offer), "Tiny things")
    assert actions == ()
    assert problem is not None
    assert (problem.thing, problem.reason, problem.severity) == ("Actions of Tiny things", reason, "warning")
    assert problem.remedy
    assert "Traceback" in problem.details


def test_a_plugin_with_such_a_menu_works_and_so_do_the_others(
    tidemill: Callable[..., Ended], make_plugin: PluginMaker, tmp_path: Path, data_dir: Path
) -> None:
    make_plugin(code=TWINS)
    letter = tmp_path / "letter.txt"
    letter.write_text("fine")
    ended = tidemill("--headless", "--take", letter, "--until-idle")
    assert ended.code == 0, ended
    assert "Actions of Tiny: Actions of tiny: two are called twin" in ended.out
    assert (data_dir / "plugins" / "tiny" / "read.txt").read_text() == "hello letter.txt\n"
