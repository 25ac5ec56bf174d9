"""Writes feeds as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/).

`next_url` leads from each document to the archive before it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from generator.content.model import FeedDocument, FeedForm
from generator.content.settings import Settings
from generator.output.formats.feed_parts import (
    LIMIT,
    FeedEntry,
    ItemText,
    items_of,
    legible,
    midnight,
)
from generator.text.urls import absolute

VERSION = "https://jsonfeed.org/version/1.1"
_BETWEEN = b",\n"


def json_feed(document: FeedDocument, settings: Settings, entries: Sequence[FeedEntry]) -> bytes:
    """A document of a feed."""
    head = _line(_about(document, settings)).removesuffix("}") + ', "items": [\n'
    end = b"\n]}\n"
    space = LIMIT - len(head.encode()) - len(end) - len(entries) * len(_BETWEEN)
    items = items_of(document, entries, FeedForm.JSON, space)
    return b"".join((head.encode(), _BETWEEN.join(items), end))


def _about(document: FeedDocument, settings: Settings) -> Mapping[str, object]:
    feed, base_url = document.feed, settings.base_url
    before = document.address_before(FeedForm.JSON)
    hub = settings.hub if not document.quarter else ""
    return {
        "version": VERSION,
        "title": legible(feed.title),
        "home_page_url": absolute(base_url, feed.page),
        "feed_url": absolute(base_url, document.address(FeedForm.JSON)),
        "description": legible(feed.description),
        **({"next_url": absolute(base_url, before)} if before else {}),
        "authors": [{"name": legible(settings.publisher.name), "url": base_url}],
        "language": feed.language,
        **({"hubs": [{"type": "WebSub", "url": hub}]} if hub else {}),
    }


def json_item(item: ItemText) -> bytes:
    """An item: its HTML, or else its summary as text, or else its title."""
    text = (
        {"content_text": item.summary or item.title}
        if not item.html
        else {"content_html": item.html, "summary": item.summary}
    )
    changed = item.updated != item.published
    about = {
        "id": item.guid,
        "url": item.address,
        "title": item.title,
        **text,
        "date_published": midnight(item.published).isoformat(),
        **({"date_modified": midnight(item.updated).isoformat()} if changed else {}),
        **({"tags": list(item.categories)} if item.categories else {}),
    }
    return _line(about).encode()


def _line(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False)
