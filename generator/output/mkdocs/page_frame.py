"""The theme's page around a block, made once by MkDocs for all pages that share it.

Such pages differ in title, description, address, source, feeds, the way to the other language,
the head's own tags and block.  MkDocs gets marks in their place, and the page that it makes is cut
at these.  Strings joined in this way equal what MkDocs makes of each page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from html import escape
from itertools import pairwise

from msgspec import Struct

from generator.content.model import Page
from generator.text.urls import ENGLISH, ENGLISH_HOME, counterpart, language_of, relative

_WORD = "gongbao-mark-"
TITLE, DESCRIPTION, SOURCE, OTHER, HEAD, BLOCK = (
    f"{_WORD}{n}" for n in ("title", "about", "source", "other", "head", "block")
)
_STEP = f"{_WORD}step"
_FEEDS = tuple((f"{_WORD}feed-{n}", f"feeds/{_WORD}way-{n}.xml") for n in ("one", "two"))
_CUT = re.compile(rf"{_WORD}(?:title|about|source|other|head|block|address|feeds)")

FeedLink = tuple[str, str]
"""A feed as a page's head names it: title and address."""


class FrameKey(Struct, frozen=True, kw_only=True):
    """What pages must have in common to share a frame.

    `address` is the page's own where it stands in the navigation, else one with steps of no
    meaning: as deep, and with as much in common with each page of the navigation.
    """

    address: str
    feeds: bool
    source: bool
    private: bool
    headed: bool


class PageFrame(Struct, frozen=True, kw_only=True):
    """The page of MkDocs in pieces: text and, between, names of what comes in; a feed's line."""

    pieces: tuple[str, ...]
    feed: tuple[str, ...]

    def around(
        self, page: Page, block: str, address: str, head: str, feeds: Iterable[FeedLink]
    ) -> str:
        """The finished page; `address` is absolute, `head` are the page's own tags."""
        given = {
            TITLE: escape(page.title),
            DESCRIPTION: escape(page.description),
            SOURCE: page.source,
            OTHER: other_address(page),
            HEAD: head,
            BLOCK: block,
            f"{_WORD}address": address,
            f"{_WORD}feeds": self._lines(feeds),
        }
        return "".join([given.get(piece, piece) for piece in self.pieces])

    def _lines(self, feeds: Iterable[FeedLink]) -> str:
        between, middle = self.feed or ("", "")
        named = ((escape(title), address.rpartition("/")[2]) for title, address in feeds)
        return between.join(f"{title}{middle}{file}" for title, file in named)


def other_address(page: Page) -> str:
    """Where a page leads those who read the other language: its counterpart, or that's home."""
    home = "" if language_of(page.address) == ENGLISH else ENGLISH_HOME
    return relative(page.address, counterpart(page.address) if page.paired else home)


class FrameMissing(LookupError):  # noqa: N818 -- a request, no fault
    """A page needs a frame that this process neither has nor can make."""


@cache
def frame_digest(frame: PageFrame) -> str:
    """A digest of a frame's text; thousands of pages ask for that of the same few."""
    text = "\0".join((*frame.pieces, *frame.feed))
    return blake2b(text.encode(), digest_size=16).hexdigest()


def frame_key(
    page: Page, block: str, feeds: Sequence[FeedLink], entrances: Iterable[str]
) -> FrameKey:
    """The key of a page's frame, in a site with a navigation of these addresses."""
    return FrameKey(
        address=place_of(page.address, entrances),
        feeds=bool(feeds),
        source=bool(page.source),
        private=page.private,
        headed="<h1" in block,
    )


def place_of(address: str, entrances: Iterable[str]) -> str:
    """An address with no more than matters to a frame: its depth, what it shares with entrances.

    Relative addresses drop what a page has in common with the page that they lead to.
    """
    known = frozenset(entrances)
    if address in known:
        return address
    steps = address.split("/")[:-1]
    shared = max((_common(steps, entrance) for entrance in _steps(known)), default=0)
    return "".join(f"{step}/" for step in (*steps[:shared], *([_STEP] * (len(steps) - shared))))


@lru_cache(maxsize=8)  # the entrances of a site are the same for all its pages
def _steps(addresses: frozenset[str]) -> tuple[tuple[str, ...], ...]:
    return tuple({tuple(address.split("/")[:-1]) for address in addresses} - {()})


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    shared = 0
    for step, others in zip(one, other, strict=False):
        if step != others:
            break
        shared += 1
    return shared


def sample(key: FrameKey) -> tuple[Page, str, tuple[FeedLink, ...]]:
    """A page of marks: its plan, its block, its feeds."""
    heading = f"<h1>{_WORD}heading</h1>" if key.headed else ""
    return _sample(key), f"<div>{heading}{BLOCK}</div>", _FEEDS if key.feeds else ()


def _sample(key: FrameKey) -> Page:
    return Page(
        address=key.address,
        template="",
        title=TITLE,
        description=DESCRIPTION,
        updated=None,
        source=SOURCE if key.source else "",
        private=key.private,
    )


def cut(html: str, key: FrameKey, base_url: str) -> PageFrame:
    """The frame that the finished page of marks gives."""
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
    """A page with one mark for all feeds; what stands between two, and within one."""
    (one, one_way), (two, two_way) = _FEEDS
    one_file, two_file = (way.rpartition("/")[2] for way in (one_way, two_way))
    start, end = html.index(one), html.index(two_file) + len(two_file)
    first, second = html[start:end].split(two)
    middle = second.removesuffix(two_file)
    between = first.removeprefix(one + middle + one_file)
    return f"{html[:start]}{_WORD}feeds{html[end:]}", (between, middle)
