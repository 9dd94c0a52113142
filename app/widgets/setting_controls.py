"""Controls for the fields of a pydantic model: which one a field gets, and how a value goes in and comes out."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from datetime import time
from enum import Enum
from pathlib import Path
from typing import Any, Literal, Union, cast, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QObject, QSignalBlocker, Qt, QTime, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QTimeEdit,
    QWidget,
)

from app.language import named
from app.theme import GRID
from app.widgets.switch import Switch

_LARGEST_INT = 2**31 - 1
_LARGEST_FLOAT = 1e12
NUMBER_WIDTH = 152
"""Of all boxes of numbers and choices: one below the other, they make one edge."""


class SettingControl(QObject):
    """One field's control. `chosen(object)`: the person has settled on a value, as JSON has it (None: none).

    `typing(object)`: a value is being written and not settled yet. `show_value` never emits.
    """

    chosen = Signal(object)
    typing = Signal(object)

    def __init__(
        self,
        widget: QWidget,
        show: Callable[[Any], None],
        words: Callable[[Any], str] = str,
        *,
        is_editable: bool = True,
    ) -> None:
        super().__init__(widget)
        self.widget = widget
        self.words = words
        """A value as a person reads it."""
        self.is_editable = is_editable
        self._show = show

    def show_value(self, value: Any) -> None:
        """Shows what holds now."""
        with QSignalBlocker(self):
            self._show(value)


def make_control(name: str, title: str, field: FieldInfo) -> SettingControl:
    """The control of `field`; a type for which there is none gets a sentence that says where to set it."""
    kind, optional = _without_none(field.annotation)
    extra = extra_of(field)
    if kind is bool:
        control = _switch(title)
    elif get_origin(kind) is Literal or (isinstance(kind, type) and issubclass(kind, Enum)):
        control = _choice(kind, cast("Mapping[str, str]", extra.get("words", {})))
    elif kind in (int, float) and (not optional or "none" in extra):
        control = _number(kind, field, extra)
    elif kind is time:
        control = _time()
    elif kind is Path:
        control = _folder(title)
    elif kind in (str, SecretStr):
        control = _text(is_secret=kind is SecretStr)
    else:
        control = _elsewhere()
    control.widget.setAccessibleName(title)
    control.widget.setObjectName(f"setting-{name}")
    return control


def extra_of(field: FieldInfo) -> Mapping[str, Any]:
    """What a field says of its control: `none` (the words for no number), `suffix`, `words` of choices."""
    return field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}


def _without_none(annotation: Any) -> tuple[Any, bool]:
    """`Path | None` as (Path, True)."""
    if get_origin(annotation) in (Union, types.UnionType):
        kinds = [kind for kind in get_args(annotation) if kind is not type(None)]
        if len(kinds) == 1:
            return kinds[0], True
    return annotation, False


def setting_text(text: str) -> str:
    """What a model of settings, of the app or of a plugin, calls something, in the language of the window."""
    words = QCoreApplication.translate("settings", text)
    return words if words != text else named(text)


def _switch(title: str) -> SettingControl:
    switch = Switch(title)

    def show(value: Any) -> None:
        with QSignalBlocker(switch):
            switch.setChecked(bool(value))
        switch.settle(bool(value))

    control = SettingControl(switch, show, lambda on: _tr("on") if on else _tr("off"))
    switch.clicked.connect(lambda on: control.chosen.emit(on))
    return control


def _choice(kind: Any, words_of: Mapping[str, str]) -> SettingControl:
    values: list[Any] = list(get_args(kind))
    if isinstance(kind, type):
        values = [member.value for member in cast("type[Enum]", kind)]
    box = _QuietCombo()
    box.setMinimumWidth(NUMBER_WIDTH)

    def words(value: Any) -> str:
        plain = value.value if isinstance(value, Enum) else value
        return setting_text(words_of.get(str(plain)) or str(plain).replace("_", " ").capitalize())

    for value in values:
        box.addItem(words(value), value)

    def show(value: Any) -> None:
        plain = value.value if isinstance(value, Enum) else value
        box.setCurrentIndex(values.index(plain) if plain in values else -1)

    control = SettingControl(box, show, words)
    box.activated.connect(lambda _place: control.chosen.emit(box.currentData()))
    return control


def _number(kind: type, field: FieldInfo, extra: Mapping[str, Any]) -> SettingControl:
    least, most = _limits(field)
    none = extra.get("none")
    if kind is int:
        box: Any = _QuietSpin()
        box.setRange(
            int(max(least, -_LARGEST_INT)) if least is not None else 0,
            int(min(most, _LARGEST_INT)) if most is not None else _LARGEST_INT,
        )
    else:
        box = _QuietDoubleSpin()
        box.setRange(least if least is not None else 0.0, most if most is not None else _LARGEST_FLOAT)
        box.setDecimals(1)
    if none is not None:
        # One step below the lowest number stands for none.
        box.setMinimum(box.minimum() - 1 if kind is int else 0)
        box.setSpecialValueText(setting_text(str(none)))
    box.setSuffix(setting_text(str(extra.get("suffix", ""))))
    nothing = box.minimum()
    # While a person types "12", 1 is not what they want.
    box.setKeyboardTracking(False)
    box.setAlignment(Qt.AlignmentFlag.AlignRight)
    box.setFixedWidth(NUMBER_WIDTH)

    def show(value: Any) -> None:
        with QSignalBlocker(box):
            box.setValue(nothing if value is None else value)

    def words(value: Any) -> str:
        return setting_text(str(none)) if value is None else box.textFromValue(value) + box.suffix()

    def choose(value: Any) -> None:
        control.chosen.emit(None if none is not None and value == nothing else value)

    control = SettingControl(box, show, words)
    box.valueChanged.connect(choose)
    return control


def _time() -> SettingControl:
    box = _QuietTime()
    box.setKeyboardTracking(False)
    box.setAlignment(Qt.AlignmentFlag.AlignRight)
    box.setFixedWidth(NUMBER_WIDTH)
    box.setDisplayFormat(QLocale().timeFormat(QLocale.FormatType.ShortFormat))

    def show(value: Any) -> None:
        with QSignalBlocker(box):
            box.setTime(QTime(value.hour, value.minute))

    def words(value: Any) -> str:
        return QLocale().toString(QTime(value.hour, value.minute), QLocale.FormatType.ShortFormat)

    control = SettingControl(box, show, words)
    box.timeChanged.connect(lambda chosen: control.chosen.emit(time(chosen.hour(), chosen.minute())))
    return control


def _limits(field: FieldInfo) -> tuple[float | None, float | None]:
    """The lowest and the highest value that the field takes."""
    least = most = None
    for mark in field.metadata:
        for name in ("ge", "gt"):
            if (bound := getattr(mark, name, None)) is not None:
                least = bound + (1 if name == "gt" and field.annotation is int else 0)
        for name in ("le", "lt"):
            if (bound := getattr(mark, name, None)) is not None:
                most = bound - (1 if name == "lt" and field.annotation is int else 0)
    return least, most


def _text(*, is_secret: bool) -> SettingControl:
    line = QLineEdit()
    line.setProperty("wide", True)
    if is_secret:
        line.setEchoMode(QLineEdit.EchoMode.Password)

    def show(value: Any) -> None:
        plain = value.get_secret_value() if isinstance(value, SecretStr) else value
        line.setText("" if plain is None else str(plain))
        line.setModified(False)

    control = SettingControl(line, show, lambda value: "" if is_secret else str(value or ""))
    _connect_line(control, line, lambda text: text)
    return control


def _folder(title: str) -> SettingControl:
    room = QWidget()
    room.setProperty("wide", True)
    line = QLineEdit()
    line.setAccessibleName(title)
    line.setMinimumWidth(120)
    browse = QPushButton(_tr("Browse…"))
    browse.setAccessibleName(_tr("Choose a folder: {0}").format(title))
    row = QHBoxLayout(room)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(GRID)
    row.addWidget(line, 1)
    row.addWidget(browse)
    room.setFocusProxy(line)

    def show(value: Any) -> None:
        line.setText("" if value is None else str(value))
        line.setModified(False)

    control = SettingControl(room, show, lambda value: "" if value is None else str(value))
    _connect_line(control, line, lambda text: text or None)

    def choose() -> None:
        dialog = QFileDialog(room, title, line.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def take(folder: str) -> None:
            line.setText(folder)
            control.chosen.emit(folder)

        dialog.fileSelected.connect(take)
        # Shown, not run: nothing modal stops the work.
        dialog.open()

    browse.clicked.connect(choose)
    return control


def _connect_line(control: SettingControl, line: QLineEdit, value: Callable[[str], Any]) -> None:
    def settle() -> None:
        if line.isModified():
            line.setModified(False)
            control.chosen.emit(value(line.text().strip()))

    line.textEdited.connect(lambda text: control.typing.emit(value(text.strip())))
    line.editingFinished.connect(settle)


def _elsewhere() -> SettingControl:
    label = QLabel(_tr("Set it in settings.toml"))
    label.setProperty("role", "muted")
    return SettingControl(label, lambda _value: None, is_editable=False)


class _IgnoresWheel(QObject):
    """Scrolling a page must change no setting that merely lies under the mouse."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


class _QuietSpin(QSpinBox):
    def __init__(self) -> None:
        super().__init__()
        _quiet(self)


class _QuietTime(QTimeEdit):
    def __init__(self) -> None:
        super().__init__()
        _quiet(self)


class _QuietDoubleSpin(QDoubleSpinBox):
    def __init__(self) -> None:
        super().__init__()
        _quiet(self)


class _QuietCombo(QComboBox):
    def __init__(self) -> None:
        super().__init__()
        _quiet(self)


def _quiet(widget: QAbstractSpinBox | QComboBox) -> None:
    widget.installEventFilter(_IgnoresWheel(widget))


def _tr(text: str) -> str:
    return QCoreApplication.translate("settings", text)
