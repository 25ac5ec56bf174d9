"""What editors declare of figures: totals, shares, rates, changes, averages, counts, bounds.

A figure is named by its row or column in the same table, or as `statistic.row[.column]`
anywhere; a field of another kind's record as `kind:id.field`.  New declarations are new fields
here and a rule in `reckoning.py`.
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
    """A figure's name as typed: within a statistic, or within the table it is typed in."""

    ref: Ref | None
    key: str

    def __str__(self) -> str:
        if self.ref is None:
            return self.key
        return f"{self.ref.id if self.ref.kind == KIND else self.ref}.{self.key}"


@dataclass(frozen=True)
class CellField(Scalar):
    """The name of a figure; `elsewhere` asks for `statistic.row[.column]` or `kind:id.field`."""

    elsewhere: bool = False

    def read_scalar(self, node: ScalarNode, reading: Reading) -> CellName | None:
        """The name; whether such a figure exists is for the rules to say."""
        match = _ELSEWHERE.fullmatch(node.text)
        if match and (self.elsewhere or not match["kind"]):
            return CellName(Ref(match["kind"] or KIND, match["id"]), match["key"])
        if self.elsewhere:
            reading.report("text-form", node.origin, "cell", value=node.text)
            return None
        key: str | None = Text().read(node, reading)
        return CellName(None, key) if key else None

    def schema(self, choices: Choices) -> Schema:
        """A text in one line."""
        if not self.elsewhere:
            return Text().schema(choices)
        pattern = re.sub(r"\?P<\w+>", "", rf"^{_ELSEWHERE.pattern}$")
        help_ = "請寫「統計代碼.列名」或「統計代碼.列名.欄名」；其他類型寫「類型:代碼.欄位」。"
        return {"type": [*TYPED], "pattern": pattern, "errorMessage": help_}

    def leaves(self, value: CellName, path: str) -> Iterator[Leaf]:
        """The reference to the other statistic where there is one, and the name."""
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
        """The names, or None where the node is neither."""
        if isinstance(node, ScalarNode) and node.text == ALL:
            return EVERY
        names: tuple[CellName, ...] | None = _NAMES.read(node, reading)
        return names

    def schema(self, choices: Choices) -> Schema:
        """The word, or a list of names."""
        return {**_NAMES.schema(choices), "type": ["array", "string"], "pattern": f"^{ALL}$"}

    def leaves(self, value: tuple[CellName, ...], path: str) -> Iterator[Leaf]:
        """Those of every name."""
        yield from _NAMES.leaves(value, path)

    def types(self) -> Iterator[type[FieldType]]:
        """Those of a name."""
        return _NAMES.types()


EVERY = (CellName(None, ALL),)
"""What `all` is read as."""

CHANGES = {
    "increase": "增加",
    "decrease": "減少",
    "increase_percent": "增加百分比",
    "decrease_percent": "減少百分比",
}


@group
class Share:
    """A part of a whole; in percent where the unit says so."""

    part: CellName = described(CellField(), "部分", required=True)
    whole: CellName = described(CellField(), "全體", required=True)


@group
class Rate:
    """A number per another, times a factor."""

    of: CellName = described(CellField(), "分子", required=True)
    per: CellName = described(CellField(), "分母", required=True)
    times: Decimal | None = described(Number(), "倍數", "例如每十萬人寫 100000；未寫為 1")


@group
class Change:
    """What a figure grew or shrank by, as a difference or in percent of where it began."""

    from_: CellName = described(CellField(), "原數", required=True)
    to: CellName = described(CellField(), "現數", required=True)
    as_: str = described(Choice(CHANGES), "算法", required=True)

    @property
    def percent(self) -> bool:
        """Whether it is a share of where it began."""
        return self.as_.endswith("_percent")

    @property
    def shrinks(self) -> bool:
        """Whether a smaller figure makes it positive."""
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
    """What a figure cannot be less than: another figure, or the number of things named."""

    @property
    def ways(self) -> int:
        """In how many ways it says so; only one is right."""
        own = bool(self.figure) + bool(self.named)
        return ways(self) + own if asks(self) else own


@group
class TableFigure(Figure):
    """A figure of a statistic, which may say where else it stands, or what it is a part of."""

    consistent_with: CellName | None = described(CellField(elsewhere=True), "應與何處一致")
    part_of: CellName | None = described(CellField(), "屬於何者的一部分")


@dataclass(frozen=True)
class TableFigureField(FigureField):
    """A figure of a statistic."""

    cls: type[Figure] = TableFigure

    def leaves(self, value: TableFigure, path: str) -> Iterator[Leaf]:
        """The figure, and the figure that it must equal."""
        yield Leaf(path, self, value)
        for name in ("consistent_with", "part_of"):
            held: CellName | None = getattr(value, name)
            if held:
                yield from CellField().leaves(held, f"{path}.{name}")

    def types(self) -> Iterator[type[FieldType]]:
        """A figure, a reference, a text."""
        yield from (type(self), Reference, Text)


@mixin
class Declared:
    """What a row, a column or an observation says of its figures."""

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
        """Whether its figures are rounded, so that no exact sum of them is to be expected."""
        percent = self.change_from is not None and self.change_from.percent
        return bool(self.share_of or self.rate or self.average or percent)

    @property
    def compares(self) -> bool:
        """Whether its figures are rounded or differences, in which a part may exceed its whole."""
        return self.rounds or self.change_from is not None

    @property
    def derived(self) -> bool:
        """Whether its figures follow from others: `all` passes over such lines."""
        return bool(self.total_of or self.change_from or self.rounds)
