"""The tray's menu has the last failures, and loses them when they are dealt with."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication

from app.pages.tray_failures import TrayFailures
from app.system.tray import Tray
from tests.app.pages.page_session import stage, ticking
from tests.app.pages.sessions import until
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Fail


def test_the_last_three_failures_come_and_go(qapp: QApplication, tmp_path: Path) -> None:
    async def script() -> None:
        async with stage(tmp_path) as at:
            tray = Tray()
            tray.attach(at.scheduler, at.session.commands, {})
            feed = TrayFailures(at.session, tray)

            def listed() -> list[str]:
                return [
                    one.text() for one in tray.menu.actions() if one.objectName().startswith("tray-failure-")
                ]

            await at.tiny.submit_batch([Fail(number=number) for number in range(5)])
            await at.scheduler.wait_idle()
            newest = [f"Failed: {one.label}" for one in await at.scheduler.failures(3)]
            await until(lambda: listed() == newest)
            seen: list[str] = []
            feed.chosen.connect(lambda failure: seen.append(failure.label))
            tray.menu.findChild(QAction, "tray-failure-1").trigger()  # type: ignore[union-attr]
            assert [f"Failed: {label}" for label in seen] == newest[1:2]
            at.session.commands.clear_failures([one.id for one in await at.scheduler.failures(10)])
            await until(lambda: listed() == [])
            await until(lambda: not ticking(feed))
            feed.close()
            tray.close()

    run_on_qt(qapp, script())
