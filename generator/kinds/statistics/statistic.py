"""A statistic: a table or a series of figures, with their declarations.

Declarations, reports and charts name rows and columns by their id, else by their title.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from generator.content.field_types import Many, SiteChoice, Text
from generator.content.figure import FigureRow
from generator.content.model import Ref
from generator.content.period import Period
from generator.content.record import Group, described, group
from generator.content.value_types import Day, PartialDay, Reference, Whole
from generator.kinds.statistics.chart_spec import ChartSpec
from generator.kinds.statistics.declarations import Declared, TableFigure, TableFigureField
from generator.kinds.statistics.targets import FIGURES, Target
from generator.site.figures.cells import Cell, Name, Tabulated
from generator.text.dates import PartialDate, english, roc

INDEX = "statistics/"


@group
class _Line:
    title: str = described(Text(maximum=300), "名稱", required=True)
    title_en: str = described(Text(maximum=300), "英文名稱", "英文網頁的表、圖與首頁用這個名稱")
    id: str = described(Text(maximum=60), "代碼")
    unit: str = described(Text(maximum=30), "單位")
    unit_en: str = described(Text(maximum=60), "英文單位")
    precision: int | None = described(Whole(), "小數位數")
    at: PartialDate | None = described(PartialDay(), "時間", "該列或該欄是某一時間的數值時")

    @property
    def key(self) -> str:
        """The name of the row or column in declarations: its id, else its title."""
        return self.id or self.title

    @property
    def name(self) -> Name:
        """Its name in declarations and its title for readers."""
        english = self.at.english if self.at else self.title_en
        return Name(key=self.key, title=self.title, at=self.at, english=english)


@group
class TableColumn(Declared, _Line):
    """A column of figures."""


@group
class _Row(_Line):
    heading: str = described(Text(maximum=120), "分組", "同組的列連續排列，頁面上共用一個標題")
    value: TableFigure | None = described(TableFigureField(), "數值")
    values: tuple[TableFigure, ...] = described(FigureRow(TableFigureField()), "數值")
    note: str = described(Text(lines=True), "註")


@group
class TableRow(Declared, _Row):
    """A row: one figure for each column; `value` if there is one column."""

    @property
    def figures(self) -> tuple[TableFigure, ...]:
        """The row's figures, one for each column."""
        return (self.value,) if self.value is not None else self.values


@group
class _Timed:
    at: PartialDate = described(PartialDay(), "時間", required=True)
    value: TableFigure = described(TableFigureField(), "數值", required=True)
    note: str = described(Text(lines=True), "註")


@group
class Observation(Declared, _Timed):
    """A figure of a series with its time."""


@group
class Dimensions:
    """What the rows and the columns of a table are, such as agencies and years."""

    rows: str = described(Text(maximum=30), "列的意義", "例如 機關")
    columns: str = described(Text(maximum=30), "欄的意義", "例如 期間")


@group
class Statistic(Tabulated):
    """Figures with unit, source and time."""

    unit: str = described(Text(maximum=30), "單位")
    unit_en: str = described(Text(maximum=60), "英文單位")
    precision: int | None = described(Whole(), "小數位數", "每個數值應有的小數位數")
    source: str = described(Text(lines=True), "資料來源", required=True)
    agency: Ref | None = described(
        Reference("agencies"), "機關", "統計列在這個機關的頁面；不寫則為發布機關"
    )
    method: str = described(Text(lines=True), "統計方法")
    as_of: dt.date | None = described(Day(), "資料日期")
    period: Period | None = described(Group(Period), "統計期間")
    next_release: PartialDate | None = described(PartialDay(), "下次發布")
    dimensions: Dimensions | None = described(Group(Dimensions), "維度")
    columns: tuple[TableColumn, ...] = described(Many(Group(TableColumn)), "欄")
    rows: tuple[TableRow, ...] = described(Many(Group(TableRow)), "列")
    observations: tuple[Observation, ...] = described(Many(Group(Observation)), "觀測值")
    targets: tuple[Target, ...] = described(Many(Group(Target)), "目標")
    note: str = described(Text(lines=True), "說明")
    headline: tuple[str, ...] = described(
        Many(Text(), unique=True), "首頁重點", "要列在首頁的列名或代碼；觀測值寫 latest，列最新一期"
    )
    charts: tuple[ChartSpec, ...] = described(
        Many(Group(ChartSpec)), "圖", "未寫時自動選一個合適的圖"
    )
    topics: tuple[str, ...] = described(Many(SiteChoice("topics"), unique=True), "主題")

    @property
    def address(self) -> str:
        """The statistic's page."""
        return f"{INDEX}{self.id}/"

    @property
    def day(self) -> dt.date | None:
        """The last day that the figures cover."""
        return self.as_of or (self.period.to if self.period else None)

    @property
    def when(self) -> str:
        """The day or the period that the figures cover, in words."""
        if self.as_of:
            return f"截至{roc(self.as_of)}"
        return self.period.shown if self.period else ""

    @property
    def when_en(self) -> str:
        """The same in English."""
        if self.as_of:
            return f"as of {english(self.as_of)}"
        return self.period.english if self.period else ""

    def unit_of(self, row: TableRow | None, column: TableColumn | None) -> str:
        """The unit of a cell: the row's, else the column's, else the whole table's."""
        return (row and row.unit) or (column and column.unit) or self.unit

    def unit_en_of(self, row: TableRow | None, column: TableColumn | None) -> str:
        """The same in English; "" if the unit has no English name."""
        for line in (row, column):
            if line and line.unit:
                return english_unit(line.unit, line.unit_en)
        return english_unit(self.unit, self.unit_en)

    @property
    def lines(self) -> Iterator[tuple[str, Declared]]:
        """Every line that may have declarations, with its path."""
        groups: tuple[tuple[str, Sequence[Declared]], ...] = (
            ("columns", self.columns),
            ("rows", self.rows),
            ("observations", self.observations),
        )
        for name, lines in groups:
            yield from ((f"{name}.{index}", line) for index, line in enumerate(lines))

    def grid(self) -> Sequence[Sequence[Cell]]:
        """The cells row by row; a series is a table of one column."""
        if self.observations:
            return [[self._observation_cell(index)] for index in range(len(self.observations))]
        return [list(self._row_cells(index)) for index in range(len(self.rows))]

    def cells(self) -> Sequence[Cell]:
        """Every figure with its name: row by row or by time, then those of targets."""
        table = [cell for row in self.grid() for cell in row]
        return table + [
            cell for place in range(len(self.targets)) for cell in self._target_cells(place)
        ]

    def _target_cells(self, index: int) -> Iterator[Cell]:
        target = self.targets[index]
        for name, title in FIGURES.items():
            figure = getattr(target, name)
            if figure:
                yield Cell(
                    statistic=self,
                    figure=figure,
                    unit=target.unit or self.unit,
                    unit_en="" if target.unit else english_unit(self.unit, self.unit_en),
                    path=f"targets.{index}.{name}",
                    row=target.name,
                    column=Name(key=name, title=title),
                    alone=name == "target",
                )

    def _observation_cell(self, index: int) -> Cell:
        observation = self.observations[index]
        return Cell(
            statistic=self,
            figure=observation.value,
            unit=self.unit,
            unit_en=english_unit(self.unit, self.unit_en),
            path=f"observations.{index}.value",
            at=observation.at,
            day=observation.at.last,
        )

    def _row_cells(self, index: int) -> Iterator[Cell]:
        row = self.rows[index]
        for place, (column, figure) in enumerate(zip(self.columns, row.figures, strict=False)):
            single, time = row.value is not None, column.at or row.at
            yield Cell(
                statistic=self,
                figure=figure,
                unit=self.unit_of(row, column),
                unit_en=self.unit_en_of(row, column),
                path=f"rows.{index}.value" if single else f"rows.{index}.values.{place}",
                row=row.name,
                column=column.name,
                day=time.last if time else self.day,
                alone=len(self.columns) == 1,
            )


def english_unit(unit: str, english: str) -> str:
    """A unit in English; a sign such as % is its own."""
    return english or (unit if unit.isascii() else "")


def precision_of(statistic: Statistic, row: TableRow, column: TableColumn) -> int | None:
    """The decimal places of a cell that its row, its column or the table demands, if any does."""
    demands = (row.precision, column.precision, statistic.precision)
    return next((places for places in demands if places is not None), None)
