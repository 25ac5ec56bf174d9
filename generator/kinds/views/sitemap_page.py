"""The site map: every section with its pages by year, and every page outside sections."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from generator.content.model import Calendar, Dataset, Entrance, Feed, Page
from generator.site.english import english_section, row_in
from generator.site.kind import Kind, Section, Site, View
from generator.site.listing import Row, RowGroup, plain_row
from generator.text.translations import words_of
from generator.text.urls import ENGLISH, address_in

INDEX = "site-map/"


def _pages(
    site: Site,
    feeds: tuple[Feed, ...],
    calendars: tuple[Calendar, ...],
    datasets: tuple[Dataset, ...],
) -> Iterator[Page]:
    del feeds, calendars, datasets
    for language in site.settings.languages:
        words = words_of(language)["site_map"]
        yield Page(
            address=address_in(language, INDEX),
            template="listing.html",
            title=words["title"],
            description=words["description"].format(site=site.settings.title_in(language)),
            updated=site.latest_day(site.archive),
            context={
                "groups": tuple(_groups(site, language)),
                "intro": words["intro"],
                "years": (),
            },
        )


def _groups(site: Site, language: str) -> Iterator[RowGroup]:
    """A group for each section of the navigation, one for what stands beside them."""
    things: list[tuple[Kind | View, Section]] = [
        *site.sections(),
        *((view, view.section) for view in site.views if view.section),
    ]
    for thing, section in sorted(things, key=lambda pair: (pair[1].rank, pair[0].name)):
        label = thing.label_en if language == ENGLISH else thing.label
        rows = tuple(_pages_of(thing, section, site, language))
        yield RowGroup(heading=label, rows=rows)
    rows = tuple(_beside(site, language))
    yield RowGroup(heading=words_of(language)["site_map"]["beside"], rows=rows)


def _pages_of(thing: Kind | View, section: Section, site: Site, language: str) -> Iterator[Row]:
    """The pages of a section: its index, the lists below it, and hand-written pages by title."""
    english = language == ENGLISH
    yield Row(
        title=thing.label_en if english else thing.label,
        address=address_in(language, section.address),
        note=section.intro_en if english else section.intro,
    )
    if isinstance(thing, View):
        return
    pages = english_section(thing, section, site) if english else thing.listings(site)
    index = address_in(language, section.address)
    listed = {page.address: page.title for page in pages if page.address != index}
    for address, title in listed.items():
        # a list of one year stands below the list of all, which leads to it
        above = accumulate(address.split("/")[:-2], lambda path, name: f"{path}/{name}")
        if listed.keys().isdisjoint(f"{path}/" for path in above):
            yield Row(title=title, address=address)
    if thing.front_matter:  # pages of their own, few of them, and no lists
        for record in site.records(thing):
            if not english or thing.english.title(record):
                yield row_in(language, plain_row)(record, site)


def _beside(site: Site, language: str) -> Iterator[Row]:
    """The pages of views outside sections; of the handbook, its first one."""
    for view in site.views:
        if view.section or view.foot or not view.has(site.settings):
            continue
        for entrance in view.entrances[:1] if view.unlisted else view.entrances:
            if language != ENGLISH:
                yield Row(title=entrance.label, address=entrance.address)
            elif entrance.label_en:
                yield Row(title=entrance.label_en, address=address_in(language, entrance.address))


VIEW = View(
    name="site-map",
    label="網站導覽",
    label_en="Site map",
    closing=_pages,
    entrances=(Entrance(label="網站導覽", address=INDEX, label_en="Site map"),),
    unlisted=True,
    foot=True,
)
