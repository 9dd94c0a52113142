"""What a file is, from its bytes; and whether that is what its name says."""

from __future__ import annotations

import gzip
import io
import random
import zipfile

import pytest
from PIL import Image

from tests.helpers.real_files import gif, jpeg, pdf, png, truncated_jpeg, webp
from tidemill_ingest.claims import ClaimError, Verdict, judge
from tidemill_ingest.sniff import Family, Kind, sniff


def saved(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(buffer, kind)
    return buffer.getvalue()


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    return buffer.getvalue()


ELF = b"\x7fELF\x02\x01\x01" + bytes(57)
WINDOWS = b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff" + bytes(100)
MP4 = b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + bytes(100)
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)
AVIF_BY_MIF1 = b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf" + bytes(100)
MP3 = b"ID3\3\0\0\0\0\0\0" + bytes(100)
NOISE = b"\x01\x02\x03\x04" + random.Random(3).randbytes(4000)


@pytest.mark.parametrize(
    ("content", "family", "extension"),
    [
        (jpeg(6), Family.PICTURE, "jpg"),
        (truncated_jpeg(), Family.PICTURE, "jpg"),
        (png(), Family.PICTURE, "png"),
        (gif(frames=3), Family.PICTURE, "gif"),
        (webp(), Family.PICTURE, "webp"),
        (saved("BMP"), Family.PICTURE, "bmp"),
        (saved("TIFF"), Family.PICTURE, "tif"),
        (saved("AVIF"), Family.PICTURE, "avif"),
        (HEIC, Family.PICTURE, "heic"),
        (AVIF_BY_MIF1, Family.PICTURE, "avif"),
        (MP4, Family.MEDIA, "mp4"),
        (MP3, Family.MEDIA, "mp3"),
        (b"RIFF\x24\0\0\0WAVEfmt " + bytes(100), Family.MEDIA, "wav"),
        (b"fLaC" + bytes(60), Family.MEDIA, "flac"),
        (pdf(), Family.DOCUMENT, "pdf"),
        (b"\n\n" + pdf(), Family.DOCUMENT, "pdf"),
        (zipped(), Family.ARCHIVE, "zip"),
        (gzip.compress(b"x"), Family.ARCHIVE, "gz"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(60), Family.ARCHIVE, "7z"),
        (ELF, Family.PROGRAM, "elf"),
        (WINDOWS, Family.PROGRAM, "exe"),
        (b"plain words\n", Family.TEXT, "txt"),
        (b"BM is how this text begins, and MZ is in it", Family.TEXT, "txt"),
        (b"MZ begins this one", Family.TEXT, "txt"),
        ("Gezeiten, приливы, 潮汐\n".encode(), Family.TEXT, "txt"),
        ("Gezeiten".encode("utf-16"), Family.TEXT, "txt"),
        ("La marée monte, puis elle redescend à nouveau.\n".encode("latin-1"), Family.TEXT, "txt"),
        (b"#!/bin/sh\necho\n", Family.TEXT, "txt"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', Family.TEXT, "txt"),
        (NOISE, Family.UNKNOWN, ""),
        (b"", Family.UNKNOWN, ""),
    ],
    ids=lambda value: repr(value[:12]) if isinstance(value, bytes) else str(value),
)
def test_content_is_known_by_its_bytes(content: bytes, family: Family, extension: str) -> None:
    kind = sniff(content)
    assert (kind.family, kind.extension) == (family, extension)


@pytest.mark.parametrize(
    ("name", "content", "stored_as"),
    [
        ("a.JPEG", jpeg(), "jpg"),
        ("a.jfif", jpeg(), "jpg"),
        ("no extension", jpeg(), "jpg"),
        ("photo.unheard", b"words\n", "unheard"),
        ("scan.tiff", saved("TIFF"), "tif"),
        ("raw.NEF", saved("TIFF"), "nef"),
        ("letter.docx", zipped(), "docx"),
        ("book.epub", zipped(), "epub"),
        ("things.jar", zipped(), "jar"),
        ("notes.md", b"# hello\n", "md"),
        ("drawing.svg", b"<svg/>", "svg"),
        ("Makefile", b"all:\n", "txt"),
        ("odd.na-me?", b"all:\n", "txt"),
        ("program", ELF, "elf"),
        ("library.so.6", ELF, "6"),
        ("setup.exe", b"only text\n", "exe"),
        ("song.mp3", NOISE, "mp3"),
        ("film.m4a", MP4, "m4a"),
        ("old.doc", b"plain words\n", "doc"),
        ("noise.txt", NOISE, "txt"),
        ("noise.bin", NOISE, "bin"),
    ],
)
def test_honest_and_open_names_are_taken(name: str, content: bytes, stored_as: str) -> None:
    assert judge(name, sniff(content)) == Verdict(stored_as)


def test_a_picture_of_another_type_is_taken_under_the_right_extension_and_noted() -> None:
    assert judge("shot.png", sniff(jpeg())) == Verdict("jpg", "is a JPEG picture, stored as .jpg")


@pytest.mark.parametrize(
    ("name", "content", "it_is"),
    [
        ("invoice.pdf", ELF, "a program (ELF)"),
        ("invoice.PDF", WINDOWS, "a program (Windows program)"),
        ("scan.pdf", png(), "a picture (PNG)"),
        ("photo.jpg", b"words\n", "text"),
        ("photo.jpg", pdf(), "a document (PDF)"),
        ("photo.jpg", zipped(), "an archive (ZIP)"),
        ("notes.txt", png(), "a picture (PNG)"),
        ("letter.docx", b"words\n", "text"),
        ("song.mp3", b"words\n", "text"),
        ("backup.zip", ELF, "a program (ELF)"),
    ],
)
def test_a_name_that_promises_another_family_is_refused(name: str, content: bytes, it_is: str) -> None:
    with pytest.raises(ClaimError) as caught:
        judge(name, sniff(content))
    message = str(caught.value)
    assert message.startswith(f"{name}: ")
    assert f"but it is {it_is}" in message
    assert "right extension" in message


def test_noise_is_refused_under_a_name_that_promises_a_signature() -> None:
    with pytest.raises(ClaimError, match=r"photo\.jpg: it does not begin like a \.jpg file"):
        judge("photo.jpg", sniff(NOISE))


def test_messages_name_any_file_in_one_valid_line() -> None:
    with pytest.raises(ClaimError) as caught:
        judge("two\nlines \udcff.pdf", Kind(Family.TEXT, "text"))
    assert str(caught.value).startswith("two␊lines \N{REPLACEMENT CHARACTER}.pdf: ")
    str(caught.value).encode("utf-8")
