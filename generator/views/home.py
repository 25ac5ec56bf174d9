"""The home page: what is new, and every kind's own block in the order of the navigation."""

from __future__ import annotations

from collections.abc import Iterator

from generator.formats.items import feed_of
from generator.formats.metadata import LANGUAGE, Thing, publisher, stated
from generator.kind import Section, Site, View
from generator.model import About, Feed, Page

NEWS = "news"


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
        context={"blocks": blocks, "sections": ranked},
    )


def _site(site: Site) -> Thing:
    """The site, and the body that publishes it."""
    named = site.settings
    return stated(
        **{"@type": "WebSite"},
        name=named.title,
        alternateName=named.title_en,
        description=named.description,
        inLanguage=LANGUAGE,
        publisher={**publisher(named), "url": named.base_url},
    )


def _feeds(site: Site) -> Iterator[Feed]:
    title, about = f"{site.settings.title}：全部最新消息", site.settings.description
    yield feed_of(NEWS, title, site.archive, site, page="", description=about)


VIEW = View(
    name="home",
    label="首頁",
    pages=_pages,
    section=Section(address="", rank=0, intro=""),
    feeds=_feeds,
)
