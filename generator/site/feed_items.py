"""Plans feeds, their archives and their items.

A feed has a current document, and an archive (RFC 5005) for each quarter that has ended by the
site's day, with what was published in it.  The current document has

- the newest `FEED_LENGTH` items,
- everything published since the quarter began,
- what was added late, in this quarter or the one before: to a quarter that had ended already.

So whoever looks at least once a quarter, and follows the archives back to one that was there at the
last look, gets every item.  An archive changes only when an item of it is redacted, expires or is
added late, or when its record changed: by a revision, or by a part such as minutes.  So it does not
name the archive after it, which its quarter's end would not yet have.  An item that changes keeps
its identifier and its place, which follow from the day of publication.
The memory of published records says what was added late: a record that `seal` first met after its
quarter, or has not met yet.  What the memory began with is not late, as nobody knows when it came.

What was published in the quarter of a feed's newest item, or in the one before, has its full text
in the current document.  Older items, and all in archives, have a summary: an entry stands in about
five feeds in three forms, and its text fifteen times over would be most of a site.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from itertools import groupby

from generator.content.model import Feed, FeedArchive, FeedItem, Mapped
from generator.content.record import Record
from generator.site.kind import Site

FEED_LENGTH = 100
"""The fewest items of a feed's current document, if the feed has so many."""


def feed_of(
    name: str, title: str, records: Iterable[Record], site: Site, *, page: str, description: str
) -> Feed:
    """A feed of the records among those whose kinds have feed items."""
    current: list[Record] = []
    archives: list[FeedArchive] = []
    ongoing, item = quarter_of(site.as_of), partial(feed_item, site=site)
    newest = site.newest(_able(records, site))
    for quarter, run in groupby(newest, lambda record: quarter_of(site.published(record))):
        own = list(run)
        if quarter >= ongoing:
            current += own
            continue
        archives.append(FeedArchive(quarter=quarter, items=Mapped(item, own)))
        space = max(0, FEED_LENGTH - len(current))
        current += own[:space]
        current += [record for record in own[space:] if _is_recent_addition(record, quarter, site)]
    return Feed(
        name=name,
        title=title,
        description=description,
        page=page,
        items=Mapped(item, current),
        archives=tuple(archives),
        full_from=_quarter_before(site.published(newest[0])) if newest else site.as_of,
    )


def quarter_of(day: date) -> str:
    """The quarter of a day, as `2016q1`; later quarters sort after earlier ones."""
    return f"{day.year:04}q{(day.month + 2) // 3}"


def _quarter_before(day: date) -> date:
    """The first day of the quarter before that of a day."""
    months = 12 * day.year + (day.month - 1) // 3 * 3 - 3
    return date(months // 12, months % 12 + 1, 1)


def _is_recent_addition(record: Record, quarter: str, site: Site) -> bool:
    """Whether a record was added after its quarter had ended, in this quarter or the last one."""
    memory = site.memory
    if memory.began is None:
        return False
    before = memory.records.get(str(record.ref))
    if before is None:
        return True
    if before.first == memory.began:
        return False
    added, ongoing = quarter_of(before.first), quarter_of(site.as_of)
    return added > quarter and _quarters(ongoing) - _quarters(added) <= 1


def _quarters(quarter: str) -> int:
    """The number of quarters up to one, counted from year 0."""
    year, _, part = quarter.partition("q")
    return 4 * int(year) + int(part)


def _able(records: Iterable[Record], site: Site) -> list[Record]:
    """The records whose kinds have feed items."""
    kinds = {kind.name for kind in site.kinds if kind.feed_item}
    return [record for record in records if record.kind in kinds]


def has_feed(name: str, records: Iterable[Record], site: Site) -> bool:
    """Whether a feed exists: it has a record, or was published before and keeps its address."""
    return name in site.memory.feeds or any(map(site.publication_day, _able(records, site)))


def has_item(record: Record, site: Site) -> bool:
    """Whether a record can stand in feeds: its kind has feed items, and it has a day."""
    return site.kind(record).feed_item is not None and site.publication_day(record) is not None


def feed_item(record: Record, site: Site) -> FeedItem:
    """The feed item of a record; raises `LookupError` if its kind has none."""
    make = site.kind(record).feed_item
    if make is None:
        raise LookupError(f"not in feeds: {record.ref}")
    return make(record, site)


def record_item(
    record: Record,
    site: Site,
    template: str,
    context: Callable[[], Mapping[str, object]],
    summary: str,
) -> FeedItem:
    """A feed item about a record; its id stays the same under a new title or address.

    `context` gives what the template of the full text needs; most items in feeds are without it.
    Feeds are copied to places that nobody can clear, so personal data stands in none.
    """
    kind = site.kind(record)
    return FeedItem(
        guid=f"{site.settings.publisher.id}/{record.kind}/{record.id}",
        address=kind.address(record),
        title=kind.title(record),
        published=site.published(record),
        updated=site.updated(record),
        template=template,
        context=context,
        summary=summary,
        categories=kind.categories(record, site),
        title_only=record.personal_data,
    )
