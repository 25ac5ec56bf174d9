"""Photographs without what a camera wrote into them: place, device, person, preview, comment.

The segments around the pixels are cut out and the compressed pixels stay as they are, byte for
byte: an encoder would lose quality, and its next version would change every published file.
What is kept is listed, not what is dropped, so that a segment nobody knows is dropped too.  Of
Exif the orientation alone is written anew, since browsers turn the picture by it.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_UPRIGHT, _TURNED = 1, range(2, 9)
_ORIENTATION, _SHORT = 0x0112, 3
_EOI, _SOS, _APP0, _EXIF, _ICC, _ADOBE = 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE
_MARK = 0xFF
_DROPPED = frozenset((*range(0xE0, 0xF0), 0xFE))
"""What applications keep in a JPEG, and comments."""
_ALONE = frozenset((0x01, *range(0xD0, 0xD8)))
"""JPEG's markers without a length."""
_JFIF = 12
"""Bytes of a JFIF segment before the size of its preview."""
_PNG_KEPT = frozenset(
    (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT")
) | {b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"cICP", b"mDCV", b"cLLI"}
_WEBP_KEPT = frozenset((b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_WEBP_EXIF, _WEBP_XMP = 0x08, 0x04
"""What the head of an extended WebP says that it holds."""


class PictureDamaged(ValueError):  # noqa: N818 -- the fault is in the file, not in the program
    """A picture that cannot be read to its end, so that nobody knows what stands in it."""


def cleaned(content: bytes) -> bytes:
    """A JPEG, PNG or WebP without what is not picture; any other file as it is.

    Raises `PictureDamaged`.
    """
    try:
        if content.startswith(JPEG):
            return b"".join(_jpeg(content))
        if content.startswith(PNG):
            return PNG + b"".join(_png(content))
        if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
            return _webp(content)
    except (struct.error, IndexError) as fault:
        raise PictureDamaged from fault
    return content


def _jpeg(content: bytes) -> Iterator[bytes]:
    segments = list(_segments(content))
    turned = next((orientation(held[10:]) for m, held in segments if _is_exif(m, held)), _UPRIGHT)
    yield b"\xff\xd8"
    yield from (held[: 4 + _JFIF] + b"\0\0" for m, held in segments if _is_jfif(m, held))
    if turned in _TURNED:
        written = b"Exif\0\0" + _exif(turned)
        yield b"\xff\xe1" + struct.pack(">H", len(written) + 2) + written
    yield from (held for marker, held in segments if _is_kept(marker, held))


def _is_exif(marker: int, segment: bytes) -> bool:
    return marker == _EXIF and segment[4:10] == b"Exif\0\0"


def _is_jfif(marker: int, segment: bytes) -> bool:
    return marker == _APP0 and segment[4:9] == b"JFIF\0"


def _is_kept(marker: int, segment: bytes) -> bool:
    """All but the application's own segments, of which two say how to read the colours."""
    if marker == _ICC:
        return segment[4:16] == b"ICC_PROFILE\0"
    if marker == _ADOBE:
        return segment[4:9] == b"Adobe"
    return marker not in _DROPPED


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and bytes of each segment after the first marker; what follows the end is no part."""
    at = 2
    while True:
        if content[at] != _MARK:
            raise PictureDamaged
        while content[at + 1] == _MARK:  # a marker may be filled up
            at += 1
        marker = content[at + 1]
        end = at + 2 if marker in _ALONE or marker == _EOI else _end(content, at)
        if marker == _SOS:
            end = _scan_end(content, end)
        yield marker, content[at:end]
        if marker == _EOI:
            return
        at = end


def _end(content: bytes, at: int) -> int:
    (length,) = struct.unpack_from(">H", content, at + 2)
    if length < 2 or at + 2 + length > len(content):  # noqa: PLR2004 -- it counts itself
        raise PictureDamaged
    return at + 2 + int(length)


def _scan_end(content: bytes, at: int) -> int:
    """Where compressed pixels end: at the first marker that is no part of them."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            raise PictureDamaged
        if content[at + 1] not in (0x00, _MARK) and content[at + 1] not in _ALONE:
            return at
        at += 1


def _png(content: bytes) -> Iterator[bytes]:
    at, name = len(PNG), b""
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", content, at)
        chunk = content[at : at + length + 12]
        if len(chunk) < length + 12:
            raise PictureDamaged
        if name in _PNG_KEPT:
            yield chunk
        elif name == b"eXIf" and (turned := orientation(chunk[8:-4])) in _TURNED:
            yield _png_chunk(b"eXIf", _exif(turned))
        at += length + 12


def _png_chunk(name: bytes, held: bytes) -> bytes:
    return struct.pack(">I", len(held)) + name + held + struct.pack(">I", zlib.crc32(name + held))


def _webp(content: bytes) -> bytes:
    chunks = list(_riff(content))
    exif = next((held.removeprefix(b"Exif\0\0") for name, held in chunks if name == b"EXIF"), b"")
    turned = orientation(exif)
    kept = [(name, held) for name, held in chunks if name in _WEBP_KEPT]
    head = next((held for name, held in chunks if name == b"VP8X"), b"")
    if head:
        dropped = _WEBP_XMP | (0 if turned in _TURNED else _WEBP_EXIF)
        kept.insert(0, (b"VP8X", bytes((head[0] & ~dropped,)) + head[1:]))
        if turned in _TURNED:
            kept.append((b"EXIF", _exif(turned)))
    body = b"WEBP" + b"".join(_riff_chunk(*chunk) for chunk in kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _riff(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    (size,) = struct.unpack_from("<I", content, 4)
    at, end = 12, size + 8
    if end > len(content):
        raise PictureDamaged
    while at < end:
        name, length = struct.unpack_from("<4sI", content, at)
        if at + 8 + length > end:
            raise PictureDamaged
        yield name, content[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _riff_chunk(name: bytes, held: bytes) -> bytes:
    return name + struct.pack("<I", len(held)) + held + b"\0" * (len(held) % 2)


def orientation(tiff: bytes) -> int:
    """How Exif says that a picture is turned, 1 to 8; 1 where it says nothing that can be read."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return _UPRIGHT
    try:
        (at,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, at)
        entries = (struct.unpack_from(f"{order}HHIH", tiff, at + 2 + 12 * n) for n in range(count))
        found = (held[3] for held in entries if held[:2] == (_ORIENTATION, _SHORT))
        return int(next(found, _UPRIGHT))
    except struct.error:
        return _UPRIGHT


def _exif(turned: int) -> bytes:
    """Exif that says the orientation and nothing else."""
    entry = struct.pack(">HHIHH", _ORIENTATION, _SHORT, 1, turned, 0)
    return b"MM\0*" + struct.pack(">IH", 8, 1) + entry + bytes(4)
