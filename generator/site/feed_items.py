"""Plans feeds and their items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from generator.content.model import Feed, FeedItem, Mapped
from generator.content.record import Record
from generator.site.kind import Site

FEED_LENGTH = 100
"""The most items of a feed, newest first."""


def feed_of(
    name: str, title: str, records: Iterable[Record], site: Site, *, page: str, description: str
) -> Feed:
    """A feed of the newest records among those whose kinds have feed items."""
    newest = site.newest(_able(records, site))[:FEED_LENGTH]
    items = Mapped(partial(feed_item, site=site), newest)
    return Feed(name=name, title=title, description=description, page=page, items=items)


def _able(records: Iterable[Record], site: Site) -> list[Record]:
    """The records whose kinds have feed items."""
    kinds = {kind.name for kind in site.kinds if kind.feed_item}
    return [record for record in records if record.kind in kinds]


def has_feed(name: str, records: Iterable[Record], site: Site) -> bool:
    """Whether a feed exists: it has a record, or was published before and keeps its address."""
    return name in site.memory.feeds or any(map(site.publication_day, _able(records, site)))


def feed_item(record: Record, site: Site) -> FeedItem:
    """The feed item of a record; raises `LookupError` if its kind has none."""
    make = site.kind(record).feed_item
    if make is None:
        raise LookupError(f"not in feeds: {record.ref}")
    return make(record, site)


def record_item(
    record: Record, site: Site, template: str, context: Mapping[str, object], summary: str
) -> FeedItem:
    """A feed item about a record; its id stays the same under a new title or address."""
    kind = site.kind(record)
    return FeedItem(
        guid=f"{site.settings.publisher.id}/{record.kind}/{record.id}",
        address=kind.address(record),
        title=kind.title(record),
        published=site.published(record),
        template=template,
        context=context,
        summary=summary,
        categories=kind.categories(record, site),
    )
