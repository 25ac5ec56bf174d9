"""A feed for each topic of the settings, with the records of all kinds that are about it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from generator.content.model import Feed, FeedGroup
from generator.content.record import Record
from generator.site.feed_items import feed_of
from generator.site.kind import Site, View

PAGE = "feeds/"
"""Topics have no page of their own."""


def _feeds(site: Site) -> Iterator[Feed]:
    by_topic: dict[str, list[Record]] = {topic.id: [] for topic in site.settings.topics}
    for kind in site.kinds:
        for record in site.records(kind):
            for id_ in kind.topics(record):
                by_topic.setdefault(id_, []).append(record)
    for topic in site.settings.topics:
        title, about = f"主題：{topic.title}", f"與「{topic.title}」有關的最新內容"
        records = by_topic[topic.id]
        feed = feed_of(f"topic-{topic.id}", title, records, site, page=PAGE, description=about)
        yield structs.replace(feed, group=FeedGroup.SUBJECT)


VIEW = View(name="topics", label="主題", label_en="Topics", feeds=_feeds)
