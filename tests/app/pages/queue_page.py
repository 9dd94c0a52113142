"""What tests of the queue page look at and do."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from app.models.queue_model import QueueColumn
from app.pages.queue import QueuePage
from tests.app.pages.page_session import Stage
from tests.app.pages.sessions import until
from tests.app.tiny_domain import Wait


def labels(page: QueuePage) -> list[str]:
    return [page.model.index(row, QueueColumn.TASK).data() for row in range(page.model.rowCount())]


def states(page: QueuePage) -> list[str]:
    return [page.model.record_at(page.model.index(row, 0)).status for row in range(page.model.rowCount())]


def select(page: QueuePage, *rows: int) -> None:
    page.view.clearSelection()
    selection = page.view.selectionModel()
    for row in rows:
        selection.select(
            page.model.index(row, 0), selection.SelectionFlag.Select | selection.SelectionFlag.Rows
        )


async def fill(on: Stage, count: int) -> None:
    """Four that run (as many as may), and others that wait, in order."""
    await on.tiny.submit_batch([Wait(number=n) for n in range(count)])
    await until(lambda: len(on.scheduler.active_tasks()) == min(4, count))


def texts(page: QueuePage) -> set[str]:
    return {label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page)}
