"""`--set DOMAIN.KEY=VALUE`, checked against a plugin's settings model."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, Field

from app.plugin_host.overrides import Override, OverrideError, apply_overrides


class Mail(BaseModel):
    port: int = 25


class Model(BaseModel):
    limit: int = Field(3, ge=1)
    place: Path = Path("x")
    on: bool = False
    names: list[str] = Field(default_factory=list)
    text: str = ""
    mail: Mail = Field(default_factory=Mail)


def applied(*texts: str, stored: dict[str, object] | None = None) -> Model:
    overrides = [Override.parse(text) for text in texts]
    return Model.model_validate(apply_overrides(Model, stored or {}, overrides))


def test_values_become_what_the_model_wants() -> None:
    model = applied("d.limit=7", "d.place=/mnt/a b", "d.on=yes", 'd.names=["a", "b"]', "d.mail.port=587")
    assert model == Model(limit=7, place=Path("/mnt/a b"), on=True, names=["a", "b"], mail=Mail(port=587))


def test_a_text_stays_a_text_even_if_it_looks_like_a_number_or_holds_an_equals_sign() -> None:
    assert applied("d.text=5").text == "5"
    assert applied("d.text=a=b").text == "a=b"


def test_what_is_stored_stays_unless_it_is_overridden() -> None:
    assert applied("d.limit=7", stored={"limit": 4, "text": "kept"}) == Model(limit=7, text="kept")


@pytest.mark.parametrize("text", ["", "a", "a=b", "a.=b", ".b=c", "a.b"])
def test_another_form_is_refused(text: str) -> None:
    with pytest.raises(OverrideError, match=r"DOMAIN\.KEY=VALUE"):
        Override.parse(text)


def test_an_unknown_key_names_the_known_ones() -> None:
    with pytest.raises(OverrideError, match=r"d has no setting speed.*limit"):
        applied("d.speed=5")


def test_a_refused_value_names_the_option_and_the_reason() -> None:
    with pytest.raises(OverrideError, match=r"--set d\.limit=0: Input should be greater than or equal to 1"):
        applied("d.limit=0")
