"""Charts of a statistic: those that its editor wishes for, or the one that fits its figures.

A chart shows figures of one unit.  Where a table mixes units, bars make a chart for each; all
other sorts need figures that go together, and `unfit` says why some do not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import structs

from generator.kinds.statistics.choosing import chosen_for
from generator.kinds.statistics.declarations import CellName
from generator.kinds.statistics.fitting import laid, unfit
from generator.kinds.statistics.selection import Selection, printed_figure, selected
from generator.kinds.statistics.table import Statistic
from generator.kinds.statistics.targets import LATEST
from generator.kinds.statistics.wishes import NONE
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
    """Every chart of a statistic, in the order wished for."""
    wishes = statistic.charts or tuple(chosen_for(statistic))
    for wish in wishes:
        held = selected(statistic, wish)
        if wish.type != NONE and not unfit(wish, held):
            title = wish.title or _title(statistic, held)
            for chart in _DRAWN[wish.type](title, laid(wish, held)):
                yield _aimed(chart, statistic) if isinstance(chart, Lines) else chart


def _title(statistic: Statistic, held: Selection) -> str:
    """The statistic's title, and the column's where one of several is shown."""
    if len(held.columns) == 1 < len(statistic.columns):
        return f"{statistic.title}：{held.columns[0].title}"
    return statistic.title


def _aimed(chart: Lines, statistic: Statistic) -> Lines:
    """Lines with the targets that the newest figure of the series decides on."""
    rows = (
        Row(label="目標", values=(printed_figure(target.target, statistic.unit),))
        for target in statistic.targets
        if target.measured_by == CellName(None, LATEST) and target.unit in ("", statistic.unit)
    )
    return structs.replace(chart, targets=tuple(rows))


def _bars(title: str, held: Selection) -> Iterator[Chart]:
    """A chart a unit."""
    for unit in held.units:
        part = held.of_unit(unit)
        if part.rows:
            named = f"{title}（單位：{unit}）" if len(held.units) > 1 and unit else title
            yield Bars(title=named, rows=part.drawn, series=part.series)


def _stacked(title: str, held: Selection) -> Iterator[Chart]:
    yield Stacked(title=title, rows=held.drawn, series=tuple(name.title for name in held.columns))


def _shares(title: str, held: Selection) -> Iterator[Chart]:
    yield Shares(title=title, rows=held.drawn)


def _lines(title: str, held: Selection) -> Iterator[Chart]:
    yield Lines(title=title, times=times_of(held.rows), rows=held.turned().drawn)


def _multiples(title: str, held: Selection) -> Iterator[Chart]:
    """A small chart a column: lines where the rows are times, bars where they are not."""
    small: list[Bars | Lines] = []
    for column, row in zip(held.columns, held.turned().drawn, strict=True):
        if held.timed:
            small.append(Lines(title=column.title, times=times_of(held.rows), rows=(row,)))
        else:
            pairs = zip(held.rows, row.values, strict=True)
            lanes = tuple(Row(label=name.title, values=(value,)) for name, value in pairs)
            small.append(Bars(title=column.title, rows=lanes))
    yield Multiples(title=title, charts=tuple(small))


_DRAWN: Mapping[str, Callable[[str, Selection], Iterator[Chart]]] = {
    "bars": _bars,
    "stacked": _stacked,
    "shares": _shares,
    "lines": _lines,
    "multiples": _multiples,
}


def times_of(names: Sequence[Name]) -> tuple[Time, ...]:
    """Times in their distance from each other; names that are no times in equal steps."""
    places = [_years(name.at) for name in names if name.at]
    if len(places) < len(names):
        places = [Decimal(n) for n in range(len(names))]
    return tuple(Time(at=at, shown=name.title) for at, name in zip(places, names, strict=True))


def _years(moment: PartialDate) -> Decimal:
    """The middle of a year, a month or a day, in years."""
    if not moment.month:
        return moment.year + Decimal("0.5")
    day = Decimal(moment.day) if moment.day else Decimal("15.5")
    return moment.year + (moment.month - 1 + (day - Decimal("0.5")) / 31) / Decimal(12)
