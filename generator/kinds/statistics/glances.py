"""A statistic at a glance: the figure that stands for it, its time, and a spark of its series.

The series is what the figure can be compared with: the same figure at other times, else its
neighbours of the same unit.  Where there is neither, there is no spark.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from msgspec import Struct

from generator.kinds.statistics.charting import times_of
from generator.kinds.statistics.choosing import MOST_BARS
from generator.kinds.statistics.selection import printed
from generator.kinds.statistics.table import Statistic
from generator.kinds.statistics.targets import LATEST
from generator.site.chart import Row, Spark, numbers
from generator.site.figures.cells import Cell, Name
from generator.text.dates import PartialDate

SERIES = 2
"""Figures that make a series."""
Lane = Sequence[tuple[Name, Cell]]
"""Figures in a line, each under the name that tells it from the others."""


class Glance(Struct, frozen=True, kw_only=True):
    """A figure that stands for its statistic; `name` is "" where the statistic's title says it."""

    name: str
    number: str
    unit: str
    when: str
    spark: Spark | None


def glance_of(statistic: Statistic) -> Glance | None:
    """A statistic by the first figure chosen for the home page, else by its newest or its total."""
    chosen = next(headlines_of(statistic), None)
    if chosen:
        return chosen
    found = (_chief(statistic, key) for key in _keys(statistic) or [LATEST])
    chief = next((cell for cell in found if cell), None)
    return _glance(statistic, chief) if chief else None


def _keys(statistic: Statistic) -> list[str]:
    """The rows of a table, the ones that stand for it first: the newest, then the last total."""
    dated = [(row.at.last, row.key) for row in statistic.rows if row.at]
    newest = [key for _, key in sorted(dated, reverse=True)]
    totals = [row.key for row in reversed(statistic.rows) if row.total_of]
    return [*newest, *totals, *(row.key for row in statistic.rows)]


def headlines_of(statistic: Statistic) -> Iterator[Glance]:
    """The figures that editors chose for the home page."""
    for key in statistic.headline:
        chief = _chief(statistic, key)
        if chief:
            yield _glance(statistic, chief)


def headlines_in_english(statistic: Statistic) -> Iterator[Glance]:
    """Those with an English name, which says what is counted: units are Chinese words."""
    names = {row.key: row.title_en for row in statistic.rows}
    for key in statistic.headline:
        chief, name = _chief(statistic, key), names.get(key, "")
        if chief and name:
            time, number = _time(chief), chief.figure.english
            when = time.english if time else statistic.when_en
            yield Glance(name=name, number=number, unit="", when=when, spark=None)


def _chief(statistic: Statistic, key: str) -> Cell | None:
    """The figure of a row that says most: the newest, else a sum, else the first."""
    cells = [cell for row in statistic.grid() for cell in row if _called(cell, key)]
    summed = {column.key for column in statistic.columns if column.total_of}
    timed = [cell for cell in cells if cell.at or (cell.column and cell.column.at)]
    known = [cell for cell in timed if cell.figure.value is not None]
    if known:
        return max(known, key=lambda cell: cell.day or dt.date.min)
    whole = [cell for cell in cells if cell.column and cell.column.key in summed]
    return next((cell for cell in (*whole, *cells) if cell.figure.value is not None), None)


def _called(cell: Cell, key: str) -> bool:
    return cell.row.key == key if cell.row else key == LATEST


def _time(chief: Cell) -> PartialDate | None:
    return chief.at or (chief.column and chief.column.at) or (chief.row and chief.row.at) or None


def _glance(statistic: Statistic, chief: Cell) -> Glance:
    time = _time(chief)
    return Glance(
        name=chief.row.title if chief.row else "",
        number=chief.figure.shown,
        unit=chief.unit,
        when=time.roc if time else statistic.when,
        spark=_spark(statistic, chief),
    )


def _spark(statistic: Statistic, chief: Cell) -> Spark | None:
    beside = _beside(statistic, chief)
    timed = (lane for lane in (_along(statistic, chief), beside) if _timed(lane))
    lane = next(timed, beside)
    fitting = [(name, cell) for name, cell in lane if cell.unit == chief.unit]
    rows = tuple(Row(label=name.title, values=(printed(cell),)) for name, cell in fitting)
    many = len(rows) > MOST_BARS and not _timed(lane)
    if many or len(list(numbers(rows))) < SERIES:
        return None
    return Spark(
        title=chief.title if chief.row else statistic.title,
        rows=rows,
        times=times_of([name for name, _ in fitting]) if _timed(lane) else (),
        marked=next((n for n, (_, cell) in enumerate(fitting) if cell.path == chief.path), -1),
    )


def _timed(lane: Lane) -> bool:
    """Whether figures follow each other in time."""
    return len(lane) >= SERIES and all(name.at for name, _ in lane)


def _along(statistic: Statistic, chief: Cell) -> Lane:
    """The figures of its row but those that follow from others; of a series all."""
    if chief.at:
        cells = [cell for row in statistic.grid() for cell in row]
        return [(Name(key=c.at.iso, title=c.at.roc, at=c.at), c) for c in cells if c.at]
    derived = {column.key for column in statistic.columns if column.derived}
    row = next(cells for cells in statistic.grid() if cells[0].row == chief.row)
    return [(c.column, c) for c in row if c.column and c.column.key not in derived]


def _beside(statistic: Statistic, chief: Cell) -> Lane:
    """The figures of its column but those that follow from others."""
    derived = {row.key for row in statistic.rows if row.derived}
    cells = [cell for row in statistic.grid() for cell in row if cell.column == chief.column]
    return [(c.row, c) for c in cells if c.row and c.row.key not in derived]
