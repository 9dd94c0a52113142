"""Step lines become rectangles of whole pixels."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QTransform

from app.widgets.dashes import DASHED, WHOLE, dashed
from app.widgets.pixel_steps import Step, line_rects, pixel_steps

TEN_PIXELS_A_UNIT = QTransform.fromScale(10, -10)


def steps(*values: float) -> list[Step]:
    edges = np.arange(len(values) + 1, dtype=float)
    return pixel_steps(edges, np.array(values), TEN_PIXELS_A_UNIT)


def test_neighbours_of_one_height_are_one_step() -> None:
    assert steps(2, 2, 3) == [Step(0, -20, 20, 0), Step(20, -30, 10, 0)]


def test_what_is_not_known_is_a_gap() -> None:
    assert steps(math.nan, 1, math.nan, math.nan, 1) == [Step(10, -10, 10, 0), Step(40, -10, 10, 0)]
    assert steps() == []


def test_areas_stand_on_what_is_below_them() -> None:
    edges = np.array([0.0, 1.0, 2.0])
    made = pixel_steps(edges, np.array([3.0, 3.0]), TEN_PIXELS_A_UNIT, np.array([1.0, 2.0]))
    assert made == [Step(0, -30, 10, -10), Step(10, -30, 10, -20)]


def test_a_line_joins_steps_that_meet_and_no_others() -> None:
    joined = line_rects(steps(1, 3), 2)
    assert QRectF(9, -31, 2, 22) in joined
    assert len(joined) == 3
    assert len(line_rects(steps(1, math.nan, 3), 2)) == 2


@pytest.mark.parametrize("left", [0.0, 7.0, 35.0])
def test_dashes_keep_their_places(left: float) -> None:
    drawn = dashed([QRectF(left, 0, 100, 2)], DASHED)
    assert all(rect.left() % 10 < 6 and rect.right() % 10 <= 6 for rect in drawn)
    assert drawn[0].left() >= left
    assert drawn[-1].right() <= left + 100
    assert sum(rect.width() for rect in drawn) == pytest.approx(60)


def test_a_whole_line_is_left_as_it_is() -> None:
    rects = [QRectF(0, 0, 5, 2)]
    assert dashed(rects, WHOLE) is rects
