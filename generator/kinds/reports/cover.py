"""The cover of the newest report on front pages: four figures that it cites, and one chart.

The figures are the first of those at the report's own head.  The chart's title is its finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup
from msgspec import Struct, structs

from generator.content.model import Ref
from generator.content.record import Record
from generator.kinds.reports.highlights import english_highlight, highlight, ranked
from generator.kinds.reports.pages import sections_of
from generator.kinds.reports.report import Report
from generator.output.charts import chart_figure
from generator.site.chart import Chart, numbers
from generator.site.english import english_address
from generator.site.figures.cells import Tabulated
from generator.site.figures.citing import Cited, Placed, cite
from generator.site.finding import finding
from generator.site.kind import HomeBlock, Part, Scope, Site
from generator.text.figure_references import bindings
from generator.text.urls import CHINESE

FIGURES = 4
BARS = 3
"""The fewest values of a chart that is worth the space."""


class CoverChart(Struct, frozen=True, kw_only=True):
    """A chart with its finding as its title, and the record whose figures it shows."""

    drawn: Markup
    title: str
    address: str


def cover(site: Site, scope: Scope) -> Iterator[HomeBlock]:
    """The cover of the newest report that a front page is about."""
    reports = scope.of(Report, site)
    if not reports:
        return
    report, english = reports[-1], scope.language != CHINESE
    cited = _cited(report, site, english=english)
    head = english_highlight if english else highlight
    figures = tuple(head(figure, site) for figure in cited[:FIGURES])
    # a chart's finding is a sentence in Chinese
    chart = None if english else _chart([figure.record for figure in cited], site)
    yield HomeBlock(
        template="report-cover.html",
        context={
            "report": report,
            "title": (english and report.title_en) or report.title,
            "chinese": english and not report.title_en,
            "summary": report.summary_en if english else report.summary,
            "address": english_address(report, site) if english else report.address,
            "period": report.period and (report.period.english if english else report.period.shown),
            "figures": figures,
            "chart": chart,
        },
        part=Part.COVER,
        shows=frozenset((report.ref, *(figure.record.ref for figure in cited[:FIGURES]))),
    )


def _cited(report: Report, site: Site, *, english: bool) -> Sequence[Cited]:
    """A figure of each record that a report cites, the most important first.

    In English only those count that have English names, as their records do.
    """
    cited: list[Cited] = []
    placed = set[Ref]()
    for section in sections_of(report, site):
        for binding in bindings(section.markdown):
            found = cite(binding, site)
            if isinstance(found, Placed) and isinstance(found.what, Tabulated):
                placed.add(found.what.ref)
            elif isinstance(found, Cited) and (not english or _is_english(found, site)):
                cited.append(found)
    return ranked(cited, placed, site)


def _is_english(cited: Cited, site: Site) -> bool:
    return bool(cited.citable.title_en and site.kind(cited.record).english.title(cited.record))


def _chart(records: Sequence[Record], site: Site) -> CoverChart | None:
    """The first chart of records that has a finding."""
    for record in records:
        for chart in site.kind(record).figures.charts(record, site):
            sentence = finding(chart)
            if sentence and _values(chart) >= BARS:
                drawn = chart_figure(structs.replace(chart, title=sentence), "cover-chart")
                return CoverChart(
                    drawn=Markup(drawn),  # noqa: S704 -- escaped as it is drawn
                    title=site.title(record),
                    address=site.address(record),
                )
    return None


def _values(chart: Chart) -> int:
    return len(list(numbers(getattr(chart, "rows", ()))))
