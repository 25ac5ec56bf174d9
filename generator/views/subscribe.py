"""Where readers and machines find what they can take away: every feed, every table."""

from __future__ import annotations

from collections.abc import Iterator

from generator.formats.cataloguing import CATALOGUE, PACKAGE
from generator.kind import Section, Site, View
from generator.listing import Row
from generator.model import Dataset, Feed, Page, sources_of

INDEX = "feeds/"
CATALOGUES = (
    (PACKAGE, "資料包（Frictionless Data Package）"),
    (CATALOGUE, "資料目錄（DCAT，JSON-LD）"),
)
"""What lists all tables for machines."""


def _pages(site: Site, feeds: tuple[Feed, ...], datasets: tuple[Dataset, ...]) -> Iterator[Page]:
    yield Page(
        address=INDEX,
        template="subscribe.html",
        title="訂閱與資料下載",
        description="RSS 訂閱與開放資料（CSV、JSON、ODS）",
        updated=site.latest_day(site.archive),
        feeds=tuple(feed.name for feed in feeds),
        context={
            "feeds": tuple(_feed(feed, site) for feed in feeds),
            "tables": tuple((_table(dataset), dataset.formats) for dataset in datasets),
            "catalogues": CATALOGUES,
        },
    )


def _feed(feed: Feed, site: Site) -> Row:
    newest = sources_of(feed.items)[:1]  # an item's text is not wanted here
    day = site.published(newest[0]) if newest else None
    marks = (f"{len(feed.items)} 則",)
    return Row(title=feed.title, address=feed.address, day=day, marks=marks, note=feed.page)


def _table(dataset: Dataset) -> Row:
    return Row(title=dataset.title, address=dataset.address, marks=(f"{len(dataset.rows)} 列",))


VIEW = View(
    name="subscribe",
    label="訂閱",
    label_en="Feeds and data",
    closing=_pages,
    section=Section(
        address=INDEX, rank=80, intro="RSS 與開放資料", intro_en="RSS feeds and open data"
    ),
)
