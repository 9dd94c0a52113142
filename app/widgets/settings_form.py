"""A form made from a pydantic model: a row for each field, checked by the model while a person types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, SecretStr, ValidationError
from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.language import said
from app.widgets.setting_controls import SettingControl, make_control, setting_text
from app.widgets.setting_row import Hairline, SettingRow


class SettingsForm(QWidget):
    """`changed(str, object)`: a field and its new value, which the model accepts. What it refuses is said in its row.

    `reset(str)`: the default of a field is wanted back. `names` chooses the fields and their order; without it all are
    shown.
    """

    changed = Signal(str, object)
    reset = Signal(str)

    def __init__(
        self,
        model: type[BaseModel],
        stored: Mapping[str, Any],
        names: Sequence[str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._stored: dict[str, Any] = {}
        self._last_good: Mapping[str, Any] = {}
        self._controls: dict[str, SettingControl] = {}
        self.rows: dict[str, SettingRow] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        for name in names or list(model.model_fields):
            self._add_row(name)
        self.show_stored(stored)

    def show_stored(self, stored: Mapping[str, Any], last_good: Mapping[str, Any] | None = None) -> None:
        """Shows these values; a field without one shows its default.

        A value the model refuses is told, and the one of `last_good`, which is in force, else the default, is shown.
        """
        self._last_good = self._last_good if last_good is None else last_good
        good, errors = self._sorted_out(stored)
        self._stored = dict(stored)
        for name, control in self._controls.items():
            value, default = getattr(good, name), self._default(name)
            control.show_value(value)
            self.rows[name].set_error(errors.get(name, ""))
            differs = name in errors or (control.is_editable and value != default)
            self.rows[name].set_differs(differs, control.words(default))

    def set_error(self, name: str, text: str) -> None:
        """Says that a value could not be stored; empty takes it back."""
        self.rows[name].set_error(text)

    def _add_row(self, name: str) -> None:
        field = self._model.model_fields[name]
        title = setting_text(field.title or name.replace("_", " ").capitalize())
        control = make_control(name, title, field)
        control.chosen.connect(lambda value: self._on_chosen(name, value))
        control.typing.connect(lambda value: self._check(name, value))
        if self.rows:
            self._column.addWidget(Hairline())
        description = setting_text(field.description or "")
        row = SettingRow(title, description, control.widget)
        row.reset_requested.connect(lambda: self.reset.emit(name))
        self.rows[name] = row
        self._controls[name] = control
        self._column.addWidget(row)

    def _default(self, name: str) -> Any:
        return self._model.model_fields[name].get_default(call_default_factory=True)

    def _on_chosen(self, name: str, value: Any) -> None:
        if self._check(name, value):
            self._stored[name] = value
            self.changed.emit(name, value)

    def _check(self, name: str, value: Any) -> bool:
        """Does the model take `value`? What it says against it goes into the row."""
        good, _ = self._sorted_out(self._stored)
        try:
            self._model.model_validate({**good.model_dump(), name: value})
        except ValidationError as error:
            first = error.errors()[0]
            text = said(first["msg"].removeprefix("Value error, "))
            self.rows[name].set_error(text[:1].upper() + text[1:])
            return False
        self.rows[name].set_error("")
        return True

    def _sorted_out(self, stored: Mapping[str, Any]) -> tuple[BaseModel, dict[str, str]]:
        """The values the model takes, and by field what it says against the others."""
        values = {name: value for name, value in stored.items() if name in self._model.model_fields}
        rest = dict(self._last_good)
        errors: dict[str, str] = {}
        while True:
            try:
                return self._model.model_validate(values), errors
            except ValidationError as error:
                first = error.errors()[0]
                name = str(first["loc"][0]) if first["loc"] else ""
                if name not in values:
                    raise
                bad = values.pop(name)
                if name in rest:
                    values[name] = rest.pop(name)
                if name in errors:
                    continue
                if self._model.model_fields[name].annotation is SecretStr:
                    errors[name] = _tr("The stored secret is not used: {0}").format(said(first["msg"]))
                    continue
                text = _tr("The stored value {0} is not used: {1}")
                errors[name] = text.format(repr(bad), said(first["msg"]))


def _tr(text: str) -> str:
    return QCoreApplication.translate("settings", text)
