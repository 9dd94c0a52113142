"""What callers name: domains, task types, states, limits. Whatever else they pass is a clear error."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from scheduler_core.domain.domain import Domain
from scheduler_core.errors import ConfigurationError, WrongTypeError
from scheduler_core.model.base import member
from scheduler_core.model.config import SchedulerConfig
from scheduler_core.model.limits import RateLimit
from scheduler_core.model.task import TaskStatus
from scheduler_core.model.typed import DomainKey, TypedTask


def domain_name(key: type[DomainKey] | str) -> str:
    """The name of a domain that is given by its key or name. Raises `TypeError`."""
    given: Any = key
    name = (
        given if isinstance(given, str) else getattr(given, "name", None) if isinstance(given, type) else None
    )
    if not isinstance(name, str):
        raise WrongTypeError("domain", f"{key!r} is no domain", "Pass its key (a class), or its name.")
    return name


def type_name(task_type: type[TypedTask[Any]] | str) -> str:
    """The qualified name of a task type that is given by its class or by that name. Raises `TypeError`."""
    name = task_type if isinstance(task_type, str) else getattr(task_type, "qualified_type", None)
    if not isinstance(name, str):
        raise WrongTypeError(
            "task type", f"{task_type!r} is none", "Pass a class of tasks, or its qualified name."
        )
    return name


def checked_word(text: str | None, thing: str) -> str | None:
    """`text`, if it is a string or None. Raises `WrongTypeError`."""
    if text is not None and not isinstance(cast("Any", text), str):
        raise WrongTypeError(thing, f"{text!r} is no string", "Pass a str, or None.")
    return text


def checked_rate(limit: RateLimit | None, thing: str) -> RateLimit | None:
    """`limit`, if it is None or a `RateLimit`."""
    if limit is not None and not isinstance(cast("Any", limit), RateLimit):
        raise ConfigurationError(
            thing, f"{limit!r} is no RateLimit", "Pass RateLimit.per_second(n), or None."
        )
    return limit


def checked_config(config: SchedulerConfig | None) -> SchedulerConfig:
    """`config`, or the defaults. Raises `ConfigurationError`."""
    if config is not None and not isinstance(cast("Any", config), SchedulerConfig):
        raise ConfigurationError("config", f"{config!r} is no SchedulerConfig", "Pass SchedulerConfig(...).")
    return config or SchedulerConfig()


def domains_by_name(domains: Sequence[Domain[Any]]) -> dict[str, Domain[Any]]:
    """Domains by name. Raises `ConfigurationError` for none, and for two of one name."""
    if not isinstance(cast("Any", domains), Iterable):
        raise ConfigurationError("domains", f"{domains!r} is no list", "Pass a list of Domain objects.")
    if not domains:
        raise ConfigurationError("scheduler", "it has no domain", "Pass at least one Domain.")
    found: dict[str, Domain[Any]] = {}
    for domain in domains:
        if not isinstance(cast("Any", domain), Domain):
            raise ConfigurationError("scheduler", f"{domain!r} is no Domain", "Pass Domain objects.")
        if domain.name in found:
            raise ConfigurationError(
                f"domain {domain.name!r}", "it is given twice", "Give each domain its own name."
            )
        found[domain.name] = domain
    return found


def statuses(status: TaskStatus | str | Sequence[TaskStatus | str] | None) -> list[TaskStatus]:
    """States that are given as one, as several, or not at all. Raises `InvalidArgumentError`."""
    if status is None:
        return []
    given = cast("Any", status)
    several = isinstance(given, Iterable) and not isinstance(given, str)
    return [member(TaskStatus, one, "status") for one in cast("list[Any]", given if several else [given])]


def one_status(status: TaskStatus | str | None) -> TaskStatus | None:
    """A state that is given, or not. Raises `InvalidArgumentError`."""
    return None if status is None else member(TaskStatus, status, "status")
