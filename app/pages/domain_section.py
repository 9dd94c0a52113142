"""What the sections of a domain's page share: one session, one handle, and silence while nobody looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from app.bridge.domain_orders import DomainOrders
from app.pages.errands import Errands
from app.pages.session_links import SessionLinks
from app.widgets.panel_section import PanelSection

if TYPE_CHECKING:
    from app.bridge.session import Session
    from app.plugin_host.host import LoadedPlugin
    from scheduler_core import DomainHandle


@dataclass(frozen=True)
class PanelPlace:
    """What a section is about. `plugin` is None for a domain that no plugin brought; `is_seen`: is it in front?"""

    session: Session
    handle: DomainHandle[Any]
    plugin: LoadedPlugin | None
    title: str
    orders: DomainOrders
    errands: Errands
    is_seen: Callable[[], bool]
    now: Callable[[], datetime]


class DomainSection(PanelSection):
    """A subclass connects in its constructor, and follows only while it is awake.

    `retimed()`: what `next_tick_s` answers has changed.
    """

    retimed = Signal()

    def __init__(self, place: PanelPlace, name: str, title: str) -> None:
        super().__init__(f"panel-{name}-{place.handle.name}", title)
        self.place = place
        self.links = SessionLinks()

    @property
    def is_settled(self) -> bool:
        """Is nothing asked, and nothing to be asked?"""
        return True

    def wake(self) -> None:
        """The page can be seen now: what happened meanwhile is made up for."""

    def sleep(self) -> None:
        """Nobody sees the page."""

    def tick(self) -> None:
        """Time has passed, and the page is seen."""

    def next_tick_s(self) -> float | None:
        """In how many seconds something here reads differently by time alone; None: not at all."""
        return None

    def unfold(self, control: str) -> None:
        """Somebody wants to see the control of that object name: what would hide it opens."""

    def close_links(self) -> None:
        """Lets the session go. Idempotent."""
        self.links.undo()
