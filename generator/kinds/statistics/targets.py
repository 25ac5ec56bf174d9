"""Targets: a figure to reach, and the day by which it is due."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from generator.content.field_types import Choice, Many, Text
from generator.content.figure import Figure, FigureField
from generator.content.model import Ref
from generator.content.record import Group, described, group
from generator.content.value_types import Day, Reference
from generator.kinds.statistics.declarations import CellField, CellName
from generator.site.figures.cells import Name

LATEST = "latest"
"""In place of a time: the newest observation of a series, or of a row whose columns are times."""
DIRECTIONS = {"up": "至少", "down": "至多"}
FIGURES = {"baseline": "基準", "target": "目標"}
"""The figures of a target by the names of their columns."""


@group
class TargetChange:
    """What a target was before it was changed on a day, and why it was changed."""

    date: dt.date = described(Day(), "變更日期", required=True)
    target: Figure = described(FigureField(), "原目標值", required=True)
    due: dt.date | None = described(Day(), "原期限")
    reason: str = described(Text(lines=True), "變更原因", required=True)


@group
class Target:
    """A figure to reach, with its direction, its due day and the figure that measures it."""

    title: str = described(Text(maximum=120), "目標名稱", required=True)
    id: str = described(Text(maximum=60), "代碼")
    unit: str = described(Text(maximum=30), "單位")
    baseline: Figure | None = described(FigureField(), "基準值")
    baseline_on: dt.date | None = described(Day(), "基準日")
    target: Figure = described(FigureField(), "目標值", required=True)
    direction: str = described(Choice(DIRECTIONS), "方向", required=True)
    due: dt.date | None = described(Day(), "期限")
    measured_by: CellName | None = described(
        CellField(), "依何數值判斷", "本表或其他統計的數值；最新一筆寫 latest 或 列名.latest"
    )
    stated: str = described(Text(lines=True), "機關說明", "只有說明、沒有數據時寫在這裡")
    owner: Ref | None = described(Reference("agencies"), "主辦機關")
    changes: tuple[TargetChange, ...] = described(
        Many(Group(TargetChange)), "變更", "目標改過時，寫原來的目標值、期限與原因"
    )
    source: str = described(Text(lines=True), "目標來源", required=True)

    @property
    def name(self) -> Name:
        """The key by which declarations name the target, and its title for readers."""
        return Name(key=self.id or self.title, title=self.title)

    @property
    def rises(self) -> bool:
        """Whether more is better."""
        return self.direction == "up"

    def meets(self, value: Fraction, goal: Fraction) -> bool:
        """Whether a value is as good as a goal, in the target's direction."""
        return value >= goal if self.rises else value <= goal
