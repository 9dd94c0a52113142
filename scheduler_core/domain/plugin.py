"""What a plugin package hands to a program: one `DomainPlugin` at an entry point of the group `tidemill.domains`.

It lives in the core so that a plugin's headless modules need nothing else.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar, cast, runtime_checkable

from pydantic import BaseModel

from scheduler_core.domain.domain import Domain
from scheduler_core.errors import InvalidArgumentError, WrongTypeError
from scheduler_core.model.base import Frozen
from scheduler_core.model.snapshot import JobSummary
from scheduler_core.model.typed import DomainKey

if TYPE_CHECKING:
    from scheduler_core.scheduler import Scheduler

S = TypeVar("S", bound=BaseModel)

ENTRY_POINT_GROUP = "tidemill.domains"
_ACTION_NAME = re.compile(r"[A-Za-z0-9-]+")


@dataclass(frozen=True)
class PluginServices:
    """What the program lends a plugin.

    `data_dir` is the plugin's own folder, `library_dir` the one that domains share. `tell(title, text)` shows a message
    to the person, from any thread. `job_summary(tag, value)` answers how a job goes.
    """

    data_dir: Path
    library_dir: Path
    tell: Callable[[str, str], None]
    job_summary: Callable[[str, str], Awaitable[JobSummary | None]]


class HealthReport(Frozen):
    """Whether a domain can work here and now; `message` says what is missing and how to get it."""

    ok: bool
    message: str = ""


class DropReceipt(Frozen):
    """What became of a drop: one job, found by its tag."""

    job_tag: str
    job_value: str
    task_ids: tuple[int, ...]
    title: str


class DropHandler(Protocol):
    """Takes files and folders that a person drops."""

    @property
    def title(self) -> str:
        """What a person reads, such as "Take in"."""
        ...

    def accepts(self, paths: Sequence[Path]) -> bool:
        """Does it take all of these?"""
        ...

    async def submit(self, paths: Sequence[Path], scheduler: Scheduler) -> DropReceipt:
        """Make one job of them."""
        ...


@runtime_checkable
class LinkHandler(Protocol):
    """What a `DropHandler` has besides if it takes web links too, alone or together with files and folders."""

    def accepts_links(self, links: Sequence[str]) -> bool:
        """Does it take all of these? They begin with `http:` or `https:`."""
        ...

    async def submit_drop(
        self, paths: Sequence[Path], links: Sequence[str], scheduler: Scheduler
    ) -> DropReceipt:
        """Make one job of all of them."""
        ...


ActionOutcome = str | DropReceipt | None
"""What came of an action: a sentence for the person, the job that it made, or nothing to tell."""


@dataclass(frozen=True)
class PluginAction:
    """Something that a person may have done, by a menu: "Check the mirror now".

    `name` is stable, of letters, digits and `-`; `title` is what a person reads, `description` one sentence about it, or
    empty. `run` is awaited on the event loop; what it raises is told to the person. Raises `InvalidArgumentError` or
    `WrongTypeError` for a name or a title that is none.
    """

    name: str
    title: str
    run: Callable[[Scheduler], Awaitable[ActionOutcome]]
    description: str = ""

    def __post_init__(self) -> None:
        thing = f"Action {self.name!r}"
        for key in ("name", "title", "description"):
            value: object = getattr(self, key)
            if not isinstance(value, str):
                raise WrongTypeError(
                    thing, f"its {key} is of type {type(value).__name__}", f"Give it a {key} that is text"
                )
        if _ACTION_NAME.fullmatch(self.name) is None:
            raise InvalidArgumentError(
                thing, "a name has letters, digits and - only", "Call it something like check-now"
            )
        if not self.title.strip():
            raise InvalidArgumentError(thing, "it has no title", "Give it one that a person can read")
        if not callable(self.run):
            raise WrongTypeError(thing, "its run cannot be called", "Give it an async function")


class DomainPlugin(ABC, Generic[S]):
    """One domain as a package: its key, its settings, and how it is built from them."""

    key: ClassVar[type[DomainKey]]
    settings_model: ClassVar[type[BaseModel]]
    panel: ClassVar[str | None] = None
    """`package.module:factory` of a Qt panel, imported only where there is a window."""
    rebuilds: ClassVar[bool] = True
    """May `build` be called again while tasks of the domain it made before run? False: what runs is interrupted for
    other settings, and a new object builds."""

    @abstractmethod
    def build(self, settings: S, services: PluginServices) -> Domain[Any]:
        """The domain, with its executors registered. Called in a thread, when the program opens its data.

        Where `rebuilds`, it is called again, on the same object, when settings have changed: the new domain takes the
        place of the old one (`Scheduler.replace_domain`). Tasks that start from then on have the new executors, those
        that run keep theirs. What old and new must share (a lock, a pool) is kept in the plugin; what is done once (a
        sweep of what a crash left) is done at the first call.
        """

    def health(self, settings: S) -> HealthReport:
        """Whether it can work here and now."""
        return HealthReport(ok=True)

    def drop_handlers(self) -> Sequence[DropHandler]:
        """What it does with files that are dropped."""
        return ()

    def actions(self) -> Sequence[PluginAction]:
        """What a person may have it do, in the order of its menu; no two of one name.

        Asked in a thread, after each `build`: what it offers may depend on the settings that it was built with.
        """
        return ()


def checked_actions(plugin: DomainPlugin[Any]) -> tuple[PluginAction, ...]:
    """What a plugin offers, once it is known to be right. Raises whatever `actions` raises, and `InvalidArgumentError` or
    `WrongTypeError` for two of one name and for what is no action.
    """
    found: dict[str, PluginAction] = {}
    # Whatever its type says: an author's code may return anything.
    for one in cast("Sequence[object]", plugin.actions()):
        if not isinstance(one, PluginAction):
            raise WrongTypeError(
                f"Actions of {plugin.key.name}", f"{one!r} is no PluginAction", "Offer actions only"
            )
        if one.name in found:
            raise InvalidArgumentError(
                f"Actions of {plugin.key.name}", f"two are called {one.name}", "Give each a name of its own"
            )
        found[one.name] = one
    return tuple(found.values())
