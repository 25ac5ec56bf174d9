"""The index of agencies, and for each agency a list of all records that name it, by year."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from msgspec import structs

from generator.content.model import Breadcrumb, Calendar, Feed, FeedGroup, Page
from generator.content.record import Record
from generator.kinds.agencies.kind import Agency
from generator.site.calendars import calendar_of, links_to
from generator.site.english import english_row
from generator.site.feed_items import feed_of, has_feed
from generator.site.front_pages import blocks_of
from generator.site.kind import Scope, Section, Site, View
from generator.site.listing import Listing, RowGroup, kind_row, yearly_pages
from generator.site.page_metadata import Thing, organization
from generator.text.translations import words_of
from generator.text.urls import ENGLISH, counterpart

INDEX = "agencies/"
LABEL = "機關"
Mentions = Mapping[str, tuple[Record, ...]]
"""The records that name an agency, by its id."""


def _pages(site: Site) -> Iterator[Page]:
    agencies = site.archive.of(Agency)
    mentions = {agency.id: _mentions(agency, site) for agency in agencies}
    yield _index(agencies, mentions, site)
    if site.settings.english:
        yield _english_index(agencies, site)
    for agency in agencies:
        first, *years = yearly_pages(
            _listing(agency, mentions[agency.id], site), mentions[agency.id], site
        )
        of_agency = (kind.block_of(agency, site) for kind in site.kinds)
        own = blocks_of(site, Scope(records=mentions[agency.id]))
        context = {
            **first.context,
            "blocks": (*filter(None, of_agency), *own),
            "within": {"agency": agency.name},
        }
        yield structs.replace(first, template="subject.html", context=context)
        yield from years


class Line(NamedTuple):
    """An agency in the index, with its number of records by kind and the agencies below it.

    `latest` is the newest day of its records; `feed` is "" if the agency has no feed.
    """

    agency: Agency
    note: str
    counts: tuple[tuple[str, int], ...]
    latest: dt.date | None
    feed: str
    below: tuple[Line, ...]


def _index(agencies: tuple[Agency, ...], mentions: Mentions, site: Site) -> Page:
    return Page(
        address=INDEX,
        template="agencies.html",
        title="機關索引",
        description="依機關查閱公報、國際交流與其他紀錄",
        updated=site.latest_day(site.archive),
        context={"lines": _Register(agencies, mentions, site).lines()},
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
    """The tree of agencies, in the order of the authority file."""

    def __init__(self, agencies: Iterable[Agency], mentions: Mentions, site: Site) -> None:
        self._site, self._mentions = site, mentions
        self._ordered = sorted(agencies, key=lambda agency: (agency.origin.line, agency.id))
        self._pending = {agency.id: agency for agency in self._ordered}
        self._ranks = {k.name: k.section.rank if k.section else 1000 for k in site.kinds}

    def lines(self) -> tuple[Line, ...]:
        """The agencies without a superior, each with those below it; `check` refuses cycles."""
        tops = [a for a in self._ordered if not a.parent or a.parent.id not in self._pending]
        return self._new_lines(tops)

    def _new_lines(self, agencies: Iterable[Agency]) -> tuple[Line, ...]:
        """A line for each agency that has none yet."""
        return tuple(self._line(a) for a in agencies if self._pending.pop(a.id, None))

    def _line(self, agency: Agency) -> Line:
        site, records, name = self._site, self._mentions[agency.id], feed_name(agency)
        counts = Counter(record.kind for record in records)
        labels = {record.kind: site.kind(record).label for record in records}
        days = (site.publication_day(r) for r in records if site.kind(r).when(r, site))
        below = [a for a in self._ordered if a.parent and a.parent.id == agency.id]
        return Line(
            agency=agency,
            note="、".join(filter(None, (agency.name_en, *agency.aliases))),
            counts=tuple(
                (labels[kind], counts[kind])
                for kind in sorted(counts, key=lambda name: (self._ranks[name], name))
            ),
            latest=max(filter(None, days), default=None),
            feed=f"feeds/{name}.xml" if has_feed(name, records, site) else "",
            below=self._new_lines(below),
        )


def _listing(agency: Agency, records: tuple[Record, ...], site: Site) -> Listing:
    earlier = "、".join(name.name for name in agency.names[:-1])
    return Listing(
        address=agency.address,
        title=agency.name,
        crumbs=(Breadcrumb(title=LABEL, address=INDEX),),
        row=kind_row,
        intro=f"曾用名稱：{earlier}" if earlier else "",
        feeds=(feed_name(agency),),
        calendars=links_to(_calendar(agency, records, site)),
        thing=_body(agency, site),
        facts=agency.facts,
    )


def _body(agency: Agency, site: Site) -> Thing:
    """The schema.org thing: a public body with all its names and its superior."""
    earlier = [name.name for name in agency.names[:-1]]
    others = (agency.name_en, *earlier, *agency.aliases)
    above = organization(site.title_on(agency.parent, None)) if agency.parent else None
    return organization(
        agency.name,
        alternateName=list(filter(None, others)),
        parentOrganization=above,
        identifier=agency.code,
        description=agency.duties,
        address=agency.address_,
        telephone=agency.telephone,
        faxNumber=agency.fax,
        email=agency.mail,
        sameAs=agency.website,
    )


def _mentions(agency: Agency, site: Site) -> tuple[Record, ...]:
    """The dated records that name the agency; agencies below it have no date and are left out.

    What the publisher itself publishes without a word of an agency stands on its page.
    """
    naming = site.archive.referring_to(agency, Record)
    records = [record for record in naming if _about(record, agency, site)]
    if agency.name == site.settings.publisher.name:
        records += [r for kind in site.kinds for r in site.records(kind) if _of_publisher(r)]
    return tuple(record for record in records if site.publication_day(record))


def _of_publisher(record: Record) -> bool:
    """Whether a record could name the one agency that it is of, and names none."""
    return getattr(record, "agency", record) is None


def _about(record: Record, agency: Agency, site: Site) -> bool:
    """Whether a record that names an agency stands on its page."""
    mentions = site.kind(record).mentions
    return mentions is None or agency.ref in mentions(record)


def feed_name(agency: Agency) -> str:
    """The name of an agency's feed and calendar."""
    return f"agency-{agency.id}"


def _feeds(site: Site) -> Iterator[Feed]:
    for agency in site.archive.of(Agency):
        about = f"與{agency.name}有關的最新內容"
        records = _mentions(agency, site)
        feed = feed_of(
            feed_name(agency), agency.name, records, site, page=agency.address, description=about
        )
        yield structs.replace(feed, group=FeedGroup.BODY)


def _calendar(agency: Agency, records: tuple[Record, ...], site: Site) -> Calendar:
    """The dates that concern an agency, among those of the records that name it."""
    name, page = feed_name(agency), agency.address
    return calendar_of(name, agency.name, records, site, page=page, concerning=agency.ref)


def _calendars(site: Site) -> Iterator[Calendar]:
    for agency in site.archive.of(Agency):
        yield _calendar(agency, _mentions(agency, site), site)


VIEW = View(
    name="agencies",
    label=LABEL,
    label_en="Agencies",
    pages=_pages,
    section=Section(address=INDEX, rank=50, intro="依機關查閱", intro_en="Records by agency"),
    feeds=_feeds,
    calendars=_calendars,
)
