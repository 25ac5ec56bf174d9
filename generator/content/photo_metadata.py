"""Removes from photographs what a camera wrote: place, device, person, preview, comment.

It cuts out segments and leaves the compressed pixels as they are, byte for byte: an encoder would
lose quality, and its next version would change every published file.  The lists name the segments
to keep, so that unknown ones are dropped.  Exif is replaced by one with the orientation alone,
since browsers rotate the picture by it.
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
"""JPEG's segments of applications, and comments."""
_ALONE = frozenset((0x01, *range(0xD0, 0xD8)))
"""JPEG's markers without a payload."""
_JFIF = 12
"""Bytes of a JFIF segment before the size of its preview."""
_PNG_KEPT = frozenset(
    (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT")
) | {b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"cICP", b"mDCV", b"cLLI"}
_WEBP_KEPT = frozenset((b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_WEBP_EXIF, _WEBP_XMP = 0x08, 0x04
"""Flags in the header of an extended WebP for the metadata that it has."""


class PictureDamaged(ValueError):  # noqa: N818 -- the fault is in the file, not in the program
    """A picture cannot be read to its end, so that its metadata cannot be removed for sure."""


def cleaned(content: bytes) -> bytes:
    """A JPEG, PNG or WebP without metadata; any other file unchanged.

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
    yield b"\xff\xd8"
    for marker, segment in segments:
        if marker == _APP0 and segment[4:9] == b"JFIF\0":
            yield segment[: 4 + _JFIF] + b"\0\0"  # a preview of no pixels
    exif = next((s for m, s in segments if m == _EXIF and s[4:10] == b"Exif\0\0"), b"")
    turned = orientation(exif[10:])
    if turned in _TURNED:
        payload = b"Exif\0\0" + _exif(turned)
        yield b"\xff\xe1" + struct.pack(">H", len(payload) + 2) + payload
    yield from (segment for marker, segment in segments if _is_kept(marker, segment))


def _is_kept(marker: int, segment: bytes) -> bool:
    """Whether a segment is needed: of applications' segments, only two that define the colours."""
    if marker == _ICC:
        return segment[4:16] == b"ICC_PROFILE\0"
    if marker == _ADOBE:
        return segment[4:9] == b"Adobe"
    return marker not in _DROPPED


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and bytes of each segment after the first marker, up to the end marker."""
    at = 2
    while True:
        if content[at] != _MARK:
            raise PictureDamaged
        while content[at + 1] == _MARK:  # fill bytes may precede a marker
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
    """The end of compressed pixels: the first marker that is not part of them."""
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
            exif = _exif(turned)
            checksum = zlib.crc32(b"eXIf" + exif)
            yield struct.pack(">I", len(exif)) + b"eXIf" + exif + struct.pack(">I", checksum)
        at += length + 12


def _webp(content: bytes) -> bytes:
    chunks = list(_riff(content))
    exif = next((payload for name, payload in chunks if name == b"EXIF"), b"")
    turned = orientation(exif.removeprefix(b"Exif\0\0"))
    head = next((payload for name, payload in chunks if name == b"VP8X"), b"")
    chunks = [(name, payload) for name, payload in chunks if name in _WEBP_KEPT]
    if head:
        dropped = _WEBP_XMP | (0 if turned in _TURNED else _WEBP_EXIF)
        chunks.insert(0, (b"VP8X", bytes((head[0] & ~dropped,)) + head[1:]))
        if turned in _TURNED:
            chunks.append((b"EXIF", _exif(turned)))
    body = b"WEBP"
    for name, payload in chunks:
        # a payload of odd length is padded
        body += name + struct.pack("<I", len(payload)) + payload + b"\0" * (len(payload) % 2)
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


def orientation(tiff: bytes) -> int:
    """The orientation in Exif data, 1 to 8; 1 (upright) if there is none or it is unreadable."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return _UPRIGHT
    try:
        (at,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, at)
        entries = (struct.unpack_from(f"{order}HHIH", tiff, at + 2 + 12 * n) for n in range(count))
        values = (entry[3] for entry in entries if entry[:2] == (_ORIENTATION, _SHORT))
        return int(next(values, _UPRIGHT))
    except struct.error:
        return _UPRIGHT


def _exif(turned: int) -> bytes:
    """Exif data with the orientation alone."""
    entry = struct.pack(">HHIHH", _ORIENTATION, _SHORT, 1, turned, 0)
    return b"MM\0*" + struct.pack(">IH", 8, 1) + entry + bytes(4)
