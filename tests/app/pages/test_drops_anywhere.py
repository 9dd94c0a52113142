"""Files that are dropped are taken in wherever on the window they are let go, also over a field to write in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QLineEdit, QTextEdit, QWidget

from app.pages.main_window import MainWindow
from app.settings import SettingsStore
from tests.app.pages.sessions import opened
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Fail, Nothing

PAGES = ("overview", "jobs", "queue", "history", "failures")


def let_go(mime: QMimeData, over: QWidget) -> bool:
    """Drags something there and lets it go; was it wanted?"""
    place, keys = over.rect().center(), Qt.KeyboardModifier.NoModifier
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    entered = QDragEnterEvent(QPoint(place), action, mime, button, keys)
    QApplication.sendEvent(over, entered)
    dropped = QDropEvent(QPointF(place), action, mime, button, keys)
    QApplication.sendEvent(over, dropped)
    return entered.isAccepted() and dropped.isAccepted()


def test_over_every_part_of_every_page(
    window: MainWindow, settings: SettingsStore, tmp_path: Path, qapp: QApplication
) -> None:
    file, taken = tmp_path / "a.txt", list[list[object]]()
    file.write_text("a")
    window.files_dropped.connect(taken.append)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file)), QUrl("https://example.org/b.jpg")])
    # As file managers give it besides.
    mime.setText(str(file))

    async def script() -> None:
        fields: set[str] = set()
        async with opened(window, settings) as at:
            await at.tiny.submit_batch([Nothing(number=1), Fail()], tags={"job_id": "one"})
            await at.scheduler.wait_idle()
            await at.tiny.submit(Nothing(number=2), run_after=3600)
            for name in PAGES:
                window.show_page(name)
                page = at.child(QWidget, f"page-{name}")
                await at.until(lambda page=page: getattr(page, "is_settled", True))
                parts = [one for one in window.findChildren(QWidget) if one.isVisible()]
                for part in parts:
                    # What is within a text or a list gets the drop first.
                    over = part.viewport() if isinstance(part, QAbstractScrollArea) else part
                    taken.clear()
                    assert let_go(mime, over), f"{name}: {type(part).__name__} {part.objectName()!r}"
                    assert taken == [[file, "https://example.org/b.jpg"]]
                    if isinstance(part, QLineEdit) and part.isEnabled() and part.objectName():
                        fields.add(part.objectName())
                        assert "a.txt" not in part.text()
        assert fields >= {"search", "queue-tag", "history-tag"}
        assert not [one for one in window.findChildren(QTextEdit) if str(file) in one.toPlainText()]

    run_on_qt(qapp, script(), 60)
