"""Who may start in the model: pauses, caps, rates, and who has to make room for whom."""

from __future__ import annotations

from tests.reliability.model_ends import Tasks
from tests.reliability.model_tasks import KINDS, Ask, Attempt, Bucket, Limits, Task

PREEMPT = 0
"""Tasks of this priority or more urgent interrupt less urgent ones."""

THROTTLE = ((192, 0.50), (128, 0.75))
"""Tasks of this priority, or less urgent, wait while the pressure is above this."""


class Gates(Tasks):
    """Tasks and what holds them. `now` is wall time in epoch seconds, `mono` monotonic seconds: set from outside."""

    def __init__(self, now: float) -> None:
        super().__init__()
        self.now = now
        self.mono = 0.0
        self.pressure = 0.0
        self.limits = Limits()
        self.pauses: dict[tuple[str, str], float | None] = {}
        """By ("scheduler", ""), ("domain", name) or ("group", name): until when."""
        self.away: set[str] = set()
        """The domains that have gone."""
        self.attempts: dict[int, Attempt] = {}
        self.chosen: dict[int, Attempt] = {}
        """They have slots, and start when the database says that they still may."""

    def is_held(self, ask: Ask) -> bool:
        """Does a pause hold its tasks, or is its domain away?"""
        return ask.domain in self.away or any(covers(scope, name, ask) for scope, name in self.pauses)

    def gates(self, ask: Ask, priority: int) -> dict[str, bool]:
        """The gates of what has this kind, group and priority, in order: is each open?"""
        limits, taken = self.limits, [*self.attempts.values(), *self.chosen.values()]
        in_domain = sum(KINDS[attempt.kind] == ask.domain for attempt in taken)
        in_group = sum(attempt.group == ask.group for attempt in taken)
        group_cap = None if ask.group is None else limits.groups.get(ask.group)
        type_rate = limits.rates.get(("type", ask.kind))
        group_rate = limits.rates.get(("group", ask.group or ""))
        return {
            "scheduler_paused": ("scheduler", "") not in self.pauses,
            "domain_paused": ("domain", ask.domain) not in self.pauses and ask.domain not in self.away,
            "group_paused": ("group", ask.group) not in self.pauses,
            "global_cap": len(taken) < limits.cap,
            "domain_cap": _has_room(in_domain, limits.domains[ask.domain]),
            "group_cap": _has_room(in_group, group_cap),
            "throttle": all(self.pressure <= most for least, most in THROTTLE if priority >= least),
            "rate_limit": type_rate is None or type_rate.is_open(self.mono),
            "group_rate_limit": group_rate is None or group_rate.is_open(self.mono),
        }

    def buckets(self, ask: Ask | Attempt) -> list[Bucket]:
        """The rate limits that a start counts for."""
        places = (("type", ask.kind), ("group", ask.group or ""))
        return [self.limits.rates[place] for place in places if place in self.limits.rates]

    def may_start(self, task: Task) -> bool:
        """Would it start if all yielded that may? Else it interrupts nobody."""
        caps = {
            "global_cap": self.limits.cap,
            "domain_cap": self.limits.domains[task.ask.domain],
            "group_cap": self.limits.groups.get(task.ask.group or ""),
        }
        for gate in (name for name, is_open in self.gates(task.ask, task.priority).items() if not is_open):
            if gate not in caps:
                return False
            taken = [*self.attempts.values(), *self.chosen.values()]
            sharing = [attempt for attempt in taken if _shares(gate, task.ask, attempt)]
            if sum(attempt.priority <= task.priority for attempt in sharing) >= (caps[gate] or 0):
                return False
        return True

    def make_room(self, gate: str, task: Task) -> None:
        """Interrupt the attempt that opens most of the full caps, the least urgent of those, one at a time."""
        sharing = [attempt for attempt in self.attempts.values() if _shares(gate, task.ask, attempt)]
        if any(self.stops.get(attempt.id) == "preempted" for attempt in sharing):
            return
        full = [
            n
            for n, is_open in self.gates(task.ask, task.priority).items()
            if n.endswith("_cap") and not is_open
        ]

        def rank(attempt: Attempt) -> tuple[int, int, int]:
            return sum(_shares(cap, task.ask, attempt) for cap in full), attempt.priority, attempt.id

        less = [a for a in sharing if a.priority > task.priority and a.id not in self.stops]
        if less:
            self.stops[max(less, key=rank).id] = "preempted"


def covers(scope: str, name: str, ask: Ask) -> bool:
    """Does a pause of this scope hold its tasks?"""
    return scope == "scheduler" or name == (ask.domain if scope == "domain" else ask.group)


def _shares(gate: str, ask: Ask, attempt: Attempt) -> bool:
    """Does an attempt take a slot of the cap that holds this back?"""
    if gate == "domain_cap":
        return KINDS[attempt.kind] == ask.domain
    return gate == "global_cap" or attempt.group == ask.group


def _has_room(taken: int, cap: int | None) -> bool:
    return cap is None or taken < cap
