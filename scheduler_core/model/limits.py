"""How often tasks may start."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field

from scheduler_core.model.base import Frozen


class RateLimit(Frozen):
    """At most `burst` starts at once, and `rate` a second on the average (a token bucket)."""

    rate: Annotated[float, Field(gt=0.0, allow_inf_nan=False, description="Starts a second")]
    burst: Annotated[int, Field(ge=1, le=1_000_000, description="Starts at once")]

    @classmethod
    def per_second(cls, n: float, burst: int | None = None) -> RateLimit:
        """`n` starts a second; without `burst`, as many at once, at least one. Raises `ValueError`."""
        return cls(rate=n, burst=_burst(n) if burst is None else burst)

    @classmethod
    def per_minute(cls, n: float, burst: int | None = None) -> RateLimit:
        """`n` starts a minute; without `burst`, as many at once, at least one. Raises `ValueError`."""
        return cls(rate=n / 60.0, burst=_burst(n) if burst is None else burst)


def _burst(n: float) -> int:
    """As many at once as the window holds; what is no rate is refused by the model itself."""
    return max(1, min(1_000_000, round(n))) if math.isfinite(n) else 1
