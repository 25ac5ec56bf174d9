"""Visits: foreign guests received, delegations sent, exchanges and events held."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from generator.archive import Archive
from generator.dates import iso, roc, roc_year
from generator.fields import (
    COUNTRIES,
    Choice,
    Country,
    Day,
    FileName,
    Many,
    Prose,
    Reference,
    Text,
)
from generator.figures import Figure, FigureField
from generator.kind import (
    Column,
    HomeBlock,
    Kind,
    Section,
    Site,
    feed_of,
    record_item,
    rule_problem,
)
from generator.listing import Listing, Row, yearly_pages
from generator.model import Feed, FeedItem, Page, Problem, Ref
from generator.period import Period
from generator.prose import plain_text
from generator.record import Group, Record, described, group

INDEX = "visits/"
KIND = "visits"
HOME_VISITS = 4
DIRECTIONS = {"incoming": "來訪", "outgoing": "出訪", "exchange": "互訪交流", "event": "活動"}
PRECISIONS = {"day": "逐日", "month": "僅知月份", "period": "僅知期間"}


@group
class Occasion:
    """One of several days on which a visit took place."""

    date: dt.date = described(Day(), "日期", required=True)
    title: str = described(Text(), "名稱", required=True)
    note: str = described(Text(lines=True), "說明")


@group
class Leader:
    """A person who led a delegation, as the source writes the name."""

    name: str = described(Text(maximum=120), "姓名", required=True)
    title: str = described(Text(maximum=120), "職稱")


@group
class Photo:
    """A photograph, or the caption of one that is not available."""

    caption: str = described(Text(lines=True), "圖說", required=True)
    path: str = described(FileName(), "檔名")
    alt: str = described(Text(), "替代文字")
    credit: str = described(Text(), "攝影")
    availability: str = described(Text(), "提供情形")


@group
class Visit(Record):
    """A visit, with as exact a date as the source gives."""

    title: str = described(Text(4, 200), "標題", required=True)
    title_en: str = described(Text(maximum=400), "英文標題")
    date: dt.date | None = described(Day(), "日期")
    period: Period | None = described(Group(Period), "期間")
    date_precision: str = described(Choice(PRECISIONS), "日期精確度")
    occasions: tuple[Occasion, ...] = described(Many(Group(Occasion)), "場次")
    direction: str = described(Choice(DIRECTIONS), "性質", required=True)
    countries: tuple[str, ...] = described(
        Many(Country(), unique=True), "國家", "ISO 3166 兩碼", required=True
    )
    partners: tuple[Ref, ...] = described(Many(Reference("partners"), unique=True), "夥伴城市")
    leaders: tuple[Leader, ...] = described(Many(Group(Leader)), "代表")
    members: Figure | None = described(FigureField(), "人數")
    agencies: tuple[Ref, ...] = described(Many(Reference("agencies"), unique=True), "辦理機關")
    summary: str = described(Prose(), "內容")
    photos: tuple[Photo, ...] = described(Many(Group(Photo)), "照片")

    @property
    def year(self) -> int:
        """The ROC year of the folder."""
        return int(self.origin.path.split("/")[1])

    @property
    def address(self) -> str:
        """The visit's page."""
        return f"{INDEX}{self.year}/{self.id}/"

    @property
    def last_day(self) -> dt.date | None:
        """The last day on which it took place, or can have."""
        return self.date or (self.period.to if self.period else None)

    @property
    def when(self) -> str:
        """The date in words, never more exact than the source."""
        if self.date:
            return roc(self.date)
        if self.period is None:
            return ""
        vague = self.date_precision == "period"
        return self.period.shown + ("（期間內，來源未載明日期）" if vague else "")

    @property
    def direction_name(self) -> str:
        """The direction in words."""
        return DIRECTIONS[self.direction]

    @property
    def country_names(self) -> tuple[str, ...]:
        """The countries' names in Traditional Chinese."""
        return tuple(COUNTRIES[code] for code in self.countries)


def _rules(visit: Visit, _: Site) -> Iterator[Problem]:
    if (visit.date is None) == (visit.period is None):
        yield rule_problem("visit-when", visit, "date")
        return
    if visit.period and visit.period.backwards:
        yield rule_problem("period-order", visit, "period.to")
    days = [visit.date] if visit.date else [visit.period.from_, visit.period.to]  # type: ignore[union-attr]
    years = sorted({roc_year(day) for day in days})
    if visit.year not in years:
        listed = "、".join(map(str, years))
        yield rule_problem("folder-year", visit, "date", value=str(visit.year), expected=listed)


def _page(visit: Visit, site: Site) -> Page:
    before, after = site.archive.neighbours(visit)
    return Page(
        address=visit.address,
        template="visit.html",
        title=visit.title,
        description=_description(visit),
        updated=site.published(visit),
        breadcrumbs=(site.crumb(KIND),),
        feeds=(KIND,),
        facets=_facets(visit, site),
        source=visit.origin.path,
        context={**_body(visit, site), "before": before, "after": after},
    )


def _description(visit: Visit) -> str:
    gist = plain_text(visit.summary)
    return f"{visit.when}，{visit.direction_name}。{gist}"[:300]


def _body(visit: Visit, site: Site) -> dict[str, object]:
    return {
        "record": visit,
        "partners": tuple(filter(None, map(site.linked, visit.partners))),
        "agencies": tuple(filter(None, map(site.linked, visit.agencies))),
        "photo_base": visit.address,
    }


def _row(visit: Visit, _: Site) -> Row:
    marks = (visit.direction_name, *visit.country_names)
    note = plain_text(visit.summary)[:80]
    day = visit.date or (visit.period.from_ if visit.period and _exact(visit) else None)
    return Row(title=visit.title, address=visit.address, day=day, marks=marks, note=note)


def _exact(visit: Visit) -> bool:
    return visit.date_precision != "period"


def _listings(site: Site) -> Iterator[Page]:
    listing = Listing(
        address=INDEX,
        title="外賓接待與國際交流",
        crumbs=(),
        row=_row,
        intro="接待外賓、姊妹市與友好城市互訪及國際活動",
        feeds=(KIND,),
        facets=("國際交流",),
    )
    yield from yearly_pages(listing, site.archive.of(Visit), site, lambda visit: visit.year)


def _feeds(site: Site) -> Iterator[Feed]:
    visits, about = site.archive.of(Visit), "外賓接待與國際交流最新內容"
    yield feed_of(KIND, "外賓接待與國際交流", visits, site, page=INDEX, description=about)


def _item(visit: Visit, site: Site) -> FeedItem:
    return record_item(visit, site, "visit-body.html", _body(visit, site))


def _home(site: Site) -> HomeBlock | None:
    newest = site.newest(site.archive.of(Visit))[:HOME_VISITS]
    rows = [_row(visit, site) for visit in newest if isinstance(visit, Visit)]
    return HomeBlock(template="visits-home.html", context={"rows": rows}) if rows else None


def _published(visit: Visit, _: Archive) -> dt.date | None:
    return visit.published_on or visit.last_day


def _facets(visit: Visit, _: Site) -> tuple[str, ...]:
    return ("國際交流", visit.direction_name, *visit.country_names, f"{visit.year}年")


def _leader_names(visit: Visit, _: Site) -> str:
    return "、".join(leader.name for leader in visit.leaders)


def _member_count(visit: Visit, _: Site) -> str:
    return visit.members.plain if visit.members else ""


def _member_qualifier(visit: Visit, _: Site) -> str:
    return visit.members.qualifier if visit.members else ""


KINDS = (
    Kind(
        name=KIND,
        label="國際交流",
        label_en="Visits",
        record_type=Visit,
        pattern=re.compile(r"visits/(?P<year>[0-9]{2,3})/(?P<id>[a-z0-9]+(?:-[a-z0-9]+)*)\.yaml"),
        title=lambda visit: visit.title,
        address=lambda visit: visit.address,
        order=lambda visit: (visit.last_day or dt.date.min, visit.date is not None, visit.id),
        published=_published,
        section=Section(address=INDEX, rank=20, intro="接待外賓與城市互訪"),
        rules=(_rules,),
        page=_page,
        listings=_listings,
        feed_item=_item,
        feeds=_feeds,
        facets=_facets,
        home=_home,
        columns=(
            Column(name="id", title="代碼", value=lambda v, _: v.id),
            Column(name="title", title="標題", value=lambda v, _: v.title),
            Column(name="date", title="日期", value=lambda v, _: iso(v.date)),
            Column(
                name="from", title="期間起日", value=lambda v, _: iso(v.period and v.period.from_)
            ),
            Column(name="to", title="期間迄日", value=lambda v, _: iso(v.period and v.period.to)),
            Column(name="direction", title="性質", value=lambda v, _: v.direction_name),
            Column(name="countries", title="國家", value=lambda v, _: "、".join(v.countries)),
            Column(
                name="leaders",
                title="代表",
                value=lambda v, _: "、".join(p.name for p in v.leaders),
            ),
            Column(
                name="members",
                title="人數",
                value=lambda v, _: v.members.plain if v.members else "",
            ),
            Column(
                name="members_qualifier",
                title="人數概數",
                value=lambda v, _: v.members.qualifier if v.members else "",
            ),
            Column(
                name="url", title="網址", value=lambda v, site: site.settings.base_url + v.address
            ),
        ),
    ),
)
