"""The pages of a session's domains: they come with it, below the Overview in the list, and go with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.pages.overview import OverviewPage

if TYPE_CHECKING:
    from app.bridge.session import Session
    from app.pages.page_stack import PageStack
    from app.plugin_host.host import LoadedPlugin
    from app.widgets.nav_list import NavList
    from app.widgets.page_header import PageHeader
    from scheduler_core import DomainHandle

_ABOVE = "overview"
_PREFIX = "domain-"


class DomainPages(QObject):
    """The ways to the pages of domains, and back: from the list, from the cards of the Overview, by Esc.

    Which of them was shown last is known while there is no session, so that the window comes back to it.
    """

    def __init__(
        self, nav: NavList, stack: PageStack, header: PageHeader, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._nav = nav
        self._stack = stack
        self._header = header
        self._names: list[str] = []
        self._shown = ""
        self._wanted = ""
        stack.all_made.connect(_prepare)
        header.back_requested.connect(lambda: self._go_back(self._shown))

    def make_overview(self) -> QWidget:
        """The Overview, whose cards open the pages."""
        page = OverviewPage()
        page.domain_requested.connect(self._open)
        return page

    def attach(self, session: Session) -> None:
        """Lists the session's domains. Comes back to the one that was shown last, if the Overview is in front."""
        handles = {handle.name: handle for handle in session.scheduler.domains()}
        for plugin in session.plugins:
            if (handle := handles.pop(plugin.name, None)) is not None:
                self._add(session, handle, plugin)
        # Domains that no plugin brought, as an embedding program may have them.
        for handle in handles.values():
            self._add(session, handle, None)
        wanted, self._wanted = self._wanted, ""
        if self._shown == _ABOVE and wanted in self._names:
            self._nav.show_page(wanted)

    def detach(self) -> None:
        """Takes the pages away; who looks at one of them sees the Overview. Idempotent."""
        names, self._names = self._names, []
        if self._shown in names:
            self._wanted = self._shown
            self._nav.show_page(_ABOVE)
        for name in names:
            self._nav.remove_page(name)
            self._stack.remove_page(name)

    def on_page(self, name: str) -> None:
        """This page is in front now: the header shows the way back."""
        self._shown = name
        if name != _ABOVE:
            self._wanted = ""
        self._header.set_above(self._nav.title_of(_ABOVE) if name.startswith(_PREFIX) else "")

    def to_remember(self, page: str) -> str:
        """The page to come back to at the next start, where `page` is the one in front."""
        return self._wanted if page == _ABOVE and self._wanted else page

    def want(self, page: str) -> None:
        """The page that was in front at the end of the last run; its domain may come with the session."""
        if page.startswith(_PREFIX):
            self._wanted = page

    def _add(self, session: Session, handle: DomainHandle[Any], plugin: LoadedPlugin | None) -> None:
        name = f"{_PREFIX}{handle.name}"
        title = handle.name.capitalize() if plugin is None else plugin.title
        token = "series-8" if plugin is None else plugin.color
        self._names.append(name)
        self._nav.add_sub_page(name, title, handle.name, token, _ABOVE)
        self._stack.add_page(name, self._factory(session, handle, plugin))

    def _factory(
        self, session: Session, handle: DomainHandle[Any], plugin: LoadedPlugin | None
    ) -> Callable[[], QWidget]:
        def make() -> QWidget:
            # Not needed before somebody looks at a domain.
            from app.pages.domain_page import DomainPage

            page = DomainPage(session, handle, plugin)
            page.back_requested.connect(lambda: self._go_back(self._shown))
            page.page_requested.connect(self._nav.show_page)
            if self._nav.title_of("queue"):
                page.offer_queue()
            return page

        return make

    def _open(self, domain: str) -> None:
        self._nav.show_page(f"{_PREFIX}{domain}")
        # The keyboard goes on in the page.
        self._stack.page(f"{_PREFIX}{domain}").setFocus()

    def _go_back(self, name: str) -> None:
        """To the card that one came from."""
        self._nav.show_page(_ABOVE)
        overview = self._stack.page(_ABOVE)
        if isinstance(overview, OverviewPage):
            overview.focus_card(name.removeprefix(_PREFIX))


def _prepare() -> None:
    """What the pages need is imported while nobody waits for it; each is made when somebody looks."""
    import app.pages.domain_page  # noqa: F401 - the import is all that is wanted
