"""The page of all feeds, calendars and tables, for readers and programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from itertools import islice

from generator.content.model import Artifact, Calendar, Dataset, Feed, FeedItem, Page, sources_of
from generator.content.record import Record
from generator.output.formats.data_catalog import CATALOGUE, NATIONAL, PACKAGE
from generator.output.formats.rss import rss
from generator.site.english import english_address, english_words
from generator.site.feed_items import FEED_LENGTH
from generator.site.kind import Section, Site, View
from generator.site.listing import Row
from generator.text.markdown import gist, plain_text
from generator.text.translations import Words, words_of
from generator.text.urls import ENGLISH, ENGLISH_HOME, address_in

INDEX = "feeds/"
ENGLISH_NEWS = "news-en"
CATALOGUES = ((PACKAGE, "package"), (CATALOGUE, "catalogue"), (NATIONAL, "national"))
"""The catalogues of all tables, with the keys of their names in the interface's words."""


def _pages(
    site: Site,
    feeds: tuple[Feed, ...],
    calendars: tuple[Calendar, ...],
    datasets: tuple[Dataset, ...],
) -> Iterator[Page]:
    for language in site.settings.languages:
        words = words_of(language)["feeds"]
        yield Page(
            address=address_in(language, INDEX),
            template="subscribe.html",
            title=words["title"],
            description=words["description"],
            updated=site.latest_day(site.archive),
            feeds=tuple(feed.name for feed in feeds),
            context={
                "feeds": tuple(_feed(feed, site, words) for feed in feeds),
                "calendars": tuple(_calendar(calendar, words) for calendar in calendars),
                "tables": tuple((_table(dataset, words), dataset.formats) for dataset in datasets),
                "catalogues": CATALOGUES,
                "english_news": f"{INDEX}{ENGLISH_NEWS}.xml" if language == ENGLISH else "",
            },
        )


def _feed(feed: Feed, site: Site, words: Words) -> Row:
    newest = sources_of(feed.items)[:1]  # its record alone: to make the item would render its text
    day = site.published(newest[0]) if newest else None
    marks = (words["entries"].format(count=len(feed.items)),)
    return Row(title=feed.title, address=feed.address, day=day, marks=marks, note=feed.page)


def _calendar(calendar: Calendar, words: Words) -> Row:
    marks = (words["event_count"].format(count=len(calendar.events)),)
    title, address = calendar.title, calendar.address
    return Row(title=title, address=address, marks=marks, note=calendar.page)


def _table(dataset: Dataset, words: Words) -> Row:
    marks = (words["row_count"].format(count=len(dataset.rows)),)
    return Row(title=dataset.title, address=dataset.address, marks=marks)


def _artifacts(site: Site) -> Iterator[Artifact]:
    """The feed in English, of the newest records with an English title: titles and summaries."""
    if not site.settings.english:
        return
    names = english_words(site)
    able = (record for record in site.newest(site.archive) if site.kind(record).feed_item)
    titled = (record for record in able if site.kind(record).english.title(record))
    feed = Feed(
        name=ENGLISH_NEWS,
        title=site.settings.title_en,
        description=site.settings.description_en or site.settings.title_en,
        page=ENGLISH_HOME,
        items=[_english_item(record, site, names) for record in islice(titled, FEED_LENGTH)],
        language=ENGLISH,
    )
    yield rss(feed, site, lambda item: f"<p>{escape(item.summary)}</p>")


def _english_item(record: Record, site: Site, names: Mapping[str, str]) -> FeedItem:
    """A record by its English title, with the English names of its category and agencies."""
    kind = site.kind(record)
    fields = kind.search_fields(record, site)
    named = (names.get(name, "") for name in (fields.category, *fields.agencies))
    summary = gist(plain_text(getattr(record, "summary_en", "")), 600)
    return FeedItem(
        guid=f"{site.settings.publisher.id}/{record.kind}/{record.id}/{ENGLISH}",
        address=english_address(record, site),
        title=kind.english.title(record),
        published=site.published(record),
        template="",
        context={},
        summary=summary or words_of(ENGLISH)["english"]["authentic"],
        categories=(kind.label_en, *filter(None, named)),
    )


VIEW = View(
    name="subscribe",
    label="訂閱",
    label_en="Feeds and data",
    closing=_pages,
    artifacts=_artifacts,
    section=Section(
        address=INDEX, rank=80, intro="RSS 與開放資料", intro_en="RSS feeds and open data"
    ),
)
