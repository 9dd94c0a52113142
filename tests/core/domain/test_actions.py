"""What a plugin offers in a menu is right, or is refused in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import pytest
from pydantic import BaseModel

from scheduler_core import (
    Domain,
    DomainKey,
    DomainPlugin,
    InvalidArgumentError,
    PluginAction,
    PluginServices,
    Scheduler,
    SchedulerError,
    TaskStore,
    WrongTypeError,
    checked_actions,
)


class Offers(DomainKey):
    name = "offers"


class Nothing(BaseModel):
    """No settings."""


class Offering(DomainPlugin[Nothing]):
    """Offers what the test gives it."""

    key: ClassVar[type[DomainKey]] = Offers
    settings_model: ClassVar[type[BaseModel]] = Nothing

    def __init__(self, offered: Sequence[Any] | None = None) -> None:
        self._offered = offered

    def build(self, settings: Nothing, services: PluginServices) -> Domain[Any]:
        return Domain(Offers)

    def actions(self) -> Sequence[PluginAction]:
        return super().actions() if self._offered is None else self._offered


async def count_domains(scheduler: Scheduler) -> str:
    return f"{len(scheduler.domains())} domains"


def action(name: str = "count-1") -> PluginAction:
    return PluginAction(name, "Count", count_domains)


async def test_an_action_is_run_with_the_scheduler() -> None:
    (offered,) = checked_actions(Offering([action()]))
    assert (offered.name, offered.title, offered.description) == ("count-1", "Count", "")
    async with Scheduler(store=TaskStore.in_memory(), domains=[Domain(Offers)]) as scheduler:
        assert await offered.run(scheduler) == "1 domains"


def test_a_plugin_offers_nothing_unless_it_says_so() -> None:
    assert checked_actions(Offering()) == ()


def test_actions_keep_their_order() -> None:
    names = ["b", "a", "C"]
    assert [one.name for one in checked_actions(Offering([action(name) for name in names]))] == names


@pytest.mark.parametrize("name", ["", "two words", "dot.dot", "über", "a/b", "line\n", "under_score"])
def test_a_name_of_other_signs_is_refused(name: str) -> None:
    with pytest.raises(InvalidArgumentError, match="letters, digits and - only") as caught:
        action(name)
    assert repr(name) in caught.value.thing
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": 7}, "its name is of type int"),
        ({"title": None}, "its title is of type NoneType"),
        ({"title": "  "}, "it has no title"),
        ({"description": b"x"}, "its description is of type bytes"),
        ({"run": "later"}, "its run cannot be called"),
    ],
)
def test_an_action_without_words_or_work_is_refused(wrong: dict[str, Any], words: str) -> None:
    given: dict[str, Any] = {"name": "a", "title": "A", "run": count_domains, "description": ""}
    with pytest.raises(SchedulerError, match=words):
        PluginAction(**(given | wrong))


def test_two_of_one_name_are_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="two are called twin") as caught:
        checked_actions(Offering([action("twin"), action("other"), action("twin")]))
    assert caught.value.thing == "Actions of offers"


def test_what_is_no_action_is_refused() -> None:
    with pytest.raises(WrongTypeError, match="'Count' is no PluginAction"):
        checked_actions(Offering(["Count"]))
