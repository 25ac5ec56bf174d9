"""Numbered texts of official documents: a text, or points within points.

Editors type no numbers; pages generate 一、(一)1.(1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from msgspec import Struct

from generator.content.field_types import TYPED, Choices, FieldType, Leaf, Reading, Schema, Text
from generator.content.model import MappingNode, Node, ScalarNode, SequenceNode

SCHEMA_DEPTH = 5
"""The depth of lists that the schema for YAML editors covers; `check` covers deeper ones."""


class Clause(Struct, frozen=True):
    """A point of a numbered text, and the points below it."""

    text: str
    clauses: tuple[Clause, ...] = ()


class Outline(Struct, frozen=True):
    """A text, or a nested list of points whose numbering is generated."""

    text: str = ""
    clauses: tuple[Clause, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text or self.clauses)


_EMPTY = Outline()


@dataclass(frozen=True)
class Outlined(FieldType):
    """Text, or a list in which a nested list belongs to the point before it."""

    point: Text = field(default_factory=lambda: Text(lines=True))
    blank: Outline = _EMPTY
    text: ClassVar[bool] = True

    def read(self, node: Node, reading: Reading) -> Outline | None:
        """The outline, or None if a point could not be read."""
        if isinstance(node, SequenceNode):
            clauses = self._clauses(node, reading)
            return None if clauses is None else Outline(clauses=clauses)
        text: str | None = self.point.read(node, reading)
        return None if text is None else Outline(text=text)

    def schema(self, choices: Choices) -> Schema:
        """A text, or a list of texts and lists, five deep."""
        text = self.point.schema(choices)
        inner: Schema = text
        for _ in range(SCHEMA_DEPTH):
            inner = {**text, "type": [*TYPED, "array"], "items": inner, "minItems": 1}
        help_ = "可寫一段文字；或清單，每項一行以「- 」開頭，編號由頁面自動產生"
        return {**inner, "description": help_}

    def leaves(self, value: Outline, path: str) -> Iterator[Leaf]:
        """The text, or each point's text by its place in the lists as typed."""
        if value.text:
            yield Leaf(path, self.point, value.text)
        yield from self._points(value.clauses, path)

    def types(self) -> Iterator[type[FieldType]]:
        """The types of a point."""
        return self.point.types()

    def _points(self, clauses: tuple[Clause, ...], path: str) -> Iterator[Leaf]:
        index = 0
        for clause in clauses:
            yield Leaf(f"{path}.{index}", self.point, clause.text)
            index += 1
            if clause.clauses:
                yield from self._points(clause.clauses, f"{path}.{index}")
                index += 1

    def _clauses(self, node: SequenceNode, reading: Reading) -> tuple[Clause, ...] | None:
        clauses: list[Clause] = []
        for index, inner in enumerate(node.nodes):
            clause = self._clause(inner, clauses, reading.inside(str(index), inner.origin))
            if clause is None:
                return None
            clauses.append(clause)
        if not clauses:
            reading.report("list-short", node.origin, least="1")
        return tuple(clauses) or None

    def _clause(self, node: Node, before: list[Clause], reading: Reading) -> Clause | None:
        if isinstance(node, MappingNode):
            reading.report("field-shape", node.origin, "point")
            return None
        if not isinstance(node, SequenceNode):
            if _glued(node):
                reading.report("outline-glued", node.origin)
            text: str | None = self.point.read(node, reading)
            return None if text is None else Clause(text)
        if not before or before[-1].clauses:
            reading.report("outline-orphan", node.origin)
            return None
        below = self._clauses(node, reading)
        return None if below is None else Clause(before.pop().text, below)


def _glued(node: Node) -> bool:
    """Whether a point contains the list below it: YAML folds `- a` and a deeper `- b` into one."""
    if not isinstance(node, ScalarNode):
        return False
    # a plain text on several lines has no `text_line`: its lines were folded
    return node.plain and not node.origin.text_line and " - " in node.text
