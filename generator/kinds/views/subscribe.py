"""The page of all feeds, calendars and tables, for readers and programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import islice

from generator.content.model import (
    Artifact,
    Calendar,
    Dataset,
    Feed,
    FeedForm,
    FeedGroup,
    FeedItem,
    Page,
    feed_address,
    sources_of,
)
from generator.content.record import Record
from generator.output.formats.data_catalog import CATALOGUE, NATIONAL, PACKAGE
from generator.output.formats.feed_documents import feed_artifacts, feed_entry
from generator.output.formats.opml import OPML
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
                "groups": tuple(_groups(feeds, site, words)),
                "opml": OPML,
                "newsletter": site.settings.newsletter is not None,
                "calendars": tuple(_calendar(calendar, words) for calendar in calendars),
                "tables": tuple(_tables(datasets, words)),
                "catalogues": CATALOGUES,
                "english_news": f"{INDEX}{ENGLISH_NEWS}.xml" if language == ENGLISH else "",
                "english_forms": _forms(ENGLISH_NEWS),
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
        own = [(_feed(feed, site), _forms(feed.name)) for feed in feeds if feed.group == group]
        if own:
            yield words["groups"][group], own


def _feed(feed: Feed, site: Site) -> Row:
    newest = sources_of(feed.items)[:1]  # its record alone: to make the item would render its text
    day = site.published(newest[0]) if newest else None
    return Row(title=feed.title, address=feed.address, day=day, note=feed.page)


def _forms(name: str) -> Forms:
    return tuple((form_name, feed_address(name, form)) for form_name, form in _OTHER_FORMS)


def _calendar(calendar: Calendar, words: Words) -> Row:
    marks = (words["event_count"].format(count=len(calendar.events)),)
    title, address = calendar.title, calendar.address
    return Row(title=title, address=address, marks=marks, note=calendar.page)


def _tables(datasets: Sequence[Dataset], words: Words) -> Iterator[tuple[Row, tuple[str, ...]]]:
    """Each table with its formats; of tables with one title the file names tell which is which."""
    offered = [dataset for dataset in datasets if dataset.rows]
    titles = Counter(dataset.title for dataset in offered)
    for dataset in offered:
        title, file = dataset.title, dataset.address.rpartition("/")[2]
        if titles[title] > 1:
            title = words["named_as"].format(title=title, file=file)
        marks = (words["row_count"].format(count=len(dataset.rows)),)
        yield Row(title=title, address=dataset.address, marks=marks), dataset.formats


def _artifacts(site: Site) -> Iterator[Artifact]:
    """The feed in English, of the newest records with an English title: titles and summaries.

    It has no archives: its items are no items of records, which builds keep.
    """
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
    base_url, day = site.settings.base_url, site.latest_day(site.archive) or site.as_of
    entries = [feed_entry(item, base_url, _summary_html) for item in feed.items]
    yield from feed_artifacts(feed.current, site.settings, entries, day)


def _summary_html(item: FeedItem) -> str:
    return f"<p>{escape(item.summary)}</p>"


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
        updated=site.updated(record),
        template="",
        context=dict,
        summary=summary or words_of(ENGLISH)["english"]["authentic"],
        categories=(kind.label_en, *filter(None, named)),
        title_only=record.personal_data,
    )


VIEW = View(
    name="subscribe",
    label="訂閱",
    label_en="Feeds and data",
    closing=_pages,
    artifacts=_artifacts,
    section=Section(
        address=INDEX, rank=80, intro="訂閱最新內容與開放資料", intro_en="Feeds and open data"
    ),
)
