"""The app's settings, kept as TOML that a person may read and edit.

Comments, order and unknown keys of the file survive every save. A bad value is reported as one Problem and its
last good value, else its default, is used; the file keeps what the person wrote until that very key is changed.

The first picture needs two of them, and not the 200 ms that pydantic and tomlkit take to import: they come when `value`
is first asked for.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.first_look import FirstLook, read_first_look

if TYPE_CHECKING:
    from psygnal import SignalInstance

    from app.problem import Problem
    from app.settings_model import AppSettings

log = logging.getLogger(__name__)


class SettingsStore:
    """One settings file.

    `value` is always a valid AppSettings. `problems` lists what is wrong with the file now, one Problem a value. The file
    is read when the first of them is asked for; that never raises.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._value: AppSettings | None = None
        self._problems: tuple[Problem, ...] = ()

    @cached_property
    def changed(self) -> SignalInstance:
        """`changed(AppSettings)` is emitted after a change was stored or read."""
        from psygnal import SignalInstance

        from app.settings_model import AppSettings

        return SignalInstance((AppSettings,), name="changed")

    @property
    def first_look(self) -> FirstLook:
        """What the first picture needs; costs little before `value` was asked for, and is true afterwards."""
        if self._value is None:
            return read_first_look(self.path)
        general = self._value.general
        return FirstLook(general.theme, general.welcome_done, general.language)

    @property
    def value(self) -> AppSettings:
        """The settings in force."""
        return self.reload() if self._value is None else self._value

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was wrong in the file when it was last read."""
        if self._value is None:
            self.reload()
        return self._problems

    def reload(self) -> AppSettings:
        """Reads the file again, keeping the last good value of whatever is bad in it; returns what is in force."""
        from app.settings_file import read_settings
        from app.settings_model import AppSettings

        before = self._value
        value, self._problems = read_settings(self.path, before or AppSettings())
        for problem in self._problems:
            log.warning("%s", problem)
        return self._take_over(value, value if before is None else before, welcomed_once=True)

    def update(self, **sections: Mapping[str, Any]) -> None:
        """Changes values and stores them: `update(general={"theme": "dark"}, limits={"max_concurrency": 8})`.

        Mappings are merged into what is there; None removes a key. Raises ValueError for a value the model refuses
        and OSError when the file cannot be written; in both cases nothing has changed.
        """
        from app.settings_file import write_settings

        before = self.value
        value, self._problems = write_settings(self.path, before, sections)
        # It may be the very wish to be welcomed again.
        self._take_over(value, before, welcomed_once="welcome_done" not in sections.get("general", {}))

    def _take_over(self, value: AppSettings, before: AppSettings, *, welcomed_once: bool) -> AppSettings:
        if welcomed_once and before.general.welcome_done and not value.general.welcome_done:
            # A file that was removed takes the settings back to their defaults, but nobody is welcomed twice in one run.
            value = value.model_copy(
                update={"general": value.general.model_copy(update={"welcome_done": True})}
            )
        self._value = value
        if value != before:
            self.changed.emit(value)
        return value
