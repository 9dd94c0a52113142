"""Goes to one failure on the page Failures: its cause is opened and its row selected, as soon as both are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.pages.causes_feed import CausesFeed

if TYPE_CHECKING:
    from app.pages.failures import FailuresPage
    from scheduler_core import TaskHistoryRecord


class FailureSeeker(QObject):
    """`look()` after whatever was loaded. One that has been dealt with meanwhile is not looked for any longer."""

    def __init__(self, page: FailuresPage) -> None:
        super().__init__(page)
        self._page = page
        self._wanted: TaskHistoryRecord | None = None

    def seek(self, failure: TaskHistoryRecord) -> None:
        """Goes there, now or when it is there."""
        self._wanted = failure
        self.look()

    def look(self) -> None:
        """Goes as far as what is loaded allows."""
        wanted, page, feed = self._wanted, self._page, self._page.feed
        if wanted is None or not isinstance(feed, CausesFeed):
            return
        # The first card is that of all failures, and there is none where there is but one cause.
        row = 0 if wanted.cause is None else page.causes.row_of(wanted.cause)
        if row is None:
            if feed.is_idle:
                self._wanted = None
            return
        cause = page.causes.index(row)
        if page.causes_view.currentIndex().row() != row:
            page.causes_view.setCurrentIndex(cause)
        for place, record in enumerate(page.failures.records):
            if record.id == wanted.id:
                self._wanted = None
                page.go_inside()
                page.view.setCurrentIndex(page.failures.index(place, 0))
                return
        if feed.is_idle and feed.rows.is_idle:
            self._wanted = None
