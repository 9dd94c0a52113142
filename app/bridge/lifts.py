"""Carries out what lifts a gate, as the scheduler's explanation says: limits are stored like those of the spin boxes."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.bridge.session import Session
from scheduler_core import Lift


class Lifts:
    """Belongs to one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def carry_out(self, lift: Lift, task_id: int) -> None:  # noqa: C901 - one order after the other
        """Opens the gate for this task. An error is told like that of any intent."""
        commands, scheduler = self._session.commands, self._session.scheduler
        ids, group = [task_id], lift.target or ""
        thing = _tr("Task {0}").format(task_id)
        match lift.order:
            case "resume_all":
                commands.resume_all()
            case "resume":
                commands.set_domain_on(lift.domain or "", True)
            case "resume_group":
                commands.carry_out(scheduler.domain(lift.domain or "").resume_group(group), _group(group))
            case "resume_recurring":
                commands.carry_out(scheduler.domain(lift.domain or "").resume_recurring(task_id), thing)
            case "start_now":
                commands.carry_out(scheduler.start_now(ids), thing)
            case "ignore_io":
                commands.carry_out(scheduler.ignore_io(ids), thing)
            case "set_priority":
                commands.set_priority(ids, lift.value or 0)
            case "set_max_concurrency":
                self._set_cap(lift)
            case "set_group_limit":
                commands.carry_out(self._set_group_limit(group, lift.value), _group(group))
            case "set_rate_limit":
                commands.carry_out(self._lift_rate(group), _tr("Rate limit of {0}").format(group))
            case "set_group_rate_limit":
                commands.carry_out(self._lift_group_rate(group), _group(group))

    def _set_cap(self, lift: Lift) -> None:
        if lift.domain is None:
            self._session.commands.set_max_concurrency(lift.value or 1)
        else:
            self._session.commands.set_domain_concurrency(lift.domain, lift.value)

    async def _set_group_limit(self, group: str, n: int | None) -> None:
        self._session.settings.update(limits={"groups": {group: {"max_concurrency": n}}})
        self._session.scheduler.set_group_limit(group, n)

    async def _lift_rate(self, task_type: str) -> None:
        self._session.settings.update(limits={"rates": {task_type: None}})
        self._session.scheduler.set_rate_limit(task_type, None)

    async def _lift_group_rate(self, group: str) -> None:
        self._session.settings.update(limits={"groups": {group: {"rate": None}}})
        self._session.scheduler.set_group_rate_limit(group, None)


def _group(name: str) -> str:
    return _tr("Group {0}").format(name)


def _tr(text: str) -> str:
    return QCoreApplication.translate("lifts", text)
