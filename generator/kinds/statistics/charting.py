"""Charts of a statistic: those that its editor wishes for, or the one that fits its figures.

A chart shows figures of one unit.  Where a table mixes units, bars make a chart for each; all
other sorts need figures that go together, and `unfit` says why some do not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from generator.cells import Cell
from generator.charts.drawing import ROLES
from generator.charts.model import (
    Bars,
    Chart,
    Lines,
    Multiples,
    Row,
    Shares,
    Stacked,
    Time,
    Value,
    numbers,
)
from generator.dates import DateFault, PartialDate, parse_partial
from generator.figures import Figure, with_unit
from generator.kinds.statistics.declarations import EVERY, CellName
from generator.kinds.statistics.targets import LATEST
from generator.kinds.statistics.wishes import NONE, ChartWish

if TYPE_CHECKING:
    from generator.kinds.statistics.table import Statistic, TableColumn, TableRow

MOST_BARS = 20
"""Bars of a chart that nobody has wished for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The figures that a chart is of: a grid of cells, its lines named by key and title."""

    rows: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, str], ...]
    cells: tuple[tuple[Cell, ...], ...]

    def turned(self) -> Selection:
        """The same with rows and columns exchanged."""
        cells = tuple(zip(*self.cells, strict=True))
        return Selection(rows=self.columns, columns=self.rows, cells=cells)

    def of_unit(self, unit: str) -> Selection:
        """The rows whose figures all have a unit."""
        kept = [n for n, row in enumerate(self.cells) if all(c.unit == unit for c in row)]
        return Selection(
            rows=tuple(self.rows[n] for n in kept),
            columns=self.columns,
            cells=tuple(self.cells[n] for n in kept),
        )

    @property
    def units(self) -> tuple[str, ...]:
        """Every unit of its figures, in order."""
        return tuple(dict.fromkeys(cell.unit for row in self.cells for cell in row))

    @property
    def drawn(self) -> tuple[Row, ...]:
        """The rows as charts take them."""
        return tuple(
            Row(label=title, values=tuple(map(printed, cells)))
            for (_, title), cells in zip(self.rows, self.cells, strict=True)
        )

    @property
    def series(self) -> tuple[str, ...]:
        """The names of its columns, where there are several."""
        return tuple(title for _, title in self.columns) if len(self.columns) > 1 else ()


def printed(cell: Cell) -> Value:
    """A figure with its unit as readers see it, or the reason why it is missing."""
    return printed_figure(cell.figure, cell.unit)


def printed_figure(figure: Figure, unit: str) -> Value:
    """The same of a figure that stands in no cell."""
    return Value(number=figure.value, shown=with_unit(figure, unit))


def selected(statistic: Statistic, wish: ChartWish) -> Selection:
    """The figures that a wish names; names that lead nowhere are left out."""
    grid = statistic.grid()
    if statistic.observations:
        times = [(held.at.iso, held.at.roc) for held in statistic.observations]
        kept = [n for n, names in enumerate(times) if not wish.rows or {*names} & {*wish.rows}]
        return Selection(
            rows=tuple(times[n] for n in kept),
            columns=((statistic.id, statistic.title),),
            cells=tuple(tuple(grid[n]) for n in kept),
        )
    rows, columns = _chosen(statistic.rows, wish.rows), _chosen(statistic.columns, wish.columns)
    return Selection(
        rows=tuple((statistic.rows[n].key, statistic.rows[n].title) for n in rows),
        columns=tuple((statistic.columns[n].key, statistic.columns[n].title) for n in columns),
        cells=tuple(tuple(grid[n][m] for m in columns) for n in rows),
    )


def _chosen(lines: Sequence[TableRow | TableColumn], wished: Sequence[str]) -> list[int]:
    """The places of lines that are wished for, else of those that follow from no others."""
    if wished:
        return [n for n, line in enumerate(lines) if line.key in wished]
    return [n for n, line in enumerate(lines) if not line.derived]


def unfit(wish: ChartWish, held: Selection) -> str:
    """Why a sort of chart cannot show some figures: a word for the message, or ""."""
    if wish.type == NONE:
        return ""
    values = [cell.figure.value for row in held.cells for cell in row]
    whole = wish.type in ("stacked", "shares")
    faults = {
        "empty": not any(value is not None for value in values),
        "units": wish.type != "bars" and len(held.units) > 1,
        "negative": whole and any(value is not None and value < 0 for value in values),
        "missing": wish.type == "shares" and None in values,
        "columns": wish.type == "shares" and len(held.columns) > 1,
        "many": _series(wish, held) > ROLES,
    }
    return next((name for name, found in faults.items() if found), "")


def _series(wish: ChartWish, held: Selection) -> int:
    """How many fills or lines a chart would have to tell apart."""
    if wish.type == "shares":
        return len(held.rows)
    return 0 if wish.type == "multiples" else len(_laid(wish, held).columns)


def _laid(wish: ChartWish, held: Selection) -> Selection:
    """The selection with the series of the chart in its columns."""
    usual = "rows" if wish.type in ("lines", "multiples") and len(held.columns) > 1 else "columns"
    return held.turned() if (wish.series or usual) == "rows" else held


def charts_of(statistic: Statistic) -> Iterator[Chart]:
    """Every chart of a statistic, in the order wished for."""
    wishes = statistic.charts or tuple(_chosen_for(statistic))
    for wish in wishes:
        held = selected(statistic, wish)
        if wish.type != NONE and not unfit(wish, held):
            title = wish.title or _title(statistic, held)
            for chart in _DRAWN[wish.type](title, _laid(wish, held)):
                yield _aimed(chart, statistic) if isinstance(chart, Lines) else chart


def _title(statistic: Statistic, held: Selection) -> str:
    """The statistic's title, and the column's where one of several is shown."""
    if len(held.columns) == 1 < len(statistic.columns):
        return f"{statistic.title}：{held.columns[0][1]}"
    return statistic.title


def _aimed(chart: Lines, statistic: Statistic) -> Lines:
    """Lines with the targets that the newest figure of the series decides on."""
    rows = (
        Row(label="目標", values=(printed_figure(target.target, statistic.unit),))
        for target in statistic.targets
        if target.measured_by == CellName(None, LATEST) and target.unit in ("", statistic.unit)
    )
    return replace(chart, targets=tuple(rows))


def _chosen_for(statistic: Statistic) -> Iterator[ChartWish]:
    """The chart that shows a statistic best, where one shows more than its table does."""
    for sort in ("lines",) if statistic.observations else ("shares", "stacked", "bars"):
        wish = ChartWish(type=sort, title="", rows=(), columns=(), series="")
        held = selected(statistic, wish)
        if not unfit(wish, held) and _SUITS[sort](statistic, held):
            yield wish
            return


def _one_total(statistic: Statistic, held: Selection) -> bool:
    """Whether a table says what its rows add up to: once, and all of them."""
    totals = [row.total_of for row in statistic.rows if row.total_of]
    several = len(held.rows) > 1 and len(held.columns) == 1
    return several and len(totals) == 1 and _covers(totals[0], held.rows)


def _covers(parts: Sequence[CellName], lines: Sequence[tuple[str, str]]) -> bool:
    """Whether a total is made of all these lines and of nothing else."""
    if parts == EVERY:
        return True
    named = {part.key for part in parts if not part.ref}
    return len(named) == len(parts) == len(lines) and all({*line} & named for line in lines)


def _column_total(statistic: Statistic, held: Selection) -> bool:
    """The same of columns."""
    totals = [column.total_of for column in statistic.columns if column.total_of]
    several = len(held.rows) > 0 and len(held.columns) > 1
    return several and len(totals) == 1 and _covers(totals[0], held.columns)


def _comparable(_: Statistic, held: Selection) -> bool:
    shown = [list(numbers(held.of_unit(unit).drawn)) for unit in held.units]
    return max(map(len, shown), default=0) > 1 and sum(map(len, shown)) <= MOST_BARS


def _several(_: Statistic, held: Selection) -> bool:
    return len(list(numbers(held.drawn))) > 1


_SUITS: Mapping[str, Callable[[Statistic, Selection], bool]] = {
    "lines": _several,
    "shares": _one_total,
    "stacked": _column_total,
    "bars": _comparable,
}


def _bars(title: str, held: Selection) -> Iterator[Chart]:
    """A chart a unit; of several units those alone that hold more than one figure."""
    for unit in held.units:
        part = held.of_unit(unit)
        if part.rows and (len(held.units) == 1 or len(list(numbers(part.drawn))) > 1):
            named = f"{title}（單位：{unit}）" if len(held.units) > 1 and unit else title
            yield Bars(title=named, rows=part.drawn, series=part.series)


def _stacked(title: str, held: Selection) -> Iterator[Chart]:
    yield Stacked(title=title, rows=held.drawn, series=tuple(name for _, name in held.columns))


def _shares(title: str, held: Selection) -> Iterator[Chart]:
    yield Shares(title=title, rows=held.drawn)


def _lines(title: str, held: Selection) -> Iterator[Chart]:
    yield Lines(title=title, times=_times(held.rows), rows=held.turned().drawn)


def _multiples(title: str, held: Selection) -> Iterator[Chart]:
    """A small chart a column: lines where the rows are times, bars where they are not."""
    timed = all(_moment(key) for key, _ in held.rows)
    small: list[Bars | Lines] = []
    for (_, name), row in zip(held.columns, held.turned().drawn, strict=True):
        if timed:
            small.append(Lines(title=name, times=_times(held.rows), rows=(row,)))
        else:
            labels = [title for _, title in held.rows]
            lanes = [Row(label=n, values=(v,)) for n, v in zip(labels, row.values, strict=True)]
            small.append(Bars(title=name, rows=tuple(lanes)))
    yield Multiples(title=title, charts=tuple(small))


_DRAWN: Mapping[str, Callable[[str, Selection], Iterator[Chart]]] = {
    "bars": _bars,
    "stacked": _stacked,
    "shares": _shares,
    "lines": _lines,
    "multiples": _multiples,
}


def _times(names: Sequence[tuple[str, str]]) -> tuple[Time, ...]:
    """Times in their distance from each other; names that are no times in equal steps."""
    moments = [_moment(key) for key, _ in names]
    known = [moment for moment in moments if moment]
    places = [_years(moment) for moment in known]
    if len(known) < len(names):
        places = [Decimal(n) for n in range(len(names))]
    return tuple(Time(at=at, shown=title) for at, (_, title) in zip(places, names, strict=True))


def _moment(key: str) -> PartialDate | None:
    try:
        return parse_partial(key)
    except DateFault:
        return None


def _years(moment: PartialDate) -> Decimal:
    """The middle of a year, a month or a day, in years."""
    if not moment.month:
        return moment.year + Decimal("0.5")
    day = Decimal(moment.day) if moment.day else Decimal("15.5")
    return moment.year + (moment.month - 1 + (day - Decimal("0.5")) / 31) / Decimal(12)
