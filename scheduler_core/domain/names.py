"""What callers name: a domain, a task type, a limit. Whatever else they pass is a clear error."""

from __future__ import annotations

from typing import Any, cast

from scheduler_core.errors import ConfigurationError
from scheduler_core.model.limits import RateLimit
from scheduler_core.model.typed import DomainKey, TypedTask


def domain_name(key: type[DomainKey] | str) -> str:
    """The name of a domain that is given by its key or name. Raises `TypeError`."""
    name = key if isinstance(key, str) else getattr(key, "name", None)
    if not isinstance(name, str):
        raise TypeError(f"domain: {key!r} is no domain; pass its key (a class), or its name")
    return name


def type_name(task_type: type[TypedTask[Any]] | str) -> str:
    """The qualified name of a task type that is given by its class or by that name. Raises `TypeError`."""
    name = task_type if isinstance(task_type, str) else getattr(task_type, "qualified_type", None)
    if not isinstance(name, str):
        raise TypeError(f"task type: {task_type!r} is none; pass a class of tasks, or its qualified name")
    return name


def checked_rate(limit: RateLimit | None, thing: str) -> RateLimit | None:
    """`limit`, if it is None or a `RateLimit`."""
    if limit is not None and not isinstance(cast("Any", limit), RateLimit):
        raise ConfigurationError(
            thing, f"{limit!r} is no RateLimit", "Pass RateLimit.per_second(n), or None."
        )
    return limit
