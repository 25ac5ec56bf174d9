"""Cells: every figure of a table or a series by a permanent name, and its proofs.

A name is `row.column` (each by its id or its title; the row alone if there is one column) or a
time.  Prose, charts and other tables look figures up here by name, without knowledge of the
content type that has them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
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
    """The base class of records that have figures."""

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
    """The name of a row or a column: its key in references, its title, and its time if any.

    `english` is "" if it has no English name.
    """

    key: str
    title: str
    at: PartialDate | None = None
    english: str = ""


class Cell(Struct, frozen=True, kw_only=True):
    """A figure in its place: a row and a column of a table, or a time of a series.

    `path` is the dotted path of the field in the record (`rows.2.values.1`), `day` the last day
    that the figure covers; `alone` means that the row's name is enough.
    """

    statistic: Tabulated
    figure: Figure
    unit: str
    path: str
    unit_en: str = ""
    row: Name | None = None
    column: Name | None = None
    at: PartialDate | None = None
    day: date | None = None
    alone: bool = False

    @property
    def key(self) -> str:
        """The permanent name within the statistic: `row.column`, or the time in ISO form."""
        if self.row and self.column:
            return f"{self.row.key}.{self.column.key}"
        return self.at.iso if self.at else ""

    @property
    def title(self) -> str:
        """The name for readers: `列／欄`, the row alone if that is enough, or the time."""
        if self.row and self.column:
            return self.row.title if self.alone else f"{self.row.title}／{self.column.title}"
        return self.at.roc if self.at else ""

    @property
    def title_en(self) -> str:
        """The same in English; "" if a part of it has no English name."""
        if self.row and self.column:
            names = (self.row.english,) if self.alone else (self.row.english, self.column.english)
            return " / ".join(names) if all(names) else ""
        return self.at.english if self.at else ""

    @property
    def anchor(self) -> str:
        """The id of the cell on the statistic's page, not yet escaped for an address."""
        return "-".join(self.key.split())

    @property
    def names(self) -> frozenset[str]:
        """Every full name of this cell, with its column."""
        if self.row and self.column:
            columns = (self.column.key, self.column.title)
            return frozenset(f"{r}.{c}" for r in self.short_names for c in columns)
        return frozenset((self.at.iso, self.at.roc)) if self.at else frozenset()

    @property
    def short_names(self) -> frozenset[str]:
        """The names of the cell's row."""
        return frozenset((self.row.key, self.row.title)) if self.row else frozenset()


class NoCell(Struct, frozen=True, kw_only=True):
    """No figure has the name, and `near` is a similar name; or several have it.

    In the second case `choices` are their full names.
    """

    name: str
    near: str = ""
    choices: tuple[str, ...] = ()

    @property
    def ambiguous(self) -> bool:
        """Whether the name fits several figures."""
        return bool(self.choices)


def cell_at(statistic: Tabulated, name: str) -> Cell | NoCell:
    """The only figure of a statistic with the name `row`, `row.column` or a time."""
    cells = statistic.cells()
    time = _time(name)
    full = [cell for cell in cells if name in cell.names or (time and cell.at == time)]
    rows = [cell for cell in cells if name in cell.short_names]
    matches = full or [cell for cell in rows if cell.alone] or rows
    if len(matches) == 1:
        return matches[0]
    if matches:
        return NoCell(name=name, choices=tuple(cell.key for cell in matches))
    names = [text for cell in cells for text in sorted(cell.short_names) + sorted(cell.names)]
    return NoCell(name=name, near=near(name, tuple(dict.fromkeys(names))))


def _time(text: str) -> PartialDate | None:
    try:
        return parse_named(text)
    except DateFault:
        return None


class Sort(StrEnum):
    """How exactly a rule determines a figure: fully, to the last digit printed, or as a limit."""

    EXACT = "exact"
    ROUNDED = "rounded"
    BOUND = "bound"


class Relation(StrEnum):
    """The relation that a figure must have to the computed value."""

    SAME = "＝"
    AT_MOST = "≤"
    AT_LEAST = "≥"


class Proof(Struct, frozen=True, kw_only=True):
    """A declaration that a figure follows from others or is limited by them, with its result.

    `rule` is the name of the declaration (`total_of`), `path` its field in the record.
    `computed` has the precision printed; it is None if nothing can be computed for `reason`:
    `inexact`, `zero`, or `undefined` if the divisor is 0 and the figure is rightly missing.
    `inverted` means that the divisor is negative.  An exact rule never rounds; `cut` means that
    digits were dropped.  `fields` are figures of records without cells, `because` the editor's
    reason for a limit, `named` the things that were counted: names, and addresses of pages or "".
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
        """Whether the figure equals the computed value, or keeps the limit."""
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
        """Whether one of the proof's figures is an approximation."""
        figures = (self.cell.figure, *(part.figure for part in self.parts))
        return any(figure.qualifier for figure in figures)


def rounded(value: Fraction, places: int) -> Decimal:
    """A number rounded to decimal places, half away from zero; computed without floats."""
    whole, remainder = divmod(abs(value) * 10**places, 1)
    digits = str(int(whole) + (remainder >= Fraction(1, 2)))
    return Decimal((int(value < 0), tuple(map(int, digits)), -places))


def places_of(value: Decimal) -> int:
    """The number of decimal places with which a number is printed."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
