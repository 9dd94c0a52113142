"""What is drawn for a step: submissions as they are wished for, and how attempts end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from scheduler_core import PermanentError, RetryableError, RetryPolicy
from tests.reliability.model import Model
from tests.reliability.model_tasks import KINDS, Ask, Outcome

picks = st.integers(0, 9)
seconds = st.integers(1, 8)
groups = st.sampled_from(["g", "h"])
endings = st.sampled_from(["complete", "retry", "fail", "retry in 3 s", "base exception", "not JSON"])

_OPTIONS: dict[str, st.SearchStrategy[Any]] = {
    "priority": st.sampled_from([64, 192, 0]),
    "group": groups,
    "job": st.sampled_from(["1", "2"]),
    "run_after": seconds,
    "depends_on": st.lists(picks, min_size=1, max_size=2),
    "policy": st.sampled_from(["fail", "ignore"]),
    "parent": picks,
    "ttl": seconds,
    "ttl_from_attempt": seconds,
    "retry": st.tuples(st.integers(0, 1), st.sampled_from([0, 2])),
    "fail_fast": st.just(False),
    "on_duplicate": st.sampled_from(["supersede", "reject"]),
}


@dataclass(frozen=True)
class Wish:
    """A submission as it is drawn: which of the tasks that there are is meant is only known when it is made."""

    kind: str
    keys: tuple[str | None, ...]
    options: tuple[tuple[str, Any], ...]

    def __repr__(self) -> str:
        options = "".join(f", {name}={value!r}" for name, value in self.options)
        return f"Wish({self.kind}, {self.keys}{options})"


@st.composite
def wishes(draw: st.DrawFn, most: int = 1) -> Wish:
    """Any submission, of so many tasks at most."""
    kind = draw(st.sampled_from(list(KINDS)))
    keys = draw(st.lists(st.sampled_from([None, None, "a", "b", "c"]), min_size=min(2, most), max_size=most))
    names = draw(st.lists(st.sampled_from(list(_OPTIONS)), max_size=4, unique=True))
    return Wish(kind, tuple(keys), tuple((name, draw(_OPTIONS[name])) for name in sorted(names)))


def resolve(  # noqa: C901 - one option after the other
    wish: Wish, parent: int | None, model: Model
) -> tuple[dict[str, Any], Ask]:
    """The options for the real scheduler, and what they come to."""
    now = model.now
    options: dict[str, Any] = {}
    fields: dict[str, Any] = {"kind": wish.kind, "key": "", "parent": parent}
    for name, value in wish.options:
        match name:
            case "depends_on":
                ids = sorted({*model.tasks, *list(model.ended)[-5:], 9_999}, reverse=True)
                ids = [*ids[1:], 9_999]
                options[name] = fields["deps"] = tuple(dict.fromkeys(ids[n % len(ids)] for n in value))
            case "parent":
                if parent is None and model.tasks:
                    options[name] = fields[name] = newest(model, value)
            case "job":
                options["tags"], fields["tags"] = {"job": value}, (("job", value),)
            case "run_after":
                options[name], fields["due"] = value, now + value
            case "policy":
                options["on_dependency_failure"] = fields[name] = value
            case "ttl":
                options[name], fields["expires"] = value, now + value
            case "ttl_from_attempt":
                options.update(ttl=value, ttl_from="first_attempt")
                fields.update(ttl=float(value), expires=None)
            case "retry":
                options[name] = RetryPolicy.constant(*value)
                fields.update(retries=value[0], delay=float(value[1]))
            case _:
                options[name] = fields[name] = value
    return options, Ask(**fields)


def newest(model: Model, pick: int) -> int:
    """One of the active tasks, counted from the newest."""
    ids = sorted(model.tasks, reverse=True)
    return ids[pick % len(ids)]


OUTCOMES = {
    "complete": Outcome("complete"),
    "retry": Outcome("retry", "again"),
    "retry in 3 s": Outcome("retry", "later", 3.0),
    "fail": Outcome("fail", "never"),
    "base exception": Outcome("fail", "KeyboardInterrupt"),
    "not JSON": Outcome("fail", "not JSON"),
}
VALUES = {"complete": {"done": 1}, "not JSON": object()}
"""What an executor returns that ends so."""


def error_of(how: str) -> BaseException | None:
    """What an executor raises that ends so."""
    match how:
        case "retry":
            return RetryableError("again")
        case "retry in 3 s":
            return RetryableError("later", retry_after=3)
        case "fail":
            return PermanentError("never")
        case "base exception":
            return KeyboardInterrupt("stop")
        case _:
            return None
