"""The app's settings: a pydantic model, kept as TOML that a person may read and edit.

Comments, order and unknown keys of the file survive every save. A bad value is reported as one Problem and its
last good value, else its default, is used; the file keeps what the person wrote until that very key is changed.
"""

from __future__ import annotations

import copy
import logging
import os
import tempfile
from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Any, Literal

import tomlkit
from psygnal import Signal
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from tomlkit.exceptions import ParseError

from app.problem import Problem, describe_exception

log = logging.getLogger(__name__)

Theme = Literal["system", "light", "dark"]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class GeneralSettings(_Section):
    """How the window looks and behaves."""

    theme: Theme = Field(default="system", title="Appearance", description="Light, dark, or as the system is")
    welcome_done: bool = Field(
        default=False, title="Welcome was shown", description="Off shows the welcome page again"
    )
    close_to_tray: bool = Field(
        default=True,
        title="Keep working in the tray",
        description="Closing the window leaves the work running, if there is a tray",
    )
    notifications: bool = Field(
        default=True, title="Notifications", description="Messages about finished jobs and failures"
    )
    tray_hint_shown: bool = Field(
        default=False,
        title="Tray hint was shown",
        description="The message about working on in the tray was shown once",
    )


class LimitSettings(_Section):
    """How much runs at once."""

    max_concurrency: int = Field(
        default=8, ge=1, le=64, title="Tasks at once", description="Over all domains together"
    )
    domains: dict[str, int] = Field(
        default_factory=dict,
        title="Tasks at once by domain",
        description="Overrides what the plugin declares",
    )


class PluginSettings(_Section):
    """Which plugins are used."""

    disabled: tuple[str, ...] = Field(
        default=(), title="Disabled plugins", description="Names of plugins that are never imported"
    )


class AppSettings(_Section):
    """Everything a person can set. `domains` holds, by domain, the values of the plugin's own settings model."""

    general: GeneralSettings = Field(default_factory=GeneralSettings)
    limits: LimitSettings = Field(default_factory=LimitSettings)
    plugins: PluginSettings = Field(default_factory=PluginSettings)
    domains: dict[str, dict[str, Any]] = Field(default_factory=dict)


class SettingsStore:
    """One settings file.

    `value` is always a valid AppSettings. `changed(AppSettings)` is emitted after a change was stored. `problems`
    lists what is wrong with the file now, one Problem a value. Construction reads the file and never raises.
    """

    changed = Signal(AppSettings)

    def __init__(self, path: Path) -> None:
        self.path = path
        self._value = AppSettings()
        self._problems: tuple[Problem, ...] = ()
        self.reload()

    @property
    def value(self) -> AppSettings:
        """The settings in force."""
        return self._value

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was wrong in the file when it was last read."""
        return self._problems

    def reload(self) -> None:
        """Reads the file again, keeping the last good value of whatever is bad in it."""
        before = self._value
        try:
            document = self._read()
        except (OSError, UnicodeDecodeError, ParseError) as error:
            self._problems = (self._unreadable(error),)
            log.warning("%s", self._problems[0])
            return
        self._value, self._problems = self._validated(document.unwrap())
        for problem in self._problems:
            log.warning("%s", problem)
        if self._value != before:
            self.changed.emit(self._value)

    def update(self, **sections: Mapping[str, Any]) -> None:
        """Changes values and stores them: `update(general={"theme": "dark"}, limits={"max_concurrency": 8})`.

        Mappings are merged into what is there; None removes a key. Raises ValueError for a value the model refuses
        and OSError when the file cannot be written; in both cases nothing has changed.
        """
        changes = {name: _plain(values) for name, values in sections.items()}
        wanted = self._value.model_dump()
        _merge(wanted, changes)
        value = AppSettings.model_validate(wanted)
        try:
            document = self._read()
        except (UnicodeDecodeError, ParseError):
            self._set_aside()
            document = tomlkit.document()
        _merge(document, changes)
        _write_atomically(self.path, tomlkit.dumps(document))
        before, self._value = self._value, value
        self._problems = self._validated(document.unwrap())[1]
        if value != before:
            self.changed.emit(value)

    def _read(self) -> tomlkit.TOMLDocument:
        try:
            return tomlkit.parse(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return tomlkit.document()

    def _validated(self, raw: dict[str, Any]) -> tuple[AppSettings, tuple[Problem, ...]]:
        problems: list[Problem] = []
        good = self._value.model_dump()
        while True:
            try:
                return AppSettings.model_validate(raw), tuple(problems)
            except ValidationError as error:
                first = error.errors()[0]
                place = _use_instead(raw, first["loc"], good)
                problems.append(
                    Problem(
                        thing=f"Setting {'.'.join(place)} in {self.path}",
                        reason=f"{first['msg']} (found {first['input']!r})",
                        remedy="Correct it in the file or in the Settings window; until then the last good value is used",
                        severity="warning",
                    )
                )

    def _unreadable(self, error: Exception) -> Problem:
        return Problem(
            thing=f"Settings file {self.path}",
            reason=describe_exception(error),
            remedy="Correct the file; until then the last good settings are used",
        )

    def _set_aside(self) -> None:
        """Keeps a file that is not TOML: a person's typing error must not cost them their settings."""
        number = 1
        while (kept := self.path.with_suffix(f".broken-{number}.toml")).exists():
            number += 1
        os.replace(self.path, kept)
        log.warning("%s is not TOML; kept as %s", self.path, kept)


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


def _write_atomically(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
