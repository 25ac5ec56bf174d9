"""The figures of a statistic that a chart is of: rows and columns chosen by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from generator.content.figure import Figure, with_unit
from generator.kinds.statistics.table import Statistic, TableColumn, TableRow
from generator.kinds.statistics.wishes import ChartWish
from generator.site.chart import Row, Value
from generator.site.figures.cells import Cell, Name


class Selection(Struct, frozen=True, kw_only=True):
    """The figures that a chart is of: a grid of cells, and the names of its lines."""

    rows: tuple[Name, ...]
    columns: tuple[Name, ...]
    cells: tuple[tuple[Cell, ...], ...]

    def turned(self) -> Selection:
        """The same with rows and columns exchanged."""
        cells = tuple(zip(*self.cells, strict=True))
        return Selection(rows=self.columns, columns=self.rows, cells=cells)

    def of_unit(self, unit: str) -> Selection:
        """The columns in which a unit stands, and the rows that hold no other there."""
        broad = range(len(self.columns))
        columns = [n for n in broad if any(row[n].unit == unit for row in self.cells)]
        kept = [m for m, row in enumerate(self.cells) if all(row[n].unit == unit for n in columns)]
        return Selection(
            rows=tuple(self.rows[m] for m in kept),
            columns=tuple(self.columns[n] for n in columns),
            cells=tuple(tuple(self.cells[m][n] for n in columns) for m in kept),
        )

    @property
    def units(self) -> tuple[str, ...]:
        """Every unit of its figures, in order."""
        return tuple(dict.fromkeys(cell.unit for row in self.cells for cell in row))

    @property
    def timed(self) -> bool:
        """Whether its rows are times."""
        return all(name.at for name in self.rows)

    @property
    def drawn(self) -> tuple[Row, ...]:
        """The rows as charts take them."""
        return tuple(
            Row(label=name.title, values=tuple(map(printed, cells)))
            for name, cells in zip(self.rows, self.cells, strict=True)
        )

    @property
    def series(self) -> tuple[str, ...]:
        """The names of its columns, where there are several."""
        return tuple(name.title for name in self.columns) if len(self.columns) > 1 else ()


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
        times = [Name(key=o.at.iso, title=o.at.roc, at=o.at) for o in statistic.observations]
        rows, names = _chosen(times, wish.rows), times
        columns, heads = [0], [Name(key=statistic.id, title=statistic.title)]
    else:
        names = [row.name for row in statistic.rows]
        heads = [column.name for column in statistic.columns]
        rows = _chosen(names, wish.rows or _given(statistic.rows))
        columns = _chosen(heads, wish.columns or _given(statistic.columns))
    return Selection(
        rows=tuple(names[n] for n in rows),
        columns=tuple(heads[n] for n in columns),
        cells=tuple(tuple(grid[n][m] for m in columns) for n in rows),
    )


def _given(lines: Iterable[TableRow | TableColumn]) -> list[str]:
    """The keys of lines that follow from no others."""
    return [line.key for line in lines if not line.derived]


def _chosen(lines: Sequence[Name], wished: Sequence[str]) -> list[int]:
    """The places of lines that are wished for by key or title; all where no wish is made."""
    return [n for n, line in enumerate(lines) if not wished or {line.key, line.title} & {*wished}]
