"""RSS 2.0 from planned feeds: full text, stable identities, dates from the data alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from generator.addresses import absolute
from generator.kind import Site
from generator.model import Artifact, Feed, FeedItem

TAIPEI = timezone(timedelta(hours=8))
_XML_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

FullText = Callable[[FeedItem], str]


def rss(feed: Feed, site: Site, full_text: FullText) -> Artifact:
    """A feed's bytes; `full_text` gives an item's HTML with absolute addresses."""
    base_url = site.settings.base_url
    generator = FeedGenerator()
    generator.title(feed.title)
    generator.description(feed.description)
    generator.link(href=absolute(base_url, feed.address), rel="self")
    generator.link(href=absolute(base_url, feed.page), rel="alternate")
    generator.language("zh-TW")
    generator.generator("Gongbao")
    if feed.items:
        generator.lastBuildDate(_midnight(max(item.published for item in feed.items)))
    else:
        generator.lastBuildDate(_midnight(date(1970, 1, 1)))
    for item in feed.items:
        generator.add_entry(_entry(item, base_url, full_text), order="append")
    content: bytes = generator.rss_str(pretty=True)
    return Artifact(address=feed.address, content=content)


def _entry(item: FeedItem, base_url: str, full_text: FullText) -> FeedEntry:
    entry = FeedEntry()
    entry.guid(item.guid, permalink=False)
    entry.title(item.title)
    entry.link(href=absolute(base_url, item.address))
    entry.published(_midnight(item.published))
    for name in item.categories:
        entry.category(term=name)
    entry.description(item.summary)
    entry.content(_XML_FORBIDDEN.sub("\ufffd", full_text(item)), type="CDATA")
    return entry


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), TAIPEI)
