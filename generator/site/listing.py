"""Plans pages that list records, on one page or by year.

A growing list is split by year, so that the pages of past years never change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from msgspec import Struct, structs

from generator.content.model import PLAIN_CARD, About, Breadcrumb, Card, Mapped, Page
from generator.content.record import Record
from generator.site.kind import Site
from generator.text.dates import ROC_OFFSET, roc_year
from generator.text.translations import words_of
from generator.text.urls import CHINESE, language_of

RECENT = 30
"""The most records on the first page of a yearly list."""


class Row(Struct, frozen=True, kw_only=True):
    """A line of a list: a link, the day of publication, short marks, a note.

    `ended` is the standing of a document that has ended or will, for the macro of that name.  On a
    page in English the title may be `chinese`.
    """

    title: str
    address: str
    day: date | None = None
    marks: tuple[str, ...] = ()
    note: str = ""
    ended: object = None
    chinese: bool = False


class RowGroup(Struct, frozen=True, kw_only=True):
    """Rows under a heading; "" means no heading."""

    heading: str
    rows: Sequence[Row]


class Listing(Struct, frozen=True, kw_only=True):
    """Values that the pages of a list share: address, title, breadcrumbs, feeds, the row function.

    `calendars` are titles and addresses.  `thing` describes the first page's subject in
    schema.org's terms, `facts` in lines: name, text and a link or "".
    """

    address: str
    title: str
    crumbs: tuple[Breadcrumb, ...]
    row: Callable[[Any, Site], Row]
    intro: str = ""
    feeds: tuple[str, ...] = ()
    calendars: tuple[tuple[str, str], ...] = ()
    card: Card = PLAIN_CARD
    thing: Mapping[str, object] = {}
    facts: tuple[tuple[str, str, str], ...] = ()


def plain_row(record: Record, site: Site) -> Row:
    """A row with a record's title and day alone, or the words in place of a day."""
    when = site.kind(record).when(record, site)
    if when is None and site.publication_day(record):
        when = words_of(CHINESE)["list"]["undated"]
    day, words = (when, "") if isinstance(when, date) else (None, when or "")
    return Row(title=site.title(record), address=site.address(record), day=day, marks=(words,))


def kind_row(record: Record, site: Site) -> Row:
    """The same with the kind's name, for lists of several kinds."""
    row = plain_row(record, site)
    return structs.replace(row, marks=(*row.marks, site.kind(record).label))


def list_page(listing: Listing, groups: Sequence[RowGroup], updated: date | None) -> Page:
    """A page with groups of rows."""
    return Page(
        address=listing.address,
        template="listing.html",
        title=listing.title,
        description=listing.intro,
        updated=updated,
        breadcrumbs=listing.crumbs,
        feeds=listing.feeds,
        about=About(card=listing.card),
        context={
            "groups": tuple(groups),
            "intro": listing.intro,
            "years": (),
            "calendars": listing.calendars,
        },
    )


def yearly_pages(
    listing: Listing,
    records: Iterable[Record],
    site: Site,
    year: Callable[[Any], int] | None = None,
) -> Iterator[Page]:
    """A first page with the newest records and the years, and a page for each year."""
    newest = site.newest(records)
    years: dict[int, list[Record]] = {}
    for record in newest:
        count_as = year(record) if year else roc_year(site.published(record))
        years.setdefault(count_as, []).append(record)
    yield _first_page(listing, newest, years, site)
    for number, year_records in sorted(years.items(), reverse=True):
        yield _year_page(listing, number, year_records, site)


def _first_page(
    listing: Listing, newest: Sequence[Record], years: dict[int, list[Record]], site: Site
) -> Page:
    rows = Mapped(partial(_row, listing.row, site), newest[:RECENT])
    words = words_of(language_of(listing.address))["list"]
    heading = words["newest"] if len(newest) > RECENT else ""
    counts = tuple(
        (_year_name(words, number), f"{listing.address}{number}/", len(year_records))
        for number, year_records in sorted(years.items(), reverse=True)
    )
    groups = (RowGroup(heading=heading, rows=rows),)
    page = list_page(listing, groups, site.latest_day(newest))
    about = structs.replace(page.about, thing=listing.thing)
    context = {**page.context, "years": counts, "facts": listing.facts}
    return structs.replace(page, context=context, about=about)


def _row(make: Callable[[Any, Site], Row], site: Site, record: Record) -> Row:
    return make(record, site)


def _year_name(words: Mapping[str, str], year: int) -> str:
    """A year in the words of the language, which has its number in one calendar or both."""
    return words["year"].format(year=year, common=year + ROC_OFFSET)


def _year_page(listing: Listing, year: int, records: Sequence[Record], site: Site) -> Page:
    rows = Mapped(partial(_row, listing.row, site), records)
    crumb = Breadcrumb(title=listing.title, address=listing.address)
    page = list_page(listing, (RowGroup(heading="", rows=rows),), site.latest_day(records))
    words = words_of(language_of(listing.address))["list"]
    title = words["of_year"].format(title=listing.title, year=_year_name(words, year))
    return structs.replace(
        page,
        address=f"{listing.address}{year}/",
        title=title,
        description=words["counted"].format(title=title, count=len(rows)),
        breadcrumbs=(*listing.crumbs, crumb),
    )
