"""What a plugin's `panel` module may use of the app. Everything else a plugin needs is in `scheduler_core`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from scheduler_core import DomainHandle


class PanelFactory(Protocol):
    """Makes the widget of one domain's page; a plugin names it as `panel = "package.panel:make_panel"`."""

    def __call__(self, handle: DomainHandle, parent: QWidget | None = None) -> QWidget:
        """The panel for `handle`, owned by `parent`. Called on the GUI thread, once a session."""
        ...
