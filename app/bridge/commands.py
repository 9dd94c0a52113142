"""Turns what a person wants into coroutines on the running loop; an error becomes a Problem and never vanishes."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.bridge.plugin_actions import PluginActions, outcome_of
from app.bridge.work_anyway import WorkAnyway
from app.language import named, said
from app.models.domain_looks import task_name
from app.models.state_words import priority_text
from app.models.undo_wording import undo_text, undone_text
from app.models.wording import number_text
from app.plugin_host.drops import Dropped, take_drop
from app.plugin_host.host import LoadedPlugin
from app.problem import problem_from
from app.resources import samples_dir
from app.secrets import NoAnswerError, Secrets
from app.settings import SettingsStore
from scheduler_core import (
    DropReceipt,
    FailureCause,
    Pause,
    PauseScope,
    Scheduler,
    SubmitOutcome,
    TaskHistoryRecord,
    Undo,
)

log = logging.getLogger(__name__)

_AT_ONCE = 500
"""What is done to so many is done before anybody could read that it has begun."""


class Commands(QObject):
    """Intents of the window, each answered at once; the work goes on behind it.

    `failed(Problem)` says what could not be done, `mended(Problem)` that such a thing is no longer so,
    `plugin_changed(LoadedPlugin)` that a plugin works by other settings or says otherwise how it is. `told(str)` says
    what was done, in one short sentence, and `undoable(str, int)` what was done and can be taken back: `undo(id)` within
    ten seconds. `noted(str)` says what has begun and takes a moment, because it is done to many. `settled()` comes after
    each intent, whatever became of it: not everything that changes has an event of its own. `settings_wanted(str)`: the
    settings window is to be opened at a page; `setting_wanted(page, control)`: one control is to be shown, wherever it is
    (`app.models.gate_settings`). `anyway` lets work go on that would wait for the machine; `actions` says which actions of
    plugins are at work.
    """

    failed = Signal(object)
    mended = Signal(object)
    plugin_changed = Signal(object)
    told = Signal(str)
    noted = Signal(str)
    undoable = Signal(str, object)  # an id may be larger than Qt's int
    settled = Signal()
    settings_wanted = Signal(str)
    setting_wanted = Signal(str, str)

    def __init__(
        self,
        scheduler: Scheduler,
        settings: SettingsStore,
        plugins: Sequence[LoadedPlugin],
        parent: QObject | None = None,
        secrets: Secrets | None = None,
    ) -> None:
        super().__init__(parent)
        self._secrets = secrets or Secrets()
        self._scheduler = scheduler
        self._settings = settings
        self._plugins = tuple(plugins)
        self._pending: set[asyncio.Task[None]] = set()
        self.anyway = WorkAnyway(scheduler, settings, self)
        self.actions = PluginActions(self)
        self._taken: dict[int, tuple[DropReceipt, str]] = {}
        self._taken_ids = itertools.count(-1, -1)

    def set_plugins(self, plugins: Sequence[LoadedPlugin]) -> None:
        """These are the plugins from now on: one was loaded or let go, or all are called otherwise."""
        self._plugins = tuple(plugins)

    def tell_plugin(self, plugin: LoadedPlugin) -> None:
        """A plugin was built anew, or says otherwise how it is: that is how it is known from now on."""
        self._plugins = tuple(plugin if one.name == plugin.name else one for one in self._plugins)
        self.plugin_changed.emit(plugin)

    def plugin_now(self, plugin: LoadedPlugin) -> LoadedPlugin:
        """A plugin as it is by now."""
        return next((one for one in self._plugins if one.name == plugin.name), plugin)

    def keep_secret(self, domain: str, field: str, secret: str | None) -> None:
        """Keeps a secret of a plugin, in the keyring if one answers; empty or None: none any more."""

        async def keep() -> None:
            before = self._settings.value.domains.get(domain, {}).get(field)
            kept = await asyncio.to_thread(self._secrets.keep, domain, field, secret) if secret else None
            self._settings.update(domains={domain: {field: None if kept is None else kept.text}})
            if kept is not None and kept.no_answer:
                log.warning("%s of %s is kept in the settings file: %s", field, domain, kept.no_answer)
            try:
                await asyncio.to_thread(self._secrets.forget, before)
            except NoAnswerError as error:
                log.warning("%s stays in the keyring: %s", before, error)

        self._start(keep(), self.tr("Secret of {0}").format(domain))

    def set_domain_on(self, name: str, on: bool) -> None:
        """Resumes (on) or pauses (off) one domain."""

        async def switch() -> None:
            handle = self._scheduler.domain(name)
            await (handle.resume() if on else handle.pause())

        self._start(switch(), self.tr("Domain {0}").format(name))

    def set_domain_concurrency(self, name: str, n: int | None) -> None:
        """How many tasks of one domain run at once; None: only the cap over all domains holds."""
        thing = self.tr("Limit of {0}").format(name)

        async def change() -> None:
            self._scheduler.domain(name).set_max_concurrency(n)
            # A key that is not there stands for what the plugin declares.
            self._settings.update(limits={"domains": {name: n or 0}})

        self._start(change(), thing)

    def set_max_concurrency(self, n: int) -> None:
        """How many tasks run at once over all domains, 1 to 64."""

        async def change() -> None:
            self._settings.update(limits={"max_concurrency": n})
            self._scheduler.set_max_concurrency(n)

        self._start(change(), self.tr("Limit over all domains"))

    def pause_domain(self, name: str, until: datetime | None = None, reason: str | None = None) -> None:
        """Pauses one domain until then, or until it is resumed; one that is paused gets that end and that reason."""

        async def pause() -> None:
            await self._scheduler.domain(name).pause(until, reason)

        self._start(pause(), self.tr("Domain {0}").format(name))

    def end_pause(self, pause: Pause) -> None:
        """Resumes what a pause holds: everything, a domain or a group."""

        async def resume() -> None:
            if pause.scope == PauseScope.SCHEDULER:
                await self._scheduler.resume_all()
            elif pause.scope == PauseScope.DOMAIN:
                await self._scheduler.domain(pause.name).resume()
            else:
                # A group is one over all domains, and any of them can resume it.
                await self._scheduler.domains()[0].resume_group(pause.name)

        self._start(resume(), self.tr("Resume"))

    def pause_all(self, until: datetime | None = None, reason: str | None = None) -> None:
        """Pauses every domain until then, or until `resume_all`; what runs is interrupted and goes on later."""
        self._start(self._scheduler.pause_all(until, reason), self.tr("Pause all"))

    def resume_all(self) -> None:
        """Lifts `pause_all`; domains that were switched off stay off."""
        self._start(self._scheduler.resume_all(), self.tr("Resume all"))

    def take(self, dropped: Sequence[Dropped]) -> None:
        """Takes files, folders and web links in as one job, through the first plugin that accepts them."""
        chosen = tuple(dropped)

        async def submit() -> None:
            receipt = await take_drop(self._plugins, chosen, self._scheduler)
            title = said(receipt.title)
            taken_back = self.tr("Not taking in {0}").format(title)
            self._tell_job(receipt, self.tr("Taking in {0}").format(title), taken_back)

        self._start(submit(), ", ".join(_name_of(one) for one in chosen))

    def run_action(self, domain: str, name: str) -> None:
        """Has a plugin do what it offers, and tells what came of it; not twice at a time."""
        plugin = next((one for one in self._plugins if one.name == domain), None)
        offered = () if plugin is None else plugin.actions
        action = next((one for one in offered if one.name == name), None)
        if plugin is None or action is None:
            return  # it went with its plugin, or by new settings, since the menu was opened
        thing = f"{plugin.title}: {named(action.title, domain)}"
        if self.actions.is_running(domain, name):
            self.told.emit(self.tr("{0}: it is at work already").format(thing))
            return

        async def act() -> None:
            outcome = await outcome_of(action, self._scheduler)
            if isinstance(outcome, DropReceipt):
                title = said(outcome.title, domain)
                begun, cancelled = self.tr("Started: {0}"), self.tr("Cancelled: {0}")
                self._tell_job(outcome, begun.format(title), cancelled.format(title))
            elif outcome:
                self.told.emit(said(outcome, domain))

        self.actions.follow(domain, name, self._start(act(), thing))

    def take_samples(self) -> None:
        """Takes in the sample pictures that ship with Tidemill."""
        try:
            self.take([samples_dir()])
        except FileNotFoundError as error:
            self._report(error, self.tr("Sample pictures"))

    def cancel_task(self, domain: str, task_id: int) -> None:
        """Cancels one task; a task that is gone already is no error."""

        async def cancel() -> None:
            handle = self._scheduler.domain(domain)  # raises for a domain that is not there
            task = await self._scheduler.task(task_id)
            if task is not None and task.domain == handle.name:
                undo = await self._scheduler.cancel_for_now([task_id])
                self._tell_undo(undo, self.tr("Cancelled {0}").format(task_name(task)))

        self._start(cancel(), self.tr("Task {0}").format(task_id))

    def cancel_tasks(self, ids: Sequence[int]) -> None:
        """Cancels tasks of any domains, so that it can be undone; those that are gone already are no error."""
        chosen = tuple(ids)

        async def cancel() -> None:
            self._note(len(chosen), self.tr("Cancelling {0} tasks…"))
            undo = await self._scheduler.cancel_for_now(chosen)
            words = self.tr("Cancelled: {0} tasks").format(number_text(0 if undo is None else undo.n))
            if undo is None:
                self.told.emit(words)
            self._tell_undo(undo, words)

        self._start(cancel(), self.tr("Cancel tasks"))

    def set_priority(self, ids: Sequence[int], priority: int) -> None:
        """Gives tasks of any domains another priority, 0 (most urgent) to 255, so that it can be undone."""
        chosen = tuple(ids)

        async def change() -> None:
            self._note(len(chosen), self.tr("Changing the priority of {0} tasks…"))
            undo = await self._scheduler.set_priority_for_now(chosen, priority)
            if undo is None:
                self.told.emit(self.tr("Priority {0}: nothing to change").format(priority_text(priority)))
                return
            words = self.tr("Priority {0}: 1 task") if undo.n == 1 else self.tr("Priority {0}: {1} tasks")
            self._tell_undo(undo, words.format(priority_text(priority), number_text(undo.n)))

        self._start(change(), self.tr("Priority of tasks"))

    def cancel_job(self, tag: str, value: str) -> None:
        """Cancels every task that carries the tag."""

        async def cancel() -> None:
            ids = await self._scheduler.task_ids_by_tags({tag: value})
            self._note(len(ids), self.tr("Cancelling {0} tasks…"))
            undo = await self._scheduler.cancel_for_now(ids)
            count = 0 if undo is None else undo.n
            words = self.tr("Cancelled {0} tasks of {1}").format(number_text(count), value)
            if undo is None:
                self.told.emit(words)
            self._tell_undo(undo, words)

        self._start(cancel(), value)

    def retry_failures(self, history: Sequence[TaskHistoryRecord]) -> None:
        """Submits what failed or was cancelled again, each in its own domain; until it starts, it can be taken back."""
        ids = [record.id for record in history]

        async def retry() -> None:
            self._note(len(ids), self.tr("Putting {0} tasks into line again…"))
            self._tell_tried(await self._scheduler.retry_for_now(ids))

        self._start(retry(), self.tr("Trying again"))

    def retry_cause(self, cause: FailureCause | None) -> None:
        """Submits all failures of a cause again, or of every cause (None); until they start, they can be taken back."""

        async def retry() -> None:
            n = self._scheduler.failure_count if cause is None else cause.n
            self._note(n, self.tr("Putting {0} tasks into line again…"))
            self._tell_tried(await self._scheduler.retry_cause_for_now(cause))

        self._start(retry(), self.tr("Trying again"))

    def try_failure(
        self, record: TaskHistoryRecord, answered: Callable[[SubmitOutcome | None], None]
    ) -> None:
        """Submits one failed task again, to see whether it works; `answered` gets None when that was not possible."""

        async def attempt() -> None:
            outcome: SubmitOutcome | None = None
            try:
                (outcome,) = await self._scheduler.retry_failures([record.id])
            finally:
                answered(outcome)

        self._start(attempt(), self.tr("Trying again"))

    def clear_failures(self, what: Sequence[int] | FailureCause | None) -> None:
        """Takes failures off the list: by id, of a cause, or all (None). It can be undone; they stay in the history."""

        async def clear() -> None:
            if what is None or isinstance(what, FailureCause):
                n = self._scheduler.failure_count if what is None else what.n
                self._note(n, self.tr("Clearing {0} failures…"))
                undo = await self._scheduler.clear_cause_for_now(what)
            else:
                self._note(len(what), self.tr("Clearing {0} failures…"))
                undo = await self._scheduler.clear_for_now(tuple(what))
            if undo is not None:
                self._tell_undo(undo, undo_text(undo))

        self._start(clear(), self.tr("Failures"))

    def _tell_tried(self, undo: Undo | None) -> None:
        if undo is None:
            self.told.emit(self.tr("There is nothing to try again"))
        else:
            self._tell_undo(undo, undo_text(undo))

    def _note(self, n: int, text: str) -> None:
        """What is done to many takes a moment: until it is done, the person sees that it has begun."""
        if n > _AT_ONCE:
            self.noted.emit(text.format(number_text(n)))

    def carry_out(self, work: Coroutine[Any, Any, Any], thing: str) -> None:
        """Begins one more intent; `thing` says what it is about when it fails."""
        self._start(work, thing)

    def undo(self, undo_id: int) -> None:
        """Takes back what `undoable` told of; when its time is over, that is said, and nothing changes."""
        self._start(self._undo(undo_id), self.tr("Undo"))

    async def _undo(self, undo_id: int) -> None:
        if undo_id in self._taken:
            receipt, taken_back = self._taken.pop(undo_id)
            n = await self._scheduler.cancel_job(receipt.job_tag, receipt.job_value)
            self.told.emit(taken_back if n else self.tr("It is too late to undo that"))
            return
        undo = next((one for one in self._scheduler.undos if one.id == undo_id), None)
        if undo is None:
            self.told.emit(self.tr("It is too late to undo that"))
            return
        self._note(undo.n, self.tr("Taking back: {0} tasks…"))
        self.told.emit(undone_text(undo, await self._scheduler.undo(undo_id)))

    def _tell_undo(self, undo: Undo | None, text: str) -> None:
        if undo is not None:
            self.undoable.emit(text, undo.id)

    def _tell_job(self, receipt: DropReceipt, begun: str, taken_back: str) -> None:
        # No undo of the core: it goes by ids below zero, which the core never gives.
        undo_id = next(self._taken_ids)
        self._taken[undo_id] = receipt, taken_back
        self.undoable.emit(begun, undo_id)

    async def close(self) -> None:
        """Ends what plugins do, which may take for ever, and returns when all other intents have been carried out."""
        self._pending -= await self.actions.stop()
        await self.wait_idle()

    async def wait_idle(self) -> None:
        """Returns when every intent so far has been carried out."""
        while self._pending:
            await asyncio.wait(self._pending)

    def _start(self, work: Coroutine[Any, Any, Any], thing: str) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(self._guarded(work, thing))
        self._pending.add(task)
        task.add_done_callback(self._pending.discard)
        return task

    async def _guarded(self, work: Coroutine[Any, Any, Any], thing: str) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
            self._report(error, thing)
        finally:
            self.settled.emit()

    def _report(self, error: Exception, thing: str) -> None:
        problem = problem_from(error, thing=thing, remedy=self.tr("Try again; the log has the details"))
        log.error("%s", problem, exc_info=error)
        self.failed.emit(problem)


def _name_of(dropped: Dropped) -> str:
    return dropped if isinstance(dropped, str) else dropped.name or str(dropped)
