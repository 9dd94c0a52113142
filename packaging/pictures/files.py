"""What a person might drop: photographs, letters, and files that are broken in several ways."""

from __future__ import annotations

from pathlib import Path

from pictures.choice import ROOT


def photos(folder: Path, count: int) -> Path:
    """Large photographs, each with a content of its own; a thumbnail of one takes a second or so."""
    from PIL import Image

    folder.mkdir(parents=True)
    with Image.open(ROOT / "resources" / "samples" / "Misty hills.jpg") as sample:
        large = sample.resize((6000, 4000), Image.Resampling.BICUBIC)
    pattern = folder / "DSC_0000.jpg"
    large.save(pattern, quality=92)
    content = pattern.read_bytes()
    for number in range(1, count):
        (folder / f"DSC_{number:04}.jpg").write_bytes(_with_comment(content, f"photograph {number}"))
    return folder


def texts(folder: Path, name: str, count: int) -> Path:
    """Small letters in folders by year."""
    for number in range(count):
        year = folder / str(1998 + number * 17 // count)
        year.mkdir(parents=True, exist_ok=True)
        (year / f"{name} {number:04}.txt").write_text(f"{name} number {number} of that year.\n" * 40)
    return folder


def broken(folder: Path, count: int) -> Path:
    """A card of a camera that lost its power: cut off and empty pictures, some that are no pictures, some whole ones."""
    from tests.helpers.real_files import jpeg, truncated_jpeg

    folder.mkdir(parents=True)
    cut = truncated_jpeg()
    for number in range(count):
        (folder / f"IMG_{number:04}.jpg").write_bytes(_with_comment(cut, f"cut {number}"))
    for number in range(count // 6):
        (folder / f"MVI_{number:04}.avi").write_bytes(b"")
        (folder / f"whole {number:04}.jpg").write_bytes(jpeg(mark=number, size=(960, 640)))
    (
        folder / "Rechnung für Familie Wiesenhütter-Łukasiewicz vom 12. März (Kopie 2, unterschrieben).pdf"
    ).write_bytes(b"\x7fELF\x02\x01\x01" + bytes(57))
    return folder


def _with_comment(picture: bytes, text: str) -> bytes:
    """The same pixels under another digest."""
    words = text.encode()
    return picture[:2] + b"\xff\xfe" + (len(words) + 2).to_bytes(2, "big") + words + picture[2:]
