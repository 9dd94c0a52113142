"""The page of one domain as a whole: quiet while nobody looks, reached by keyboard, and never too wide."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QWidget,
)

from app.pages.domain_page import DomainPage
from app.widgets.cap_box import CapBox
from app.widgets.group_row import GroupRow
from app.widgets.panel_section import PanelSection
from app.widgets.schedule_row import ScheduleRow
from app.widgets.title_fold import TitleFold
from app.widgets.two_columns import TwoColumns
from tests.app.pages.domain_stage import (
    DAILY,
    Play,
    dispose,
    labels,
    with_group,
    with_schedule,
)
from tests.app.pages.page_session import Stage, child, stage, ticking
from tests.app.pages.panels import loaded
from tests.app.pages.sessions import until
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Fail, Nothing, Wait


def test_a_domain_without_a_plugin_has_a_page_without_settings(qapp: QApplication, tmp_path: Path) -> None:
    pages: list[DomainPage] = []

    async def session() -> None:
        async with stage(tmp_path, []) as on:
            page = DomainPage(on.session, on.tiny, None)
            pages.append(page)
            page.show()
            assert page.accessibleName() == "Tiny"
            assert page.findChild(PanelSection, "panel-settings-tiny") is None
            assert page.findChild(PanelSection, "panel-plugin-tiny") is None
            await until(lambda: page.is_settled)
            page.detach()

    run_on_qt(qapp, session())
    dispose(pages[0])


def test_a_page_that_nobody_sees_does_nothing_and_makes_up_for_it(play_domain: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        await until(lambda: page.is_settled)
        page.hide()
        assert ticking(page) == []
        await on.tiny.submit(Wait(number=1), label="meanwhile", group="disk")
        await on.tiny.submit(Nothing(number=5), label="daily", recurring=DAILY)
        await on.tiny.submit(Fail())
        await until(lambda: on.tiny.counts.failed == 1)
        await until(lambda: not ticking(on.session.events))
        assert ticking(page) == []
        assert labels(page, "panel-running-list-tiny") == []
        assert page.findChild(GroupRow) is None
        page.show()
        await until(lambda: labels(page, "panel-running-list-tiny") == ["meanwhile"])
        assert page.findChild(GroupRow, "group-disk") is not None
        assert page.findChild(ScheduleRow) is not None
        await until(lambda: child(page, PanelSection, "panel-failures-tiny").more.isVisible())

    play_domain(script)


def test_an_idle_page_has_no_timer(play_domain: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        await until(lambda: page.is_settled)
        await until(lambda: ticking(page) == [])
        assert not page.is_ticking

    play_domain(script)


def test_every_control_has_a_name_and_can_be_reached(play_domain: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:

        row = await with_group(on, page)
        child(row, TitleFold, "group-open-disk").click()
        await with_schedule(on, page)
        await on.tiny.submit(Fail())
        await until(lambda: child(page, PanelSection, "panel-failures-tiny").more.isVisible())
        kinds = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QAbstractItemView)
        inner = (QLineEdit, QAbstractSpinBox, QComboBox)
        controls = [
            one
            for kind in kinds
            for one in page.findChildren(kind)
            if one.isVisible() and not isinstance(one.parent(), inner) and not isinstance(one, QHeaderView)
        ]
        assert [one.objectName() or one for one in controls if not one.accessibleName()] == []
        unreachable = [one for one in controls if one.focusPolicy() == Qt.FocusPolicy.NoFocus]
        assert [one.objectName() for one in unreachable] == []

    play_domain(script, loaded("tests.app.pages.panels:make"))


def test_esc_leads_back_also_from_a_control(play_domain: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        asked: list[bool] = []
        page.back_requested.connect(lambda: asked.append(True))
        page.setFocus()
        QTest.keyClick(page, Qt.Key.Key_Escape)
        cap = child(page, CapBox, "panel-concurrency-tiny")
        cap.setFocus()
        QTest.keyClick(cap, Qt.Key.Key_Escape)
        assert asked == [True, True]

    play_domain(script)


@pytest.mark.parametrize("width", [552, 800, 1072])
def test_nothing_is_wider_than_the_page(play_domain: Play, width: int) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        row = await with_group(
            on, page, "s3://backups-of-the-family/eu-central/a-very-long-name-without-a-space"
        )
        row.findChildren(TitleFold)[0].click()
        await with_schedule(on, page)
        page.resize(width, 520)
        await until(lambda: page.width() == width)
        area = child(page, QWidget, "panel-area-tiny")
        inner = area.widget()  # type: ignore[attr-defined]
        (columns,) = page.findChildren(TwoColumns)
        await until(lambda: columns.is_beside == (width == 1072))
        assert inner.minimumSizeHint().width() <= area.viewport().width()  # type: ignore[attr-defined]

    play_domain(script, loaded("tests.app.pages.panels:make"))
