"""Messages come one at a time, many at once become one, and one switch keeps all of them away."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from app.settings import SettingsStore
from app.system.notifications import Notifier


class Told:
    """A notifier and what it showed inside the window."""

    def __init__(self, folder: Path, quiet_ms: int) -> None:
        self.settings = SettingsStore(folder / "settings.toml")
        self.notifier = Notifier(self.settings, quiet_ms=quiet_ms)
        self.inside: list[str] = []
        self.notifier.shown_inside.connect(self.inside.append)


def test_the_first_is_shown_at_once_and_what_follows_together(qtbot: QtBot, tmp_path: Path) -> None:
    told = Told(tmp_path, quiet_ms=50)
    for name in ("a", "b", "c", "d", "e"):
        told.notifier.tell(name, "26 done")
    qtbot.waitUntil(lambda: len(told.inside) == 2)
    assert told.inside == ["a: 26 done", "4 messages: b, c, d and 1 more"]


def test_one_that_follows_is_shown_as_it_is(qtbot: QtBot, tmp_path: Path) -> None:
    told = Told(tmp_path, quiet_ms=50)
    told.notifier.tell("a", "")
    told.notifier.tell("b", "1 failed")
    qtbot.waitUntil(lambda: told.inside == ["a", "b: 1 failed"])


def test_one_switch_keeps_all_away(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    told = Told(tmp_path, quiet_ms=30_000)
    told.notifier.tell("a", "")
    told.notifier.tell("b", "")
    qtbot.waitUntil(lambda: told.inside == ["a"])
    told.settings.update(general={"notifications": False})
    told.notifier.tell("c", "")
    qapp.processEvents()
    told.notifier._show_waiting()
    assert told.inside == ["a"], "nor what waited"


def test_any_thread_may_tell(qtbot: QtBot, tmp_path: Path) -> None:
    told = Told(tmp_path, quiet_ms=0)
    threads: list[threading.Thread] = []
    told.notifier.shown_inside.connect(lambda _text: threads.append(threading.current_thread()))
    teller = threading.Thread(target=told.notifier.tell, args=("a", "done"))
    teller.start()
    teller.join()
    qtbot.waitUntil(lambda: told.inside == ["a: done"])
    assert threads == [threading.main_thread()]


def test_where_there_is_a_tray_the_tray_shows_them(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[str, str]] = []
    tray = QSystemTrayIcon()
    monkeypatch.setattr(tray, "isVisible", lambda: True)
    monkeypatch.setattr(tray, "supportsMessages", lambda: True)
    monkeypatch.setattr(tray, "showMessage", lambda title, text: shown.append((title, text)))
    told = Told(tmp_path, quiet_ms=0)
    told.notifier.use_tray(tray)
    told.notifier.tell("a", "done")
    qtbot.waitUntil(lambda: shown == [("a", "done")])
    assert told.inside == []
