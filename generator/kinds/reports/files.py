"""Files beside a report's page: the workbook of its tables, the style sheet for print."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from generator.content.model import Beside, Document, Ref
from generator.kinds.reports.report import Report, Section
from generator.output.formats.ods import cover, workbook
from generator.site.figures.accounting import account
from generator.site.figures.cells import Tabulated
from generator.site.kind import Site
from generator.text.dates import roc
from generator.text.urls import absolute


def report_documents(report: Report, site: Site) -> Iterator[Document]:
    """The plan of these files; a report without tables has no workbook."""
    style = partial(print_style, report, site)
    yield Document(address=print_style_address(report), make=style)
    if tables_of(report, site):
        tables = partial(tables_file, report, site)
        yield Document(address=tables_address(report), make=tables)


def print_style_address(report: Report) -> str:
    """The address of a report's style sheet for print."""
    return f"{report.address}{Beside.PRINT_STYLE}"


def print_style(report: Report, site: Site) -> bytes:
    """A style sheet with title and address on each printed page, which no HTML can do."""
    title = report.title.replace("\\", "\\\\").replace('"', '\\"')
    url = absolute(site.settings.base_url, report.address)
    head, foot = (
        f'@{place} {{ content: "{words}"; font: 9pt sans-serif; }}'
        for place, words in (("top-left", title), ("bottom-left", url))
    )
    return f'@charset "utf-8";\n@page {{ {head} {foot} }}\n'.encode()


def tables_of(report: Report, site: Site) -> tuple[Tabulated, ...]:
    """The tables that a report cites or includes, in the order of their first mention."""
    tables: dict[Ref, Tabulated] = {}
    for section in site.archive.referring_to(report, Section):
        for _, record in account(section, site).led_to:
            if isinstance(record, Tabulated):
                tables.setdefault(record.ref, record)
    return tuple(tables.values())


def tables_address(report: Report) -> str:
    """The address of the workbook of a report's tables."""
    return report.address + tables_name(report.id)


def tables_name(report_id: str) -> str:
    """The file name of the workbook of a report's tables."""
    return f"{report_id}.ods"


def tables_file(report: Report, site: Site) -> bytes:
    """The workbook of a report's tables, after a cover sheet that lists them."""
    sheets = tuple(filter(None, (site.kind(t).figures.sheet(t) for t in tables_of(report, site))))
    presented = roc(report.presented_on) if report.presented_on else ""
    facts = [("報告日期", presented), ("報告期間", report.period.shown if report.period else "")]
    facts += [("網址", site.settings.base_url + report.address), ("資料來源", report.source)]
    front = cover(report.title, [(name, text) for name, text in facts if text], sheets)
    return workbook(report.title, (front, *sheets))
