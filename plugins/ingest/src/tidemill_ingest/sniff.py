"""What a file is, told from its first bytes alone; its name is not looked at here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

HEAD_SIZE: Final = 64 * 1024
"""How many bytes `sniff` wants to see (fewer only when the file is shorter)."""

_MIN_CONFIDENCE: Final = 0.4  # puremagic's: a tenth for each byte that matched; less is a guess


class Family(StrEnum):
    """The kinds of content whose mix-up matters. The value reads well after "it is"."""

    PICTURE = "a picture"
    MEDIA = "sound or film"
    DOCUMENT = "a document"
    ARCHIVE = "an archive"
    PROGRAM = "a program"
    TEXT = "text"
    UNKNOWN = "of no known type"


@dataclass(frozen=True)
class Kind:
    """What the content is: its family, the type's name for a person, and its usual extension (no dot; may be
    "").
    """

    family: Family
    title: str
    extension: str = ""


UNKNOWN: Final = Kind(Family.UNKNOWN, "data")
TEXT: Final = Kind(Family.TEXT, "text", "txt")

# Signatures where puremagic is unsure of the family or answers with a rarer type that begins alike.
_SIGNATURES: Final = (
    (b"\xff\xd8\xff", Kind(Family.PICTURE, "JPEG", "jpg")),
    (b"\x89PNG\r\n\x1a\n", Kind(Family.PICTURE, "PNG", "png")),
    (b"GIF87a", Kind(Family.PICTURE, "GIF", "gif")),
    (b"GIF89a", Kind(Family.PICTURE, "GIF", "gif")),
    (b"II*\0", Kind(Family.PICTURE, "TIFF", "tif")),
    (b"MM\0*", Kind(Family.PICTURE, "TIFF", "tif")),
    (b"8BPS", Kind(Family.PICTURE, "Photoshop", "psd")),
    (b"\x7fELF", Kind(Family.PROGRAM, "ELF", "elf")),
    (b"\xfe\xed\xfa\xce", Kind(Family.PROGRAM, "Mach-O")),
    (b"\xfe\xed\xfa\xcf", Kind(Family.PROGRAM, "Mach-O")),
    (b"\xce\xfa\xed\xfe", Kind(Family.PROGRAM, "Mach-O")),
    (b"\xcf\xfa\xed\xfe", Kind(Family.PROGRAM, "Mach-O")),
    (b"\xca\xfe\xba\xbe", Kind(Family.PROGRAM, "Mach-O or Java class")),
    (b"\0asm", Kind(Family.PROGRAM, "WebAssembly", "wasm")),
    (b"PK\x03\x04", Kind(Family.ARCHIVE, "ZIP", "zip")),
    (b"PK\x05\x06", Kind(Family.ARCHIVE, "ZIP", "zip")),
    (b"\x1f\x8b", Kind(Family.ARCHIVE, "gzip", "gz")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind(Family.ARCHIVE, "OLE compound file")),
    (b"ID3", Kind(Family.MEDIA, "MP3", "mp3")),
)
_PICTURE_BRANDS: Final = {
    b"avif": Kind(Family.PICTURE, "AVIF", "avif"),
    b"avis": Kind(Family.PICTURE, "AVIF", "avif"),
    b"heic": Kind(Family.PICTURE, "HEIC", "heic"),
    b"heix": Kind(Family.PICTURE, "HEIC", "heic"),
    b"mif1": Kind(Family.PICTURE, "HEIF", "heif"),
    b"msf1": Kind(Family.PICTURE, "HEIF", "heif"),
    b"crx ": Kind(Family.PICTURE, "Canon raw", "cr3"),
}
_MIME_FAMILIES: Final = {
    "image": Family.PICTURE,
    "video": Family.MEDIA,
    "audio": Family.MEDIA,
    "text": Family.TEXT,
}
_ARCHIVE_TYPES: Final = ("compress", "7z", "x-xz", "x-bzip", "x-tar", "rar", "zstd")
_TEXT_CONTROLS: Final = frozenset(b"\t\n\r\f\b\x1b")
_NOT_TEXT: Final = bytes(code for code in range(0x20) if code not in _TEXT_CONTROLS)


def sniff(head: bytes) -> Kind:
    """The kind of the content that begins with `head` (its first `HEAD_SIZE` bytes). Never raises."""
    return (
        _by_signature(head)
        or _by_container(head)
        or (TEXT if is_text(head) else None)
        or _by_library(head)
        or UNKNOWN
    )


def is_text(head: bytes) -> bool:
    """Whether `head` reads as text: UTF-16/32 with its mark, or an ASCII-based encoding without odd control
    bytes.
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")):
        return True
    if head.translate(None, _NOT_TEXT) != head:
        return False
    if not head:
        return False
    # A text in any language is at least half UTF-8; random bytes without control bytes are not.
    undecodable = head.decode("utf-8", "replace").count("\ufffd")
    return undecodable * 10 <= len(head)


def _by_signature(head: bytes) -> Kind | None:
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    # Readers accept a PDF whose header comes a little late.
    if b"%PDF-" in head[:1024]:
        return Kind(Family.DOCUMENT, "PDF", "pdf")
    # "BM" and "MZ" begin many a text, so their headers are looked at as well.
    if head[:2] == b"BM" and len(head) >= 18 and head[6:10] == b"\0\0\0\0" and head[15:18] == b"\0\0\0":
        return Kind(Family.PICTURE, "BMP", "bmp")
    if head[:2] == b"MZ" and not is_text(head):
        return Kind(Family.PROGRAM, "Windows program", "exe")
    return None


def _by_container(head: bytes) -> Kind | None:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind(Family.PICTURE, "WebP", "webp")
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        compatible = (head[at : at + 4] for at in range(16, min(64, len(head)), 4))
        if brand in (
            b"mif1",
            b"msf1",
        ):  # "some picture": what it is stands in the compatible brands
            brand = next(
                (other for other in compatible if other in (b"avif", b"heic", b"heix")),
                brand,
            )
        return _PICTURE_BRANDS.get(brand, Kind(Family.MEDIA, "MP4", "mp4"))
    return None


def _by_library(head: bytes) -> Kind | None:
    # Its table of signatures is for the first file, not for the start of the program.
    import puremagic

    try:
        matches: list[Any] = puremagic.magic_string(head)  # pyright: ignore[reportUnknownMemberType] - untyped
    except (puremagic.PureError, ValueError):
        return None
    for match in matches:
        if match.confidence < _MIN_CONFIDENCE:
            break
        family = _family_of_mime(match.mime_type)
        if family is not None:
            extension = match.extension.lstrip(".").lower()
            return Kind(family, extension.upper() or match.name, extension)
    return None


def _family_of_mime(mime: str) -> Family | None:
    major, _, minor = mime.partition("/")
    if major in _MIME_FAMILIES:
        return _MIME_FAMILIES[major]
    if any(part in minor for part in _ARCHIVE_TYPES):
        return Family.ARCHIVE
    return None
