"""The sitemap of a site, in parts where it is too long for one file.

`mkdocs build` makes the same file by the theme's `sitemap.xml`; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from markupsafe import escape

from generator.content.model import Artifact, Page
from generator.text.urls import alternates

SITEMAP, PART = "sitemap.xml", "sitemap-"
MOST, WEIGHT = 45_000, 45_000_000
"""Addresses and bytes of a sitemap; https://www.sitemaps.org/protocol.html allows some more."""
_INDEX_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
"""
_HEAD = b"""\
<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">"""
_TAIL = b"\n</urlset>"


class Listed(NamedTuple):
    """A page as the sitemap lists it; `updated` is "" where it shows nothing with a date."""

    address: str
    updated: str
    private: bool
    paired: bool


def listed_page(page: Page) -> Listed:
    """How the sitemap lists a page."""
    updated = page.updated.isoformat() if page.updated else ""
    return Listed(page.address, updated, private=page.private, paired=page.paired)


def sitemaps(
    listed: Iterable[Listed], base_url: str, most: int = MOST, weight: int = WEIGHT
) -> Iterator[Artifact]:
    """The sitemap of all pages that are not private, in the order of MkDocs.

    One file as long as it holds no more than `most` addresses and `weight` bytes; beyond that
    `sitemap.xml` is an index of parts, for readers of sitemaps take no larger ones.
    """
    order = sorted(listed, key=lambda page: host_order(page.address))
    pages = [page for page in order if not page.private]
    lines = tuple(_lines(pages, base_url))
    if len(lines) <= most and sum(map(len, (_HEAD, *lines, _TAIL))) <= weight:
        yield Artifact(address=SITEMAP, content=b"".join((_HEAD, *lines, _TAIL)))
        return
    rows = []
    for run in _runs(pages, lines, most, weight - len(_HEAD) - len(_TAIL)):
        name = f"{PART}{sha256(pages[run.start].address.encode()).hexdigest()[:12]}.xml"
        yield Artifact(address=name, content=b"".join((_HEAD, *lines[run.start : run.stop], _TAIL)))
        newest = max(page.updated for page in pages[run.start : run.stop])
        day = f"<lastmod>{newest}</lastmod>" if newest else ""
        rows.append(f"<sitemap><loc>{base_url}{name}</loc>{day}</sitemap>\n")
    index = f"{_INDEX_HEAD}{''.join(rows)}</sitemapindex>"
    yield Artifact(address=SITEMAP, content=index.encode())


def _runs(
    pages: Sequence[Listed], lines: Sequence[bytes], most: int, weight: int
) -> Iterator[range]:
    """The pages of each part of a sitemap.

    A part begins at a page whose digest says so, so that a new page changes the part in which it
    stands and no other; the limits cut what would become too long all the same.
    """
    start = size = 0
    for place, page in enumerate(pages):
        digest = int.from_bytes(sha256(page.address.encode()).digest()[:8], "big")
        begins = digest % (most // 3) == 0
        if place > start and (begins or place - start == most or size + len(lines[place]) > weight):
            yield range(start, place)
            start, size = place, 0
        size += len(lines[place])
    yield range(start, len(pages))


def _lines(pages: Iterable[Listed], base_url: str) -> Iterator[bytes]:
    """A line a page, as the theme's `sitemap.xml` writes them for `mkdocs build`.

    A page with a counterpart has the addresses of `alternates` too.
    """
    for page in pages:
        day = f"<lastmod>{page.updated}</lastmod>" if page.updated else ""
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{language}" href="{escape(url)}"/>'
            for language, url in (alternates(base_url, page.address) if page.paired else ())
        )
        yield f"\n<url><loc>{escape(base_url + page.address)}</loc>{day}{others}</url>".encode()


def host_order(address: str) -> str:
    """Sorts addresses as MkDocs lists its pages: a folder's own page, then its folders."""
    return address.rpartition("/")[0].replace("/", "\0")  # before whatever a name may hold
