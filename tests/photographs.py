"""Photographs as telephones write them, for tests."""

from __future__ import annotations

import struct
import zlib

from sample_sites import SITES

BROKEN = SITES.parent / "broken/image-alt/content"
JPEG = (BROKEN / "visits/105/hachioji/group.jpg").read_bytes()
DOT = (SITES / "full/visits/105/2016-02-19-lantern/hall.png").read_bytes()
SECRET = b"25.0330N 121.5654E iPhone"
TURNED = 6


def tiff(order: str, turned: int) -> bytes:
    """Exif of a camera: device, orientation, and a place after them."""
    head = b"II*\0" if order == "<" else b"MM\0*"
    device = struct.pack(f"{order}HHII", 0x0110, 2, len(SECRET), 38)
    entry = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, turned, 0)
    return head + struct.pack(f"{order}IH", 8, 2) + device + entry + bytes(4) + SECRET


def segment(marker: int, content: bytes) -> bytes:
    """A segment of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)


def photograph(turned: int, order: str = ">") -> bytes:
    """A JPEG as a telephone writes it: Exif, XMP, IPTC, a comment, a film after the end."""
    segments = (
        segment(0xE1, b"Exif\0\0" + tiff(order, turned))
        + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SECRET)
        + segment(0xE2, b"ICC_PROFILE\0\1\1colours")
        + segment(0xE2, b"MPF\0" + SECRET)
        + segment(0xED, b"Photoshop 3.0\0" + SECRET)
        + segment(0xFE, SECRET)
    )
    return JPEG[:2] + segments + JPEG[2:] + SECRET
