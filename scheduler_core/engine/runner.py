"""Runs one attempt and returns its outcome. Knows neither the store nor events."""

from __future__ import annotations

import asyncio
import json
import logging
import traceback
from collections.abc import Awaitable, Sequence
from functools import partial
from typing import Any

from pydantic import ValidationError

from scheduler_core.clock import Clock
from scheduler_core.current import enter_task
from scheduler_core.domain.backend import Backend
from scheduler_core.domain.context import TaskContext
from scheduler_core.domain.domain import is_async
from scheduler_core.engine import steps
from scheduler_core.engine.attempt import Attempt, StopReason
from scheduler_core.engine.steps import watched
from scheduler_core.engine.waiting import Patience
from scheduler_core.errors import InvalidTaskError, PermanentError, RetryableError
from scheduler_core.model.base import seconds
from scheduler_core.model.retry import DEFAULT_RETRY, LONGEST_DELAY, RetryPolicy
from scheduler_core.model.submission import checked_memo
from scheduler_core.runners.base import Runner, contained
from scheduler_core.runners.remote_error import RemoteTraceback
from scheduler_core.runners.thread import ThreadRunner
from scheduler_core.store.finish import Outcome, OutcomeKind
from scheduler_core.store.rows import attempt_entry

log = logging.getLogger(__name__)

_LONGEST_TRACEBACK = 16_384
_LONGEST_MESSAGE = 4_096
_OURS = frozenset({__file__, steps.__file__})
"""The modules whose frames are between the event loop and the author's code."""


class AttemptRunner:
    """Awaits authors' code where it belongs, and turns whatever comes of it into an `Outcome`."""

    def __init__(
        self,
        clock: Clock,
        backend: Backend,
        cancel_hook_timeout: float,
    ) -> None:
        self._clock = clock
        self._backend = backend
        self._cancel_hook_timeout = cancel_hook_timeout
        self._threads = ThreadRunner()
        self._started: dict[Any, None] = {}
        self._starting = asyncio.Lock()
        self._policies: dict[str, RetryPolicy] = {}
        self._hooks: set[asyncio.Future[object]] = set()
        self._patience = Patience(clock)

    async def start(self, runners: Sequence[Any]) -> None:
        """Make the runners ready that domains brought with them; one that comes later is started by its first task."""
        for runner in dict.fromkeys((self._threads, *runners)):
            await self._start(runner)

    async def _start(self, runner: Any) -> None:
        async with self._starting:
            if runner not in self._started:
                await runner.start()
                self._started[runner] = None

    async def aclose(self) -> None:
        """Close all runners, and wait for no hook any more. What a runner raises does not keep the others open."""
        self._patience.close()
        for runner in reversed(list(self._started)):
            await _close(runner)
        self._started = {}

    def has_started(self, runner: Any) -> bool:
        """Is it ready, so that it has to be closed?"""
        return runner in self._started

    async def retire(self, runner: Any) -> None:
        """Close one that nothing uses any more."""
        if runner in self._started:
            del self._started[runner]
            await _close(runner)

    async def run(self, attempt: Attempt) -> Outcome:
        """One attempt from its payload to its outcome. Never raises."""
        attempt.begun = True
        enter_task(attempt.claimed.id)
        context: TaskContext | None = None
        task: Any = None
        try:
            if attempt.stop_reason is not None:
                raise asyncio.CancelledError
            registration, claimed = attempt.registration, attempt.claimed
            task = registration.task_class.model_validate_json(claimed.payload)
            context = TaskContext(attempt, self._backend, attempt.state)
            if claimed.finalizing:
                memo = None if claimed.memo is None else json.loads(claimed.memo)
                await self._call(registration.finalize, (task, memo, context), attempt)
                return self._completed(attempt, None)
            value = await self._execute(attempt, task, context)
            text = checked_memo(attempt.lane.task_type, value)
            if registration.finalize is not None:
                moved = _moved(attempt)
                return Outcome(
                    claimed.id, OutcomeKind.FINALIZE, self._clock.time(), memo=text, actual_io=moved
                )
            return self._completed(attempt, text)
        except ValidationError as error:
            if task is not None:
                return self._failed(attempt, error)
            reason = f"its stored payload does not fit {attempt.registration.task_class.__name__}: {error}"
            return self._failed(attempt, PermanentError(reason))
        except BaseException as error:  # noqa: BLE001 - whatever an author's code raises ends this attempt and nothing else
            if attempt.stop_reason is not None:
                await self._after_stop(attempt, task, context)
                return self._stopped(attempt)
            return self._failed(attempt, contained(error))

    async def _execute(self, attempt: Attempt, task: Any, context: TaskContext) -> object:
        registration = attempt.registration
        if registration.is_async:
            return await self._watched(registration.execute(task, context), attempt)
        runner: Runner | Any = self._threads if registration.runner is None else registration.runner
        if runner not in self._started:
            await self._start(runner)
        return await runner.run(registration.execute, task, context, attempt)

    async def _call(self, function: Any, arguments: tuple[Any, ...], attempt: Attempt) -> object:
        """An author's `finalize` or `on_cancel`, which always run in this program."""
        if function is None:
            return None
        if is_async(function):
            return await self._watched(function(*arguments), attempt)
        return await self._threads.run(
            lambda _task, _ctx: function(*arguments), arguments[0], arguments[-1], attempt
        )

    def _watched(self, work: Any, attempt: Attempt) -> Awaitable[object]:
        return watched(work, attempt, self._clock.monotonic, partial(_name_slow_step, attempt))

    async def _after_stop(self, attempt: Attempt, task: Any, context: TaskContext | None) -> None:
        """The author's `on_cancel`, within its time."""
        hook = attempt.registration.on_cancel
        if hook is None or context is None or attempt.stop_reason is not StopReason.CANCELLED:
            return
        try:
            # Not `wait_for`, which would wait for a hook in a thread until that ends by itself.
            call = asyncio.ensure_future(self._call(hook, (task, context), attempt))
            self._hooks.add(call)
            call.add_done_callback(self._hooks.discard)
            if await self._patience.wait([call], self._cancel_hook_timeout):
                call.result()
                return
            call.cancel()
            log.warning(
                "on_cancel of %s was given up after %s s", attempt.claimed.label, self._cancel_hook_timeout
            )
        except BaseException:
            log.exception("on_cancel of %s failed", attempt.claimed.label)

    def _completed(self, attempt: Attempt, memo: str | None) -> Outcome:
        now = self._clock.time()
        attempts = self._attempts(attempt, now, None, None) if attempt.claimed.attempts else None
        return Outcome(
            attempt.id,
            OutcomeKind.COMPLETED,
            now,
            attempts=attempts,
            memo=memo,
            actual_io=_moved(attempt),
            duration=max(0.0, now - attempt.claimed.started_at),
            claimed=attempt.claimed,
        )

    def _stopped(self, attempt: Attempt) -> Outcome:
        cancelled = attempt.stop_reason is StopReason.CANCELLED
        kind = OutcomeKind.CANCELLED if cancelled else OutcomeKind.INTERRUPTED
        preempted = attempt.stop_reason is StopReason.PREEMPTED
        return Outcome(attempt.id, kind, self._clock.time(), preempted=preempted)

    def _failed(self, attempt: Attempt, error: Exception) -> Outcome:
        claimed, now = attempt.claimed, self._clock.time()
        policy = self._policy(claimed.retry)
        message = _message(error)
        kind, retry_at = OutcomeKind.FAILED, None
        if isinstance(error, RetryableError) or policy.covers(error):
            kind = OutcomeKind.DEAD_LETTER
            if claimed.retry_count < claimed.max_retries:
                kind = OutcomeKind.RETRY
                asked = _asked_delay(error)
                delay = policy.delay(claimed.retry_count + 1) if asked is None else asked
                retry_at = now + delay if delay > 0 else None
        return Outcome(
            claimed.id,
            kind,
            now,
            error=message,
            attempts=self._attempts(attempt, now, message, _traceback(error)),
            actual_io=_moved(attempt),
            retry_at=retry_at,
            duration=max(0.0, now - claimed.started_at),
        )

    def _attempts(self, attempt: Attempt, now: float, error: str | None, trace: str | None) -> str:
        earlier: list[Any] = json.loads(attempt.claimed.attempts or "[]")
        return json.dumps([*earlier, attempt_entry(attempt.claimed.started_at, now, error, trace)])

    def _policy(self, text: str | None) -> RetryPolicy:
        if text is None:
            return DEFAULT_RETRY
        policy = self._policies.get(text)
        if policy is None:
            policy = self._policies[text] = RetryPolicy.model_validate_json(text)
        return policy


async def _close(runner: Any) -> None:
    try:
        await runner.aclose()
    except Exception:
        log.exception("a runner did not close: %r", runner)


def _moved(attempt: Attempt) -> str | None:
    """What the attempt says it has moved, as JSON text; None if it says nothing."""
    return None if attempt.io is None else attempt.io.model_dump_json()


def _name_slow_step(attempt: Attempt, seconds: float) -> None:
    log.warning(
        "%s (%s) held the event loop for %.2f s in one step, and everything else with it; make its executor a plain `def`, "
        "which runs in a thread, or let it await in between",
        attempt.claimed.label,
        attempt.lane.task_type,
        seconds,
    )


def _message(error: Exception) -> str:
    words, name = _words(error), type(error).__name__
    if isinstance(error, RetryableError | PermanentError | InvalidTaskError):
        text = words or name
    else:
        text = f"{name}: {words}" if words else name
    return _storable(text if len(text) <= _LONGEST_MESSAGE else f"{text[:_LONGEST_MESSAGE]} ...")


def _words(error: Exception) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - an author's class may fail even at this
        return ""


def _asked_delay(error: Exception) -> float | None:
    """The delay in seconds that an executor asks for, if it is one; at most a year."""
    asked: Any = error.retry_after if isinstance(error, RetryableError) else None
    if asked is None:
        return None
    try:
        delay = seconds(asked, "retry_after")
    except (TypeError, ValueError, OverflowError):
        delay = LONGEST_DELAY + 1
    if delay > LONGEST_DELAY:
        log.warning("retry_after of %r is no duration: %r", error, asked)
        return None
    return delay


def _traceback(error: Exception) -> str:
    """The author's frames: ours, which lead to them, say nothing to anybody."""
    if isinstance(error.__cause__, RemoteTraceback):  # all that is the author's happened in the worker
        return _storable(str(error.__cause__.args[0])[-_LONGEST_TRACEBACK:])
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None and trace.tb_frame.f_code.co_filename in _OURS:
        trace = trace.tb_next
    text = "".join(traceback.format_exception(type(error), error, trace))
    return _storable(text[-_LONGEST_TRACEBACK:])


def _storable(text: str) -> str:
    """`text` as UTF-8 can hold it: names of files may be half characters."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
