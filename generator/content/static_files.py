"""The site's own files: what lies in `content/static/` stands at the root of the site, as it is.

These are the files that search engines, browsers and hosts look for at fixed addresses: robots.txt,
icons, a logo, CNAME, `.well-known/`, the text by which a search engine knows the owner.  They are
offered by the rules for attachments, and bring nothing that a browser could run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from typing import BinaryIO

from generator.content.attachments import ALLOWED, name_refusal, refusal
from generator.content.svg import LIMIT, is_drawing

STATIC = "static/"
"""The folder of these files below the content folder."""
ROBOTS = "robots.txt"
"""The program writes this file unless the site has its own."""
ICONS = ("favicon.svg", "favicon.png", "favicon.ico")
"""The names under which the site's own icon is looked for, the best one first."""
DOTTED = (".well-known", ".nojekyll")
"""The only names that may begin with a dot: others are settings of web servers and tools."""
_HIDDEN, _PLAIN = DOTTED
_HOSTS = ("_routes.json", "now.json", "serve.json", "staticwebapp.config.json", "vercel.json")
"""Names by which hosts find redirects, headers and access in the site; some look in any folder."""
_LINE = 1024
"""The most bytes of an HTML file, which proves the owner of a site in one line."""
_INERT = re.compile(rb"[\t\n\r\x20-\x3b\x3d-\x7e]*")
"""ASCII without `<`, so that nothing becomes an element in whatever encoding it is read."""
_TEXTS = ("asc", "webmanifest")


def address_of(path: str) -> str:
    """The address in the site of a file of the folder."""
    return path.removeprefix(STATIC)


def icon_of(paths: Container[str]) -> str:
    """The address of the site's own icon among its files; "" where the theme's stands for it."""
    return next((name for name in ICONS if STATIC + name in paths), "")


def static_refusal(path: str, file: BinaryIO) -> str:
    """Why a file of the folder is not published, as a problem's detail; "" if it is."""
    *folders, name = address_of(path).split("/")
    inner = folders[1:] if folders[:1] == [_HIDDEN] else folders
    if address_of(path) != _PLAIN and any(step.startswith(".") for step in (*inner, name)):
        return "dotted"
    if name.casefold() in _HOSTS:
        return "settings"
    if reason := name_refusal(path):
        return reason
    before, _, ending = name.rpartition(".")
    ending = ending.casefold() if before else ""
    file.seek(0)
    if ending in _FORMS:
        reason, fits = _FORMS[ending]
        return "" if fits(file.read(LIMIT + 1)) else reason
    if not ending or ending in _TEXTS:
        return refusal(f"{before or name}.txt", file)
    return "sort" if ending not in ALLOWED else refusal(path, file)


def _is_line(content: bytes) -> bool:
    return len(content) <= _LINE and bool(_INERT.fullmatch(content))


def _is_icon(content: bytes) -> bool:
    return content.startswith(b"\0\0\1\0")


_FORMS: Mapping[str, tuple[str, Callable[[bytes], bool]]] = {
    "html": ("element", _is_line),
    "htm": ("element", _is_line),
    "svg": ("drawing", is_drawing),
    "ico": ("content", _is_icon),
}
"""By ending, the reason why a file is refused, and whether its bytes are what they must be."""
