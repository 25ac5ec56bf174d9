"""Charts of a statistic: those that its editor asks for, or the one that suits its figures.

A chart shows figures of one unit.  If a table mixes units, bars make a chart for each unit; every
other type needs figures of the same unit, and `unfit_reason` says why some do not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import structs

from generator.kinds.statistics.chart_layout import series_in_columns, unfit_reason
from generator.kinds.statistics.chart_spec import NONE
from generator.kinds.statistics.declarations import CellName
from generator.kinds.statistics.default_chart import default_chart
from generator.kinds.statistics.selection import Selection, figure_value, select
from generator.kinds.statistics.statistic import Statistic
from generator.kinds.statistics.targets import LATEST
from generator.site.chart import (
    Bars,
    Chart,
    Lines,
    Multiples,
    Row,
    Shares,
    Stacked,
    Time,
)
from generator.site.figures.cells import Name
from generator.text.dates import PartialDate


def charts_of(statistic: Statistic) -> Iterator[Chart]:
    """The charts of a statistic, in the order of its file."""
    specs = statistic.charts or tuple(default_chart(statistic))
    for spec in specs:
        selection = select(statistic, spec)
        if spec.type != NONE and not unfit_reason(spec, selection):
            title = spec.title or _title(statistic, selection)
            for chart in _CHARTS[spec.type](title, series_in_columns(spec, selection)):
                yield _with_targets(chart, statistic) if isinstance(chart, Lines) else chart


def _title(statistic: Statistic, selection: Selection) -> str:
    """The statistic's title, with the column's if the chart shows one of several columns."""
    if len(selection.columns) == 1 < len(statistic.columns):
        return f"{statistic.title}：{selection.columns[0].title}"
    return statistic.title


def _with_targets(chart: Lines, statistic: Statistic) -> Lines:
    """Lines with the targets that are measured by the newest figure of the series."""
    rows = (
        Row(label="目標", values=(figure_value(target.target, statistic.unit),))
        for target in statistic.targets
        if target.measured_by == CellName(None, LATEST) and target.unit in ("", statistic.unit)
    )
    return structs.replace(chart, targets=tuple(rows))


def _bars(title: str, selection: Selection) -> Iterator[Chart]:
    """A chart for each unit."""
    for unit in selection.units:
        part = selection.of_unit(unit)
        if part.rows:
            heading = f"{title}（單位：{unit}）" if len(selection.units) > 1 and unit else title
            yield Bars(title=heading, rows=part.chart_rows, series=part.series)


def _stacked(title: str, selection: Selection) -> Iterator[Chart]:
    yield Stacked(
        title=title,
        rows=selection.chart_rows,
        series=tuple(name.title for name in selection.columns),
    )


def _shares(title: str, selection: Selection) -> Iterator[Chart]:
    yield Shares(title=title, rows=selection.chart_rows)


def _lines(title: str, selection: Selection) -> Iterator[Chart]:
    yield Lines(title=title, times=times_of(selection.rows), rows=selection.turned().chart_rows)


def _multiples(title: str, selection: Selection) -> Iterator[Chart]:
    """A small chart for each column: lines if the rows are times, else bars."""
    small: list[Bars | Lines] = []
    for column, row in zip(selection.columns, selection.turned().chart_rows, strict=True):
        if selection.timed:
            small.append(Lines(title=column.title, times=times_of(selection.rows), rows=(row,)))
        else:
            pairs = zip(selection.rows, row.values, strict=True)
            lanes = tuple(Row(label=name.title, values=(value,)) for name, value in pairs)
            small.append(Bars(title=column.title, rows=lanes))
    yield Multiples(title=title, charts=tuple(small))


_CHARTS: Mapping[str, Callable[[str, Selection], Iterator[Chart]]] = {
    "bars": _bars,
    "stacked": _stacked,
    "shares": _shares,
    "lines": _lines,
    "multiples": _multiples,
}


def times_of(names: Sequence[Name]) -> tuple[Time, ...]:
    """Times at their distances from each other; names that are not all times in equal steps."""
    places = [_years(name.at) for name in names if name.at]
    if len(places) < len(names):
        places = [Decimal(n) for n in range(len(names))]
    return tuple(Time(at=at, shown=name.title) for at, name in zip(places, names, strict=True))


def _years(moment: PartialDate) -> Decimal:
    """The middle of a year, a month or a day, as a number of years."""
    if not moment.month:
        return moment.year + Decimal("0.5")
    day = Decimal(moment.day) if moment.day else Decimal("15.5")
    return moment.year + (moment.month - 1 + (day - Decimal("0.5")) / 31) / Decimal(12)
