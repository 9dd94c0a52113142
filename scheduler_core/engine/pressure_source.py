"""Pressure sources as they are given, and as they are read: named, clamped, and unable to do harm."""

from __future__ import annotations

import asyncio
import inspect
import logging
import math
from collections.abc import Callable, Iterable
from typing import Any, SupportsFloat, cast

from scheduler_core.errors import ConfigurationError

log = logging.getLogger(__name__)

_REMEDY = "Pass an object with pressure(), a function that returns 0.0 to 1.0, or a pair of a name and one of these."


class ReportOnce:
    """Logs that something fails: the first time, and again only when it has worked in between."""

    def __init__(self, thing: str, effect: str) -> None:
        self._thing = thing
        self._effect = effect
        self._is_failing = False

    def works(self) -> None:
        """It has just worked."""
        self._is_failing = False

    def fails(self, reason: str, error: BaseException | None = None) -> None:
        """It has just failed."""
        if not self._is_failing:
            self._is_failing = True
            log.warning("%s: %s; %s", self._thing, reason, self._effect, exc_info=error)


class NamedSource:
    """One source. `read` never raises. `tells_changes`: it need not be read regularly."""

    def __init__(self, name: str, call: Callable[[], object], *, tells_changes: bool = False) -> None:
        self.name = name
        self.tells_changes = tells_changes
        self._call = call
        self._report = ReportOnce(f"pressure source {name!r}", "it counts as 0 until it works")

    def read(self) -> float:
        """Its pressure, clamped to 0.0 to 1.0; 0.0 if it raises, or says NaN or no number."""
        try:
            said = self._call()
            value = float(said) if isinstance(said, SupportsFloat) else None
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - it stops neither dispatch nor the timer
            self._report.fails(f"it raised {type(error).__name__}", error)
            return 0.0
        if value is None or math.isnan(value):
            self._report.fails(f"it said {said!r}, which is no number")
            return 0.0
        self._report.works()
        return min(1.0, max(0.0, value))


def named_sources(given: Iterable[object], taken: Iterable[str]) -> list[NamedSource]:
    """The sources that were given, each with a name of its own; `taken` are names that are in use.

    Raises `ConfigurationError` for what is no source.
    """
    if not isinstance(cast("Any", given), Iterable) or isinstance(given, str | bytes):
        raise ConfigurationError("pressure_sources", f"{given!r} is no list", "Pass a list of sources.")
    names = set(taken)
    sources: list[NamedSource] = []
    for source in given:
        name, call = _name_and_call(source)
        unique, number = name, 1
        while unique in names:
            number += 1
            unique = f"{name} {number}"
        names.add(unique)
        inner: Any = cast("tuple[Any, ...]", source)[1] if isinstance(source, tuple) else source
        tells = getattr(inner, "tells_changes", False) is True
        sources.append(NamedSource(unique, call, tells_changes=tells))
    return sources


def _name_and_call(source: Any) -> tuple[str, Callable[[], object]]:
    if isinstance(source, tuple):
        pair = cast("tuple[Any, ...]", source)
        if len(pair) != 2 or not isinstance(pair[0], str) or not pair[0]:
            raise ConfigurationError(
                "pressure_sources", f"{pair!r} is no pair of a name and a source", _REMEDY
            )
        return pair[0], _name_and_call(pair[1])[1]
    kind = type(source).__name__
    call = getattr(source, "pressure", None)
    if callable(call):
        name = getattr(source, "name", None)
    elif callable(source):
        call, name = source, getattr(source, "__name__", None)
    else:
        raise ConfigurationError("pressure_sources", f"{source!r} is no pressure source", _REMEDY)
    if isinstance(source, type):
        raise ConfigurationError("pressure_sources", f"{source!r} is a class", "Pass an object of it.")
    if inspect.iscoroutinefunction(call):
        raise ConfigurationError(
            "pressure_sources", f"{source!r} is a coroutine function", "Pass one that answers at once."
        )
    return name if isinstance(name, str) and name else kind, call
