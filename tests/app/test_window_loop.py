"""What is ready runs in order and once, and leaves room for Qt; asyncio keeps its promises on it."""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time

import pytest
from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

from app.system.window_loop import LONGEST_TURN_S, WindowLoop
from tests.app.qt_loop import run_on_qt


def test_what_is_ready_runs_in_order_and_what_it_calls_runs_later(qapp: QCoreApplication) -> None:
    ran: list[str] = []

    async def script() -> None:
        loop = asyncio.get_running_loop()

        def first() -> None:
            ran.append("first")
            loop.call_soon(ran.append, "called by the first")

        loop.call_soon(first)
        loop.call_soon(ran.append, "second").cancel()
        loop.call_soon(ran.append, "third")
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    run_on_qt(qapp, script())
    assert ran == ["first", "third", "called by the first"]


def test_each_runs_in_its_context(qapp: QCoreApplication) -> None:
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="none")
    seen: list[str] = []

    async def script() -> None:
        context = contextvars.copy_context()
        context.run(variable.set, "given")
        asyncio.get_running_loop().call_soon(lambda: seen.append(variable.get()), context=context)
        asyncio.get_running_loop().call_soon(lambda: seen.append(variable.get()))
        await asyncio.sleep(0)

    run_on_qt(qapp, script())
    assert seen == ["given", "none"]


def test_an_error_is_told_to_the_loop_and_stops_nothing(qapp: QCoreApplication) -> None:
    told: list[str] = []
    ran: list[str] = []

    async def script() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: told.append(repr(context["exception"])))
        loop.call_soon(lambda: 1 / 0)
        loop.call_soon(ran.append, "next")
        await asyncio.sleep(0)

    run_on_qt(qapp, script())
    assert (told, ran) == (["ZeroDivisionError('division by zero')"], ["next"])


def test_qt_has_its_turn_among_thousands(qapp: QCoreApplication) -> None:
    order: list[str] = []

    async def script() -> None:
        loop = asyncio.get_running_loop()

        def work() -> None:
            if not order:
                QTimer.singleShot(0, qapp, lambda: order.append("qt"))
            order.append("work")
            until_s = time.perf_counter() + LONGEST_TURN_S / 4
            while time.perf_counter() < until_s:
                pass

        for _ in range(40):
            loop.call_soon(work)
        await asyncio.sleep(0)

    run_on_qt(qapp, script())
    assert order.count("work") == 40
    assert 0 < order.index("qt") < 20


def test_a_loop_of_qt_within_a_callback_goes_on_with_the_others(qapp: QCoreApplication) -> None:
    ran: list[str] = []

    async def script() -> None:
        loop = asyncio.get_running_loop()
        nested = QEventLoop()

        def wait() -> None:
            ran.append("waits")
            nested.exec()
            ran.append("waited")

        loop.call_soon(wait)
        loop.call_soon(ran.append, "beside")
        loop.call_soon(nested.quit)
        await asyncio.sleep(0)

    run_on_qt(qapp, script())
    assert ran == ["waits", "beside", "waited"]


def test_other_threads_reach_it(qapp: QCoreApplication) -> None:
    async def script() -> list[int]:
        loop = asyncio.get_running_loop()
        done = asyncio.Event()
        got: list[int] = []

        def call() -> None:
            for number in range(100):
                loop.call_soon_threadsafe(got.append, number)
            loop.call_soon_threadsafe(done.set)

        thread = threading.Thread(target=call)
        thread.start()
        await done.wait()
        thread.join()
        assert await asyncio.to_thread(sum, got) == 4950
        return got

    assert run_on_qt(qapp, script()) == list(range(100))


def test_closed_it_calls_nothing_any_more(qapp: QCoreApplication) -> None:
    ran: list[str] = []
    loop = WindowLoop(qapp)
    loop.run_until_complete(asyncio.sleep(0))
    loop.call_soon(ran.append, "too late")
    loop.close()
    loop.close()
    qapp.processEvents()
    assert ran == []


def test_a_running_loop_is_not_closed(qapp: QCoreApplication) -> None:
    async def script() -> None:
        with pytest.raises(RuntimeError, match="running"):
            asyncio.get_running_loop().close()
        await asyncio.sleep(0)

    run_on_qt(qapp, script())
