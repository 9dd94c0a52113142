"""Functions in worker processes: what goes in and what comes back."""

from __future__ import annotations

import asyncio
import functools
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from scheduler_core.errors import InvalidStateError, PermanentError, RetryableError
from scheduler_core.model.typed import DomainKey, TypedTask
from scheduler_core.runners.process import ProcessRunner, check_picklable
from scheduler_core.runners.remote_error import RemoteTraceback
from tests.core.runners import functions
from tests.core.runners.recording_link import RecordingLink


class Pictures(DomainKey):
    name = "pictures"


class Shrink(TypedTask[Pictures]):
    task_type: ClassVar[str] = "shrink"
    path: Path
    edge: int = 512


async def test_a_typed_task_goes_there_and_back(workers: ProcessRunner) -> None:
    task = Shrink(path=Path("Überlingen 🌊.jpg"))
    assert await workers.run(functions.echo, task, None, RecordingLink()) == task


async def test_what_the_function_sees(workers: ProcessRunner) -> None:
    seen: Any = await workers.run(functions.whoami, None, None, RecordingLink("a.jpg", attempt=3))

    assert seen["pid"] != os.getpid()
    assert (seen["attempt"], seen["label"], seen["state"], seen["cancelled"]) == (3, "a.jpg", None, False)
    assert seen["nice"] == min(19, os.nice(0) + 5)
    assert seen["qt"] == []


async def test_a_partial_brings_its_settings(workers: ProcessRunner) -> None:
    bound = functools.partial(functions.scale, 3)
    check_picklable(bound)
    assert await workers.run(bound, 14, None, RecordingLink()) == 42


async def test_a_large_task_and_a_large_memo_pass_through_the_pipe(workers: ProcessRunner) -> None:
    payload = os.urandom(5_000_000)
    assert await workers.run(functions.echo, payload, None, RecordingLink()) == payload


async def test_many_at_once_each_get_their_own_answer(workers: ProcessRunner) -> None:
    limited = ProcessRunner(max_workers=2)
    numbers = list(range(100))
    memos = await asyncio.gather(
        *(limited.run(functions.echo, number, None, RecordingLink()) for number in numbers)
    )
    assert memos == numbers
    await limited.aclose()


async def test_telling_is_folded_in_order_and_nothing_is_lost(workers: ProcessRunner) -> None:
    link = RecordingLink()
    assert await workers.run(functions.count_up, 20_000, None, link) == "counted"

    told = link.told.copy()  # before the loop runs again: all of it came before the result
    assert told[-1] == ("progress_count", (20_000, 20_000, "the last word"))
    fractions = [fraction for fraction, _ in link.of("progress")]
    assert fractions == sorted(fractions)
    assert link.of("set_bytes_total") == [(60_000,)]
    assert sum(n for (n,) in link.of("add_bytes")) == 60_000
    assert [sum(column) for column in zip(*link.of("record_io"), strict=True)] == [40_000, 0, 0, 20_000]
    assert len(told) < 2_000  # 80,000 calls there
    assert threading.get_ident() not in link.threads


async def test_the_latest_word_arrives_though_the_function_then_falls_silent(
    workers: ProcessRunner, make_gate: Callable[[str], Path]
) -> None:
    gate = make_gate("gate")
    link = RecordingLink()
    attempt = asyncio.create_task(workers.run(functions.say_then_wait, str(gate), None, link))
    async with asyncio.timeout(20):
        while link.of("progress")[-1:] != [(0.5, "second")]:
            await link.wait_for("progress", len(link.of("progress")) + 1)
    assert not attempt.done()
    gate.write_text("go")
    await attempt


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("key", KeyError, "'missing'"),
        ("retryable", RetryableError, "come back later"),
        ("slow_down", functions.SlowDownError, "too fast"),
        ("permanent", PermanentError, "never"),
        ("odd", functions.OddError, "a.txt ended with 7"),
        ("os", FileNotFoundError, "[Errno 2] No such file: 'a.txt'"),
        ("local", PermanentError, "LocalError: from nowhere"),
        ("local_retryable", RetryableError, "LocalRetryableError: from nowhere"),
        ("mute", PermanentError, "MuteError"),
    ],
)
async def test_errors_keep_type_message_and_traceback(
    workers: ProcessRunner, name: str, kind: type[Exception], text: str
) -> None:
    with pytest.raises(kind) as caught:
        await workers.run(functions.fail, name, None, RecordingLink())

    assert type(caught.value) is kind
    assert str(caught.value) == text
    assert isinstance(caught.value.__cause__, RemoteTraceback)
    if name != "mute":
        assert "in fail" in str(caught.value.__cause__)


async def test_errors_keep_what_they_carry(workers: ProcessRunner) -> None:
    with pytest.raises(RetryableError) as retryable:
        await workers.run(functions.fail, "retryable", None, RecordingLink())
    assert retryable.value.retry_after == 12.5

    with pytest.raises(functions.SlowDownError) as subclass:
        await workers.run(functions.fail, "slow_down", None, RecordingLink())
    assert subclass.value.retry_after == 3.0

    with pytest.raises(RetryableError) as local:
        await workers.run(functions.fail, "local_retryable", None, RecordingLink())
    assert local.value.retry_after == 4.0

    with pytest.raises(functions.OddError) as odd:
        await workers.run(functions.fail, "odd", None, RecordingLink())
    assert odd.value.code == 7

    with pytest.raises((ValueError, PermanentError), match="bad"):
        await workers.run(functions.fail, "unpicklable_part", None, RecordingLink())


@pytest.mark.parametrize("name", ["exit", "stop_iteration", "interrupt"])
async def test_what_would_end_a_program_ends_neither_program_nor_worker(
    workers: ProcessRunner, name: str
) -> None:
    before: Any = await workers.run(functions.whoami, None, None, RecordingLink())
    with pytest.raises(PermanentError, match="which no executor may raise"):
        await workers.run(functions.fail, name, None, RecordingLink())
    after: Any = await workers.run(functions.whoami, None, None, RecordingLink())
    assert after["pid"] == before["pid"]


async def test_a_memo_that_cannot_travel_is_refused_by_name(workers: ProcessRunner) -> None:
    with pytest.raises(PermanentError, match=r"a\.jpg: what the function returned cannot leave"):
        await workers.run(functions.return_lock, None, None, RecordingLink("a.jpg"))


async def test_a_task_that_cannot_travel_is_refused_by_name(workers: ProcessRunner) -> None:
    with pytest.raises(PermanentError, match=r"a\.jpg: its function or its task cannot reach"):
        await workers.run(functions.echo, threading.Lock(), None, RecordingLink("a.jpg"))


async def test_what_needs_the_scheduler_says_what_to_do_instead(workers: ProcessRunner) -> None:
    with pytest.raises(InvalidStateError, match=r"spawn_child.*finalize"):
        await workers.run(functions.use_scheduler, None, None, RecordingLink())


async def test_a_fraction_that_is_none_is_the_functions_own_error(workers: ProcessRunner) -> None:
    with pytest.raises(ValueError, match="not a fraction"):
        await workers.run(functions.tell_wrong, None, None, RecordingLink())


async def test_a_link_that_fails_fails_the_attempt_and_the_runner_goes_on(workers: ProcessRunner) -> None:
    class Broken(RecordingLink):
        def add_bytes(self, n: int) -> None:
            raise LookupError("the engine has forgotten it")

    with pytest.raises(LookupError):
        await workers.run(functions.count_up, 1000, None, Broken())
    assert await workers.run(functions.echo, 1, None, RecordingLink()) == 1


async def test_fork_server_workers_do_the_same() -> None:
    runner = ProcessRunner(start_method="forkserver")
    assert await runner.run(functions.echo, 1, None, RecordingLink()) == 1
    with pytest.raises(RetryableError, match="exit code 7"):
        await runner.run(functions.exit_with, 7, None, RecordingLink())
    await runner.aclose()


def test_functions_that_cannot_travel_are_told_apart_at_once() -> None:
    def inner(task: Any, ctx: Any) -> None: ...

    check_picklable(functions.echo)
    check_picklable(Shrink)
    for hopeless in (inner, lambda task, ctx: None, functools.partial(inner), threading.Lock().acquire):
        with pytest.raises(TypeError, match="cannot reach a worker process"):
            check_picklable(hopeless)
    lock: Any = threading.Lock()
    with pytest.raises(TypeError, match="cannot reach a worker process"):
        check_picklable(functools.partial(functions.scale, lock))


def test_wrong_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="max_workers"):
        ProcessRunner(max_workers=0)
    fork: Any = "fork"
    with pytest.raises(ValueError, match="spawn"):
        ProcessRunner(start_method=fork)
