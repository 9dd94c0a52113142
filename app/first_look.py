"""The settings that the first picture needs, read before what reads and checks all of them is imported."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

_THEMES = ("light", "dark")
_LANGUAGES = ("en", "de")


@dataclass(frozen=True)
class FirstLook:
    """How the window looks, in which language, and whether it welcomes; the defaults are those of the settings."""

    theme: str = "system"
    welcome_done: bool = False
    language: str = "system"


def read_first_look(path: Path) -> FirstLook:
    """What the settings file says of it. What cannot be used here is left out: the settings tell of it later."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return FirstLook()
    # Not for somebody who has no file yet.
    import tomllib

    try:
        general: Any = tomllib.loads(text).get("general", {})
    except tomllib.TOMLDecodeError:
        return FirstLook()
    if not isinstance(general, dict):
        return FirstLook()
    theme, language = general.get("theme"), general.get("language")
    return FirstLook(
        theme if theme in _THEMES else "system",
        general.get("welcome_done") is True,
        language if language in _LANGUAGES else "system",
    )
