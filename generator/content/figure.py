"""Figures: a number as a source gives it, with its qualifier, or the reason it is missing.

Approximations are numbers that no exact rule may touch; a missing value is never zero.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from generator.content.field_types import Choice, Choices, FieldType, Many, Reading, Schema, Text
from generator.content.model import MappingNode, Node, ScalarNode, SequenceNode
from generator.content.record import described, group, group_schema, read_group
from generator.content.value_types import Number

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

    value: Decimal | None = described(Number(detail="figure"), "數值")
    qualifier: str = described(Choice(QUALIFIERS), "概數")
    missing: str = described(Text(), "缺值原因")
    note: str = described(Text(), "註")

    @property
    def exact(self) -> Decimal | None:
        """The number, or None if it is approximate or missing: rules compute with exact ones."""
        return None if self.qualifier else self.value

    @property
    def plain(self) -> str:
        """The number in ASCII digits as typed, for data files; "" if it is missing."""
        return "" if self.value is None else str(self.value)

    @property
    def shown(self) -> str:
        """The number for readers, with thousands separators and its qualifier."""
        if self.value is None:
            return "—"
        return self.around(f"{self.value:,f}")

    @property
    def english(self) -> str:
        """The number for readers in English: about 500, 500 or more."""
        if self.value is None:
            return "—"
        return _ENGLISH.get(self.qualifier, "{}").format(f"{self.value:,f}")

    def around(self, number: str) -> str:
        """A printed number with the qualifier where it belongs: 約500, 500以上."""
        if self.qualifier in BEFORE:
            return f"{self.qualifier}{number}"
        return number + self.qualifier


def with_unit(figure: Figure, unit: str) -> str:
    """A figure for readers, `約500 件`, `500 件以上`, `12.5%`; if it is missing, the reason."""
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
        """The figure, or None after a report."""
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


@dataclass(frozen=True)
class FigureRow(Many):
    """A list of figures; `[1,010]` is one with a separator, not the two that YAML reads."""

    def read(self, node: Node, reading: Reading) -> tuple[Any, ...] | None:
        """The figures, or None if one of them could not be read."""
        if not isinstance(node, SequenceNode) or not any(map(_is_cut_off, node.nodes)):
            return super().read(node, reading)
        nodes: list[Node] = []
        for inner in node.nodes:
            whole = _joined(nodes[-1], inner) if nodes else None
            nodes[-1:] = [whole] if whole else [*nodes[-1:], inner]
        return super().read(node._replace(nodes=tuple(nodes)), reading)


_HEAD = re.compile(r"(?:.*[^0-9,])?[1-9][0-9]{0,2}(?:,[0-9]{3})*")
_TAIL, _CUT_OFF = re.compile("[0-9]{3}(?![0-9])"), re.compile("0[0-9]{2}")


def _is_cut_off(node: Node) -> bool:
    """Whether a value looks like the digits after a thousands separator: `010`."""
    return isinstance(node, ScalarNode) and node.plain and _CUT_OFF.match(node.text) is not None


def _joined(head: Node, tail: Node) -> ScalarNode | None:
    """Two values as one number with a separator, if only a comma stands between them."""
    if not (isinstance(head, ScalarNode) and isinstance(tail, ScalarNode)):
        return None
    behind = (head.origin.line, head.origin.column + len(head.text) + 1)
    if not (head.plain and tail.plain) or behind != (tail.origin.line, tail.origin.column):
        return None
    if not (_HEAD.fullmatch(head.text) and _TAIL.match(tail.text)):
        return None
    text = f"{head.text},{tail.text}"
    return head._replace(text=text, origin=head.origin._replace(length=len(text)))
