"""Whether a file is what its name claims.

The rule: a name is refused when it promises one family of content and the content is known to be of another
(a program or a picture called `invoice.pdf`, a text called `photo.jpg`), or when it promises a type that
always begins with a signature and the content has none (noise called `photo.jpg`). Everything else is taken:

- a picture of another picture type (a JPEG called `.png`) is taken, stored under the right extension, and
  noted;
- a name without an extension, or with one not known here, promises nothing;
- a name that promises a program hides nothing, and is not checked;
- content of no known type under a text or sound name is taken as it is (old encodings, rare codecs).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from tidemill_ingest.paths import shown
from tidemill_ingest.sniff import Family, Kind

_RAW_PICTURES: Final = {
    "cr2",
    "cr3",
    "nef",
    "nrw",
    "arw",
    "srf",
    "sr2",
    "dng",
    "orf",
    "rw2",
    "raf",
    "pef",
    "srw",
}
_SIGNED: Final = {
    *("jpg", "jpeg", "jpe", "jfif", "png", "gif", "webp", "bmp", "tif", "tiff", "avif", "heic", "heif"),
    "pdf",
}
_FAMILIES: Final = {
    Family.PICTURE: (_SIGNED - {"pdf"}) | {"dib", "psd"} | _RAW_PICTURES,
    Family.MEDIA: {
        *("mp4", "m4v", "mov", "mkv", "webm", "avi", "wmv", "mpg", "mpeg", "3gp", "ogv"),
        *("mp3", "m4a", "m4b", "aac", "flac", "wav", "ogg", "oga", "opus", "wma", "aiff"),
    },
    Family.DOCUMENT: {"pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "epub"},
    Family.ARCHIVE: {"zip", "gz", "tgz", "bz2", "xz", "7z", "rar", "tar", "zst"},
    Family.TEXT: {
        *("txt", "md", "rst", "tex", "rtf", "log", "srt", "csv", "tsv", "json", "xml", "html", "htm", "svg"),
        *("ini", "toml", "yaml", "yml", "py", "js", "css", "c", "h", "java", "sh"),
    },
}
_SAFE_EXTENSION: Final = re.compile(r"[a-z0-9]{1,10}")


class ClaimError(ValueError):
    """The file is refused. The message names the file, the reason and the way out."""


@dataclass(frozen=True)
class Verdict:
    """A file that is taken: the extension to store it under (no dot; may be "") and what is odd about it (or
    "").
    """

    extension: str
    note: str = ""


def judge(name: str, kind: Kind) -> Verdict:
    """Weighs the file name `name` against its content's `kind`. Raises ClaimError when it is refused."""
    suffix = PurePath(name).suffix.removeprefix(".").lower()
    claimed = next((family for family, known in _FAMILIES.items() if suffix in known), None)
    if claimed is not None and not _agree(claimed, kind):
        raise ClaimError(
            f"{shown(name)}: its name says {claimed.value} (.{suffix}), but it is {_described(kind)}. "
            "Give it the right extension, or leave it out"
        )
    if suffix in _SIGNED and kind.family is Family.UNKNOWN:
        raise ClaimError(
            f"{shown(name)}: it does not begin like a .{suffix} file, so it is damaged or something else. "
            "Open it to see what it is, or leave it out"
        )
    if kind.family is Family.PICTURE and suffix not in _RAW_PICTURES and kind.extension:
        return Verdict(kind.extension, _picture_note(suffix, kind))
    if _SAFE_EXTENSION.fullmatch(suffix):
        return Verdict(suffix)
    return Verdict(kind.extension)


def _agree(claimed: Family, kind: Kind) -> bool:
    if kind.family in (claimed, Family.UNKNOWN):
        return True
    # Office documents and e-books are archives inside.
    return claimed is Family.DOCUMENT and kind.family is Family.ARCHIVE


def _described(kind: Kind) -> str:
    return kind.family.value if kind.family is Family.TEXT else f"{kind.family.value} ({kind.title})"


def _picture_note(suffix: str, kind: Kind) -> str:
    same = {
        "jpeg": "jpg",
        "jpe": "jpg",
        "jfif": "jpg",
        "tiff": "tif",
        "dib": "bmp",
        "heif": "heic",
    }
    if suffix in ("", kind.extension) or same.get(suffix, suffix) == same.get(kind.extension, kind.extension):
        return ""
    return f"is a {kind.title} picture, stored as .{kind.extension}"
