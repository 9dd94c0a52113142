"""Forms made from models: each type its control, each value checked by the model."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field, SecretStr, field_validator
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDoubleSpinBox, QLabel, QLineEdit, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from app.widgets.settings_form import SettingsForm
from app.widgets.switch import Switch


class Mood(StrEnum):
    GLAD = "glad"
    VERY_SAD = "very_sad"


class Everything(BaseModel):
    """One field of each kind."""

    on: bool = True
    side: Literal["left", "right"] = "left"
    mood: Mood = Mood.VERY_SAD
    count: int = Field(3, gt=0, lt=10, title="How many", description="Of them")
    wait_s: float = Field(1.5, ge=0, le=60)
    name: str = "anna"
    word: SecretStr = SecretStr("geheim")
    folder: Path | None = None
    many: tuple[str, ...] = ()

    @field_validator("folder")
    @classmethod
    def _whole(cls, folder: Path | None) -> Path | None:
        if folder is not None and not folder.is_absolute():
            raise ValueError("write the whole path")
        return folder


@pytest.fixture
def form(qtbot: QtBot) -> SettingsForm:
    made = SettingsForm(Everything, {"count": 5})
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def changes(form: SettingsForm) -> list[tuple[str, Any]]:
    made: list[tuple[str, Any]] = []
    form.changed.connect(lambda name, value: made.append((name, value)))
    return made


def control(form: SettingsForm, name: str, kind: Any) -> Any:
    found = form.findChild(QWidget, f"setting-{name}")
    assert found is not None
    return found if isinstance(found, kind) else found.findChild(kind)


def test_each_type_has_its_control_and_shows_its_value(form: SettingsForm) -> None:
    assert control(form, "on", Switch).isChecked()
    assert control(form, "side", QComboBox).currentText() == "Left"
    assert control(form, "mood", QComboBox).currentText() == "Very sad"
    count = control(form, "count", QSpinBox)
    assert (count.value(), count.minimum(), count.maximum()) == (5, 1, 9)
    assert control(form, "wait_s", QDoubleSpinBox).value() == 1.5
    assert control(form, "name", QLineEdit).text() == "anna"
    secret = control(form, "word", QLineEdit)
    assert (secret.text(), secret.echoMode()) == ("geheim", QLineEdit.EchoMode.Password)
    assert control(form, "folder", QLineEdit).text() == ""
    assert control(form, "many", QLabel).text() == "Set it in settings.toml"
    assert count.accessibleName() == "How many"
    assert count.accessibleDescription() == "Of them"


def test_what_a_person_chooses_is_told_once_and_what_is_shown_is_not(
    form: SettingsForm, changes: list[tuple[str, Any]]
) -> None:
    form.show_stored({"count": 7, "on": False, "mood": "glad"})
    assert changes == []
    control(form, "on", Switch).click()
    control(form, "count", QSpinBox).setValue(2)
    mood = control(form, "mood", QComboBox)
    mood.setFocus()
    QTest.keyClick(mood, Qt.Key.Key_Down)
    name = control(form, "name", QLineEdit)
    QTest.keyClicks(name, "bel")
    assert changes == [("on", True), ("count", 2), ("mood", "very_sad")]
    QTest.keyClick(name, Qt.Key.Key_Return)
    QTest.keyClick(name, Qt.Key.Key_Return)
    assert changes[3:] == [("name", "annabel")]


def test_what_the_model_refuses_is_said_while_typing_and_never_told(
    form: SettingsForm, changes: list[tuple[str, Any]]
) -> None:
    line = control(form, "folder", QLineEdit)
    QTest.keyClicks(line, "here")
    assert form.rows["folder"].error == "Write the whole path"
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert changes == []
    line.clear()
    QTest.keyClicks(line, "/here")
    assert form.rows["folder"].error == ""
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert changes == [("folder", "/here")]


def test_a_stored_value_the_model_refuses_is_told_and_its_default_shown(form: SettingsForm) -> None:
    form.show_stored({"count": 99, "side": "left"})
    assert control(form, "count", QSpinBox).value() == 3
    assert "99" in form.rows["count"].error
    form.show_stored({"count": 4})
    assert form.rows["count"].error == ""


def test_the_wheel_changes_only_what_has_the_focus(form: SettingsForm) -> None:
    box = control(form, "count", QSpinBox)
    control(form, "name", QLineEdit).setFocus()
    at = QPointF(box.rect().center())

    def turn() -> None:
        down, none = QPoint(0, -120), Qt.KeyboardModifier.NoModifier
        event = QWheelEvent(
            at, QPointF(box.mapToGlobal(at)), QPoint(), down,
            Qt.MouseButton.NoButton, none, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(box, event)

    turn()
    assert box.value() == 5
    box.setFocus()
    turn()
    assert box.value() == 4


def test_some_fields_can_be_chosen(qtbot: QtBot) -> None:
    form = SettingsForm(Everything, {}, ("name", "on"))
    qtbot.addWidget(form)
    assert list(form.rows) == ["name", "on"]
