"""Paths of any name as payload text, and as text a person can read."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit


def to_uri(path: Path) -> str:
    """`path`, made absolute, as a `file:` URI: plain ASCII, whatever bytes the name is made of."""
    return path.absolute().as_uri()


def from_uri(uri: str) -> Path:
    """The path of a `file:` URI made by `to_uri`, byte for byte. Raises ValueError for any other URI."""
    parts = urlsplit(uri)
    if parts.scheme != "file":
        raise ValueError(f"{uri!r} is not a file: address")
    if sys.platform == "win32":
        from urllib.request import url2pathname

        host = f"//{parts.netloc}" if parts.netloc else ""
        return Path(url2pathname(host + parts.path))
    # Not url2pathname: it decodes as strict UTF-8 and would lose the bytes of a name in another encoding.
    return Path(os.fsdecode(unquote_to_bytes(parts.path)))


def shown(path: Path | str) -> str:
    """`path` as valid Unicode on one line: undecodable bytes become U+FFFD, a control character its picture
    (␊).
    """
    text = os.fsencode(path).decode("utf-8", "replace")
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else character
