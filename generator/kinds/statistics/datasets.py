"""The downloads of a statistic: a table with a row for each figure, and a workbook for readers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from generator.content.figure import BEFORE, Figure
from generator.content.model import TABLE_FORMATS, Dataset, Document, Sheet, SheetCell
from generator.kinds.statistics.charting import charts_of
from generator.kinds.statistics.statistic import Statistic
from generator.output.charts.file import chart_file
from generator.site.chart import Chart
from generator.site.figures.cells import Cell
from generator.site.kind import Site
from generator.text.dates import iso, roc

COLUMNS = (
    ("row", "列"),
    ("column", "欄"),
    ("value", "數值"),
    ("qualifier", "概數"),
    ("unit", "單位"),
    ("missing", "缺值原因"),
    ("note", "註"),
)
FACTS = {
    "title": "標題",
    "unit": "單位",
    "as_of": "資料日期",
    "period_from": "期間起日",
    "period_to": "期間迄日",
    "source": "資料來源",
    "method": "統計方法",
    "topics": "主題",
    "published_on": "發布日期",
    "updated_on": "修訂日期",
    "next_release": "下次發布",
    "publisher": "發布機關",
    "note": "說明",
    "url": "網址",
}
"""The metadata in the files of a statistic: names for programs, titles for readers."""


def file_names(statistic: Statistic) -> tuple[str, ...]:
    """The names of the statistic's files."""
    charts = (name for name, _ in _charts(statistic))
    return (*(f"{statistic.id}.{ending}" for ending in TABLE_FORMATS), *charts)


def chart_addresses(statistic: Statistic) -> tuple[str, ...]:
    """The addresses of the charts' files, in the order of the page."""
    return tuple(statistic.address + name for name, _ in _charts(statistic))


def chart_documents(statistic: Statistic, site: Site) -> Iterator[Document]:
    """The plan of the charts' files."""
    about = f"{citation(statistic, site)}　{site.settings.base_url}{statistic.address}"
    for name, chart in _charts(statistic):
        yield Document(address=statistic.address + name, make=partial(chart_file, chart, about))


def citation(statistic: Statistic, site: Site) -> str:
    """Publisher, title, time and day of publication, as texts cite a statistic."""
    published = site.published(statistic)
    parts = (site.settings.publisher.name, f"「{statistic.title}」", statistic.when)
    return f"{'，'.join(filter(None, parts))}（{roc(published)}發布）"


def _charts(statistic: Statistic) -> Iterator[tuple[str, Chart]]:
    """Each chart of the page with the name of its file."""
    for number, chart in enumerate(charts_of(statistic), start=1):
        yield f"{statistic.id}{'' if number == 1 else f'-{number}'}.svg", chart


def dataset(statistic: Statistic, site: Site) -> Dataset:
    """The plan of the statistic's files, which are beside its page and have its id as name."""
    about = _about(statistic, site)
    facts = tuple((SheetCell(text=FACTS[n]), SheetCell(text=text)) for n, text in about.items())
    head = (SheetCell(text="說明"),)
    times = sorted(observation.at.iso for observation in statistic.observations)
    return Dataset(
        address=f"{statistic.address}{statistic.id}",
        title=statistic.title,
        columns=COLUMNS,
        rows=tuple(_observations(statistic) if statistic.observations else _cells(statistic)),
        about=about,
        numbers=("value",),
        covers=(times[0], times[-1]) if times else ("", ""),
        sheets=(sheet_of(statistic), Sheet(title="說明", rows=(head, *facts))),
    )


def _about(statistic: Statistic, site: Site) -> dict[str, str]:
    period, updated = statistic.period, site.updated(statistic)
    topics = [topic.title for topic in site.settings.topics if topic.id in statistic.topics]
    values = {
        "title": statistic.title,
        "unit": statistic.unit,
        "as_of": iso(statistic.as_of),
        "period_from": iso(period.from_) if period else "",
        "period_to": iso(period.to) if period else "",
        "source": statistic.source,
        "method": statistic.method,
        "topics": "、".join(topics),
        "published_on": iso(statistic.published_on),
        "updated_on": iso(updated) if statistic.revisions else "",
        "next_release": statistic.next_release.iso if statistic.next_release else "",
        "publisher": site.settings.publisher.name,
        "note": statistic.note,
        "url": site.settings.base_url + statistic.address,
    }
    return {name: value for name, value in values.items() if value}


def _cells(statistic: Statistic) -> Iterator[tuple[str, ...]]:
    for row, cells in zip(statistic.rows, statistic.grid(), strict=True):
        for column, cell in zip(statistic.columns, cells, strict=True):
            figure = cell.figure
            note = "；".join(filter(None, (row.note, figure.note)))
            described = (figure.plain, figure.qualifier, cell.unit, figure.missing, note)
            yield (row.title, column.title, *described)


def _observations(statistic: Statistic) -> Iterator[tuple[str, ...]]:
    for observation in statistic.observations:
        figure = observation.value
        note = "；".join(filter(None, (observation.note, figure.note)))
        described = (figure.plain, figure.qualifier, statistic.unit, figure.missing, note)
        yield (observation.at.iso, statistic.title, *described)


def sheet_of(statistic: Statistic) -> Sheet:
    """The table as on its page: title, head, one row for each line, with units and notes last."""
    columns = [f"{c.title}（{c.unit}）" if c.unit else c.title for c in statistic.columns]
    columns = columns or ["數值"]  # a series has none
    head = ["時間" if statistic.observations else "項目", *columns, "單位", "註"]
    rows = [
        (SheetCell(text=title), *map(_number, cells), SheetCell(text=unit), _notes(cells, note))
        for (title, unit, note), cells in zip(_lines(statistic), statistic.grid(), strict=True)
    ]
    title = f"{statistic.title}（{statistic.when}）" if statistic.when else statistic.title
    heads = ((SheetCell(text=title),), tuple(SheetCell(text=text) for text in head))
    return Sheet(title=statistic.title, rows=(*heads, *rows), heads=len(heads))


def _lines(statistic: Statistic) -> Iterator[tuple[str, str, str]]:
    """Title, unit and note of each line."""
    yield from ((row.title, row.unit or statistic.unit, row.note) for row in statistic.rows)
    yield from ((o.at.roc, statistic.unit, o.note) for o in statistic.observations)


def _notes(cells: Sequence[Cell], note: str) -> SheetCell:
    notes = filter(None, (note, *(cell.figure.note for cell in cells)))
    return SheetCell(text="；".join(notes))


def _number(cell: Cell) -> SheetCell:
    figure: Figure = cell.figure
    if figure.value is None:
        return SheetCell(text=f"—（{figure.missing}）")
    before = figure.qualifier in BEFORE
    return SheetCell(
        text=figure.shown,
        number=f"{figure.value:f}",
        before=figure.qualifier if before else "",
        after="" if before else figure.qualifier,
    )
