"""Every page, window, panel and menu, with something in it, as a screen reader and a keyboard find it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QListView, QMenu, QTreeView, QWidget

from app.pages.settings_window import SettingsWindow
from app.widgets.fold import Fold
from app.widgets.title_fold import TitleFold
from scheduler_core import RecurringSchedule
from tests.helpers.real_files import jpeg, truncated_jpeg
from tests.journeys.conftest import Journey
from tests.journeys.looking import cut_off, nameless, nameless_entries, out_of_order, out_of_reach
from tests.journeys.real_app import RealApp, started_app
from tidemill_sync.tasks import Mirror

# Said by the offscreen platform, which has no windows above each other.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|propagateSizeHints|grabbing)")

PAGES = ("overview", "jobs", "queue", "history", "failures")
DOMAINS = ("ingest", "process", "sync", "notify")
SETTINGS = ("general", "domains", "limits", "pressure", "plugins", "notifications", "advanced")


@pytest.fixture
def holiday(tmp_path: Path) -> Path:
    folder = tmp_path / "holiday"
    folder.mkdir()
    (folder / "beach.jpg").write_bytes(jpeg())
    (folder / "broken.jpg").write_bytes(truncated_jpeg())
    return folder


def faults(window: QWidget, where: str) -> list[str]:
    """Controls that do not say what they are, that Tab does not reach, or not in the order of the page; cut-off words."""
    found = {
        "nameless": nameless(window),
        "out of reach": out_of_reach(window),
        "out of order": out_of_order(window),
        "cut off": cut_off(window),
        "menus": [one for menu in window.findChildren(QMenu) for one in nameless_entries(menu)],
    }
    return [f"{where}: {what}: {one}" for what, ones in found.items() for one in ones]


async def fill(app: RealApp, holiday: Path) -> None:
    """Something has been done, something has failed, something waits, and something comes again."""
    app.drop([holiday])
    await app.idle()
    await app.until(lambda: app.scheduler.failure_count, "the broken one to fail")
    sync = app.handle("sync")
    await sync.pause()
    await sync.submit(Mirror(job="later"), group="disk", tags={"job_id": "later"})
    await sync.submit(Mirror(job="nightly"), recurring=RecurringSchedule(every=86_400, initial_delay=3600))
    await sync.resume_group("disk")


async def look_at_pages(app: RealApp) -> list[str]:
    """Each with its list filled and its row chosen."""
    window, found = app.window, list[str]()
    for page in (*PAGES, *(f"domain-{name}" for name in DOMAINS)):
        window.show_page(page)
        shown = await app.sees(QWidget, f"page-{page}")
        if page in {"jobs", "queue", "history"}:
            rows = await app.sees(QTreeView, f"{page}-list")
            await app.until(lambda rows=rows: rows.model().rowCount(), f"rows on {page}")
            rows.setCurrentIndex(rows.model().index(0, 0))
        if page == "failures":
            causes = await app.sees(QListView, "failure-causes")
            await app.until(lambda causes=causes: causes.model().rowCount(), "causes")
        await app.until(lambda shown=shown: getattr(shown, "is_settled", True), f"{page} to be filled")
        for fold in shown.findChildren(TitleFold):
            fold.setChecked(True)
        await app.pause_for_paint()
        found += faults(window, page)
    return found


async def look_at_inspector(app: RealApp) -> list[str]:
    """With a task that waits, and with one that has failed."""
    found: list[str] = []
    app.click("inspector-toggle")
    for page, part in (("queue", "why-waiting"), ("failures", "inspector-error")):
        app.window.show_page(page)
        await app.sees(QWidget, part)
        await app.pause_for_paint()
        found += faults(app.window, f"the inspector on {page}")
    app.click("inspector-toggle")
    return found


async def look_at_settings(app: RealApp) -> list[str]:
    """Every page, and what is folded on it."""
    found: list[str] = []
    app.window.show_settings()
    settings = app.find(SettingsWindow, "settings-window")
    for page in SETTINGS:
        settings.show_page(page)
        shown = app.find(QWidget, f"settings-page-{page}")
        for fold in shown.findChildren(Fold):
            for button in fold.findChildren(QAbstractButton)[:1]:
                if button.isCheckable() and not button.isChecked():
                    button.click()
        await app.pause_for_paint()
        found += faults(settings, f"settings, {page}")
    settings.close()
    return found


async def look_at_the_rest(app: RealApp) -> list[str]:
    """Help, palette, banners, toasts and the question at closing."""
    window = app.window
    window.show_help()
    found = faults(app.find(QWidget, "help-window"), "help")
    app.find(QWidget, "help-window").close()
    palette = window.findChild(QAction, "action-palette")
    assert palette is not None
    palette.trigger()
    found += [f"palette: {one}" for one in nameless(app.find(QWidget, "palette"))]
    listed = app.find(QListView, "palette-list").model()
    role = Qt.ItemDataRole.AccessibleTextRole
    assert all(listed.index(row, 0).data(role).strip() for row in range(listed.rowCount()))
    palette.trigger()
    app.click("pause-all")
    await app.sees(QWidget, "pause-banner")
    window.toast("Something was done")
    window.close()
    await app.sees(QWidget, "close-question")
    await app.pause_for_paint()
    found += faults(window, "banners and the question at closing")
    app.click("close-keep")
    app.click("pause-all")
    return found


def test_everything_has_a_name_and_is_reached_in_the_order_of_the_page(
    go: Journey, data_dir: Path, holiday: Path
) -> None:
    async def journey() -> None:
        async with started_app(data_dir) as app:
            await app.open()
            await fill(app, holiday)
            found = await look_at_pages(app)
            found += await look_at_inspector(app)
            found += await look_at_settings(app)
            found += await look_at_the_rest(app)
            assert not found, "\n".join(found)

    go(journey())


def test_the_welcome_can_be_read(go: Journey, tmp_path: Path) -> None:
    async def journey() -> None:
        async with started_app(tmp_path / "Tidemill") as app:
            await app.open()
            await app.until(lambda: app.find(QAbstractButton, "welcome-samples").isEnabled(), "the samples")
            await app.pause_for_paint()
            assert faults(app.window, "the welcome") == []

    go(journey())
