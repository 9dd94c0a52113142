"""What takes long to import comes beside the event loop, and is told in the loop's thread."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.pages.late_import import LateImport


class Listener(QObject):
    """Lives in the test's thread, as a page does in the window's."""

    def __init__(self) -> None:
        super().__init__()
        self.heard_in: list[str] = []

    def hear(self) -> None:
        self.heard_in.append(threading.current_thread().name)


@pytest.fixture
def slow_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    name = "a_module_that_takes_long"
    (tmp_path / f"{name}.py").write_text("import threading\nWHERE = threading.current_thread().name\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, name, raising=False)
    return name


def test_it_is_imported_elsewhere_and_told_here(slow_module: str, qtbot: QtBot) -> None:
    late, listener = LateImport(slow_module), Listener()
    late.done.connect(listener.hear)
    with qtbot.waitSignal(late.done):
        late.start()
        late.start()
    assert f"import {slow_module}" == sys.modules[slow_module].WHERE
    qtbot.waitUntil(lambda: set(listener.heard_in) == {threading.main_thread().name})
    late.wait()
    with qtbot.waitSignal(late.done):
        late.start()


def test_what_cannot_be_imported_is_told_too(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    late = LateImport("no_such_module_at_all")
    with qtbot.waitSignal(late.done):
        late.start()
    late.wait()
    assert "no_such_module_at_all" in caplog.text
