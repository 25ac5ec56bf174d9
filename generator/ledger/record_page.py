"""A page of a copy against what this program writes of the copy's records: to the last byte.

A comparison of the parsed trees would leave room for what two parsers read differently.  What no
record tells stands in the written page as `UNKNOWN`, and the copy's page may have some few shapes
in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote, urljoin

from generator.site.unsealing import UNKNOWN
from generator.text.sanitize import sanitised
from generator.text.urls import relative

MOST = 80
"""Characters of either page that a difference repeats."""
_LINK = f' href="[^"]*{UNKNOWN}/[^"]*"'
_PROSE = f"<p>{UNKNOWN}</p>"
_HOLE = re.compile(f"({_LINK}|{_PROSE})")
_STEPS = "(?:[A-Za-z0-9_~%-][A-Za-z0-9._~%-]*/)*"
_HREF = re.compile(' href="([^"]*)"')
_ROOT = "https://site.invalid/"
_PIECE = re.compile(r"<[^>]*>?|[^<]+")


def difference(page: str, written: str, here: str) -> tuple[str, str] | None:
    """The first place where a page at an address differs from the one written: both from there."""
    expected = _filled(page, written, here)
    if page == expected:
        return None
    shown, wanted = _PIECE.findall(page), _PIECE.findall(expected)
    same = next((n for n, (a, b) in enumerate(zip(shown, wanted, strict=False)) if a != b), None)
    first = min(len(shown), len(wanted)) if same is None else same
    return _beginning(shown[first:]), _beginning(wanted[first:])


def without(html: str, parts: Iterable[tuple[re.Pattern[str], str]]) -> str:
    """A page without what other records decide, and without the line breaks around that."""
    for pattern, left in parts:
        html = pattern.sub(left, html)
    return re.sub("\n+", "\n", html)


def _beginning(pieces: Iterable[str]) -> str:
    text = "".join(pieces).replace("\n", "⏎")
    return text if len(text) <= MOST else f"{text[:MOST]}…"


def _filled(page: str, written: str, here: str) -> str:
    """The written page with what the copy's has in the place of what is not known, where it may.

    Places are told by the text before them, so that a page that differs earlier is not filled.
    """
    filled, pieces, at = list[str](), _HOLE.split(written), 0
    for literal, hole in zip(pieces[::2], (*pieces[1::2], ""), strict=True):
        fits = page.startswith(literal, at) if hole else False
        at += len(literal)
        (held,) = (fits and _fitting(page, at, hole, here)) or [hole]
        filled += (literal, held)
        at += len(held)
    return "".join(filled)


def _fitting(page: str, at: int, hole: str, here: str) -> list[str]:
    """What stands in a page in the place of a hole, if that may; else nothing.

    A link may be missing, since what it leads to need not be shown any more.
    """
    if hole == _PROSE:
        end = page.find("\n</section>", at)
        return [page[at:end]] if end > at and sanitised(page[at:end]) == page[at:end] else []
    match = _HREF.match(page, at)
    if match is None:
        return [""] if page.startswith(">", at) else []
    led = urljoin(_ROOT + here, match[1]).removeprefix(_ROOT)
    way = urljoin(_ROOT + here, hole.split('"')[1]).removeprefix(f"{_ROOT}{UNKNOWN}/")
    wanted = _STEPS.join(map(re.escape, way.split(f"{UNKNOWN}/")))
    fits = re.fullmatch(wanted, led) and relative(here, unquote(led)) == match[1]
    return [match[0]] if fits else []
