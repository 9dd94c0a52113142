"""Every error the scheduler raises. Each names the thing, the reason and the way out.

Three families: what a caller did wrong (also `ValueError` or `TypeError`), what the machine did (`StoreError`), and what
an executor says about its own work (`RetryableError`, `PermanentError`, `TaskCancelledError`).
"""

from __future__ import annotations

from datetime import timedelta


class SchedulerError(Exception):
    """Base of all: `thing` (what it is about), `reason` (what is wrong), `remedy` (the way out; may be empty)."""

    def __init__(self, thing: str, reason: str, remedy: str = "") -> None:
        self.thing = thing
        self.reason = reason
        self.remedy = remedy
        super().__init__(thing, reason, remedy)

    def __str__(self) -> str:
        text = f"{self.thing}: {self.reason}"
        return f"{text}. {self.remedy}" if self.remedy else text


class ConfigurationError(SchedulerError, ValueError):
    """A scheduler or a domain was declared in a way that cannot work."""


class InvalidArgumentError(SchedulerError, ValueError):
    """An argument has the right type, and a value that makes no sense."""


class WrongTypeError(SchedulerError, TypeError):
    """An argument has another type than it can have."""


class UnknownDomainError(SchedulerError, ValueError):
    """No domain of this name is registered."""


class UnknownTaskTypeError(SchedulerError, ValueError):
    """The domain has no executor for this task type."""


class UnknownTaskError(SchedulerError, ValueError):
    """No task, or no history record, has this id."""


class WrongDomainError(SchedulerError, TypeError):
    """A task was handed to a domain it does not belong to."""


class InvalidTaskError(SchedulerError, ValueError):
    """A submission breaks a limit or is not JSON; nothing was stored."""


class DependencyError(SchedulerError, ValueError):
    """A dependency is unknown or would close a circle; nothing was stored."""


class InvalidStateError(SchedulerError, ValueError):
    """The call makes no sense in the present state."""


class StoreError(SchedulerError):
    """The database file cannot be used as asked."""


class NotADatabaseError(StoreError):
    """The file exists and is not a SQLite database, or is damaged."""


class ForeignDatabaseError(StoreError):
    """The file is a SQLite database that another program made."""


class NewerSchemaError(StoreError):
    """The database was written by a newer version."""


class StoreNotWritableError(StoreError):
    """The file or its folder cannot be written."""


class StoreFullError(StoreError):
    """The disk that holds the database is full."""


class StoreInUseError(StoreError):
    """Another scheduler has the database open."""


class TaskCancelledError(SchedulerError):
    """Raised by `ctx.check_cancelled()` inside an executor that has been told to stop."""


class RetryableError(Exception):
    """An executor's word that another attempt may succeed.

    `retry_after` (seconds, or a timedelta) overrides the policy's delay for this one retry; what is no duration does not.
    """

    def __init__(self, message: str, retry_after: float | timedelta | None = None) -> None:
        self.message = message
        self.retry_after = retry_after
        super().__init__(message, retry_after)

    def __str__(self) -> str:
        return self.message


class PermanentError(Exception):
    """An executor's word that no further attempt can succeed."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)

    def __str__(self) -> str:
        return self.message
