"""Settings, Plugins: what is installed, what it says about itself, and what went wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.language import said
from app.models.problem_words import problem_words
from app.pages.settings_page import SettingsPage
from app.theme import GRID, heading_font, small_font
from app.widgets.fold import Fold
from app.widgets.icons import IconLabel
from app.widgets.switch import Switch
from app.widgets.text_box import TextBox

if TYPE_CHECKING:
    from app.bridge.session import Session
    from app.plugin_host.host import LoadedPlugin

_MOST_LINES = 12


class PluginsPage(SettingsPage):
    """One card a plugin. Its switch says whether it is loaded at all; the page is made anew when that has changed."""

    def __init__(self, session: Session) -> None:
        super().__init__(
            "plugins",
            self.tr("Plugins"),
            self.tr(
                "A plugin that is switched off is let go at once: what runs of it is interrupted, and its tasks wait "
                "until it is back."
            ),
            session,
        )
        for plugin in session.plugins:
            self.add_card(self._section(plugin))
        self.column.addStretch(1)

    def _section(self, plugin: LoadedPlugin) -> QWidget:
        section = QWidget()
        section.setObjectName(f"settings-plugin-{plugin.name}")
        column = QVBoxLayout(section)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._head(plugin))
        facts = QLabel(self._facts(plugin))
        facts.setProperty("role", "muted")
        facts.setWordWrap(True)
        column.addWidget(facts)
        column.addWidget(self._state(plugin))
        if plugin.problem is not None and plugin.problem.details:
            fold = Fold(
                self.tr("Traceback"), TextBox(self.tr("Traceback"), plugin.problem.details, _MOST_LINES)
            )
            fold.button.setAccessibleName(self.tr("Traceback of {0}").format(plugin.title))
            column.addWidget(fold)
        return section

    def _head(self, plugin: LoadedPlugin) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(IconLabel("plug", plugin.color if plugin.plugin else "muted", 20))
        title = QLabel(plugin.title)
        title.setFont(heading_font(14))
        row.addWidget(title)
        version = QLabel(plugin.version)
        version.setFont(small_font())
        version.setProperty("role", "muted")
        row.addWidget(version)
        row.addStretch(1)
        switch = Switch(self.tr("Load {0}").format(plugin.title))
        switch.setObjectName(f"settings-load-{plugin.name}")
        disabled = plugin.name in self.session.settings.value.plugins.disabled
        switch.setChecked(not disabled)
        switch.settle(not disabled)
        error = QLabel()
        error.setProperty("role", "failure")
        later = QLabel()
        later.setObjectName(f"settings-later-{plugin.name}")
        later.setFont(small_font())
        later.setProperty("role", "muted")
        switch.clicked.connect(lambda on: self._on_switch(plugin, switch, error, later, on=on))
        row.addWidget(error)
        row.addWidget(later)
        row.addWidget(switch)
        return row

    def _on_switch(
        self, plugin: LoadedPlugin, switch: Switch, error: QLabel, later: QLabel, *, on: bool
    ) -> None:
        disabled = [one for one in self.session.settings.value.plugins.disabled if one != plugin.name]
        reason = ""
        if not on:
            disabled.append(plugin.name)
            if not any(one.plugin for one in self.session.plugins if one.name not in disabled):
                reason = self.tr("It is the only one that is loaded. Switch another one on first.")
        reason = reason or self.store({"plugins": {"disabled": disabled}})
        error.setText(reason)
        if reason:
            switch.settle(not on)
        else:
            later.setText(self.tr("Switching on…") if on else self.tr("Switching off…"))

    def _facts(self, plugin: LoadedPlugin) -> str:
        words = {
            "files": self.tr("files"),
            "network": self.tr("the network"),
            "secrets": self.tr("secrets"),
        }
        touched = ", ".join(words.get(one, one) for one in plugin.touches) or self.tr("nothing of yours")
        touches = self.tr("Touches {0}.").format(touched)
        return f"{plugin.description.rstrip('.')}. {touches}" if plugin.description else touches

    def _state(self, plugin: LoadedPlugin) -> QWidget:
        room = QWidget()
        row = QHBoxLayout(room)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        sign, token, text = self._state_words(plugin)
        row.addWidget(IconLabel(sign, token, 16), 0, Qt.AlignmentFlag.AlignTop)
        words = QLabel(text)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if token in {"failure", "warning"}:
            words.setProperty("role", token)
        row.addWidget(words, 1)
        return room

    def _state_words(self, plugin: LoadedPlugin) -> tuple[str, str, str]:
        if plugin.plugin is None and plugin.problem is not None:
            return "failed", "failure", str(problem_words(plugin.problem))
        if not plugin.enabled:
            return "cancelled", "muted", self.tr("Switched off: its tasks wait until it is back.")
        if plugin.problem is not None:
            return "failures", "warning", str(problem_words(plugin.problem))
        if plugin.health is not None and not plugin.health.ok:
            return "failures", "warning", said(plugin.health.message, plugin.name)
        return "done", "accent", self.tr("Loaded, and all is well.")
