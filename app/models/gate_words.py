"""What each gate says to a person: why it holds a task, what it lets through, and what its button does.

Made from the gate's name and numbers, never from the core's own sentence: that one is for programs without a window, and in
one language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QCoreApplication

from app.language import said
from app.models.domain_looks import Looks, look_of, type_name
from app.models.wording import bytes_text, decimal_text, duration_text, moment_text, number_text, percent_text
from scheduler_core import GateResult, Lift


@dataclass(frozen=True)
class Subject:
    """The task that is held, as far as the sentences need it."""

    domain: str
    task_type: str
    group: str
    looks: Looks
    now: datetime
    retries: int = 0

    @property
    def title(self) -> str:
        """What its domain is called."""
        return look_of(self.looks, self.domain).title


Words = Callable[[GateResult, Subject], str]


def gate_title(gate: GateResult, task: Subject) -> str:
    """What the gate looks at, in a few words."""
    titles: dict[str, str] = {
        "dependencies": _tr("Other tasks"),
        "children": _tr("Child tasks"),
        "schedule_paused": _tr("Schedule"),
        "scheduler_paused": _tr("Pause of everything"),
        "domain_paused": _tr("Pause of {0}").format(task.title),
        "group_paused": _tr("Pause of its group"),
        "run_at": _tr("Time"),
        "global_cap": _tr("Limit over all domains"),
        "domain_cap": _tr("Limit of {0}").format(task.title),
        "group_cap": _tr("Limit of its group"),
        "throttle": _tr("Busy machine"),
        "io_budget": _tr("Disk and network"),
        "rate_limit": _tr("Starts of its type"),
        "group_rate_limit": _tr("Starts of its group"),
    }
    return titles.get(gate.name, gate.name)


def gate_sentence(gate: GateResult, task: Subject) -> str:
    """Why it holds the task, or why it does not, in one sentence with numbers."""
    words = (_PASSED if gate.passed else _CLOSED).get(gate.name)
    return said(gate.message) if words is None else words(gate, task)


def lift_text(lift: Lift, gate: str, task: Subject) -> str:
    """What the button says that lifts a gate."""
    match lift.order:
        case "resume_all":
            return _tr("Resume all")
        case "resume":
            return _tr("Resume {0}").format(look_of(task.looks, lift.domain or "").title)
        case "resume_group":
            return _tr("Resume group {0}").format(lift.target)
        case "resume_recurring":
            return _tr("Resume its schedule")
        case "start_now":
            return _tr("Try again now") if task.retries else _tr("Start now")
        case "set_max_concurrency" | "set_group_limit":
            return _tr("Raise limit to {0}").format(number_text(lift.value or 0))
        case "set_rate_limit" | "set_group_rate_limit":
            return _tr("Lift this limit")
        case _:
            return _tr("Run anyway")


def lift_help(lift: Lift) -> str:
    """What else that does, in one sentence; empty where the button says it all."""
    match lift.order:
        case "set_priority":
            return _tr("Makes this task so urgent that it does not wait for the machine.")
        case "ignore_io":
            return _tr("Lets this task start whatever it moves.")
        case "set_rate_limit":
            return _tr("Tasks of this type start as often as they like. It is kept; the settings have it.")
        case "set_group_rate_limit":
            return _tr("Tasks of this group start as often as they like. It is kept; its settings have it.")
        case "set_max_concurrency" | "set_group_limit":
            return _tr("The new limit is kept; the settings have it.")
        case _:
            return ""


def instant_text(moment: datetime, now: datetime) -> str:
    """When something will be: to the second within the next hour, else to the minute, with the day."""
    local = moment.astimezone()
    is_near = abs((moment - now).total_seconds()) < 3600 and local.date() == now.astimezone().date()
    return f"{local:%H:%M:%S}" if is_near else moment_text(moment, now)


def rate_text(rate: float) -> str:
    """Starts a second, as a person counts them."""
    if rate >= 1.0:
        return _tr("{0} a second").format(decimal_text(rate))
    if rate * 60 >= 1.0:
        return _tr("{0} a minute").format(decimal_text(rate * 60))
    return _tr("{0} an hour").format(decimal_text(rate * 3600))


# Closed


def _scheduler_paused(gate: GateResult, task: Subject) -> str:
    end = _end(gate, task)
    return _tr("Everything is paused until {0}.").format(end) if end else _tr("Everything is paused.")


def _domain_paused(gate: GateResult, task: Subject) -> str:
    if gate.lift is None:
        return _tr("{0} is not there: its plugin is missing, switched off or broken.").format(task.title)
    end = _end(gate, task)
    return (
        _tr("{0} is paused until {1}.").format(task.title, end)
        if end
        else _tr("{0} is paused.").format(task.title)
    )


def _group_paused(gate: GateResult, task: Subject) -> str:
    end = _end(gate, task)
    return (
        _tr("Group {0} is paused until {1}.").format(task.group, end)
        if end
        else _tr("Group {0} is paused.").format(task.group)
    )


def _run_at(gate: GateResult, task: Subject) -> str:
    at = gate.values.get("run_at")
    when = "" if at is None else instant_text(datetime.fromisoformat(at), task.now)
    if task.retries:
        return _tr("It failed, and is tried again at {0}.").format(when)
    return _tr("It is not due before {0}.").format(when)


def _global_cap(gate: GateResult, _: Subject) -> str:
    running, cap = _slots(gate)
    if cap == 0:
        return _tr("The limit over all domains is 0, so nothing starts.")
    if running > cap:
        return _tr("{0} tasks run, and the limit over all domains is {1}.").format(*_numbers(running, cap))
    if cap == 1:
        return _tr("The only slot over all domains is taken.")
    return _tr("All {0} slots over all domains are taken.").format(number_text(cap))


def _domain_cap(gate: GateResult, task: Subject) -> str:
    running, cap = _slots(gate)
    if cap == 0:
        return _tr("The limit of {0} is 0, so nothing of it starts.").format(task.title)
    if running > cap:
        return _tr("{0} tasks of {2} run, and its limit is {1}.").format(*_numbers(running, cap), task.title)
    if cap == 1:
        return _tr("The only slot of {0} is taken.").format(task.title)
    return _tr("All {0} slots of {1} are taken.").format(number_text(cap), task.title)


def _group_cap(gate: GateResult, task: Subject) -> str:
    running, cap = _slots(gate)
    if cap == 0:
        return _tr("The limit of group {0} is 0, so nothing of it starts.").format(task.group)
    if running > cap:
        return _tr("{0} tasks of group {2} run, and its limit is {1}.").format(
            *_numbers(running, cap), task.group
        )
    if cap == 1:
        return _tr("The only slot of group {0} is taken.").format(task.group)
    return _tr("All {0} slots of group {1} are taken.").format(number_text(cap), task.group)


def _throttle(gate: GateResult, _: Subject) -> str:
    values = gate.values
    return _tr("The machine is {0} busy; tasks of priority {1} wait until it is at {2} or below.").format(
        percent_text(values["pressure"]), values["priority"], percent_text(values["limit"])
    )


def _io_budget(gate: GateResult, _: Subject) -> str:
    expected, allowed = bytes_text(gate.values["expected"]), bytes_text(gate.values["allowed"])
    match gate.values["direction"]:
        case "disk_read":
            words = _tr("With it {0} would be read from disk at once, and the machine has room for {1}.")
        case "disk_write":
            words = _tr("With it {0} would be written to disk at once, and the machine has room for {1}.")
        case "net_rx":
            words = _tr("With it {0} would be received at once, and the network has room for {1}.")
        case _:
            words = _tr("With it {0} would be sent at once, and the network has room for {1}.")
    return words.format(expected, allowed)


def _rate_limit(gate: GateResult, task: Subject) -> str:
    return _tr("Only {0} of {1} may start; the next one in {2}.").format(
        rate_text(gate.values["rate"]), type_name(task.task_type), _wait(gate)
    )


def _group_rate_limit(gate: GateResult, task: Subject) -> str:
    return _tr("Only {0} of group {1} may start; the next one in {2}.").format(
        rate_text(gate.values["rate"]), task.group, _wait(gate)
    )


def _dependencies(gate: GateResult, _: Subject) -> str:
    if gate.values.get("failed"):
        return _tr("It waits for a task that has failed. Retry that one, or cancel this one.")
    count = len(gate.values.get("depends_on", ()))
    if count == 1:
        return _tr("It waits for another task.")
    return _tr("It waits for {0} other tasks.").format(number_text(count))


def _children(gate: GateResult, _: Subject) -> str:
    count = int(gate.values.get("children", 1))
    if count == 1:
        return _tr("Its own work is done; it waits for one child task.")
    return _tr("Its own work is done; it waits for {0} child tasks.").format(number_text(count))


_CLOSED: Mapping[str, Words] = {
    "dependencies": _dependencies,
    "children": _children,
    "schedule_paused": lambda _gate, _task: _tr("Its schedule is paused."),
    "scheduler_paused": _scheduler_paused,
    "domain_paused": _domain_paused,
    "group_paused": _group_paused,
    "run_at": _run_at,
    "global_cap": _global_cap,
    "domain_cap": _domain_cap,
    "group_cap": _group_cap,
    "throttle": _throttle,
    "io_budget": _io_budget,
    "rate_limit": _rate_limit,
    "group_rate_limit": _group_rate_limit,
}

# Passed


def _slots_free(gate: GateResult, _: Subject) -> str:
    running, cap = gate.values.get("running"), gate.values.get("max_concurrency")
    if running is None:
        return _tr("It belongs to no group.")
    if cap is None:
        return _tr("{0} running, and no limit.").format(number_text(running))
    return _tr("{0} of {1} slots taken.").format(*_numbers(running, cap))


def _calm(gate: GateResult, _: Subject) -> str:
    pressure, limit = gate.values.get("pressure", 0.0), gate.values.get("limit")
    if limit is None:
        return _tr("The machine is {0} busy; it does not wait for that.").format(percent_text(pressure))
    return _tr("The machine is {0} busy; it waits above {1}.").format(
        percent_text(pressure), percent_text(limit)
    )


def _rate_open(gate: GateResult, _: Subject) -> str:
    if not gate.values:
        return _tr("There is no such limit.")
    return _tr("{0} may start, and one can now.").format(rate_text(gate.values["rate"]))


def _group_running(_gate: GateResult, task: Subject) -> str:
    return (
        _tr("Group {0} is not paused.").format(task.group) if task.group else _tr("It belongs to no group.")
    )


_PASSED: Mapping[str, Words] = {
    "scheduler_paused": lambda _gate, _task: _tr("Not everything is paused."),
    "domain_paused": lambda _gate, task: _tr("{0} is on.").format(task.title),
    "group_paused": _group_running,
    "run_at": lambda _gate, _task: _tr("Its time has come."),
    "global_cap": _slots_free,
    "domain_cap": _slots_free,
    "group_cap": _slots_free,
    "throttle": _calm,
    "io_budget": lambda _gate, _task: _tr("There is room for what it moves."),
    "rate_limit": _rate_open,
    "group_rate_limit": _rate_open,
}


def _slots(gate: GateResult) -> tuple[int, int]:
    values: Mapping[str, Any] = gate.values
    return values.get("running") or 0, values.get("max_concurrency") or 0


def _numbers(*numbers: int) -> tuple[str, ...]:
    return tuple(number_text(number) for number in numbers)


def _wait(gate: GateResult) -> str:
    wait_s = float(gate.values["wait"])
    return _tr("{0} ms").format(max(1, round(wait_s * 1000))) if wait_s < 1 else duration_text(wait_s)


def _end(gate: GateResult, task: Subject) -> str:
    """When a pause ends by itself; empty when it does not."""
    until = gate.values.get("until")
    return "" if until is None else instant_text(datetime.fromisoformat(until), task.now)


def _tr(text: str) -> str:
    return QCoreApplication.translate("gates", text)
