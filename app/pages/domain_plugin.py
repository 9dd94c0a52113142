"""A domain's page, what its plugin brings: a panel of its own, and the form of its settings."""

from __future__ import annotations

import importlib
import logging
import traceback
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtWidgets import QWidget

from app.models.problem_words import exception_words
from app.pages.domain_section import DomainSection, PanelPlace
from app.pages.plugin_settings import (
    secrets_text,
    settings_in_force,
    shown_settings,
    store_setting,
    when_label,
)
from app.theme import GRID, small_font
from app.widgets.card import Card
from app.widgets.card_wording import sentence
from app.widgets.settings_form import SettingsForm
from app.widgets.text_box import TextBox
from app.widgets.wrap_label import WrapLabel

if TYPE_CHECKING:
    from app.plugin_api import PanelFactory
    from app.plugin_host.host import LoadedPlugin
    from app.settings_model import AppSettings
    from scheduler_core import DomainHandle

log = logging.getLogger(__name__)

_TRACE_LINES = 8


class PluginPanelSection(DomainSection):
    """Made when the page is first seen. A panel that cannot be made is told in its place; everything else works."""

    def __init__(self, place: PanelPlace, path: str) -> None:
        super().__init__(place, "plugin", self.tr("More from {0}").format(place.title))
        self._path = path
        self._is_made = False

    def wake(self) -> None:
        """The page can be seen now."""
        if self._is_made:
            return
        self._is_made = True
        try:
            card = Card()
            card.body.addWidget(make_panel(self._path, self.place.handle, card))
            self.body.addWidget(card)
        except Exception as error:
            log.exception("the panel %s of %s failed", self._path, self.place.handle.name)
            self.body.addWidget(self._failed(error))

    def _failed(self, error: Exception) -> QWidget:
        card = Card()
        card.setObjectName(f"panel-plugin-failed-{self.place.handle.name}")
        title = self.tr("Its panel could not be shown")
        card.setAccessibleName(title)
        reason = exception_words(error)
        card.body.addWidget(WrapLabel(title, role="failure"))
        card.body.addWidget(WrapLabel(sentence(reason)))
        card.body.addWidget(
            WrapLabel(self.tr("Its work goes on. Update the plugin, or tell its author this:"), role="muted")
        )
        card.body.addWidget(TextBox(self.tr("What the panel raised"), _trace(error), _TRACE_LINES))
        return card


class SettingsSection(DomainSection):
    """The form that is made from the plugin's settings model; what is changed is stored at once."""

    def __init__(self, place: PanelPlace, plugin: LoadedPlugin) -> None:
        super().__init__(place, "settings", self.tr("Settings"))
        assert plugin.plugin is not None
        self._plugin = plugin
        self.form = SettingsForm(plugin.plugin.settings_model, {})
        self._where = WrapLabel("", small_font(), "muted")
        self._show_form()
        self.form.changed.connect(self._on_changed)
        self.form.reset.connect(lambda name: self._on_changed(name, None))
        card = Card()
        card.body.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        card.body.addWidget(when_label(goes_on=plugin.goes_on))
        card.body.addWidget(self._where)
        card.body.addWidget(self.form)
        self.body.addWidget(card)
        self.links.core(place.session.settings.changed, self._on_settings)
        self.links.qt(place.session.commands.plugin_changed, self._on_plugin)

    def _stored(self) -> dict[str, Any]:
        return dict(self.place.session.settings.value.domains.get(self.place.handle.name, {}))

    def _on_settings(self, _settings: AppSettings) -> None:
        self._show_form()

    def _show_form(self) -> None:
        assert self._plugin.plugin is not None
        stored = self._stored()
        self.form.show_stored(shown_settings(self._plugin, stored), settings_in_force(self._plugin))
        self._where.show_text(secrets_text(self._plugin.plugin.settings_model, stored))

    def _on_plugin(self, plugin: LoadedPlugin) -> None:
        if plugin.name == self._plugin.name:
            self._plugin = plugin
            self._show_form()

    def _on_changed(self, name: str, value: Any) -> None:
        error = store_setting(self.place.session, self._plugin, name, value, lambda v: self._store(name, v))
        if error:
            self._show_form()
            self.form.set_error(name, error)

    def _store(self, name: str, value: Any) -> str:
        try:
            self.place.session.settings.update(domains={self.place.handle.name: {name: value}})
        except (OSError, ValueError) as error:
            reason = exception_words(error).rstrip(".")
            return self.tr("It could not be stored: {0}. Nothing has changed.").format(reason)
        return ""


def make_panel(path: str, handle: DomainHandle[Any], parent: QWidget) -> QWidget:
    """The widget of `package.module:factory`. Raises whatever it raises, and TypeError when it is no widget."""
    module, _, name = path.partition(":")
    if not module or not name:
        raise ValueError(f"panel {path!r} is no package.module:factory")
    factory = cast("PanelFactory", getattr(importlib.import_module(module), name))
    made: object = factory(handle, parent)
    if not isinstance(made, QWidget):
        raise TypeError(f"{path} returned {type(made).__name__}, and no QWidget")
    return made


def _trace(error: Exception) -> str:
    """The traceback from the plugin's own code on: how it was called is of no use to its author."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None and _is_ours(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    return "".join(traceback.format_exception(type(error), error, trace))


def _is_ours(file: str) -> bool:
    return file == __file__ or "importlib" in file
