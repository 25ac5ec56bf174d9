"""Cells: every figure of a table or a series by a lasting name, and what proves it.

A name is `row.column` (each by its id or its title; the row alone where there is one column)
or a time.  Whatever speaks of a figure by name (prose, a chart, another table) asks here and
needs no knowledge of the content type that holds it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from msgspec import Struct

from generator.content.field_types import Prose, Text, near
from generator.content.figure import Figure
from generator.content.record import Record, described, group
from generator.site.figures.citable import Citable
from generator.text.dates import DateFault, PartialDate, parse_named


@group
class Tabulated(Record, ABC):
    """A record of figures; kinds that hold such derive from it."""

    title: str = described(Text(2, 120), "標題", required=True)
    title_en: str = described(Text(maximum=240), "英文標題")
    summary_en: str = described(Prose(), "英文摘要")

    @property
    @abstractmethod
    def address(self) -> str:
        """The page that shows the figures, each at its anchor."""

    @abstractmethod
    def cells(self) -> Sequence[Cell]:
        """Every figure with its name, row by row or in the order of time."""


class Name(Struct, frozen=True, kw_only=True):
    """What a row or a column is called: by others, and by readers; the time it stands for."""

    key: str
    title: str
    at: PartialDate | None = None


class Cell(Struct, frozen=True, kw_only=True):
    """A figure in its place: a row and a column of a table, or a time of a series.

    `path` is the dotted path of the field in the record (`rows.2.values.1`), `day` the last day
    that the figure speaks of; `alone` says that the row's name is enough.
    """

    statistic: Tabulated
    figure: Figure
    unit: str
    path: str
    row: Name | None = None
    column: Name | None = None
    at: PartialDate | None = None
    day: date | None = None
    alone: bool = False

    @property
    def key(self) -> str:
        """The lasting name within the statistic: `row.column`, or the time in ISO form."""
        if self.row and self.column:
            return f"{self.row.key}.{self.column.key}"
        return self.at.iso if self.at else ""

    @property
    def title(self) -> str:
        """The name for readers: `列／欄`, the row alone where that says it, or the time."""
        if self.row and self.column:
            return self.row.title if self.alone else f"{self.row.title}／{self.column.title}"
        return self.at.roc if self.at else ""

    @property
    def anchor(self) -> str:
        """The id of the cell on the statistic's page, not yet escaped for an address."""
        return "-".join(self.key.split())

    @property
    def names(self) -> frozenset[str]:
        """Every text that names this cell and says its column too."""
        if self.row and self.column:
            columns = (self.column.key, self.column.title)
            return frozenset(f"{r}.{c}" for r in self.short_names for c in columns)
        return frozenset((self.at.iso, self.at.roc)) if self.at else frozenset()

    @property
    def short_names(self) -> frozenset[str]:
        """The names of its row."""
        return frozenset((self.row.key, self.row.title)) if self.row else frozenset()


class NoCell(Struct, frozen=True, kw_only=True):
    """No figure is called `name`: `near` is one that is nearly called so.

    Where several are, `choices` are their full names.
    """

    name: str
    near: str = ""
    choices: tuple[str, ...] = ()

    @property
    def ambiguous(self) -> bool:
        """Whether the name fits several figures."""
        return bool(self.choices)


def cell_at(statistic: Tabulated, name: str) -> Cell | NoCell:
    """The one figure of a statistic that is called `row`, `row.column` or a time."""
    held = statistic.cells()
    time = _time(name)
    full = [cell for cell in held if name in cell.names or (time and cell.at == time)]
    rows = [cell for cell in held if name in cell.short_names]
    found = full or [cell for cell in rows if cell.alone] or rows
    if len(found) == 1:
        return found[0]
    if found:
        return NoCell(name=name, choices=tuple(cell.key for cell in found))
    known = [text for cell in held for text in sorted(cell.short_names) + sorted(cell.names)]
    return NoCell(name=name, near=near(name, tuple(dict.fromkeys(known))))


def _time(text: str) -> PartialDate | None:
    try:
        return parse_named(text)
    except DateFault:
        return None


def cell_named(statistics: Iterable[Tabulated], name: str) -> Cell | NoCell:
    """The one figure called `statistic.row[.column]`, the statistic by its id or its title."""
    held = tuple(statistics)
    ways = [(s, name[len(own) + 1 :]) for s in held for own in _own_names(s, name)]
    if not ways:
        head, _, rest = name.partition(".")
        guess = near(head, tuple(text for s in held for text in (s.id, s.title)))
        return NoCell(name=name, near=f"{guess}.{rest}" if guess else "")
    if len(ways) > 1:
        return NoCell(name=name, choices=tuple(f"{s.id}.{rest}" for s, rest in ways))
    ((statistic, rest),) = ways
    found = cell_at(statistic, rest)
    return found if isinstance(found, Cell) else _within(found, name, statistic)


def _own_names(statistic: Tabulated, name: str) -> tuple[str, ...]:
    """The name of the statistic that a text begins with; its id before its title."""
    named = (statistic.id, statistic.title)
    return tuple(text for text in named if name.startswith(f"{text}."))[:1]


def _within(missing: NoCell, name: str, statistic: Tabulated) -> NoCell:
    """The same answer with names that begin with the statistic's id."""
    return NoCell(
        name=name,
        near=f"{statistic.id}.{missing.near}" if missing.near else "",
        choices=tuple(f"{statistic.id}.{choice}" for choice in missing.choices),
    )


class Sort(StrEnum):
    """How firmly a rule holds a figure: to the last digit, to the last one printed, or a limit."""

    EXACT = "exact"
    ROUNDED = "rounded"
    BOUND = "bound"


class Relation(StrEnum):
    """What a figure must be to what was computed."""

    SAME = "＝"
    AT_MOST = "≤"
    AT_LEAST = "≥"


class Proof(Struct, frozen=True, kw_only=True):
    """A figure that is declared to follow from others, or to be limited by them.

    `rule` is the name of the declaration (`total_of`), `path` where it stands in the record;
    `computed` is at the precision printed, None where nothing can be computed for `reason`:
    `inexact`, `zero`, or `undefined` where the divisor is 0 and the figure rightly says that it
    is missing.  `inverted` says that the divisor is negative.  Under an exact rule nothing is
    ever rounded; `cut` says that this time digits were dropped.  `fields` are figures of records
    that hold no cells, `because` the editor's reason for a limit, `named` what was counted:
    names, and addresses of pages or "".
    """

    cell: Cell
    rule: str
    path: str
    sort: Sort
    parts: tuple[Cell, ...]
    calculation: str
    computed: Decimal | None
    relation: Relation = Relation.SAME
    fields: tuple[Citable, ...] = ()
    because: str = ""
    named: tuple[tuple[str, str], ...] = ()
    cut: bool = False
    reason: str = ""
    inverted: bool = False

    @property
    def holds(self) -> bool:
        """Whether the figure is what was computed, or keeps within it."""
        value = self.cell.figure.value
        if self.computed is None or value is None:
            return False
        if self.relation is Relation.AT_MOST:
            return value <= self.computed
        return (
            value >= self.computed
            if self.relation is Relation.AT_LEAST
            else (value == self.computed)
        )

    @property
    def about(self) -> bool:
        """Whether an approximation is among its figures."""
        figures = (self.cell.figure, *(part.figure for part in self.parts))
        return any(figure.qualifier for figure in figures)


def rounded(value: Fraction, places: int) -> Decimal:
    """A number at so many decimal places, half away from zero; computed without any float."""
    whole, rest = divmod(abs(value) * 10**places, 1)
    digits = str(int(whole) + (rest >= Fraction(1, 2)))
    return Decimal((int(value < 0), tuple(map(int, digits)), -places))


def places_of(value: Decimal) -> int:
    """The decimal places that a number is printed with."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
