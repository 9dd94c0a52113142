"""How each domain, its types of task and its tasks are called, and how it is coloured, as its plugin says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.language import named
from app.plugin_host.host import LoadedPlugin
from scheduler_core import TaskHistoryRecord, TaskRecord


@dataclass(frozen=True)
class DomainLook:
    """A domain's title, its theme token ("series-1") and its place among the others."""

    title: str
    token: str
    order: int


Looks = Mapping[str, DomainLook]


def domain_looks(plugins: Iterable[LoadedPlugin]) -> dict[str, DomainLook]:
    """The look of each domain by its name, in the order of the plugins."""
    return {
        plugin.name: DomainLook(plugin.title, plugin.color, place) for place, plugin in enumerate(plugins)
    }


def look_of(looks: Looks, domain: str) -> DomainLook:
    """The look of `domain`; one without a plugin (it was removed) comes last, under its own name."""
    return looks.get(domain) or DomainLook(domain, "series-8", len(looks))


def type_name(qualified: str) -> str:
    """The task type without its domain, as its plugin calls it: "take" for "ingest::take"."""
    domain, _, name = qualified.rpartition("::")
    return named(name, domain)


def task_name(task: TaskRecord | TaskHistoryRecord) -> str:
    """What a task is called: mostly a name of a person's own, else a word of its plugin."""
    return named(task.label, task.domain)
