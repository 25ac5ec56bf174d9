"""Writes feeds as RSS 2.0: their heads with the library feedgen, their items as it would.

Dates come from the data.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from email.utils import format_datetime
from functools import lru_cache
from html import escape, unescape
from typing import TYPE_CHECKING

from generator.content.model import Feed, FeedDocument, FeedForm
from generator.content.settings import Settings
from generator.output.formats.feed_parts import (
    LIMIT,
    STYLE,
    FeedEntry,
    ItemText,
    items_of,
    legible,
    midnight,
)
from generator.site.report_link import mail_of
from generator.text.urls import absolute, relative

if TYPE_CHECKING:
    from feedgen.feed import FeedGenerator

_END = b"  </channel>\n"
_NEWEST = re.compile(rb" *<lastBuildDate>[^<]*</lastBuildDate>\n")
_WIDE = str.maketrans("<>", "\N{FULLWIDTH LESS-THAN SIGN}\N{FULLWIDTH GREATER-THAN SIGN}")
_WIDE_AMPERSAND = "\N{FULLWIDTH AMPERSAND}"
_REFERENCE = re.compile(r"&[#\w]\w*;?")


def rss(document: FeedDocument, settings: Settings, entries: Sequence[FeedEntry]) -> bytes:
    """A document of a feed, from its items, newest first."""
    generator = feed_head(document.feed, settings, document.address(FeedForm.RSS))
    if entries:
        generator.lastBuildDate(midnight(max(entry.updated for entry in entries)))
    head, end, tail = generator.rss_str(pretty=True).rpartition(_END)
    if not entries:  # no date is known, and the library would put the current time there
        head = _NEWEST.sub(b"", head)
    head = _with_links(head, document, settings)
    items = items_of(document, entries, FeedForm.RSS, LIMIT - len(head) - len(end) - len(tail))
    return b"".join((head, *items, end, tail))


def _with_links(head: bytes, document: FeedDocument, settings: Settings) -> bytes:
    """A feed's head with its stylesheet and the links that the library does not write.

    Those are the links to the hub and the archives, in the elements that RFC 5005 gives for RSS.
    """
    links = []
    if document.quarter:
        links.append(("current", absolute(settings.base_url, document.feed.address)))
    elif settings.hub:
        links.append(("hub", settings.hub))
    if before := document.address_before(FeedForm.RSS):
        links.append(("prev-archive", absolute(settings.base_url, before)))
    lines = "".join(f'    <atom:link href="{escape(href)}" rel="{rel}"/>\n' for rel, href in links)
    if document.quarter:
        lines += _ARCHIVE
    style = relative(document.address(FeedForm.RSS), STYLE)
    declaration, _, rest = head.partition(b"\n")
    sheet = f'<?xml-stylesheet type="text/css" href="{style}"?>'.encode()
    # no text has this tag, as its signs are escaped there
    return b"\n".join((declaration, sheet, rest.replace(_DOCS, lines.encode() + _DOCS, 1)))


_ARCHIVE = '    <archive xmlns="http://purl.org/syndication/history/1.0"/>\n'
_DOCS = b"    <docs>"


def rss_item(item: ItemText) -> bytes:
    """The element of an item, byte for byte as the library writes it, in a tenth of its time."""
    lines = [
        "    <item>\n",
        _element("title", unmarked(item.title)),
        _element("link", item.address),
    ]
    if item.summary:
        # an item's description is HTML
        lines.append(_element("description", escape(item.summary, quote=False)))
    if item.html:
        name = "content:encoded" if item.summary else "description"
        text = item.html.replace("]]>", "]]]]><![CDATA[>")
        lines.append(f"      <{name}><![CDATA[{text}]]></{name}>\n")
    lines.append(f'      <guid isPermaLink="false">{_text(item.guid)}</guid>\n')
    lines += [_element("category", unmarked(name)) for name in item.categories]
    lines.append(_element("pubDate", _date(item.published)))
    lines.append("    </item>\n")
    return "".join(lines).encode()


@lru_cache(maxsize=1024)
def _date(day: date) -> str:
    """A day as RSS has it; the items of a day are many."""
    return format_datetime(midnight(day))


def _element(name: str, text: str) -> str:
    return f"      <{name}>{_text(text)}</{name}>\n"


def _text(text: str) -> str:
    return escape(text, quote=False).replace("\r", "&#13;")


def feed_head(feed: Feed, settings: Settings, address: str) -> FeedGenerator:
    """A feed without items and without the date of its newest one; `address` is its own."""
    from feedgen.feed import FeedGenerator  # noqa: PLC0415 -- most runs make no feed

    generator, base_url = FeedGenerator(), settings.base_url
    generator.title(unmarked(legible(feed.title)))
    generator.description(unmarked(legible(feed.description)))
    generator.link(href=absolute(base_url, address), rel="self")
    generator.link(href=absolute(base_url, feed.page), rel="alternate")
    generator.language(feed.language)
    generator.generator("Gongbao")
    if licence := settings.licensed:
        generator.copyright(f"{settings.publisher.name}，{licence.title}，{licence.url}")
    if mail := mail_of(settings):
        generator.managingEditor(f"{mail} ({unmarked(settings.publisher.name)})")
    return generator


def unmarked(text: str) -> str:
    """A text with full-width `<` and `>`, and a full-width `&` where it begins a reference.

    Titles, categories and a feed's description are plain text by the RSS profile, but many readers
    take them as HTML.  As plain text, `a<b` loses words in these; escaped, it shows `&lt;` in the
    others, and loses words in readers that strip tags after decoding.  Only full-width characters
    look the same in all (https://www.rssboard.org/rss-profile#data-types-characterdata leaves it
    open).  The item's HTML, its page and `record.json` have the text unchanged.
    """
    return _REFERENCE.sub(_without_reference, text.translate(_WIDE))


def _without_reference(match: re.Match[str]) -> str:
    """`R&D` stays; in `&lt;`, `&copy=` and `&#60` the `&` becomes full-width."""
    reference = match[0]
    return reference if unescape(reference) == reference else _WIDE_AMPERSAND + reference[1:]
