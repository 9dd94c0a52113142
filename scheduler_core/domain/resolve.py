"""From a task and what its caller asked for to a submission: the layers of defaults, most specific first.

call > task type > domain > scheduler > built-in. Tags merge over the layers, the most specific winning.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NoReturn, TypedDict, TypeVar, cast

from pydantic_core import PydanticSerializationError

from scheduler_core.clock import from_datetime
from scheduler_core.domain.domain import Domain, checked_group, checked_priority
from scheduler_core.errors import (
    ConfigurationError,
    InvalidTaskError,
    UnknownDomainError,
    UnknownTaskTypeError,
    WrongDomainError,
    WrongTypeError,
)
from scheduler_core.model.base import member, seconds
from scheduler_core.model.config import SchedulerConfig
from scheduler_core.model.retry import DEFAULT_RETRY, RetryPolicy
from scheduler_core.model.schedule import RecurringSchedule
from scheduler_core.model.submission import (
    MAX_NAME,
    Submission,
    checked_ids,
    checked_payload,
    checked_tags,
    checked_text,
    stored_key,
)
from scheduler_core.model.task import DependencyFailurePolicy, DuplicateStrategy, IoBudget, TtlFrom
from scheduler_core.model.typed import TaskTypeConfig, TypedTask
from scheduler_core.policy.recurrence import END_OF_CALENDAR, first_time

T = TypeVar("T")


class SubmitOptions(TypedDict, total=False):
    """What a caller may say about one submission; None is as good as left out."""

    priority: int | None
    key: str | None
    label: str | None
    tags: Mapping[str, str] | None
    group: str | None
    ttl: float | timedelta | None
    ttl_from: TtlFrom | str | None
    run_after: float | timedelta | None
    run_at: datetime | None
    depends_on: Sequence[int]
    on_dependency_failure: DependencyFailurePolicy | str | None
    parent: int | None
    fail_fast: bool | None
    recurring: RecurringSchedule | None
    retry: RetryPolicy | None
    expected_io: IoBudget | None
    on_duplicate: DuplicateStrategy | str | None


_OPTIONS = frozenset(SubmitOptions.__annotations__)
_TAGS_ALONE = {"tags"}


class Absent:
    """In place of a resolver while the domain is not there: it refuses."""

    def __init__(self, name: str) -> None:
        self._name = name

    def resolve(self, task: TypedTask[Any], options: SubmitOptions) -> Submission:
        """Raises `UnknownDomainError`."""
        self.refuse()

    def refuse(self) -> NoReturn:
        """Raises `UnknownDomainError`."""
        raise UnknownDomainError(
            f"domain {self._name!r}", "it was removed from the scheduler", "Add it again first."
        )

    def alike(self, options: SubmitOptions) -> Callable[[TypedTask[Any]], Submission]:
        """Resolves none."""
        return lambda task: self.resolve(task, options)


class Resolver:
    """Resolves the tasks of one domain. `config` is the scheduler's, `now` wall time in epoch seconds."""

    def __init__(self, domain: Domain[Any], config: SchedulerConfig, now: Callable[[], float]) -> None:
        self._domain = domain
        self._config = config
        self._now = now
        self._retry_texts: dict[RetryPolicy, str] = {}
        self._plain: dict[type[TypedTask[Any]], tuple[object, Submission]] = {}
        """A submission of each type without options, by which its next ones are cut, and what defaults it was made by."""

    def resolve(self, task: TypedTask[Any], options: SubmitOptions) -> Submission:
        """The submission. Raises `WrongDomainError`, `UnknownTaskTypeError` or `InvalidTaskError`; nothing is stored."""
        if options and options.keys() != _TAGS_ALONE:
            return self._resolve(task, options)
        known, defaults = self._plain.get(type(task)), self._defaults()
        if known is not None and known[0] == defaults:
            return self._like(known[1], task, options.get("tags"))
        submission = self._resolve(task, options)
        if _is_timeless(submission):
            self._plain[type(task)] = defaults, submission
        return submission

    def alike(self, options: SubmitOptions) -> Callable[[TypedTask[Any]], Submission]:
        """Resolves many tasks with the same options: each but the first of its type is cut from that one."""
        if options.get("key") is not None or options.get("label"):
            return lambda task: self._resolve(task, options)
        firsts: dict[type[TypedTask[Any]], Submission] = {}
        tags = options.get("tags")

        def resolve(task: TypedTask[Any]) -> Submission:
            first = firsts.get(type(task))
            if first is not None:
                return self._like(first, task, tags)
            submission = self._resolve(task, options)
            if _is_timeless(submission):
                firsts[type(task)] = submission
            return submission

        return resolve

    def _defaults(self) -> object:
        domain = self._domain
        return domain.default_priority, domain.default_group, domain.default_retry, domain.default_ttl

    def _like(
        self, other: Submission, task: TypedTask[Any], asked_tags: Mapping[str, str] | None
    ) -> Submission:
        """The submission of a task of which only its own fields are new."""
        kind = type(task)
        qualified = kind.qualified_type
        payload = checked_payload(qualified, _payload(task))
        key = stored_key(qualified, task.dedup_key(), payload)
        label = checked_text(task.display_label() or kind.task_type, f"label of {qualified}", MAX_NAME)
        if not (asked_tags is None or isinstance(cast("Any", asked_tags), dict)):
            _of(Mapping, asked_tags, f"tags of {qualified}")
        tags = self._tags(task, asked_tags)
        return Submission._make((*other[:3], key, label, other.priority, payload, tags, *other[8:]))

    def _resolve(self, task: TypedTask[Any], options: SubmitOptions) -> Submission:
        kind = type(task)
        if not options.keys() <= _OPTIONS:
            unknown = ", ".join(sorted(options.keys() - _OPTIONS))
            raise WrongTypeError("submit", f"it got an unknown option: {unknown}", "See its arguments.")
        self._check(task)
        qualified = kind.qualified_type
        config = kind.type_config
        payload = checked_payload(qualified, _payload(task))
        key = options.get("key")
        label = options.get("label") or task.display_label() or kind.task_type
        retry = (
            _of(RetryPolicy, options.get("retry"), f"retry of {qualified}")
            or config.retry
            or self._domain.default_retry
            or self._config.default_retry
        )
        policy = retry or DEFAULT_RETRY
        expected_io = (
            _of(IoBudget, options.get("expected_io"), f"expected_io of {qualified}") or config.expected_io
        )
        recurring = _recurring(options, config, qualified)
        due_at = self._due_at(options, config, recurring, qualified)
        # An occurrence lives from when it is due on, the first one like those that follow.
        ttl, expires_at = self._ttl(options, config, due_at if recurring else None, qualified)
        try:
            return Submission(
                domain=self._domain.name,
                task_type=qualified,
                group=checked_group(
                    _first(options.get("group"), config.group, self._domain.default_group),
                    f"group of {qualified}",
                ),
                key=stored_key(qualified, key if key is not None else task.dedup_key(), payload),
                label=checked_text(label, f"label of {qualified}", MAX_NAME),
                priority=self._priority(options.get("priority"), config.priority, qualified),
                payload=payload,
                tags=self._tags(task, _of(Mapping, options.get("tags"), f"tags of {qualified}")),
                retry=None if retry is None else self._retry_text(policy),
                max_retries=policy.max_retries,
                due_at=due_at,
                parent_id=_parent_id(options.get("parent"), qualified),
                fail_fast=_first(
                    _of(bool, options.get("fail_fast"), f"fail_fast of {qualified}"), config.fail_fast, True
                ),
                depends_on=checked_ids(options.get("depends_on") or (), f"depends_on of {qualified}"),
                on_dependency_failure=member(
                    DependencyFailurePolicy,
                    options.get("on_dependency_failure") or DependencyFailurePolicy.CANCEL,
                    f"on_dependency_failure of {qualified}",
                ),
                on_duplicate=member(
                    DuplicateStrategy,
                    options.get("on_duplicate") or config.on_duplicate or DuplicateStrategy.SKIP,
                    f"on_duplicate of {qualified}",
                ),
                expected_io=None if expected_io is None else expected_io.model_dump_json(),
                io="" if expected_io is None else expected_io.lane_text(),
                ttl=ttl,
                expires_at=expires_at,
                recurring=None if recurring is None else recurring.model_dump_json(exclude_defaults=True),
            )
        except ConfigurationError as error:
            raise InvalidTaskError(error.thing, error.reason, error.remedy) from error

    def _check(self, task: TypedTask[Any]) -> None:
        if not isinstance(cast("Any", task), TypedTask):
            raise WrongDomainError(f"{task!r}", "it is no task", "Pass an instance of a TypedTask.")
        kind = type(task)
        if kind.domain_key.name != self._domain.name:
            raise WrongDomainError(
                f"task {kind.qualified_type}",
                f"it belongs to domain {kind.domain_key.name!r}, not {self._domain.name!r}",
                f"Submit it to scheduler.domain({kind.domain_key.name!r}).",
            )
        if kind.qualified_type not in self._domain.registrations:
            raise UnknownTaskTypeError(
                f"task {kind.qualified_type}",
                "its domain has no executor for it",
                f"Register one with @domain.executor({kind.__name__}).",
            )

    def _priority(self, asked: int | None, configured: int | None, qualified: str) -> int:
        return checked_priority(
            _first(asked, configured, self._domain.default_priority), f"priority of {qualified}"
        )

    def _tags(self, task: TypedTask[Any], asked: Mapping[str, str] | None) -> Mapping[str, str]:
        layers = (self._domain.default_tags, task.default_tags(), asked)
        filled = [layer for layer in layers if layer]
        if not filled:
            return {}
        merged = (
            filled[0]
            if len(filled) == 1
            else {key: value for layer in filled for key, value in layer.items()}
        )
        return checked_tags(type(task).qualified_type, merged)

    def _due_at(
        self,
        options: SubmitOptions,
        config: TaskTypeConfig,
        recurring: RecurringSchedule | None,
        qualified: str,
    ) -> float | None:
        """When it may start; None: at once. A recurring task has always one: its schedule's own, if it is not told."""
        # What the type says about delays is not about a schedule that the caller brought along.
        told = self._told_time(
            options, None if options.get("recurring") is not None else config.run_after, qualified
        )
        if told is not None or recurring is None:
            return told
        first = first_time(recurring, self._now())
        if first is None:
            raise InvalidTaskError(
                f"recurring of {qualified}", "its first time is after the year 9999", "Pass a shorter delay."
            )
        return first

    def _told_time(self, options: SubmitOptions, configured: float | None, qualified: str) -> float | None:
        run_at, run_after = options.get("run_at"), options.get("run_after")
        if run_at is not None and run_after is not None:
            raise InvalidTaskError(qualified, "both run_at and run_after are given", "Pass one of them.")
        if run_at is not None:
            return _told(from_datetime(run_at, f"run_at of {qualified}"), run_at, f"run_at of {qualified}")
        delay = _first(run_after, configured, None)
        if delay is None:
            return None
        thing = f"run_after of {qualified}"
        return _told(self._now() + seconds(delay, thing), delay, thing)

    def _ttl(
        self,
        options: SubmitOptions,
        config: TaskTypeConfig,
        begin: float | None,
        qualified: str,
    ) -> tuple[float | None, float | None]:
        """The time to live that begins with the first attempt, and the instant of expiry that is known already.

        `begin` is when a time to live begins that does not wait for an attempt; None: now.
        """
        asked = _first(options.get("ttl"), config.ttl, self._domain.default_ttl, self._config.default_ttl)
        begins = member(
            TtlFrom,
            options.get("ttl_from") or config.ttl_from or TtlFrom.SUBMISSION,
            f"ttl_from of {qualified}",
        )
        if asked is None:
            return None, None
        ttl = seconds(asked, f"ttl of {qualified}")
        expires_at = _told((self._now() if begin is None else begin) + ttl, asked, f"ttl of {qualified}")
        if begins is TtlFrom.FIRST_ATTEMPT:
            return ttl, None
        return None, expires_at

    def _retry_text(self, policy: RetryPolicy) -> str:
        text = self._retry_texts.get(policy)
        if text is None:
            text = self._retry_texts[policy] = policy.model_dump_json(exclude_defaults=True)
        return text


def _is_timeless(submission: Submission) -> bool:
    """Would it be the same at another time?"""
    return submission.due_at is submission.ttl is submission.expires_at is submission.recurring is None


def _told(instant: float, asked: object, thing: str) -> float:
    """`instant`, if a `datetime` can tell it."""
    if instant > END_OF_CALENDAR:
        raise InvalidTaskError(thing, f"{asked!r} ends after the year 9999", "Pass less.")
    return instant


def _of(kind: type[T], value: T | None, thing: str) -> T | None:
    """`value`, if it is None or of this type."""
    if value is not None and not isinstance(value, kind):
        raise InvalidTaskError(thing, f"{value!r} is no {kind.__name__}", f"Pass a {kind.__name__}.")
    return value


def _recurring(options: SubmitOptions, config: TaskTypeConfig, qualified: str) -> RecurringSchedule | None:
    asked = _of(RecurringSchedule, options.get("recurring"), f"recurring of {qualified}")
    recurring = asked or config.recurring
    if recurring is not None and options.get("parent") is not None:
        raise InvalidTaskError(
            f"recurring of {qualified}",
            "a child cannot come again: its parent would wait for ever",
            "Submit it without a parent.",
        )
    return recurring


def _parent_id(parent: int | None, qualified: str) -> int | None:
    return None if parent is None else checked_ids((parent,), f"parent of {qualified}")[0]


def _payload(task: TypedTask[Any]) -> str:
    try:
        payload = task.model_dump_json()
    except (PydanticSerializationError, ValueError) as error:
        raise InvalidTaskError(
            f"payload of {type(task).qualified_type}",
            f"it is not JSON: {error}",
            "Use JSON values in its fields.",
        ) from error
    if "NaN" in payload or "Infinity" in payload:
        _refuse_nan(task, payload)
    return payload


def _refuse_nan(task: TypedTask[Any], payload: str) -> None:
    def refuse(name: str) -> None:
        raise InvalidTaskError(
            f"payload of {type(task).qualified_type}", f"{name} is not JSON", "Leave such numbers out."
        )

    json.loads(payload, parse_constant=refuse)


def _first(*values: Any) -> Any:
    for value in values:
        if value is not None:
            return value
    return None
