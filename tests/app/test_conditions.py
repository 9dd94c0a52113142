"""Battery, metered network and quiet hours: told when they change, and nothing is polled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.settings import SettingsStore
from app.settings_model import PressureSettings
from app.system.conditions import Conditions, is_quiet, next_edge
from app.system.metered import MeteredWatch
from app.system.power import PowerWatch
from app.system.wake import WakeWatch


class Plug:
    """Tells of the battery as the test wants it."""

    def __init__(self) -> None:
        self.tell: Callable[[bool], None] | None = None

    def begin(self, tell: Callable[[bool], None]) -> None:
        self.tell = tell

    def end(self) -> None:
        self.tell = None


class Network(QObject):
    """Qt's QNetworkInformation, as far as it is used."""

    isMeteredChanged = Signal(bool)  # noqa: N815

    def __init__(self) -> None:
        super().__init__()
        self.metered = False

    def isMetered(self) -> bool:
        return self.metered

    def set(self, metered: bool) -> None:
        self.metered = metered
        self.isMeteredChanged.emit(metered)


class Stage:
    """Conditions on a clock, a plug and a network that the test holds."""

    def __init__(self, folder: Path) -> None:
        self.settings = SettingsStore(folder / "settings.toml")
        self.plug, self.network = Plug(), Network()
        self.at = datetime(2026, 3, 2, 12, 0)  # noqa: DTZ001
        self.asked_battery: bool | None = None
        self.power = PowerWatch(None, self.plug, lambda: self.asked_battery)
        self.on = Conditions(
            self.settings,
            now=lambda: self.at.timestamp(),
            power=self.power,
            metered=MeteredWatch(None, self.network),
        )
        self.changes: list[dict[str, float]] = []
        self.on.changed.connect(lambda: self.changes.append(self.pressures))
        self.on.start()

    @property
    def pressures(self) -> dict[str, float]:
        return {source.name: source.pressure() for source in self.on.sources if source.pressure()}

    @property
    def timer(self) -> QTimer:
        (timer,) = self.on.findChildren(QTimer)
        return timer


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.on.close()
    made.on.close()


def test_what_is_off_is_not_watched_and_holds_nothing(stage: Stage) -> None:
    assert stage.pressures == {}
    assert stage.plug.tell is None
    stage.asked_battery = True
    stage.network.set(True)
    stage.on.look()
    assert (stage.pressures, stage.changes) == ({}, [])
    assert not stage.timer.isActive()


def test_the_battery_holds_work_from_the_moment_the_plug_is_pulled(stage: Stage) -> None:
    stage.settings.update(pressure={"battery": True})
    assert stage.plug.tell is not None
    stage.plug.tell(False)
    assert stage.pressures == {}
    stage.plug.tell(True)
    stage.plug.tell(True)
    assert stage.changes == [{"battery": 1.0}]
    stage.plug.tell(False)
    assert stage.changes == [{"battery": 1.0}, {}]
    stage.plug.tell(True)
    stage.settings.update(pressure={"battery": False})
    assert stage.pressures == {}
    assert stage.plug.tell is None


def test_where_nobody_tells_the_battery_is_looked_at_when_something_else_wakes(stage: Stage) -> None:
    stage.asked_battery = True
    stage.settings.update(pressure={"battery": True})
    assert stage.pressures == {"battery": 1.0}
    stage.asked_battery = None
    assert stage.pressures == {"battery": 1.0}
    stage.on.look()
    assert stage.pressures == {}


def test_a_metered_network_holds_work(stage: Stage) -> None:
    stage.network.set(True)
    stage.settings.update(pressure={"metered": True})
    assert stage.pressures == {"metered network": 1.0}
    stage.network.set(False)
    assert stage.pressures == {}


def test_quiet_hours_have_one_timer_for_their_next_edge(stage: Stage) -> None:
    stage.settings.update(pressure={"quiet": True, "quiet_from": time(13, 0), "quiet_until": time(14, 30)})
    assert stage.pressures == {}
    assert stage.timer.isSingleShot()
    assert stage.timer.interval() == 3_600_001
    stage.at = stage.at.replace(hour=13)
    stage.timer.timeout.emit()
    assert stage.pressures == {"quiet hours": 1.0}
    assert stage.timer.interval() == 5_400_001
    stage.at = stage.at.replace(hour=15)
    stage.on.look()
    assert stage.pressures == {}
    assert stage.timer.interval() == 6 * 3_600_000
    stage.settings.update(pressure={"quiet": False})
    assert not stage.timer.isActive()


HOURS = PressureSettings(quiet_from=time(22, 0), quiet_until=time(7, 0))


@pytest.mark.parametrize(
    ("hour", "minute", "quiet", "edge"),
    [
        (21, 59, False, datetime(2026, 3, 2, 22, 0)),  # noqa: DTZ001
        (22, 0, True, datetime(2026, 3, 3, 7, 0)),  # noqa: DTZ001
        (23, 30, True, datetime(2026, 3, 3, 7, 0)),  # noqa: DTZ001
        (0, 0, True, datetime(2026, 3, 2, 7, 0)),  # noqa: DTZ001
        (6, 59, True, datetime(2026, 3, 2, 7, 0)),  # noqa: DTZ001
        (7, 0, False, datetime(2026, 3, 2, 22, 0)),  # noqa: DTZ001
    ],
)
def test_quiet_hours_go_over_midnight(hour: int, minute: int, quiet: bool, edge: datetime) -> None:
    now = datetime(2026, 3, 2, hour, minute)  # noqa: DTZ001
    assert is_quiet(now, HOURS) is quiet
    assert next_edge(now, HOURS) == edge


def test_hours_that_begin_when_they_end_are_none(stage: Stage) -> None:
    stage.settings.update(pressure={"quiet": True, "quiet_from": time(12, 0), "quiet_until": time(12, 0)})
    assert stage.pressures == {}
    assert not stage.timer.isActive()


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_elsewhere_turning_to_the_window_counts_as_waking(qapp: Any, qtbot: QtBot, platform: str) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    watch = WakeWatch(window, platform=platform)
    woke: list[int] = []
    watch.woke.connect(lambda: woke.append(1))

    def turn_to_it() -> None:
        QApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))

    watch.start()
    watch.start()
    turn_to_it()
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowDeactivate))
    watch.stop()
    watch.stop()
    turn_to_it()
    assert woke == [1]
