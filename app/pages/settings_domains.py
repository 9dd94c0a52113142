"""Settings, Domains: each domain's switch, its limit, and what its plugin lets a person set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.language import said
from app.models.problem_words import problem_words
from app.pages.plugin_settings import (
    secrets_text,
    settings_in_force,
    shown_settings,
    store_setting,
    when_label,
)
from app.pages.session_links import SessionLinks
from app.pages.settings_page import SettingsPage
from app.problem import Problem
from app.theme import GRID, heading_font, small_font
from app.widgets.cap_box import CapBox
from app.widgets.domain_switch import DomainSwitch
from app.widgets.fold import Fold
from app.widgets.icons import IconLabel
from app.widgets.setting_controls import NUMBER_WIDTH
from app.widgets.setting_row import ROOM_OF_RESET, SettingRow
from app.widgets.settings_form import SettingsForm

if TYPE_CHECKING:
    from app.bridge.session import Session
    from app.plugin_host.host import LoadedPlugin
    from app.settings_model import AppSettings
    from scheduler_core import DomainHandle


class DomainsPage(SettingsPage):
    """One card a domain, in the order of the plugins; a domain that could not be loaded says why."""

    def __init__(self, session: Session) -> None:
        super().__init__(
            "domains",
            self.tr("Domains"),
            self.tr("All of it applies at once; a limit set here takes the place of the plugin's own."),
            session,
        )
        handles = {handle.name: handle for handle in session.scheduler.domains()}
        self._sections: list[DomainSection] = []
        for plugin in session.plugins:
            handle = handles.get(plugin.name)
            if handle is not None:
                section = DomainSection(session, handle, plugin, self)
                self._sections.append(section)
                self.add_card(section)
            elif plugin.problem is not None:
                self.add_card(_failed_section(plugin, plugin.problem))
        self.column.addStretch(1)

    def attach(self) -> None:
        """Follows the handles."""
        for section in self._sections:
            section.attach()

    def detach(self) -> None:
        """Lets the handles go."""
        for section in self._sections:
            section.detach()


class DomainSection(QWidget):
    """One domain, bound to its handle in both directions."""

    def __init__(
        self, session: Session, handle: DomainHandle[Any], plugin: LoadedPlugin, page: SettingsPage
    ) -> None:
        super().__init__()
        self._session = session
        self._handle = handle
        self._plugin = plugin
        self._page = page
        self._links = SessionLinks()
        self._is_asking = False
        self._form: SettingsForm | None = None
        self._switch: DomainSwitch | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._head = QHBoxLayout()
        _fill_head(self._head, plugin, plugin.color)
        # The switch stands above the boxes, which have a button at their right now and then.
        self._head.addSpacing(ROOM_OF_RESET)
        self._column.addLayout(self._head)
        self._health, self._problem = Notice(), Notice()
        self._column.addWidget(self._health)
        self._column.addWidget(self._problem)
        self._show_plugin()
        self._cap = CapBox(self.tr("Most tasks of {0} at once").format(plugin.title), is_quiet=False)
        self._cap.setFixedWidth(NUMBER_WIDTH)
        self._cap.setObjectName(f"settings-concurrency-{handle.name}")
        self._cap.cap_chosen.connect(self._on_cap_chosen)
        self._cap_row = SettingRow(
            self.tr("At most"),
            "",
            self._cap,
        )
        self._cap_row.reset_requested.connect(self._on_cap_reset)
        self._column.addWidget(self._cap_row)
        self._add_form()

    def attach(self) -> None:
        """Follows the handle."""
        self.detach()
        handle, commands = self._handle, self._session.commands
        self._switch = DomainSwitch(handle, commands, self.tr("{0} on").format(self._plugin.title))
        self._switch.setObjectName(f"settings-switch-{handle.name}")
        self._head.insertWidget(self._head.count() - 1, self._switch)
        self._links.core(handle.max_concurrency_changed, self._on_cap)
        self._links.qt(commands.failed, self._on_failed)
        self._links.qt(commands.settled, self._on_settled)
        self._links.core(self._session.settings.changed, self._on_settings)
        self._links.qt(commands.plugin_changed, self._on_plugin)
        self._on_plugin(commands.plugin_now(self._plugin))
        self._on_cap(handle.max_concurrency)
        self._on_settings(self._session.settings.value)

    def detach(self) -> None:
        """Lets the handle go."""
        self._links.undo()
        if self._switch is not None:
            self._switch.release()
            self._head.removeWidget(self._switch)
            self._switch.setObjectName("")
            self._switch.hide()
            self._switch.deleteLater()
            self._switch = None

    def _add_form(self) -> None:
        model = None if self._plugin.plugin is None else self._plugin.plugin.settings_model
        if model is None or not model.model_fields:
            return
        self._form = SettingsForm(model, {})
        self._where = QLabel()
        self._where.setObjectName("settings-secrets")
        self._where.setFont(small_font())
        self._where.setProperty("role", "muted")
        self._where.setWordWrap(True)
        self._form.changed.connect(self._on_changed)
        self._form.reset.connect(lambda name: self._on_changed(name, None))
        room = QWidget()
        column = QVBoxLayout(room)
        column.setContentsMargins(GRID + 4, GRID, 0, 0)
        column.setSpacing(4)
        column.addWidget(when_label(goes_on=self._plugin.goes_on))
        column.addWidget(self._where)
        column.addWidget(self._form)
        fold = Fold(self.tr("Settings of {0}").format(self._plugin.title), room)
        fold.setObjectName(f"settings-fold-{self._handle.name}")
        self._column.addWidget(fold)
        self._show_form()

    def _stored(self) -> dict[str, Any]:
        return dict(self._session.settings.value.domains.get(self._handle.name, {}))

    def _on_settings(self, _settings: AppSettings) -> None:
        is_own = self._handle.name in self._session.settings.value.limits.domains
        self._cap_row.set_differs(is_own, self.tr("as its plugin says"))
        self._show_form()

    def _show_form(self) -> None:
        if self._form is not None and self._plugin.plugin is not None:
            stored = self._stored()
            self._form.show_stored(shown_settings(self._plugin, stored), settings_in_force(self._plugin))
            where = secrets_text(self._plugin.plugin.settings_model, stored)
            self._where.setText(where)
            self._where.setVisible(bool(where))

    def _on_plugin(self, plugin: LoadedPlugin) -> None:
        """It works by other settings now, or says otherwise how it is."""
        if plugin.name == self._plugin.name:
            self._plugin = plugin
            self._show_plugin()
            self._on_settings(self._session.settings.value)

    def _show_plugin(self) -> None:
        health, problem = self._plugin.health, self._plugin.problem
        self._health.show_text("" if health is None or health.ok else said(health.message, self._plugin.name))
        self._problem.show_text("" if problem is None else str(problem_words(problem)))

    def _on_changed(self, name: str, value: Any) -> None:
        assert self._form is not None
        plugin, domain = self._plugin, self._handle.name
        if error := store_setting(
            self._session, plugin, name, value, lambda v: self._page.store({"domains": {domain: {name: v}}})
        ):
            self._show_form()
            self._form.set_error(name, error)

    def _on_cap(self, cap: int | None) -> None:
        self._cap.show_cap(cap)
        self._cap_row.set_error("")

    def _on_cap_reset(self) -> None:
        self._cap_row.set_error(self._page.store({"limits": {"domains": {self._handle.name: None}}}))

    def _on_cap_chosen(self, cap: int | None) -> None:
        self._is_asking = True
        self._session.commands.set_domain_concurrency(self._handle.name, cap)

    def _on_settled(self) -> None:
        self._is_asking = False

    def _on_failed(self, problem: Problem) -> None:
        if self._is_asking:
            self._on_cap(self._handle.max_concurrency)
            self._cap_row.set_error(str(problem_words(problem)))


def _failed_section(plugin: LoadedPlugin, problem: Problem) -> QWidget:
    section = QWidget()
    section.setObjectName(f"settings-failed-{plugin.name}")
    column = QVBoxLayout(section)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    head = QHBoxLayout()
    _fill_head(head, plugin, "muted")
    column.addLayout(head)
    notice = Notice("failure")
    notice.show_text(str(problem_words(problem)))
    column.addWidget(notice)
    return section


def _fill_head(row: QHBoxLayout, plugin: LoadedPlugin, token: str) -> None:
    row.setSpacing(GRID)
    row.addWidget(IconLabel(plugin.name, token, 20))
    title = QLabel(plugin.title)
    title.setFont(heading_font(14))
    row.addWidget(title)
    words = QLabel(plugin.description)
    words.setProperty("role", "muted")
    words.setWordWrap(True)
    row.addWidget(words, 1)


class Notice(QFrame):
    """A sentence that one must not miss; nothing where there is nothing to say."""

    def __init__(self, role: str = "warning") -> None:
        super().__init__()
        self.setProperty("role", f"banner-{role}")
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID + 4, GRID, GRID + 4, GRID)
        row.setSpacing(GRID)
        row.addWidget(IconLabel("failures", role, 16), 0, Qt.AlignmentFlag.AlignTop)
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(self._words, 1)
        self.hide()

    def show_text(self, text: str) -> None:
        """Says this; empty: nothing."""
        self._words.setText(text)
        self.setVisible(bool(text))
