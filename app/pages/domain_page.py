"""The page of one domain: what runs, what waits, its groups and schedules, what failed, and what its plugin brings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.bridge.domain_orders import DomainOrders
from app.pages.domain_failures import FailuresSection
from app.pages.domain_groups import GroupsSection
from app.pages.domain_head import DomainHead, check_health
from app.pages.domain_plugin import PluginPanelSection, SettingsSection
from app.pages.domain_queue import QueueSection
from app.pages.domain_running import RunningSection
from app.pages.domain_schedules import SchedulesSection
from app.pages.domain_section import DomainSection, PanelPlace
from app.pages.errands import Errands
from app.pages.plugin_settings import shown_settings
from app.pages.session_links import SessionLinks
from app.pages.setting_places import focus_control
from app.theme import GRID
from app.widgets.two_columns import TwoColumns

if TYPE_CHECKING:
    from app.bridge.session import Session
    from app.plugin_host.host import LoadedPlugin
    from scheduler_core import DomainHandle

_LONGEST_S = 3600.0
_BESIDE_FROM = 880


class DomainPage(QWidget):
    """Made for one session. `back_requested()`: Esc was pressed; `page_requested(str)` names the page that has more.

    It follows the scheduler only while it is seen; idle, it has no timer.
    """

    back_requested = Signal()
    page_requested = Signal(str)

    def __init__(
        self,
        session: Session,
        handle: DomainHandle[Any],
        plugin: LoadedPlugin | None,
        parent: QWidget | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(parent)
        plugin = None if plugin is None else session.commands.plugin_now(plugin)
        title = handle.name.capitalize() if plugin is None else plugin.title
        self.setObjectName(f"page-domain-{handle.name}")
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        orders, errands = DomainOrders(session, handle, self), Errands(session, self)
        self._place = PanelPlace(
            session, handle, plugin, title, orders, errands, lambda: self.isVisible(), now
        )
        self._tick = QTimer(self)
        self._tick.setSingleShot(True)
        self._tick.timeout.connect(self._on_tick)
        self._head = DomainHead(
            session,
            handle,
            title,
            "series-8" if plugin is None else plugin.color,
            "" if plugin is None else plugin.description,
            None if plugin is None else plugin.health,
        )
        self._head.show_actions(() if plugin is None else plugin.actions)
        self._head.check_requested.connect(self._on_check)
        self._sections: list[DomainSection] = []
        self._build()
        handle.counts_changed.connect(self._plan, check_nargs=False)
        self._links = SessionLinks()
        self._links.qt(session.commands.plugin_changed, self._on_plugin)

    @property
    def is_ticking(self) -> bool:
        """Does a timer run?"""
        return self._tick.isActive()

    @property
    def is_settled(self) -> bool:
        """Has all been asked and answered, and every errand done?"""
        return self._place.errands.is_idle and all(section.is_settled for section in self._sections)

    def attach(self, _session: Session) -> None:
        """It is made attached."""

    def detach(self) -> None:
        """Lets the session go. Idempotent."""
        self._tick.stop()
        self._links.undo()
        place = self._place
        place.handle.counts_changed.disconnect(self._plan, missing_ok=True)
        for section in self._sections:
            section.close_links()
        self._sections = []
        self._head.close_links()

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's hook; the page is in front."""
        super().showEvent(event)
        for section in self._sections:
            section.wake()
        self._head.refresh()
        self._plan()

    def hideEvent(self, event: QHideEvent) -> None:
        """Qt's hook; nobody sees the page."""
        super().hideEvent(event)
        self._tick.stop()
        for section in self._sections:
            section.sleep()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's hook; Esc, which nothing on the page wanted, leads back."""
        if event.key() == Qt.Key.Key_Escape:
            self.back_requested.emit()
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        place = self._place
        running, queue = RunningSection(place), QueueSection(place)
        groups, schedules, failures = GroupsSection(place), SchedulesSection(place), FailuresSection(place)
        running.more_requested.connect(lambda: self.page_requested.emit("queue"))
        queue.more_requested.connect(lambda: self.page_requested.emit("queue"))
        failures.more_requested.connect(lambda: self.page_requested.emit("failures"))
        self._sections = [running, queue, groups, schedules, failures]
        self._queue = queue
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addWidget(self._head)
        column.addWidget(TwoColumns([running, queue], [groups, schedules, failures], _BESIDE_FROM))
        for section in self._plugin_sections():
            self._sections.append(section)
            column.addWidget(section)
        for section in self._sections:
            section.retimed.connect(self._plan)
        column.addStretch(1)
        area = QScrollArea()
        area.setObjectName(f"panel-area-{place.handle.name}")
        area.setAccessibleName(place.title)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        self._area = area
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)

    def _plugin_sections(self) -> list[DomainSection]:
        plugin = self._place.plugin
        kit = None if plugin is None else plugin.plugin
        if plugin is None or kit is None:
            return []
        made: list[DomainSection] = []
        if kit.panel:
            made.append(PluginPanelSection(self._place, kit.panel))
        if kit.settings_model.model_fields:
            made.append(SettingsSection(self._place, plugin))
        return made

    def offer_queue(self) -> None:
        """There is a page with all that waits."""
        self._queue.offer_more(self.tr("Whole queue"))

    def show_setting(self, control: str) -> bool:
        """Shows a control of this page, by its object name, and gives it the focus; False if it is not there."""
        for section in self._sections:
            section.unfold(control)
        return focus_control(self._area, self, control)

    def _plan(self, *_: object) -> None:
        """Looks again when something reads differently by time alone; not while nobody sees it."""
        if not self.isVisible():
            return
        waits = [wait for section in self._sections if (wait := section.next_tick_s()) is not None]
        if self._place.handle.counts.running:
            waits.append(1.0)
        if waits:
            wait_ms = round(1000 * min(_LONGEST_S, *waits))
            if not self._tick.isActive() or self._tick.remainingTime() > wait_ms:
                self._tick.start(wait_ms)

    def _on_tick(self) -> None:
        self._head.refresh()
        for section in self._sections:
            section.tick()
        self._plan()

    def _on_plugin(self, plugin: LoadedPlugin) -> None:
        if plugin.name == self._place.handle.name:
            self._head.show_health(plugin.health)
            self._head.show_actions(plugin.actions)

    def _on_check(self) -> None:
        self._head.show_checking()
        self._place.errands.start(self._check(), self.tr("Health of {0}").format(self._place.title))

    async def _check(self) -> None:
        plugin = self._place.plugin
        if plugin is not None and plugin.plugin is not None:
            stored = self._place.session.settings.value.domains.get(plugin.name, {})
            plugin = self._place.session.commands.plugin_now(plugin)
            self._head.show_health(await check_health(plugin, shown_settings(plugin, stored)))
