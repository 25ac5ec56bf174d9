"""Decides which files are offered to readers, by their ending and their first bytes.

A browser runs whatever it takes for a page, whatever its name.  So both the ending and the first
bytes must be on the list, and must agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import BinaryIO

from unicodedata2 import category

from generator.content.photo_metadata import JPEG, PNG

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ODF = b"mimetypeapplication/vnd.oasis.opendocument."
_OOXML = b"[Content_Types].xml"
_NAME = 30
"""Bytes of a ZIP file before the name of its first part."""
_PIECE = 1 << 16
"""The bytes of a file that are in memory at once."""
_MARK = re.compile(rb"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)")
_BLANKS = b" \t\n\r\f\v\0"
_MARKUP = re.compile(rb"<[\0]?[a-z!?/]", re.I)
"""The beginning, after blanks, of a text that a browser could take for a page."""
_ACTIVE = frozenset(("htm", "html", "mhtml", "shtml", "xht", "xhtml", "xml", "xsl", "xslt")) | {
    *("svg", "svgz", "swf", "js", "mjs", "wasm", "hta", "jar", "lnk", "vbs", "scr"),
    *("asp", "aspx", "cgi", "jsp", "php", "phtml", "pl", "py", "sh", "ps1"),
    *("bat", "cmd", "com", "exe", "msi"),
}
"""Endings that some system runs or shows as a page, even if another ending follows."""

_Shape = Callable[[BinaryIO], bool]
"""Tells whether a file at its first byte has a format; large files are read in pieces."""


def _begins(*signs: bytes) -> _Shape:
    return lambda file: file.read(max(map(len, signs))).startswith(signs)


def _odf(file: BinaryIO) -> bool:
    head = file.read(_NAME + len(_ODF))
    return head.startswith(_ZIP) and head[_NAME:] == _ODF


def _ooxml(file: BinaryIO) -> bool:
    head = file.read(len(_ZIP))
    return head == _ZIP and _holds(file, _OOXML)


def _holds(file: BinaryIO, sign: bytes) -> bool:
    """Whether the rest of a file contains a sign, also across two pieces."""
    end = b""
    while piece := file.read(_PIECE):
        if sign in (window := end + piece):
            return True
        end = window[1 - len(sign) :]
    return False


def _text(file: BinaryIO) -> bool:
    """Whether a text does not begin with markup, however many blanks precede."""
    beginning = _MARK.sub(b"", file.read(_PIECE)).lstrip(_BLANKS)
    while not beginning and (piece := file.read(_PIECE)):
        beginning = piece.lstrip(_BLANKS)
    return not _MARKUP.match(beginning + file.read(2))


def _webp(file: BinaryIO) -> bool:
    head = file.read(12)
    return head.startswith(b"RIFF") and head[8:] == b"WEBP"


PICTURES = ("jpg", "jpeg", "png", "webp")
"""Endings of files that pages show as pictures."""
ALLOWED: dict[str, _Shape] = {
    "pdf": _begins(b"%PDF-"),
    **dict.fromkeys(("odt", "ods", "odp"), _odf),
    **dict.fromkeys(("docx", "xlsx", "pptx"), _ooxml),
    **dict.fromkeys(("doc", "xls", "ppt"), _begins(_OLE)),
    **dict.fromkeys(("txt", "csv", "json"), _text),
    "zip": _begins(_ZIP),
    **dict.fromkeys(("jpg", "jpeg"), _begins(JPEG)),
    "png": _begins(PNG),
    "webp": _webp,
}
"""Maps each allowed ending to the test of its format."""
DOCUMENTS = tuple(ending for ending in ALLOWED if ending not in PICTURES)
"""Endings of files that readers download."""


def refusal(path: str, file: BinaryIO) -> str:
    """Why a file is not offered to readers, as a problem's detail; "" if it is offered."""
    before, _, ending = path.rpartition("/")[2].casefold().rpartition(".")
    if reason := name_refusal(path):
        return reason
    if ending not in ALLOWED or not before:
        return "ending"
    file.seek(0)
    return "" if ALLOWED[ending](file) else "content"


def name_refusal(path: str) -> str:
    """Why no file of this name is offered, whatever its ending and content; "" if it may be."""
    if any(category(sign) in ("Cf", "Cc", "Zl", "Zp") for sign in path):
        return "hidden"
    within = path.rpartition("/")[2].casefold().split(".")[1:-1]
    return "double" if _ACTIVE.intersection(map(str.strip, within)) else ""
