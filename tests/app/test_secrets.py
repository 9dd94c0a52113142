"""Secrets of plugins: in the keyring where one answers, else in a file that only its owner may read."""

from __future__ import annotations

import threading
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import BaseModel, Field, SecretStr
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.pages.settings_window import SettingsWindow
from app.secrets import Keyring, NoAnswerError, Secrets, is_mark, secret_fields
from app.settings import SettingsStore
from app.widgets.fold import Fold
from scheduler_core import Domain, DomainPlugin, PluginServices
from tests.app.pages.page_session import Stage, child, stage
from tests.app.pages.sessions import tiny_plugin
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Tiny, tiny_domain

PASSWORD = "geheim-4711"


class Box:
    """A keyring in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service_name: str, username: str, /) -> str | None:
        return self.kept.get((service_name, username))

    def set_password(self, service_name: str, username: str, password: str, /) -> None:
        self.kept[service_name, username] = password

    def delete_password(self, service_name: str, username: str, /) -> None:
        del self.kept[service_name, username]


class MailSettings(BaseModel):
    """Settings with a secret."""

    level: int = Field(3, ge=1, title="Level")
    password: SecretStr | None = Field(None, title="Password")
    token: SecretStr = Field(SecretStr(""), max_length=20, title="Token")


class MailPlugin(DomainPlugin[MailSettings]):
    """Remembers what it was built with."""

    key = Tiny
    settings_model: ClassVar[type[BaseModel]] = MailSettings

    def __init__(self) -> None:
        self.built: list[MailSettings] = []

    def build(self, settings: MailSettings, services: PluginServices) -> Domain[Any]:
        self.built.append(settings)
        return tiny_domain()


def no_keyring() -> Keyring:
    raise RuntimeError("No recommended backend was available.\nInstall a keyring")


def test_the_fields_that_are_secrets_are_found() -> None:
    assert secret_fields(MailSettings) == {"password", "token"}


def test_a_secret_is_kept_read_and_forgotten_and_the_file_gets_a_mark() -> None:
    box = Box()
    secrets = Secrets(lambda: box)
    mark, no_answer = secrets.keep("mail", "password", PASSWORD)
    assert no_answer == ""
    assert is_mark(mark)
    assert PASSWORD not in mark
    assert mark.startswith("keyring:mail.password.")
    assert list(box.kept.values()) == [PASSWORD]
    assert secrets.filled(MailSettings, {"level": 5, "password": mark}) == (
        {"level": 5, "password": PASSWORD},
        {},
    )
    secrets.forget(mark)
    secrets.forget("in plain words")
    with pytest.raises(NoAnswerError):
        secrets.forget(mark)
    assert box.kept == {}
    with pytest.raises(NoAnswerError, match="does not have it"):
        secrets.read(mark)


def test_without_a_keyring_the_secret_is_for_the_file() -> None:
    kept = Secrets(no_keyring).keep("mail", "password", PASSWORD)
    assert kept == (PASSWORD, "No recommended backend was available.")
    with pytest.raises(ValueError, match="needs a keyring"):
        Secrets(no_keyring).keep("mail", "password", "keyring:x")


def test_a_keyring_that_keeps_nothing_is_none() -> None:
    class Leaky(Box):
        def set_password(self, service_name: str, username: str, password: str, /) -> None:
            """Takes it, and forgets it."""

    assert Secrets(Leaky).keep("mail", "password", PASSWORD).text == PASSWORD


def test_a_library_that_is_not_there_is_no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "keyring", None)
    assert Secrets().keep("mail", "password", PASSWORD).text == PASSWORD


def test_a_keyring_that_hangs_is_given_up() -> None:
    never = threading.Event()

    def hangs() -> Keyring:
        never.wait()
        return Box()

    try:
        assert Secrets(hangs, patience_s=0.01).keep("mail", "password", PASSWORD).text == PASSWORD
        values, missing = Secrets(hangs, patience_s=0.01).filled(MailSettings, {"password": "keyring:x"})
        assert values == {}
        assert "did not answer" in missing["password"]
    finally:
        never.set()


def test_nothing_is_asked_where_there_is_no_secret() -> None:
    def fails() -> Keyring:
        raise AssertionError("nobody needs it")

    stored = {"level": 3, "password": "by hand", "other": "keyring:x"}
    assert Secrets(fails).filled(MailSettings, stored) == (stored, {})


Script = Callable[[Stage, SettingsWindow, MailPlugin], Coroutine[Any, Any, None]]


@pytest.fixture
def play(qtbot: QtBot, qapp: Any, tmp_path: Path) -> Callable[[Script, Callable[[], Keyring]], None]:
    """Runs a script with the form of the plugin open, on this keyring."""

    def run(script: Script, find: Callable[[], Keyring]) -> None:
        async def session() -> None:
            kit = MailPlugin()
            plugin = replace(tiny_plugin(), plugin=kit)
            async with stage(tmp_path, (plugin,), secrets=Secrets(find)) as on:
                window = SettingsWindow(on.session)
                window.show()
                window.show_page("domains")
                child(window, Fold, "settings-fold-tiny").set_open(True)
                try:
                    await script(on, window, kit)
                    await on.session.commands.wait_idle()
                finally:
                    window.close()
                    window.deleteLater()

        run_on_qt(qapp, session())

    return run


async def type_password(on: Stage, window: SettingsWindow, text: str) -> None:
    line = child(child(window, QWidget, "settings-page-domains"), QLineEdit, "setting-password")
    line.clear()
    line.setModified(True)
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)
    await on.session.commands.wait_idle()
    await on.slow.wait()


def test_the_form_keeps_a_secret_in_the_keyring_and_the_plugin_gets_it(
    play: Callable[[Script, Callable[[], Keyring]], None],
) -> None:
    box = Box()

    async def script(on: Stage, window: SettingsWindow, kit: MailPlugin) -> None:
        where = child(window, QLabel, "settings-secrets")
        assert "where there is none" in where.text()
        await type_password(on, window, PASSWORD)
        path = on.session.settings.path
        assert PASSWORD not in path.read_text()
        assert 'password = "keyring:tiny.password.' in path.read_text()
        password = kit.built[-1].password
        assert password is not None
        assert password.get_secret_value() == PASSWORD
        assert where.text() == "Secrets are kept in the system's keyring."
        line = child(window, QLineEdit, "setting-password")
        assert line.text() == PASSWORD
        assert line.echoMode() == QLineEdit.EchoMode.Password
        await type_password(on, window, "another")
        assert list(box.kept.values()) == ["another"], "the old one is forgotten"
        await type_password(on, window, "")
        assert box.kept == {}
        assert "password" not in path.read_text()
        assert kit.built[-1].password is None
        assert on.failed == []

    play(script, lambda: box)


def test_without_a_keyring_the_form_says_where_the_secret_is(
    play: Callable[[Script, Callable[[], Keyring]], None],
) -> None:
    async def script(on: Stage, window: SettingsWindow, kit: MailPlugin) -> None:
        await type_password(on, window, PASSWORD)
        path = on.session.settings.path
        assert f'password = "{PASSWORD}"' in path.read_text()
        assert path.stat().st_mode & 0o777 == 0o600
        where = child(window, QLabel, "settings-secrets").text()
        assert where.startswith("No keyring of this system answered")
        password = kit.built[-1].password
        assert password is not None
        assert password.get_secret_value() == PASSWORD
        assert on.failed == []

    play(script, no_keyring)


def test_a_secret_of_another_computer_is_told_and_all_else_is_used(
    play: Callable[[Script, Callable[[], Keyring]], None],
) -> None:
    async def script(on: Stage, _window: SettingsWindow, kit: MailPlugin) -> None:
        path = on.session.settings.path
        path.write_text('[domains.tiny]\nlevel = 7\npassword = "keyring:tiny.password.1234"\n')
        on.session.settings.reload()
        await on.slow.wait()
        assert kit.built[-1].level == 7
        assert kit.built[-1].password is None
        (problem,) = on.failed
        assert problem.thing == "Setting password of Tiny things"
        assert "does not have it" in problem.reason
        assert "set it anew" in problem.remedy

    play(script, Box)


def test_a_bad_secret_is_told_without_being_shown(
    play: Callable[[Script, Callable[[], Keyring]], None],
) -> None:
    async def script(on: Stage, window: SettingsWindow, kit: MailPlugin) -> None:
        long = PASSWORD * 4
        path = on.session.settings.path
        path.write_text(f'[domains.tiny]\nlevel = 7\ntoken = "{long}"\n')
        on.session.settings.reload()
        await on.slow.wait()
        (problem,) = on.failed
        assert problem.thing == "Setting token of Tiny things"
        assert PASSWORD not in f"{problem} {problem.details}"
        assert not any(PASSWORD in label.text() for label in window.findChildren(QLabel))
        assert kit.built[-1].level == 7

    play(script, Box)


def test_the_store_itself_needs_no_keyring(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "settings.toml")
    store.update(domains={"tiny": {"password": "keyring:x"}})
    assert SettingsStore(store.path).value.domains == {"tiny": {"password": "keyring:x"}}
