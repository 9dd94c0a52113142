"""What the scheduler works by: the settings at its start, and each change of them at once."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from app.bridge.work_anyway import WorkAnyway
from app.settings_model import AppSettings, PressureSettings
from app.work_settings import scheduler_config, throttle_policy
from scheduler_core import Priority, RateLimit, RetentionPolicy, ThrottlePolicy
from tests.app.pages.page_session import Stage, stage
from tests.app.pages.sessions import until
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Nothing, Wait

Script = Callable[[Stage], Coroutine[Any, Any, None]]
Play = Callable[[Script], None]


@pytest.fixture
def play(qtbot: QtBot, qapp: Any, tmp_path: Path) -> Play:
    """Runs a script on a real scheduler that follows its settings."""

    def run(script: Script) -> None:
        async def session() -> None:
            async with stage(tmp_path) as on:
                await script(on)

        run_on_qt(qapp, session())

    return run


def test_the_default_is_the_contracts_and_the_processor_never_counts() -> None:
    policy = throttle_policy(PressureSettings())
    assert sorted(policy.thresholds) == sorted(ThrottlePolicy().thresholds)
    assert set(policy.ignores) == {"cpu", "programs"}


def test_what_is_not_watched_holds_nobody_and_off_leaves_the_conditions() -> None:
    policy = throttle_policy(PressureSettings(disk=False, programs=True))
    assert set(policy.ignores) == {"cpu", "disk"}
    off = throttle_policy(PressureSettings(slow_down=False))
    assert {"cpu", "disk", "memory", "programs"} <= set(off.ignores)
    limit = off.limit(Priority.NORMAL)
    assert limit is not None
    assert limit < 1.0
    assert off.limit(Priority.HIGH) is None


def test_a_file_full_of_settings_is_the_config_of_the_scheduler() -> None:
    settings = AppSettings.model_validate(
        {
            "limits": {
                "max_concurrency": 3,
                "group": 2,
                "bandwidth": 1.5,
                "rates": {"tiny::wait": {"count": 30, "per": "minute"}},
            },
            "advanced": {"keep_days": 2, "keep_records": 500, "aging": True},
        }
    )
    config = scheduler_config(settings)
    assert (config.max_concurrency, config.default_group_concurrency) == (3, 2)
    assert config.bandwidth_limit == 1_500_000
    assert config.rate_limits == {"tiny::wait": RateLimit(rate=0.5, burst=30)}
    assert config.retention == RetentionPolicy(max_count=500, max_age=2 * 86_400)
    assert config.aging is not None


def test_each_change_applies_while_it_works(play: Play) -> None:
    async def script(on: Stage) -> None:
        settings = on.session.settings
        settings.update(limits={"max_concurrency": 2, "domains": {"tiny": 1}})
        assert (on.scheduler.max_concurrency, on.tiny.max_concurrency) == (2, 1)
        settings.update(limits={"domains": {"tiny": 0}})
        assert on.tiny.max_concurrency is None
        settings.update(limits={"domains": {"tiny": None}})
        assert on.tiny.max_concurrency == 8
        settings.update(pressure={"ordinary": 60, "background": 20})
        assert sorted(on.scheduler.throttle.thresholds) == [
            (Priority.NORMAL, 0.6),
            (Priority.BACKGROUND, 0.2),
        ]
        settings.update(limits={"rates": {"tiny::wait": {"count": 1, "per": "hour"}}})
        (rate,) = (await on.scheduler.snapshot()).rate_limits
        assert (rate.name, rate.limit.burst) == ("tiny::wait", 1)
        settings.update(limits={"rates": {"tiny::wait": None}})
        assert (await on.scheduler.snapshot()).rate_limits == ()

    play(script)


def test_groups_and_the_history_follow_too(play: Play) -> None:
    async def script(on: Stage) -> None:
        settings = on.session.settings
        settings.update(limits={"group": 1})
        await on.tiny.submit_batch([Wait(number=number) for number in range(3)], group="any")
        await until(lambda: on.tiny.counts.running == 1)
        settings.update(limits={"group": None})
        await until(lambda: on.tiny.counts.running == 3)
        on.gate.set()
        await on.tiny.submit_batch([Nothing(number=number) for number in range(120)])
        await on.settled()
        settings.update(advanced={"keep_records": 100})
        await until(lambda: on.tiny.counts.completed == 100)

    play(script)


def test_work_goes_on_anyway_until_the_time_is_over(play: Play) -> None:
    async def script(on: Stage) -> None:
        now = [1000.0]
        anyway = WorkAnyway(on.scheduler, on.session.settings, now=lambda: now[0])
        changes: list[bool] = []
        anyway.changed.connect(lambda: changes.append(anyway.until is not None))
        anyway.start(3600)
        assert on.scheduler.throttle == ThrottlePolicy([])
        assert anyway.until is not None
        assert anyway.until.timestamp() == 4600
        on.session.settings.update(pressure={"ordinary": 40})
        assert on.scheduler.throttle == ThrottlePolicy([])
        (timer,) = anyway.findChildren(QTimer)
        assert timer.isActive()
        anyway.look()
        assert anyway.until is not None
        now[0] = 4600.0
        anyway.look()
        assert on.scheduler.throttle.limit(Priority.NORMAL) == 0.4
        assert not timer.isActive()
        anyway.stop()
        assert changes == [True, False]

    play(script)
