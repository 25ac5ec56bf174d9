"""Listings: the plan of pages that are lists of records, whole or by year.

A list that grows is cut by year, so that the pages of closed years never change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

from generator.kind import Site
from generator.model import PLAIN_CARD, About, Breadcrumb, Card, Mapped, Page
from generator.record import Record
from generator.text.dates import roc_year

RECENT = 30
"""Records that the first page of a yearly list shows before it leads on to the years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a list: a link, the day it came out, short marks, a note.

    `ended` is how a document stands that has ended or will, for the macro of that name.
    """

    title: str
    address: str
    day: date | None = None
    marks: tuple[str, ...] = ()
    note: str = ""
    ended: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowGroup:
    """Rows under a heading; a heading of "" shows none."""

    heading: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What the pages of one list share: address, title, way, feeds, how a record is shown.

    `thing` is what the first page is about, in schema.org's words.
    """

    address: str
    title: str
    crumbs: tuple[Breadcrumb, ...]
    row: Callable[[Any, Site], Row]
    intro: str = ""
    feeds: tuple[str, ...] = ()
    card: Card = PLAIN_CARD
    thing: Mapping[str, object] = field(default_factory=dict)


def plain_row(record: Record, site: Site) -> Row:
    """A record by its title, its day and nothing else."""
    title, address = site.title(record), site.address(record)
    return Row(title=title, address=address, day=site.known(record))


def list_page(listing: Listing, groups: Sequence[RowGroup], site: Site, updated: date) -> Page:
    """One page of groups of rows."""
    return Page(
        address=listing.address,
        template="listing.html",
        title=listing.title,
        description=listing.intro or f"{listing.title}，{site.settings.title}",
        updated=updated,
        breadcrumbs=listing.crumbs,
        feeds=listing.feeds,
        about=About(card=listing.card),
        context={"groups": tuple(groups), "intro": listing.intro, "years": ()},
    )


def yearly_pages(
    listing: Listing,
    records: Iterable[Record],
    site: Site,
    year: Callable[[Any], int] | None = None,
) -> Iterator[Page]:
    """A first page with the newest records and the years, and a page a year."""
    newest = site.newest(records)
    years: dict[int, list[Record]] = {}
    for record in newest:
        count_as = year(record) if year else roc_year(site.published(record))
        years.setdefault(count_as, []).append(record)
    yield _first_page(listing, newest, years, site)
    for number, held in sorted(years.items(), reverse=True):
        yield _year_page(listing, number, held, site)


def _first_page(
    listing: Listing, newest: Sequence[Record], years: dict[int, list[Record]], site: Site
) -> Page:
    rows = Mapped(partial(_row, listing.row, site), newest[:RECENT])
    heading = "最新" if len(newest) > RECENT else ""
    counts = tuple(
        (f"{number}年", f"{listing.address}{number}/", len(held))
        for number, held in sorted(years.items(), reverse=True)
    )
    groups = (RowGroup(heading=heading, rows=rows),)
    page = list_page(listing, groups, site, site.latest_day(newest))
    about = replace(page.about, thing=listing.thing)
    return replace(page, context={**page.context, "years": counts}, about=about)


def _row(make: Callable[[Any, Site], Row], site: Site, record: Record) -> Row:
    return make(record, site)


def _year_page(listing: Listing, year: int, records: Sequence[Record], site: Site) -> Page:
    rows = Mapped(partial(_row, listing.row, site), records)
    crumb = Breadcrumb(title=listing.title, address=listing.address)
    page = list_page(listing, (RowGroup(heading="", rows=rows),), site, site.latest_day(records))
    title = f"{listing.title}：{year}年"
    return replace(
        page,
        address=f"{listing.address}{year}/",
        title=title,
        description=f"{title}，共 {len(rows)} 筆",
        breadcrumbs=(*listing.crumbs, crumb),
    )
