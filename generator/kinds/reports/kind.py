"""Reports as two kinds: a report, and its sections."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from generator.content.archive import Archive
from generator.content.model import Feed, Ref
from generator.kinds.reports import pages
from generator.kinds.reports.cover import cover
from generator.kinds.reports.english import english_body
from generator.kinds.reports.files import report_documents, tables_name
from generator.kinds.reports.report import (
    INDEX,
    REPORTS,
    SECTIONS,
    Report,
    Section,
    section_order,
)
from generator.kinds.reports.rules import report_rules, section_rules
from generator.site.english import said_of
from generator.site.facts import Fact, Said
from generator.site.feed_items import feed_of
from generator.site.figures.accounting import account
from generator.site.kind import (
    FILE_NAME,
    URL,
    Column,
    English,
    Kind,
    SearchFields,
    Site,
    Start,
    StartRefused,
    attribute,
    days,
    named_start,
)
from generator.site.kind import (
    Section as Place,
)
from generator.text.dates import iso, roc_typed
from generator.text.figure_references import unbound
from generator.text.markdown import plain_text

_SLUG = FILE_NAME.pattern


def _published(report: Report, _: Archive) -> dt.date | None:
    return report.day


def _section_published(section: Section, archive: Archive) -> dt.date | None:
    report = archive.get(Report, section.report)
    return report.day if report else None


def _presenter(report: Report, _: Site) -> str:
    return report.presenter.name if report.presenter else ""


def _feeds(site: Site) -> Iterator[Feed]:
    reports = site.archive.of(Report)
    yield feed_of(REPORTS, "報告", reports, site, page=INDEX, description="業務報告全文")


def _facts(report: Report, site: Site) -> Iterator[Fact]:
    presented, period = report.presented_on, report.period
    yield Fact(name="presented", values=(Said(day=presented),) if presented else ())
    yield Fact(name="period", values=(Said(text=period.english),) if period else ())
    agency = (said_of(report.agency, presented, site),) if report.agency else ()
    yield Fact(name="agency", values=agency)


def _search_fields(report: Report, site: Site) -> SearchFields:
    """The words of a report's sections for the search, with figures in place of their citations.

    Tables and charts are left out: their figures are those of their own pages.
    """
    texts: list[str] = []
    for section in pages.sections_of(report, site):
        words = section.markdown
        for cited in reversed(account(section, site).cited):  # from the end, so that places hold
            start, end = cited.binding.start, cited.binding.start + len(cited.binding.typed)
            words = words[:start] + cited.words + words[end:]
        captions = (photo.caption for photo in section.photos)
        items = (item for list_ in section.lists for item in list_.items)
        texts += (section.title, plain_text(unbound(words)), *captions, *items)
    return SearchFields(texts=tuple(texts))


def _start_report(site: Site, name: str) -> Start:
    start = named_start(name, INDEX.rstrip("/"), "yaml", {"presented_on": roc_typed(site.as_of)})
    return Start(path=f"{INDEX}{name}/report.yaml", values=start.values)


def _start_section(site: Site, name: str) -> Start:
    """The next section of `report/name`, or of the only report; raises `StartRefused`."""
    reports = {report.id: report for report in site.archive.of(Report)}
    report_id, _, name = name.rpartition("/")
    if not reports or not FILE_NAME.fullmatch(name):
        raise StartRefused("section" if name and not reports else "name")
    if report_id not in reports and (report_id or len(reports) > 1):
        raise StartRefused("report", (f"{id_}/{name}" for id_ in reports))
    report = reports[report_id] if report_id else next(iter(reports.values()))
    number = _number(site, report.id)
    # `24-hours` may be a name; the next number, or one with a nought, is that of the file
    numbered = _NUMBERED.fullmatch(name)
    if numbered and (numbered["number"] == number or name.startswith("0")):
        name = numbered["name"]
    return Start(path=f"{INDEX}{report.id}/{number}-{name}.md", values={})


_NUMBERED = re.compile(r"(?P<number>[0-9]{2})-(?P<name>.+)")
"""A section's name with the number that the program gives it."""


def _number(site: Site, report_id: str) -> str:
    """The next number among a report's sections, unreadable files included."""
    report = site.archive.get(Report, Ref(REPORTS, report_id))
    numbers = [section.number for section in pages.sections_of(report, site)] if report else []
    unreadable = (ref.id.rpartition("-") for ref in site.broken if ref.kind == SECTIONS)
    numbers += [int(number) for owner, _, number in unreadable if owner == report_id]
    return f"{max(numbers, default=0) + 1:02d}"


def _free_section(site: Site, path: str) -> str:
    """The path of a section's file under the next free number of its report."""
    folder, _, name = path.rpartition("/")
    return f"{folder}/{_number(site, folder.rpartition('/')[2])}-{name.partition('-')[2]}"


_REPORTS = Kind(
    name=REPORTS,
    label="報告",
    label_en="Reports",
    record_type=Report,
    pattern=re.compile(rf"reports/(?P<id>{_SLUG})/report\.yaml"),
    glob="reports/*/report.yaml",
    order=lambda report: (report.presented_on or dt.date.min, report.id),
    published=_published,
    section=Place(
        address=INDEX,
        rank=30,
        intro="業務報告全文，數字可查出處",
        intro_en="Reports to the council, each figure with its source",
    ),
    rules=(report_rules,),
    page=pages.report_page,
    example="2016-11-secretariat",
    start=_start_report,
    listings=pages.report_listings,
    feed_item=pages.report_item,
    documents=report_documents,
    own_names=lambda report: (tables_name(report.id),),
    feeds=_feeds,
    search_fields=_search_fields,
    home=cover,
    english=English(facts=_facts, body=english_body),
    categories=lambda report, _: ("報告",),
    columns=(
        attribute("id", "代碼"),
        attribute("title", "標題"),
        days("presented_on", "報告日期"),
        Column(name="from", title="期間起日", value=lambda r, _: iso(r.period and r.period.from_)),
        Column(name="to", title="期間迄日", value=lambda r, _: iso(r.period and r.period.to)),
        Column(name="presenter", title="報告人", value=_presenter),
        URL,
    ),
)

_SECTIONS = Kind(
    name=SECTIONS,
    label="報告章節",
    label_en="Report sections",
    record_type=Section,
    pattern=re.compile(rf"reports/(?P<report>{_SLUG})/(?P<number>[0-9]{{2}})-{_SLUG}\.md"),
    identify=lambda match: f"{match['report']}-{match['number']}",
    glob="reports/*/[0-9]*.md",
    order=section_order,
    published=_section_published,
    rules=(section_rules,),
    own_names=lambda section: (tables_name(section.report.id),),
    example="air-quality",
    start=_start_section,
    free=_free_section,
)

KINDS = (_REPORTS, _SECTIONS)
