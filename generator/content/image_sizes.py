"""Pictures in the sizes that pages show: smaller ones made from a photograph, upright.

Pillow decodes and encodes; its version is pinned, so that the same photograph gives the same
bytes.  A picture is decoded once before it is promised: one that breaks half way, or that would
fill the memory, is told while its record is checked, and never while a site is made.
"""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import PIL

from generator.content.model import Beside, Picture
from generator.content.photo_metadata import JPEG, PNG

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTHS = (480, 960, 1600)
"""Pixels; a picture comes in those that are narrower than itself and take fewer bytes."""
FOLDER = Beside.SIZES.value
"""Where the smaller ones stand beside the picture, each width in a folder of its own."""
BROKEN, ENORMOUS = "broken", "enormous"
_SAVED: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 80, "optimize": True, "progressive": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 80, "method": 4},
}
_MOST = {"JPEG": 1, "WEBP": 2, "PNG": 5}
"""Bytes of a pixel that no size exceeds, not even of noise; print colours take thrice as many."""
_SHORT = [value >> 8 for value in range(1 << 16)]
"""Sixteen bits in eight, by their value; Pillow's own conversion cuts off what is above 255."""
_PNG_DEPTH = 24
"""The byte of a PNG that says how many bits a value has."""
_COLOURS = 256
"""Of a palette; a smaller picture has colours between those of its original."""
_FAULTS = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error)
"""What Pillow raises of a damaged file."""


class PictureEnormous(ValueError):  # noqa: N818 -- the fault is in the file, not in the program
    """A picture of more pixels than Pillow decodes without a warning: some 89 million."""


@cache
def made_with() -> str:
    """What the bytes of a size depend on beside the picture; the number is this module's own."""
    return f"2 Pillow {PIL.__version__}"


def is_picture(content: bytes) -> bool:
    """Whether a file begins as a JPEG, a PNG or a WebP."""
    webp = content.startswith(b"RIFF") and content[8:12] == b"WEBP"
    return webp or content.startswith((JPEG, PNG))


def measured(content: bytes) -> Picture:
    """What a page must know of a picture; `fault` says why it cannot be shown.

    One that moves comes in no other sizes: they would stand still.
    """
    try:
        with _opened(content) as image:
            wide, tall = _upright(image)
            moves = getattr(image, "n_frames", 1) > 1
            most = _MOST[str(image.format)] * (3 if image.mode == "CMYK" else 1)
        scaled(content, 1)
        narrower = () if moves else tuple(width for width in WIDTHS if width < wide)
        widths = tuple(w for w in narrower if _saves(content, w, most * w * w * tall // wide))
    except PictureEnormous:
        return Picture(0, 0, (), ENORMOUS)
    except _FAULTS:
        return Picture(0, 0, (), BROKEN)
    return Picture(wide, tall, widths)


def _saves(content: bytes, width: int, most: int) -> bool:
    """Whether a size takes fewer bytes than its picture; it is made where `most` does not tell."""
    return most < len(content) or len(scaled(content, width)) < len(content)


def scaled(content: bytes, width: int) -> bytes:
    """A picture that `measured` has found whole, as wide as asked, upright, in its own format.

    It holds pixels and their colour profile and nothing else; one with a palette keeps to one.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415 -- loaded where there are pictures

    with _opened(content) as image:
        wide, tall = _upright(image)
        enough = 2 * width / wide
        across, down = (max(1, round(side * enough)) for side in image.size)
        image.draft(image.mode, (across, down))
        upright = _flat(ImageOps.exif_transpose(image), content)
        size = (width, max(1, (2 * tall * width + wide) // (2 * wide)))
        small = upright.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
        form, profile = str(image.format), image.info.get("icc_profile")
        if image.mode == "P":
            small = small.quantize(_COLOURS)
    held = BytesIO()
    small.info.clear()
    small.save(held, form, icc_profile=profile, **_SAVED[form])
    return held.getvalue()


@contextmanager
def _opened(content: bytes) -> Iterator[Image]:
    """A picture of which no more than the head is read; raises `PictureEnormous`."""
    from PIL import Image  # noqa: PLC0415 -- loaded where there are pictures
    from PIL.Image import open as decoded  # noqa: PLC0415 -- the same

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of oddities in files that can be read all the same
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            image = decoded(BytesIO(content), formats=tuple(_SAVED))
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as fault:
            raise PictureEnormous from fault
        with image:
            yield image


def _upright(image: Image) -> tuple[int, int]:
    """Width and height as a browser shows them, which turns a picture as its Exif says."""
    turned = image.getexif().get(0x0112, 1) in range(5, 9)
    return (image.height, image.width) if turned else (image.width, image.height)


def _flat(image: Image, content: bytes) -> Image:
    """The same pixels as they can be scaled: in eight bits, without palette and without key colour.

    A transparent colour becomes transparency, two shades become grey.
    """
    if image.mode == "P":
        return image.convert("RGBA" if "transparency" in image.info else "RGB")
    if image.mode == "I;16":
        image = image.convert("I").point(_SHORT, "L")
    if "transparency" in image.info:
        image.info["transparency"] = _in_eight_bits(image.info["transparency"], content[_PNG_DEPTH])
        return image.convert("RGBA" if image.mode == "RGB" else "LA")
    return image.convert("L") if image.mode == "1" else image


def _in_eight_bits(key: int | tuple[int, ...], depth: int) -> int | tuple[int, ...]:
    """A transparent colour as Pillow holds the pixels: it gives the number in the file."""
    if isinstance(key, tuple):
        return tuple(part >> 8 for part in key) if depth == 16 else key  # noqa: PLR2004 -- bits
    return {2: key * 0x55, 4: key * 0x11, 16: key >> 8}.get(depth, key)
