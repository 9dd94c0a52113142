"""Functions in threads: what arrives, what comes back, and that a stopped task has really stopped."""

from __future__ import annotations

import asyncio
import contextvars
import subprocess
import sys
import textwrap
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest

from scheduler_core.errors import PermanentError
from scheduler_core.runners.thread import ThreadRunner
from tests.core.runners.recording_link import RecordingLink


@pytest.fixture
async def runner() -> AsyncIterator[ThreadRunner]:
    """A runner of its own, closed after."""
    runner = ThreadRunner()
    await runner.start()
    yield runner
    await runner.aclose()


async def test_the_function_gets_task_and_context_in_another_thread(runner: ThreadRunner) -> None:
    task, context = object(), object()

    def look(task: object, context: object) -> tuple[object, object, threading.Thread]:
        return task, context, threading.current_thread()

    memo = await runner.run(look, task, context, RecordingLink())

    assert isinstance(memo, tuple)
    seen_task, seen_context, thread = memo
    assert (seen_task, seen_context) == (task, context)
    assert thread is not threading.main_thread()
    assert thread.name.startswith("scheduler-thread-")


async def test_context_variables_go_along(runner: ThreadRunner) -> None:
    language: contextvars.ContextVar[str] = contextvars.ContextVar("language")
    language.set("de")

    assert await runner.run(lambda task, ctx: language.get(), None, None, RecordingLink()) == "de"


async def test_what_it_raises_is_raised_with_its_traceback(runner: ThreadRunner) -> None:
    def stumble(task: Any, ctx: Any) -> None:
        raise KeyError("missing")

    with pytest.raises(KeyError, match="missing") as caught:
        await runner.run(stumble, None, None, RecordingLink())
    assert "stumble" in str(caught.traceback[-1])


@pytest.mark.parametrize("kind", [SystemExit, KeyboardInterrupt, StopIteration, asyncio.CancelledError])
async def test_what_would_end_the_loop_only_fails_the_attempt(
    runner: ThreadRunner, kind: type[BaseException]
) -> None:
    def leave(task: Any, ctx: Any) -> None:
        raise kind()

    with pytest.raises(PermanentError, match=kind.__name__) as caught:
        await runner.run(leave, None, None, RecordingLink())
    assert isinstance(caught.value.__cause__, kind)


async def test_there_is_no_hidden_cap(runner: ThreadRunner) -> None:
    at_once = 60
    meeting = threading.Barrier(at_once)

    def meet(task: Any, ctx: Any) -> None:
        meeting.wait(20)

    await asyncio.gather(*(runner.run(meet, None, None, RecordingLink()) for _ in range(at_once)))


async def test_one_after_another_uses_one_thread(runner: ThreadRunner) -> None:
    threads = {
        await runner.run(lambda task, ctx: threading.get_ident(), None, None, RecordingLink())
        for _ in range(50)
    }
    assert len(threads) == 1


async def test_cancelling_ends_only_when_the_thread_has_ended(runner: ThreadRunner) -> None:
    began, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def work(task: Any, ctx: Any) -> None:
        began.set()
        may_end.wait(20)
        ended.set()

    attempt = asyncio.create_task(runner.run(work, None, None, RecordingLink()))
    await asyncio.to_thread(began.wait, 20)
    attempt.cancel()
    await asyncio.wait([attempt], timeout=0.05)
    attempt.cancel()  # impatience changes nothing
    await asyncio.wait([attempt], timeout=0.05)
    assert not attempt.done()

    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await attempt
    assert ended.is_set()


async def test_an_error_after_cancelling_is_not_reported_as_lost(runner: ThreadRunner) -> None:
    began, may_end = threading.Event(), threading.Event()

    def work(task: Any, ctx: Any) -> None:
        began.set()
        may_end.wait(20)
        raise ValueError("too late")

    attempt = asyncio.create_task(runner.run(work, None, None, RecordingLink()))
    await asyncio.to_thread(began.wait, 20)
    attempt.cancel()
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await attempt


async def test_an_idle_thread_leaves() -> None:
    runner = ThreadRunner(idle_timeout=0.02)
    thread = await runner.run(lambda task, ctx: threading.current_thread(), None, None, RecordingLink())
    assert isinstance(thread, threading.Thread)

    await asyncio.to_thread(thread.join, 20)

    assert not thread.is_alive()
    assert await runner.run(lambda task, ctx: "again", None, None, RecordingLink()) == "again"
    await runner.aclose()


async def test_threads_that_leave_never_take_work_with_them() -> None:
    runner = ThreadRunner(idle_timeout=0.0001)
    for number in range(300):
        assert await runner.run(lambda task, ctx: task, number, None, RecordingLink()) == number
    await runner.aclose()


async def test_closing_leaves_no_thread_and_opens_again() -> None:
    before = set(threading.enumerate())
    runner = ThreadRunner()
    meeting = threading.Barrier(5)
    await asyncio.gather(
        *(runner.run(lambda task, ctx: meeting.wait(20), None, None, RecordingLink()) for _ in range(5))
    )

    await runner.aclose()
    await runner.aclose()
    assert set(threading.enumerate()) == before

    assert await runner.run(lambda task, ctx: "again", None, None, RecordingLink()) == "again"
    await runner.aclose()
    assert set(threading.enumerate()) == before


def test_a_function_that_hangs_does_not_keep_the_program_from_ending() -> None:
    program = """
        import asyncio, threading
        from scheduler_core.runners.thread import ThreadRunner

        began = threading.Event()

        def hang(task, ctx):
            began.set()
            threading.Event().wait()

        async def main():
            runner = ThreadRunner()
            attempt = asyncio.create_task(runner.run(hang, None, None, None))
            await asyncio.to_thread(began.wait)
            attempt.cancel()
            await asyncio.wait([attempt], timeout=0.01)  # the engine's bound
            await runner.aclose()

        asyncio.new_event_loop().run_until_complete(main())
        print("closed")
    """
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.stdout == "closed\n"
    assert ended.returncode == 0, ended.stderr
