"""The kind of statistics: tables and series of figures, with pages, charts and downloads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import NamedTuple

from markupsafe import Markup

from generator.content.figure import with_unit
from generator.content.model import About, Card, Dataset, Feed, FeedItem, Page
from generator.kinds.statistics.charting import charts_of
from generator.kinds.statistics.datasets import (
    chart_addresses,
    chart_documents,
    citation,
    dataset,
    file_names,
    sheet_of,
)
from generator.kinds.statistics.declarations import KIND
from generator.kinds.statistics.english_table import english_body
from generator.kinds.statistics.gauges import gauges_of
from generator.kinds.statistics.headline import headline_of
from generator.kinds.statistics.key_figures import (
    KeyFigure,
    chosen_figures,
    english_headline_figures,
    headline_figures,
    key_figure_of,
    without_spark,
)
from generator.kinds.statistics.page_rows import proof_rows, target_rows
from generator.kinds.statistics.proofs import proofs_of
from generator.kinds.statistics.published_figures import published_values, silent_changes
from generator.kinds.statistics.rules import statistic_rules
from generator.kinds.statistics.statistic import INDEX, Statistic
from generator.kinds.statistics.targets_page import TARGETS, targets_page
from generator.output.charts import chart_figure, chart_svg
from generator.output.formats.data_catalog import described_table
from generator.site.chart import Chart
from generator.site.english import english_address, said_of
from generator.site.facts import Fact, Said
from generator.site.feed_items import feed_of, record_item
from generator.site.kind import (
    URL,
    English,
    FigureFunctions,
    HomeBlock,
    Kind,
    Scope,
    SearchFields,
    Section,
    Site,
    attribute,
    days,
    named_start,
)
from generator.text.dates import roc_typed
from generator.text.formulas import has_formulas
from generator.text.markdown import gist
from generator.text.urls import ENGLISH, address_in

HOME_FIGURES, SUBJECT_FIGURES = 6, 12
"""The most key figures on the home page, and on the page of an agency or a topic."""
GATHERED = 2
"""The fewest statistics of a single figure that make a table."""
CARD = Card("statistics", "「統計」二字與長條圖", "“Statistics” in Chinese, and a bar chart")


def _page(statistic: Statistic, site: Site) -> Page:
    table = dataset(statistic, site)
    return Page(
        address=statistic.address,
        template="statistic.html",
        title=statistic.title,
        description=_description(statistic),
        updated=site.updated(statistic),
        breadcrumbs=(site.crumb(KIND),),
        feeds=(KIND,),
        source=statistic.origin.path,
        about=About(thing=described_table(table, site.settings), card=CARD, article=True),
        context={
            **_body(statistic, site),
            "headline": headline_of(statistic),
            "charts": _svg_figures("chart", charts_of(statistic)),
            "gauges": _svg_figures("gauge", gauges_of(statistic, site)),
            "dataset": table,
            "drawings": chart_addresses(statistic),
            "citation": citation(statistic, site),
            "guarded": has_formulas(table.rows),
            "proofs": proof_rows(statistic, site),
            "targets": tuple(target_rows(statistic, site)),
        },
    )


def _svg_figures(name: str, charts: Iterable[Chart]) -> tuple[Markup, ...]:
    figures = (chart_figure(chart, f"{name}-{n}") for n, chart in enumerate(charts, start=1))
    return tuple(map(Markup, figures))


def _description(statistic: Statistic) -> str:
    about = "，".join(filter(None, (statistic.title, statistic.when)))
    return gist(f"{about}。{statistic.source}", 300)


def _body(statistic: Statistic, site: Site) -> dict[str, object]:
    return {
        "record": statistic,
        "when": statistic.when,
        "topics": site.topics(statistic.topics),
        "row_units": any(row.unit for row in statistic.rows),
        "notes": _has_notes(statistic),
    }


def _has_notes(statistic: Statistic) -> bool:
    rows = any(row.note or any(f.note for f in row.figures) for row in statistic.rows)
    return rows or any(o.note or o.value.note for o in statistic.observations)


def _listings(site: Site) -> Iterator[Page]:
    statistics, targets = site.archive.of(Statistic), tuple(targets_page(site))
    yield Page(
        address=INDEX,
        template="statistics.html",
        title="統計",
        description="業務統計數據，附原始檔下載",
        updated=site.latest_day(statistics),
        feeds=(KIND,),
        about=About(card=CARD),
        context={
            "groups": tuple(_groups(statistics, site)),
            "targets": targets[0].address if targets else "",
        },
    )
    yield from targets


def _groups(
    statistics: tuple[Statistic, ...], site: Site
) -> Iterator[tuple[str, tuple[StatisticRow, ...], tuple[StatisticRow, ...]]]:
    """The statistics by their first topic, in the order of the topics; those of none come last.

    Those of a single figure are gathered in one table of each topic.
    """
    topics = {topic.id: topic.title for topic in site.settings.topics}
    for id_ in (*topics, ""):
        of_topic = (s for s in statistics if next(iter(s.topics), "") == id_)
        rows = [_statistic_row(s, key_figure_of(s), f"spark-{s.id}") for s in of_topic]
        single = tuple(row for row in rows if row.single)
        if len(single) < GATHERED:
            single = ()
        several = tuple(row for row in rows if row not in single)
        if rows:
            yield topics.get(id_, "其他" if topics else ""), several, single


class StatisticRow(NamedTuple):
    """A statistic in a list: its key figure, and the sparkline as SVG or ""."""

    statistic: Statistic
    key_figure: KeyFigure | None
    spark: Markup

    @property
    def single(self) -> bool:
        """Whether the statistic has one figure alone."""
        return len(self.statistic.cells()) == 1


def _statistic_row(statistic: Statistic, key_figure: KeyFigure | None, name: str) -> StatisticRow:
    svg = chart_svg(key_figure.spark, name) if key_figure and key_figure.spark else ""
    return StatisticRow(statistic, key_figure, Markup(svg))  # noqa: S704 -- escaped by chart_svg


def _datasets(site: Site) -> Iterator[Dataset]:
    return (dataset(statistic, site) for statistic in site.archive.of(Statistic))


def _feeds(site: Site) -> Iterator[Feed]:
    statistics, about = site.archive.of(Statistic), "統計數據最新發布"
    yield feed_of(KIND, "統計", statistics, site, page=INDEX, description=about)


def _item(statistic: Statistic, site: Site) -> FeedItem:
    body = partial(_body, statistic, site)
    return record_item(statistic, site, "statistic-body.html", body, _description(statistic))


def _home(site: Site, scope: Scope) -> Iterator[HomeBlock]:
    """Figures of statistics: those that editors chose; for a subject then one of each other.

    They have sparklines if all of them have, over time, so that readers can compare them.
    """
    english, own = scope.language == ENGLISH, scope.of(Statistic, site)
    headlines = english_headline_figures if english else headline_figures
    figures = [(s, figure) for s in own if s.ref not in scope.shown for figure in headlines(s)]
    most = HOME_FIGURES
    if scope.records is not None and not english:
        most = SUBJECT_FIGURES
        others = (s for s in own if s.ref not in scope.shown and not s.headline)
        figures += [(s, figure) for s in others if (figure := key_figure_of(s))]
    figures = figures[:most]
    timed = all(figure.spark for _, figure in figures)
    rows = [
        (
            english_address(s, site) if english else s.address,
            _statistic_row(s, figure if timed else without_spark(figure), f"spark-{n}"),
        )
        for n, (s, figure) in enumerate(figures, start=1)
    ]
    times = {figure.when for _, figure in figures}
    context = {
        "figures": rows,
        "when": times.pop() if len(times) == 1 else "",
        "index": address_in(scope.language, INDEX),
        "count": 0 if scope.records is None else len(own),
    }
    if rows:
        refs = frozenset(statistic.ref for statistic, _ in figures)
        yield HomeBlock(template="statistics-home.html", context=context, shows=refs)


def _search_fields(statistic: Statistic, _: Site) -> SearchFields:
    cells = (
        (cell.anchor, cell.title, with_unit(cell.figure, cell.unit))
        for cell in statistic.cells()
        if cell.figure.value is not None
    )
    return SearchFields(cells=tuple(cells))


def _facts(statistic: Statistic, site: Site) -> Iterator[Fact]:
    yield Fact(name="when", values=(Said(text=statistic.when_en),) if statistic.when_en else ())
    day, agency = site.published(statistic), statistic.agency
    yield Fact(name="published", values=(Said(day=day),))
    yield Fact(name="agency", values=(said_of(agency, day, site),) if agency else ())


def _categories(statistic: Statistic, site: Site) -> tuple[str, ...]:
    topics = (t.title for t in site.settings.topics if t.id in statistic.topics)
    return ("統計", *topics)


KINDS = (
    Kind(
        name=KIND,
        label="統計",
        label_en="Statistics",
        record_type=Statistic,
        pattern=re.compile(r"statistics/(?P<id>[a-z0-9]+(?:-[a-z0-9]+)*)\.yaml"),
        glob="statistics/*.yaml",
        section=Section(
            address=INDEX,
            rank=40,
            intro="業務數據與原始檔下載",
            intro_en="Figures, with files to download",
        ),
        rules=(statistic_rules,),
        page=_page,
        start=lambda site, name: named_start(
            name, "statistics", "yaml", {"published_on": roc_typed(site.as_of)}
        ),
        listings=_listings,
        folders=(TARGETS,),
        feed_item=_item,
        feeds=_feeds,
        datasets=_datasets,
        documents=chart_documents,
        own_names=file_names,
        categories=_categories,
        search_fields=_search_fields,
        home=_home,
        english=English(
            facts=_facts,
            day=lambda *_: None,
            marks=lambda statistic, _: (statistic.when_en,),
            body=english_body,
        ),
        figures=FigureFunctions(
            proofs=proofs_of,
            charts=lambda statistic, site: (*charts_of(statistic), *gauges_of(statistic, site)),
            sheet=sheet_of,
            chosen=chosen_figures,
        ),
        noted=published_values,
        silent=silent_changes,
        columns=(
            attribute("id", "代碼"),
            attribute("title", "標題"),
            attribute("unit", "單位"),
            attribute("source", "資料來源"),
            days("published_on", "發布日期"),
            URL,
        ),
    ),
)
