"""The figures of a table with indexes by place and by name, so that each look-up takes one step.

A table may have thousands of figures, each of whose declarations names others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from generator.kinds.statistics.declarations import Declared
from generator.kinds.statistics.statistic import Statistic
from generator.site.figures.cells import Cell, NoCell, cell_at
from generator.text.dates import DateFault, parse_named


class Spot(Struct, frozen=True):
    """A figure under the declarations of one of its lines; `across` is its other line.

    `upright` is true if the line is a column; `row` and `column` count from 0.
    """

    path: str
    line: Declared
    cell: Cell
    across: Declared | None
    upright: bool
    row: int
    column: int


class Grid:
    """The cells of a statistic by place and by name; a series is a table of one column."""

    def __init__(self, statistic: Statistic) -> None:
        self.statistic = statistic
        self.cells = statistic.grid()
        self._rows: Sequence[Declared] = statistic.observations or statistic.rows
        self._columns: Sequence[Declared] = () if statistic.observations else statistic.columns

    def spots(self) -> Iterator[Spot]:
        """Every figure under its row's declarations, and in a table under its column's too."""
        name = "observations" if self.statistic.observations else "rows"
        for i, line in enumerate(self._rows):
            for j, cell in enumerate(self.cells[i]):
                column = self._columns[j] if self._columns else None
                at = {"row": i, "column": j}
                yield Spot(f"{name}.{i}", line, cell, column, upright=False, **at)
                if column:
                    yield Spot(f"columns.{j}", column, cell, line, upright=True, **at)

    def plain(self, spot: Spot) -> Sequence[Cell]:
        """The other figures of the crossing line, without those that follow from others."""
        if spot.upright:
            return [self.cells[spot.row][j] for j in self._plain_columns if j != spot.column]
        return [self.cells[i][spot.column] for i in self._plain_rows if i != spot.row]

    def find(self, key: str, spot: Spot, first: Cell | None) -> Cell | NoCell:
        """The figure that `key` means in a declaration, or a `NoCell`.

        It is in a parallel line, else in a crossing line next to the `first` figure of the same
        declaration, else any figure of the statistic.
        """
        near = self._beside(key, spot) or (self._crossing(key, spot, first) if first else [])
        if len(near) > 1:
            return NoCell(name=key, choices=tuple(cell.key for cell in near))
        cell = near[0] if near else self._anywhere(key)
        own = isinstance(cell, Cell) and cell.path == spot.cell.path
        return NoCell(name=key) if own else cell  # no figure follows from itself

    def _beside(self, key: str, spot: Spot) -> list[Cell]:
        if spot.upright:
            row = self.cells[spot.row]
            return [row[j] for j in self._column_places.get(key, ()) if j != spot.column]
        rows = self._row_places.get(_time(key) or key, ())
        return [self.cells[i][spot.column] for i in rows if i != spot.row]

    def _crossing(self, key: str, spot: Spot, first: Cell) -> list[Cell]:
        place = self._places.get(first.path)
        if place is None:
            return []
        if spot.upright:
            return [self.cells[i][place[1]] for i in self._row_places.get(key, ())]
        return [self.cells[place[0]][j] for j in self._column_places.get(key, ())]

    def _anywhere(self, key: str) -> Cell | NoCell:
        cells = self._full_names.get(key, ())
        return cells[0] if len(cells) == 1 else cell_at(self.statistic, key)

    @cached_property
    def _plain_rows(self) -> Sequence[int]:
        return [i for i, line in enumerate(self._rows) if not line.derived]

    @cached_property
    def _plain_columns(self) -> Sequence[int]:
        return [j for j, line in enumerate(self._columns) if not line.derived]

    @cached_property
    def _row_places(self) -> Mapping[str, Sequence[int]]:
        times = [(observed.at.iso, observed.at.roc) for observed in self.statistic.observations]
        return _places(times or [(row.key, row.title) for row in self.statistic.rows])

    @cached_property
    def _column_places(self) -> Mapping[str, Sequence[int]]:
        return _places([(column.key, column.title) for column in self.statistic.columns])

    @cached_property
    def _places(self) -> Mapping[str, tuple[int, int]]:
        return {c.path: (i, j) for i, row in enumerate(self.cells) for j, c in enumerate(row)}

    @cached_property
    def _full_names(self) -> Mapping[str, Sequence[Cell]]:
        cells: dict[str, list[Cell]] = defaultdict(list)
        for row in self.cells:
            for cell in row:
                for name in cell.names:
                    cells[name].append(cell)
        return cells


def _places(names: Sequence[tuple[str, str]]) -> Mapping[str, Sequence[int]]:
    """The places of lines by each of their names."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, own in enumerate(names):
        for name in dict.fromkeys(own):  # key and title may be the same
            places[name].append(place)
    return places


def _time(text: str) -> str:
    """A time in ISO form, however it is typed; "" for any other text."""
    try:
        return parse_named(text).iso
    except DateFault:
        return ""
