"""The key figure of a statistic in lists and on the home page: its number, time and sparkline.

The sparkline shows the same figure at other times; without them the figure has none.  Sparklines of
other sorts could not be compared where several stand side by side.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from msgspec import Struct, structs

from generator.kinds.statistics.charting import times_of
from generator.kinds.statistics.selection import chart_value
from generator.kinds.statistics.statistic import Statistic
from generator.kinds.statistics.targets import LATEST
from generator.site.chart import Row, Spark, numbers
from generator.site.figures.cells import Cell, Name
from generator.text.dates import PartialDate

LEAST = 2
"""The fewest figures of a series."""
Series = Sequence[tuple[Name, Cell]]
"""The figures of a row or a column, each with the name that differs along it."""


class KeyFigure(Struct, frozen=True, kw_only=True):
    """The figure that stands for a statistic; `name` is "" if the statistic's title is its name."""

    name: str
    number: str
    unit: str
    when: str
    spark: Spark | None


def key_figure_of(statistic: Statistic) -> KeyFigure | None:
    """The first figure that editors chose for the home page, else the newest one or the total."""
    main = key_cell(statistic)
    return _key_figure(statistic, main) if main else None


def key_cell(statistic: Statistic) -> Cell | None:
    """The cell of the key figure."""
    keys = (*statistic.headline, *(_keys(statistic) or [LATEST]))
    cells = (_main_cell(statistic, key) for key in keys)
    return next((cell for cell in cells if cell), None)


def _keys(statistic: Statistic) -> list[str]:
    """The rows of a table by their weight: the newest, then totals from the last on, then all."""
    dated = [(row.at.last, row.key) for row in statistic.rows if row.at]
    newest = [key for _, key in sorted(dated, reverse=True)]
    totals = [row.key for row in reversed(statistic.rows) if row.total_of]
    return [*newest, *totals, *(row.key for row in statistic.rows)]


def headline_figures(statistic: Statistic) -> Iterator[KeyFigure]:
    """The figures that editors chose for the home page."""
    for key in statistic.headline:
        main = _main_cell(statistic, key)
        if main:
            yield _key_figure(statistic, main)


def chosen_figures(statistic: Statistic) -> Iterator[str]:
    """The paths of the figures that editors chose for the home page."""
    cells = (_main_cell(statistic, key) for key in statistic.headline)
    return (cell.path for cell in cells if cell)


def without_spark(figure: KeyFigure) -> KeyFigure:
    """The same figure beside others that have no sparkline."""
    return structs.replace(figure, spark=None)


def english_headline_figures(statistic: Statistic) -> Iterator[KeyFigure]:
    """The headline figures with an English name; units are left out, since they are Chinese."""
    names = {row.key: row.title_en for row in statistic.rows}
    for key in statistic.headline:
        main, name = _main_cell(statistic, key), names.get(key, "")
        if main and name:
            time, number = time_of(main), main.figure.english
            when = time.english if time else statistic.when_en
            yield KeyFigure(name=name, number=number, unit="", when=when, spark=None)


def _main_cell(statistic: Statistic, key: str) -> Cell | None:
    """The main figure of a row: the newest, else one in a column of totals, else the first."""
    every = (cell for row in statistic.grid() for cell in row)
    cells = [c for c in every if (c.row.key == key if c.row else key == LATEST)]
    cells = [cell for cell in cells if cell.figure.value is not None]
    timed = [cell for cell in cells if cell.at or (cell.column and cell.column.at)]
    if timed:
        return max(timed, key=lambda cell: cell.day or dt.date.min)
    sums = {column.key for column in statistic.columns if column.total_of}
    totals = [cell for cell in cells if cell.column and cell.column.key in sums]
    return next(iter((*totals, *cells)), None)


def time_of(main: Cell) -> PartialDate | None:
    """The time of a figure: its own, else its column's or its row's."""
    return main.at or (main.column and main.column.at) or (main.row and main.row.at) or None


def _key_figure(statistic: Statistic, main: Cell) -> KeyFigure:
    time = time_of(main)
    return KeyFigure(
        name=main.row.title if main.row else "",
        number=main.figure.shown,
        unit=main.unit,
        when=time.roc if time else statistic.when,
        spark=_sparkline(statistic, main),
    )


def _sparkline(statistic: Statistic, main: Cell) -> Spark | None:
    """The series of the main figure over time, in its unit alone; None if there is none."""
    series = series_over_time(statistic, main)
    same_unit = [(name, cell) for name, cell in series if cell.unit == main.unit]
    rows = tuple(Row(label=name.title, values=(chart_value(cell),)) for name, cell in same_unit)
    if len(list(numbers(rows))) < LEAST:
        return None
    return Spark(
        title=main.title if main.row else statistic.title,
        rows=rows,
        times=times_of([name for name, _ in same_unit]),
        marked=next((n for n, (_, cell) in enumerate(same_unit) if cell.path == main.path), -1),
    )


def series_over_time(statistic: Statistic, main: Cell) -> Series:
    """The figures of the main figure's row, else column, if those are of several times."""
    every = (_row_series(statistic, main), _column_series(statistic, main))
    return next((series for series in every if _is_timed(series)), ())


def _is_timed(series: Series) -> bool:
    """Whether the figures of a series are those of several times."""
    return len(series) >= LEAST and all(name.at for name, _ in series)


def _row_series(statistic: Statistic, main: Cell) -> Series:
    """The figures of its row that do not follow from others; all observations of a series."""
    if main.at:
        cells = [cell for row in statistic.grid() for cell in row]
        return [(Name(key=c.at.iso, title=c.at.roc, at=c.at), c) for c in cells if c.at]
    derived = {column.key for column in statistic.columns if column.derived}
    row = next(cells for cells in statistic.grid() if cells[0].row == main.row)
    return [(c.column, c) for c in row if c.column and c.column.key not in derived]


def _column_series(statistic: Statistic, main: Cell) -> Series:
    """The figures of its column that do not follow from others."""
    derived = {row.key for row in statistic.rows if row.derived}
    cells = [cell for row in statistic.grid() for cell in row if cell.column == main.column]
    return [(c.row, c) for c in cells if c.row and c.row.key not in derived]
