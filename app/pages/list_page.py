"""What the pages with a list share: a line of controls, and below it grey rows, an empty state, or the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.pages.errands import Errands
from app.theme import GRID
from app.widgets.empty_state import EmptyState
from app.widgets.list_skeleton import ListSkeleton

if TYPE_CHECKING:
    from app.bridge.session import Session
    from app.pages.list_feed import ListFeed


class ListPage(QWidget):
    """Grey rows until `attach`, and again after `detach`. A subclass makes its feed and empties its list."""

    def __init__(self, name: str, empty: EmptyState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.session: Session | None = None
        self.errands: Errands | None = None
        self.feed: ListFeed | None = None
        self.empty = empty
        self.bar = QHBoxLayout()
        self.bar.setContentsMargins(0, 0, 0, 0)
        self.bar.setSpacing(GRID)
        self._bar_room = QWidget()
        self._bar_room.setLayout(self.bar)
        # Where there is nothing to control the controls go, and nothing else moves.
        policy = self._bar_room.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._bar_room.setSizePolicy(policy)
        self._stack = QStackedLayout()
        self._skeleton = ListSkeleton()
        self._content: QWidget | None = None
        for part in (self._skeleton, empty):
            self._stack.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, GRID)
        layout.setSpacing(GRID + 4)
        layout.addWidget(self._bar_room)
        layout.addLayout(self._stack, 1)
        self.show_skeleton()

    def set_content(self, content: QWidget) -> None:
        """What is shown when there is something to show."""
        self._content = content
        self._stack.addWidget(content)

    def show_skeleton(self) -> None:
        """Nothing is known yet."""
        self._bar_room.setEnabled(False)
        self._bar_room.show()
        self._stack.setCurrentWidget(self._skeleton)

    def show_content(self, *, has_rows: bool, keep_bar: bool = False) -> None:
        """The list, or the empty state; `keep_bar` leaves the controls usable when a filter made it empty."""
        self._bar_room.setEnabled(has_rows or keep_bar)
        self._bar_room.setVisible(has_rows or keep_bar)
        self._stack.setCurrentWidget(self._content if has_rows and self._content is not None else self.empty)

    @property
    def is_settled(self) -> bool:
        """Has all been asked and answered, and every errand done?"""
        is_feed_idle = self.feed is None or self.feed.is_idle
        return is_feed_idle and (self.errands is None or self.errands.is_idle)

    def attach(self, session: Session) -> None:
        """Shows the session and follows it."""
        self.detach()
        self.session = session
        self.errands = Errands(session, self)
        self.feed = self.make_feed(session)

    def renew_feed(self) -> None:
        """Begins anew, as if nothing had been asked yet; the controls stay. Without a session nothing happens."""
        if self.session is None:
            return
        self._drop_feed()
        self.clear_rows()
        self.feed = self.make_feed(self.session)

    def detach(self) -> None:
        """Lets the session go and shows grey rows again. Idempotent."""
        self._drop_feed()
        self.errands = self.session = None
        self.clear_rows()
        self.show_skeleton()

    def _drop_feed(self) -> None:
        feed, self.feed = self.feed, None
        if feed is not None:
            feed.close()
            feed.deleteLater()

    def make_feed(self, session: Session) -> ListFeed:
        """What fills the list from now on."""
        raise NotImplementedError

    def clear_rows(self) -> None:
        """Empties the list."""
        raise NotImplementedError

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's hook; the page is in front."""
        super().showEvent(event)
        if self.feed is not None:
            self.feed.wake()

    def hideEvent(self, event: QHideEvent) -> None:
        """Qt's hook; nobody sees the page."""
        super().hideEvent(event)
        if self.feed is not None:
            self.feed.sleep()
