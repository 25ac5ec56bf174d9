"""Hand-written pages: a Markdown file with a header, for what no other kind covers.

The index of these pages also leads to the pages of views that no section leads to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.content.field_types import Prose, Text
from generator.content.model import About, Page
from generator.content.record import Record, described, group
from generator.content.value_types import Whole
from generator.kinds.pages.official_pages import official_page_problems, unfilled_problems
from generator.site.kind import URL, English, Kind, Section, Site, attribute, days, named_start
from generator.site.listing import Row, RowGroup
from generator.site.page_metadata import stated
from generator.text.dates import roc_typed
from generator.text.markdown import gist, plain_text

INDEX = "pages/"


@group
class HandWritten(Record):
    """A page as its editor wrote it."""

    title: str = described(Text(1, 120), "標題", required=True)
    title_en: str = described(Text(maximum=240), "英文標題")
    summary_en: str = described(Prose(), "英文摘要")
    description: str = described(Text(maximum=300), "說明")
    order: int | None = described(Whole(), "順序")
    markdown: str = described(Prose(), "內容", required=True)

    @property
    def address(self) -> str:
        """The page's address."""
        return f"{INDEX}{self.id}/"


def _page(record: HandWritten, site: Site) -> Page:
    return Page(
        address=record.address,
        template="hand-written.html",
        title=record.title,
        description=record.description or gist(plain_text(record.markdown), 150),
        updated=site.updated(record),
        breadcrumbs=(site.crumb("pages"),),
        source=record.origin.path,
        about=About(thing=stated(**{"@type": "WebPage"}, name=record.title), article=True),
        context={"record": record},
    )


def _index(site: Site) -> tuple[Page, ...]:
    records = site.archive.of(HandWritten)
    rows = tuple(_row(record) for record in records)
    page = Page(
        address=INDEX,
        template="listing.html",
        title="關於與說明",
        description=f"{site.settings.title}的說明頁面",
        updated=site.latest_day(records),
        context={
            "groups": (RowGroup(heading="", rows=rows), *_more(site)),
            "intro": "",
            "years": (),
        },
    )
    return (page,)


def _more(site: Site) -> Iterator[RowGroup]:
    """The pages of views that belong to no section of the navigation, single ones together."""
    single: list[Row] = []
    for view in site.views:
        if view.has(site.settings) and not view.unlisted:
            rows = tuple(Row(title=e.label, address=e.address) for e in view.entrances)
            if len(rows) > 1:
                yield RowGroup(heading=view.label, rows=rows)
            else:
                single += rows
    if single:
        yield RowGroup(heading="其他頁面", rows=tuple(single))


def _row(record: HandWritten) -> Row:
    note = record.description or gist(plain_text(record.markdown), 80)
    return Row(title=record.title, address=record.address, note=note)


def _order(record: HandWritten) -> tuple[int, str]:
    """Pages without a number come last, by id."""
    return record.order if record.order is not None else 1000, record.id


KINDS = (
    Kind(
        name="pages",
        label="關於",
        label_en="About",
        record_type=HandWritten,
        pattern=re.compile(r"pages/(?P<id>[a-z0-9]+(?:-[a-z0-9]+)*)\.md"),
        glob="pages/*.md",
        order=_order,
        section=Section(
            address=INDEX,
            rank=90,
            intro="網站說明與業務背景",
            intro_en="About this site and its subject",
            standing=True,
        ),
        rules=(unfilled_problems,),
        site_rules=(official_page_problems,),
        page=_page,
        start=lambda site, name: named_start(
            name, "pages", "md", {"published_on": roc_typed(site.as_of)}
        ),
        listings=_index,
        english=English(day=lambda *_: None),
        columns=(
            attribute("id", "代碼"),
            attribute("title", "標題"),
            days("published_on", "發布日期"),
            URL,
        ),
    ),
)
