"""The plans of a report's pages: the report, its comparison with records and with a former one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from msgspec import Struct

from generator.content.model import About, Breadcrumb, Card, FeedItem, Page
from generator.kinds.reports.comparisons import counts
from generator.kinds.reports.files import print_style_address, tables_address, tables_of
from generator.kinds.reports.highlights import highlights
from generator.kinds.reports.periods import changes, report_before
from generator.kinds.reports.report import INDEX, REPORTS, Photo, Report, Section
from generator.site.feed_items import record_item
from generator.site.figures.accounting import account
from generator.site.figures.narration import Part, outline, parts
from generator.site.figures.proofreading import Tally
from generator.site.kind import Site
from generator.site.listing import Row, RowGroup
from generator.site.page_metadata import publisher, stated
from generator.text.dates import iso
from generator.text.markdown import Heading, gist, plain_text
from generator.text.numerals import han
from generator.text.urls import CHINESE

CARD = Card("reports", "「報告」二字與一本翻開的書", "“Reports” in Chinese, and an open book")


class SectionPart(Struct, frozen=True, kw_only=True):
    """A section on the report's page: its number in words, its headings, numbered captions."""

    part: Part
    section: Section
    number: str
    headings: tuple[Heading, ...]
    photos: tuple[tuple[int, Photo], ...]


def sections_of(report: Report, site: Site) -> tuple[Section, ...]:
    """The sections of a report, in order."""
    return site.archive.referring_to(report, Section)


def _section_parts(sections: tuple[Section, ...]) -> Iterator[SectionPart]:
    number = photo = 0
    for part, section in zip(parts(sections), sections, strict=True):
        number += not section.unnumbered
        captions = tuple(enumerate(section.photos, start=photo + 1))
        photo += len(captions)
        yield SectionPart(
            part=part,
            section=section,
            number="" if section.unnumbered else f"{han(number)}、",
            headings=outline(part),
            photos=captions,
        )


def report_page(report: Report, site: Site) -> Page:
    """The page of a report: contents, sections, and the sources of its figures."""
    before, after = site.archive.neighbours(report)
    return Page(
        address=report.address,
        template="report.html",
        title=report.title,
        description=_description(report),
        updated=site.updated(report),
        breadcrumbs=(site.crumb(REPORTS),),
        feeds=(REPORTS,),
        source=report.origin.path,
        about=_about(report, site),
        context={
            **_body(report, site),
            **_accounts(report, site),
            "print_style": print_style_address(report),
            "before": before,
            "after": after,
            "records_page": records_address(report) if report.compared else "",
            "periods_page": periods_address(report) if before else "",
        },
    )


def _about(report: Report, site: Site) -> About:
    """The schema.org report of a public body, with the period that it covers."""
    period = report.period
    days = f"{iso(period.from_)}/{iso(period.to)}" if period else ""
    thing = stated(
        **{"@type": "Report"},
        name=report.title,
        description=_description(report),
        inLanguage=CHINESE,
        datePublished=site.published(report).isoformat(),
        temporalCoverage=days,
        publisher=publisher(site.settings),
    )
    return About(thing=thing, card=CARD, article=True)


def _body(report: Report, site: Site) -> dict[str, object]:
    return {"record": report, "sections": tuple(_section_parts(sections_of(report, site)))}


def _accounts(report: Report, site: Site) -> dict[str, object]:
    """The sources of the report's figures: tables, counts, reasons for figures without a source."""
    accounts = [account(section, site) for section in sections_of(report, site)]
    reasons = ((excuse.text, excuse.reason) for own in accounts for excuse in own.record.uncited)
    return {
        "tables": tables_of(report, site),
        "tables_file": tables_address(report),
        "tally": Tally.of(accounts),
        "reasons": tuple(dict.fromkeys(reasons)),
        "highlights": highlights(accounts, site),
        "cited": len({cited.record.ref for own in accounts for cited in own.cited}),
    }


def _description(report: Report) -> str:
    when = f"報告期間{report.period.shown}。" if report.period else ""
    return gist(f"{report.title}。{when}{plain_text(report.summary)}", 300)


def report_item(report: Report, site: Site) -> FeedItem:
    """The feed item of a report, with its whole text."""
    body = partial(_body, report, site)
    return record_item(report, site, "report-body.html", body, _description(report))


def records_address(report: Report) -> str:
    """The address of the page that compares a report with the records."""
    return f"{report.address}records/"


def periods_address(report: Report) -> str:
    """The address of the page that compares a report with the one before."""
    return f"{report.address}periods/"


def report_listings(site: Site) -> Iterator[Page]:
    """The index of reports, and the comparison pages of each report."""
    yield _index(site)
    for report in site.archive.of(Report):
        if report.compared:
            yield _records_page(report, site)
        before = report_before(report, site)
        if before:
            yield _periods_page(before, report, site)


def _index(site: Site) -> Page:
    reports = site.archive.of(Report)
    rows = tuple(report_row(report, site) for report in reversed(reports))
    return Page(
        address=INDEX,
        template="listing.html",
        title="報告",
        description="業務報告全文，數字可查出處",
        updated=site.latest_day(reports),
        feeds=(REPORTS,),
        context={"groups": (RowGroup(heading="", rows=rows),), "intro": "", "years": ()},
    )


def report_row(report: Report, _: Site) -> Row:
    """A report in a list: title, day, period, presenter."""
    presenter = report.presenter
    speaker = f"{presenter.title}{presenter.name}" if presenter else ""
    return Row(
        title=report.title,
        address=report.address,
        day=report.day,
        marks=(report.period.shown if report.period else "", speaker),
        note=gist(plain_text(report.summary), 80),
    )


def _crumbs(report: Report, site: Site) -> tuple[Breadcrumb, ...]:
    return site.crumb(REPORTS), Breadcrumb(title=report.title, address=report.address)


def _records_page(report: Report, site: Site) -> Page:
    return Page(
        address=records_address(report),
        template="report-records.html",
        title=f"報告所載與紀錄對照：{report.title}",
        description=f"{report.title}所載的數，與本站紀錄逐筆計算的數並列",
        updated=site.updated(report),
        breadcrumbs=_crumbs(report, site),
        feeds=(REPORTS,),
        source=report.origin.path,
        context={"record": report, "counts": counts(report, site)},
    )


def _periods_page(before: Report, report: Report, site: Site) -> Page:
    figures = changes(before, report, site)
    return Page(
        address=periods_address(report),
        template="report-periods.html",
        title=f"與前次報告比較：{report.title}",
        description=f"{report.title}與{before.title}的同一數值並列，增減由程式計算",
        updated=site.updated(report),
        breadcrumbs=_crumbs(report, site),
        feeds=(REPORTS,),
        source=report.origin.path,
        context={
            "record": report,
            "before": before,
            "both": tuple(change for change in figures if change.before and change.after),
            "fresh": tuple(change for change in figures if not change.before),
            "gone": tuple(change for change in figures if not change.after),
        },
    )
