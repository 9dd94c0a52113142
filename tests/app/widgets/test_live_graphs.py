"""What the live graphs say in words: when there is nothing to see, and what their level lines are."""

from __future__ import annotations

import math

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QTransform
from pytestqt.qtbot import QtBot

from app.models.timeline import Reading, View
from app.theme import color
from app.widgets.graph_items import Hint, LineName, PixelItem, Thresholds
from app.widgets.live_graphs import EndedGraph, LiveGraph, PressureGraph, RunningGraph

EDGES = (0.0, 1.0, 2.0)


def item(graph: LiveGraph, kind: type[PixelItem]) -> PixelItem:
    """The graph's one item of that kind."""
    (found,) = (one for one in graph.plot.scene().items() if isinstance(one, kind))
    return found


def view(running: float, finished: float) -> View:
    """Two steps of one second, at a cap of 8."""
    return View(
        first=0,
        step_s=1,
        begin_s=0.0,
        end_s=2.0,
        stack={"tiny": [running, running]},
        cap=[math.nan, 8.0],
        finished=[finished, finished],
        failed=[0.0, 0.0],
    )


@pytest.fixture
def running(qtbot: QtBot) -> RunningGraph:
    graph = RunningGraph(0.0, (("tiny", "Tiny", "series-1"),))
    qtbot.addWidget(graph)
    return graph


@pytest.fixture
def ended(qtbot: QtBot) -> EndedGraph:
    graph = EndedGraph(0.0)
    qtbot.addWidget(graph)
    return graph


def test_where_nothing_runs_there_are_words_and_no_cap(running: RunningGraph) -> None:
    assert running.draw(view(0, 0), EDGES) == 0.0
    assert item(running, Hint).isVisible()
    assert not item(running, LineName).isVisible()


def test_where_something_runs_the_cap_is_named(running: RunningGraph) -> None:
    assert running.draw(view(3, 0), EDGES) > 8.0
    assert not item(running, Hint).isVisible()
    name = item(running, LineName)
    assert isinstance(name, LineName)
    assert name.isVisible()
    assert name.text == "8 at most"


def test_where_nothing_has_finished_there_are_words(ended: EndedGraph) -> None:
    assert ended.draw(view(0, 0), EDGES) == 0.0
    assert item(ended, Hint).isVisible()
    assert ended.draw(view(0, 2), EDGES) == 4.0
    assert not item(ended, Hint).isVisible()


def test_the_total_pressure_has_a_word(qtbot: QtBot) -> None:
    graph = PressureGraph(0.0)
    qtbot.addWidget(graph)
    graph.read(Reading(0.0, {}, None, 0.89, {}, 0.0, 0.0, paused=False))
    assert graph.plot.accessibleDescription() == "overall 0.89"


@pytest.mark.parametrize(("height", "below"), [(200, False), (40, True)])
def test_names_of_near_thresholds_do_not_lie_on_each_other(qtbot: QtBot, height: int, below: bool) -> None:
    lines = Thresholds(((0.50, "warning", "busy"), (0.75, "failure", "very busy")))
    picture = QImage(120, height, QImage.Format.Format_RGB32)
    picture.fill(color("surface"))
    painter = QPainter(picture)
    lines.draw(painter, QTransform(1, 0, 0, -height, 0, height), QRectF(0, 0, 120, height))
    painter.end()
    ground = color("surface").rgb()
    under = [
        picture.pixel(x, y) != ground for x in range(6, 40) for y in range(height // 2 + 2, height // 2 + 12)
    ]
    assert any(under) is below
