"""What the palette offers while a session is open, besides the jobs: actions, pages, domains and settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.language import named
from app.models.palette_model import Entry
from app.models.pauses import PauseChoice, end_of
from app.pages.actions import Deed

if TYPE_CHECKING:
    from app.bridge.session import Session

_NOT_FOR_PEOPLE = ("welcome_done", "tray_hint_shown")


def deed_entries(deeds: Iterable[Deed]) -> list[Entry]:
    """One a page or an action, with its shortcut."""
    return [
        Entry(f"do:{deed.name}", deed.title, deed.group, deed.run, deed.keys_text, deed.icon)
        for deed in deeds
    ]


def domain_entries(session: Session, show_page: Callable[[str], None]) -> list[Entry]:
    """For each domain: its page, its switch the other way round, pauses that end by themselves, what its plugin offers."""
    titles = {plugin.name: plugin.title for plugin in session.plugins}
    commands, detail = session.commands, _tr("Domain")
    entries: list[Entry] = []
    for handle in session.scheduler.domains():
        name, off = handle.name, handle.is_paused
        title = titles.get(name, name.capitalize())

        def add(
            key: str, words: str, run: Callable[[], object], name: str = name, title: str = title
        ) -> None:
            entries.append(Entry(f"domain:{name}:{key}", words.format(title), detail, run, icon=name))

        add("open", _tr("Open {0}"), lambda name=name: show_page(name))
        add(
            "switch",
            _tr("Switch {0} on") if off else _tr("Switch {0} off"),
            lambda name=name, on=off: commands.set_domain_on(name, on),
        )
        for choice, words in (
            (PauseChoice.HOUR, _tr("Pause {0} for 1 hour")),
            (PauseChoice.TOMORROW, _tr("Pause {0} until tomorrow (8:00)")),
        ):
            add(
                f"pause-{choice}",
                words,
                lambda name=name, choice=choice: commands.pause_domain(
                    name, end_of(choice, datetime.now(UTC))
                ),
            )
        entries.extend(action_entries(session, name))
    return entries


def action_entries(session: Session, domain: str) -> list[Entry]:
    """What the plugin of a domain offers in its menu."""
    plugin = next((one for one in session.plugins if one.name == domain), None)
    if plugin is None:
        return []
    commands = session.commands
    return [
        Entry(
            f"plugin-action:{domain}:{one.name}",
            f"{plugin.title}: {named(one.title, domain)}",
            _tr("Action"),
            lambda one=one: commands.run_action(domain, one.name),
            icon=domain,
        )
        for one in commands.plugin_now(plugin).actions
    ]


def setting_entries(show_settings: Callable[[str], None]) -> list[Entry]:
    """Every setting that has a name for people; chosen, it opens the page of the settings where it stands."""
    from pydantic import BaseModel

    from app.settings_model import AppSettings

    entries: list[Entry] = []
    for section, field in AppSettings.model_fields.items():
        model = field.annotation
        if not (isinstance(model, type) and issubclass(model, BaseModel)):
            continue
        for name, one in model.model_fields.items():
            if one.title and name not in _NOT_FOR_PEOPLE:
                key = f"setting:{section}.{name}"
                title = QCoreApplication.translate("settings", one.title)
                run = lambda section=section: show_settings(section)  # noqa: E731
                entries.append(Entry(key, title, _tr("Setting"), run, icon="settings"))
    return entries


def all_entries(
    deeds: Sequence[Deed],
    session: Session | None,
    show_domain: Callable[[str], None],
    show_settings: Callable[[str], None],
) -> list[Entry]:
    """Everything that can be chosen now; without a session that is pages and actions."""
    entries = deed_entries(deeds)
    if session is not None:
        entries += domain_entries(session, show_domain)
        entries += setting_entries(show_settings)
    return entries


def _tr(text: str) -> str:
    return QCoreApplication.translate("palette", text)
