"""Every default of every layer, in every combination: the most specific layer that sets it wins."""

from __future__ import annotations

from itertools import combinations
from typing import Any, ClassVar, NamedTuple

import pytest

from scheduler_core import (
    Domain,
    IoBudget,
    RecurringSchedule,
    RetryPolicy,
    SchedulerConfig,
    TaskTypeConfig,
    TypedTask,
)
from scheduler_core.domain.resolve import Resolver
from scheduler_core.testing import START
from tests.core.support import Alpha

CALL, TYPE, DOMAIN, SCHEDULER = LAYERS = ("call", "type", "domain", "scheduler")


class Default(NamedTuple):
    """How an option shows in a submission, what each layer sets it to, and what is built in."""

    shown: Any
    values: dict[str, Any]
    built_in: Any = None


DEFAULTS = {
    "priority": Default(lambda s: s.priority, {CALL: 0, TYPE: 2, DOMAIN: 3}, 128),
    "group": Default(lambda s: s.group, {CALL: "c", TYPE: "t", DOMAIN: "d"}),
    "retry": Default(
        lambda s: RetryPolicy.constant(s.max_retries),
        {layer: RetryPolicy.constant(n) for n, layer in zip((0, 7, 8, 9), LAYERS, strict=True)},
        RetryPolicy.constant(3),
    ),
    "ttl": Default(
        lambda s: None if s.expires_at is None else s.expires_at - START,
        {CALL: 0.0, TYPE: 2.0, DOMAIN: 3.0, SCHEDULER: 4.0},
    ),
    "ttl_from": Default(
        lambda s: "first_attempt" if s.ttl is not None else "submission",
        {CALL: "submission", TYPE: "first_attempt"},
        "submission",
    ),
    "run_after": Default(lambda s: None if s.due_at is None else s.due_at - START, {CALL: 0.0, TYPE: 2.0}),
    "expected_io": Default(
        lambda s: None if s.expected_io is None else IoBudget.model_validate_json(s.expected_io),
        {CALL: IoBudget(net_rx=1), TYPE: IoBudget(net_rx=2)},
    ),
    "on_duplicate": Default(lambda s: s.on_duplicate, {CALL: "reject", TYPE: "supersede"}, "skip"),
    "recurring": Default(
        lambda s: None if s.recurring is None else RecurringSchedule.model_validate_json(s.recurring),
        {CALL: RecurringSchedule(every=60), TYPE: RecurringSchedule.cron("0 3 * * *")},
    ),
    "fail_fast": Default(lambda s: s.fail_fast, {CALL: True, TYPE: False}, True),
}
CASES = [
    (option, layers)
    for option, default in DEFAULTS.items()
    for n in range(len(default.values) + 1)
    for layers in combinations(default.values, n)
]


@pytest.mark.parametrize(("option", "layers"), CASES)
def test_the_most_specific_layer_that_sets_it_wins(option: str, layers: tuple[str, ...]) -> None:
    default = DEFAULTS[option]
    of_call, of_type, of_domain, of_scheduler = (
        {option: default.values[layer]} if layer in layers else {} for layer in LAYERS
    )
    always = {"ttl": 5.0} if option == "ttl_from" else {}

    class Task(TypedTask[Alpha]):
        task_type: ClassVar[str] = "task"
        type_config: ClassVar[TaskTypeConfig] = TaskTypeConfig(**of_type)

    async def run(task: Task, ctx: object) -> None: ...

    domain = Domain(Alpha, **{f"default_{name}": value for name, value in of_domain.items()})
    domain.executor(Task)(run)
    config = SchedulerConfig(**{f"default_{name}": value for name, value in of_scheduler.items()})
    submission = Resolver(domain, config, lambda: START).resolve(Task(), {**always, **of_call})  # type: ignore[typeddict-item]
    assert default.shown(submission) == (default.values[layers[0]] if layers else default.built_in)


def test_every_default_is_looked_at() -> None:
    """A field that is added to the layers is added here."""
    of_layers = {
        *TaskTypeConfig.model_fields,
        *(name.removeprefix("default_") for name in ("default_retry", "default_ttl")),
    }
    assert of_layers == DEFAULTS.keys()


@pytest.mark.parametrize("layers", [layers for n in range(4) for layers in combinations((0, 1, 2), n)])
def test_tags_of_all_layers_merge_the_most_specific_winning(layers: tuple[int, ...]) -> None:
    of_call, of_task, of_domain = (
        {"all": name, name: "1"} if place in layers else {} for place, name in enumerate("ctd")
    )

    class Task(TypedTask[Alpha]):
        task_type: ClassVar[str] = "task"

        def default_tags(self) -> dict[str, str]:
            return of_task

    async def run(task: Task, ctx: object) -> None: ...

    domain = Domain(Alpha, default_tags=of_domain)
    domain.executor(Task)(run)
    submission = Resolver(domain, SchedulerConfig(), lambda: START).resolve(Task(), {"tags": of_call})
    assert submission.tags == {**of_domain, **of_task, **of_call}
