"""How often, and after how long, a failed attempt is tried again."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer

from scheduler_core.model.base import Duration, Frozen


def _to_seconds(value: Any) -> Any:
    return value.total_seconds() if isinstance(value, timedelta) else value


Seconds = Annotated[float, BeforeValidator(_to_seconds), Field(ge=0.0, allow_inf_nan=False)]


def _exception_path(kind: Any) -> object:
    if isinstance(kind, type) and issubclass(kind, BaseException):
        return f"{kind.__module__}:{kind.__qualname__}"
    return cast("object", kind)


def _check_path(path: str) -> str:
    if ":" not in path:
        raise ValueError(f"retry_on: {path!r} names no exception; pass the class, or 'module:ClassName'")
    return path


ExceptionPath = Annotated[
    str, BeforeValidator(_exception_path), AfterValidator(_check_path), PlainSerializer(lambda path: path)
]


class RetryPolicy(Frozen):
    """A number of retries and the delays between them, in seconds.

    Delay before retry n (from 1): constant `initial`; linear `initial + increment * (n - 1)`; exponential
    `initial * multiplier ** (n - 1)`; never above `max_delay`. With `jitter` the delay is drawn evenly between 0 and
    that ("full jitter", from "Exponential Backoff and Jitter", M. Brooker, AWS Architecture Blog, 2015).
    `retry_on` lists exception classes that count as retryable besides `RetryableError`.
    """

    kind: Literal["constant", "linear", "exponential"] = "constant"
    max_retries: Annotated[int, Field(ge=0, le=1_000_000)] = 3
    initial: Seconds = 0.0
    increment: Seconds = 0.0
    multiplier: Annotated[float, Field(ge=1.0, allow_inf_nan=False)] = 2.0
    max_delay: Seconds | None = None
    jitter: bool = False
    retry_on: tuple[ExceptionPath, ...] = ()

    @classmethod
    def constant(
        cls, max_retries: int, delay: Duration = 0.0, *, retry_on: tuple[type[BaseException], ...] = ()
    ) -> RetryPolicy:
        """The same `delay` before each retry."""
        return cls.model_validate(
            {"kind": "constant", "max_retries": max_retries, "initial": delay, "retry_on": retry_on}
        )

    @classmethod
    def linear(
        cls,
        max_retries: int,
        initial: Duration,
        increment: Duration,
        max_delay: Duration | None = None,
        *,
        retry_on: tuple[type[BaseException], ...] = (),
    ) -> RetryPolicy:
        """`initial`, then `increment` more each time, at most `max_delay`."""
        fields = {
            "max_retries": max_retries,
            "initial": initial,
            "increment": increment,
            "max_delay": max_delay,
        }
        return cls.model_validate({"kind": "linear", "retry_on": retry_on, **fields})

    @classmethod
    def exponential(
        cls,
        max_retries: int,
        initial: Duration,
        max_delay: Duration | None = None,
        multiplier: float = 2.0,
        jitter: bool = False,
        *,
        retry_on: tuple[type[BaseException], ...] = (),
    ) -> RetryPolicy:
        """`initial`, then `multiplier` times as long each time, at most `max_delay`."""
        fields = {"max_retries": max_retries, "initial": initial, "max_delay": max_delay}
        return cls.model_validate(
            {
                "kind": "exponential",
                "multiplier": multiplier,
                "jitter": jitter,
                "retry_on": retry_on,
                **fields,
            }
        )

    def delay(self, retry: int, draw: random.Random | None = None) -> float:
        """Seconds to wait before retry number `retry` (1 or more)."""
        step = max(0, retry - 1)
        if self.kind == "exponential":
            try:
                value = self.initial * self.multiplier**step
            except OverflowError:
                value = float("inf")
        else:
            value = self.initial + (self.increment * step if self.kind == "linear" else 0.0)
        ceiling = self.max_delay if self.max_delay is not None else LONGEST_DELAY
        value = min(value, ceiling)
        return (draw or random).uniform(0.0, value) if self.jitter else value

    def covers(self, error: BaseException) -> bool:
        """Is `error` of a class that `retry_on` lists?"""
        names = {f"{kind.__module__}:{kind.__qualname__}" for kind in type(error).__mro__}
        return any(path in names for path in self.retry_on)


LONGEST_DELAY = 365 * 86_400.0
"""No retry waits longer, seconds."""
DEFAULT_RETRY = RetryPolicy()
"""The built-in policy: three retries, no delay."""
