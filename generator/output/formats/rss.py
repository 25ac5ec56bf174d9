"""Renders planned feeds as RSS 2.0 with full texts and stable ids; dates come from the data.

An item is the same in every feed, so it is rendered once; a feed is its head and its items.  A
feed that would be too large for feed readers has summaries in place of some full texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta, timezone
from html import escape, unescape
from typing import TYPE_CHECKING

from generator.content.model import Artifact, Feed, FeedItem
from generator.content.settings import Settings
from generator.site.kind import Site
from generator.site.report_link import mail_of
from generator.text.urls import absolute

if TYPE_CHECKING:
    from feedgen.entry import FeedEntry
    from feedgen.feed import FeedGenerator

TAIPEI = timezone(timedelta(hours=8))
_XML_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_END = b"  </channel>\n"
LIMIT = 5 * 1024 * 1024
"""The most bytes of a feed."""
_NEWEST = re.compile(rb" *<lastBuildDate>[^<]*</lastBuildDate>\n")
_LINK = re.compile(rb"<link>([^<]*)</link>")
_SUMMARY = re.compile(rb"<description>([^<]*)</description>")
_TEXT, _TEXT_END = b"<content:encoded>", b"</content:encoded>"
_MORE = "全文見網站"
_WIDE = str.maketrans("<>", "\N{FULLWIDTH LESS-THAN SIGN}\N{FULLWIDTH GREATER-THAN SIGN}")
_WIDE_AMPERSAND = "\N{FULLWIDTH AMPERSAND}"
_REFERENCE = re.compile(r"&[#\w]\w*;?")

FullText = Callable[[FeedItem], str]


def rss(feed: Feed, site: Site, full_text: FullText) -> Artifact:
    """A feed's bytes; `full_text` gives an item's HTML with absolute addresses."""
    return rss_of(feed, site, (item_xml(item, site, full_text) for item in feed.items))


def rss_of(feed: Feed, site: Site, items: Iterable[bytes]) -> Artifact:
    """A feed's bytes, from the bytes of its items, newest first."""
    generator = feed_head(feed, site.settings)
    if feed.items:
        generator.lastBuildDate(midnight(feed.items[0].published))
    head, end, tail = generator.rss_str(pretty=True).rpartition(_END)
    if not feed.items:  # no date is known, and the library would put the current time there
        head = _NEWEST.sub(b"", head)
    space = LIMIT - len(head) - len(end) - len(tail)
    elements = bounded(tuple(items), space)
    return Artifact(address=feed.address, content=b"".join((head, *elements, end, tail)))


def bounded(items: Sequence[bytes], space: int) -> Sequence[bytes]:
    """The items in their order, some of them shortened so that all fit into `space` bytes.

    From the newest on, an item keeps its full text if it fits beside the summaries of all others.
    """
    if sum(map(len, items)) <= space:
        return items
    short = [summarised(item) for item in items]
    spare = space - sum(map(len, short))
    chosen = list[bytes]()
    for whole, summary in zip(items, short, strict=True):
        more = len(whole) - len(summary)
        fits = more <= spare
        spare -= more if fits else 0
        chosen.append(whole if fits else summary)
    return chosen


def summarised(item: bytes) -> bytes:
    """An item's element with its summary and a link to its page in place of its text."""
    head, begin, rest = item.partition(_TEXT)
    _, end, tail = rest.rpartition(_TEXT_END)
    link, summary = _LINK.search(head), _SUMMARY.search(head)
    about, address = (match[1] if match else b"" for match in (summary, link))
    form = b'&lt;p&gt;%s&lt;/p&gt;&lt;p&gt;&lt;a href="%s"&gt;%s&lt;/a&gt;&lt;/p&gt;'
    return b"".join((head, begin, form % (about, address, _MORE.encode()), end, tail))


def item_xml(item: FeedItem, site: Site, full_text: FullText) -> bytes:
    """The element of an item, indented as in a feed.

    It is written inside a root with the feed's namespaces; a whole feed takes ten times as long.
    """
    from lxml.etree import Element, SubElement, tostring  # noqa: PLC0415 -- most runs make no feed

    root = Element("rss", nsmap=_NAMES)
    entry = feed_entry(item, site.settings.base_url, full_text)
    SubElement(root, "channel").append(entry.rss_entry())
    content: bytes = tostring(root, pretty_print=True, encoding="UTF-8", xml_declaration=False)
    start, end = content.index(b"    <item>"), content.rindex(_END)
    return content[start:end]


_NAMES = {"content": "http://purl.org/rss/1.0/modules/content/"}
"""The namespaces that feedgen's items use, as its feeds declare them."""


def feed_head(feed: Feed, settings: Settings) -> FeedGenerator:
    """A feed without items and without the date of its newest one."""
    from feedgen.feed import FeedGenerator  # noqa: PLC0415 -- most runs make no feed

    generator, base_url = FeedGenerator(), settings.base_url
    generator.title(unmarked(feed.title))
    generator.description(unmarked(feed.description))
    generator.link(href=absolute(base_url, feed.address), rel="self")
    generator.link(href=absolute(base_url, feed.page), rel="alternate")
    generator.language(feed.language)
    generator.generator("Gongbao")
    if licence := settings.licensed:
        generator.copyright(f"{settings.publisher.name}，{licence.title}，{licence.url}")
    if mail := mail_of(settings):
        generator.managingEditor(f"{mail} ({unmarked(settings.publisher.name)})")
    return generator


def feed_entry(item: FeedItem, base_url: str, full_text: FullText) -> FeedEntry:
    """An item as an entry of the library feedgen."""
    from feedgen.entry import FeedEntry  # noqa: PLC0415 -- most runs make no feed

    entry = FeedEntry()
    entry.guid(item.guid, permalink=False)
    entry.title(unmarked(item.title))
    entry.link(href=absolute(base_url, item.address))
    entry.published(midnight(item.published))
    for name in item.categories:
        entry.category(term=unmarked(name))
    entry.description(escape(item.summary, quote=False))  # an item's description is HTML
    entry.content(_XML_FORBIDDEN.sub("\ufffd", full_text(item)), type="CDATA")
    return entry


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


def midnight(day: date) -> datetime:
    """The beginning of a day in Taiwan."""
    return datetime.combine(day, time(), TAIPEI)
