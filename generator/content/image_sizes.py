"""Pictures in the sizes that pages show: smaller ones made from a photograph, upright.

Pillow decodes and encodes; its version is pinned, so that the same photograph gives the same
bytes.  `measured` decodes each picture once while its record is checked, so that a damaged or
enormous one is reported then and never breaks a build.
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
"""In pixels; a picture gets the sizes that are narrower and take fewer bytes than itself."""
FOLDER = Beside.SIZES.value
"""The folder of smaller sizes beside the picture, with a folder for each width."""
BROKEN, ENORMOUS = "broken", "enormous"
_SAVED: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 80, "optimize": True, "progressive": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 80, "method": 4},
}
_MOST = {"JPEG": 1, "WEBP": 2, "PNG": 5}
"""The most bytes per pixel of an encoded size, even of noise; CMYK takes three times as many."""
_SHORT = [value >> 8 for value in range(1 << 16)]
"""Maps values of sixteen bits to eight; Pillow's own conversion clips them at 255."""
_PNG_DEPTH = 24
"""The offset of the byte that gives a PNG's bits per value."""
_COLOURS = 256
"""The most colours of a palette; scaling makes a new one, since it mixes the old colours."""
_FAULTS = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error)
"""The exceptions that Pillow raises for a damaged file."""


class PictureEnormous(ValueError):  # noqa: N818 -- the fault is in the file, not in the program
    """A picture has more pixels than Pillow decodes without a warning: about 89 million."""


@cache
def made_with() -> str:
    """The cache key of the encoder: this module's version and Pillow's."""
    return f"2 Pillow {PIL.__version__}"


def is_picture(content: bytes) -> bool:
    """Whether a file begins as a JPEG, a PNG or a WebP."""
    webp = content.startswith(b"RIFF") and content[8:12] == b"WEBP"
    return webp or content.startswith((JPEG, PNG))


def measured(content: bytes) -> Picture:
    """The size and widths of a picture for its page; `fault` says why it cannot be shown.

    An animated picture gets no other widths, as these would not be animated.
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
    """Whether a size takes fewer bytes than its picture; encodes it only if `most` cannot tell."""
    return most < len(content) or len(scaled(content, width)) < len(content)


def scaled(content: bytes, width: int) -> bytes:
    """A valid picture, scaled to a width, upright, in its own format.

    The result has pixels and a colour profile and no other metadata; it has a palette if the
    picture has one.
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
    buffer = BytesIO()
    small.info.clear()
    small.save(buffer, form, icc_profile=profile, **_SAVED[form])
    return buffer.getvalue()


@contextmanager
def _opened(content: bytes) -> Iterator[Image]:
    """A picture with its header read but not decoded; raises `PictureEnormous`."""
    from PIL import Image  # noqa: PLC0415 -- loaded where there are pictures
    from PIL.Image import open as decoded  # noqa: PLC0415 -- the same

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about oddities in files that can be read nevertheless
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            image = decoded(BytesIO(content), formats=tuple(_SAVED))
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as fault:
            raise PictureEnormous from fault
        with image:
            yield image


def _upright(image: Image) -> tuple[int, int]:
    """Width and height after the rotation that Exif gives, as a browser shows the picture."""
    turned = image.getexif().get(0x0112, 1) in range(5, 9)
    return (image.height, image.width) if turned else (image.width, image.height)


def _flat(image: Image, content: bytes) -> Image:
    """The pixels in a mode that can be scaled: eight bits, no palette, no key colour.

    A transparent key colour becomes an alpha channel, black and white become grey.
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
    """A key colour in eight bits, as the pixels are; Pillow gives the number in the file."""
    if isinstance(key, tuple):
        return tuple(part >> 8 for part in key) if depth == 16 else key  # noqa: PLR2004 -- bits
    return {2: key * 0x55, 4: key * 0x11, 16: key >> 8}.get(depth, key)
