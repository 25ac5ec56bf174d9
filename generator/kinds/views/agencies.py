"""Agencies: an index, and for each agency everything that names it, by year."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from generator.content.model import Breadcrumb, Feed, Page
from generator.content.record import Record
from generator.kinds.agencies.kind import Agency
from generator.site.english import english_row
from generator.site.feed_items import feed_of, has_feed
from generator.site.kind import Section, Site, View
from generator.site.listing import Listing, Row, RowGroup, plain_row, yearly_pages
from generator.site.page_metadata import Thing, organization
from generator.text.translations import words_of
from generator.text.urls import ENGLISH, counterpart

INDEX = "agencies/"
LABEL = "機關"
Mentions = Mapping[str, tuple[Record, ...]]
"""By agency, the records that name it."""


def _pages(site: Site) -> Iterator[Page]:
    agencies = site.archive.of(Agency)
    named = {agency.id: _mentions(agency, site) for agency in agencies}
    yield _index(agencies, named, site)
    if site.settings.english:
        yield _english_index(agencies, site)
    for agency in agencies:
        yield from yearly_pages(_listing(agency, site), named[agency.id], site)


class Line(NamedTuple):
    """An agency in the index with those below it: records that name it by kind, the newest day.

    `feed` is "" where the agency has none.
    """

    agency: Agency
    note: str
    counts: tuple[tuple[str, int], ...]
    latest: dt.date | None
    feed: str
    below: tuple[Line, ...]


def _index(agencies: tuple[Agency, ...], named: Mentions, site: Site) -> Page:
    return Page(
        address=INDEX,
        template="agencies.html",
        title="機關索引",
        description="依機關查閱公報、國際交流與其他紀錄",
        updated=site.latest_day(site.archive),
        context={"lines": _Register(agencies, named, site).lines()},
    )


def _english_index(agencies: tuple[Agency, ...], site: Site) -> Page:
    rows = tuple(english_row(agency, site) for agency in agencies)
    return Page(
        address=counterpart(INDEX),
        template="listing.html",
        title=VIEW.label_en,
        updated=site.latest_day(site.archive),
        context={
            "groups": (RowGroup(heading="", rows=rows),),
            "intro": words_of(ENGLISH)["english"]["agencies"],
            "years": (),
        },
    )


class _Register:
    """The agencies as the authority file lists them, each above those below it."""

    def __init__(self, agencies: Iterable[Agency], named: Mentions, site: Site) -> None:
        self._site, self._named = site, named
        self._ordered = sorted(agencies, key=lambda agency: (agency.origin.line, agency.id))
        self._pending = {agency.id: agency for agency in self._ordered}
        self._ranks = {k.name: k.section.rank if k.section else 1000 for k in site.kinds}

    def lines(self) -> tuple[Line, ...]:
        """Those with nobody above them, each with those below it; a ring is refused before."""
        tops = [a for a in self._ordered if not a.parent or a.parent.id not in self._pending]
        return self._taken(tops)

    def _taken(self, agencies: Iterable[Agency]) -> tuple[Line, ...]:
        """A line for each that has none yet."""
        return tuple(self._line(a) for a in agencies if self._pending.pop(a.id, None))

    def _line(self, agency: Agency) -> Line:
        site, records, name = self._site, self._named[agency.id], feed_name(agency)
        counted = Counter(record.kind for record in records)
        labels = {record.kind: site.kind(record).label for record in records}
        below = [a for a in self._ordered if a.parent and a.parent.id == agency.id]
        return Line(
            agency=agency,
            note="、".join(filter(None, (agency.name_en, *agency.aliases))),
            counts=tuple(
                (labels[kind], counted[kind])
                for kind in sorted(counted, key=lambda name: (self._ranks[name], name))
            ),
            latest=site.latest_day(records),
            feed=f"feeds/{name}.xml" if has_feed(name, records, site) else "",
            below=self._taken(below),
        )


def _listing(agency: Agency, site: Site) -> Listing:
    earlier = "、".join(name.name for name in agency.names[:-1])
    return Listing(
        address=agency.address,
        title=agency.name,
        crumbs=(Breadcrumb(title=LABEL, address=INDEX),),
        row=_mention_row,
        intro=f"曾用名稱：{earlier}" if earlier else "",
        feeds=(feed_name(agency),),
        thing=_body(agency, site),
    )


def _body(agency: Agency, site: Site) -> Thing:
    """A public body under all its names, below another."""
    earlier = [name.name for name in agency.names[:-1]]
    known = (agency.name_en, *earlier, *agency.aliases)
    above = organization(site.title_on(agency.parent, None)) if agency.parent else None
    return organization(
        agency.name, alternateName=list(filter(None, known)), parentOrganization=above
    )


def _mention_row(record: Record, site: Site) -> Row:
    row = plain_row(record, site)
    return Row(title=row.title, address=row.address, day=row.day, marks=(site.kind(record).label,))


def _mentions(agency: Agency, site: Site) -> tuple[Record, ...]:
    """What names the agency and can be listed by year; agencies below it stand elsewhere."""
    found = site.archive.referring_to(agency, Record)
    return tuple(record for record in found if site.known(record))


def feed_name(agency: Agency) -> str:
    """The name of an agency's feed."""
    return f"agency-{agency.id}"


def _feeds(site: Site) -> Iterator[Feed]:
    for agency in site.archive.of(Agency):
        about = f"與{agency.name}有關的最新內容"
        held = _mentions(agency, site)
        yield feed_of(
            feed_name(agency), agency.name, held, site, page=agency.address, description=about
        )


VIEW = View(
    name="agencies",
    label=LABEL,
    label_en="Agencies",
    pages=_pages,
    section=Section(address=INDEX, rank=50, intro="依機關查閱", intro_en="Records by agency"),
    feeds=_feeds,
)
