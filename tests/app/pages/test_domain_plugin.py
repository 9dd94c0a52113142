"""What a plugin brings to the page of its domain: a panel, which may fail, and settings."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QWidget,
)

from app.pages.domain_page import DomainPage
from app.settings import SettingsStore
from app.widgets.panel_section import PanelSection
from app.widgets.switch import Switch
from scheduler_core import HealthReport
from tests.app.pages.domain_stage import (
    Play,
    words,
)
from tests.app.pages.page_session import Stage, child
from tests.app.pages.panels import loaded
from tests.app.pages.sessions import until


def test_the_panel_of_a_plugin_is_made_once_with_its_handle(play_domain: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        assert child(page, QLabel, "tiny-panel").text() == "the panel of tiny"
        page.hide()
        page.show()
        assert len(page.findChildren(QLabel, "tiny-panel")) == 1

    play_domain(script, loaded("tests.app.pages.panels:make"))


@pytest.mark.parametrize(
    ("panel", "reason"),
    [
        ("tests.app.pages.panels:broken", "No such table: boxes"),
        ("tests.app.pages.panels:no_widget", "tests.app.pages.panels:no_widget returned str, and no QWidget"),
        ("tests.app.pages.panels:nothing", "has no attribute 'nothing'"),
        ("no_such_module:make", "No module named 'no_such_module'"),
        ("panels", "panel 'panels' is no package.module:factory"),
    ],
)
def test_a_panel_that_cannot_be_shown_is_told_in_its_place_and_the_rest_works(
    play_domain: Play, panel: str, reason: str
) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        card = child(page, QFrame, "panel-plugin-failed-tiny")
        assert any(reason.casefold() in word.casefold() for word in words(card))
        child(page, Switch, "panel-switch-tiny").click()
        await until(lambda: on.tiny.is_paused)
        assert on.failed == []

    play_domain(script, loaded(panel))


def test_health_and_settings_follow_a_plugin_that_was_built_anew(play_domain: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        plugin = on.session.plugins[0]
        banner = child(page, QFrame, "panel-health")
        assert not banner.isVisible()
        sick = HealthReport(ok=False, message="The disk is not there")
        on.session.commands.tell_plugin(replace(plugin, health=sick))
        assert banner.isVisible()
        assert "The disk is not there" in words(banner)
        on.session.commands.tell_plugin(replace(plugin, name="another", health=HealthReport(ok=True)))
        assert banner.isVisible()
        on.session.commands.tell_plugin(replace(plugin, health=HealthReport(ok=True)))
        assert not banner.isVisible()

    play_domain(script, loaded())


def test_settings_of_the_plugin_are_stored_and_follow_the_file(play_domain: Play) -> None:
    async def script(on: Stage, page: DomainPage) -> None:
        section = child(page, PanelSection, "panel-settings-tiny")
        level = child(section, QWidget, "setting-level")
        level.setValue(7)  # type: ignore[attr-defined]
        assert SettingsStore(on.session.settings.path).value.domains == {"tiny": {"level": 7}}
        on.session.settings.update(domains={"tiny": {"level": 2}})
        assert level.value() == 2  # type: ignore[attr-defined]

    play_domain(script, loaded())
