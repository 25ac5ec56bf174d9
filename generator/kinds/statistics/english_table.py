"""A statistic's table and charts on its page in English, under English labels.

A label without an English name stays Chinese and is marked as such; nothing is romanised.  A chart
is in English if all its labels are; otherwise the Chinese chart stands there, marked as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup
from msgspec import Struct, structs

from generator.content.figure import Figure, with_unit
from generator.kinds.statistics.charting import charts_of
from generator.kinds.statistics.statistic import Statistic, TableColumn, TableRow, english_unit
from generator.output.charts import chart_figure
from generator.site.chart import Chart
from generator.site.facts import Said, said
from generator.site.kind import Site

BODY = "statistic-english.html"


class EnglishCell(Struct, frozen=True, kw_only=True):
    """A figure with the id of its cell; `reason` says in Chinese why it is missing."""

    anchor: str
    number: str
    reason: str


class EnglishRow(Struct, frozen=True, kw_only=True):
    """A row: its name, its unit if it is not the table's, its figures."""

    head: Said
    unit: Said | None
    cells: tuple[EnglishCell, ...]


def english_body(statistic: Statistic, _: Site) -> tuple[str, Mapping[str, object]]:
    """The template of a statistic's page in English, and its values."""
    columns = statistic.columns if not statistic.observations else ()
    values = {
        "unit": _unit(statistic.unit, statistic.unit_en),
        "heads": tuple((_said(c), _unit(c.unit, c.unit_en)) for c in columns),
        "rows": tuple(_rows(statistic)),
        "charts": tuple(_charts(statistic)),
    }
    return BODY, values


def _said(line: TableRow | TableColumn) -> Said:
    return said(line.name.english, line.title)


def _unit(unit: str, unit_en: str) -> Said | None:
    return said(english_unit(unit, unit_en), unit) if unit else None


def _rows(statistic: Statistic) -> Iterator[EnglishRow]:
    heads = [(_said(row), _unit(row.unit, row.unit_en)) for row in statistic.rows]
    heads += [(Said(text=o.at.english), None) for o in statistic.observations]
    for (head, unit), cells in zip(heads, statistic.grid(), strict=True):
        figures = tuple(
            EnglishCell(anchor=c.anchor, number=c.figure.english, reason=c.figure.missing)
            for c in cells
        )
        yield EnglishRow(head=head, unit=unit, cells=figures)


def _charts(statistic: Statistic) -> Iterator[Markup]:
    words = _words(statistic)
    for number, chart in enumerate(charts_of(statistic), start=1):
        named = structs.replace(chart, title=statistic.title) if statistic.title_en else chart
        english: Chart | None = _translated(named, words)
        drawn = chart_figure(english or chart, f"chart-{number}")
        if english is None:
            drawn = f'<div lang="zh-Hant-TW">{drawn}</div>'
        yield Markup(drawn)  # noqa: S704 -- escaped as it is drawn


def _words(statistic: Statistic) -> Mapping[str, str]:
    """Each text of a chart with its English; a text without one is absent."""
    words = {statistic.title: statistic.title_en}
    words |= {o.at.roc: o.at.english for o in statistic.observations}
    lines: tuple[TableRow | TableColumn, ...] = (*statistic.columns, *statistic.rows)
    words |= {line.title: line.name.english for line in lines}
    for cell in (cell for cells in statistic.grid() for cell in cells):
        if cell.unit_en or not cell.unit:
            words[with_unit(cell.figure, cell.unit)] = _english(cell.figure, cell.unit_en)
    return {"": "", **{chinese: english for chinese, english in words.items() if english}}


def _english(figure: Figure, unit: str) -> str:
    """A figure with its unit in English; "" if it is missing, for a reason in Chinese."""
    if figure.value is None:
        return ""
    return f"{figure.english}{'' if unit == '%' else ' '}{unit}".strip()


def _translated(part: Any, words: Mapping[str, str]) -> Any:
    """A chart, or a part of it, with all its texts in English; None if one has no English."""
    if isinstance(part, str):
        return words.get(part)
    if isinstance(part, tuple):
        parts = tuple(_translated(one, words) for one in part)
        return None if any(one is None for one in parts) else parts
    if not isinstance(part, Struct):
        return part
    fields = {name: getattr(part, name) for name in part.__struct_fields__}
    texts = {
        n: _translated(v, words) for n, v in fields.items() if isinstance(v, str | tuple | Struct)
    }
    return None if any(v is None for v in texts.values()) else structs.replace(part, **texts)
