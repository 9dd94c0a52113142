"""The Overview on a real scheduler: cards that go both ways, and graphs that stand still when nothing happens."""

from __future__ import annotations

import math
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app.pages.main_window import MainWindow
from app.pages.overview import OverviewPage
from app.pages.overview_feed import OverviewFeed
from app.settings import SettingsStore
from app.theme import color
from app.widgets.cap_box import CapBox
from app.widgets.domain_card import DomainCard, FailedPluginCard
from app.widgets.graph_panel import GraphPanel
from app.widgets.switch import Switch
from app.widgets.tint_bar import TintBar
from scheduler_core import PressureReading
from tests.app.pages.sessions import BROKEN, Open, dispose, opened, tiny_plugin, until
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Fail, Nothing, Wait

Script = Callable[[Open], Coroutine[Any, Any, None]]
Play = Callable[[Script], None]
GRAPHS = ("graph-concurrency", "graph-pressure", "graph-throughput")


@pytest.fixture
def settings(tmp_path: Path) -> SettingsStore:
    store = SettingsStore(tmp_path / "settings.toml")
    store.update(general={"welcome_done": True, "theme": "light"})
    return store


@pytest.fixture
def play(qapp: QApplication, settings: SettingsStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[Play]:
    """Runs a script on a window whose Overview is attached and has its graphs, and ticks twenty times a second."""
    monkeypatch.setattr("app.pages.overview_feed._TICK_MS", 50)
    window = MainWindow(settings)
    window.show()

    def run(script: Script) -> None:
        async def session() -> None:
            async with opened(window, settings, [tiny_plugin(), BROKEN]) as at:
                await until(lambda: window.findChild(GraphPanel) is not None)
                await script(at)

        run_on_qt(qapp, session())

    yield run
    dispose(window)


def feed_of(at: Open) -> OverviewFeed:
    feed = at.child(OverviewPage, "page-overview").findChild(OverviewFeed)
    assert isinstance(feed, OverviewFeed)
    return feed


def known(values: list[float]) -> list[float]:
    return [value for value in values if not math.isnan(value)]


def words(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel)]


def test_each_domain_has_a_card_and_a_failed_plugin_its_reason(play: Play) -> None:
    async def script(at: Open) -> None:
        card = at.child(DomainCard, "domain-card-tiny")
        assert "Tiny things" in words(card)
        broken = at.child(FailedPluginCard, "domain-card-weather")
        assert "No module named 'requests'" in words(broken)

    play(script)


def test_a_switch_moves_its_domain_and_the_domain_moves_the_switch(play: Play) -> None:
    async def script(at: Open) -> None:
        switch = at.child(Switch, "domain-switch-tiny")
        assert switch.isChecked()
        switch.click()
        await at.until(lambda: not switch.isChecked())
        assert at.tiny.is_paused
        assert not switch.is_settling
        await at.tiny.resume()
        await at.until(switch.isChecked)
        assert not at.tiny.is_paused

    play(script)


def test_a_domain_that_is_off_stays_off_when_all_is_resumed(play: Play) -> None:
    async def script(at: Open) -> None:
        switch = at.child(Switch, "domain-switch-tiny")
        await at.tiny.pause()
        await at.scheduler.pause_all()
        await at.scheduler.resume_all()
        assert not switch.isChecked()

    play(script)


def test_the_card_counts_and_shows_how_far_it_is(play: Play) -> None:
    async def script(at: Open) -> None:
        card = at.child(DomainCard, "domain-card-tiny")
        await at.tiny.submit_batch([Wait(number=number) for number in range(6)])
        running = at.child(QLabel, "count-running")
        waiting = at.child(QLabel, "count-waiting")
        await at.until(lambda: (running.text(), waiting.text()) == ("4", "2"))
        await at.tiny.submit(Fail())
        at.gate.set()
        await at.until(lambda: at.child(QLabel, "count-failed").text() == "1")
        await at.until(lambda: "Nothing to do" in words(card))
        bar = card.findChild(TintBar)
        assert isinstance(bar, TintBar)
        assert bar.value() == 0

    play(script)


def test_the_cap_goes_both_ways_and_is_kept(play: Play, settings: SettingsStore) -> None:
    async def script(at: Open) -> None:
        box = at.child(CapBox, "concurrency-tiny")
        assert box.cap == 8
        box.setValue(3)
        await at.until(lambda: at.tiny.max_concurrency == 3)
        await at.session.commands.wait_idle()
        assert settings.value.limits.domains == {"tiny": 3}
        at.tiny.set_max_concurrency(5)
        await at.until(lambda: box.cap == 5)
        assert settings.value.limits.domains == {"tiny": 3}

    play(script)


def test_idle_nothing_ticks(play: Play) -> None:
    async def script(at: Open) -> None:
        feed = feed_of(at)
        await at.until(lambda: not feed.is_ticking)
        await at.tiny.submit(Wait())
        await at.until(lambda: feed.is_ticking)
        at.gate.set()
        await at.until(lambda: not feed.is_ticking)
        active = [one for one in at.window.findChildren(QTimer) if one.isActive() and not one.isSingleShot()]
        assert active == []

    play(script)


def test_the_graphs_show_what_ran_and_what_ended(play: Play) -> None:
    async def script(at: Open) -> None:
        await at.tiny.submit_batch([Wait(number=number) for number in range(3)])
        await at.tiny.submit(Fail())
        timeline = feed_of(at).timeline
        await at.until(lambda: timeline.reading().running == {"tiny": 3.0})
        at.gate.set()
        await at.until(lambda: timeline.reading().running == {"tiny": 0.0})
        await at.until(lambda: sum(known(timeline.view().finished)) == 3)
        view = timeline.view()
        assert sum(known(view.failed)) == 1
        assert max(known(view.cap)) == 4

    play(script)


def test_a_pause_is_a_stretch_in_the_graphs(play: Play) -> None:
    async def script(at: Open) -> None:
        timeline = feed_of(at).timeline
        await at.scheduler.pause_all()
        await at.until(lambda: timeline.reading().paused)
        await at.scheduler.resume_all()
        await at.until(lambda: not timeline.reading().paused)
        assert len(timeline.view().pauses) == 1

    play(script)


def test_the_graph_says_what_runs_without_waiting_for_its_tick(play: Play) -> None:
    async def script(at: Open) -> None:
        await at.tiny.submit(Wait())
        feed = feed_of(at)
        await at.until(lambda: feed.is_ticking)
        graph = at.child(pg.PlotWidget, "graph-concurrency")
        feed.moved.disconnect()
        await at.tiny.submit_batch([Wait(number=number) for number in range(1, 3)])
        await at.until(lambda: graph.accessibleDescription().startswith("3 of 4"))
        at.gate.set()

    play(script)


def has_ink(image: QImage, token: str) -> bool:
    """Is there a pixel of just this colour?"""
    wanted = color(token).rgb()
    return any(image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height()))


def test_areas_are_drawn_in_the_domains_colour(play: Play) -> None:
    async def script(at: Open) -> None:
        graph = at.child(pg.PlotWidget, "graph-concurrency")
        assert not has_ink(graph.grab().toImage(), "series-1")
        await at.tiny.submit_batch([Wait(number=number) for number in range(3)])
        await at.until(lambda: has_ink(graph.grab().toImage(), "series-1"))
        at.gate.set()

    play(script)


def test_pressure_is_drawn_with_its_sources(play: Play) -> None:
    async def script(at: Open) -> None:
        at.scheduler.pressure_changed.emit(PressureReading(pressure=0.6, breakdown={"disk": 0.6, "cpu": 0.1}))
        panel = at.window.findChild(GraphPanel)
        assert isinstance(panel, GraphPanel)
        panel.refresh()
        assert {"overall 0.60", "disk 0.60", "CPU 0.10"} <= set(words(panel))
        assert "Busy: disk 60 %" in words(at.window)

    play(script)


def test_pointing_reads_all_three_graphs_at_one_instant(play: Play) -> None:
    async def script(at: Open) -> None:
        await at.tiny.submit_batch([Wait(number=number) for number in range(3)])
        panel = at.window.findChild(GraphPanel)
        assert isinstance(panel, GraphPanel)
        await at.until(lambda: "3 of 4" in words(panel))
        graph = at.child(pg.PlotWidget, "graph-pressure")
        viewport = graph.viewport()
        far_left = QPointF(60, graph.height() / 2)
        for target, where in ((viewport, far_left), (viewport, far_left + QPointF(1, 0))):
            move = QMouseEvent(
                QEvent.Type.MouseMove, where, target.mapToGlobal(where), Qt.MouseButton.NoButton,
                Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
            )  # fmt: skip
            QApplication.sendEvent(target, move)
        # Long before anything ran.
        await at.until(lambda: "0" in words(panel))
        QApplication.sendEvent(graph, QEvent(QEvent.Type.Leave))
        await at.until(lambda: "3 of 4" in words(panel))
        at.gate.set()

    play(script)


def test_the_arrow_keys_read_the_graphs_too(play: Play) -> None:
    async def script(at: Open) -> None:
        await at.tiny.submit_batch([Wait(number=number) for number in range(3)])
        panel = at.window.findChild(GraphPanel)
        assert isinstance(panel, GraphPanel)
        await at.until(lambda: "3 of 4" in words(panel))
        graph = at.child(pg.PlotWidget, "graph-concurrency")
        for _ in range(20):
            QTest.keyClick(graph, Qt.Key.Key_Left)
        # Long before anything ran.
        assert "3 of 4" not in words(panel)
        QTest.keyClick(graph, Qt.Key.Key_Escape)
        assert "3 of 4" in words(panel)
        at.gate.set()

    play(script)


def test_the_graphs_have_names_and_say_what_they_show(play: Play) -> None:
    async def script(at: Open) -> None:
        for name in GRAPHS:
            graph = at.child(pg.PlotWidget, name)
            assert graph.accessibleName()
            assert graph.accessibleDescription()
            # Files dropped here are the window's.
            assert not graph.acceptDrops()
            assert not graph.viewport().acceptDrops()
            assert graph.mapTo(at.window, QPoint(0, 0)).x() > 0

    play(script)


def test_dark_is_dark_in_the_graphs_too(play: Play, settings: SettingsStore) -> None:
    async def script(at: Open) -> None:
        settings.update(general={"theme": "dark"})
        graph = at.child(pg.PlotWidget, "graph-throughput")
        await at.until(lambda: graph.grab().toImage().pixelColor(graph.width() - 4, 4) == color("surface"))
        assert color("surface").lightness() < 60
        settings.update(general={"theme": "light"})

    play(script)


def test_detached_it_is_grey_shapes_again(play: Play) -> None:
    async def script(at: Open) -> None:
        await at.tiny.submit(Nothing(number=1))
        page = at.child(OverviewPage, "page-overview")
        page.detach()
        page.detach()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert page.findChild(DomainCard) is None
        assert page.findChild(GraphPanel) is None
        page.attach(at.session)
        await at.until(lambda: page.findChild(GraphPanel) is not None)

    play(script)


def test_attached_anew_the_graphs_remember_what_was(play: Play) -> None:
    async def script(at: Open) -> None:
        await at.scheduler.domain("tiny").submit(Nothing(number=1))
        await at.scheduler.wait_idle()
        await until(lambda: sum(value > 0 for value in known(feed_of(at).timeline.view().finished)) > 0)
        before = feed_of(at).timeline
        at.window.attach(at.session.with_plugins(at.session.plugins, ()))
        assert feed_of(at).timeline is before
        await until(lambda: at.window.findChild(GraphPanel) is not None)
        assert sum(value > 0 for value in known(feed_of(at).timeline.view().finished)) > 0

    play(script)
