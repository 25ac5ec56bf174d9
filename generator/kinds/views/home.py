"""The home page: recent changes, and the block of each kind in the order of the navigation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from msgspec import structs

from generator.content.model import About, Feed, Page
from generator.site.english import doors, row_in
from generator.site.feed_items import feed_of
from generator.site.kind import Section, Site, View
from generator.site.listing import Row, plain_row
from generator.site.page_metadata import Thing, contact_point, publisher, stated
from generator.text.translations import words_of
from generator.text.urls import ENGLISH, address_in

NEWS = "news"
RECENT = timedelta(days=7)
"""The days before the site's day whose changes the page lists."""
CHANGES = 8


def _pages(site: Site) -> Iterator[Page]:
    return (_home(site, language) for language in site.settings.languages)


def _home(site: Site, language: str) -> Page:
    """The home page of a language."""
    settings, english = site.settings, language == ENGLISH
    ranked = sorted(
        (kind for kind in site.kinds if kind.section),
        key=lambda kind: (kind.section.rank if kind.section else 0, kind.name),
    )
    blocks = [(kind, block) for kind in ranked if (block := kind.home(site, language))]
    lead = settings.description_en if english else settings.description
    return Page(
        address=address_in(language, ""),
        template="home.html",
        title=settings.title_in(language),
        description=lead,
        updated=site.latest_day(site.archive),
        feeds=(NEWS,),
        about=About(thing=_site(site, language)),
        context={
            "blocks": blocks,
            "lead": lead,
            "sections": doors(site, language),
            "changes": tuple(_changes(site, language)),
        },
    )


def _changes(site: Site, language: str) -> Iterator[Row]:
    """The records published or revised in the last days, the newest first."""
    words = words_of(language)["home"]
    since = site.as_of - RECENT
    records = (record for kind in site.kinds if kind.page for record in site.records(kind))
    dated = ((day, record) for record in records if (day := site.publication_day(record)))
    # an old record without a revision cannot have changed, and most records are such
    candidates = (record for day, record in dated if record.revisions or since < day)
    updated = [(site.updated(record), record) for record in candidates]
    recent = [(day, record) for day, record in updated if since < day <= site.as_of]
    recent.sort(key=lambda pair: (pair[0], pair[1].kind, pair[1].id), reverse=True)
    for day, record in recent[:CHANGES]:
        mark = words["new" if day == site.publication_day(record) else "revised"]
        kind = site.kind(record)
        row = row_in(language, plain_row)(record, site)
        yield structs.replace(
            row, day=day, marks=(mark, kind.label_en if language == ENGLISH else kind.label)
        )


def _site(site: Site, language: str) -> Thing:
    """The schema.org thing: the site with its publisher."""
    settings, english = site.settings, language == ENGLISH
    return stated(
        **{"@type": "WebSite"},
        name=settings.title_in(language),
        alternateName=settings.title if english else settings.title_en,
        description=settings.description_en if english else settings.description,
        inLanguage=language,
        license=settings.licensed.url if settings.licensed else "",
        publisher={**publisher(settings), "url": settings.base_url, **contact_point(settings)},
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
