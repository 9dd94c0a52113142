"""What an author declares: a domain, its defaults, and what runs each of its task types."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Generic, Protocol, TypeVar, cast

from scheduler_core.errors import ConfigurationError, WrongDomainError
from scheduler_core.model.base import seconds
from scheduler_core.model.retry import RetryPolicy
from scheduler_core.model.submission import MAX_NAME, checked_tags, checked_text
from scheduler_core.model.task import Priority
from scheduler_core.model.typed import DomainKey, TypedTask

K = TypeVar("K", bound=DomainKey)
F = TypeVar("F", bound=Callable[..., Any])


class ExecutorRunner(Protocol):
    """Where plain functions run; see `scheduler_core.runners`."""

    async def start(self) -> None: ...

    async def run(self, function: Any, task: Any, context: Any, link: Any) -> object: ...

    async def aclose(self) -> None: ...

    def check(self, function: Any) -> None: ...


@dataclass(frozen=True, slots=True)
class Registration:
    """How tasks of one type are executed. `runner` None: `async def` on the loop, plain `def` in a thread."""

    task_class: type[TypedTask[Any]]
    execute: Callable[..., Any]
    finalize: Callable[..., Any] | None
    on_cancel: Callable[..., Any] | None
    runner: ExecutorRunner | None
    is_async: bool = field(init=False)
    """Does it run on the event loop?"""

    def __post_init__(self) -> None:
        # Found out once: it costs more than the rest of starting an attempt.
        object.__setattr__(self, "is_async", is_async(self.execute))


class Domain(Generic[K]):
    """One kind of work: its identity, its defaults, its executors and the state they share.

    `max_concurrency` None means that only the scheduler's cap holds. Raises `ConfigurationError`.
    """

    def __init__(
        self,
        key: type[K],
        *,
        max_concurrency: int | None = None,
        default_priority: int = Priority.NORMAL,
        default_retry: RetryPolicy | None = None,
        default_group: str | None = None,
        default_ttl: float | timedelta | None = None,
        default_tags: Mapping[str, str] | None = None,
        state: Sequence[object] = (),
    ) -> None:
        given: Any = key
        if not (isinstance(given, type) and issubclass(given, DomainKey)):
            raise ConfigurationError(
                "Domain", f"{key!r} is no DomainKey", "Pass the class that names the domain."
            )
        self.key = key
        self.name = key.name
        self.max_concurrency = checked_cap(max_concurrency, f"max_concurrency of domain {self.name!r}")
        self.default_priority = checked_priority(
            default_priority, f"default_priority of domain {self.name!r}"
        )
        if default_retry is not None and not isinstance(cast("Any", default_retry), RetryPolicy):
            raise ConfigurationError(
                f"default_retry of domain {self.name!r}",
                f"{default_retry!r} is no RetryPolicy",
                "Pass RetryPolicy.constant(...), or None.",
            )
        self.default_retry = default_retry
        self.default_group = checked_group(default_group, f"default_group of domain {self.name!r}")
        self.default_ttl = (
            None if default_ttl is None else seconds(default_ttl, f"default_ttl of domain {self.name!r}")
        )
        self.default_tags = dict(checked_tags(self.name, default_tags or {}))
        self.state = tuple(state)
        self._registrations: dict[str, Registration] = {}

    @property
    def registrations(self) -> Mapping[str, Registration]:
        """Executors by qualified task type."""
        return self._registrations

    def executor(
        self, task_class: type[TypedTask[K]], *, runner: ExecutorRunner | None = None
    ) -> Callable[[F], F]:
        """Decorator: the function executes tasks of this class."""

        def register(function: F) -> F:
            self._register(task_class, function, None, None, runner)
            return function

        return register

    def register(
        self, task_class: type[TypedTask[K]], executor: object, *, runner: ExecutorRunner | None = None
    ) -> None:
        """The object's `execute(task, ctx)` executes tasks of this class.

        It may also have `finalize(task, memo, ctx)`, called once its children are done, and `on_cancel(task, ctx)`.
        """
        execute = getattr(executor, "execute", None)
        if not callable(execute):
            raise ConfigurationError(
                f"executor of {task_class.__name__}",
                f"{executor!r} has no execute(task, ctx)",
                "Pass an object that has one, or decorate a function with @domain.executor.",
            )
        finalize, on_cancel = getattr(executor, "finalize", None), getattr(executor, "on_cancel", None)
        self._register(task_class, execute, finalize, on_cancel, runner)

    def _register(
        self,
        task_class: type[TypedTask[K]],
        execute: Callable[..., Any],
        finalize: Callable[..., Any] | None,
        on_cancel: Callable[..., Any] | None,
        runner: ExecutorRunner | None,
    ) -> None:
        qualified = getattr(task_class, "qualified_type", None)
        if qualified is None:
            raise ConfigurationError(
                f"executor in domain {self.name!r}",
                f"{task_class!r} is no task",
                "Pass a subclass of TypedTask[Key].",
            )
        if task_class.domain_key.name != self.name:
            raise WrongDomainError(
                f"task {qualified}",
                f"it belongs to domain {task_class.domain_key.name!r}, not {self.name!r}",
                "Register it with its own domain.",
            )
        if qualified in self._registrations:
            raise ConfigurationError(f"task {qualified}", "it has two executors", "Register one.")
        if runner is not None:
            if is_async(execute):
                raise ConfigurationError(
                    f"task {qualified}",
                    "an `async def` executor runs on the event loop and takes no runner",
                    "Make it a plain `def`, or leave the runner out.",
                )
            try:
                runner.check(execute)
            except TypeError as error:
                raise ConfigurationError(f"task {qualified}", str(error)) from error
        self._registrations[qualified] = Registration(task_class, execute, finalize, on_cancel, runner)


def is_async(function: Callable[..., Any]) -> bool:
    """Does calling it make a coroutine?"""
    while isinstance(function, functools.partial):
        function = cast("functools.partial[Any]", function).func
    if inspect.iscoroutinefunction(function):
        return True
    return inspect.iscoroutinefunction(getattr(function, "__call__", None))  # noqa: B004 - an object with async __call__


def checked_cap(cap: int | None, thing: str) -> int | None:
    """`cap`, if it is None or a number of tasks."""
    if cap is None:
        return None
    if not isinstance(cast("Any", cap), int) or isinstance(cap, bool) or not 0 <= cap <= 1_000_000:
        raise ConfigurationError(
            thing, f"{cap!r} is no number of tasks", "Pass 0 to 1,000,000, or None for no cap."
        )
    return cap


def checked_priority(priority: int, thing: str) -> int:
    """`priority` as an int, if it is in range."""
    if not isinstance(cast("Any", priority), int) or isinstance(priority, bool) or not 0 <= priority <= 255:
        raise ConfigurationError(thing, f"{priority!r} is no priority", "Pass 0 (most urgent) to 255.")
    return int(priority)


def checked_group(group: str | None, thing: str) -> str | None:
    """`group`, if it is None or a name."""
    return None if group is None else checked_name(group, thing)


def checked_name(group: str, thing: str) -> str:
    """`group`, if it is the name of one."""
    if group == "":
        raise ConfigurationError(thing, "it is empty", "Pass a name, or None for no group.")
    return checked_text(group, thing, MAX_NAME)
