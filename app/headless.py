"""Tidemill without a window: plain asyncio, progress in the terminal, an exit code that tells how it went."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from app.logs import set_level, start_logging
from app.opening import DataFolder, Opened
from app.plugin_host.drops import Dropped, take_drop
from app.problem import KnownError, Problem, problem_from
from app.run_options import EXIT_FAILED, EXIT_OK, EXIT_USAGE, RunOptions
from app.settings import SettingsStore
from app.system.other_programs import OtherPrograms
from app.terminal import DomainLine, Status, Terminal
from scheduler_core import (
    Cancelled,
    Completed,
    DeadLettered,
    DependencyFailed,
    DropReceipt,
    Failed,
    JobSummary,
    SchedulerError,
    SchedulerEvent,
)

log = logging.getLogger(__name__)

_REFRESH_S = 0.2


def run_headless(options: RunOptions) -> int:
    """Does the work in the terminal; returns the exit code (0 all succeeded, 1 not all, 2 could not start)."""
    terminal = Terminal(Console(soft_wrap=False))
    try:
        options.paths.create()
        stop_logging = start_logging(options.paths.log)
    except OSError as error:
        terminal.problem(_folder_problem(error, options.paths.root))
        return EXIT_USAGE
    try:
        return asyncio.run(_HeadlessRun(options, terminal).run())
    finally:
        terminal.stop()
        stop_logging()


class _HeadlessRun:
    """One run: opens, takes in, shows, waits, closes, reports."""

    def __init__(self, options: RunOptions, terminal: Terminal) -> None:
        self._options = options
        self._terminal = terminal
        self._stop = asyncio.Event()
        self._changed = asyncio.Event()
        self._failures: list[str] = []
        self._completed: dict[str, int] = {}
        self._failed: dict[str, int] = {}
        self._receipts: list[DropReceipt] = []

    async def run(self) -> int:
        options, terminal = self._options, self._terminal
        settings = SettingsStore(options.paths.settings)
        set_level(settings.value.advanced.log_level)
        programs = OtherPrograms(lambda: settings.value.pressure.programs)
        folder = DataFolder(options.paths, self._tell, options.overrides, (programs,))
        self._handle_signals()
        try:
            opened = await folder.open(settings.value)
        except (SchedulerError, KnownError, OSError) as error:
            log.error("could not start", exc_info=error)
            terminal.problem(_folder_problem(error, options.paths.root))
            return EXIT_USAGE
        undo = opened.scheduler.subscribe(self._on_events)
        try:
            for problem in (*settings.problems, *opened.problems):
                terminal.problem(problem)
            self._announce(opened)
            if options.take and not await self._take(opened, options.take):
                return EXIT_USAGE
            unfinished = await self._work(opened)
        finally:
            undo()
            await folder.close()
            programs.close()
        return self._report(opened, unfinished, settings)

    async def _take(self, opened: Opened, dropped: Sequence[Dropped]) -> bool:
        try:
            receipt = await take_drop(opened.plugins, dropped, opened.scheduler)
        except Exception as error:
            log.exception("could not take in %s", dropped)
            names = ", ".join(str(one) for one in dropped)
            self._terminal.problem(problem_from(error, thing=names, remedy="The log has the details"))
            return False
        self._receipts.append(receipt)
        self._terminal.line(f"Taking in {receipt.title}")
        return True

    async def _work(self, opened: Opened) -> int:
        """Shows progress until all is done or a signal came; returns how many tasks are left."""
        self._terminal.start()
        display = asyncio.create_task(self._show_changes(opened))
        waits: list[asyncio.Task[Any]] = [asyncio.create_task(self._stop.wait())]
        if self._options.until_idle:
            waits.append(asyncio.create_task(self._wait_done(opened)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            await self._show(opened)
        finally:
            for task in (display, *waits):
                task.cancel()
            await asyncio.gather(display, *waits, return_exceptions=True)
            self._terminal.stop()
        if self._stop.is_set():
            self._terminal.line("Finishing: what is running goes back to waiting. Ctrl+C again ends at once.")
        return opened.scheduler.counts.active

    async def _wait_done(self, opened: Opened) -> None:
        """Returns when nothing is left but what is paused; a retry that is due later is waited for."""
        scheduler = opened.scheduler
        settled = asyncio.Event()
        undo = scheduler.subscribe(lambda _events: settled.set())
        try:
            while True:
                settled.clear()
                await scheduler.wait_idle()
                if not scheduler.counts.pending:
                    return
                await settled.wait()
        finally:
            undo()

    async def _show_changes(self, opened: Opened) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            await self._show(opened)
            await asyncio.sleep(_REFRESH_S)

    async def _show(self, opened: Opened) -> None:
        scheduler = opened.scheduler
        titles = {plugin.name: plugin.title for plugin in opened.plugins}
        lines = tuple(
            DomainLine(
                titles.get(handle.name, handle.name),
                handle.counts,
                self._completed.get(handle.name, 0),
                self._failed.get(handle.name, 0),
                handle.is_paused or scheduler.is_paused,
            )
            for handle in scheduler.domains()
        )
        jobs: list[JobSummary] = []
        if self._terminal.is_live:
            for receipt in self._receipts:
                if (job := await scheduler.job(receipt.job_tag, receipt.job_value)) is not None:
                    jobs.append(job)
        self._terminal.show(
            Status(lines, tuple(jobs), tuple(self._failures)), asyncio.get_running_loop().time()
        )

    def _on_events(self, events: Sequence[SchedulerEvent]) -> None:
        for event in events:
            if isinstance(event, Completed):
                self._completed[event.domain] = self._completed.get(event.domain, 0) + 1
            elif isinstance(event, Failed | DeadLettered | DependencyFailed):
                if not (isinstance(event, Failed) and event.will_retry):
                    self._add_failure(event.domain, _about(event.label, event.error))
            elif isinstance(event, Cancelled):
                self._add_failure(event.domain, f"{event.label}: cancelled")
        self._changed.set()

    def _add_failure(self, domain: str, text: str) -> None:
        self._failed[domain] = self._failed.get(domain, 0) + 1
        self._failures.append(text)
        self._terminal.failure(text)

    def _announce(self, opened: Opened) -> None:
        recovery = opened.scheduler.recovery
        if recovery.requeued:
            self._terminal.line(
                f"Recovered {recovery.requeued} tasks after an unexpected end; they go on now."
            )
        elif recovery.pending:
            self._terminal.line(f"Going on with {recovery.pending} tasks of an earlier run.")
        for plugin in opened.plugins:
            if plugin.health is not None and not plugin.health.ok:
                self._terminal.line(f"Warning: {plugin.title}: {plugin.health.message}", "yellow")
        if not self._options.until_idle:
            self._terminal.line("Working until Ctrl+C.")

    def _report(self, opened: Opened, unfinished: int, settings: SettingsStore) -> int:
        done = sum(self._completed.values())
        self._terminal.line(f"{done} done, {len(self._failures)} failed, {unfinished} not finished")
        for text in self._failures:
            self._terminal.line(f"  failed: {text}", "red")
        if unfinished:
            off = [handle.name for handle in opened.scheduler.domains() if handle.is_paused]
            reason = f"switched off: {', '.join(off)}" if off else "they go on at the next start"
            self._terminal.line(f"  not finished: {unfinished} tasks ({reason})", "yellow")
        return EXIT_FAILED if self._failures or unfinished else EXIT_OK

    def _tell(self, title: str, text: str) -> None:
        """A plugin's message to the person; executors may call it from any thread."""
        self._terminal.line(f"{title}: {text}" if text else title, "bold")

    def _handle_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            if sys.platform == "win32":
                signal.signal(number, lambda got, _frame: loop.call_soon_threadsafe(self._on_signal, got))
            else:
                loop.add_signal_handler(number, self._on_signal, number)

    def _on_signal(self, number: int) -> None:
        if self._stop.is_set() and number == signal.SIGINT:
            log.warning("ended at once by a second Ctrl+C")
            logging.shutdown()
            # The store is made for a sudden end: what was running is recovered at the next start.
            os._exit(128 + number)
        self._stop.set()


def _about(label: str, error: str) -> str:
    """What failed and why, in one line; most errors name their file themselves."""
    return error if error.startswith(label) else f"{label}: {error}"


def _folder_problem(error: BaseException, root: Path) -> Problem:
    return problem_from(error, thing=f"Data folder {root}", remedy="Choose another folder with --data-dir")
