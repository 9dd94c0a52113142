"""What an author writes: a domain's identity, and tasks whose type names the domain they belong to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Generic, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field

from scheduler_core.errors import ConfigurationError, WrongTypeError
from scheduler_core.model.base import Duration, Frozen
from scheduler_core.model.retry import RetryPolicy, Seconds
from scheduler_core.model.schedule import RecurringSchedule
from scheduler_core.model.task import DuplicateStrategy, IoBudget, TtlFrom

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")
"""Names of domains and task types: a letter, then up to 63 letters, digits, `_`, `-` or `.`."""


class DomainKey:
    """A domain's identity: subclass it with a `name`; it is never instantiated."""

    name: ClassVar[str]

    def __new__(cls) -> DomainKey:
        raise WrongTypeError(
            cls.__name__, "it is an identity, and has no instances", "Pass the class itself."
        )

    def __init_subclass__(cls) -> None:
        name = cls.__dict__.get("name")
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise ConfigurationError(
                f"domain key {cls.__name__}",
                f"name {name!r} is not a domain name",
                "Give the class a `name`: a letter, then up to 63 letters, digits, '_', '-' or '.'.",
            )


class TaskTypeConfig(Frozen):
    """Defaults of one task type; what is None is taken from the domain, the scheduler, or is built in."""

    priority: Annotated[int, Field(ge=0, le=255)] | None = None
    group: str | None = None
    ttl: Seconds | None = None
    ttl_from: TtlFrom | None = None
    retry: RetryPolicy | None = None
    expected_io: IoBudget | None = None
    on_duplicate: DuplicateStrategy | None = None
    run_after: Seconds | None = None
    recurring: RecurringSchedule | None = None
    fail_fast: bool | None = None

    if TYPE_CHECKING:  # what is given may be more than what is kept

        def __init__(
            self,
            *,
            priority: int | None = None,
            group: str | None = None,
            ttl: Duration | None = None,
            ttl_from: TtlFrom | str | None = None,
            retry: RetryPolicy | None = None,
            expected_io: IoBudget | None = None,
            on_duplicate: DuplicateStrategy | str | None = None,
            run_after: Duration | None = None,
            recurring: RecurringSchedule | None = None,
            fail_fast: bool | None = None,
        ) -> None: ...


K = TypeVar("K", bound=DomainKey)


class TypedTask(BaseModel, Generic[K]):
    """A frozen pydantic model that is a task's payload: `class Fetch(TypedTask[Ingest])` with a `task_type`.

    The type parameter lets a type checker reject a task handed to another domain's handle.
    """

    # NaN is written as it is, so that it is noticed and refused: by default it would become null.
    model_config = ConfigDict(frozen=True, ser_json_inf_nan="constants")

    task_type: ClassVar[str]
    type_config: ClassVar[TaskTypeConfig] = TaskTypeConfig()
    domain_key: ClassVar[type[DomainKey]]
    qualified_type: ClassVar[str]

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        key = _key_of(cls)
        if key is None:  # a generic base such as TypedTask[K] itself
            return
        cls.domain_key = key
        name = cls.__dict__.get("task_type")
        if name is None and "[" in cls.__name__:  # TypedTask[Ingest], which pydantic makes
            return
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise ConfigurationError(
                f"task {cls.__name__}",
                f"task_type {name!r} is not a name",
                "Give the class a `task_type: ClassVar[str]`: a letter, then letters, digits, '_', '-' or '.'.",
            )
        cls.qualified_type = f"{key.name}::{name}"

    def dedup_key(self) -> str | None:
        """What makes two tasks of this type the same; None: SHA-256 of the type and the payload."""
        return None

    def display_label(self) -> str | None:
        """What a person reads in a list; None: the task type."""
        return None

    def default_tags(self) -> Mapping[str, str]:
        """Tags that every submission of this task carries unless it says otherwise."""
        return {}


def _key_of(cls: type[BaseModel]) -> type[DomainKey] | None:
    for base in cls.__mro__:
        arguments = cast(
            "tuple[Any, ...]", getattr(base, "__pydantic_generic_metadata__", {}).get("args", ())
        )
        if len(arguments) == 1 and isinstance(arguments[0], type) and issubclass(arguments[0], DomainKey):
            return arguments[0]
    return None
