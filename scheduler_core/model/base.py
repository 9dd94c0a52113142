"""The base of every value that leaves the core."""

from __future__ import annotations

from datetime import timedelta
from enum import Enum
from typing import Any, ClassVar, Self, TypeVar, cast

from pydantic import BaseModel, ConfigDict

from scheduler_core.errors import InvalidArgumentError, WrongTypeError

E = TypeVar("E", bound=Enum)

Duration = float | int | timedelta
"""Seconds, or a timedelta."""


_new: Any = object.__new__
_set_values = object.__setattr__
_set_fields = BaseModel.__dict__["__pydantic_fields_set__"].__set__
_set_extra = BaseModel.__dict__["__pydantic_extra__"].__set__
_set_private = BaseModel.__dict__["__pydantic_private__"].__set__


class Frozen(BaseModel):
    """A frozen pydantic model that round-trips through JSON; `evolve` makes a changed copy.

    Its validator is made when the first is: most programs use few of them, and the import is a tenth shorter.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64", defer_build=True
    )
    _all_fields: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        cls._all_fields = frozenset(cls.__pydantic_fields__)  # a set of a set is made in half the time

    @classmethod
    def of_stored(cls, values: dict[str, Any]) -> Self:
        """One whose values were checked before they were stored, and are not looked at again: a tenth of the time.

        `values` becomes its own: all its fields, as a validated one would hold them (a tuple is no list, an
        enumeration no string).
        """
        made = _new(cls)  # as `model_construct` does, without its look at each field
        _set_values(made, "__dict__", values)
        _set_fields(made, set(cls._all_fields))
        _set_extra(made, None)
        _set_private(made, None)
        return made

    def evolve(self, **changes: Any) -> Self:
        """A copy with these fields changed, validated again."""
        return type(self).model_validate({**dict(self), **changes})


_LARGEST = 2**63 - 1
"""The largest integer of SQLite."""


def whole(n: int, thing: str) -> int:
    """`n`, if it is 0 or more; beyond what SQLite can hold it is as good as endless.

    Raises `InvalidArgumentError` or `WrongTypeError`.
    """
    if not isinstance(cast("Any", n), int) or isinstance(n, bool):
        raise WrongTypeError(thing, f"{n!r} is no whole number", "Pass 0 or more.")
    if n < 0:
        raise InvalidArgumentError(thing, f"{n!r} is negative", "Pass 0 or more.")
    return min(n, _LARGEST)


def member(kind: type[E], value: E | str, thing: str) -> E:
    """The member of an enumeration that is given as itself or by its value. Raises `InvalidArgumentError`."""
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(repr(one.value) for one in kind)
        raise InvalidArgumentError(thing, f"{value!r} is none", f"Pass one of {known}.") from None


def is_id(value: object) -> bool:
    """Could it be the id of a task or of a history record?"""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LARGEST


def seconds(duration: Duration, thing: str) -> float:
    """`duration` in seconds. Negative, infinite or NaN: `InvalidArgumentError`; no number: `WrongTypeError`."""
    words = (thing, f"{duration!r} is not a duration", "Pass 0 or more seconds, or a timedelta.")
    given: Any = duration
    try:
        if isinstance(given, str | bytes | bool):
            raise WrongTypeError(*words)
        value = given.total_seconds() if isinstance(given, timedelta) else float(given)
    except OverflowError:
        raise InvalidArgumentError(*words) from None
    except TypeError:
        raise WrongTypeError(*words) from None
    if not 0.0 <= value < float("inf"):
        raise InvalidArgumentError(*words)
    return value
