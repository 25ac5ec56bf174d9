"""Agencies: an index, and for each agency everything that names it, by year."""

from __future__ import annotations

from collections.abc import Iterator

from generator.addresses import ENGLISH, counterpart
from generator.english import english_row
from generator.formats.items import feed_of
from generator.formats.metadata import Thing, organization
from generator.kind import Section, Site, View
from generator.kinds.agencies import Agency
from generator.listing import Listing, Row, RowGroup, plain_row, yearly_pages
from generator.model import Breadcrumb, Feed, Page
from generator.record import Record
from generator.text.words import words_of

INDEX = "agencies/"
LABEL = "機關"


def _pages(site: Site) -> Iterator[Page]:
    agencies = site.archive.of(Agency)
    yield _index(agencies, site)
    if site.settings.english:
        yield _english_index(agencies, site)
    for agency in agencies:
        yield from yearly_pages(_listing(agency, site), _mentions(agency, site), site)


def _index(agencies: tuple[Agency, ...], site: Site) -> Page:
    rows = tuple(_row(agency, site) for agency in agencies)
    return Page(
        address=INDEX,
        template="listing.html",
        title="機關索引",
        description="依機關查閱公報、國際交流與其他紀錄",
        updated=site.latest_day(site.archive),
        context={"groups": (RowGroup(heading="", rows=rows),), "intro": "", "years": ()},
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


def _row(agency: Agency, site: Site) -> Row:
    marks = (f"{len(_mentions(agency, site))} 筆",)
    names = "、".join(filter(None, (agency.name_en, *agency.aliases)))
    return Row(title=agency.name, address=agency.address, marks=marks, note=names)


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
