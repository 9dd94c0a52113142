"""Makes a thumbnail: upright, in sRGB, small enough, whole or not at all. Runs in a worker process."""

from __future__ import annotations

import io
import os
import secrets
import struct
import warnings
from pathlib import Path
from typing import Any, Final, cast

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from tidemill_process.shape import ThumbnailShape

FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF")
"""The picture formats that are read; nothing else is even tried, so that no rare decoder meets a hostile
file.
"""


class PictureError(ValueError):
    """The picture cannot be made a thumbnail of. The message names the file, the reason and the way out."""


def make_thumbnail(source: Path, target: Path, name: str, shape: ThumbnailShape) -> None:
    """Writes the thumbnail of the picture `source` to `target`, a WebP; `name` is what messages call the
    picture.

    `target` appears whole or not at all, and replaces an older one. A picture smaller than the edge keeps its
    size; of an animation the first frame is taken. Raises PictureError for a picture that is damaged, cut
    off, too large or of another format, and OSError when the files cannot be reached or written.
    """
    write_whole(target, encode(render(source, name, shape), shape.quality))


def render(source: Path, name: str, shape: ThumbnailShape) -> Image.Image:
    """The thumbnail as an upright RGB or RGBA picture in sRGB. Raises as `make_thumbnail` does."""
    with source.open("rb") as stream, warnings.catch_warnings():
        # Pillow's own limit warns first and raises at twice as much; ours is checked from the header,
        # exactly.
        warnings.simplefilter("ignore")
        try:
            with Image.open(stream, formats=FORMATS) as picture:
                _refuse_bomb(picture, name, shape)
                return _upright_srgb(picture, shape.edge)
        except PictureError:
            raise
        except Image.DecompressionBombError:
            raise PictureError(_too_large(name, "it claims more pixels than can be held", shape)) from None
        except UnidentifiedImageError:
            raise PictureError(
                f"{name}: it is damaged at its beginning, or not a picture. Copy it again"
            ) from None
        except MemoryError:
            raise PictureError(_too_large(name, "there is not enough memory to open it", shape)) from None
        except (
            OSError,
            SyntaxError,
            ValueError,
            EOFError,
            struct.error,
            IndexError,
            KeyError,
            TypeError,
        ) as error:
            # Decoders tell of damage with whatever they stumble over.
            reason = "it is cut off" if _is_cut_off(error) else f"it is damaged ({error})"
            raise PictureError(f"{name}: {reason}. Copy it again from where it came from") from error


def encode(picture: Image.Image, quality: int) -> bytes:
    """`picture` as WebP."""
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=quality, method=4)
    return buffer.getvalue()


def write_whole(target: Path, content: bytes) -> None:
    """Writes `content` to `target` by way of a temporary name beside it; sweeps what a killed run left."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for leftover in target.parent.glob(f".{target.name}.*.part"):
        leftover.unlink(missing_ok=True)
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(6)}.part")
    try:
        with temporary.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, target)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _refuse_bomb(picture: Image.Image, name: str, shape: ThumbnailShape) -> None:
    width, height = picture.size
    if width * height > shape.largest_megapixels * 1_000_000:
        raise PictureError(_too_large(name, f"it has {width} x {height} pixels", shape))


def _too_large(name: str, reason: str, shape: ThumbnailShape) -> str:
    return (
        f"{name}: {reason}, and at most {shape.largest_megapixels} megapixels are opened. "
        "Raise the limit in Settings, Domains, if you trust the file"
    )


def _upright_srgb(picture: Image.Image, edge: int) -> Image.Image:
    if picture.format == "JPEG":
        picture.draft(None, (edge * 2, edge * 2))  # the decoder halves the size itself: far faster
    picture.load()
    upright = ImageOps.exif_transpose(picture)
    profile = picture.info.get("icc_profile")
    small = _eight_bit(upright)
    if small.mode not in ("RGB", "RGBA") and profile is None:
        small = _plain_rgb(small)
    small.thumbnail((edge, edge), Image.Resampling.LANCZOS, reducing_gap=3.0)
    small = _to_srgb(small, profile)
    small.info.clear()
    return small


def _eight_bit(picture: Image.Image) -> Image.Image:
    """`picture` in a mode that can be shrunk smoothly: no palette, no bits, no 16- or 32-bit samples."""
    match picture.mode:
        case "P" | "PA":
            return picture.convert(
                "RGBA" if "transparency" in picture.info or picture.mode == "PA" else "RGB"
            )
        case "1":
            return picture.convert("L")
        case "I;16" | "I;16L" | "I;16B" | "I" | "F":
            return _scaled_to_eight_bit(picture)
        case "RGB" | "L" if "transparency" in picture.info:
            return picture.convert("RGBA")
        case _:
            return picture


def _scaled_to_eight_bit(picture: Image.Image) -> Image.Image:
    # Pillow's convert("L") clips at 255 instead of scaling. 16-bit pictures use their whole range; others are
    # stretched.
    samples = picture.convert("F")
    low, high = cast("tuple[float, float]", samples.getextrema())  # one band: one pair
    if picture.mode.startswith("I") and low >= 0 and high <= 65535:
        low, high = 0.0, 65535.0
    factor = 255.0 / (high - low) if high > low else 1.0
    return samples.point(lambda sample: sample * factor - low * factor).convert("L")


def _to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    alpha = picture.getchannel("A") if picture.mode in ("RGBA", "LA") else None
    colours = picture.convert({"RGBA": "RGB", "LA": "L"}.get(picture.mode, picture.mode))
    if profile is not None:
        colours = _converted(colours, profile)
    colours = _plain_rgb(colours)
    if alpha is not None:
        colours.putalpha(alpha)
    return colours


def _converted(colours: Image.Image, profile: bytes) -> Image.Image:
    try:
        converted = ImageCms.profileToProfile(
            colours,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            _srgb(),
            renderingIntent=ImageCms.Intent.PERCEPTUAL,
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return colours  # a broken profile, or one for other colours than these: shown as if it had none
    return colours if converted is None else converted


def _srgb() -> ImageCms.ImageCmsProfile:
    # Pillow's own type of a profile has no public name.
    return ImageCms.ImageCmsProfile(cast("Any", ImageCms.createProfile("sRGB")))  # pyright: ignore[reportUnknownMemberType]


def _plain_rgb(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGB", "RGBA"):
        return picture
    return picture.convert("RGBA" if picture.mode in ("LA", "La", "RGBa") else "RGB")


def _is_cut_off(error: Exception) -> bool:
    text = str(error).lower()
    return "truncated" in text or "not enough" in text or isinstance(error, EOFError)
