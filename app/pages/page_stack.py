"""The pages on top of each other; each is made when it is first needed, and attached while a session lasts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.system.next_paint import NextPaint

if TYPE_CHECKING:
    from app.bridge.session import Session


class Page(Protocol):
    """What every page does: it is made empty, shows a session, and is empty again."""

    def attach(self, session: Session) -> None: ...

    def detach(self) -> None: ...


class PageStack(QStackedWidget):
    """Pages by name. The first picture costs one page; the others are made one per turn of the event loop.

    `page_made(QWidget)`: one more page is there, and not attached yet. `all_made()` comes in the turn after the last of
    them.
    """

    page_made = Signal(QWidget)
    all_made = Signal()

    def __init__(self, factories: Mapping[str, Callable[[], QWidget]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._factories = dict(factories)
        self._passing: dict[str, Callable[[], QWidget]] = {}
        self._pages: dict[str, QWidget] = {}
        self._session: Session | None = None
        self._paint: NextPaint | None = None

    def add_page(self, name: str, factory: Callable[[], QWidget]) -> None:
        """A page that is there for a while; it is made when it is first shown, and not before."""
        self._passing[name] = factory

    def remove_page(self, name: str) -> None:
        """Such a page goes; another one should be in front."""
        self._passing.pop(name, None)
        page = self._pages.pop(name, None)
        if page is not None:
            cast(Page, page).detach()
            self.removeWidget(page)
            page.hide()
            page.setObjectName("")
            page.deleteLater()

    def page(self, name: str) -> QWidget:
        """The page, made and attached now if it was not yet."""
        if name not in self._pages:
            page = self._pages[name] = (self._factories.get(name) or self._passing[name])()
            self.page_made.emit(page)
            self.addWidget(page)
            if self._session is not None:
                cast(Page, page).attach(self._session)
        return self._pages[name]

    def show_page(self, name: str) -> None:
        """Brings the page to the front."""
        self.setCurrentWidget(self.page(name))

    def attach(self, session: Session) -> None:
        """Shows the session on all pages: those that exist now, and the others one by one once those can be seen."""
        self._session = session
        for page in self._pages.values():
            cast(Page, page).attach(session)
        self._paint = NextPaint(self.window(), self)
        self._paint.came.connect(self._make_next)

    def detach(self) -> None:
        """Empties all pages. Idempotent."""
        if self._session is None:
            return
        self._session = None
        if self._paint is not None:
            self._paint.cancel()
            self._paint = None
        for page in self._pages.values():
            cast(Page, page).detach()

    def _make_next(self) -> None:
        if self._session is None:
            return
        missing = next((name for name in self._factories if name not in self._pages), None)
        if missing is None:
            self.all_made.emit()
            return
        self.page(missing)
        QTimer.singleShot(0, self, self._make_next)
