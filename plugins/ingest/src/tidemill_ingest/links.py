"""Links of the web: what is one, and what a person would call it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from tidemill_ingest.paths import shown

_LONGEST_NAME: Final = 150
_NOT_IN_NAMES: Final = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


def is_link(text: str) -> bool:
    """Is it an address of the web, with a host?"""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def link_name(url: str) -> str:
    """What a person would call it: the last part of its path, else its host."""
    parts = urlsplit(url)
    last = unquote(parts.path.rstrip("/").rpartition("/")[2])
    return clean_name(last) or parts.hostname or url


def clean_name(name: str) -> str:
    """A name without folders, and without what some system does not allow in one."""
    cleaned = _NOT_IN_NAMES.sub("_", shown(name)).strip(" .")
    if len(cleaned) > _LONGEST_NAME:
        suffix = Path(cleaned).suffix[:16]
        cleaned = cleaned[: _LONGEST_NAME - len(suffix)] + suffix
    return cleaned
