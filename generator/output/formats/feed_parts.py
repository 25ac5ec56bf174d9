"""The parts that feeds have in common in all their forms: texts, days, the publisher."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from hashlib import sha256

from msgspec import Struct

from generator.content.model import FeedDocument, FeedForm, FeedItem
from generator.text.dates import TAIPEI
from generator.text.markdown import gist
from generator.text.urls import absolute

LIMIT = 5 * 1024 * 1024
"""The most bytes of a current document: beyond, feed readers may refuse it."""
FEED_TYPES: Mapping[str, str] = {
    "atom": "application/xml",
    "json": "application/feed+json",
    "opml": "text/x-opml",
}
"""Media types of feeds by ending.  Browsers show the source of `application/atom+xml`."""
SHORT = 120
"""The most characters of the summary of an item in short."""
STYLE = "assets/feed.css"
"""The theme's stylesheet for feeds that are opened in a browser."""
_XML_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class ItemText(Struct, frozen=True, kw_only=True):
    """An item as all forms say it: `address` is absolute, `html` empty in an item without text."""

    guid: str
    address: str
    title: str
    published: date
    updated: date
    summary: str
    categories: tuple[str, ...]
    html: str


class FeedEntry(Struct, frozen=True, kw_only=True):
    """The bytes of an item by form: `short` with its summary, `whole` with its text or empty."""

    published: date
    updated: date
    short: Mapping[str, bytes]
    whole: Mapping[str, bytes] = {}

    def digest(self, *, whole: bool) -> bytes:
        """SHA-256 of the item in all forms, as documents have it that have its text or not."""
        forms = self.whole or self.short if whole else self.short  # of a title alone there is none
        return sha256(b"\0".join(forms.values())).digest()


def item_text(item: FeedItem, base_url: str, html: str | None) -> ItemText:
    """The texts of an item, in short if `html` is None; `title_only` ones have nothing but a title.

    In short the summary is cut: an archive has thousands of them.
    """
    summary = gist(item.summary, SHORT) if html is None else item.summary
    return ItemText(
        guid=item.guid,
        address=absolute(base_url, item.address),
        title=legible(item.title),
        published=item.published,
        updated=item.updated,
        summary="" if item.title_only else legible(summary),
        categories=tuple(map(legible, item.categories)),
        html="" if item.title_only else legible(html or ""),
    )


def legible(text: str) -> str:
    """A text in which U+FFFD stands for each character that XML cannot hold.

    JSON could hold some of them, but an item is the same in every form.
    """
    return _XML_FORBIDDEN.sub("\ufffd", text)


def midnight(day: date) -> datetime:
    """The beginning of a day in Taiwan."""
    return datetime.combine(day, time(), TAIPEI)


def items_of(
    document: FeedDocument, entries: Sequence[FeedEntry], form: FeedForm, space: int
) -> list[bytes]:
    """The items of a document in their order, within `space` bytes unless it is an archive.

    From the newest on, an item has its text if the document has texts of its day and if it fits
    beside the summaries of all others.
    """
    shorts = [entry.short[form] for entry in entries]
    if document.quarter:
        return shorts
    spare = space - sum(map(len, shorts))
    chosen = list[bytes]()
    for entry, short in zip(entries, shorts, strict=True):
        whole = entry.whole.get(form, short) if document.has_text(entry.published) else short
        more = len(whole) - len(short)
        fits = more <= spare
        spare -= more if fits else 0
        chosen.append(whole if fits else short)
    return chosen
