"""The home page: the blocks that kinds offer, what else is new this week, ways to the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from msgspec import structs

from generator.content.model import About, Feed, Page, Ref
from generator.kinds.views.topics import topic_links
from generator.site.english import doors, row_in
from generator.site.feed_items import feed_of
from generator.site.front_pages import blocks_of, shown_in
from generator.site.kind import HomeBlock, Part, Scope, Section, Site, View
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
    blocks = blocks_of(site, Scope(language=language))
    week = _week(site, language, blocks)
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
            "blocks": tuple(sorted((*blocks, *week), key=lambda block: block.part)),
            "lead": lead,
            "sections": doors(site, language),
            "topics": topic_links(site, language),
        },
    )


def _week(site: Site, language: str, blocks: Iterable[HomeBlock]) -> Iterator[HomeBlock]:
    """What is new or revised in the last days and stands in no block; else since when it is old."""
    shown = shown_in(blocks)
    covered = shown.union(*(block.covers for block in blocks))
    changes = tuple(_changes(site, language, shown, covered))
    latest = site.latest_day(site.archive)
    if changes or (latest and latest <= site.as_of - RECENT):
        context = {"changes": changes, "latest": latest, "stays": RECENT}
        yield HomeBlock(template="week-block.html", context=context, part=Part.LATEST)


def _changes(
    site: Site, language: str, shown: frozenset[Ref], covered: frozenset[Ref]
) -> Iterator[tuple[Row, date]]:
    """The records published or revised in the last days, the newest first, each with its day."""
    words = words_of(language)["home"]
    since = site.as_of - RECENT
    pairs = ((kind, record) for kind in site.kinds if kind.page for record in site.records(kind))
    dated = ((day, kind, r) for kind, r in pairs if (day := site.publication_day(r)))
    # most records are old and never changed; a page written by hand, such as the statements that
    # each site must have, is news when it is revised
    candidates = (
        record
        for day, kind, record in dated
        if site.changes(record) or (since < day and not kind.front_matter)
    )
    updated = [(site.updated(record), record) for record in candidates]
    recent = [
        (day, record)
        for day, record in updated
        if since < day <= site.as_of
        and record.ref not in (covered if day == site.publication_day(record) else shown)
    ]
    recent.sort(key=lambda pair: (pair[0], pair[1].kind, pair[1].id), reverse=True)
    for day, record in recent[:CHANGES]:
        revised = day in (revision.date for revision in record.revisions)
        change = "revised" if revised else "added_to"
        mark = words["new" if day == site.publication_day(record) else change]
        kind = site.kind(record)
        row = row_in(language, plain_row)(record, site)
        label = kind.label_en if language == ENGLISH else kind.label
        yield structs.replace(row, day=day, marks=(mark, label)), day + RECENT


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
