"""The page of all feeds, calendars and tables, for readers and programs."""

from __future__ import annotations

from collections.abc import Iterator

from generator.content.model import Calendar, Dataset, Feed, Page, sources_of
from generator.output.formats.data_catalog import CATALOGUE, NATIONAL, PACKAGE
from generator.site.kind import Section, Site, View
from generator.site.listing import Row
from generator.text.translations import Words, words_of
from generator.text.urls import address_in

INDEX = "feeds/"
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


VIEW = View(
    name="subscribe",
    label="訂閱",
    label_en="Feeds and data",
    closing=_pages,
    section=Section(
        address=INDEX, rank=80, intro="RSS 與開放資料", intro_en="RSS feeds and open data"
    ),
)
