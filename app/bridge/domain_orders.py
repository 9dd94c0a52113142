"""What a person orders on the page of one domain: its groups and its schedules. Each goes through `Commands`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from app.group_limits import parse_rate

if TYPE_CHECKING:
    from app.bridge.session import Session
    from scheduler_core import DomainHandle


class DomainOrders(QObject):
    """Belongs to one session and one domain. A limit that a person sets is stored first: it holds after a restart too."""

    def __init__(self, session: Session, handle: DomainHandle[Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._handle = handle

    def set_group_limit(self, group: str, n: int | None) -> None:
        """How many tasks of the group run at once, over all domains; None: as many as there are slots."""
        self._set(group, "max_concurrency", n, lambda: self._session.scheduler.set_group_limit(group, n))

    def set_group_weight(self, group: str, n: int | None) -> None:
        """How large its share is; None: as that of other groups."""
        self._set(group, "weight", n, lambda: self._session.scheduler.set_group_weight(group, n))

    def set_group_minimum(self, group: str, n: int | None) -> None:
        """How many slots are kept for it; None: none."""
        self._set(
            group, "minimum_slots", n, lambda: self._session.scheduler.set_group_minimum_slots(group, n)
        )

    def set_group_rate(self, group: str, rate: str | None) -> None:
        """How often its tasks start, as "10/minute"; None: as often as they like."""

        def apply() -> None:
            limit = None if rate is None else parse_rate(rate).limit
            self._session.scheduler.set_group_rate_limit(group, limit)

        self._set(group, "rate", rate, apply)

    def pause_group(self, group: str, until: datetime | None = None) -> None:
        """Holds the group in every domain, until then or until it is resumed."""
        self._start(self._handle.pause_group(group, until), self._group(group))

    def resume_group(self, group: str) -> None:
        """Ends that pause."""
        self._start(self._handle.resume_group(group), self._group(group))

    def pause_schedule(self, task_id: int, label: str) -> None:
        """Lets a schedule rest."""
        self._start(self._handle.pause_recurring(task_id), self._schedule(label))

    def resume_schedule(self, task_id: int, label: str) -> None:
        """Ends that rest."""
        self._start(self._handle.resume_recurring(task_id), self._schedule(label))

    def end_schedule(self, task_id: int, label: str) -> None:
        """Ends the schedule for good: what has begun goes on, and nothing follows."""
        self._start(self._handle.cancel_recurring(task_id), self._schedule(label))

    def run_schedule_now(self, task_id: int, label: str) -> None:
        """Starts what waits for its time now; the next one comes when it would have."""

        async def run() -> None:
            if not await self._handle.run_recurring_now(task_id):
                self._session.commands.told.emit(self.tr("{0} is at work already, or paused").format(label))

        self._start(run(), self._schedule(label))

    def _set(self, group: str, field: str, value: int | str | None, apply: Callable[[], None]) -> None:
        async def change() -> None:
            self._session.settings.update(limits={"groups": {group: {field: value}}})
            apply()

        self._start(change(), self._group(group))

    def _start(self, work: Any, thing: str) -> None:
        self._session.commands.carry_out(work, thing)

    def _group(self, name: str) -> str:
        return self.tr("Group {0}").format(name)

    def _schedule(self, label: str) -> str:
        return self.tr("Schedule {0}").format(label)
