"""The base of every value that leaves the core."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Self, cast

from pydantic import BaseModel, ConfigDict

Duration = float | int | timedelta
"""Seconds, or a timedelta."""


class Frozen(BaseModel):
    """A frozen pydantic model that round-trips through JSON; `evolve` makes a changed copy."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")

    def evolve(self, **changes: Any) -> Self:
        """A copy with these fields changed, validated again."""
        return type(self).model_validate({**dict(self), **changes})


_LARGEST = 2**63 - 1
"""The largest integer of SQLite."""


def whole(n: int, thing: str) -> int:
    """`n`, if it is 0 or more; beyond what SQLite can hold it is as good as endless. Raises `ValueError` or `TypeError`."""
    if not isinstance(cast("Any", n), int) or isinstance(n, bool):
        raise TypeError(f"{thing}: {n!r} is no whole number; pass 0 or more")
    if n < 0:
        raise ValueError(f"{thing}: {n!r} is negative; pass 0 or more")
    return min(n, _LARGEST)


def is_id(value: object) -> bool:
    """Could it be the id of a task or of a history record?"""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LARGEST


def seconds(duration: Duration, thing: str) -> float:
    """`duration` in seconds; negative, infinite or NaN is a `ValueError` that names `thing`, no number a `TypeError`."""
    words = f"{thing}: {duration!r} is not a duration; pass 0 or more seconds, or a timedelta"
    given: Any = duration
    try:
        if isinstance(given, str | bytes | bool):
            raise TypeError(words)
        value = given.total_seconds() if isinstance(given, timedelta) else float(given)
    except OverflowError:
        raise ValueError(words) from None
    except TypeError:
        raise TypeError(words) from None
    if not 0.0 <= value < float("inf"):
        raise ValueError(words)
    return value
