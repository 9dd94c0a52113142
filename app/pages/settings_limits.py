"""Settings, Limits: how much runs at once, how often it starts, and what it may move. All of it applies at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.language import named
from app.models.problem_words import problem_words
from app.pages.session_links import SessionLinks
from app.pages.settings_page import SettingsPage
from app.problem import Problem
from app.settings_model import LimitSettings
from app.widgets.cap_box import CapBox
from app.widgets.rate_box import RateBox
from app.widgets.setting_controls import NUMBER_WIDTH
from app.widgets.setting_row import Hairline, SettingRow
from app.widgets.settings_form import SettingsForm

if TYPE_CHECKING:
    from app.bridge.session import Session
    from app.settings_model import RateSetting
    from scheduler_core import DomainHandle

_CAP = "max_concurrency"
_SHOWN = (_CAP, "group", "bandwidth")


class LimitsPage(SettingsPage):
    """Shows what the scheduler says; a change is asked of it, and what it refuses is told in the row."""

    def __init__(self, session: Session) -> None:
        super().__init__(
            "limits",
            self.tr("Limits"),
            self.tr("A task starts when all of them allow it: the limit over all domains, and those below."),
            session,
        )
        self._links = SessionLinks()
        self._is_asking = ""
        self.form = SettingsForm(LimitSettings, self._stored(), _SHOWN)
        self.form.changed.connect(self._on_changed)
        self.form.reset.connect(self._on_reset)
        self.add_card(self.form)
        self._titles = {plugin.name: plugin.title for plugin in session.plugins}
        handles = session.scheduler.domains()
        self._caps = {handle.name: self._cap_row(handle) for handle in handles}
        self.add_heading(self.tr("Tasks at once by domain"))
        self.add_card(_below_each_other([row for row, _ in self._caps.values()]))
        kinds = [(handle, kind) for handle in handles for kind in handle.task_types]
        self._rates = {self._qualified(handle, kind): self._rate_row(handle, kind) for handle, kind in kinds}
        if self._rates:
            self.add_heading(self.tr("How often tasks of a type may start"))
            self.add_card(_below_each_other([row for row, _ in self._rates.values()]))
        self.column.addStretch(1)

    def attach(self) -> None:
        """Follows the scheduler and the settings."""
        self._links.undo()
        scheduler, commands = self.session.scheduler, self.session.commands
        self._links.core(scheduler.max_concurrency_changed, self._show_form)
        self._links.core(self.session.settings.changed, self._show)
        for handle in scheduler.domains():
            self._links.core(handle.max_concurrency_changed, self._show_rows)
        self._links.qt(commands.failed, self._on_failed)
        self._links.qt(commands.settled, self._on_settled)
        self._show()

    def detach(self) -> None:
        """Lets the scheduler go."""
        self._links.undo()

    def _stored(self) -> dict[str, Any]:
        limits = self.session.settings.value.limits.model_dump()
        return {**limits, _CAP: self.session.scheduler.max_concurrency}

    def _show(self, *_: object) -> None:
        self._show_form()
        self._show_rows()

    def _show_form(self, *_: object) -> None:
        self.form.show_stored(self._stored())

    def _show_rows(self, *_: object) -> None:
        limits = self.session.settings.value.limits
        for handle in self.session.scheduler.domains():
            row, box = self._caps[handle.name]
            box.show_cap(handle.max_concurrency)
            row.set_differs(handle.name in limits.domains, self.tr("as its plugin says"))
        for name, (row, rate) in self._rates.items():
            rate.show_rate(limits.rates.get(name))
            row.set_differs(name in limits.rates, self.tr("no limit"))

    def _cap_row(self, handle: DomainHandle[Any]) -> tuple[SettingRow, CapBox]:
        title, name = self._titles.get(handle.name, handle.name), handle.name
        box = CapBox(self.tr("Most tasks of {0} at once").format(title), is_quiet=False)
        box.setFixedWidth(NUMBER_WIDTH)
        box.setObjectName(f"limits-concurrency-{name}")
        box.cap_chosen.connect(lambda cap: self._ask_cap(name, cap))
        row = SettingRow(title, "", box)
        row.reset_requested.connect(lambda: self._store(row, {"domains": {name: None}}))
        return row, box

    def _rate_row(self, handle: DomainHandle[Any], kind: str) -> tuple[SettingRow, RateBox]:
        name = self._qualified(handle, kind)
        domain = self._titles.get(handle.name, handle.name)
        task = named(kind.rpartition("::")[2], handle.name).replace("_", " ")
        task = task[:1].upper() + task[1:]
        title = self.tr("{0}: {1}").format(domain, task)
        box = RateBox(title)
        box.setObjectName(f"limits-rate-{name}")
        row = SettingRow(title, "", box)
        box.rate_chosen.connect(lambda rate: self._store_rate(row, name, rate))
        row.reset_requested.connect(lambda: self._store_rate(row, name, None))
        return row, box

    def _qualified(self, handle: DomainHandle[Any], kind: str) -> str:
        return kind if "::" in kind else f"{handle.name}::{kind}"

    def _on_changed(self, name: str, value: Any) -> None:
        if name == _CAP:
            self._is_asking = _CAP
            self.session.commands.set_max_concurrency(value)
        else:
            self._store(self.form.rows[name], {name: value})

    def _on_reset(self, name: str) -> None:
        if name == _CAP:
            self._on_changed(name, LimitSettings().max_concurrency)
        else:
            self._on_changed(name, None)

    def _ask_cap(self, name: str, cap: int | None) -> None:
        self._is_asking = name
        self.session.commands.set_domain_concurrency(name, cap)

    def _store_rate(self, row: SettingRow, name: str, rate: RateSetting | None) -> None:
        self._store(row, {"rates": {name: None if rate is None else rate.model_dump()}})

    def _store(self, row: SettingRow, changes: dict[str, Any]) -> None:
        error = self.store({"limits": changes})
        if error:
            self._show()
        row.set_error(error)

    def _on_settled(self) -> None:
        self._is_asking = ""

    def _on_failed(self, problem: Problem) -> None:
        if self._is_asking == _CAP:
            self._show_form()
            self.form.set_error(_CAP, str(problem_words(problem)))
        elif self._is_asking:
            self._show_rows()
            self._caps[self._is_asking][0].set_error(str(problem_words(problem)))


def _below_each_other(rows: list[SettingRow]) -> QWidget:
    room = QWidget()
    column = QVBoxLayout(room)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for place, row in enumerate(rows):
        if place:
            column.addWidget(Hairline())
        column.addWidget(row)
    return room
