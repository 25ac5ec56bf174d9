"""Compares a page of a copy, byte by byte, with the page that this program writes.

The bytes are compared and not the parsed trees, because two parsers may read the same bytes
differently.  The written page has `UNKNOWN` for what no record holds; there the copy may have one
of a few permitted shapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote, urljoin

from generator.site.unsealing import UNKNOWN
from generator.text.sanitize import sanitised
from generator.text.urls import relative

MOST = 80
"""Characters of either page that a difference quotes."""
_LINK = f' href="[^"]*{UNKNOWN}/[^"]*"'
_PROSE = f"<p>{UNKNOWN}</p>"
_HOLE = re.compile(f"({_LINK}|{_PROSE})")
_STEPS = "(?:[A-Za-z0-9_~%-][A-Za-z0-9._~%-]*/)*"
_HREF = re.compile(' href="([^"]*)"')
_ROOT = "https://site.invalid/"
_PIECE = re.compile(r"<[^>]*>?|[^<]+")


_TARGET = r'(?:[^"<>:]*|(?:https?|mailto|tel):[^"<>]*)'
_NAMES = "class|rel|lang|hreflang|datetime|aria-label|alt|width|height"
_ATTRIBUTES = rf'(?: (?:(?:{_NAMES})="[^"<>]*"|(?:href|src)="{_TARGET}"))*'
_ELEMENT = rf"</?(?:p|ul|li|a|span|time|img){_ATTRIBUTES}>"
_PAGE_THING = (
    r',\{"@type":"WebPage","@id":"[^"<>\\]*#page"(?:,"(?:license|dateModified)":"[^"<>\\]*"'
    r'|,"publisher":\{"@id":"[^"<>\\]*"\})*\}'
)
_ADDRESS = '(?: data-address="[^"<>]*")?'
"""The page's own address, for print."""
FRAME_PARTS = (
    (re.compile(_PAGE_THING), ""),
    (re.compile(rf'<footer class="gb-foot"{_ADDRESS}>(?:[^<]|{_ELEMENT})*</footer>'), ""),
    (re.compile(r'<link rel="icon" href="[^"<>:]*"(?: type="image/svg\+xml")?>'), ""),
    (re.compile(r'<link rel="license" href="https://[^"<>]*">'), ""),
    (re.compile(r'(?<=">)<img src="[^"<>:]*" alt="">'), ""),
    (
        re.compile(
            r'<div class="gb-fact"><dt>回報錯誤</dt><dd>'
            r'<a href="(?:https?|mailto):[^"<>]*">回報本則的錯誤</a></dd></div>'
        ),
        "",
    ),
)
"""What follows from the site's settings, which a part of a copy lacks: plain elements alone."""


def difference(page: str, written: str, here: str) -> tuple[str, str] | None:
    """Both pages from the first place where they differ, cut short; None if they are equal.

    `here` is the page's address.
    """
    expected = _filled(page, written, here)
    if page == expected:
        return None
    theirs, ours = _PIECE.findall(page), _PIECE.findall(expected)
    pairs = enumerate(zip(theirs, ours, strict=False))
    # where one page is the beginning of the other, they differ at its end
    first = next((n for n, (a, b) in pairs if a != b), min(len(theirs), len(ours)))
    return _beginning(theirs[first:]), _beginning(ours[first:])


def without(html: str, parts: Iterable[tuple[re.Pattern[str], str]]) -> str:
    """A page with each pattern replaced by its rest, and without the blank lines that this leaves.

    The patterns match what other records decide, such as links to neighbours.
    """
    for pattern, rest in parts:
        html = pattern.sub(rest, html)
    return re.sub("\n+", "\n", html)


def _beginning(pieces: Iterable[str]) -> str:
    text = "".join(pieces).replace("\n", "⏎")
    return text if len(text) <= MOST else f"{text[:MOST]}…"


def _filled(page: str, written: str, here: str) -> str:
    """The written page with each unknown part taken from the copy's page, where that is permitted.

    A part is located by the text before it, so a page that differs earlier is not filled.
    """
    filled, pieces, at = list[str](), _HOLE.split(written), 0
    for literal, hole in zip(pieces[::2], (*pieces[1::2], ""), strict=True):
        fits = page.startswith(literal, at) if hole else False
        at += len(literal)
        (text,) = (fits and _fitting(page, at, hole, here)) or [hole]
        filled += (literal, text)
        at += len(text)
    return "".join(filled)


def _fitting(page: str, at: int, hole: str, here: str) -> list[str]:
    """The text of the page that fills a hole, in a list; an empty list if it is not permitted.

    A link may be missing, since its target need not be shown any more.
    """
    if hole == _PROSE:
        end = page.find("\n</section>", at)
        return [page[at:end]] if end > at and sanitised(page[at:end]) == page[at:end] else []
    match = _HREF.match(page, at)
    if match is None:
        return [""] if page.startswith(">", at) else []
    led = urljoin(_ROOT + here, match[1]).removeprefix(_ROOT)
    way = urljoin(_ROOT + here, hole.split('"')[1]).removeprefix(f"{_ROOT}{UNKNOWN}/")
    pattern = _STEPS.join(map(re.escape, way.split(f"{UNKNOWN}/")))
    fits = re.fullmatch(pattern, led) and relative(here, unquote(led)) == match[1]
    return [match[0]] if fits else []
