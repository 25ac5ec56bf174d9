"""The home page: what is new, and every kind's own block in the order of the navigation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from generator.addresses import CHINESE
from generator.formats.items import feed_of
from generator.formats.metadata import Thing, publisher, stated
from generator.kind import Section, Site, View
from generator.listing import Row
from generator.model import About, Feed, Page

NEWS = "news"
RECENT = timedelta(days=7)
"""How far back "what changed lately" looks from the day that the site speaks for."""
CHANGES = 8


def _pages(site: Site) -> Iterator[Page]:
    ranked = sorted(
        (kind for kind in site.kinds if kind.section),
        key=lambda kind: (kind.section.rank if kind.section else 0, kind.name),
    )
    blocks = [(kind, block) for kind in ranked if (block := kind.home(site))]
    yield Page(
        address="",
        template="home.html",
        title=site.settings.title,
        description=site.settings.description,
        updated=site.latest_day(site.archive),
        feeds=(NEWS,),
        about=About(thing=_site(site)),
        context={"blocks": blocks, "sections": ranked, "changes": tuple(_changes(site))},
    )


def _changes(site: Site) -> Iterator[Row]:
    """What came out or was revised in the last days, the newest first."""
    paged = (record for kind in site.kinds if kind.page for record in site.records(kind))
    dated = [(site.updated(record), record) for record in paged if site.known(record)]
    since = site.as_of - RECENT
    recent = [(day, record) for day, record in dated if since < day <= site.as_of]
    recent.sort(key=lambda pair: (pair[0], pair[1].kind, pair[1].id), reverse=True)
    for day, record in recent[:CHANGES]:
        mark = "新" if day == site.known(record) else "修訂"
        title, address = site.title(record), site.address(record)
        yield Row(title=title, address=address, day=day, marks=(mark, site.kind(record).label))


def _site(site: Site) -> Thing:
    """The site, and the body that publishes it."""
    named = site.settings
    return stated(
        **{"@type": "WebSite"},
        name=named.title,
        alternateName=named.title_en,
        description=named.description,
        inLanguage=CHINESE,
        publisher={**publisher(named), "url": named.base_url},
    )


def _feeds(site: Site) -> Iterator[Feed]:
    title, about = f"{site.settings.title}：全部最新消息", site.settings.description
    yield feed_of(NEWS, title, site.archive, site, page="", description=about)


VIEW = View(
    name="home",
    label="首頁",
    label_en="Home",
    pages=_pages,
    section=Section(address="", rank=0, intro="", intro_en=""),
    feeds=_feeds,
)
