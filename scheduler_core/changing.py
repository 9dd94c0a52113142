"""What people and programs change in a scheduler, but for its life and its pauses: limits, tasks, and what it remembers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from scheduler_core.domain import names
from scheduler_core.domain.domain import checked_cap, checked_name
from scheduler_core.engine.engine import Engine
from scheduler_core.engine.undoing import WINDOW_S
from scheduler_core.errors import (
    ConfigurationError,
)
from scheduler_core.model.base import is_id, seconds, whole
from scheduler_core.model.limits import RateLimit
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
        wanted = [task_id for task_id in ids if is_id(task_id)]
        return await self._engine.undoing.cancel(wanted, seconds(window, "window"))

    async def undo(self, undo_id: int) -> int:
        """Take back what can be taken back; how many tasks or records are as they were. 0 when its time is over."""
        return await self._engine.undoing.undo(undo_id)

    # What it remembers

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
