"""Exceptions on their way out of a worker process: type, message and traceback arrive, whatever the author's class is."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from scheduler_core.errors import PermanentError, RetryableError


class RemoteTraceback(Exception):
    """The `__cause__` of an exception that came from a worker process; its text is the traceback there."""

    def __str__(self) -> str:
        return f'\n"""\n{self.args[0]}"""'


@dataclass(frozen=True, slots=True)
class PackedError:
    """An exception as bytes (None where no way was found), and as text for that case and for people."""

    pickled: bytes | None
    title: str
    traceback: str
    retryable: bool
    retry_after: float | timedelta | None


def pack(error: BaseException) -> PackedError:
    """Make `error` ready for the pipe; never raises."""
    return PackedError(
        pickled=_pickled(error),
        title=_title(error),
        traceback=_traceback(error),
        retryable=isinstance(error, RetryableError),
        retry_after=error.retry_after if isinstance(error, RetryableError) else None,
    )


def unpack(packed: PackedError) -> Exception:
    """The exception again, caused by a `RemoteTraceback`.

    One whose class cannot travel at all becomes a `RetryableError` if it was one, else a `PermanentError`.
    """
    error = _loaded(packed.pickled)
    if error is None:
        if packed.retryable:
            error = RetryableError(packed.title, packed.retry_after)
        else:
            error = PermanentError(packed.title)
    error.__cause__ = RemoteTraceback(packed.traceback)
    return error


def _pickled(error: BaseException) -> bytes | None:
    return _faithful(error, pickle.dumps) or _faithful(error, _dump_parts)


def _faithful(error: BaseException, dump: Callable[[BaseException], bytes]) -> bytes | None:
    try:
        pickled = dump(error)
        copy: object = pickle.loads(pickled)
        return pickled if type(copy) is type(error) and str(copy) == str(error) else None
    except Exception:  # noqa: BLE001 - an author's class may raise anything from its __reduce__ or __init__
        return None


def _dump_parts(error: BaseException) -> bytes:
    """For classes whose `__init__` takes other arguments than it hands to `Exception`: rebuilt without calling it."""
    state = {name: value for name, value in vars(error).items() if _travels(value)}
    arguments = tuple(value if _travels(value) else repr(value) for value in error.args)
    return pickle.dumps(_Parts(type(error), arguments, state))


class _Parts:
    def __init__(self, kind: type[BaseException], arguments: tuple[Any, ...], state: dict[str, Any]) -> None:
        self._parts = (kind, arguments, state)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, self._parts


def _rebuild(kind: type[BaseException], arguments: tuple[Any, ...], state: dict[str, Any]) -> BaseException:
    error = kind.__new__(kind, *arguments)
    error.args = arguments
    vars(error).update(state)
    return error


def _travels(value: object) -> bool:
    try:
        pickle.loads(pickle.dumps(value))
    except Exception:  # noqa: BLE001 - whatever pickling an author's value raises, it does not travel
        return False
    return True


def _loaded(pickled: bytes | None) -> Exception | None:
    if pickled is None:
        return None
    try:
        error: object = pickle.loads(pickled)
    except Exception:  # noqa: BLE001 - a module that only the worker can import
        return None
    return error if isinstance(error, Exception) else None


def _title(error: BaseException) -> str:
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:  # noqa: BLE001 - a broken __str__
        return type(error).__name__


def _traceback(error: BaseException) -> str:
    try:
        return "".join(traceback.format_exception(error))
    except Exception:  # noqa: BLE001 - a broken __str__ or __cause__
        return f"{_title(error)} (its traceback could not be written)\n"
