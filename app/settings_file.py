"""The settings' TOML file: read, checked value by value, and written again with what a person wrote around it."""

from __future__ import annotations

import copy
import logging
import os
import tempfile
import tomllib
from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from app.problem import Problem, describe_exception
from app.settings_model import AppSettings

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

log = logging.getLogger(__name__)


def read_settings(path: Path, good: AppSettings) -> tuple[AppSettings, tuple[Problem, ...]]:
    """What the file says, and what is wrong in it, one Problem a value. What is bad has its value in `good`."""
    try:
        raw = tomllib.loads(_text(_content(path)))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return good, (_unreadable(path, error),)
    return _validated(path, raw, good)


def write_settings(
    path: Path, before: AppSettings, sections: Mapping[str, Mapping[str, Any]]
) -> tuple[AppSettings, tuple[Problem, ...]]:
    """Merges `sections` into the file and returns what is set then, and what is still wrong in the file.

    What somebody else has written meanwhile, up to the moment of writing, is merged with, and read too. Raises ValueError
    for a value the model refuses and OSError when the file cannot be written; then it is as before.
    """
    # Not for a start, which only reads: what keeps comments and order takes 10 ms to import.
    import tomlkit
    from tomlkit.exceptions import ParseError

    changes = {name: _plain(values) for name, values in sections.items()}
    wanted = before.model_dump()
    _merge(wanted, changes)
    value = AppSettings.model_validate(wanted)
    while True:
        try:
            before_it, document = _read(path)
        except (UnicodeDecodeError, ParseError):
            _set_aside(path)
            continue
        _merge(document, changes)
        if _write_atomically(path, tomlkit.dumps(document), instead_of=before_it):
            return _validated(path, document.unwrap(), value)


def _read(path: Path) -> tuple[bytes | None, TOMLDocument]:
    """What is in the file (None: there is none), and what that says."""
    import tomlkit

    content = _content(path)
    return content, tomlkit.parse(_text(content))


def _text(content: bytes | None) -> str:
    # Some editors put a mark of the encoding first; line ends are left as they are.
    return (content or b"").decode("utf-8-sig")


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _validated(
    path: Path, raw: dict[str, Any], last_good: AppSettings
) -> tuple[AppSettings, tuple[Problem, ...]]:
    problems: list[Problem] = []
    good = last_good.model_dump()
    while True:
        try:
            return AppSettings.model_validate(raw), tuple(problems)
        except ValidationError as error:
            first = error.errors()[0]
            place = _use_instead(raw, first["loc"], good)
            problems.append(
                Problem(
                    thing=f"Setting {'.'.join(place)} in {path}",
                    reason=f"{first['msg']} (found {first['input']!r})",
                    remedy="Correct it in the file or in the Settings window; until then the last good value is used",
                    severity="warning",
                )
            )


def _unreadable(path: Path, error: Exception) -> Problem:
    return Problem(
        thing=f"Settings file {path}",
        reason=describe_exception(error),
        remedy="Correct the file; until then the last good settings are used",
    )


def _set_aside(path: Path) -> None:
    """Keeps a file that is not TOML: a person's typing error must not cost them their settings."""
    number = 1
    while (kept := path.with_suffix(f".broken-{number}.toml")).exists():
        number += 1
    os.replace(path, kept)
    log.warning("%s is not TOML; kept as %s", path, kept)


def _plain(values: object) -> Any:
    """`values` as TOML can hold them."""
    if isinstance(values, BaseModel):
        return values.model_dump(mode="json", exclude_none=True)
    if isinstance(values, Mapping):
        return {str(key): _plain(value) for key, value in values.items()}
    if isinstance(values, str | bytes):
        return values
    if isinstance(values, Sequence | set | frozenset):
        return [_plain(value) for value in values]
    return str(values) if isinstance(values, Path) else values


def _merge(target: MutableMapping[str, Any], changes: Mapping[str, Any]) -> None:
    for key, value in changes.items():
        if value is None:
            target.pop(key, None)
        elif isinstance(value, Mapping):
            if not isinstance(target.get(key), MutableMapping):
                target[key] = {}
            _merge(target[key], value)
        elif key not in target or target[key] != value:
            target[key] = value


def _use_instead(raw: dict[str, Any], loc: tuple[int | str, ...], good: Mapping[str, Any]) -> tuple[str, ...]:
    """Replaces what is bad at `loc` by the last good value, else removes it; returns the place as names."""
    parts = [str(part) for part in loc]
    here: Any = raw
    fallback: Any = good
    for depth, part in enumerate(parts):
        inner = here[part]
        last = depth == len(parts) - 1 or not isinstance(inner, dict)
        fallback = fallback.get(part) if isinstance(fallback, Mapping) else None
        if last:
            if fallback is None:
                del here[part]
            else:
                here[part] = copy.deepcopy(fallback)
            return tuple(parts[: depth + 1])
        here = inner
    raise AssertionError("pydantic reported an error without a place")


def _write_atomically(path: Path, text: str, *, instead_of: bytes | None) -> bool:
    """Writes the file whole or not at all; False, and not at all, if it is not what it was when it was read.

    Only its owner may read it: plugins keep secrets there where the system has no better place.
    """
    # Whoever keeps it elsewhere has a link here, and it stays one.
    target = path.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if _content(target) != instead_of:
            Path(name).unlink()
            return False
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return True
