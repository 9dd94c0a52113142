"""On whose behalf code runs: what an executor logs is found again by the id of its task."""

from __future__ import annotations

from contextvars import ContextVar

_task_id: ContextVar[int | None] = ContextVar("scheduler_core.current_task_id", default=None)


def current_task_id() -> int | None:
    """The id of the task whose executor (or `finalize`, or `on_cancel`) this code belongs to; None for any other code.

    It holds on the event loop, in a thread and in a worker process of a runner, and in whatever takes over the context
    variables of such code: tasks of asyncio that it starts, `asyncio.to_thread`.
    """
    return _task_id.get()


def enter_task(task_id: int) -> None:
    """From here on this context is that of the task."""
    _task_id.set(task_id)
