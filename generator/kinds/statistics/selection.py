"""The figures of a chart: rows and columns of a statistic, selected by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from generator.content.figure import Figure, with_unit
from generator.kinds.statistics.chart_spec import ChartSpec
from generator.kinds.statistics.statistic import Statistic, TableColumn, TableRow
from generator.site.chart import Row, Value
from generator.site.figures.cells import Cell, Name


class Selection(Struct, frozen=True, kw_only=True):
    """The figures of a chart: a grid of cells, and the names of its rows and columns."""

    rows: tuple[Name, ...]
    columns: tuple[Name, ...]
    cells: tuple[tuple[Cell, ...], ...]

    def turned(self) -> Selection:
        """The selection with rows and columns exchanged."""
        cells = tuple(zip(*self.cells, strict=True))
        return Selection(rows=self.columns, columns=self.rows, cells=cells)

    def of_unit(self, unit: str) -> Selection:
        """The columns that have a unit, and the rows that have no other unit in these columns."""
        every = range(len(self.columns))
        columns = [n for n in every if any(row[n].unit == unit for row in self.cells)]
        rows = [m for m, row in enumerate(self.cells) if all(row[n].unit == unit for n in columns)]
        return Selection(
            rows=tuple(self.rows[m] for m in rows),
            columns=tuple(self.columns[n] for n in columns),
            cells=tuple(tuple(self.cells[m][n] for n in columns) for m in rows),
        )

    @property
    def units(self) -> tuple[str, ...]:
        """The units of its figures, in the order of their first use."""
        return tuple(dict.fromkeys(cell.unit for row in self.cells for cell in row))

    @property
    def timed(self) -> bool:
        """Whether its rows are times."""
        return all(name.at for name in self.rows)

    @property
    def chart_rows(self) -> tuple[Row, ...]:
        """The rows as a chart has them."""
        return tuple(
            Row(label=name.title, values=tuple(map(chart_value, cells)))
            for name, cells in zip(self.rows, self.cells, strict=True)
        )

    @property
    def series(self) -> tuple[str, ...]:
        """The names of its columns if there are several, else ()."""
        return tuple(name.title for name in self.columns) if len(self.columns) > 1 else ()


def chart_value(cell: Cell) -> Value:
    """A cell in a chart: its number, and its text with unit or the reason why it is missing."""
    return figure_value(cell.figure, cell.unit)


def figure_value(figure: Figure, unit: str) -> Value:
    """The same for a figure outside the table, such as a target's."""
    return Value(number=figure.value, shown=with_unit(figure, unit))


def select(statistic: Statistic, spec: ChartSpec) -> Selection:
    """The figures that a chart names; names without a row or a column are ignored."""
    grid = statistic.grid()
    if statistic.observations:
        times = [Name(key=o.at.iso, title=o.at.roc, at=o.at) for o in statistic.observations]
        rows, names = _places(times, spec.rows), times
        columns, heads = [0], [Name(key=statistic.id, title=statistic.title)]
    else:
        names = [row.name for row in statistic.rows]
        heads = [column.name for column in statistic.columns]
        rows = _places(names, spec.rows or _underived(statistic.rows))
        columns = _places(heads, spec.columns or _underived(statistic.columns))
    return Selection(
        rows=tuple(names[n] for n in rows),
        columns=tuple(heads[n] for n in columns),
        cells=tuple(tuple(grid[n][m] for m in columns) for n in rows),
    )


def _underived(lines: Iterable[TableRow | TableColumn]) -> list[str]:
    """The keys of lines whose figures do not follow from others."""
    return [line.key for line in lines if not line.derived]


def _places(lines: Sequence[Name], names: Sequence[str]) -> list[int]:
    """The places of lines by key or title; of all lines if there are no names."""
    return [n for n, line in enumerate(lines) if not names or {line.key, line.title} & {*names}]
