"""Walks through all pages of the real app at work, at two sizes of the window, and prints what is wrong with their looks.

python -m tests.journeys.look_over [--longer] DATA_DIR WIDTHxHEIGHT ...

With `--longer` every text of the program is longer by a third, as a translation may be.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication, QTreeView, QWidget

import app.bootstrap
from app.problem import Problem
from tests.helpers.real_files import make_mixed_folder
from tests.journeys.beside import Onlooker, run_with
from tests.journeys.faults import faults

PAGES = ("overview", "jobs", "queue", "history", "failures", "domain-ingest", "domain-process", "domain-sync")
SETTINGS_PAGES = ("general", "domains", "limits", "pressure", "plugins", "notifications", "advanced")
SETTINGS = """
[general]
welcome_done = true
[pressure]
slow_down = false
[domains.ingest]
retry_delay_s = 0.0
[domains.sync]
target = "{folder}/A disk that is not there/Tidemill"
retries = 0
"""
_SETTLED_S = 0.4


_MADE_WITHOUT_QT = ("sentences", "general sentences", "names")
_LONG_WORD = 6


class Longer(QTranslator):
    """Every text longer by a third, a long one by words. Sentences that were made without Qt stay: they may be paths."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        if context in _MADE_WITHOUT_QT:
            return source
        more = len(source) // 3
        return source + ("n" * more if more <= _LONG_WORD else " nnnnnn" * (more // 7))

    def isEmpty(self) -> bool:
        return False


class LongWinded(QApplication):
    """The application, in a language of longer words."""

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.longer = Longer(self)
        self.installTranslator(self.longer)


def main() -> int:
    """Prints a line for each fault; returns the exit code."""
    arguments = sys.argv[1:]
    if arguments[0] == "--longer":
        del arguments[0]
        app.bootstrap.QApplication = LongWinded  # type: ignore[misc]
    data_dir = Path(arguments[0])
    sizes = [tuple(map(int, size.split("x"))) for size in arguments[1:]]
    data_dir.mkdir(parents=True)
    (data_dir / "settings.toml").write_text(SETTINGS.format(folder=data_dir.parent))
    mixed = make_mixed_folder(
        data_dir.parent / "From the old laptop of Anna-Sophia Wiesenhütter", count=120
    ).root

    def script(onlooker: Onlooker) -> None:
        _put_to_work(onlooker, mixed)
        looked = 0
        for width, height in sizes:
            for place, found in _walk(onlooker, width, height):
                looked += 1
                for fault in dict.fromkeys(found):
                    print(f"{place} at {width}x{height}: {fault}")
        print(f"looked at {looked} pages at {onlooker.ask(lambda: onlooker.window.devicePixelRatioF())}")

    return run_with(["run", "--data-dir", str(data_dir)], script)


def _put_to_work(onlooker: Onlooker, folder: Path) -> None:
    """Tasks that wait, tasks that failed for several causes, a domain that is off, and a banner."""
    onlooker.until(onlooker.is_open, "the database to be open")
    session = onlooker.until(lambda: onlooker.session, "a session")
    onlooker.ask(lambda: session.commands.set_domain_on("process", on=False))
    onlooker.until(lambda: onlooker.scheduler.domain("process").is_paused, "a domain to be off")
    onlooker.drop(folder)
    onlooker.until(lambda: onlooker.scheduler.domain("process").counts.paused > 50, "thumbnails to wait")
    onlooker.until(lambda: onlooker.scheduler.domain("ingest").counts.pending == 0, "all to be taken in")
    onlooker.ask(
        lambda: onlooker.window._banners.add_problem(
            Problem(
                "Settings",
                "a reason that is long enough to need a second line in a narrow window",
                "A way out",
            )
        )
    )


def _walk(onlooker: Onlooker, width: int, height: int) -> Iterator[tuple[str, list[str]]]:
    """Each page and what is wrong with it."""
    window = onlooker.ask(lambda: onlooker.window)
    onlooker.ask(lambda: window.resize(width, height))
    onlooker.until(
        lambda: (window.width(), window.height()) == (width, height), "the window to have its size"
    )
    for page in PAGES:
        onlooker.ask(lambda page=page: window.show_page(page))
        onlooker.until(lambda page=page: onlooker.find(QWidget, f"page-{page}"), page)
        yield page, _look(onlooker, lambda: window)
    onlooker.ask(lambda: window.show_page("queue"))
    onlooker.until(lambda: _choose_last(onlooker), "a task to choose")
    onlooker.ask(lambda: window._inspector.room.set_open(True))
    onlooker.until(lambda: onlooker.find(QWidget, "why-sentence"), "why it waits")
    yield "inspector", _look(onlooker, lambda: window)
    onlooker.ask(lambda: window._inspector.room.set_open(False))
    for page in SETTINGS_PAGES:
        onlooker.ask(lambda page=page: window.show_settings(page))
        yield f"settings {page}", _look(onlooker, lambda: onlooker.settings_window)
    onlooker.ask(lambda: onlooker.settings_window.close())


def _choose_last(onlooker: Onlooker) -> bool:
    view = onlooker.find(QTreeView, "queue-list")
    if view is None or not view.model().rowCount():
        return False
    view.setCurrentIndex(view.model().index(view.model().rowCount() - 1, 0))
    return True


def _look(onlooker: Onlooker, window: Callable[[], QWidget]) -> list[str]:
    onlooker.pause(_SETTLED_S)
    onlooker.ask(QApplication.processEvents)
    return onlooker.ask(lambda: faults(window()))


if __name__ == "__main__":
    sys.exit(main())
