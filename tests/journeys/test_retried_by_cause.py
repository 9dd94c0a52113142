"""400 failures of one cause: one is tried and fails again, the cause is mended, one works, the other 399 are retried."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QApplication, QLabel, QListView, QPushButton, QTreeView

from app.models.causes_model import CAUSE_ROLE, COUNT_ROLE
from app.widgets.empty_state import EmptyState
from app.widgets.nav_list import NavList
from app.widgets.trial_strip import TrialStrip
from tests.journeys.real_app import RealApp, run_journey, started_app
from tidemill_sync.tasks import Mirror

MANY = 400
LONGEST_S = 240
"""It mirrors 800 times."""


def badge(app: RealApp) -> str:
    """The number beside the page in the list at the left."""
    return app.find(NavList, "nav").badge("failures")


def numbers(app: RealApp) -> set[str]:
    """How many failures there are, in all places that say so."""
    status, summary = app.find(QPushButton, "status-failed"), app.find(QLabel, "failures-summary")
    return {badge(app), status.text().split()[0], summary.text().split()[0]}


def outcome(app: RealApp) -> str:
    """What became of the one that was tried."""
    return app.find(TrialStrip, "failures-outcome").text


async def break_the_mirror(app: RealApp) -> None:
    """A file lies where the mirror is to be, and so many jobs are to be mirrored."""
    app.mirror.write_text("in the way")
    await app.handle("sync").submit_batch([Mirror(job=f"job {number}") for number in range(MANY)])
    await app.until(lambda: app.scheduler.failure_count == MANY, "all of them to fail", LONGEST_S)


@pytest.mark.timeout(2 * LONGEST_S)
def test_400_failures_are_retried_by_their_cause(qapp: QApplication, data_dir: Path) -> None:
    settings = data_dir / "settings.toml"
    settings.write_text(settings.read_text().replace("retries = 1", "retries = 0"))

    async def journey() -> None:
        async with started_app(data_dir) as app:
            await app.open()
            await break_the_mirror(app)
            app.open_page("failures")
            causes = await app.sees(QListView, "failure-causes")
            await app.until(lambda: causes.model().rowCount() == 2, "one cause, and the row of all")
            card: QModelIndex = causes.model().index(1, 0)
            await app.until(lambda: card.data(COUNT_ROLE) == str(MANY), "its number")
            assert card.data(CAUSE_ROLE).domain == "sync"
            await app.until(lambda: numbers(app) == {str(MANY)}, "all places to say the same number")

            await app.open_cause(1)
            listed = await app.sees(QTreeView, "failures-list")
            await app.until(lambda: listed.model().rowCount(), "the failures of this cause")
            app.click("failures-try-one")
            await app.until(
                lambda: "failed again, for the same cause" in outcome(app), "the first trial to fail"
            )
            await app.until(lambda: numbers(app) == {str(MANY)}, "it to be counted again")

            app.mirror.unlink()
            app.click("failures-try-one")
            await app.until(
                lambda: outcome(app).endswith(f"worked. Retry the other {MANY - 1}."),
                "the second trial to work",
            )
            await app.until(lambda: numbers(app) == {str(MANY - 1)}, "the others to be counted")
            retry = app.find(QPushButton, "failures-retry-all")
            assert retry.text().replace("&", "") == f"Retry the other {MANY - 1}"

            app.click("failures-retry-all")
            await app.until(lambda: app.scheduler.failure_count == 0, "the others to be tried")
            await app.until(
                lambda: app.counts["sync"].completed == MANY, "all of them to be mirrored", LONGEST_S
            )
            page = app.find(EmptyState, "", within=app.window)
            await app.until(lambda: "Nothing went wrong" in page.accessibleName(), "the empty page to say so")
            assert badge(app) == ""
            assert not app.seen(QPushButton, "status-failed")
            assert app.mirror.is_dir()
            assert not app.banners()

    run_journey(qapp, journey(), LONGEST_S)
