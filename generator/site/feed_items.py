"""What feeds tell of records: the plan of a feed, and of one item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from generator.content.model import Feed, FeedItem, Mapped
from generator.content.record import Record
from generator.site.kind import Site

FEED_LENGTH = 100
"""Items a feed carries, newest first."""


def feed_of(
    name: str, title: str, records: Iterable[Record], site: Site, *, page: str, description: str
) -> Feed:
    """A feed of the newest records that can stand in feeds."""
    newest = site.newest(_able(records, site))[:FEED_LENGTH]
    items = Mapped(partial(feed_item, site=site), newest)
    return Feed(name=name, title=title, description=description, page=page, items=items)


def _able(records: Iterable[Record], site: Site) -> list[Record]:
    """Records of kinds that stand in feeds."""
    kinds = {kind.name for kind in site.kinds if kind.feed_item}
    return [record for record in records if record.kind in kinds]


def has_feed(name: str, records: Iterable[Record], site: Site) -> bool:
    """Whether there is a feed of some records: it holds one, or has held one before."""
    return name in site.memory.feeds or any(map(site.known, _able(records, site)))


def feed_item(record: Record, site: Site) -> FeedItem:
    """What feeds say of a record; raises `LookupError` for one that stands in none."""
    make = site.kind(record).feed_item
    if make is None:
        raise LookupError(f"not in feeds: {record.ref}")
    return make(record, site)


def record_item(
    record: Record, site: Site, template: str, context: Mapping[str, object], summary: str
) -> FeedItem:
    """A feed item about a record; its identity survives a new title and a new address."""
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
