"""A new content type needs its module alone: a made-up one shows that everything follows."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import feedparser
import pytest
from jinja2 import ChoiceLoader, DictLoader
from sample_sites import ScratchSite, options

from generator.build.options import Options
from generator.build.verify import verify_site
from generator.content.field_types import Text
from generator.content.model import Feed, FeedItem, Page
from generator.content.record import Record, described, group
from generator.output.plugins import Plugins, all_kinds, all_views
from generator.output.templates_loader import package_templates
from generator.pipeline import build
from generator.site.feed_items import feed_of, record_item
from generator.site.kind import URL, HomeBlock, Kind, Scope, Section, Site, attribute

TEMPLATES = {
    "bell.html": '{% extends "page.html" %}{% block content %}<h1>{{ record.title }}</h1>'
    "{% endblock %}",
    "bells.html": '{% extends "page.html" %}{% block content %}<h1>鐘樓</h1>'
    '{% for bell in bells %}<p><a href="{{ bell | href }}">{{ bell.title }}</a></p>{% endfor %}'
    "{% endblock %}",
    "bell-body.html": "<p>{{ record.title }}</p>",
    "bell-home.html": "<h2>鐘聲</h2><p>{{ given.bells[0].title }}</p>",
}


@group
class Bell(Record):
    """A made-up record."""

    title: str = described(Text(), "名稱", required=True)


def _page(bell: Bell, site: Site) -> Page:
    return Page(
        address=f"bells/{bell.id}/",
        template="bell.html",
        title=bell.title,
        description=bell.title,
        updated=site.published(bell),
        breadcrumbs=(site.crumb("bells"),),
        context={"record": bell},
    )


def _index(site: Site) -> tuple[Page, ...]:
    bells = site.archive.of(Bell)
    context = {"bells": bells}
    updated = site.latest_day(bells)
    return (
        Page(
            address="bells/", template="bells.html", title="鐘樓", updated=updated, context=context
        ),
    )


def _feeds(site: Site) -> tuple[Feed, ...]:
    bells = site.archive.of(Bell)
    return (feed_of("bells", "鐘聲", bells, site, page="bells/", description="鐘聲"),)


def _item(bell: Bell, site: Site) -> FeedItem:
    return record_item(bell, site, "bell-body.html", lambda: {"record": bell}, bell.title)


def _home(site: Site, scope: Scope) -> tuple[HomeBlock, ...]:
    bells = scope.of(Bell, site)
    return (HomeBlock(template="bell-home.html", context={"bells": bells}),) if bells else ()


def _published(bell: Bell, _: object) -> dt.date | None:
    return bell.published_on


BELLS = Kind(
    name="bells",
    label="鐘",
    label_en="Bells",
    record_type=Bell,
    pattern=re.compile(r"bells/(?P<id>[a-z]+)\.yaml"),
    glob="bells/*.yaml",
    title=lambda bell: bell.title,
    address=lambda bell: f"bells/{bell.id}/",
    order=lambda bell: (bell.id,),
    published=_published,
    section=Section(address="bells/", rank=35, intro="鐘", intro_en="Bells"),
    page=_page,
    listings=_index,
    feed_item=_item,
    feeds=_feeds,
    categories=lambda bell, _: ("鐘", bell.title),
    home=_home,
    columns=(attribute("id", "代碼"), attribute("title", "名稱"), URL),
)


@pytest.fixture
def bell_site(scratch_site: ScratchSite, tmp_path: Path) -> Options:
    """A built site with one record of the made-up kind."""
    content = scratch_site({"bells/east.yaml": "title: 東鐘\npublished_on: 105-03-01\n"})
    loader = ChoiceLoader([DictLoader(TEMPLATES), package_templates()])
    chosen = replace(
        options(content, tmp_path),
        plugins=Plugins(((*all_kinds(), BELLS), all_views(), loader)),
        markdown=True,
    )
    built = build(chosen, lambda stage: None)
    assert built.release is not None, built
    return chosen


def test_a_made_up_kind_appears_everywhere(bell_site: Options) -> None:
    """Navigation, home, feed, export, search facet and sitemap follow from the kind alone."""
    site = bell_site.site
    assert "鐘: bells/index.md" in (bell_site.work / "nav.yml").read_text(encoding="utf-8")
    home = (site / "index.html").read_text(encoding="utf-8")
    assert "<h2>鐘聲</h2><p>東鐘</p>" in home
    feed = feedparser.parse((site / "feeds/bells.xml").read_bytes())
    assert [entry.link for entry in feed.entries] == ["https://example.org/bells/east/"]
    news = feedparser.parse((site / "feeds/news.xml").read_bytes())
    assert "東鐘" in [entry.title for entry in news.entries]
    rows = csv.DictReader(io.StringIO((site / "data/bells.csv").read_text(encoding="utf-8-sig")))
    assert [row["名稱"] for row in rows] == ["東鐘"]
    exported = json.loads((site / "data/bells.json").read_text(encoding="utf-8"))
    assert exported["rows"][0]["url"] == "https://example.org/bells/east/"
    table = json.loads((site / "search/index.json").read_text(encoding="utf-8"))
    assert "鐘" in table["kind"]
    assert table["documents"] == len(list(site.glob("gazette/105/*/**/index.html"))) + 1
    sitemap = (site / "sitemap.xml").read_text(encoding="utf-8")
    assert "<loc>https://example.org/bells/east/</loc><lastmod>2016-03-01</lastmod>" in sitemap


def test_verify_misses_the_page_of_a_made_up_kind(bell_site: Options) -> None:
    """Verification, too, follows from the kind."""
    page = bell_site.site.resolve() / "bells/east/index.html"
    page.parent.chmod(0o755)
    page.unlink()
    found = {(fault.code, fault.origin.path) for fault in verify_site(bell_site).faults}
    assert ("verify-missing", "bells/east/index.html") in found


def test_check_speaks_for_a_made_up_kind(bell_site: Options) -> None:
    """Its fields are checked like any other's."""
    (bell_site.content / "bells/west.yaml").write_text("titel: 西鐘\n", encoding="utf-8")
    problems = build(bell_site, lambda stage: None).examined.problems
    assert sorted(problem.code for problem in problems) == ["field-required", "field-unknown"]
