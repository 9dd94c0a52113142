"""The test kit keeps its promises: a clock in hand, schedulers that are closed, waiting without sleeping."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler_core import RetryableError, RetryPolicy
from scheduler_core.testing import START, MakeScheduler, ManualClock, run_until_idle, until, until_quiet
from tests.core.support import Alpha, Job, Script, alpha, ended


def test_time_stands_still_until_it_is_advanced() -> None:
    clock = ManualClock()
    assert (clock.time(), clock.monotonic()) == (START, 0.0)
    clock.advance(1.5)
    clock.advance(timedelta(minutes=1))
    assert (clock.time(), clock.monotonic()) == (START + 61.5, 61.5)


def test_timers_fire_in_order_each_at_its_own_instant() -> None:
    clock, fired = ManualClock(), list[tuple[str, float]]()
    clock.call_later(3, lambda: fired.append(("third", clock.time() - START)))
    clock.call_later(1, lambda: fired.append(("first", clock.time() - START)))
    clock.call_later(1, lambda: fired.append(("second", clock.time() - START)))
    clock.call_later(9, lambda: fired.append(("never", clock.time() - START)))
    clock.advance(5)
    assert fired == [("first", 1.0), ("second", 1.0), ("third", 3.0)]
    assert clock.timers == [4.0]


def test_a_timer_set_by_a_timer_fires_in_the_same_advance() -> None:
    clock, fired = ManualClock(), list[float]()

    def again() -> None:
        clock.call_later(1, lambda: fired.append(clock.monotonic()))

    clock.call_later(1, again)
    clock.advance(5)
    assert fired == [2.0]


def test_a_cancelled_timer_does_not_fire_and_may_be_cancelled_again() -> None:
    clock, fired = ManualClock(), list[int]()
    timer = clock.call_later(1, lambda: fired.append(1))
    timer.cancel()
    timer.cancel()
    clock.advance(2)
    assert not fired
    assert not clock.timers


def test_a_timer_that_cancels_another_one_due_at_once() -> None:
    clock, fired = ManualClock(), list[int]()
    clock.call_later(1, lambda: second.cancel())
    second = clock.call_later(1, lambda: fired.append(2))
    clock.advance(1)
    assert not fired


def test_the_wall_clock_jumps_alone() -> None:
    clock, fired = ManualClock(), list[int]()
    clock.call_later(10, lambda: fired.append(1))
    clock.jump(3600)
    clock.jump(timedelta(hours=-2))
    assert (clock.time(), clock.monotonic()) == (START - 3600, 0.0)
    assert not fired


def test_time_does_not_go_backwards() -> None:
    with pytest.raises(ValueError, match="advance"):
        ManualClock().advance(-1)


def test_advance_to_the_next_timer() -> None:
    clock = ManualClock()
    assert not clock.advance_to_timer()
    clock.call_later(7, lambda: None)
    assert clock.advance_to_timer()
    assert clock.monotonic() == 7.0


async def test_a_timer_of_no_delay_fires_at_the_next_turn_of_the_loop() -> None:
    clock, fired = ManualClock(), list[int]()
    clock.call_later(0, lambda: fired.append(1))
    await until(lambda: bool(fired))
    assert clock.monotonic() == 0.0


async def test_run_until_idle_lets_the_delays_of_retries_pass(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script, default_retry=RetryPolicy.constant(3, 3600)))
    script.fails("job", RetryableError("one"), RetryableError("two"))
    await scheduler.domain(Alpha).submit(Job())
    began = time.monotonic()
    await run_until_idle(scheduler, manual_clock)
    assert time.monotonic() - began < 60
    assert manual_clock.monotonic() >= 7200
    assert await ended(scheduler) == {"job": "completed"}


async def test_run_until_idle_leaves_a_delayed_task_alone(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    await scheduler.domain(Alpha).submit(Job(), run_after=60)
    await run_until_idle(scheduler, manual_clock)
    assert not script.started
    assert scheduler.counts.pending == 1


async def test_until_quiet_returns_while_a_retry_waits(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script, default_retry=RetryPolicy.constant(1, 60)))
    script.fails("job", RetryableError("one"))
    await scheduler.domain(Alpha).submit(Job())
    await until_quiet(scheduler)
    assert script.started == ["job"]
    assert scheduler.counts.pending == 1


async def test_until_gives_up() -> None:
    with pytest.raises(TimeoutError, match="did not become true"):
        await until(lambda: False, patience=0.01)


def test_a_jump_is_told_to_whoever_watches() -> None:
    clock, told = ManualClock(), list[float]()
    undo = clock.watch_jumps(lambda: told.append(clock.time() - START))
    clock.call_later(10, lambda: told.append(-1))
    clock.jump(-5)
    clock.sleep(timedelta(minutes=1))
    assert told == [-5.0, 55.0]
    assert (clock.monotonic(), clock.timers) == (0.0, [10.0])
    clock.advance(1)
    undo()
    undo()
    clock.sleep(1)
    assert told == [-5.0, 55.0]
    with pytest.raises(ValueError, match="sleep"):
        clock.sleep(-1)


AUTHORS_TESTS = """
    import pytest
    from typing import ClassVar
    from scheduler_core import Domain, DomainKey, TypedTask
    from scheduler_core.testing import run_until_idle

    class Mine(DomainKey):
        name = "mine"

    class Dig(TypedTask[Mine]):
        task_type: ClassVar[str] = "dig"

    def make_mine():
        domain = Domain(Mine)
        @domain.executor(Dig)
        async def dig(task, ctx): ...
        return domain
"""


@pytest.fixture
def author(pytester: pytest.Pytester) -> Callable[[str], pytest.RunResult]:
    """Runs tests of somebody who knows nothing of this repository."""
    pytester._monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    pytester._monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    pytester.makeini(
        "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\nfilterwarnings = error"
    )
    pytester.makeconftest("pytest_plugins = ['scheduler_core.testing']")

    def run(tests: str) -> pytest.RunResult:
        pytester.makepyfile(textwrap.dedent(AUTHORS_TESTS) + textwrap.dedent(tests))
        return pytester.runpytest_subprocess(timeout=60)

    return run


def test_it_is_a_plugin_for_anybodys_tests(author: Callable[[str], pytest.RunResult]) -> None:
    done = author("""
        async def test_it(make_scheduler, manual_clock):
            scheduler = await make_scheduler(make_mine())
            await scheduler.domain(Mine).submit(Dig())
            await run_until_idle(scheduler, manual_clock)
            assert scheduler.counts.completed == 1
    """)
    done.assert_outcomes(passed=1)


@pytest.mark.parametrize("returned", ["[make_mine()]", "make_mine()"])
def test_a_scheduler_over_the_authors_domains_is_a_fixture(
    author: Callable[[str], pytest.RunResult], returned: str
) -> None:
    """It is open, on the clock that the test has in hand, and it is closed when the test is over."""
    done = author(f"""
        @pytest.fixture
        def domains():
            return {returned}

        kept = []

        async def test_it(scheduler, manual_clock):
            kept.append(scheduler)
            await scheduler.domain(Mine).submit(Dig(), run_after=60)
            manual_clock.advance(60)
            await run_until_idle(scheduler)
            assert scheduler.counts.completed == 1

        async def test_it_has_been_closed():
            await kept[0].wait_idle()
            with pytest.raises(Exception, match="not open"):
                await kept[0].domain(Mine).submit(Dig())
    """)
    done.assert_outcomes(passed=2)


def test_who_forgets_the_domains_is_told(author: Callable[[str], pytest.RunResult]) -> None:
    done = author("async def test_it(scheduler): ...")
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*fixture `scheduler`: it has no domains. Write a fixture `domains`*"])
