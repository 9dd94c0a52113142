"""A folder of real, mixed files, as a person has them: good ones, odd ones and broken ones, with what to
expect.
"""

from __future__ import annotations

import hashlib
import os
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final, Literal

from PIL import Image, ImageDraw

RED, GREEN, BLUE, YELLOW = (210, 30, 30), (30, 170, 60), (40, 70, 210), (240, 210, 40)
CORNERS: Final = {
    "top-left": RED,
    "top-right": GREEN,
    "bottom-left": BLUE,
    "bottom-right": YELLOW,
}
"""The colours that a picture made here shows in its corners when it is upright."""

# For each EXIF orientation, which upright corner lies where in the stored pixels (top-left, top-right,
# bottom-left, bottom-right). Written down from the EXIF standard ("the 0th row is at the visual ... side, the
# 0th column at the visual ... side"), not computed by the library that the tests are to check.
STORED_CORNERS: Final = {
    1: ("top-left", "top-right", "bottom-left", "bottom-right"),
    2: ("top-right", "top-left", "bottom-right", "bottom-left"),
    3: ("bottom-right", "bottom-left", "top-right", "top-left"),
    4: ("bottom-left", "bottom-right", "top-left", "top-right"),
    5: ("top-left", "bottom-left", "top-right", "bottom-right"),
    6: ("top-right", "bottom-right", "top-left", "bottom-left"),
    7: ("bottom-right", "top-right", "bottom-left", "top-left"),
    8: ("bottom-left", "top-left", "bottom-right", "top-right"),
}

Outcome = Literal["taken", "refused", "no thumbnail"]


@dataclass(frozen=True)
class MixedFile:
    """One file: what becomes of it, and for a broken one the words its message must have.

    "refused": ingest does not take it. "no thumbnail": it is stored, but its thumbnail fails.
    """

    path: Path
    sha256: str
    is_picture: bool
    outcome: Outcome = "taken"
    reason: str = ""


@dataclass(frozen=True)
class MixedFolder:
    """What `make_mixed_folder` made. `left_out` are entries that no task is made for (hidden, system files,
    loops).
    """

    root: Path
    files: tuple[MixedFile, ...]
    left_out: tuple[Path, ...]

    @property
    def failures(self) -> tuple[MixedFile, ...]:
        """The files that end in Failures."""
        return tuple(file for file in self.files if file.outcome != "taken")

    @property
    def stored(self) -> frozenset[str]:
        """The SHA-256 of each content that ends in the library."""
        return frozenset(file.sha256 for file in self.files if file.outcome != "refused")

    @property
    def thumbnails(self) -> frozenset[str]:
        """The SHA-256 of each content that gets a thumbnail."""
        return frozenset(file.sha256 for file in self.files if file.is_picture and file.outcome == "taken")


def corner_picture(orientation: int = 1, size: tuple[int, int] = (96, 64), mark: int = 0) -> Image.Image:
    """The stored pixels of a picture that is upright, `size` large and has `CORNERS` once `orientation` is
    applied.

    `mark` changes a small pattern in the middle, so that pictures differ.
    """
    width, height = size if orientation <= 4 else (size[1], size[0])
    picture = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(picture)
    for index, corner in enumerate(STORED_CORNERS[orientation]):
        left, top = (index % 2) * width // 2, (index // 2) * height // 2
        draw.rectangle((left, top, left + width // 2, top + height // 2), fill=CORNERS[corner])
    for bit in range(16):
        if mark >> bit & 1:
            x, y = width // 2 - 8 + bit % 4 * 4, height // 2 - 8 + bit // 4 * 4
            draw.rectangle((x, y, x + 3, y + 3), fill=(255, 255, 255))
    return picture


def jpeg(orientation: int = 1, size: tuple[int, int] = (96, 64), mark: int = 0) -> bytes:
    """A JPEG with an EXIF orientation."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return _saved(corner_picture(orientation, size, mark), "JPEG", quality=90, exif=exif)


def png(mark: int = 0, size: tuple[int, int] = (96, 64)) -> bytes:
    """A PNG."""
    return _saved(corner_picture(1, size, mark), "PNG")


def webp(mark: int = 0) -> bytes:
    """A WebP."""
    return _saved(corner_picture(mark=mark), "WEBP", quality=90)


def gif(mark: int = 0, frames: int = 1) -> bytes:
    """A GIF; its first frame has `CORNERS`, later ones (an animation) are turned round."""
    first = corner_picture(mark=mark)
    rest = [corner_picture(3, mark=mark + number) for number in range(1, frames)]
    return _saved(first, "GIF", save_all=frames > 1, append_images=rest)


def pdf(mark: int = 0) -> bytes:
    """A small PDF of one page."""
    return _saved(corner_picture(mark=mark), "PDF")


def truncated_jpeg(mark: int = 0) -> bytes:
    """A JPEG that ends in the middle of its pixels."""
    noise = random.Random(mark)
    picture = Image.frombytes("RGB", (240, 160), noise.randbytes(240 * 160 * 3))
    whole = _saved(picture, "JPEG", quality=85)
    return whole[: len(whole) * 2 // 5]


def make_mixed_folder(root: Path, count: int = 200, seed: int = 0) -> MixedFolder:
    """Fills the new folder `root` with at least `count` files for which a task is made; the same `seed`, the
    same files.
    """
    root.mkdir(parents=True)
    files = [_write(root, spec) for spec in _odd_files(seed)]
    duplicate = files[0]
    for number in range(3):
        copy = root / "copies" / f"copy {number}.jpg"
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(duplicate.path.read_bytes())
        files.append(MixedFile(copy, duplicate.sha256, is_picture=True))
    files += [_write(root, spec) for spec in _plain_files(seed, count - len(files))]
    left_out = _add_left_out(root)
    if hasattr(os, "symlink") and sys.platform != "win32":
        link = root / "link to the first.jpg"
        link.symlink_to(duplicate.path)
        files.append(MixedFile(link, duplicate.sha256, is_picture=True))
    return MixedFolder(root, tuple(files), left_out)


@dataclass(frozen=True)
class _Spec:
    name: bytes
    content: bytes
    is_picture: bool = False
    outcome: Outcome = "taken"
    reason: str = ""


def _odd_files(seed: int) -> Iterator[_Spec]:
    mark = 5000 + seed
    yield _Spec(b"plain.jpg", jpeg(mark=mark), is_picture=True)
    yield _Spec(b"with many  spaces .png", png(mark + 1), is_picture=True)
    yield _Spec(
        "\N{BEACH WITH UMBRELLA}\ufe0f tide \N{WATER WAVE}.webp".encode(),
        webp(mark + 2),
        is_picture=True,
    )
    yield _Spec("Ünïcode – 日本.jpg".encode(), jpeg(6, mark=mark + 3), is_picture=True)
    yield _Spec(b"moving.gif", gif(mark + 4, frames=4), is_picture=True)
    yield _Spec(b"still.gif", gif(mark + 5), is_picture=True)
    yield _Spec(b"report.pdf", pdf(mark + 6))
    yield _Spec(b"notes.txt", f"The tide comes in.\nIt goes out again. {seed}\n".encode())
    yield _Spec(b"table.csv", f"day,height\nMonday,{seed + 3.2}\n".encode())
    yield _Spec(b"no extension", f"read me, {seed}\n".encode())
    yield _Spec(b"old encoding.txt", f"caf\xe9 cr\xe8me {seed}\n".encode("latin-1"))
    yield _Spec(b"%41 100% #1?.jpg", jpeg(3, mark=mark + 7), is_picture=True)
    yield _Spec(b"-rf.png", png(mark + 8), is_picture=True)
    yield _Spec(b"x" * 240 + b".jpg", jpeg(8, mark=mark + 9), is_picture=True)
    # Another picture type than its name says: taken, under the right extension.
    yield _Spec(b"really a jpeg.png", jpeg(mark=mark + 10), is_picture=True)
    if sys.platform not in ("win32", "darwin"):
        yield _Spec(b"caf\xe9 \xff.jpg", jpeg(5, mark=mark + 11), is_picture=True)
        yield _Spec(b"r\xe9sum\xe9.txt", f"not UTF-8 in its name, {seed}\n".encode())
        yield _Spec(b"two\nlines.png", png(mark + 12), is_picture=True)
    # Broken ones.
    yield _Spec(b"cut off.jpg", truncated_jpeg(seed), True, "no thumbnail", "cut off")
    yield _Spec(b"nothing in it.txt", b"", False, "refused", "empty")
    yield _Spec(
        b"invoice.pdf",
        b"\x7fELF\x02\x01\x01" + bytes(57) + bytes([seed % 256]),
        False,
        "refused",
        "a program",
    )
    yield _Spec(b"scan.pdf", png(mark + 13), False, "refused", "a picture")
    yield _Spec(
        b"portrait.jpg",
        f"this is no picture at all {seed}\n".encode(),
        False,
        "refused",
        "text",
    )


def _plain_files(seed: int, count: int) -> Iterator[_Spec]:
    makers: tuple[tuple[str, Callable[[int], bytes]], ...] = (
        *((f"turned {turn}.jpg", lambda mark, turn=turn: jpeg(turn, mark=mark)) for turn in range(1, 9)),
        ("drawing.png", png),
        ("photo.webp", webp),
        ("small.gif", gif),
        ("text.md", lambda mark: f"# Note {mark}\n".encode()),
    )
    folders = ("", "2024/", "2024/spring tide/", "2025/deep/deeper/deepest/")
    for number in range(count):
        name, make = makers[number % len(makers)]
        folder = folders[number // len(makers) % len(folders)]
        yield _Spec(
            f"{folder}{number:04} {name}".encode(),
            make(seed * 1000 + number),
            not name.endswith(".md"),
        )


def _add_left_out(root: Path) -> tuple[Path, ...]:
    left_out = [
        root / ".hidden" / "secret.jpg",
        root / ".DS_Store",
        root / "Thumbs.db",
        root / "2024" / "desktop.ini",
    ]
    for path in left_out:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"system file")
    if sys.platform != "win32":
        loop, outside, dead = (
            root / "2024" / "loop",
            root / "outside",
            root / "dead.jpg",
        )
        loop.symlink_to(root)
        outside.symlink_to(root.parent)
        dead.symlink_to(root / "never was.jpg")
        left_out += [loop, outside, dead]
    return tuple(left_out)


def _write(root: Path, spec: _Spec) -> MixedFile:
    path = root / os.fsdecode(spec.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(spec.content)
    sha256 = hashlib.sha256(spec.content).hexdigest()
    return MixedFile(path, sha256, spec.is_picture, spec.outcome, spec.reason)


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()
