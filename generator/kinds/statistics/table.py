"""A statistic: a table or a series of figures, and the sums that its table declares.

Rows and columns are named by their id, else by their title; those names are what
`total_of` and later references use.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from generator.dates import PartialDate
from generator.fields import Choices, FieldType, Many, Reading, Schema, SiteChoice, Text
from generator.figures import Figure, FigureField
from generator.model import Node, ScalarNode
from generator.period import Period
from generator.record import Group, Record, described, group
from generator.values import Day, PartialDay

ALL = "all"
INDEX = "statistics/"


class Parts(FieldType):
    """`all`, or a list of keys."""

    blank: tuple[str, ...] = ()

    def read(self, node: Node, reading: Reading) -> tuple[str, ...] | None:
        """The keys, or None where the node is neither."""
        if isinstance(node, ScalarNode) and node.text == ALL:
            return (ALL,)
        keys: tuple[str, ...] | None = _KEYS.read(node, reading)
        return keys

    def schema(self, choices: Choices) -> Schema:
        """The word, or a list of keys."""
        return {**_KEYS.schema(choices), "type": ["array", "string"], "pattern": f"^{ALL}$"}


_KEYS = Many(Text(), unique=True)


@group
class TableColumn:
    """A column of figures."""

    title: str = described(Text(maximum=300), "欄名", required=True)
    id: str = described(Text(maximum=60), "代碼")
    unit: str = described(Text(maximum=30), "單位")
    total_of: tuple[str, ...] = described(Parts(), "合計自")

    @property
    def key(self) -> str:
        """What the column is called by others."""
        return self.id or self.title


@group
class TableRow:
    """A row: one figure a column, `value` where there is one column."""

    title: str = described(Text(maximum=300), "列名", required=True)
    id: str = described(Text(maximum=60), "代碼")
    unit: str = described(Text(maximum=30), "單位")
    value: Figure | None = described(FigureField(), "數值")
    values: tuple[Figure, ...] = described(Many(FigureField()), "數值")
    total_of: tuple[str, ...] = described(Parts(), "合計自")
    note: str = described(Text(lines=True), "註")

    @property
    def key(self) -> str:
        """What the row is called by others."""
        return self.id or self.title

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The row's figures, one a column."""
        return (self.value,) if self.value is not None else self.values


@group
class Observation:
    """A figure of a series at a time."""

    at: PartialDate = described(PartialDay(), "時間", required=True)
    value: Figure = described(FigureField(), "數值", required=True)
    note: str = described(Text(lines=True), "註")


@group
class Statistic(Record):
    """Figures with unit, source and time."""

    title: str = described(Text(2, 120), "標題", required=True)
    title_en: str = described(Text(maximum=240), "英文標題")
    unit: str = described(Text(maximum=30), "單位")
    source: str = described(Text(lines=True), "資料來源", required=True)
    as_of: dt.date | None = described(Day(), "資料日期")
    period: Period | None = described(Group(Period), "統計期間")
    columns: tuple[TableColumn, ...] = described(Many(Group(TableColumn)), "欄")
    rows: tuple[TableRow, ...] = described(Many(Group(TableRow)), "列")
    observations: tuple[Observation, ...] = described(Many(Group(Observation)), "觀測值")
    note: str = described(Text(lines=True), "說明")
    headline: tuple[str, ...] = described(
        Many(Text(), unique=True), "首頁重點", "要列在首頁的列名或代碼"
    )
    topics: tuple[str, ...] = described(Many(SiteChoice("topics"), unique=True), "主題")

    @property
    def address(self) -> str:
        """The statistic's page."""
        return f"{INDEX}{self.id}/"

    def unit_of(self, row: TableRow | None, column: TableColumn | None) -> str:
        """The unit of a cell: the row's, else the column's, else the whole table's."""
        return (row and row.unit) or (column and column.unit) or self.unit

    def cells(self) -> Iterator[tuple[TableRow, TableColumn, Figure]]:
        """Every figure of the table with its row and column."""
        for row in self.rows:
            for column, figure in zip(self.columns, row.figures, strict=True):
                yield row, column, figure


def total(figures: list[Figure]) -> Decimal | None:
    """The exact sum, or None where one of the figures is missing or approximate."""
    exact = [figure.exact for figure in figures]
    known = [value for value in exact if value is not None]
    return sum(known, Decimal(0)) if len(known) == len(exact) else None
