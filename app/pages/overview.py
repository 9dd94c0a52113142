"""The Overview: one card a domain, and beneath them three live graphs on one time axis."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.language import said
from app.models.pauses import find_pause
from app.pages.late_import import LateImport
from app.pages.session_links import SessionLinks
from app.system.next_paint import NextPaint
from app.theme import GRID
from app.widgets.flow_grid import FlowGrid
from app.widgets.skeleton import SkeletonCard

if TYPE_CHECKING:
    from app.bridge.session import Session
    from app.pages.holding_feed import HoldingFeed
    from app.pages.overview_feed import OverviewFeed
    from app.plugin_host.host import LoadedPlugin
    from app.widgets.domain_card import DomainCard
    from app.widgets.graph_panel import GraphPanel
    from scheduler_core import Pause

_LEAST_CARD_WIDTH = 216
_CARD_SHAPES_HEIGHT = 150
_GRAPH_SHAPES_HEIGHT = 112
_USUAL_DOMAINS = 4


class OverviewPage(QWidget):
    """Grey shapes until it is attached. The graphs come after the cards, when what draws them is imported.

    `domain_requested(str)`: the title of this domain's card was pressed.
    """

    domain_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page-overview")
        self._feed: OverviewFeed | None = None
        self._holding: HoldingFeed | None = None
        self._late = LateImport("numpy", self)
        self._late.done.connect(self._on_numpy)
        self._paint: NextPaint | None = None
        self._cards: list[DomainCard] = []
        self._links = SessionLinks()
        self._graphs: GraphPanel | None = None
        self._shapes: list[QWidget] = []
        self._grid = FlowGrid(_LEAST_CARD_WIDTH)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 0, 2 * GRID)
        self._column.setSpacing(GRID + 4)
        self._column.addWidget(self._grid)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setAccessibleName(self.tr("Overview"))
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)
        self._show_shapes()

    def attach(self, session: Session) -> None:
        """Shows the session's domains and follows them."""
        # Not needed for the first picture: the core's events and what draws them.
        from app.pages.holding_feed import HoldingFeed
        from app.pages.overview_feed import OverviewFeed
        from app.widgets.holding_notice import HoldingNotice

        self._grid.set_cards(self._make_cards(session))
        self._links.core(session.scheduler.pauses_changed, self._on_pauses)
        self._links.qt(session.commands.plugin_changed, self._on_plugin)
        self._on_pauses(session.scheduler.pauses())
        self._feed = OverviewFeed(session, self._cards, self)
        self._notice = HoldingNotice()
        self._column.insertWidget(0, self._notice)
        self._holding = HoldingFeed(session, self._notice, self)
        if self._late.is_there:  # the window is attached anew
            self._late.start()
            return
        # Not earlier: the cards would have to wait for it.
        self._paint = NextPaint(self.window(), self)
        self._paint.came.connect(self._late.start)

    def detach(self) -> None:
        """Lets the session go and shows grey shapes again. Idempotent."""
        if self._feed is None:
            return
        if self._paint is not None:
            self._paint.cancel()
            self._paint = None
        self._late.wait()
        self._links.undo()
        self._feed.close()
        self._feed.deleteLater()
        self._feed = None
        if self._holding is not None:
            self._holding.close()
            self._holding.deleteLater()
            self._holding = None
            self._column.removeWidget(self._notice)
            self._notice.deleteLater()
        for card in self._cards:
            card.release()
        self._cards = []
        if self._graphs is not None:
            self._graphs.hide()
            self._column.removeWidget(self._graphs)
            self._graphs.deleteLater()
            self._graphs = None
        self._clear_shapes()
        self._show_shapes()

    def focus_card(self, domain: str) -> None:
        """The focus goes to the card of a domain."""
        for card in self._cards:
            if card.domain == domain:
                card.focus_title()

    def _make_cards(self, session: Session) -> list[QWidget]:
        from app.widgets.domain_card import FailedPluginCard

        handles = {handle.name: handle for handle in session.scheduler.domains()}
        shown: list[QWidget] = []
        failed: list[QWidget] = []
        for plugin in session.plugins:
            handle = handles.pop(plugin.name, None)
            if handle is not None:
                shown.append(self._make_card(session, handle, plugin))
            elif plugin.problem is not None:
                problem = plugin.problem
                failed.append(
                    FailedPluginCard(plugin.name, plugin.title, said(problem.reason), said(problem.remedy))
                )
        # A domain that no plugin brought, as an embedding program may have it.
        return [*shown, *(self._make_card(session, handle, None) for handle in handles.values()), *failed]

    def _make_card(self, session: Session, handle: Any, plugin: LoadedPlugin | None) -> DomainCard:
        from app.widgets.domain_card import DomainCard

        plugin = None if plugin is None else session.commands.plugin_now(plugin)
        card = DomainCard(
            handle,
            session.commands,
            title=handle.name.capitalize() if plugin is None else plugin.title,
            token="series-8" if plugin is None else plugin.color,
            now=time.monotonic,
            description="" if plugin is None else plugin.description,
            warning=_warning(plugin),
        )
        card.opened.connect(self.domain_requested)
        self._cards.append(card)
        return card

    def _on_plugin(self, plugin: LoadedPlugin) -> None:
        for card in self._cards:
            if card.domain == plugin.name:
                card.show_warning(_warning(plugin))

    def _on_pauses(self, pauses: Sequence[Pause]) -> None:
        for card in self._cards:
            card.show_pause(find_pause(pauses, "domain", card.domain))

    def _on_numpy(self) -> None:
        # Here and in no other thread: PySide makes its types where it is asked for them, and not two at a time.
        from app.widgets.graph_panel import GraphPanel

        if self._feed is None or self._graphs is not None:
            return
        series = [(card.domain, card.title, card.token) for card in self._cards]
        self._graphs = GraphPanel(self._feed.timeline, series)
        self._graphs.ready.connect(self._on_graphs_ready)

    def _on_graphs_ready(self) -> None:
        if self._feed is None or self._graphs is None:
            return
        self._feed.moved.connect(self._graphs.refresh)
        self._feed.counted.connect(self._graphs.read_running)
        self._feed.marks_changed.connect(self._graphs.set_marks)
        self._graphs.set_marks(self._feed.marks)
        self._clear_shapes()
        self._column.addWidget(self._graphs, 1)

    def _show_shapes(self) -> None:
        self._grid.set_cards([SkeletonCard(_CARD_SHAPES_HEIGHT) for _ in range(_USUAL_DOMAINS)])
        for _ in range(3):
            shape = SkeletonCard(_GRAPH_SHAPES_HEIGHT, graph=True)
            self._shapes.append(shape)
            self._column.addWidget(shape, 1)

    def _clear_shapes(self) -> None:
        for shape in self._shapes:
            self._column.removeWidget(shape)
            shape.hide()
            shape.deleteLater()
        self._shapes = []


def _warning(plugin: LoadedPlugin | None) -> str:
    """What a plugin says that it lacks; empty where it is well."""
    health = None if plugin is None else plugin.health
    return "" if health is None or plugin is None or health.ok else said(health.message, plugin.name)
