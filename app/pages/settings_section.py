"""A page of the settings that shows fields of one section of the file, bound to it in both directions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtWidgets import QWidget

from app.pages.session_links import SessionLinks
from app.pages.settings_page import SettingsPage
from app.widgets.settings_form import SettingsForm

if TYPE_CHECKING:
    from app.bridge.session import Session
    from app.settings_model import AppSettings


class Group(NamedTuple):
    """Fields that stand on one card, with a heading above it if it is not empty."""

    heading: str
    names: Sequence[str]


class SectionPage(SettingsPage):
    """`section` is the name of the section in the file, whose model tells what the fields are."""

    def __init__(
        self, name: str, title: str, sentence: str, session: Session, section: str, groups: Sequence[Group]
    ) -> None:
        super().__init__(name, title, sentence, session)
        self._section = section
        self._links = SessionLinks()
        self.forms: list[SettingsForm] = []
        for group in groups:
            form = SettingsForm(type(self._model()), self._stored(), group.names)
            form.changed.connect(lambda field, value, form=form: self._store(form, field, value))
            form.reset.connect(lambda field, form=form: self._store(form, field, None))
            self.forms.append(form)
            if group.heading:
                self.add_heading(group.heading)
            self.add_card(form)

    def end(self, *widgets: QWidget) -> None:
        """What stands below the forms, each on a card, and nothing more."""
        for widget in widgets:
            self.add_card(widget)
        self.column.addStretch(1)

    def attach(self) -> None:
        """Follows the settings."""
        self._links.undo()
        self._links.core(self.session.settings.changed, self._on_settings)
        self._on_settings()

    def detach(self) -> None:
        """Lets the settings go."""
        self._links.undo()

    def _model(self) -> Any:
        settings: AppSettings = self.session.settings.value
        return getattr(settings, self._section)

    def _stored(self) -> dict[str, Any]:
        return self._model().model_dump()

    def _on_settings(self, *_: object) -> None:
        for form in self.forms:
            form.show_stored(self._stored())

    def _store(self, form: SettingsForm, field: str, value: Any) -> None:
        if error := self.store({self._section: {field: value}}):
            self._on_settings()
            form.set_error(field, error)
