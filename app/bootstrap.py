"""The composition root of the window: what is needed for the first picture, and then, behind it, everything else."""

from __future__ import annotations

import logging
import os
import sys
import time
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QEventLoop, QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QPixmapCache
from PySide6.QtWidgets import QApplication

from app.language import Language, system_language
from app.logs import EarlyRecords, keep_early_records
from app.pages.late_import import LateImport
from app.pages.main_window import MainWindow
from app.run_options import EXIT_OK, EXIT_USAGE, RunOptions
from app.settings import SettingsStore
from app.system.data_lock import is_in_use
from app.system.process_age import process_age_s
from app.system.window_watch import WindowWatch

log = logging.getLogger(__name__)
_QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def run_window(options: RunOptions) -> int:
    """Opens the window and works until the person quits; returns the exit code.

    When another window has the data folder open, that one comes to the front, takes over `--take`, and this returns 0.
    """
    if is_in_use(options.paths.root) and _hand_over(options):
        print("Tidemill is running already: its window was raised.")
        return EXIT_OK
    early = keep_early_records()
    qInstallMessageHandler(_log_qt_message)
    sys.excepthook = _log_exception
    QCoreApplication.setApplicationName("Tidemill")
    app = QApplication(sys.argv[:1])
    app.setDesktopFileName("tidemill")
    # Qt looks every ten seconds, for minutes after the last picture, what it can throw out of this cache. Nothing that is
    # painted here takes long enough to be kept in it.
    QPixmapCache.setCacheLimit(0)
    # The window may go to the tray, and closing it must not end what the scheduler is still writing.
    app.setQuitOnLastWindowClosed(False)
    settings = SettingsStore(options.paths.settings)
    language = Language(system_language(settings.first_look.language), app)
    language.install()
    log.info("the window speaks %s", language.code)
    window = MainWindow(settings)
    watch = WindowWatch(window)
    window.show()
    painted = watch.wait_for_paint()
    log.info(
        "first paint after %.0f ms, of which %.0f computed%s",
        process_age_s(options.started_s) * 1000,
        time.process_time() * 1000,
        "" if painted else " (the window is hidden)",
    )
    code = _work(app, window, watch, settings, language, options, early)
    window.deleteLater()
    return code


def _work(
    app: QApplication,
    window: MainWindow,
    watch: WindowWatch,
    settings: SettingsStore,
    language: Language,
    options: RunOptions,
    early: EarlyRecords,
) -> int:
    # Two thirds of all imports are not needed for the first picture. The window is there, but can do nothing yet: what a
    # person does meanwhile waits.
    rest = LateImport("app.opening")
    waiting = QEventLoop()
    rest.done.connect(waiting.quit)
    rest.start()
    waiting.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    rest.wait()
    from concurrent.futures import ThreadPoolExecutor

    from app.desktop import Desktop
    from app.system.window_loop import WindowLoop

    with WindowLoop(app) as loop:
        # qasync's own executor leaves a thread object behind for each of its threads.
        loop.set_default_executor(ThreadPoolExecutor(max_workers=4, thread_name_prefix="tidemill"))
        return loop.run_until_complete(Desktop(window, watch, settings, options, early, language).run())


def _hand_over(options: RunOptions) -> bool:
    # Qt's network is for a second start, and for those who may get one: not for the first picture.
    from app.system.single_instance import hand_over

    return hand_over(options.paths.root, options.take)


def _log_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    logging.getLogger("qt").log(_QT_LEVELS.get(kind, logging.WARNING), "%s", message)
    if kind == QtMsgType.QtFatalMsg:
        # Qt would abort now; a person gets words instead of a core dump.
        sys.stderr.write(
            f"Tidemill's window cannot be opened: {message}\n"
            "Without a window: tidemill run --headless --take PATH --until-idle\n"
        )
        sys.stderr.flush()
        os._exit(EXIT_USAGE)


def _log_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    log.critical("an error nobody expected", exc_info=(kind, error, trace))
    sys.__excepthook__(kind, error, trace)
