"""The page of the tiny domain on a real scheduler, and what tests ask of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLabel,
    QWidget,
)

from app.pages.domain_page import DomainPage
from app.plugin_host.host import LoadedPlugin
from app.settings import SettingsStore
from app.widgets.group_row import GroupRow
from app.widgets.panel_section import PanelSection
from app.widgets.schedule_row import ScheduleRow
from scheduler_core import GroupSummary, RecurringSchedule
from tests.app.pages.page_session import Stage, child, stage, ticking
from tests.app.pages.sessions import tiny_plugin, until
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Nothing, Wait

Script = Callable[[Stage, DomainPage], Awaitable[None]]
DAILY = RecurringSchedule(every=86_400, initial_delay=3600)


def dispose(page: QWidget) -> None:
    """Closes a page and frees it at once: outside of an event loop nobody else would."""
    page.close()
    page.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


class Play:
    """Runs a script on a page that is seen."""

    def __init__(self, app: QApplication, folder: Path) -> None:
        self._app = app
        self.folder = folder

    def __call__(self, script: Script, plugin: LoadedPlugin | None = None) -> None:
        pages: list[DomainPage] = []

        async def session() -> None:
            shown = tiny_plugin() if plugin is None else plugin
            async with stage(self.folder, [shown]) as on:
                page = DomainPage(on.session, on.tiny, shown)
                pages.append(page)
                page.resize(1080, 700)
                page.show()
                try:
                    await script(on, page)
                finally:
                    on.gate.set()
                    await on.session.commands.wait_idle()
                    await until(lambda: page.is_settled)
                    page.detach()
                    page.detach()
                    # A list may be about to move its buttons, once.
                    await until(lambda: not ticking(page))

        try:
            run_on_qt(self._app, session())
        finally:
            # Not in the loop: it ends with the last window.
            for page in pages:
                dispose(page)


def group(on: Stage, name: str = "disk") -> GroupSummary:
    (found,) = [one for one in on.scheduler.groups("tiny") if one.name == name]
    return found


def stored(on: Stage, name: str = "disk") -> dict[str, object]:
    """What the settings file, read anew, says of a group."""
    groups = SettingsStore(on.session.settings.path).value.limits.groups
    return groups[name].model_dump(exclude_none=True) if name in groups else {}


def labels(page: QWidget, name: str) -> list[str]:
    model = child(page, QAbstractItemView, name).model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def figure(page: QWidget, section: str) -> str:
    return child(page, PanelSection, f"panel-{section}-tiny").figure


def words(root: QWidget) -> list[str]:
    """What is to be read, from the top down."""
    seen = [label for label in root.findChildren(QLabel) if label.isVisibleTo(root)]
    return [label.text() for label in sorted(seen, key=lambda label: label.mapTo(root, QPoint()).y())]


async def with_group(on: Stage, page: DomainPage, name: str = "disk") -> GroupRow:
    await on.tiny.submit(Wait(number=99), group=name)
    await until(lambda: page.findChild(GroupRow, f"group-{name}") is not None)
    return child(page, GroupRow, f"group-{name}")


async def with_schedule(on: Stage, page: DomainPage) -> tuple[ScheduleRow, int]:
    outcome = await on.tiny.submit(Nothing(number=5), label="daily look", recurring=DAILY)
    assert outcome.id is not None
    name = f"schedule-{outcome.id}"
    await until(lambda: page.findChild(ScheduleRow, name) is not None)
    return child(page, ScheduleRow, name), outcome.id
