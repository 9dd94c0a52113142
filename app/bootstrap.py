"""The only composition root of the window: builds the parts, connects them, and takes them apart in order."""

from __future__ import annotations

import logging
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from logging.handlers import MemoryHandler
from types import TracebackType

import qasync
from PySide6.QtCore import QCoreApplication, QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from app.logs import keep_early_records
from app.pages.main_window import MainWindow
from app.run_options import EXIT_OK, EXIT_USAGE, RunOptions
from app.settings import SettingsStore
from app.system.garbage import collect_on_gui_thread
from app.system.process_age import process_age_s
from app.system.single_instance import hand_over
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
    if hand_over(options.paths.root, options.take):
        print("Tidemill is running already: its window was raised.")
        return EXIT_OK
    early = keep_early_records()
    qInstallMessageHandler(_log_qt_message)
    sys.excepthook = _log_exception
    QCoreApplication.setApplicationName("Tidemill")
    app = QApplication(sys.argv[:1])
    collect_anywhere_again = collect_on_gui_thread()
    app.setDesktopFileName("tidemill")
    # The window may go to the tray, and closing it must not end what the scheduler is still writing.
    app.setQuitOnLastWindowClosed(False)
    settings = SettingsStore(options.paths.settings)
    window = MainWindow(settings)
    window.show()
    with qasync.QEventLoop(app) as loop:
        # qasync's own executor leaves a thread object behind for each of its threads.
        loop.set_default_executor(ThreadPoolExecutor(max_workers=4, thread_name_prefix="tidemill"))
        code = loop.run_until_complete(_paint_then_work(window, settings, options, early))
    window.deleteLater()
    collect_anywhere_again()
    return code


async def _paint_then_work(
    window: MainWindow, settings: SettingsStore, options: RunOptions, early: MemoryHandler
) -> int:
    watch = WindowWatch(window)
    painted = await watch.first_paint()
    paint_s = process_age_s(options.started_s)
    log.info("first paint after %.0f ms%s", paint_s * 1000, "" if painted else " (the window is hidden)")
    # A third of all imports is not needed for the first picture.
    from app.desktop import Desktop

    return await Desktop(window, watch, settings, options, early).run()


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
