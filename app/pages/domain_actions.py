"""The button on a domain's page whose menu has what its plugin offers; where it offers nothing, there is no button."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction

from app.language import named, said
from app.pages.session_links import SessionLinks
from app.widgets.announce import announce
from app.widgets.menu_button import MenuButton

if TYPE_CHECKING:
    from app.bridge.commands import Commands
    from scheduler_core import PluginAction


class DomainActions(MenuButton):
    """One action of the menu per action of the plugin; those that are at work cannot be chosen meanwhile."""

    def __init__(self, commands: Commands, domain: str, title: str) -> None:
        super().__init__(f"actions-{domain}", _tr("A&ctions"), _tr("Actions of {0}").format(title))
        self._commands = commands
        self._domain = domain
        self._links = SessionLinks()
        # Until it is told what there is: a button without a menu would be in the way.
        self.hide()
        self.menu().setToolTipsVisible(True)
        self.menu().hovered.connect(self._on_hovered)
        self.chosen.connect(lambda name: commands.run_action(domain, name))
        self._links.qt(commands.actions.changed, self._on_changed)

    def show_actions(self, actions: Sequence[PluginAction]) -> None:
        """These are there now, in this order."""
        # Of a title "Here & there" Qt would make a key of the blank.
        titles = [(one.name, named(one.title, self._domain).replace("&", "&&")) for one in actions]
        self.set_choices(titles, checkable=False)
        for one, made in zip(actions, self.menu().actions(), strict=True):
            made.setObjectName(f"plugin-action-{self._domain}-{one.name}")
            if one.description:
                made.setToolTip(said(one.description, self._domain))
            made.setEnabled(not self._commands.actions.is_running(self._domain, one.name))
        self.setVisible(bool(actions))

    def close_links(self) -> None:
        """Lets the session go. Idempotent."""
        self._links.undo()

    def _on_changed(self, domain: str, name: str) -> None:
        if domain == self._domain:
            for made in self.menu().actions():
                if made.data() == name:
                    made.setEnabled(not self._commands.actions.is_running(domain, name))

    def _on_hovered(self, action: QAction) -> None:
        """The title is read out by Qt; what it does is only in a tip for the mouse."""
        if action.toolTip() != action.text():
            announce(self, action.toolTip())


def _tr(text: str) -> str:
    return QCoreApplication.translate("domain actions", text)
