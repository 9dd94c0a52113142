"""Settings given on the command line for one run: `--set DOMAIN.KEY=VALUE`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from app.problem import KnownError


class OverrideError(KnownError):
    """A `--set` that cannot be used."""


@dataclass(frozen=True)
class Override:
    """One `--set`: the domain, the key (dots go into nested settings) and the value as it was typed."""

    domain: str
    key: str
    value: str

    @classmethod
    def parse(cls, text: str) -> Override:
        """Reads DOMAIN.KEY=VALUE; raises OverrideError for anything else."""
        place, equals, value = text.partition("=")
        domain, dot, key = place.strip().partition(".")
        if not (equals and dot and domain and key):
            raise OverrideError(
                f"--set {text}", "it is not of the form DOMAIN.KEY=VALUE", "For example --set NAME.KEY=5"
            )
        return cls(domain, key, value)

    def __str__(self) -> str:
        return f"--set {self.domain}.{self.key}={self.value}"


def apply_overrides(
    model: type[BaseModel], stored: Mapping[str, Any], overrides: Sequence[Override]
) -> dict[str, Any]:
    """`stored` with the overrides put in, checked against the plugin's settings model.

    A value is tried as it stands, then as TOML (numbers, lists). Raises OverrideError naming the option.
    """
    values = dict(stored)
    for override in overrides:
        _check_key(model, override)
        errors: list[ValidationError] = []
        for candidate in _readings(override.value):
            tried = _with_value(values, override.key.split("."), candidate)
            try:
                model.model_validate(tried)
            except ValidationError as error:
                errors.append(error)
            else:
                values = tried
                break
        else:
            first = errors[0].errors()[0]
            raise OverrideError(str(override), first["msg"], "Give a value the setting allows")
    return values


def _check_key(model: type[BaseModel], override: Override) -> None:
    name = override.key.partition(".")[0]
    names = {field.alias or key for key, field in model.model_fields.items()}
    if name not in names:
        known = ", ".join(sorted(names)) or "none"
        raise OverrideError(str(override), f"{override.domain} has no setting {name}", f"It has: {known}")


def _readings(text: str) -> list[Any]:
    try:
        return [text, tomllib.loads(f"value = {text}")["value"]]
    except tomllib.TOMLDecodeError:
        return [text]


def _with_value(values: Mapping[str, Any], keys: Sequence[str], value: Any) -> dict[str, Any]:
    copy = dict(values)
    inner = copy.get(keys[0])
    copy[keys[0]] = (
        value if len(keys) == 1 else _with_value(inner if isinstance(inner, Mapping) else {}, keys[1:], value)
    )
    return copy
