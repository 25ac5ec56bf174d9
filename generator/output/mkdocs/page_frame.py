"""Frames: the theme's HTML around a page's block, rendered once for all pages that share it.

Such pages differ only in title, description, address, day, feeds, links, head tags and block.
MkDocs renders a page with marks in their place, and the result is cut at the marks.  Joining
the pieces with a page's values gives what MkDocs would render for that page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache, lru_cache
from hashlib import blake2b
from html import escape
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct

from generator.content.model import Page
from generator.output.html import time_element
from generator.text.urls import ENGLISH, ENGLISH_HOME, counterpart, language_of, relative

_WORD = "gongbao-mark-"
TITLE, DESCRIPTION, OTHER, HEAD, BLOCK, REPORT, DAY = (
    f"{_WORD}{n}" for n in ("title", "about", "other", "head", "block", "report", "day")
)
_STEP = f"{_WORD}step"
_FEEDS = tuple((f"{_WORD}feed-{n}", f"feeds/{_WORD}way-{n}.xml") for n in ("one", "two"))
_CUT = re.compile(rf"{_WORD}(?:title|about|other|head|block|report|day|address|feeds)")

FeedLink = tuple[str, str]
"""A feed as a page's head links it: title and address."""


class FrameKey(Struct, frozen=True, kw_only=True):
    """The properties that pages must have in common to share a frame.

    `address` is the page's own if the navigation contains it.  Otherwise it is a placeholder of
    the same depth that has as many leading steps in common with the navigation's addresses.
    """

    address: str
    feeds: bool
    dated: bool
    private: bool
    headed: bool


class Surroundings(NamedTuple):
    """What a frame holds of a page's own: its full address, its head tags, where to report."""

    address: str
    head: str
    report: str


class PageFrame(Struct, frozen=True, kw_only=True):
    """A rendered page in pieces: HTML, alternating with the marks of the values to insert.

    `feed` is the HTML between two feeds, and between a feed's title and file.
    """

    pieces: tuple[str, ...]
    feed: tuple[str, ...]

    def around(self, page: Page, block: str, own: Surroundings, feeds: Iterable[FeedLink]) -> str:
        """The finished page."""
        values = {
            TITLE: escape(page.title),
            DESCRIPTION: escape(page.description),
            OTHER: other_address(page),
            HEAD: own.head,
            BLOCK: block,
            REPORT: escape(own.report),
            DAY: updated_day(page),
            f"{_WORD}address": own.address,
            f"{_WORD}feeds": self._lines(feeds),
        }
        return "".join([values.get(piece, piece) for piece in self.pieces])

    def _lines(self, feeds: Iterable[FeedLink]) -> str:
        between, middle = self.feed or ("", "")
        named = ((escape(title), address.rpartition("/")[2]) for title, address in feeds)
        return between.join(f"{title}{middle}{file}" for title, file in named)


def other_address(page: Page) -> str:
    """The link to the other language: the page's counterpart, or else that language's home."""
    home = "" if language_of(page.address) == ENGLISH else ENGLISH_HOME
    return relative(page.address, counterpart(page.address) if page.paired else home)


def updated_day(page: Page) -> str:
    """The day of a page's newest content as a `<time>` element, "" where it has none."""
    return str(time_element(page.updated, language_of(page.address)))


class FrameMissing(LookupError):  # noqa: N818 -- a request, no fault
    """A page needs a frame that this process neither has nor can make."""


@cache
def frame_digest(frame: PageFrame) -> str:
    """A digest of a frame's text; cached, since thousands of pages share a few frames."""
    text = "\0".join((*frame.pieces, *frame.feed))
    return blake2b(text.encode(), digest_size=16).hexdigest()


def frame_key(
    page: Page, block: str, feeds: Sequence[FeedLink], entrances: Iterable[str]
) -> FrameKey:
    """The key of a page's frame; `entrances` are the addresses in the navigation."""
    return FrameKey(
        address=place_of(page.address, entrances),
        feeds=bool(feeds),
        dated=page.updated is not None,
        private=page.private,
        headed="<h1" in block,
    )


def place_of(address: str, entrances: Iterable[str]) -> str:
    """An address reduced to what matters for a frame: its depth, and what it shares with entrances.

    Relative links omit the steps that a page has in common with their target.
    """
    fixed = frozenset(entrances)
    if address in fixed:
        return address
    steps = address.split("/")[:-1]
    shared = max((_common(steps, entrance) for entrance in _steps(fixed)), default=0)
    return "".join(f"{step}/" for step in (*steps[:shared], *([_STEP] * (len(steps) - shared))))


@lru_cache(maxsize=8)  # the entrances of a site are the same for all its pages
def _steps(addresses: frozenset[str]) -> tuple[tuple[str, ...], ...]:
    return tuple({tuple(address.split("/")[:-1]) for address in addresses} - {()})


def _common(steps: Sequence[str], entrance: Sequence[str]) -> int:
    """How many leading steps two addresses share."""
    shared = 0
    for step, other in zip(steps, entrance, strict=False):
        if step != other:
            break
        shared += 1
    return shared


def sample(key: FrameKey) -> tuple[Page, str, tuple[FeedLink, ...]]:
    """A page of marks for MkDocs to render: its plan, its block, its feeds."""
    heading = f"<h1>{_WORD}heading</h1>" if key.headed else ""
    page = Page(
        address=key.address,
        template="",
        title=TITLE,
        description=DESCRIPTION,
        updated=date.min if key.dated else None,
        private=key.private,
    )
    return page, f"<div>{heading}{BLOCK}</div>", _FEEDS if key.feeds else ()


def cut(html: str, key: FrameKey, base_url: str) -> PageFrame:
    """The frame of a page of marks that MkDocs has rendered."""
    heading = f"<h1>{_WORD}heading</h1>" if key.headed else ""
    html = html.replace(f"<div>{heading}{BLOCK}</div>", BLOCK)
    html = html.replace(f'"{base_url}{key.address}"', f'"{_WORD}address"')
    feed: tuple[str, ...] = ()
    if key.feeds:
        html, feed = _cut_feeds(html)
    ends = [0, *(place for match in _CUT.finditer(html) for place in match.span()), len(html)]
    pieces = tuple(html[start:end] for start, end in pairwise(ends))
    return PageFrame(pieces=pieces, feed=feed)


def _cut_feeds(html: str) -> tuple[str, tuple[str, ...]]:
    """The page with one mark for all feeds, and the HTML between two feeds and within one."""
    (title, address), (next_title, next_address) = _FEEDS
    file, next_file = (path.rpartition("/")[2] for path in (address, next_address))
    start, end = html.index(title), html.index(next_file) + len(next_file)
    first, second = html[start:end].split(next_title)
    middle = second.removesuffix(next_file)
    between = first.removeprefix(title + middle + file)
    return f"{html[:start]}{_WORD}feeds{html[end:]}", (between, middle)
