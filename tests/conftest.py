"""What holds for every test: no real screen, no real data folder, and nothing left running behind."""

from __future__ import annotations

import asyncio
import gc
import inspect
import multiprocessing
import os
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import hypothesis
import pytest

# Before anybody makes a QApplication. The journeys start their own screen and say so to the program they start.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Tests read what the window says; it says it in the language of whoever runs them.
os.environ["LC_ALL"] = "C.UTF-8"
os.environ.pop("LANGUAGE", None)

hypothesis.settings.register_profile("default", deadline=None, max_examples=60, print_blob=True)
hypothesis.settings.register_profile("ci", deadline=None, max_examples=60, derandomize=True, print_blob=True)
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=2_000, print_blob=True)
hypothesis.settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "default")
)

PATIENCE_S = 5.0
GARBAGE_OBJECTS = 20_000


def pytest_unconfigure(config: pytest.Config) -> None:
    """Ends a process that threads, left behind by tests that failed, would keep for ever."""
    left = [one for one in threading.enumerate() if one is not threading.main_thread() and not one.daemon]
    for thread in left:
        thread.join(PATIENCE_S)
    if any(thread.is_alive() for thread in left):
        sys.stdout.flush()
        os._exit(pytest.ExitCode.TESTS_FAILED)


@pytest.fixture(scope="session", autouse=True)
def nobodys_data_is_touched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A program that a test starts without naming a data folder gets one that is thrown away."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data-home")))
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config-home")))
        patch.delenv("TIDEMILL_DATA_DIR", raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def garbage_is_collected_on_this_thread() -> Iterator[None]:
    """As in the app (app/system/garbage.py): a QObject that dies on another thread takes the process with it."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(scope="module", autouse=True)
def no_threads_or_processes_are_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a file of tests that leaves a thread or a worker process behind."""
    before = _threads()
    yield
    left = _wait_until_ended(before)
    assert not left, f"{_name(request)} left behind: {', '.join(left)}"


@pytest.fixture(autouse=True)
def no_tasks_timers_or_windows_are_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that leaves an asyncio task, a timer or a visible window behind."""
    if inspect.iscoroutinefunction(getattr(request, "function", None)):
        request.getfixturevalue("_no_tasks_or_timers_are_left")
    yield
    assert not gc.isenabled(), "the test switched Python's collector on, and with it that of every thread"
    if gc.get_count()[0] > GARBAGE_OBJECTS:
        gc.collect()
    left = _visible_windows()
    assert not left, f"windows left open: {', '.join(left)}"
    _delete_closed_windows()


@pytest.fixture
async def _no_tasks_or_timers_are_left() -> AsyncIterator[None]:
    yield
    loop = asyncio.get_running_loop()
    tasks = asyncio.all_tasks(loop) - {asyncio.current_task()}
    assert not tasks, f"tasks left behind: {tasks}"
    # No public way asks a loop for its timers.
    scheduled: list[asyncio.TimerHandle] = getattr(loop, "_scheduled", [])
    timers = [handle for handle in scheduled if not handle.cancelled()]
    assert not timers, f"timers left behind: {timers}"


def _threads() -> set[threading.Thread]:
    """Those that Python started. One of Qt's that logged something is on Python's list for ever, also when it is over."""
    return {one for one in threading.enumerate() if not isinstance(one, threading._DummyThread)}  # pyright: ignore[reportAttributeAccessIssue]


def _wait_until_ended(before: set[threading.Thread]) -> list[str]:
    """The names of threads that are not in `before` and of worker processes that do not end within PATIENCE_S."""
    deadline_s = time.monotonic() + PATIENCE_S
    for thread in _threads() - before:
        thread.join(max(0.0, deadline_s - time.monotonic()))
    for process in multiprocessing.active_children():
        process.join(max(0.0, deadline_s - time.monotonic()))
    return [
        *(f"thread {thread.name}" for thread in _threads() - before),
        *(f"process {process.name}" for process in multiprocessing.active_children()),
    ]


def _delete_closed_windows() -> None:
    """A window that was only closed lives on, since its slots hold it; each that is made later costs more for it."""
    if "PySide6.QtWidgets" not in sys.modules:
        return
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QApplication

    if QApplication.instance() is not None:
        for window in QApplication.topLevelWidgets():
            window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _visible_windows() -> list[str]:
    # A test that never came near Qt must not load it here.
    if "PySide6.QtWidgets" not in sys.modules:
        return []
    from PySide6.QtWidgets import QApplication

    if QApplication.instance() is None:
        return []
    return [
        window.objectName() or type(window).__name__
        for window in QApplication.topLevelWidgets()
        if window.isVisible()
    ]


def _name(request: pytest.FixtureRequest) -> str:
    return Path(str(request.node.path)).name
