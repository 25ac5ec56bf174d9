"""The chart of a statistic whose file names none: the first type that adds to the table, if any."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from generator.kinds.statistics.chart_layout import unfit_reason
from generator.kinds.statistics.chart_spec import ChartSpec
from generator.kinds.statistics.declarations import EVERY, CellName
from generator.kinds.statistics.selection import Selection, select
from generator.kinds.statistics.statistic import Statistic
from generator.site.chart import numbers
from generator.site.figures.cells import Name

MOST_BARS = 20
"""The most bars of such a chart."""


def default_chart(statistic: Statistic) -> Iterator[ChartSpec]:
    """The chart that suits a statistic best, or none."""
    for sort in _SUITS:
        spec = ChartSpec(type=sort, title="", rows=(), columns=(), series="")
        selection = select(statistic, spec)
        if not unfit_reason(spec, selection) and _SUITS[sort](statistic, selection):
            yield replace(spec, rows=_comparable_rows(selection)) if sort == "bars" else spec
            return


def _comparable_rows(selection: Selection) -> tuple[str, ...]:
    """The rows with a figure that another one of the same unit can be compared with."""
    units = {u for u in selection.units if len(list(numbers(selection.of_unit(u).chart_rows))) > 1}
    pairs = zip(selection.rows, selection.cells, strict=True)
    return tuple(name.key for name, cells in pairs if any(cell.unit in units for cell in cells))


def _over_time(_: Statistic, selection: Selection) -> bool:
    """Whether rows or columns are times, with more than one figure."""
    return (selection.timed or selection.turned().timed) and len(
        list(numbers(selection.chart_rows))
    ) > 1


def _one_total(statistic: Statistic, selection: Selection) -> bool:
    """Whether one row of the table is declared as the total of all selected rows."""
    totals = [row.total_of for row in statistic.rows if row.total_of]
    several = len(selection.rows) > 1 and len(selection.columns) == 1
    return several and len(totals) == 1 and _covers(totals[0], selection.rows)


def _covers(parts: Sequence[CellName], lines: Sequence[Name]) -> bool:
    """Whether a total has exactly these lines as its parts."""
    if parts == EVERY:
        return True
    keys = {part.key for part in parts if not part.ref}
    complete = all({line.key, line.title} & keys for line in lines)
    return complete and len(keys) == len(parts) == len(lines)


def _column_total(statistic: Statistic, selection: Selection) -> bool:
    """Whether one column is declared as the total of all selected columns."""
    totals = [column.total_of for column in statistic.columns if column.total_of]
    several = len(selection.rows) > 0 and len(selection.columns) > 1
    return several and len(totals) == 1 and _covers(totals[0], selection.columns)


def _comparable(_: Statistic, selection: Selection) -> bool:
    bars = [len(list(numbers(selection.of_unit(unit).chart_rows))) for unit in selection.units]
    return max(bars, default=0) > 1 and sum(bars) <= MOST_BARS


_SUITS: Mapping[str, Callable[[Statistic, Selection], bool]] = {
    "lines": _over_time,
    "shares": _one_total,
    "stacked": _column_total,
    "bars": _comparable,
}
