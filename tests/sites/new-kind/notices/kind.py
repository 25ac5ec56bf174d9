"""Notices: what a reader should know for some days, and may then forget."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from generator.content.field_types import Prose, Text
from generator.content.findings import rule_problem
from generator.content.model import Feed, FeedItem, Page, Problem
from generator.content.record import Record, described, group
from generator.content.value_types import Day
from generator.site.facts import Fact, Said
from generator.site.feed_items import feed_of, record_item
from generator.site.kind import URL, English, Kind, Section, Site, attribute, days, named_start
from generator.site.listing import Listing, plain_row, yearly_pages
from generator.text.dates import roc_typed
from generator.text.markdown import gist

INDEX = "notices/"


@group
class Notice(Record):
    """Something that holds from one day to another."""

    title: str = described(Text(maximum=120), "標題", required=True)
    title_en: str = described(Text(maximum=240), "英文標題")
    summary_en: str = described(Prose(), "英文摘要")
    text: str = described(Prose(), "內容", required=True)
    until: dt.date | None = described(Day(), "截止日")


def _rules(notice: Notice, site: Site) -> Iterator[Problem]:
    if notice.until and notice.until < site.published(notice):
        yield rule_problem("notice-until", notice, "until", value=notice.until.isoformat())


def _page(notice: Notice, site: Site) -> Page:
    return Page(
        address=site.address(notice),
        template="notice.html",
        title=notice.title,
        description=gist(notice.text, 300),
        updated=site.updated(notice),
        breadcrumbs=(site.crumb(notice.kind),),
        feeds=(notice.kind,),
        source=notice.origin.path,
        context={"record": notice},
    )


def _listings(site: Site) -> Iterator[Page]:
    crumbs = (site.crumb("notices"),)
    listing = Listing(
        address=INDEX, title="布告欄", crumbs=crumbs, row=plain_row, feeds=("notices",)
    )
    return yearly_pages(listing, site.archive.of(Notice), site)


def _item(notice: Notice, site: Site) -> FeedItem:
    summary = gist(notice.text, 300)
    return record_item(notice, site, "notice-body.html", lambda: {"record": notice}, summary)


def _feeds(site: Site) -> Iterator[Feed]:
    notices = site.archive.of(Notice)
    yield feed_of("notices", "布告欄", notices, site, page=INDEX, description="布告")


def _facts(notice: Notice, site: Site) -> Iterator[Fact]:
    yield Fact(name="published", values=(Said(day=site.published(notice)),))
    yield Fact(name="until", values=(Said(day=notice.until),) if notice.until else ())


KINDS = (
    Kind(
        name="notices",
        label="布告欄",
        label_en="Notices",
        record_type=Notice,
        pattern=re.compile(r"notices/(?P<id>[a-z0-9]+(?:-[a-z0-9]+)*)\.yaml"),
        glob="notices/*.yaml",
        address=lambda notice: f"{INDEX}{notice.id}/",
        section=Section(address=INDEX, rank=60, intro="近日須知", intro_en="What to know now"),
        rules=(_rules,),
        page=_page,
        listings=_listings,
        feed_item=_item,
        feeds=_feeds,
        start=lambda site, name: named_start(
            name, "notices", "yaml", {"published_on": roc_typed(site.as_of)}
        ),
        english=English(facts=_facts),
        columns=(
            attribute("id", "代碼"),
            attribute("title", "標題"),
            days("published_on", "發布日期"),
            days("until", "截止日"),
            URL,
        ),
    ),
)
