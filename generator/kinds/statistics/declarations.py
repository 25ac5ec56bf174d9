"""Declarations about figures: totals, shares, rates, changes, averages, counts, limits.

A declaration names a figure by its row or column in the same table, as `statistic.row[.column]`
in another one, or as `kind:id.field` in a record of another kind.  A new declaration is a new
field here and a rule in `computations.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from msgspec import Struct

from generator.content.field_types import (
    TYPED,
    Choice,
    Choices,
    FieldType,
    Leaf,
    Many,
    Reading,
    Scalar,
    Schema,
    Text,
)
from generator.content.figure import Figure, FigureField
from generator.content.model import Node, Ref, ScalarNode
from generator.content.record import Group, described, group, mixin
from generator.content.value_types import Number, Reference
from generator.site.figures.counting import Counted, asks, ways

KIND = "statistics"
ALL = "all"
_ELSEWHERE = re.compile(
    r"(?:(?P<kind>[a-z][a-z0-9-]*):)?(?P<id>(?=[0-9-]*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*)\.(?P<key>.+)",
    re.S,
)


class CellName(Struct, frozen=True):
    """A figure's name as typed; without `ref` it is a name in the same table."""

    ref: Ref | None
    key: str

    def __str__(self) -> str:
        if self.ref is None:
            return self.key
        return f"{self.ref.id if self.ref.kind == KIND else self.ref}.{self.key}"


@dataclass(frozen=True)
class CellField(Scalar):
    """The name of a figure; `elsewhere` requires `statistic.row[.column]` or `kind:id.field`."""

    elsewhere: bool = False

    def read_scalar(self, node: ScalarNode, reading: Reading) -> CellName | None:
        """The name; the rules of a statistic check whether such a figure exists."""
        match = _ELSEWHERE.fullmatch(node.text)
        if match and (self.elsewhere or not match["kind"]):
            return CellName(Ref(match["kind"] or KIND, match["id"]), match["key"])
        if self.elsewhere:
            reading.report("text-form", node.origin, "cell", value=node.text)
            return None
        key: str | None = Text().read(node, reading)
        return CellName(None, key) if key else None

    def schema(self, choices: Choices) -> Schema:
        """A text on one line."""
        if not self.elsewhere:
            return Text().schema(choices)
        pattern = re.sub(r"\?P<\w+>", "", rf"^{_ELSEWHERE.pattern}$")
        help_ = "請寫「統計代碼.列名」或「統計代碼.列名.欄名」；其他類型寫「類型:代碼.欄位」。"
        return {"type": [*TYPED], "pattern": pattern, "errorMessage": help_}

    def leaves(self, value: CellName, path: str) -> Iterator[Leaf]:
        """The reference to the other record, if any, and the name."""
        if value.ref:
            yield Leaf(path, Reference(value.ref.kind), value.ref)
        yield Leaf(f"{path}.key", Text(), value.key)

    def types(self) -> Iterator[type[FieldType]]:
        """A reference, a text."""
        yield from (Reference, Text)


_NAMES = Many(CellField(), unique=True)


@dataclass(frozen=True)
class Parts(FieldType):
    """`all`, or a list of figures."""

    blank: tuple[CellName, ...] = ()

    def read(self, node: Node, reading: Reading) -> tuple[CellName, ...] | None:
        """The names, or None if the node is neither."""
        if isinstance(node, ScalarNode) and node.text == ALL:
            return EVERY
        names: tuple[CellName, ...] | None = _NAMES.read(node, reading)
        return names

    def schema(self, choices: Choices) -> Schema:
        """The word, or a list of names."""
        return {**_NAMES.schema(choices), "type": ["array", "string"], "pattern": f"^{ALL}$"}

    def leaves(self, value: tuple[CellName, ...], path: str) -> Iterator[Leaf]:
        """The leaves of every name."""
        yield from _NAMES.leaves(value, path)

    def types(self) -> Iterator[type[FieldType]]:
        """The types of a name."""
        return _NAMES.types()


EVERY = (CellName(None, ALL),)
"""The value of `all`."""

CHANGES = {
    "increase": "增加",
    "decrease": "減少",
    "increase_percent": "增加百分比",
    "decrease_percent": "減少百分比",
}


@group
class Share:
    """A part of a whole, in percent or per mille by the unit."""

    part: CellName = described(CellField(), "部分", required=True)
    whole: CellName = described(CellField(), "全體", required=True)


@group
class Rate:
    """A number divided by another, times a factor."""

    of: CellName = described(CellField(), "分子", required=True)
    per: CellName = described(CellField(), "分母", required=True)
    times: Decimal | None = described(Number(), "倍數", "例如每十萬人寫 100000；未寫為 1")


@group
class Change:
    """The growth or decline of a figure, as a difference or in percent of the former value."""

    from_: CellName = described(CellField(), "原數", required=True)
    to: CellName = described(CellField(), "現數", required=True)
    as_: str = described(Choice(CHANGES), "算法", required=True)

    @property
    def percent(self) -> bool:
        """Whether it is a percentage of the former value."""
        return self.as_.endswith("_percent")

    @property
    def shrinks(self) -> bool:
        """Whether it is positive for a decline."""
        return self.as_.startswith("decrease")


@group
class _Ground:
    figure: CellName | None = described(CellField(), "數值", "不得少於這個數值")
    named: tuple[str, ...] = described(
        Many(Text(), unique=True), "列名", "來源舉出而未列盡的對象，不得少於個數"
    )
    because: str = described(Text(maximum=120), "理由", "為什麼不會更少，例如 每案至少一人")


@group
class Least(Counted, _Ground):
    """The lower limit of a figure: another figure, or a number of things."""

    @property
    def ways(self) -> int:
        """The number of ways in which the limit is given, which must be one."""
        own = bool(self.figure) + bool(self.named)
        return ways(self) + own if asks(self) else own


@group
class TableFigure(Figure):
    """A figure of a statistic, which may name an equal figure, or one that it is a part of."""

    consistent_with: CellName | None = described(CellField(elsewhere=True), "應與何處一致")
    part_of: CellName | None = described(CellField(), "屬於何者的一部分")


@dataclass(frozen=True)
class TableFigureField(FigureField):
    """A figure of a statistic."""

    cls: type[Figure] = TableFigure

    def leaves(self, value: TableFigure, path: str) -> Iterator[Leaf]:
        """The figure, and the figures that it must equal and is a part of."""
        yield Leaf(path, self, value)
        for name in ("consistent_with", "part_of"):
            cell_name: CellName | None = getattr(value, name)
            if cell_name:
                yield from CellField().leaves(cell_name, f"{path}.{name}")

    def types(self) -> Iterator[type[FieldType]]:
        """A figure, a reference, a text."""
        yield from (type(self), Reference, Text)


@mixin
class Declared:
    """The declarations of a row, a column or an observation about its figures."""

    total_of: tuple[CellName, ...] = described(Parts(), "合計自", "all 或列名、欄名的清單")
    count_of: tuple[str, ...] = described(
        Many(Text(), unique=True), "計數自", "逐一列出所計的對象，數值應等於個數"
    )
    consistent_with: CellName | None = described(
        CellField(elsewhere=True), "應與何處一致", "統計代碼.列名，或 類型:代碼.欄位"
    )
    share_of: Share | None = described(Group(Share), "占比")
    rate: Rate | None = described(Group(Rate), "比率")
    change_from: Change | None = described(Group(Change), "增減")
    average: tuple[CellName, ...] = described(Parts(), "平均自", "all 或列名、欄名的清單")
    part_of: CellName | None = described(CellField(), "屬於何者的一部分", "數值不得大於全體")
    parts: tuple[CellName, ...] = described(
        _NAMES, "已知的部分", "不重疊、也未列盡的部分，相加不得大於本數值"
    )
    at_least: Least | None = described(Group(Least), "不少於", "只寫一種")

    @property
    def rounds(self) -> bool:
        """Whether its figures are rounded, so that they need not add up."""
        percent = self.change_from is not None and self.change_from.percent
        return bool(self.share_of or self.rate or self.average or percent)

    @property
    def compares(self) -> bool:
        """Whether its figures are rounded or differences, so that a part may exceed its whole."""
        return self.rounds or self.change_from is not None

    @property
    def derived(self) -> bool:
        """Whether its figures follow from others; `all` skips such lines."""
        return bool(self.total_of or self.change_from or self.rounds)
