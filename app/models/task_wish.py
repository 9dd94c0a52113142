"""Which tasks a list of tasks shows, and in what order: what a person chose, kept from one start to the next. Qt-free."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from scheduler_core import TaskOrder, TaskRecord, TaskStatus


@dataclass(frozen=True)
class TaskWish:
    """What is wanted; what is empty or None is not asked for. `within_s`: what ended in the last so many seconds."""

    statuses: tuple[str, ...] = ()
    domain: str | None = None
    task_type: str | None = None
    tag: tuple[str, str] | None = None
    text: str = ""
    within_s: int | None = None
    order: str = TaskOrder.DISPATCH.value

    @property
    def is_all(self) -> bool:
        """Is nothing filtered? An order filters nothing."""
        return self.cleared() == self

    def cleared(self) -> TaskWish:
        """Everything, in the same order."""
        return TaskWish(order=self.order)

    def options(self) -> dict[str, Any]:
        """What both lists of the scheduler are asked with."""
        return {
            "status": list(self.statuses) or None,
            "domain": self.domain,
            "task_type": self.task_type,
            "text": self.text or None,
            "tags": None if self.tag is None else dict([self.tag]),
        }

    def since(self, now: datetime) -> datetime | None:
        """From when on what ended is wanted."""
        return None if self.within_s is None else now - timedelta(seconds=self.within_s)

    def accepts_running(self, record: TaskRecord) -> bool:
        """Is this task that runs wanted?"""
        words = (record.label, record.key, record.last_error or "")
        return (
            (not self.statuses or TaskStatus.RUNNING.value in self.statuses)
            and self.domain in (None, record.domain)
            and self.task_type in (None, record.task_type)
            and (self.tag is None or record.tags.get(self.tag[0]) == self.tag[1])
            and any(self.text.casefold() in word.casefold() for word in words)
        )

    def to_text(self) -> str:
        """As it is kept."""
        return json.dumps(asdict(self))


def wish_from_text(text: str) -> TaskWish:
    """What was kept; everything, where nobody can read that."""
    try:
        kept = json.loads(text)
        return _checked(kept) if isinstance(kept, Mapping) else TaskWish()
    except (ValueError, TypeError, LookupError):
        return TaskWish()


def _checked(kept: Mapping[str, Any]) -> TaskWish:
    tag, within_s = kept["tag"], kept["within_s"]
    wish = TaskWish(
        statuses=tuple(TaskStatus(one).value for one in kept["statuses"]),
        tag=None if tag is None else (str(tag[0]), str(tag[1])),
        text=str(kept["text"]),
        within_s=None if within_s is None else int(within_s),
        order=TaskOrder(kept["order"]).value,
    )
    names = {key: kept[key] for key in ("domain", "task_type") if isinstance(kept[key], str)}
    return replace(wish, **names)


def tag_from_text(text: str) -> tuple[str, str] | None:
    """A tag as a person types it, "key=value"; None where there is no value yet."""
    key, _, value = text.partition("=")
    return (key.strip(), value.strip()) if key.strip() and value.strip() else None
