"""Which files are offered to readers: by ending and by what they begin with.

A browser runs what it takes for a page, whatever it is called; so every file shows what it is by
its name and by its first bytes, and both are on the list.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from generator.formats.pictures import JPEG, PNG

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ODF = b"mimetypeapplication/vnd.oasis.opendocument."
_OOXML = b"[Content_Types].xml"
_NAME = 30
"""Bytes of a ZIP file before the name of its first part."""
_MARKUP = re.compile(rb"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*<[\0]?[a-z!?/]", re.I)
"""How a text begins that a browser could take for a page."""
_ACTIVE = frozenset(("htm", "html", "mhtml", "shtml", "xht", "xhtml", "xml", "xsl", "xslt")) | {
    *("svg", "svgz", "swf", "js", "mjs", "wasm", "hta", "jar", "lnk", "vbs", "scr"),
    *("asp", "aspx", "cgi", "jsp", "php", "phtml", "pl", "py", "sh", "ps1"),
    *("bat", "cmd", "com", "exe", "msi"),
}
"""Endings that some system runs or shows as a page, also where another follows."""

_Shape = Callable[[bytes], bool]


def _begins(*signs: bytes) -> _Shape:
    return lambda held: held.startswith(signs)


def _odf(held: bytes) -> bool:
    return held.startswith(_ZIP) and held[_NAME:].startswith(_ODF)


def _ooxml(held: bytes) -> bool:
    return held.startswith(_ZIP) and _OOXML in held


def _text(held: bytes) -> bool:
    return not _MARKUP.match(held)


def _webp(held: bytes) -> bool:
    return held.startswith(b"RIFF") and held[8:12] == b"WEBP"


PICTURES = ("jpg", "jpeg", "png", "webp")
"""Endings of what pages show."""
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
"""By ending, how to tell whether a file is what it is called."""
DOCUMENTS = tuple(ending for ending in ALLOWED if ending not in PICTURES)
"""Endings of what readers save."""


def refusal(path: str, content: bytes) -> str:
    """Why a file is not offered to readers, as the detail of a wording; "" where it is."""
    name = path.rpartition("/")[2]
    if any(unicodedata.category(sign) in ("Cf", "Cc", "Zl", "Zp") for sign in name):
        return "hidden"
    *before, ending = name.casefold().split(".")
    if ending not in ALLOWED or not before:
        return "ending"
    if _ACTIVE.intersection(part.strip() for part in before[1:]):
        return "double"
    return "" if ALLOWED[ending](content) else "content"
