"""The first picture comes before everything that it does not need, and what waits for a picture is told of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.first_look import FirstLook, read_first_look
from app.settings import SettingsStore
from app.system.next_paint import NextPaint
from app.system.window_watch import WindowWatch
from tests.app.programs import program_environment

PAINT = """
import builtins, sys
from pathlib import Path
from app.cli import _options, _parser
from app.system.qt_libraries import check_qt

parser = _parser()
options = _options(parser, parser.parse_args(["run", "--data-dir", sys.argv[1]]), 0.0)
check_qt()
from PySide6.QtWidgets import QApplication
import app.bootstrap
from app.pages.main_window import MainWindow
from app.settings import SettingsStore
from app.system.window_watch import WindowWatch

qt = QApplication([])
window = MainWindow(SettingsStore(options.paths.settings))
window.show()
assert WindowWatch(window).wait_for_paint()
late = ("asyncio", "numpy", "psutil", "psygnal", "pydantic", "pyqtgraph", "qasync", "rich", "scheduler_core", "tomlkit")
print([name for name in late if name in sys.modules])
print(builtins.__import__ is getattr(builtins, "__orig_import__", None))
"""

LIVE = """
import logging, os, signal, sys

class AtLiveData(logging.Handler):
    def emit(self, record):
        if "live data after" in record.getMessage():
            late = ("multiprocessing", "numpy", "pyqtgraph", "tomlkit", "urllib.request")
            print([name for name in late if name in sys.modules])
            os.kill(os.getpid(), signal.SIGTERM)

logging.getLogger("app.desktop").addHandler(AtLiveData())
from app.cli import run_command
sys.exit(run_command(["run", "--data-dir", sys.argv[1]], 0.0))
"""


def run(program: str, data: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, str(data)],
        env=program_environment(data, {"QT_QPA_PLATFORM": "offscreen"}),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_window_is_painted_without_what_comes_later(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[general]\ntheme = "dark"\nwelcome_done = true\n')
    ended = run(PAINT, tmp_path)
    assert ended.stdout.splitlines() == ["[]", "True"], ended.stderr


def test_the_cards_are_live_without_what_draws_graphs_starts_workers_or_writes_settings(
    tmp_path: Path,
) -> None:
    (tmp_path / "settings.toml").write_text("[general]\nwelcome_done = true\n")
    ended = run(LIVE, tmp_path)
    assert (ended.returncode, ended.stdout) == (0, "[]\n"), ended.stderr


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("", FirstLook()),
        ('[general]\ntheme = "dark"\nwelcome_done = true\n', FirstLook("dark", True)),
        ('[general]\ntheme = "pink"\nwelcome_done = "perhaps"\n', FirstLook()),
        ("general = 5\n", FirstLook()),
        ("[general\n", FirstLook()),
    ],
)
def test_it_looks_as_the_settings_say_before_they_are_read_whole(
    text: str, seen: FirstLook, tmp_path: Path
) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text)
    assert read_first_look(file) == seen
    store = SettingsStore(file)
    assert store.first_look == seen
    assert store.value.general.theme == seen.theme
    assert store.first_look == seen


def test_no_file_and_no_text_look_like_the_first_start(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    assert read_first_look(file) == FirstLook()
    file.write_bytes(b"\xff\xfe[general]")
    assert read_first_look(file) == FirstLook()


def test_a_change_is_seen_at_the_next_look(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "settings.toml")
    store.update(general={"theme": "dark", "welcome_done": True})
    assert store.first_look == FirstLook("dark", True)


def test_the_next_paint_is_told_once(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    told: list[bool] = []
    paint = NextPaint(window)
    paint.came.connect(told.append)
    with qtbot.waitSignal(paint.came):
        window.update()
    window.update()
    QApplication.processEvents()
    assert told == [True]


def test_a_hidden_window_is_not_waited_for(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    assert not WindowWatch(window).wait_for_paint()


def test_who_does_not_wait_any_more_is_told_nothing(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    told: list[bool] = []
    paint = NextPaint(window)
    paint.came.connect(told.append)
    paint.cancel()
    paint.cancel()
    with qtbot.waitSignal(NextPaint(window).came):
        window.update()
    assert told == []
