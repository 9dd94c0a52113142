"""The switch of one domain, the same wherever it stands: it shows what the handle says and asks for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtWidgets import QWidget

from app.widgets.switch import Switch

if TYPE_CHECKING:
    from scheduler_core import DomainHandle


class SwitchCommands(Protocol):
    """What the switch asks for, and who says that something was carried out or could not be."""

    # Qt's `Signal()`; its type in the stubs is not that of the instance.
    settled: Any

    def set_domain_on(self, name: str, on: bool) -> None: ...


class DomainSwitch(Switch):
    """On while the domain is not paused. Bound to `handle.paused_changed` until `release`."""

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
        self.settle(not handle.is_paused)
        handle.paused_changed.connect(self._on_paused, check_nargs=False)
        commands.settled.connect(self._on_settled)
        self.requested.connect(self._ask)

    def release(self) -> None:
        """Lets the handle go; the switch stays as it is. Idempotent."""
        self._handle.paused_changed.disconnect(self._on_paused, missing_ok=True)
        if self.isEnabled():
            self._commands.settled.disconnect(self._on_settled)
        self.setEnabled(False)

    def _ask(self, on: bool) -> None:
        self._commands.set_domain_on(self._handle.name, on)

    def _on_paused(self, paused: bool) -> None:
        self.settle(not paused)

    def _on_settled(self) -> None:
        # It failed, or the domain was there already: then no event tells of it.
        if self.is_settling:
            self.settle(not self._handle.is_paused)
