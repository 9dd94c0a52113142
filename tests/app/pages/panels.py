"""Panels as plugins bring them: one that is well, one that raises, one that is no widget; and a plugin that has one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel, Field
from PySide6.QtWidgets import QLabel, QWidget

from app.plugin_host.host import LoadedPlugin
from scheduler_core import Domain, DomainHandle, DomainKey, DomainPlugin, HealthReport, PluginServices
from tests.app.pages.sessions import tiny_plugin
from tests.app.tiny_domain import Tiny, tiny_domain


class TinySettings(BaseModel):
    """What a person may set."""

    place: Path | None = Field(None, title="Place", description="A folder")
    level: int = Field(3, ge=1, le=9, title="Level")


class TinyKit(DomainPlugin[TinySettings]):
    """The tiny domain as a plugin; it is well when it has a place."""

    key: ClassVar[type[DomainKey]] = Tiny
    settings_model: ClassVar[type[BaseModel]] = TinySettings

    def __init__(self, panel: str | None = None) -> None:
        # An attribute of the class for authors; here each test has its own.
        self.panel = panel  # type: ignore[misc]

    def build(self, settings: TinySettings, services: PluginServices) -> Domain[Any]:
        return tiny_domain()

    def health(self, settings: TinySettings) -> HealthReport:
        if settings.level == 9:
            raise RuntimeError("level 9 is too much")
        return HealthReport(ok=settings.place is not None, message="Choose a place")


def loaded(panel: str | None = None, health: HealthReport | None = None) -> LoadedPlugin:
    """The plugin as the host hands it over."""
    return replace(tiny_plugin(), plugin=TinyKit(panel), health=health)


def make(handle: DomainHandle[Any], parent: QWidget | None = None) -> QWidget:
    """A panel that is well."""
    label = QLabel(f"the panel of {handle.name}", parent)
    label.setObjectName("tiny-panel")
    return label


def broken(handle: DomainHandle[Any], parent: QWidget | None = None) -> QWidget:
    """A panel that raises."""
    raise RuntimeError("no such table: boxes")


def no_widget(handle: DomainHandle[Any], parent: QWidget | None = None) -> object:
    """Not what the kit asks for."""
    return "a panel"
