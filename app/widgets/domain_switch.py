"""The switch of one domain, the same wherever it stands: it shows what the handle says and asks for the rest."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QWidget

from app.models.pauses import PauseChoice, end_of
from app.widgets.pause_menu import PauseMenu
from app.widgets.switch import Switch

if TYPE_CHECKING:
    from scheduler_core import DomainHandle


class SwitchCommands(Protocol):
    """What the switch asks for, and who says that something was carried out or could not be."""

    # Qt's `Signal()`; its type in the stubs is not that of the instance.
    settled: Any

    def set_domain_on(self, name: str, on: bool) -> None: ...

    def pause_domain(self, name: str, until: datetime | None = None, reason: str | None = None) -> None: ...


class DomainSwitch(Switch):
    """On while the domain is not paused. Bound to `handle.paused_changed` until `release`.

    Its context menu, which the menu key opens too, offers pauses that end by themselves.
    """

    def __init__(
        self,
        handle: DomainHandle[Any],
        commands: SwitchCommands,
        accessible_name: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(accessible_name, parent, follows=True)
        self._handle = handle
        self._commands = commands
        self._endless = True
        self.settle(not handle.is_paused)
        handle.paused_changed.connect(self._on_paused, check_nargs=False)
        commands.settled.connect(self._on_settled)
        self.requested.connect(self._ask)

    def set_endless(self, endless: bool) -> None:
        """Has the pause of the domain no end of its own?"""
        self._endless = endless

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Opens the menu at the pointer, or below the switch for who uses the keyboard."""
        if not self.isEnabled():
            return
        menu = PauseMenu(f"pause-menu-{self._handle.name}", self.accessibleName(), self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.show_state(paused=self._handle.is_paused, endless=self._endless)
        menu.chosen.connect(self._on_chosen)
        menu.resume_requested.connect(lambda: self._ask(True))
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()) if by_key else event.globalPos())
        event.accept()

    def release(self) -> None:
        """Lets the handle go; the switch stays as it is. Idempotent."""
        self._handle.paused_changed.disconnect(self._on_paused, missing_ok=True)
        if self.isEnabled():
            self._commands.settled.disconnect(self._on_settled)
        self.setEnabled(False)

    def _ask(self, on: bool) -> None:
        self._commands.set_domain_on(self._handle.name, on)

    def _on_chosen(self, choice: PauseChoice) -> None:
        self._commands.pause_domain(self._handle.name, end_of(choice, datetime.now(UTC)))

    def _on_paused(self, paused: bool) -> None:
        self.settle(not paused)

    def _on_settled(self) -> None:
        # It failed, or the domain was there already: then no event tells of it.
        if self.is_settling:
            self.settle(not self._handle.is_paused)
