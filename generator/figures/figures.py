"""Figures: a number as a source gives it, with its qualifier, or the reason it is missing.

Approximations are numbers that no exact rule may touch; a missing value is never zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from generator.model import MappingNode, Node
from generator.reading.fields import Choice, Choices, FieldType, Reading, Schema, Text
from generator.reading.values import Number
from generator.record import described, group, group_schema, read_group

BEFORE = ("約", "近", "逾")
QUALIFIERS = {"約": "約", "近": "近", "逾": "逾", "以上": "以上", "餘": "餘"}
_ENGLISH = {
    "約": "about {}",
    "近": "nearly {}",
    "逾": "more than {}",
    "以上": "{} or more",
    "餘": "more than {}",
}
_CLOSE = frozenset("%％‰")
"""Units that follow a number without a space."""


@group
class Figure:
    """A number with its qualifier, or the reason why there is none."""

    value: Decimal | None = described(Number(), "數值")
    qualifier: str = described(Choice(QUALIFIERS), "概數")
    missing: str = described(Text(), "缺值原因")
    note: str = described(Text(), "註")

    @property
    def exact(self) -> Decimal | None:
        """The number where a rule may reckon with it."""
        return None if self.qualifier else self.value

    @property
    def plain(self) -> str:
        """The number in ASCII digits as typed, for data files; "" where it is missing."""
        return "" if self.value is None else str(self.value)

    @property
    def shown(self) -> str:
        """The number for readers, with thousands separators and its qualifier."""
        if self.value is None:
            return "—"
        return self.around(f"{self.value:,f}")

    @property
    def english(self) -> str:
        """The same in English: about 500, 500 or more."""
        if self.value is None:
            return "—"
        return _ENGLISH.get(self.qualifier, "{}").format(f"{self.value:,f}")

    def around(self, number: str) -> str:
        """A printed number with the qualifier where it belongs: 約500, 500以上."""
        if self.qualifier in BEFORE:
            return f"{self.qualifier}{number}"
        return number + self.qualifier


def with_unit(figure: Figure, unit: str) -> str:
    """A figure for readers, `約500 件`, `500 件以上`, `12.5%`; where it is missing, why."""
    if figure.value is None:
        return figure.missing
    space = "" if not unit or unit[0] in _CLOSE else " "
    return figure.around(f"{figure.value:,f}{space}{unit}")


@dataclass(frozen=True)
class FigureField(FieldType):
    """A plain number, or a mapping of `value`, `qualifier`, `note` or `missing`; as a `cls`."""

    cls: type[Figure] = Figure

    def schema(self, choices: Choices) -> Schema:
        """A number, or a mapping with a value or a reason."""
        number, mapping = Number().schema(choices), group_schema(self.cls, choices)
        either = {"oneOf": [{"required": ["value"]}, {"required": ["missing"]}]}
        mapping |= {"if": {"type": "object"}, "then": either}
        return {**mapping, **number, "type": ["number", "string", "object"]}

    def read(self, node: Node, reading: Reading) -> Figure | None:
        """The figure, or None where it could not be read."""
        if not isinstance(node, MappingNode):
            number: Any = Number(detail="figure").read(node, reading)
            if number is None:
                return None
            return self.cls(value=number, qualifier="", missing="", note="")
        figure = read_group(self.cls, node, reading)
        if figure and (figure.value is None) == (not figure.missing):
            reading.report("figure-empty", node.origin)
            return None
        return figure
