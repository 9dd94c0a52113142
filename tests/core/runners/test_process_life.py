"""Worker processes live, are stopped and die: only what ran in them is touched, and nothing is left behind."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scheduler_core.errors import RetryableError, TaskCancelledError
from scheduler_core.runners.process import ProcessRunner
from tests.core.runners import functions
from tests.core.runners.recording_link import RecordingLink


class Lifeline:
    """A port that one worker connects to; the connection ends when that process does, however it ends."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.settimeout(30)
        self.port: int = self._server.getsockname()[1]
        self._connection: socket.socket | None = None

    def wait_for_begin(self) -> socket.socket:
        """Wait until the worker has connected."""
        if self._connection is None:
            self._connection, _ = self._server.accept()
            self._connection.settimeout(30)
        return self._connection

    def wait_for_end(self) -> None:
        """Wait until the worker's process is gone."""
        assert self.wait_for_begin().recv(1) == b""

    def close(self) -> None:
        self._server.close()
        if self._connection is not None:
            self._connection.close()


@pytest.fixture
def lifeline() -> Iterator[Lifeline]:
    lifeline = Lifeline()
    yield lifeline
    lifeline.close()


async def pid_of(runner: ProcessRunner) -> int:
    seen: Any = await runner.run(functions.whoami, None, None, RecordingLink())
    return seen["pid"]


async def test_a_killed_worker_fails_only_its_own_task(
    workers: ProcessRunner, make_gate: Callable[[str], Path]
) -> None:
    gates = [make_gate(name) for name in ("a", "b")]
    others = [
        asyncio.create_task(workers.run(functions.wait_for, str(gate), None, RecordingLink()))
        for gate in gates
    ]

    with pytest.raises(RetryableError, match=r"holiday\.jpg: its worker process was ended by SIGKILL"):
        await workers.run(functions.die_by, signal.SIGKILL, None, RecordingLink("holiday.jpg"))
    with pytest.raises(RetryableError, match=r"b\.jpg.*exit code 7"):
        await workers.run(functions.exit_with, 7, None, RecordingLink("b.jpg"))

    for gate in gates:
        await asyncio.to_thread(gate.write_text, f"through {gate.name}")
    assert await asyncio.gather(*others) == ["through a", "through b"]


async def test_a_worker_that_dies_idle_is_replaced(workers: ProcessRunner, lifeline: Lifeline) -> None:
    pid = await workers.run(functions.connect, lifeline.port, None, RecordingLink())
    assert isinstance(pid, int)
    os.kill(pid, signal.SIGKILL)
    await asyncio.to_thread(lifeline.wait_for_end)

    assert await pid_of(workers) != pid


async def test_a_function_that_listens_is_stopped_and_its_worker_lives_on(
    workers: ProcessRunner, tmp_path: Path
) -> None:
    patient = ProcessRunner(kill_grace=60.0)
    link = RecordingLink()
    note = tmp_path / "note"
    attempt = asyncio.create_task(patient.run(functions.stop_when_told, str(note), None, link))
    _, pid = await link.first("progress")
    attempt.cancel()

    with pytest.raises(asyncio.CancelledError):
        await attempt
    assert note.read_text() == "stopped in order"
    assert await pid_of(patient) == int(pid)
    await patient.aclose()


async def test_a_function_that_hangs_is_killed_after_the_grace(workers: ProcessRunner) -> None:
    link = RecordingLink()
    attempt = asyncio.create_task(workers.run(functions.hang, None, None, link))
    _, pid = await link.first("progress")
    attempt.cancel()

    with pytest.raises(asyncio.CancelledError):
        await attempt
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)
    assert await workers.run(functions.echo, 1, None, RecordingLink()) == 1


async def test_what_is_stopped_before_its_worker_is_up_never_begins(tmp_path: Path) -> None:
    runner = ProcessRunner(kill_grace=60.0)
    note = tmp_path / "note"
    attempt = asyncio.create_task(runner.run(functions.stop_when_told, str(note), None, RecordingLink()))
    await asyncio.sleep(0)
    attempt.cancel()

    with pytest.raises(asyncio.CancelledError):
        await attempt
    assert not note.exists()
    await runner.aclose()


async def test_an_order_that_comes_too_late_does_not_meet_the_next_task(workers: ProcessRunner) -> None:
    """Cancel each at a different moment of its life; the tasks between them must never notice."""
    runner = ProcessRunner(max_workers=1, kill_grace=0.0)
    for turn in range(24):
        attempt = asyncio.create_task(runner.run(functions.echo, turn, None, RecordingLink()))
        for _ in range(turn % 12):
            await asyncio.sleep(0)
        attempt.cancel()
        await asyncio.wait([attempt])
        assert await runner.run(functions.echo, turn, None, RecordingLink()) == turn
    await runner.aclose()


async def test_waiting_for_one_of_few_workers_can_be_cancelled(make_gate: Callable[[str], Path]) -> None:
    runner = ProcessRunner(max_workers=1)
    gate = make_gate("gate")
    link = RecordingLink()
    first = asyncio.create_task(runner.run(functions.say_then_wait, str(gate), None, link))
    await link.first("progress")
    second = asyncio.create_task(runner.run(functions.echo, 2, None, RecordingLink()))
    third = asyncio.create_task(runner.run(functions.echo, 3, None, RecordingLink()))
    await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    assert not first.done()

    await asyncio.to_thread(gate.write_text, "go")
    await first
    assert await third == 3
    await runner.aclose()


async def test_an_idle_worker_is_let_go_and_comes_back(lifeline: Lifeline) -> None:
    runner = ProcessRunner(idle_timeout=0.02)
    pid = await runner.run(functions.connect, lifeline.port, None, RecordingLink())
    await asyncio.to_thread(lifeline.wait_for_end)

    assert await pid_of(runner) != pid
    await runner.aclose()


async def test_closing_stops_what_runs_and_leaves_nothing(make_gate: Callable[[str], Path]) -> None:
    warm = ProcessRunner()
    await pid_of(warm)
    await warm.aclose()  # multiprocessing keeps a resource tracker and its pipe from the first start on
    gc.collect()
    descriptors = set(os.listdir("/proc/self/fd"))
    threads = set(threading.enumerate())
    children = set(multiprocessing.active_children())

    runner = ProcessRunner()
    hanging, booting = RecordingLink(), RecordingLink()
    stuck = asyncio.create_task(runner.run(functions.hang, None, None, hanging))
    await hanging.first("progress")
    early = asyncio.create_task(runner.run(functions.hang, None, None, booting))
    await asyncio.sleep(0)
    await runner.aclose()
    await runner.aclose()

    for attempt in (stuck, early):
        with pytest.raises((RetryableError, TaskCancelledError)):
            await attempt
    assert set(multiprocessing.active_children()) <= children
    assert set(threading.enumerate()) <= threads
    gc.collect()
    assert set(os.listdir("/proc/self/fd")) <= descriptors
    assert await runner.run(functions.echo, "again", None, RecordingLink()) == "again"
    await runner.aclose()


async def test_ctrl_c_is_for_the_program_alone(workers: ProcessRunner) -> None:
    assert await workers.run(functions.interrupt_itself, None, None, RecordingLink()) == "undisturbed"

    fresh = ProcessRunner()
    attempt = asyncio.create_task(fresh.run(functions.echo, 1, None, RecordingLink()))
    known = {child.pid for child in multiprocessing.active_children()}
    async with asyncio.timeout(20):
        while not (born := [c.pid for c in multiprocessing.active_children() if c.pid not in known]):
            await asyncio.sleep(0)
    for pid in born:
        assert pid is not None
        os.kill(pid, signal.SIGINT)  # while its interpreter is still starting
    assert await attempt == 1
    await fresh.aclose()


@pytest.mark.parametrize("function", ["connect", "connect_and_hang"])
def test_no_worker_outlives_a_program_that_is_killed(function: str, lifeline: Lifeline) -> None:
    program = f"""
        import asyncio
        from scheduler_core.runners.process import ProcessRunner
        from tests.core.runners import functions
        from tests.core.runners.recording_link import RecordingLink

        async def main():
            runner = ProcessRunner()
            await runner.run(functions.{function}, {lifeline.port}, None, RecordingLink())
            await asyncio.Event().wait()

        if __name__ == "__main__":
            asyncio.run(main())
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)]) as parent:
        lifeline.wait_for_begin()
        parent.kill()
        lifeline.wait_for_end()


async def test_starting_and_closing_never_hold_up_the_event_loop() -> None:
    loop = asyncio.get_running_loop()
    longest = 0.0
    last = time.perf_counter()

    def tick() -> None:
        nonlocal longest, last, ticking
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
        ticking = loop.call_later(0.001, tick)

    ticking = loop.call_soon(tick)
    runner = ProcessRunner()
    began = time.perf_counter()
    await asyncio.gather(*(runner.run(functions.echo, n, None, RecordingLink()) for n in range(3)))
    took = time.perf_counter() - began
    await runner.aclose()
    ticking.cancel()

    assert longest < took / 3
