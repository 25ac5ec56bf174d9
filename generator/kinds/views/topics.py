"""A page and a feed for each of the site's topics that a record has, with its records.

A kind whose records have a field `topics` is found here without more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import structs

from generator.content.model import Breadcrumb, Entrance, Feed, FeedGroup, Page
from generator.content.record import Record
from generator.content.settings import Word
from generator.site.english import row_in
from generator.site.feed_items import feed_of
from generator.site.front_pages import blocks_of
from generator.site.kind import TOPICS, Scope, Site, View
from generator.site.listing import Listing, Row, RowGroup, kind_row, yearly_pages
from generator.text.translations import words_of
from generator.text.urls import ENGLISH, address_in


def _pages(site: Site) -> Iterator[Page]:
    records = _records(site)
    for language in site.settings.languages if site.settings.topics else ():
        yield _index(site, language, records)  # the menu leads here, and does not know the records
        for topic in site.settings.topics:
            if topic.id in records:
                yield from _topic_pages(topic, records[topic.id], site, language)


def _records(site: Site) -> Mapping[str, tuple[Record, ...]]:
    """The records of each topic that has any, in the order of kinds."""
    groups: dict[str, list[Record]] = {}
    for kind in site.kinds if site.settings.topics else ():
        for record in site.records(kind) if kind.page else ():
            for topic in getattr(record, "topics", ()):
                groups.setdefault(topic, []).append(record)
    return {topic: tuple(records) for topic, records in groups.items()}


def _topic_pages(
    topic: Word, records: tuple[Record, ...], site: Site, language: str
) -> Iterator[Page]:
    """The page of a topic, and a page for each year with all its records."""
    words, title = words_of(language)["topics"], _title(topic, language)
    listing = Listing(
        address=address_in(language, f"{TOPICS}{topic.id}/"),
        title=title,
        crumbs=(Breadcrumb(title=words["title"], address=address_in(language, TOPICS)),),
        row=row_in(language, kind_row),
        intro=words["about"].format(title=title, count=len(records)),
        feeds=(feed_name(topic),),
    )
    first, *years = yearly_pages(listing, records, site)
    blocks = blocks_of(site, Scope(language=language, records=records))
    context = {**first.context, "blocks": blocks, "within": {}}
    yield structs.replace(first, template="subject.html", context=context)
    yield from years


def _title(topic: Word, language: str) -> str:
    return (language == ENGLISH and topic.title_en) or topic.title


def _index(site: Site, language: str, records: Mapping[str, tuple[Record, ...]]) -> Page:
    words, topics = words_of(language), topic_links(site, language)
    rows = tuple(
        Row(title=title, address=address, marks=(words["list"]["count"].format(count=count),))
        for title, address, count in topics
    )
    every = (record for own in records.values() for record in own)
    return Page(
        address=address_in(language, TOPICS),
        template="listing.html",
        title=words["topics"]["title"],
        updated=site.latest_day(every),
        context={
            "groups": (RowGroup(heading="", rows=rows),),
            "intro": words["topics"]["intro"],
            "years": (),
        },
    )


def topic_links(site: Site, language: str) -> tuple[tuple[str, str, int], ...]:
    """The topics with records: title, address of the page, number of records."""
    records = _records(site)
    return tuple(
        (
            _title(topic, language),
            address_in(language, f"{TOPICS}{topic.id}/"),
            len(records[topic.id]),
        )
        for topic in site.settings.topics
        if topic.id in records
    )


def feed_name(topic: Word) -> str:
    """The name of a topic's feed."""
    return f"topic-{topic.id}"


def _feeds(site: Site) -> Iterator[Feed]:
    records = _records(site)
    for topic in site.settings.topics:
        # a feed stays without records, and then its topic has no page
        own = records.get(topic.id, ())
        page = f"{TOPICS}{topic.id}/" if own else "feeds/"
        title, about = f"主題：{topic.title}", f"與「{topic.title}」有關的最新內容"
        feed = feed_of(feed_name(topic), title, own, site, page=page, description=about)
        yield structs.replace(feed, group=FeedGroup.SUBJECT)


VIEW = View(
    name="topics",
    label="主題",
    label_en="Topics",
    pages=_pages,
    feeds=_feeds,
    has=lambda settings: bool(settings.topics),
    entrances=(Entrance(label="依主題查閱", address=TOPICS, label_en="Browse by topic"),),
)
