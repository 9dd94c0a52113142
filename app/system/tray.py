"""The tray icon and its menu: pause all and for how long, the domains' switches, the last failures, open, quit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from app.models.pauses import PauseChoice, end_of, find_pause, until_text
from app.system.tray_icon import TrayState, tray_icon
from scheduler_core import DomainHandle, Scheduler

_LABEL = 48


def _short(label: str) -> str:
    """A name that leaves the menu narrow."""
    return label if len(label) <= _LABEL else f"{label[: _LABEL - 1]}…"


class TrayCommands(Protocol):
    """What the menu asks for."""

    def set_domain_on(self, name: str, on: bool) -> None: ...

    def pause_all(self, until: datetime | None = None, reason: str | None = None) -> None: ...

    def resume_all(self) -> None: ...


class Tray(QObject):
    """The icon of the app, from its start to its end; the switches come and go with the scheduler.

    Only for desktops where `QSystemTrayIcon.isSystemTrayAvailable()`. `failure_requested(int)` says which one of the
    menu's failures was chosen, from 0. (Qt has no drops on a tray's icon, on any system.)
    """

    failure_requested = Signal(int)
    open_requested = Signal()
    quit_requested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.icon = QSystemTrayIcon(self)
        self._scheduler: Scheduler | None = None
        self._state: TrayState | None = None
        self._undo: list[Callable[[], object]] = []
        self._switches: list[QAction] = []
        self._failures: list[QAction] = []
        self._menu = QMenu()
        self._menu.setObjectName("tray-menu")
        self._open = self._action("tray-open", self.open_requested.emit)
        self._menu.addSeparator()
        self._pause = self._action("tray-pause-all", None)
        self._pause_hour = self._action("tray-pause-hour", None)
        self._pause_tomorrow = self._action("tray-pause-tomorrow", None)
        self._resume = self._action("tray-resume-all", None)
        self._before_quit = self._menu.addSeparator()
        self._quit = self._action("tray-quit", self.quit_requested.emit)
        self.icon.setContextMenu(self._menu)
        self.icon.activated.connect(self._on_activated)
        self.speak()
        self.icon.show()

    @property
    def menu(self) -> QMenu:
        """The menu, for tests and scripting; its actions have stable object names."""
        return self._menu

    @property
    def state(self) -> TrayState:
        """What the icon shows now."""
        return self._state or TrayState.IDLE

    def speak(self) -> None:
        """Says everything in the language that is in force now; switches and failures come with `attach`."""
        self._open.setText(self.tr("Open Tidemill"))
        self._pause.setText(self.tr("Pause all"))
        self._pause_hour.setText(self.tr("Pause all for 1 hour"))
        self._pause_tomorrow.setText(self.tr("Pause all until tomorrow (8:00)"))
        self._quit.setText(self.tr("Quit"))
        self._refresh()

    def attach(self, scheduler: Scheduler, commands: TrayCommands, titles: dict[str, str]) -> None:
        """Adds one switch a domain and follows the scheduler's state; `titles` by domain name."""
        self.detach()
        self._scheduler = scheduler
        self._connect(self._pause, lambda: commands.pause_all())
        self._connect(self._resume, commands.resume_all)
        for action, choice in (
            (self._pause_hour, PauseChoice.HOUR),
            (self._pause_tomorrow, PauseChoice.TOMORROW),
        ):
            self._connect(action, lambda choice=choice: commands.pause_all(end_of(choice, datetime.now(UTC))))
        self._follow(scheduler.pauses_changed, self._on_change)
        self._menu.insertSeparator(self._before_quit).setObjectName("tray-switches")
        for handle in scheduler.domains():
            self._add_switch(handle, commands, titles.get(handle.name, handle.name))
            self._follow(handle.counts_changed, self._on_change)
        self._refresh()

    def show_failures(self, failures: Sequence[tuple[str, str]]) -> None:
        """The last failures, newest first: what failed, and why."""
        for action in self._failures:
            self._menu.removeAction(action)
            action.deleteLater()
        self._failures = []
        if not failures or self._scheduler is None:
            return
        self._failures.append(self._menu.insertSeparator(self._before_quit))
        for number, (label, error) in enumerate(failures):
            text = self.tr("Failed: {0}").format(_short(label))
            action = QAction(text.replace("&", "&&"), self._menu)
            action.setObjectName(f"tray-failure-{number}")
            action.setToolTip(error)
            action.triggered.connect(lambda _=False, n=number: self.failure_requested.emit(n))
            self._menu.insertAction(self._before_quit, action)
            self._failures.append(action)

    def detach(self) -> None:
        """Forgets the scheduler; what is left in the menu is open and quit. Idempotent."""
        undo, self._undo = self._undo, []
        for step in undo:
            step()
        self._scheduler = None
        self.show_failures([])
        switches, self._switches = self._switches, []
        for action in switches:
            self._menu.removeAction(action)
            action.deleteLater()
        if (separator := self._menu.findChild(QAction, "tray-switches")) is not None:
            self._menu.removeAction(separator)
            separator.deleteLater()
        self._refresh()

    def close(self) -> None:
        """Takes the icon off the tray. Idempotent."""
        self.detach()
        self.icon.hide()
        self.icon.setContextMenu(None)  # pyright: ignore[reportArgumentType] - the stub forgets that None is allowed
        self._menu.deleteLater()

    def _add_switch(self, handle: DomainHandle[Any], commands: TrayCommands, title: str) -> None:
        action = QAction(title, self._menu)
        action.setObjectName(f"tray-switch-{handle.name}")
        action.setCheckable(True)
        action.setChecked(not handle.is_paused)
        name = handle.name
        # `triggered` comes from a person only, so that following the handle never answers back.
        action.triggered.connect(lambda on: commands.set_domain_on(name, on))

        def follow(paused: bool) -> None:
            action.setChecked(not paused)
            self._refresh()

        self._menu.insertAction(self._before_quit, action)
        self._switches.append(action)
        self._follow(handle.paused_changed, follow)

    def _action(self, name: str, slot: Callable[[], None] | None) -> QAction:
        action = QAction(self._menu)
        self._menu.addAction(action)
        action.setObjectName(name)
        if slot is not None:
            action.triggered.connect(lambda: slot())
        return action

    def _connect(self, action: QAction, slot: Callable[[], None]) -> None:
        connection = action.triggered.connect(lambda: slot())
        self._undo.append(lambda: action.triggered.disconnect(connection))

    def _follow(self, signal: Any, slot: Callable[..., None]) -> None:
        signal.connect(slot)
        self._undo.append(lambda: signal.disconnect(slot, missing_ok=True))

    def _on_change(self, _value: object) -> None:
        self._refresh()

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.open_requested.emit()

    def _refresh(self) -> None:
        scheduler = self._scheduler
        paused = scheduler is not None and scheduler.is_paused
        until = self._until()
        self._pause.setVisible(not paused)
        self._resume.setVisible(paused)
        self._resume.setText(
            self.tr("Resume all (paused until {0})").format(until) if until else self.tr("Resume all")
        )
        for action in (self._pause, self._pause_hour, self._pause_tomorrow):
            action.setEnabled(scheduler is not None)
        state = self._current_state()
        if state != self._state:
            self._state = state
            self.icon.setIcon(tray_icon(state, QGuiApplication.palette()))
        tip = self._tooltip(state)
        if until and state is TrayState.PAUSED:
            tip = self.tr("Tidemill: paused until {0}").format(until)
        if tip != self.icon.toolTip():
            self.icon.setToolTip(tip)

    def _until(self) -> str:
        """When the pause of everything ends, in words; empty when it has no end or there is none."""
        if self._scheduler is None or not self._scheduler.is_paused:
            return ""
        pause = find_pause(self._scheduler.pauses(), "scheduler")
        return "" if pause is None or pause.until is None else until_text(pause.until, datetime.now(UTC))

    def _current_state(self) -> TrayState:
        scheduler = self._scheduler
        if scheduler is None:
            return TrayState.IDLE
        if scheduler.is_paused:
            return TrayState.PAUSED
        if scheduler.failure_count:
            return TrayState.ATTENTION
        return TrayState.BUSY if scheduler.counts.running else TrayState.IDLE

    def _tooltip(self, state: TrayState) -> str:
        return {
            TrayState.IDLE: self.tr("Tidemill: nothing to do"),
            TrayState.BUSY: self.tr("Tidemill: working"),
            TrayState.PAUSED: self.tr("Tidemill: paused"),
            TrayState.ATTENTION: self.tr("Tidemill: something failed"),
        }[state]
