"""A few letters find the name that a person means."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from app.models.fuzzy import fit, folded

NAMES = [
    "Show Overview",
    "Show Jobs",
    "Pause all, or resume all",
    "Pause Sync for 1 hour",
    "Switch Sync off",
    "Settings",
]


def best(typed: str, names: list[str]) -> str:
    scored = [(score, name) for name in names if (score := fit(typed, name)) is not None]
    return max(scored)[1]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("over", "Show Overview"),
        ("sj", "Show Jobs"),
        ("sync off", "Switch Sync off"),
        ("ps1", "Pause Sync for 1 hour"),
        ("pa all", "Pause all, or resume all"),
        ("SETT", "Settings"),
        ("off sync", "Switch Sync off"),
    ],
)
def test_the_one_that_is_meant_comes_first(typed: str, name: str) -> None:
    assert best(typed, NAMES) == name


def test_what_lacks_a_letter_does_not_fit() -> None:
    assert fit("xyz", "Show Overview") is None
    assert fit("overviewx", "Show Overview") is None
    assert fit("woleb", "below") is None


def test_case_and_accents_make_no_difference() -> None:
    assert folded("Überblick ÉTÉ") == "uberblick ete"
    assert fit("uber", "Überblick") is not None


@given(st.text(max_size=12), st.text(max_size=40))
def test_it_always_answers_and_a_name_fits_itself(typed: str, name: str) -> None:
    fit(typed, name)
    assert fit(name, name) is not None
