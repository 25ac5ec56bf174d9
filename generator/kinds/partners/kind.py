"""Partner cities: sister and friendship cities, and those that may become one.

A partner's page lists the records of other kinds that name it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from msgspec import structs

from generator.content.field_types import Choice, Prose, Text
from generator.content.findings import rule_problem
from generator.content.model import About, Card, Feed, FeedGroup, Page, Problem
from generator.content.record import Group, Record, described, group
from generator.content.value_types import Country, Number, PartialDay, country_en, country_names
from generator.site.facts import Fact, Said
from generator.site.feed_items import feed_of
from generator.site.kind import (
    URL,
    Column,
    English,
    Kind,
    SearchFields,
    Section,
    Site,
    attribute,
    named_start,
)
from generator.site.listing import Row, RowGroup, plain_row
from generator.site.page_metadata import Thing, stated
from generator.text.dates import PartialDate, roc_typed
from generator.text.markdown import gist, plain_text

INDEX = "partners/"
CARD = Card(
    "partners", "「夥伴城市」四字與相連的圓環", "“Partner cities” in Chinese, and linked rings"
)
POLE = 90
"""Degrees from the equator."""
RELATIONS = {
    "sister": "姊妹市",
    "friendship": "友好城市",
    "prospective": "推動中",
    "unstated": "來源未載明類別",
}
RELATIONS_EN = {
    "sister": "Sister city",
    "friendship": "Friendship city",
    "prospective": "In preparation",
    "unstated": "Not stated in the source",
}


@group
class Location:
    """A point on the globe, as exact as a map of the world needs."""

    latitude: Decimal = described(Number(), "緯度", "北緯為正，介於 -90 與 90", required=True)
    longitude: Decimal = described(Number(), "經度", "東經為正，介於 -180 與 180", required=True)

    @property
    def on_earth(self) -> bool:
        """Whether both coordinates are within range."""
        return abs(self.latitude) <= POLE and abs(self.longitude) <= 2 * POLE


@group
class Partner(Record):
    """A city or region abroad, and how far the relation has come."""

    name: str = described(Text(maximum=300), "名稱", required=True)
    name_en: str = described(Text(maximum=240), "英文名稱")
    country: str = described(Country(), "國家", "ISO 3166 兩碼", required=True)
    relation: str = described(Choice(RELATIONS), "關係", required=True)
    stage: str = described(Text(maximum=300), "階段")
    since: PartialDate | None = described(PartialDay(), "締結時間")
    progress: str = described(Prose(), "進展")
    summary_en: str = described(Prose(), "英文摘要")
    location: Location | None = described(
        Group(Location), "位置", "城市、或府縣廳所在地；寫到小數兩位即可"
    )

    @property
    def address(self) -> str:
        """The partner's page."""
        return f"{INDEX}{self.id}/"

    @property
    def relation_name(self) -> str:
        """The relation in words."""
        return RELATIONS[self.relation]

    @property
    def country_name(self) -> str:
        """The country's name in Traditional Chinese."""
        return country_names()[self.country]


def _rules(partner: Partner, _: Site) -> Iterator[Problem]:
    if partner.location and not partner.location.on_earth:
        yield rule_problem("location-range", partner, "location")


def _page(partner: Partner, site: Site) -> Page:
    mentions = _mentions(partner, site)
    rows = tuple(plain_row(record, site) for record in site.newest(mentions))
    about = f"{partner.country_name}{partner.name}，{partner.relation_name}。"
    about += plain_text(partner.progress) or partner.stage
    return Page(
        address=partner.address,
        template="partner.html",
        title=partner.name,
        description=gist(about, 300),
        updated=max(filter(None, (site.updated(partner), site.latest_day(mentions)))),
        breadcrumbs=(site.crumb(partner.kind),),
        feeds=(_feed_name(partner),),
        source=partner.origin.path,
        about=About(thing=_place(partner), card=CARD),
        context={"record": partner, "rows": rows},
    )


def _feeds(site: Site) -> Iterator[Feed]:
    for partner in site.archive.of(Partner):
        about = f"與{partner.name}往來的最新內容"
        feed = feed_of(
            _feed_name(partner),
            partner.name,
            _mentions(partner, site),
            site,
            page=partner.address,
            description=about,
        )
        yield structs.replace(feed, group=FeedGroup.BODY)


def _feed_name(partner: Partner) -> str:
    return f"partner-{partner.id}"


def _place(partner: Partner) -> Thing:
    """The schema.org thing: a city or region in its country."""
    point = partner.location and {
        "@type": "GeoCoordinates",
        "latitude": str(partner.location.latitude),
        "longitude": str(partner.location.longitude),
    }
    return stated(
        **{"@type": "AdministrativeArea"},
        name=partner.name,
        alternateName=partner.name_en,
        containedInPlace={"@type": "Country", "name": partner.country_name},
        geo=point,
    )


def _index(site: Site) -> Iterator[Page]:
    partners = site.archive.of(Partner)
    yield Page(
        address=INDEX,
        template="partners.html",
        title="國際夥伴城市",
        description="姊妹市、友好城市與推動中的夥伴城市",
        updated=site.latest_day(partners),
        about=About(card=CARD),
        context={"groups": tuple(_groups(partners, site)), "intro": "", "years": ()},
    )


def _groups(partners: tuple[Partner, ...], site: Site) -> Iterator[RowGroup]:
    for relation, name in RELATIONS.items():
        rows = tuple(_row(p, site) for p in partners if p.relation == relation)
        if rows:
            yield RowGroup(heading=name, rows=rows)


def _mentions(partner: Partner, site: Site) -> list[Record]:
    """The records of other kinds that name a partner."""
    records = site.archive.referring_to(partner, Record)
    return [record for record in records if record.kind != partner.kind]


def _row(partner: Partner, site: Site) -> Row:
    since = f"{partner.since.roc}締結" if partner.since else ""
    count = len(_mentions(partner, site))
    contacts = f"往來 {count} 筆" if count else ""
    marks = tuple(filter(None, (partner.country_name, partner.name_en, since, contacts)))
    return Row(title=partner.name, address=partner.address, marks=marks, note=partner.stage)


def _facts(partner: Partner, site: Site) -> Iterator[Fact]:
    yield Fact(name="country", values=(Said(text=country_en(partner.country)),))
    yield Fact(name="relation", values=(Said(text=RELATIONS_EN[partner.relation]),))
    yield Fact(name="since", values=(Said(day=partner.since),) if partner.since else ())
    yield Fact(name="published", values=(Said(day=site.published(partner)),))


def _marks(partner: Partner, _: Site) -> tuple[str, ...]:
    return country_en(partner.country), RELATIONS_EN[partner.relation]


KINDS = (
    Kind(
        name="partners",
        label="夥伴城市",
        label_en="Partner cities",
        record_type=Partner,
        pattern=re.compile(r"partners/(?P<id>[a-z0-9]+(?:-[a-z0-9]+)*)\.yaml"),
        glob="partners/*.yaml",
        title=lambda partner: partner.name,
        order=lambda partner: (partner.country, partner.id),
        section=Section(
            address=INDEX,
            rank=30,
            intro="姊妹市、友好城市與推動中的城市",
            intro_en="Sister cities, friendship cities and those that may become one",
        ),
        rules=(_rules,),
        page=_page,
        feeds=_feeds,
        search_fields=lambda partner, _: SearchFields(
            category=partner.relation_name, texts=(partner.relation_name, partner.country_name)
        ),
        example="hachioji",
        start=lambda site, name: named_start(
            name, "partners", "yaml", {"published_on": roc_typed(site.as_of)}
        ),
        listings=_index,
        english=English(
            title=lambda partner: partner.name_en,
            title_on=lambda partner, _: partner.name_en,
            facts=_facts,
            day=lambda *_: None,
            marks=_marks,
            words=lambda _: ((name, RELATIONS_EN[id_]) for id_, name in RELATIONS.items()),
        ),
        columns=(
            attribute("id", "代碼"),
            attribute("name", "名稱"),
            attribute("name_en", "英文名稱"),
            attribute("country", "國家"),
            Column(name="relation", title="關係", value=lambda p, _: p.relation_name),
            attribute("stage", "階段"),
            URL,
        ),
    ),
)
