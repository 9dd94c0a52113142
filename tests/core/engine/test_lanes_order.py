"""The lanes against a sorted list: the same choices in the same order, whatever opens, closes, arrives or is refilled."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings, strategies as st

from scheduler_core.engine import lanes as lanes_module
from scheduler_core.model.limits import RateLimit
from scheduler_core.model.snapshot import Resources
from scheduler_core.model.throttle import AgingConfig, ThrottlePolicy
from scheduler_core.policy.rate_limit import TokenBucket
from scheduler_core.policy.state import DispatchState, Slots
from tests.core.engine.lanes_bench import AGING, ALL_KEYS, Bench

FASTER = AGING.evolve(grace_period=2, aging_interval=1)
Step = tuple[str, int, int]
KINDS = {
    "add": 30,
    "take": 30,
    "end": 25,
    "gone": 6,
    "raise": 6,
    "cap": 4,
    "pause": 4,
    "answer": 4,
    "fail": 3,
}
MORE = {"pressure": 6, "machine": 6, "rate": 5, "time": 12, "weight": 4, "minimum": 3, "aging": 5}


def _walk(seed: int) -> list[Step]:
    """Seventy random steps: hypothesis alone makes lists that are too tame to meet two gates at once."""
    draw = random.Random(seed)
    return [_step(draw, KINDS) for _ in range(70)]


def _long_walk(seed: int) -> list[Step]:
    """The same with every gate there is, aging and shares."""
    draw = random.Random(seed)
    return [_step(draw, KINDS | MORE) for _ in range(90)]


def _step(draw: random.Random, kinds: dict[str, int]) -> Step:
    kind = draw.choices(list(kinds), list(kinds.values()))[0]
    match kind:
        case "add":
            return (kind, draw.randrange(len(ALL_KEYS)), draw.randrange(10))
        case "take":
            return (kind, draw.choice([1, 2, 99]), 0)
        case "cap":
            return (kind, draw.randrange(5), draw.choice([-1, 0, 1, 2]))
        case "pause":
            return (kind, draw.randrange(5), draw.choice([0, 0, 1]))
        case "weight" | "minimum":
            return (kind, draw.randrange(3), draw.choice([0, 1, 2, 5]))
        case _:
            return (kind, draw.randrange(10), draw.randrange(10))


seeds = st.integers(0, 2**32 - 1)


@settings(max_examples=300)
@given(steps=seeds.map(_walk))
def test_lanes_choose_what_a_sorted_list_would(steps: Sequence[Step]) -> None:
    _drive(steps, step=99)


@settings(max_examples=300)
@given(steps=seeds.map(_walk))
def test_lanes_with_a_tiny_window_choose_what_a_sorted_list_would(
    steps: Sequence[Step],
) -> None:
    """Windows are trimmed and filled all the time, each page before the next choice."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lanes_module, "WINDOW", 4)
        patch.setattr(lanes_module, "LOW_WATER", 2)
        _drive(steps, step=1)


@settings(max_examples=300)
@given(steps=seeds.map(_walk))
def test_lanes_whose_windows_become_smaller_choose_what_a_sorted_list_would(
    steps: Sequence[Step],
) -> None:
    """The more lanes there are, the smaller is the window of each, also of those that are full."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lanes_module, "WINDOW", 8)
        patch.setattr(lanes_module, "LOW_WATER", 4)
        patch.setattr(lanes_module, "MOST_LOADED", 16)
        patch.setattr(lanes_module, "LEAST_WINDOW", 2)
        _drive(steps, step=1)


@settings(max_examples=300)
@given(steps=seeds.map(_long_walk), ages=st.booleans())
def test_with_every_gate_aging_and_shares_lanes_choose_what_a_sorted_list_would(
    steps: Sequence[Step], ages: bool
) -> None:
    _drive(steps, step=99, aging=AGING if ages else None)


@settings(max_examples=300)
@given(steps=seeds.map(_long_walk), ages=st.booleans())
def test_however_aging_is_changed_lanes_with_a_tiny_window_choose_what_a_sorted_list_would(
    steps: Sequence[Step], ages: bool
) -> None:
    """Not with shares: who is next depends on how many want, and a window knows no more than it holds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lanes_module, "WINDOW", 4)
        patch.setattr(lanes_module, "LOW_WATER", 2)
        kept = [one for one in steps if one[0] not in {"weight", "minimum"}]
        _drive(kept, step=1, aging=AGING if ages else None)


def _drive(steps: Sequence[Step], step: int, aging: AgingConfig | None = None) -> None:
    state = DispatchState(
        3, domains={"a": Slots(cap=1), "b": Slots()}, throttle=ThrottlePolicy([(7, 0.3), (4, 0.6)])
    )
    bench = Bench(state, aging)
    ids = 0
    running: list[int] = []
    for kind, which, value in steps:
        match kind:
            case "add":
                ids += 1
                bench.add(which, value, ids)
            case "take":
                bench.sharing.refresh()
                expected = bench.expected(which)
                chosen = _take_by(bench, which, step)
                assert chosen == expected
                running += chosen
            case "end" if running:
                bench.give_back(running.pop(which % len(running)))
            case "cap":
                _set_cap(bench, which, None if value < 0 else value)
            case "pause":
                _set_pause(bench, which, bool(value))
            case "answer" if bench.asked:
                bench.answer(which % len(bench.asked))
            case "fail" if bench.asked:
                lane, priority, _, _ = bench.asked.pop(which % len(bench.asked))
                bench.lanes.refill_failed(lane, priority)
                bench.lanes.load([(lane, priority)])
            case "gone" | "raise":
                _change_task(bench, kind, which, value)
            case _:
                _change_machine(bench, kind, which, value)
    _drain(bench, step)


def _change_task(bench: Bench, kind: str, which: int, value: int) -> None:
    if not bench.stored:
        return
    place = sorted(bench.stored)[which * value % len(bench.stored)]
    if kind == "gone":
        bench.gone(place)
    else:
        bench.raise_to(place, value)


def _change_machine(bench: Bench, kind: str, which: int, value: int) -> None:
    state = bench.state
    match kind:
        case "pressure":
            state.pressure = value / 10
        case "machine":
            state.resources = None if value == 0 else Resources(disk_read=100.0 * value)
        case "rate":
            name = ("a::x", "b::y")[which % 2]
            if value < 3:
                state.type_rates.pop(name, None)
            else:
                state.type_rates[name] = TokenBucket(
                    RateLimit(rate=0.2, burst=value), bench.clock.monotonic()
                )
        case "weight":
            bench.sharing.set_weight(("", "g", "h")[which], value or None)
        case "minimum":
            bench.sharing.set_minimum(("", "g", "h")[which], value or None)
        case "aging":
            bench.age((None, AGING, FASTER)[which % 3])
        case "time":
            bench.clock.advance(which)
        case _:
            return
    bench.wake_all("throttle")
    bench.wake_all("io")
    bench.wake_all("type rate")


def _take_by(bench: Bench, most: int, step: int) -> list[int]:
    taken: list[int] = []
    while len(taken) < most:
        bench.answer_all()
        some = bench.take(min(step, most - len(taken)))
        if not some:
            break
        taken += some
    return taken


def _drain(bench: Bench, step: int) -> None:
    """Everything opens: all that is left starts, in order, each once."""
    for place in range(5):
        _set_cap(bench, place, None)
        _set_pause(bench, place, False)
    bench.state.max_concurrency = 1_000_000
    bench.state.pressure, bench.state.resources = 0.0, None
    bench.state.type_rates.clear()
    for scope in ("throttle", "io", "type rate"):
        bench.wake_all(scope)
    left = {task_id for _, task_id, _ in bench.stored}
    bench.sharing.refresh()
    expected = bench.expected()
    taken = _take_by(bench, 1_000_000, step)
    assert taken == expected
    assert sorted(taken) == sorted(left)


_PLACES = [("scheduler", ""), ("domain", "a"), ("domain", "b"), ("group", "g"), ("group", "h")]


def _set_cap(bench: Bench, place: int, cap: int | None) -> None:
    scope, name = _PLACES[place]
    if scope == "scheduler":
        bench.state.max_concurrency = 3 if cap is None else cap
        return
    slots = bench.state.domain(name) if scope == "domain" else bench.state.group(name)
    slots.cap = cap
    bench.wake("domain" if scope == "domain" else "group", name)


def _set_pause(bench: Bench, place: int, paused: bool) -> None:
    scope, name = _PLACES[place]
    if scope == "scheduler":
        bench.state.paused = paused
        return
    slots = bench.state.domain(name) if scope == "domain" else bench.state.group(name)
    slots.paused = paused
    if not paused:
        bench.wake("domain" if scope == "domain" else "group", name)
