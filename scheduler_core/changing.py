"""What people and programs change in a scheduler, but for its life and its pauses: limits, tasks, and what it remembers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Literal, cast

from scheduler_core.domain import names
from scheduler_core.domain.domain import checked_cap, checked_name, checked_priority
from scheduler_core.engine.engine import Engine
from scheduler_core.engine.undoing import WINDOW_S
from scheduler_core.errors import (
    ConfigurationError,
)
from scheduler_core.model.base import is_id, seconds, whole
from scheduler_core.model.cause import FailureCause, cause_id
from scheduler_core.model.config import RetentionPolicy
from scheduler_core.model.limits import RateLimit
from scheduler_core.model.task import SubmitOutcome
from scheduler_core.model.throttle import AgingConfig, ThrottlePolicy
from scheduler_core.model.typed import TypedTask
from scheduler_core.model.undo import Undo


class Changing:
    """The orders of a `Scheduler`."""

    _engine: Engine

    # Limits

    @property
    def max_concurrency(self) -> int:
        """How many tasks may run at once over all domains."""
        return self._engine.state.max_concurrency

    def set_max_concurrency(self, n: int) -> None:
        """Change the cap over all domains; what runs goes on. Raises `ConfigurationError` (a `ValueError`)."""
        cap = checked_cap(n, "max_concurrency of the scheduler")
        if cap is None:
            raise ConfigurationError(
                "max_concurrency of the scheduler", "None is no number", "Pass 0 to 1,000,000."
            )
        self._engine.limits.set_global_cap(cap)

    def set_group_limit(self, group: str, n: int | None) -> None:
        """How many tasks of a group may run at once, in all domains together; None: `default_group_concurrency`."""
        cap = checked_cap(n, f"limit of group {group!r}")
        self._engine.limits.set_group_cap(checked_name(group, "group to limit"), cap)

    def set_default_group_limit(self, n: int | None) -> None:
        """How many tasks of a group without a limit of its own may run at once; None: as many as there are slots."""
        self._engine.limits.set_default_group_cap(checked_cap(n, "limit of groups without one of their own"))

    def set_group_weight(self, group: str, n: int | None) -> None:
        """How large a group's share of the slots is, against those of others; None: `default_group_weight`.

        Raises `ConfigurationError` (a `ValueError`), also for 0: to hold a group back, pause it.
        """
        thing = f"weight of group {group!r}"
        if checked_cap(n, thing) == 0:
            raise ConfigurationError(thing, "0 is no weight", "Pass 1 or more, or pause the group.")
        self._engine.limits.set_group_weight(checked_name(group, "group to weigh"), n)

    def set_group_minimum_slots(self, group: str, n: int | None) -> None:
        """How many slots a group gets before weights are looked at; None: none. Raises `ConfigurationError`."""
        checked_cap(n, f"minimum slots of group {group!r}")
        self._engine.limits.set_group_minimum(checked_name(group, "group to keep slots for"), n)

    def set_rate_limit(self, task_type: type[TypedTask[Any]] | str, limit: RateLimit | None) -> None:
        """How often tasks of a type (a class, or its qualified name) may start; None: as often as they like."""
        name = names.type_name(task_type)
        self._engine.limits.set_rate("type", name, names.checked_rate(limit, f"rate limit of {name}"))

    def set_group_rate_limit(self, group: str, limit: RateLimit | None) -> None:
        """How often tasks of a group may start, in all domains together; None: as often as they like."""
        checked_name(group, "group to limit")
        self._engine.limits.set_rate(
            "group", group, names.checked_rate(limit, f"rate limit of group {group!r}")
        )

    def set_bandwidth_limit(self, bytes_per_second: float | None) -> None:
        """Bytes a second, both ways together, that are full pressure; None: the network is no pressure.

        Raises `ConfigurationError` (a `ValueError`) for what is no positive number.
        """
        given = cast("Any", bytes_per_second)
        if given is not None and (
            isinstance(given, bool)
            or not isinstance(given, int | float)
            or not math.isfinite(given)
            or given <= 0
        ):
            raise ConfigurationError(
                "bandwidth_limit", f"{given!r} is no rate", "Pass bytes a second, or None."
            )
        self._engine.pressure.set_bandwidth(None if given is None else float(given))

    # The throttle

    @property
    def throttle(self) -> ThrottlePolicy:
        """Who waits while the machine is busy."""
        return self._engine.state.throttle

    def set_throttle(self, policy: ThrottlePolicy) -> None:
        """Change who waits while the machine is busy; what runs goes on. Raises `ConfigurationError` (a `ValueError`)."""
        if not isinstance(cast("Any", policy), ThrottlePolicy):
            raise ConfigurationError("throttle", f"{policy!r} is no policy", "Pass a ThrottlePolicy.")
        self._engine.throttling.set_policy(policy)

    def pressure_changed_outside(self) -> None:
        """A source of pressure that `tells_changes` has changed: it is read now. On the event loop's thread; harmless."""
        self._engine.look_at_pressure()

    @property
    def aging(self) -> AgingConfig | None:
        """How tasks grow more urgent while they wait; None: they do not."""
        return self._engine.ages.config

    async def set_aging(self, aging: AgingConfig | None) -> None:
        """Change how tasks grow more urgent while they wait; it holds when this returns, for what waits already too.

        What waits has the age it would have if it had always been so: the clocks by which tasks wait never stop for it.
        What runs goes on. None: each is as urgent as it was submitted. Raises `ConfigurationError` (a `ValueError`), or
        `StoreError` when it could not be read since when tasks wait; then nothing has changed.
        """
        if aging is not None and not isinstance(cast("Any", aging), AgingConfig):
            raise ConfigurationError("aging", f"{aging!r} is no AgingConfig", "Pass an AgingConfig, or None.")
        await self._engine.aging.change(aging)

    # Tasks

    async def cancel_job(self, tag_key: str, value: str) -> int:
        """Cancel every active task with this tag, in all domains; how many."""
        ids = await self._engine.tag_views.ids_by_tags(None, {tag_key: value}, None)
        return len(await self._engine.control.cancel(None, ids))

    async def cancel_for_now(self, ids: Sequence[int], window: float | timedelta = WINDOW_S) -> Undo | None:
        """Cancel active tasks, of any domain, with their children, so that `undo` can take it back for `window` seconds.

        At once they are in no list and no count, hold no key, and start no more; what runs is interrupted, as by a pause.
        When the time is over they are cancelled (`on_cancel` is not called: they had stopped). If the program ends
        meanwhile, the window begins anew at its next start. None where none of `ids` is active. A submission with the key
        of such a task is a new task; undoing then cancels the old one.
        """
        return await self._engine.undoing.cancel(_checked_ids(ids), seconds(window, "window"))

    async def set_priority_for_now(
        self, ids: Sequence[int], priority: int, window: float | timedelta = WINDOW_S
    ) -> Undo | None:
        """`set_priority`, which `undo` can take back for `window` seconds: who still waits gets back what it had.

        Its `n` are those that had another priority; None where there are none. What has started, or was given yet another
        priority, keeps it. Raises `ConfigurationError` (a `ValueError`) for what is no priority.
        """
        checked = checked_priority(priority, "priority of tasks")
        return await self._engine.undoing.set_priority(_checked_ids(ids), checked, seconds(window, "window"))

    async def retry_for_now(
        self, history_ids: Sequence[int], window: float | timedelta = WINDOW_S
    ) -> Undo | None:
        """`retry_failures`, which `undo` can take back for `window` seconds; nothing is held back meanwhile.

        Its `n` are those that are tried; None where none can be. Undoing, what has not started yet is gone, as if it never
        came, and its record is what it was; what has started, or is waited for by another task, goes on. A submission that
        joined such a task meanwhile goes with it.
        """
        wanted = [one for one in history_ids if is_id(one)]
        return await self._engine.undoing.retry(wanted, seconds(window, "window"))

    async def retry_cause_for_now(
        self, cause: FailureCause | int | None, window: float | timedelta = WINDOW_S
    ) -> Undo | None:
        """The same for all failures of a cause (itself, or its id), or of every cause (None), that are there now."""
        which = None if cause is None else cause_id(cause)
        return await self._engine.undoing.retry_cause(which, seconds(window, "window"))

    async def undo(self, undo_id: int) -> int:
        """Take back what can be taken back; how many tasks or records are as they were. 0 when its time is over."""
        return await self._engine.undoing.undo(undo_id)

    async def set_priority(self, ids: Sequence[int], priority: int) -> list[int]:
        """Give active tasks another priority, 0 (most urgent) to 255; which of `ids` are active, in the order of ids.

        One that waits moves to its new place in line at once, one that runs goes on. Children keep theirs, and so do
        later occurrences of a schedule. Raises `ConfigurationError` (a `ValueError`) for what is no priority.
        """
        checked = checked_priority(priority, "priority of tasks")
        return await self._engine.adjusting.set_priority(_checked_ids(ids), checked)

    async def start_now(self, ids: Sequence[int]) -> list[int]:
        """Let tasks that wait for their `run_at`, or for their next attempt, be due now; which did, in the order of ids.

        They still wait for whatever else holds them. The next occurrence of a schedule comes when it would have.
        """
        return await self._engine.adjusting.start_now(_checked_ids(ids))

    async def ignore_io(self, ids: Sequence[int]) -> list[int]:
        """Let tasks that wait be expected to move nothing, so that no IO budget holds them; which, in the order of ids.

        What runs is not concerned, nor what was expected to move nothing before. `expected_io` of these is None then.
        """
        return await self._engine.adjusting.ignore_io(_checked_ids(ids))

    # What it remembers

    async def retry_failures(self, history_ids: Sequence[int]) -> list[SubmitOutcome]:
        """Try failures again in one transaction, each in its own domain with a new id and all its retries.

        Answers in order. REJECTED is what cannot be tried again: it did not fail, it is not in the history any more, or its
        domain is not there.
        """
        known = [one if is_id(one) else 0 for one in history_ids]
        return await self._engine.store.retry_all(known) if known else []

    async def retry_cause(self, cause: FailureCause | int) -> int:
        """Try all failures of a cause (or of its id) again that there are by now; how many are tried.

        In transactions of a few hundred, so that nobody waits for a million; what fails again meanwhile is not tried twice.
        """
        return await self._engine.failures.retry(cause_id(cause))

    async def clear_cause(self, cause: FailureCause | int) -> int:
        """Take all failures of a cause (or of its id) off that list; they stay in the history. How many were on it."""
        cleared = 0
        async for ids in self._engine.failures.steps(cause_id(cause)):
            cleared += await self.clear_failures(ids)
        return cleared

    async def clear_failures(self, history_ids: Sequence[int]) -> int:
        """Take failures off that list; they stay in the history. How many were on it."""
        cleared = await self._engine.store.clear_attention([one for one in history_ids if is_id(one)])
        self._engine.commits.failure_count -= cleared
        return cleared

    async def clear_for_now(
        self, history_ids: Sequence[int], window: float | timedelta = WINDOW_S
    ) -> Undo | None:
        """`clear_failures`, which `undo` can take back for `window` seconds. None where none of these was on the list."""
        wanted = [one for one in history_ids if is_id(one)]
        return await self._engine.undoing.clear(wanted, seconds(window, "window"))

    async def clear_cause_for_now(
        self, cause: FailureCause | int | None, window: float | timedelta = WINDOW_S
    ) -> Undo | None:
        """The same for all failures of a cause (itself, or its id), or of every cause (None), that are there now."""
        which = None if cause is None else cause_id(cause)
        return await self._engine.undoing.clear_cause(which, seconds(window, "window"))

    def set_retention(self, retention: RetentionPolicy | None) -> None:
        """What the history keeps from now on; what is beyond it goes at once. None: all. Raises `ConfigurationError`."""
        if retention is not None and not isinstance(cast("Any", retention), RetentionPolicy):
            raise ConfigurationError("retention", f"{retention!r} is no policy", "Pass a RetentionPolicy.")
        self._engine.pruner.set_retention(retention)

    async def set_synchronous(self, level: Literal["NORMAL", "FULL"]) -> None:
        """What the store's commits survive, from the next one on: with FULL also that the machine loses its power.

        Raises `InvalidArgumentError` (a `ValueError`) for another word, or `StoreError`. See `TaskStore`.
        """
        await self._engine.store.set_synchronous(level)

    async def prune_history(
        self, keep: int | None = None, older_than: float | timedelta | None = None
    ) -> int:
        """Remove the oldest records: all but the newest `keep`, and what ended longer ago than `older_than` seconds.

        Returns how many went. Failures among them leave the list of failures too.
        """
        return await self._engine.pruner.prune(
            None if keep is None else whole(keep, "keep"),
            None if older_than is None else seconds(older_than, "older_than"),
        )


def _checked_ids(ids: Sequence[int]) -> list[int]:
    """Those that an id can be: what is none names no task."""
    return [one for one in ids if is_id(one)]
