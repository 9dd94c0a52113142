"""One run of the window once it is painted: open, work, finish, in this order."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QSystemTrayIcon

from app.bridge.commands import Commands
from app.bridge.event_bridge import EventBridge
from app.bridge.session import Session
from app.language import ENGLISH, Language, system_language
from app.logs import EarlyRecords, set_level, start_logging
from app.opening import DataFolder, Opened
from app.pages.main_window import MainWindow
from app.pages.tray_failures import TrayFailures
from app.plugin_host.drops import Dropped
from app.plugin_host.host import LoadedPlugin
from app.problem import problem_from
from app.run_options import EXIT_OK, EXIT_USAGE, RunOptions
from app.settings import SettingsStore
from app.settings_model import AppSettings
from app.surroundings import Surroundings
from app.system.data_lock import DataFolderInUseError
from app.system.garbage import collect_on_gui_thread
from app.system.next_paint import NextPaint
from app.system.notifications import Notifier
from app.system.process_age import process_age_s
from app.system.stall_watch import StallWatch
from app.system.tray import Tray
from app.system.window_watch import WindowWatch
from scheduler_core import SchedulerError, StoreError, TaskHistoryRecord

if TYPE_CHECKING:
    from app.system.single_instance import InstanceServer

log = logging.getLogger(__name__)


class Desktop(QObject):
    """Connects the window, the tray and the scheduler, made on the loop's thread for one `run`."""

    def __init__(
        self,
        window: MainWindow,
        watch: WindowWatch,
        settings: SettingsStore,
        options: RunOptions,
        early: EarlyRecords | None = None,
        language: Language | None = None,
    ) -> None:
        super().__init__()
        self._window = window
        self._settings = settings
        self._options = options
        self._early = early
        self._language = language or Language(ENGLISH, self)
        self._notifier = Notifier(settings, self)
        self._surroundings = Surroundings(settings, window, self)
        sources = self._surroundings.sources
        self._folder = DataFolder(
            options.paths, self._notifier.tell, options.overrides, sources, self._language.code
        )
        self._server: InstanceServer | None = None
        self._watch = watch
        self._tray: Tray | None = None
        self._tray_failures: TrayFailures | None = None
        self._session: Session | None = None
        self._opened: Opened | None = None
        self._language_set = settings.first_look.language
        self._stalls: StallWatch | None = None
        self._opening: asyncio.Task[None] | None = None
        self._quit = asyncio.Event()
        self._undo_logging: Callable[[], None] = lambda: None
        self._is_collecting = False
        self._undo_collecting: Callable[[], None] = lambda: None
        self._renewal = asyncio.Lock()
        self._renewing: set[asyncio.Task[None]] = set()
        self._to_take: list[Dropped] = list(options.take)
        self._exit_code = EXIT_OK

    @property
    def session(self) -> Session | None:
        """What the window is attached to, while a scheduler is open."""
        return self._session

    async def run(self) -> int:
        """Works until the person quits; returns the exit code."""
        self._connect()
        self._start_logging()
        self._show_tray()
        self._start_opening()
        await self._quit.wait()
        await self._finish()
        return self._exit_code

    def _connect(self) -> None:
        window = self._window
        window.files_dropped.connect(self._on_take)
        window.quit_requested.connect(self._quit.set)
        window.retry_requested.connect(self._start_opening)
        window.reminded.connect(self._on_reminder)
        self._watch.close_requested.connect(self._on_close)
        if self._watch.was_close_requested:
            self._quit.set()
        self._notifier.shown_inside.connect(window.toast)
        if sys.platform != "win32":
            loop = asyncio.get_running_loop()
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, self._on_signal, number)

    def _start_logging(self) -> None:
        try:
            self._undo_logging = start_logging(self._options.paths.log, self._early)
            set_level(self._settings.value.advanced.log_level)
        except OSError as error:
            # Opening the data folder meets the same obstacle and shows it in the window.
            log.error("no log file: %s", error)

    def _show_tray(self) -> None:
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._tray = Tray(self)
            self._tray.open_requested.connect(self._raise_window)
            self._tray.quit_requested.connect(self._quit.set)
            self._notifier.use_tray(self._tray.icon)

    def _start_opening(self) -> None:
        if self._opening is None or self._opening.done():
            self._opening = asyncio.get_running_loop().create_task(self._open())

    async def _open(self) -> None:
        try:
            opened = await self._folder.open(self._settings.value)
        except DataFolderInUseError as error:
            from app.system.single_instance import hand_over

            if hand_over(self._options.paths.root, self._to_take):
                self._quit.set()
            else:
                self._show_obstacle(error)
        except Exception as error:  # noqa: BLE001 - a window that says nothing would be worse
            self._show_obstacle(error)
        else:
            await self._attach_or_close(opened)

    async def _attach_or_close(self, opened: Opened) -> None:
        try:
            self._attach(opened)
        except Exception as error:  # noqa: BLE001 - the same: a half-attached window must say so
            self._surroundings.detach()
            await self._folder.close()
            self._show_obstacle(error)
        else:
            self._exit_code = EXIT_OK

    def _attach(self, opened: Opened) -> None:
        scheduler = opened.scheduler
        for plugin in opened.plugins:
            self._language.add_plugin(plugin.name, plugin.sentences)
        commands = Commands(scheduler, self._settings, opened.plugins, self)
        self._opened = opened
        self._session = Session(
            scheduler=scheduler,
            events=EventBridge(scheduler, self),
            commands=commands,
            settings=self._settings,
            plugins=opened.plugins,
            problems=(*self._settings.problems, *opened.problems),
            logs=opened.logs,
        )
        scheduler.store_failed.connect(self._on_store_failed)
        self._surroundings.attach(self._session, opened.work_settings, opened.slow_settings)
        opened.slow_settings.plugins_changed.connect(self._on_plugins)
        self._settings.changed.connect(self._on_settings)
        self._stalls = StallWatch(scheduler, asyncio.get_running_loop())
        self._stalls.start()
        self._window.attach(self._session)
        self._attach_tray(self._session)
        NextPaint(self._window).came.connect(self._on_live)
        if recovered := scheduler.recovery.requeued:
            commands.told.emit(self.tr("Recovered {0} tasks after an unexpected end").format(recovered))
        self._on_take([])

    def _attach_tray(self, session: Session) -> None:
        if self._tray_failures is not None:
            self._tray_failures.close()
            self._tray_failures.deleteLater()
            self._tray_failures = None
        if self._tray is not None:
            titles = {plugin.name: plugin.title for plugin in session.plugins}
            self._tray.attach(session.scheduler, session.commands, titles)
            self._tray_failures = TrayFailures(session, self._tray, self)
            self._tray_failures.chosen.connect(self._show_failure)

    def _on_settings(self, settings: AppSettings) -> None:
        wanted = settings.general.language
        if wanted != self._language_set:
            self._language_set = wanted
            self._later(self._speak(system_language(wanted)))

    def _on_plugins(self, plugins: tuple[LoadedPlugin, ...]) -> None:
        self._later(self._show_plugins(plugins))

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        """Not at once: whoever asks for it is in the window, which is made anew, or about to be."""
        task = asyncio.get_running_loop().create_task(self._in_turn(work))
        self._renewing.add(task)
        task.add_done_callback(self._renewing.discard)

    async def _in_turn(self, work: Coroutine[Any, Any, None]) -> None:
        async with self._renewal:
            try:
                await work
            except Exception as error:
                log.exception("the window could not be shown anew")
                if self._session is not None:
                    remedy = self.tr("Start Tidemill again; its work goes on meanwhile")
                    self._session.commands.failed.emit(
                        problem_from(error, thing=self.tr("The window"), remedy=remedy)
                    )

    async def _show_plugins(self, plugins: tuple[LoadedPlugin, ...]) -> None:
        """One was loaded or let go: the window shows the domains that are there."""
        if self._session is None:
            return
        for plugin in plugins:
            self._language.add_plugin(plugin.name, plugin.sentences)
        # What went wrong is on the screen already.
        session = self._session = self._session.with_plugins(plugins, ())
        self._window.attach(session)
        self._attach_tray(session)

    async def _speak(self, code: str) -> None:
        """Everything in another language, from now on: the window is made anew, and the work goes on behind it."""
        if self._session is None or self._opened is None or code == self._language.code:
            return
        slow = self._opened.slow_settings
        called = await asyncio.to_thread(self._opened.loader.speak, slow.plugins, code)
        if self._session is None:
            return
        slow.speak(called)
        self._language.change(code)
        log.info("the window speaks %s", code)
        if self._tray is not None:
            self._tray.speak()
        self._window.renew()
        await self._show_plugins(slow.plugins)

    def _on_live(self, painted: bool) -> None:
        log.info(
            "live data after %.0f ms, of which %.0f computed%s",
            process_age_s(self._options.started_s) * 1000,
            time.process_time() * 1000,
            "" if painted else " (the window is hidden)",
        )
        self._collect_garbage()
        self._listen()

    def _listen(self) -> None:
        """From now on a second start finds this window; what that needs of Qt is not for the first data to wait for."""
        from app.system.single_instance import InstanceServer

        if self._server is None and not self._quit.is_set():
            self._server = InstanceServer(self._options.paths.root, self)
            self._server.arrived.connect(self._on_second_start)
            self._server.listen()

    def _collect_garbage(self) -> None:
        """From now on; a start makes next to none."""
        if not self._is_collecting:
            self._is_collecting = True
            self._undo_collecting = collect_on_gui_thread()

    def _show_obstacle(self, error: Exception) -> None:
        self._collect_garbage()
        problem = problem_from(
            error,
            thing=self.tr("Data folder {0}").format(self._options.paths.root),
            remedy=self.tr("Try again, or start with another folder: tidemill --data-dir DIR"),
        )
        if isinstance(error, StoreError):
            # The core knows of a file; a person who reads this window has data folders.
            way_out = self.tr(
                "{0} Then try again, or start with another data folder: tidemill --data-dir DIR"
            )
            problem = replace(problem, remedy=way_out.format(problem.remedy))
        log.error("%s", problem, exc_info=error)
        self._exit_code = EXIT_USAGE
        self._window.show_problem(problem)

    def _on_store_failed(self, error: StoreError) -> None:
        problem = problem_from(error, thing=self.tr("Database"), remedy=self.tr("Make room on the disk"))
        log.error("%s", problem)
        if self._session is not None:
            self._session.commands.failed.emit(problem)

    def _on_take(self, dropped: Sequence[Dropped]) -> None:
        """Takes in what was dropped, now or when the scheduler is open."""
        self._to_take += dropped
        if self._session is not None and self._to_take:
            waiting, self._to_take = self._to_take, []
            self._session.commands.take(waiting)

    def _on_second_start(self, dropped: Sequence[Dropped]) -> None:
        self._raise_window()
        self._on_take(dropped)

    def _raise_window(self) -> None:
        self._window.show()
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.raise_()
        self._window.activateWindow()

    def _show_failure(self, failure: TaskHistoryRecord) -> None:
        self._raise_window()
        self._window.show_failure(failure)

    def _on_reminder(self, text: str) -> None:
        """A pause that may have been forgotten: the window says so, and the tray where nobody sees the window."""
        if self._tray is not None and not self._window.isActiveWindow():
            self._notifier.tell(self.tr("Tidemill is paused"), text)

    def _on_close(self) -> None:
        """The window's close button: to the tray where there is one; where there is none, the person is asked."""
        general = self._settings.value.general
        has_tray = self._tray is not None and self._tray.icon.isVisible()
        if self._session is None or (has_tray and not general.close_to_tray):
            self._quit.set()
            return
        if not has_tray:
            self._raise_window()
            self._window.ask_to_quit()
            return
        self._window.hide()
        if not general.tray_hint_shown:
            self._notifier.tell(
                self.tr("Tidemill goes on working"),
                self.tr("Open it again from its icon in the tray; Quit is in the icon's menu."),
            )
            self._settings.update(general={"tray_hint_shown": True})

    def _on_signal(self, number: int) -> None:
        if self._quit.is_set() and number == signal.SIGINT:
            log.warning("ended at once by a second Ctrl+C")
            logging.shutdown()
            # The store is made for a sudden end: what was running is recovered at the next start.
            os._exit(128 + number)
        self._quit.set()

    async def _finish(self) -> None:
        """Everything in the reverse order of its making; the window stays until the scheduler has stopped."""
        self._window.toast(self.tr("Finishing…"))
        if self._server is not None:
            self._server.close()
        if self._opening is not None:
            await self._opening
        session, self._session = self._session, None
        if self._renewing:
            await asyncio.wait(self._renewing)
        if self._stalls is not None:
            self._stalls.stop()
            log.info("longest stall of the loop: %.0f ms", self._stalls.longest_stall_s * 1000)
        if session is not None:
            await session.commands.close()
            if self._tray_failures is not None:
                self._tray_failures.close()
            if self._tray is not None:
                self._tray.detach()
            session.events.close()
            self._surroundings.detach()
            self._settings.changed.disconnect(self._on_settings, missing_ok=True)
            session.scheduler.store_failed.disconnect(self._on_store_failed, missing_ok=True)
            self._window.detach()
        try:
            await self._folder.close()
        except SchedulerError as error:
            log.error("the scheduler did not close well", exc_info=error)
        self._surroundings.close()
        self._watch.release()
        self._window.hide()
        if self._tray is not None:
            self._tray.close()
        self._undo_collecting()
        self._undo_logging()
