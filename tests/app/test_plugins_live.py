"""Plugins that are switched off and on, and given other settings, while the app works."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.opening import DataFolder, Opened
from app.paths import DataPaths
from app.plugin_host.host import LoadedPlugin
from app.problem import Problem
from app.settings_model import AppSettings, LimitSettings, PluginSettings
from scheduler_core.testing import until
from tests.app.programs import TINY_PLUGIN, PluginMaker

STUBBORN = TINY_PLUGIN.replace(
    "    def build(self", "    rebuilds: ClassVar[bool] = False\n\n    def build(self"
)
BROKEN = TINY_PLUGIN.replace(
    "        domain = Domain(Tiny",
    "        raise RuntimeError(f'no {settings.greeting}')\n        domain = Domain(Tiny",
)


@dataclass
class Live:
    """An open data folder, what was told of it, and the settings in force."""

    opened: Opened
    settings: AppSettings
    told: list[tuple[LoadedPlugin, ...]] = field(default_factory=list[tuple[LoadedPlugin, ...]])
    failed: list[Problem] = field(default_factory=list[Problem])
    mended: list[Problem] = field(default_factory=list[Problem])

    @property
    def domains(self) -> list[str]:
        return [handle.name for handle in self.opened.scheduler.domains()]

    def plugin(self, name: str) -> LoadedPlugin:
        return next(one for one in self.opened.slow_settings.plugins if one.name == name)

    async def change(self, **changes: object) -> None:
        """Other settings hold when this returns."""
        self.settings = self.settings.model_copy(update=changes)
        self.opened.work_settings.apply(self.settings)
        await self.opened.slow_settings.wait()

    async def switch_off(self, *names: str) -> None:
        """These plugins are off, and no others."""
        await self.change(plugins=PluginSettings(disabled=names))


@asynccontextmanager
async def live(root: Path, settings: AppSettings | None = None) -> AsyncIterator[Live]:
    """Opens a data folder with all plugins that are there."""
    folder = DataFolder(DataPaths(root), lambda _title, _text: None)
    opened = await folder.open(settings or AppSettings())
    now = Live(opened, settings or AppSettings())
    opened.slow_settings.plugins_changed.connect(now.told.append)
    opened.slow_settings.failed.connect(now.failed.append)
    opened.slow_settings.mended.connect(now.mended.append)
    try:
        yield now
    finally:
        await folder.close()


@pytest.fixture
def install(make_plugin: PluginMaker, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Makes a plugin that this program finds."""
    monkeypatch.syspath_prepend(make_plugin.site)

    def make(code: str) -> Path:
        for name in [name for name in sys.modules if name.partition(".")[0] == "tidemill_tiny"]:
            monkeypatch.delitem(sys.modules, name)
        return make_plugin(code=code)

    return make


async def test_a_plugin_goes_and_comes_back_and_what_a_person_has_set_holds_again(tmp_path: Path) -> None:
    async with live(tmp_path, AppSettings(limits=LimitSettings(domains={"sync": 3}))) as now:
        handle = now.opened.scheduler.domain("sync")
        before = now.plugin("sync").plugin
        await now.switch_off("sync")
        assert now.domains == ["ingest", "process", "notify"]
        (told,) = now.told
        assert [(one.name, one.enabled) for one in told] == [
            ("ingest", True),
            ("process", True),
            ("sync", False),
            ("notify", True),
        ]
        assert now.plugin("sync").plugin is None
        await now.switch_off()
        assert now.opened.scheduler.domain("sync") is handle
        assert handle.max_concurrency == 3
        assert now.plugin("sync").plugin is before, "what old and new domain share is kept in it"
        assert now.plugin("sync").health is not None
        await now.change(limits=LimitSettings())
        assert handle.max_concurrency == now.opened.work_settings.declared["sync"]
        assert now.failed == []


async def test_a_plugin_that_was_off_at_the_start_can_be_switched_on(tmp_path: Path) -> None:
    settings = AppSettings(plugins=PluginSettings(disabled=("notify",)))
    async with live(tmp_path, settings) as now:
        assert now.domains == ["ingest", "process", "sync"]
        await now.switch_off()
        assert now.domains == ["ingest", "process", "sync", "notify"]
        assert now.plugin("notify").enabled
        assert (tmp_path / "plugins" / "notify").is_dir() or now.plugin("notify").plugin is not None


async def test_the_last_one_stays(tmp_path: Path) -> None:
    async with live(tmp_path) as now:
        await now.switch_off("ingest", "process", "sync", "notify")
        assert now.domains == ["notify"]
        (problem,) = now.failed
        assert "the only one" in problem.reason
        assert problem.remedy == "Switch another one on first"


async def test_one_that_cannot_be_built_says_why_and_is_tried_with_other_settings(
    tmp_path: Path, install: Callable[[str], Path]
) -> None:
    install(BROKEN)
    async with live(tmp_path, AppSettings(plugins=PluginSettings(disabled=("tiny",)))) as now:
        await now.switch_off()
        assert "tiny" not in now.domains
        (problem,) = now.failed
        assert (problem.thing, problem.reason) == ("Plugin Tiny", "no hello")
        assert now.plugin("tiny").problem == problem
        await now.change(domains={"tiny": {"greeting": "good day"}})
        assert now.mended == [problem]
        assert now.failed[-1].reason == "no good day"
        await now.switch_off("tiny")
        assert now.mended[-1].reason == "no good day"
        assert now.plugin("tiny").problem is None


async def test_one_that_cannot_build_twice_is_made_anew_for_its_settings(
    tmp_path: Path, install: Callable[[str], Path]
) -> None:
    install(STUBBORN)
    work = tmp_path / "work"
    work.mkdir()
    (work / "one.txt").write_text("hold")
    async with live(tmp_path / "data") as now:
        before = now.plugin("tiny").plugin
        assert before is not None
        (drop,) = before.drop_handlers()
        await drop.submit([work / "one.txt"], now.opened.scheduler)
        data = DataPaths(tmp_path / "data").plugin("tiny")
        await until((data / "held").exists)
        (work / "one.txt").write_text("go")
        await now.change(domains={"tiny": {"greeting": "good day"}})
        assert now.plugin("tiny").plugin is not before
        assert now.told, "whoever shows it shows the new one"
        await until(lambda: now.opened.scheduler.counts.completed == 1)
        assert (data / "read.txt").read_text() == "good day one.txt\n"


async def test_one_that_was_uninstalled_meanwhile_is_told(
    tmp_path: Path, install: Callable[[str], Path], make_plugin: PluginMaker
) -> None:
    install(TINY_PLUGIN)
    async with live(tmp_path) as now:
        await now.switch_off("tiny")
        (make_plugin.site / "tidemill_tiny-0.1.0.dist-info" / "entry_points.txt").write_text("")
        await now.switch_off()
        assert now.failed[-1].reason == "it is not installed any more"
        assert "tiny" not in now.domains


async def test_plugins_are_called_otherwise_in_another_language(tmp_path: Path) -> None:
    async with live(tmp_path) as now:
        await now.switch_off("sync")
        slow, loader = now.opened.slow_settings, now.opened.loader
        slow.speak(await asyncio.to_thread(loader.speak, slow.plugins, "de"))
        titles = [plugin.title for plugin in slow.plugins]
        assert titles == ["Aufnahme", "Verarbeitung", "Abgleich", "Meldung"]
        await now.switch_off()
        assert now.plugin("sync").title == "Abgleich", "also when it is loaded later"
        assert now.plugin("sync").plugin is not None
