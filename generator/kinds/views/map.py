"""The map: partner cities as places, countries by their number of visits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from markupsafe import Markup

from generator.content.model import Breadcrumb, Entrance, Page
from generator.content.value_types import country_names
from generator.kinds.partners.kind import RELATIONS, Partner
from generator.kinds.visits.visit import Visit
from generator.output.charts import chart_figure
from generator.output.charts.map_outlines import EAST_ASIA, WORLD
from generator.site.chart import Place, WorldMap
from generator.site.kind import Site, View

INDEX = "map/"
TITLE = "夥伴城市與國際交流地圖"
MAPS = {WORLD: "世界", EAST_ASIA: "東亞"}
"""The maps of the page: the world, then the region with the most places."""
SHADED = "有接待、出訪或活動的國家"


class Land(NamedTuple):
    """A country in the table, with its partners and the visits that name it."""

    code: str
    name: str
    partners: tuple[Partner, ...]
    visits: tuple[Visit, ...]


def _pages(site: Site) -> Iterator[Page]:
    partners, visits = site.archive.of(Partner), site.archive.of(Visit)
    lands = _lands(partners, visits)
    yield Page(
        address=INDEX,
        template="world.html",
        title=TITLE,
        description="姊妹市、友好城市與推動中城市的位置，以及各國來訪、出訪與活動的次數",
        updated=site.latest_day((*partners, *visits)),
        breadcrumbs=(Breadcrumb(title="夥伴城市", address="partners/"),),
        context={"lands": lands, "maps": tuple(_maps(partners, lands)) if lands else ()},
    )


def _lands(partners: tuple[Partner, ...], visits: tuple[Visit, ...]) -> tuple[Land, ...]:
    """The countries, by their number of visits from the highest on."""
    codes = {p.country for p in partners} | {code for v in visits for code in v.countries}
    lands = (
        Land(
            code=code,
            name=country_names()[code],
            partners=tuple(p for p in partners if p.country == code),
            visits=tuple(v for v in visits if code in v.countries),
        )
        for code in codes
    )
    return tuple(
        sorted(lands, key=lambda land: (-len(land.visits), -len(land.partners), land.code))
    )


def _maps(partners: tuple[Partner, ...], lands: tuple[Land, ...]) -> Iterator[Markup]:
    """A map of the world, and of each other region that has a place."""
    sorts = tuple(RELATIONS)
    places = tuple(
        Place(
            label=partner.name,
            latitude=partner.location.latitude,
            longitude=partner.location.longitude,
            sort=sorts.index(partner.relation),
        )
        for partner in partners
        if partner.location
    )
    visited = (land for land in lands if land.visits)
    shaded = tuple((land.code, f"{land.name} {len(land.visits)} 次") for land in visited)
    for region, name in MAPS.items():
        if region is WORLD or any(region.holds(p.longitude, p.latitude) for p in places):
            chart = WorldMap(
                title=name,
                places=places,
                sorts=tuple(RELATIONS.values()),
                countries=shaded,
                countries_title=SHADED,
                region=region.name,
            )
            yield Markup(chart_figure(chart, f"map-{region.name}"))  # noqa: S704 -- escaped as it is drawn


VIEW = View(
    name="world",
    label="地圖",
    label_en="Map",
    pages=_pages,
    entrances=(Entrance(label=TITLE, address=INDEX),),
)
