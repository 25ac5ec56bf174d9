"""The chart that nobody has wished for: the sort that shows more than the table does, if any."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from generator.kinds.statistics.declarations import EVERY, CellName
from generator.kinds.statistics.fitting import unfit
from generator.kinds.statistics.selection import Selection, selected
from generator.kinds.statistics.table import Statistic
from generator.kinds.statistics.wishes import ChartWish
from generator.site.chart import numbers
from generator.site.figures.cells import Name

MOST_BARS = 20
"""Bars of a chart that nobody has wished for."""


def chosen_for(statistic: Statistic) -> Iterator[ChartWish]:
    """The chart that shows a statistic best, where one shows more than its table does."""
    for sort in _SUITS:
        wish = ChartWish(type=sort, title="", rows=(), columns=(), series="")
        held = selected(statistic, wish)
        if not unfit(wish, held) and _SUITS[sort](statistic, held):
            yield replace(wish, rows=_accompanied(held)) if sort == "bars" else wish
            return


def _accompanied(held: Selection) -> tuple[str, ...]:
    """The rows that have something to be compared with: a lone figure is left to the table."""
    units = {u for u in held.units if len(list(numbers(held.of_unit(u).drawn))) > 1}
    pairs = zip(held.rows, held.cells, strict=True)
    return tuple(name.key for name, cells in pairs if any(cell.unit in units for cell in cells))


def _over_time(_: Statistic, held: Selection) -> bool:
    """Whether rows or columns are times, and more than one has a figure."""
    return (held.timed or held.turned().timed) and len(list(numbers(held.drawn))) > 1


def _one_total(statistic: Statistic, held: Selection) -> bool:
    """Whether a table says what its rows add up to: once, and all of them."""
    totals = [row.total_of for row in statistic.rows if row.total_of]
    several = len(held.rows) > 1 and len(held.columns) == 1
    return several and len(totals) == 1 and _covers(totals[0], held.rows)


def _covers(parts: Sequence[CellName], lines: Sequence[Name]) -> bool:
    """Whether a total is made of all these lines and of nothing else."""
    if parts == EVERY:
        return True
    named = {part.key for part in parts if not part.ref}
    known = all({line.key, line.title} & named for line in lines)
    return known and len(named) == len(parts) == len(lines)


def _column_total(statistic: Statistic, held: Selection) -> bool:
    """The same of columns."""
    totals = [column.total_of for column in statistic.columns if column.total_of]
    several = len(held.rows) > 0 and len(held.columns) > 1
    return several and len(totals) == 1 and _covers(totals[0], held.columns)


def _comparable(_: Statistic, held: Selection) -> bool:
    shown = [list(numbers(held.of_unit(unit).drawn)) for unit in held.units]
    return max(map(len, shown), default=0) > 1 and sum(map(len, shown)) <= MOST_BARS


_SUITS: Mapping[str, Callable[[Statistic, Selection], bool]] = {
    "lines": _over_time,
    "shares": _one_total,
    "stacked": _column_total,
    "bars": _comparable,
}
