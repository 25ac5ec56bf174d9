"""The page of all feeds, calendars and tables, for readers and programs."""

from __future__ import annotations

from collections.abc import Iterator

from generator.content.model import (
    Calendar,
    Dataset,
    Feed,
    FeedForm,
    FeedGroup,
    Page,
    sources_of,
)
from generator.output.formats.data_catalog import CATALOGUE, NATIONAL, PACKAGE
from generator.output.formats.opml import OPML
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
                "groups": tuple(_groups(feeds, site, words)),
                "opml": OPML,
                "calendars": tuple(_calendar(calendar, words) for calendar in calendars),
                "tables": tuple((_table(dataset, words), dataset.formats) for dataset in datasets),
                "catalogues": CATALOGUES,
            },
        )


_OTHER_FORMS = (("Atom", FeedForm.ATOM), ("JSON Feed", FeedForm.JSON))
Forms = tuple[tuple[str, str], ...]
"""The names and addresses of a feed's forms beside RSS."""


def _groups(
    feeds: tuple[Feed, ...], site: Site, words: Words
) -> Iterator[tuple[str, list[tuple[Row, Forms]]]]:
    """The groups that have feeds, by title."""
    for group in FeedGroup:
        own = [(_feed(feed, site), _forms(feed)) for feed in feeds if feed.group == group]
        if own:
            yield words["groups"][group], own


def _feed(feed: Feed, site: Site) -> Row:
    newest = sources_of(feed.items)[:1]  # its record alone: to make the item would render its text
    day = site.published(newest[0]) if newest else None
    return Row(title=feed.title, address=feed.address, day=day, note=feed.page)


def _forms(feed: Feed) -> Forms:
    return tuple((name, feed.current.address(form)) for name, form in _OTHER_FORMS)


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
        address=INDEX, rank=80, intro="訂閱最新內容與開放資料", intro_en="Feeds and open data"
    ),
)
