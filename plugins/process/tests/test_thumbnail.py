"""Thumbnails of real pictures: upright, in the right colours, and no harm from bad ones."""

from __future__ import annotations

import io
import math
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from tests.helpers.real_files import CORNERS, GREEN, RED, corner_picture, gif, jpeg, png, truncated_jpeg, webp
from tidemill_process.shape import ThumbnailShape
from tidemill_process.thumbnail import PictureError, make_thumbnail

SHAPE = ThumbnailShape(edge=512, quality=90, largest_megapixels=10)
Colour = tuple[int, int, int]


def thumbnail_of(
    content: bytes, folder: Path, shape: ThumbnailShape = SHAPE, name: str = "my photo.jpg"
) -> Image.Image:
    source, target = folder / "source", folder / "thumbnails" / "ab" / "thumb.webp"
    source.write_bytes(content)
    make_thumbnail(source, target, name, shape)
    assert [path.name for path in target.parent.iterdir()] == ["thumb.webp"]
    with Image.open(target) as picture:
        assert picture.format == "WEBP"
        picture.load()
        return picture.copy()


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def corners(picture: Image.Image) -> dict[str, Colour]:
    rgb, (width, height) = picture.convert("RGB"), picture.size
    across, down = width // 8, height // 8
    points = {
        "top-left": (across, down),
        "top-right": (width - across, down),
        "bottom-left": (across, height - down),
        "bottom-right": (width - across, height - down),
    }
    return {corner: colour_at(rgb, point) for corner, point in points.items()}


def colour_at(picture: Image.Image, point: tuple[int, int]) -> Colour:
    pixel = picture.getpixel(point)
    assert isinstance(pixel, tuple)
    return (int(pixel[0]), int(pixel[1]), int(pixel[2]))


def assert_close(seen: Colour, wanted: Colour, tolerance: float = 24) -> None:
    assert math.dist(seen, wanted) <= tolerance, f"{seen} is not {wanted}"


def assert_upright(picture: Image.Image) -> None:
    for corner, colour in corners(picture).items():
        assert_close(colour, CORNERS[corner])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_is_shown_upright(orientation: int, tmp_path: Path) -> None:
    picture = thumbnail_of(jpeg(orientation), tmp_path)
    assert picture.size == (96, 64)
    assert_upright(picture)
    assert not picture.getexif()


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_large_picture_is_shrunk_to_the_edge_in_its_proportions(orientation: int, tmp_path: Path) -> None:
    picture = thumbnail_of(jpeg(orientation, size=(2400, 1600)), tmp_path)
    assert picture.size == (512, 341)
    assert_upright(picture)


@pytest.mark.parametrize(
    "content",
    [
        png(),
        webp(),
        gif(),
        gif(frames=4),
        saved(corner_picture(), "BMP"),
        saved(corner_picture(), "TIFF"),
        saved(corner_picture(), "AVIF"),
        saved(corner_picture().quantize(16), "PNG"),
        saved(corner_picture().convert("CMYK"), "JPEG", quality=95),
        saved(corner_picture().convert("RGBA"), "PNG"),
        saved(corner_picture(), "WEBP", save_all=True, append_images=[corner_picture(3)]),
    ],
    ids=[
        "png",
        "webp",
        "gif",
        "animated gif",
        "bmp",
        "tiff",
        "avif",
        "palette",
        "cmyk",
        "rgba",
        "animated webp",
    ],
)
def test_every_type_and_mode_keeps_its_colours(content: bytes, tmp_path: Path) -> None:
    assert_upright(thumbnail_of(content, tmp_path))


def test_sixteen_bits_are_scaled_and_not_clipped(tmp_path: Path) -> None:
    ramp = Image.new("I;16", (256, 16))
    ramp.putdata([column * 257 for column in range(256)] * 16)
    picture = thumbnail_of(saved(ramp, "PNG"), tmp_path).convert("L")
    for column in (16, 64, 128, 192, 240):
        assert abs(picture.tobytes()[8 * picture.width + column] - column) <= 4


def test_one_bit_and_grey_pictures_work(tmp_path: Path) -> None:
    half = Image.new("1", (64, 64))
    half.paste(1, (32, 0, 64, 64))
    picture = thumbnail_of(saved(half, "PNG"), tmp_path)
    assert_close(colour_at(picture.convert("RGB"), (8, 8)), (0, 0, 0))
    assert_close(colour_at(picture.convert("RGB"), (56, 8)), (255, 255, 255))
    grey = thumbnail_of(saved(Image.new("L", (64, 64), 90), "JPEG"), tmp_path)
    assert_close(colour_at(grey.convert("RGB"), (8, 8)), (90, 90, 90))


def test_transparency_is_kept(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (64, 64), (*RED, 0))
    clear.paste((*GREEN, 255), (32, 0, 64, 64))
    for content in (
        saved(clear, "PNG"),
        saved(clear.quantize(8), "PNG"),
        saved(clear, "WEBP", lossless=True),
    ):
        picture = thumbnail_of(content, tmp_path).convert("RGBA")
        left, right = picture.getpixel((8, 32)), picture.getpixel((56, 32))
        assert isinstance(left, tuple)
        assert isinstance(right, tuple)
        assert left[3] == 0
        assert right[3] == 255
        assert_close((right[0], right[1], right[2]), GREEN)


def test_an_icc_profile_is_converted_to_srgb_and_not_kept(tmp_path: Path) -> None:
    profile = swapped_profile()
    picture = thumbnail_of(
        saved(Image.new("RGB", (64, 64), (200, 30, 30)), "PNG", icc_profile=profile), tmp_path
    )
    red, green, _ = colour_at(picture.convert("RGB"), (32, 32))
    # In the profile, the first channel is sRGB's green: a reader that ignores it would show red.
    assert green > 150
    assert red < 100
    assert "icc_profile" not in picture.info


@pytest.mark.parametrize(
    "profile", [b"no profile at all", ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()]
)
def test_a_profile_that_does_not_fit_is_ignored(profile: bytes, tmp_path: Path) -> None:
    assert_upright(thumbnail_of(saved(corner_picture(), "PNG", icc_profile=profile), tmp_path))


@pytest.mark.parametrize(
    "content",
    [
        truncated_jpeg(),
        png(size=(400, 300))[:-200],
        gif()[:60],
        webp()[: len(webp()) // 2],
        saved(corner_picture(), "TIFF")[:400],
        jpeg()[:30],
        b"\xff\xd8\xff\xe0 and then words",
        b"",
    ],
    ids=["jpeg", "png", "gif", "webp", "tiff", "jpeg header", "words", "nothing"],
)
def test_cut_off_and_damaged_pictures_are_refused_by_their_own_name(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"^my photo\.jpg: it is (cut off|damaged).*\. Copy it again"):
        thumbnail_of(content, tmp_path)
    assert not (tmp_path / "thumbnails").exists()


def test_the_truncated_jpeg_is_called_cut_off(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="it is cut off"):
        thumbnail_of(truncated_jpeg(), tmp_path)


def test_a_decompression_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    bomb = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    with pytest.raises(PictureError, match=r"^my photo\.jpg: .*at most 10 megapixels.*Raise the limit"):
        thumbnail_of(bomb, tmp_path)


def test_the_limit_on_pixels_is_exact(tmp_path: Path) -> None:
    at_limit, above = Image.new("L", (1000, 1000)), Image.new("L", (1000, 1001))
    one = ThumbnailShape(largest_megapixels=1)
    assert thumbnail_of(saved(at_limit, "PNG"), tmp_path, one).size == (512, 512)
    with pytest.raises(PictureError, match="it has 1000 x 1001 pixels, and at most 1 megapixels"):
        thumbnail_of(saved(above, "PNG"), tmp_path, one)


def test_formats_that_are_not_listed_are_never_opened(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="not a picture"):
        thumbnail_of(saved(corner_picture(), "PPM"), tmp_path)


def test_what_a_killed_run_left_is_swept_and_an_old_thumbnail_is_replaced_whole(tmp_path: Path) -> None:
    folder = tmp_path / "thumbnails" / "ab"
    folder.mkdir(parents=True)
    (folder / ".thumb.webp.0123456789ab.part").write_bytes(b"half")
    (folder / "thumb.webp").write_bytes(b"old")
    assert_upright(thumbnail_of(jpeg(), tmp_path))


def swapped_profile() -> bytes:
    """sRGB with its first two primaries exchanged: a real profile, made by rewriting the tag table of one."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = profile.index(b"rXYZ", 128), profile.index(b"gXYZ", 128)
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(profile)
