"""The kind of visits: pages, yearly lists, feed, table and the English page of each."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import partial

from msgspec import structs

from generator.content.archive import Archive
from generator.content.findings import rule_problem
from generator.content.model import About, Card, Feed, FeedItem, Page, Problem
from generator.content.value_types import country_en
from generator.kinds.visits.visit import DIRECTIONS, DIRECTIONS_EN, INDEX, Photo, Visit
from generator.site.english import newest_in, row_in, said_of
from generator.site.facts import Fact, Said, as_typed
from generator.site.feed_items import feed_of, record_item
from generator.site.kind import (
    URL,
    Column,
    English,
    HomeBlock,
    Kind,
    Scope,
    SearchFields,
    Section,
    Site,
    Start,
    attribute,
    days,
    named_start,
)
from generator.site.listing import Listing, Row, plain_row, yearly_pages
from generator.site.page_metadata import organization, stated
from generator.text.dates import iso, roc_typed, roc_year, year_folder
from generator.text.markdown import gist, plain_text
from generator.text.translations import words_of
from generator.text.urls import ENGLISH, address_in

KIND = "visits"
HOME_VISITS = 4
CARD = Card(
    "visits", "「國際交流」四字與地球的圖樣", "“International exchange” in Chinese, and a globe"
)


def _rules(visit: Visit, _: Site) -> Iterator[Problem]:
    if (visit.date is None) == (visit.period is None):
        yield rule_problem("visit-when", visit, "date")
        return
    if not (visit.countries or visit.oversees or visit.lacks("countries")):
        yield rule_problem("field-required", visit, "countries")
    if visit.period and visit.period.backwards:
        yield rule_problem("period-order", visit, "period.to")
    for index, photo in enumerate(visit.photos):
        if photo.path and not photo.alt:
            yield rule_problem("image-alt", visit, f"photos.{index}.path", value=photo.path)
    years = sorted({roc_year(day) for day in visit.bounds})
    if visit.year not in years:
        expected = "、".join(map(str, years))
        yield rule_problem("folder-year", visit, "date", value=str(visit.year), expected=expected)


def _page(visit: Visit, site: Site) -> Page:
    before, after = site.archive.neighbours(visit)
    return Page(
        address=visit.address,
        template="visit.html",
        title=visit.title,
        description=_description(visit),
        updated=site.updated(visit),
        breadcrumbs=(site.crumb(KIND),),
        feeds=(KIND,),
        source=visit.origin.path,
        about=_about(visit, site),
        context={**_body(visit, site), "before": before, "after": after},
    )


def _about(visit: Visit, site: Site) -> About:
    """The schema.org event, without a day that the source does not give and without a place."""
    days = visit.bounds if _exact(visit) else ()
    names = (site.title_on(ref, visit.last_day) for ref in visit.agencies)
    thing = stated(
        **{"@type": "Event"},
        name=visit.title,
        alternateName=visit.title_en,
        description=_description(visit),
        startDate=iso(min(days, default=None)),
        endDate=iso(max(days, default=None)),
        organizer=[organization(name) for name in names],
    )
    return About(thing=thing, card=CARD, article=True)


def _description(visit: Visit) -> str:
    return gist(f"{visit.when}，{visit.direction_name}。{plain_text(visit.summary)}", 300)


def _body(visit: Visit, site: Site) -> dict[str, object]:
    # what another kind has of a visit, such as what was asked for there, is looked for only here
    own = (kind.block_of(visit, site) for kind in site.kinds) if visit.oversees else ()
    return {
        "record": visit,
        "blocks": tuple(block for block in own if block),
        "partners": tuple(filter(None, map(site.linked, visit.partners))),
        "agencies": tuple(filter(None, map(site.linked, visit.agencies))),
    }


def _row(visit: Visit, site: Site) -> Row:
    row = plain_row(visit, site)
    marks = (*row.marks, visit.direction_name, *visit.country_names)
    return structs.replace(row, marks=marks, note=gist(plain_text(visit.summary), 80))


def _exact(visit: Visit) -> bool:
    return visit.date_precision != "period"


def _day_or_period(visit: Visit, _: Site) -> dt.date | str | None:
    """The day, or the days of a period; None where the visit was on some day of a period."""
    return visit.date or (visit.period.shown if visit.period and _exact(visit) else None)


def _listings(site: Site) -> Iterator[Page]:
    listing = Listing(
        address=INDEX,
        title="外賓接待與國際交流",
        crumbs=(),
        row=_row,
        intro="接待外賓、姊妹市與友好城市互訪及國際活動",
        feeds=(KIND,),
        card=CARD,
    )
    first, *years = yearly_pages(listing, site.archive.of(Visit), site, lambda visit: visit.year)
    yield structs.replace(first, template="visits.html")
    yield from years


def _feeds(site: Site) -> Iterator[Feed]:
    visits, about = site.archive.of(Visit), "外賓接待與國際交流最新內容"
    yield feed_of(KIND, "外賓接待與國際交流", visits, site, page=INDEX, description=about)


def _item(visit: Visit, site: Site) -> FeedItem:
    body = partial(_body, visit, site)
    return record_item(visit, site, "visit-body.html", body, _description(visit))


def _home(site: Site, scope: Scope) -> Iterator[HomeBlock]:
    """The newest visits, each with its first picture, those without a day of their own last."""
    visits = scope.of(Visit, site)
    exact = [visit for visit in visits if _exact(visit)]
    others = [visit for visit in visits if not _exact(visit)] if scope.records else []
    newest = [v for part in (exact, others) for v in newest_in(scope.language, part, site)]
    newest = (newest or [*newest_in(scope.language, visits, site)])[:HOME_VISITS]
    row = row_in(scope.language, _row)
    rows = [(row(visit, site), visit, _picture(visit)) for visit in newest]
    if rows:
        context = {
            "rows": rows,
            "index": "" if scope.records else address_in(scope.language, INDEX),
            "count": len(visits),
        }
        refs = frozenset(visit.ref for visit in newest)
        yield HomeBlock(template="visits-home.html", context=context, shows=refs)


def _picture(visit: Visit) -> Photo | None:
    return next((photo for photo in visit.photos if photo.path), None)


def _search_fields(visit: Visit, site: Site) -> SearchFields:
    names = tuple(site.title_on(ref, visit.last_day) for ref in visit.agencies)
    period = (visit.period.from_, visit.period.to) if visit.period and _exact(visit) else ()
    days = dict.fromkeys(day for day in (visit.date, *period) if day)
    return SearchFields(
        category=visit.direction_name,
        texts=visit.country_names,
        agencies=names,
        days=tuple(days),
    )


def _facts(visit: Visit, site: Site) -> Iterator[Fact]:
    day = visit.last_day
    yield Fact(name="when", values=tuple(_when(visit)))
    yield Fact(name="direction", values=(Said(text=DIRECTIONS_EN[visit.direction]),))
    yield Fact(
        name="countries", values=tuple(Said(text=n) for n in map(country_en, visit.countries))
    )
    yield Fact(name="aspects", values=tuple(as_typed(aspect) for aspect in visit.aspects))
    yield Fact(name="partners", values=tuple(said_of(r, day, site) for r in visit.partners))
    yield Fact(name="leaders", values=tuple(as_typed(p.name) for p in visit.leaders))
    members = (Said(text=visit.members.english),) if visit.members else ()
    yield Fact(name="members", values=members)
    yield Fact(name="hosts", values=tuple(said_of(r, day, site) for r in visit.agencies))


def _when(visit: Visit) -> Iterator[Said]:
    """The date in English, never more exact than the source."""
    if visit.date:
        yield Said(day=visit.date)
    elif visit.period:
        remark = "" if _exact(visit) else " (the source gives no day)"
        yield Said(text=visit.period.english + remark)


def _marks(visit: Visit, _: Site) -> tuple[str, ...]:
    days = "" if visit.date else words_of(ENGLISH)["list"]["undated"]
    if visit.period and _exact(visit):
        days = visit.period.english
    return days, DIRECTIONS_EN[visit.direction], *map(country_en, visit.countries)


def _start(site: Site, name: str) -> Start:
    day = _day_of(name) or site.as_of
    return named_start(name, f"visits/{year_folder(day)}", "yaml", {"date": roc_typed(day)})


def _day_of(name: str) -> dt.date | None:
    """The day that a file's name begins with, such as `2016-02-19-lantern`; None if it has none.

    A day before the Republic is none: its year has no folder.
    """
    try:
        day = dt.date.fromisoformat(name[:10])
    except ValueError:
        return None
    return day if roc_year(day) > 0 else None


def _published(visit: Visit, _: Archive) -> dt.date | None:
    return visit.published_on or visit.last_day


def _categories(visit: Visit, _: Site) -> tuple[str, ...]:
    group = () if visit.oversees else ("國際交流",)
    return (*group, visit.direction_name, *visit.country_names, f"{visit.year}年")


KINDS = (
    Kind(
        name=KIND,
        label="國際交流",
        label_en="Visits",
        record_type=Visit,
        pattern=re.compile(r"visits/(?P<year>[0-9]{2,3})/(?P<id>[a-z0-9]+(?:-[a-z0-9]+)*)\.yaml"),
        glob="visits/*/*.yaml",
        order=lambda visit: (visit.last_day or dt.date.min, visit.date is not None, visit.id),
        published=_published,
        section=Section(
            address=INDEX,
            rank=20,
            intro="接待外賓與城市互訪",
            intro_en="Guests received and visits abroad",
        ),
        rules=(_rules,),
        when=_day_or_period,
        day_of_names=lambda visit: visit.last_day,
        page=_page,
        start=_start,
        search_fields=_search_fields,
        listings=_listings,
        feed_item=_item,
        feeds=_feeds,
        categories=_categories,
        home=_home,
        english=English(
            facts=_facts,
            day=lambda visit, _: visit.date,
            marks=_marks,
            words=lambda _: ((name, DIRECTIONS_EN[id_]) for id_, name in DIRECTIONS.items()),
        ),
        columns=(
            attribute("id", "代碼"),
            attribute("title", "標題"),
            days("date", "日期"),
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
            URL,
        ),
    ),
)
