"""The base of every value that leaves the core."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

Duration = float | int | timedelta
"""Seconds, or a timedelta."""


class Frozen(BaseModel):
    """A frozen pydantic model that round-trips through JSON; `evolve` makes a changed copy."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")

    def evolve(self, **changes: Any) -> Self:
        """A copy with these fields changed, validated again."""
        return type(self).model_validate({**dict(self), **changes})


def seconds(duration: Duration, thing: str) -> float:
    """`duration` in seconds; negative, infinite or NaN is a `ValueError` that names `thing`."""
    value = duration.total_seconds() if isinstance(duration, timedelta) else float(duration)
    if not 0.0 <= value < float("inf"):
        raise ValueError(f"{thing}: {duration!r} is not a duration; pass 0 or more seconds, or a timedelta")
    return value
