"""From a gate to the very control that it goes by, in the real window: it is seen, and has the focus."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from app.pages.main_window import MainWindow
from app.pages.settings_window import SettingsWindow
from app.settings import SettingsStore
from scheduler_core import RecurringSchedule
from tests.app.pages.sessions import opened
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Nothing, Wait


def focus_of(window: MainWindow) -> QWidget:
    """What has the focus, in the settings window if that is open."""
    top = window.findChild(SettingsWindow) or window
    focus = top.focusWidget()
    assert focus is not None
    return focus


def is_seen(control: QWidget, focus: QWidget) -> bool:
    """Is it on the screen, and does it have the focus, or a part of it?"""
    visible = control.isVisible() and not control.visibleRegion().isEmpty()
    return visible and (control is focus or control.isAncestorOf(focus))


@pytest.mark.parametrize(
    ("page", "control"),
    [
        ("limits", "setting-max_concurrency"),
        ("limits", "setting-bandwidth"),
        ("limits", "limits-concurrency-tiny"),
        ("limits", "limits-rate-tiny::wait"),
        ("pressure", "setting-ordinary"),
        ("pressure", "setting-background"),
        ("pressure", "setting-battery"),
        ("pressure", "setting-metered"),
        ("pressure", "setting-quiet"),
        ("plugins", "settings-load-tiny"),
        ("", "pause-all"),
        ("domain-tiny", "panel-switch-tiny"),
        ("domain-tiny", "group-switch-g20"),
        ("domain-tiny", "group-limit-g20"),
        ("domain-tiny", "group-rate-g20"),
    ],
)
def test_the_control_is_shown_with_the_focus(
    window: MainWindow, settings: SettingsStore, qapp: QApplication, page: str, control: str
) -> None:
    async def script() -> None:
        async with opened(window, settings) as at:
            # Of more than a dozen groups the section shows some: the one that is wanted need not be among them.
            for number in range(30):
                await at.tiny.submit(Wait(number=number), group=f"g{number:02}")
            at.session.commands.setting_wanted.emit(page, control)
            top = window.findChild(SettingsWindow) or window
            (found,) = top.findChildren(QWidget, control)
            await at.until(lambda: is_seen(found, focus_of(window)))
            at.gate.set()

    run_on_qt(qapp, script())


def test_a_schedule_is_shown_by_its_switch(
    window: MainWindow, settings: SettingsStore, qapp: QApplication
) -> None:
    async def script() -> None:
        async with opened(window, settings) as at:
            first = await at.tiny.submit(
                Nothing(number=1), recurring=RecurringSchedule(every=86_400, initial_delay=60)
            )
            control = f"schedule-switch-{first.id}"
            at.session.commands.setting_wanted.emit("domain-tiny", control)
            (found,) = window.findChildren(QWidget, control)
            await at.until(lambda: is_seen(found, focus_of(window)))

    run_on_qt(qapp, script())


def test_a_control_that_is_gone_leads_to_its_page_and_harms_nobody(
    window: MainWindow, settings: SettingsStore, qapp: QApplication
) -> None:
    async def script() -> None:
        async with opened(window, settings) as at:
            at.session.commands.setting_wanted.emit("domain-tiny", "group-limit-no-such-group")
            assert at.child(QWidget, "page-domain-tiny").isVisible()
            at.session.commands.setting_wanted.emit("domain-gone", "panel-switch-gone")
            assert at.child(QWidget, "page-overview").isVisible()
            at.session.commands.setting_wanted.emit("limits", "limits-rate-gone::kind")
            assert window.findChild(SettingsWindow) is not None

    run_on_qt(qapp, script())
