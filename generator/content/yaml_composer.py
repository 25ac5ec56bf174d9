"""Composes the tree of one YAML document from the parser's events, with the place of each node.

PyYAML's own composer recurses in C and crashes on deep input.  Features that could hide content
from a reviewer (anchors, tags, merge keys) are refused by name.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from generator.content.model import MappingNode, Node, Origin, Problem, ScalarNode, SequenceNode
from generator.content.yaml_errors import (
    Fault,
    between,
    block_header,
    comment_after,
    continuation,
    explain,
)
from generator.text.characters import code_points, refused

DEPTH_LIMIT = 64
FIELD_LIMIT = 1000
"""The most fields of one mapping; a record has about forty."""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STARTS = frozenset((yaml.MappingStartEvent, yaml.SequenceStartEvent))
_ENDS = frozenset((yaml.MappingEndEvent, yaml.SequenceEndEvent))
_BLOCKS = ("|", ">")
_NOTHING = r"(?:[ \t]*+(?:#[^\n]*+)?\n)*+"
_TAGS = re.compile(rf"({_NOTHING})(?:%YAML[^\n]*+\n)?{_NOTHING}%TAG")


class Refused(Exception):  # noqa: N818 -- a refusal is a finding, carried to the nearest `read_*`
    """Carries the one problem that ends the reading of a file."""

    def __init__(self, code: str, origin: Origin, detail: str = "", **values: str) -> None:
        super().__init__(code)
        self.problem = Problem(code=code, origin=origin, detail=detail, values=values)


class Composer:
    """Builds the tree of one document, iteratively."""

    def __init__(self, path: str, first_line: int = 1) -> None:
        self.path = path
        self.first_line = first_line
        self.text = ""
        self.signs = False
        self.begun = False
        self.read = 0
        self.stack: list[_Open] = []

    def compose(self, text: str) -> Node:
        """The root node of `text`; raises `Refused` at the first problem."""
        self.text = text
        self.signs = "#" in text or "?" in text
        oddity = refused(text)
        if oddity:
            character = code_points(oddity.characters)
            raise Refused("text-control", self._at(oddity.index), oddity.what, character=character)
        # before parsing, as the parser takes quadratic time for many %TAG directives
        tags = _TAGS.match(text)
        if tags:
            raise Refused("yaml-feature", self._at(tags.end(1)), "directive")
        try:
            return self._build()
        except yaml.MarkedYAMLError as error:
            raise self._syntax(error) from None

    def _build(self) -> Node:
        root: Node | None = None
        event: Any
        for event in yaml.parse(self.text, Loader=_LOADER):
            self._refuse_feature(event)
            if self.signs:  # most files have no sign that could be refused between nodes
                self._refuse_fault(between(self.text, self.read, event.start_mark.index))
                self.read = max(self.read, event.end_mark.index)
            node = self._node(event)
            if node is None:
                continue
            if self.stack:
                self.stack[-1].add(node)
            else:
                root = node
        if root is None:
            raise Refused("file-empty", Origin(path=self.path))
        return root

    def _node(self, event: Any) -> Node | None:
        """The node that an event completes, if it completes one."""
        kind = type(event)
        if kind is yaml.ScalarEvent:
            return self._scalar(event)
        if kind in _STARTS:
            self.stack.append(_Open(event, self._origin(event)))
            if len(self.stack) > DEPTH_LIMIT:
                raise Refused("yaml-depth", self.stack[-1].origin, limit=str(DEPTH_LIMIT))
        elif kind in _ENDS:
            done = self.stack.pop()
            if done.flow:
                end = event.end_mark.index
                self._refuse_fault(continuation(self.text, done.start, end, self._indent()))
            return done.close()
        return None

    def _indent(self) -> int:
        """The indentation of the innermost field or list; -1 at the root."""
        return next(
            (collection.column for collection in reversed(self.stack) if not collection.flow), -1
        )

    def _refuse_fault(self, fault: Fault | None) -> None:
        if fault:
            code, detail, place = fault
            raise Refused(code, self._at(place), detail)

    def _refuse_feature(self, event: Any) -> None:
        kind = type(event)
        if kind in _STARTS or kind is yaml.ScalarEvent:
            if event.anchor or event.tag or (self.signs and self._is_key(event)):
                raise self._feature(event)
        elif kind is yaml.AliasEvent:
            raise Refused("yaml-feature", self._origin(event), "alias", name=str(event.anchor))
        elif kind is yaml.DocumentStartEvent:
            if event.version or event.tags:
                raise Refused("yaml-feature", self._origin(event), "directive")
            if self.begun:
                raise Refused("yaml-feature", self._origin(event), "document")
            self.begun = True

    def _is_key(self, event: Any) -> bool:
        """Whether an event is the single pair of `[? a]`."""
        pair = type(event) is yaml.MappingStartEvent and event.flow_style
        return bool(pair) and self.text[event.start_mark.index] == "?"

    def _feature(self, event: Any) -> Refused:
        origin = self._origin(event)
        if self._is_key(event):
            return Refused("yaml-feature", origin, "complex-key")
        if event.anchor:
            return Refused("yaml-feature", origin, "anchor", name=str(event.anchor))
        return Refused("yaml-feature", origin, "tag", name=event.tag)

    def _scalar(self, event: Any) -> ScalarNode:
        style, text, start, end = event.style, event.value, event.start_mark, event.end_mark
        line, column = start.line + self.first_line, start.column + 1
        text_line = text_column = 0
        if style in _BLOCKS:
            self._refuse_fault(block_header(self.text, start.index, self._indent()))
        elif style and end.line > start.line:
            place = continuation(self.text, start.index, end.index, self._indent())
            self._refuse_fault(place)
        if style == "|":
            text_line, text_column = line + 1, self._block_column(event)
        elif end.index - start.index == len(text) + (2 if style else 0):
            text_line, text_column = line, column + bool(style)
        length = max(1, end.column - start.column) if end.line == start.line else 1
        origin = Origin(self.path, line, column, length, "", text_line, text_column)
        comment = "" if style or not self.signs else comment_after(self.text, end.index)
        return ScalarNode(text, origin, not style, comment)

    def _block_column(self, event: Any) -> int:
        """The column of a block scalar's content, which begins on the line after the indicator."""
        lines = event.value.split("\n")
        first = next((n for n, line in enumerate(lines) if line), 0)
        place = self.text.find("\n", event.start_mark.index) + 1
        typed = self.text[place : event.end_mark.index].split("\n")
        indent = len(typed[first].rstrip("\r")) - len(lines[first]) if first < len(typed) else 0
        return indent + 1

    def _origin(self, event: Any) -> Origin:
        start, end = event.start_mark, event.end_mark
        length = end.column - start.column if end.line == start.line else 1
        return self._place(start.line, start.column, max(1, length))

    def _place(self, line: int, column: int, length: int = 1) -> Origin:
        return Origin(self.path, line + self.first_line, column + 1, length)

    def _at(self, index: int) -> Origin:
        line = self.text.count("\n", 0, index)
        return self._place(line, index - (self.text.rfind("\n", 0, index) + 1))

    def _syntax(self, error: yaml.MarkedYAMLError) -> Refused:
        mark = error.problem_mark or error.context_mark
        if mark is None:
            return Refused("yaml-syntax", Origin(path=self.path))
        began = error.context_mark or mark
        reason = error.problem or error.context or ""
        code, detail, place = explain(self.text, mark.index, began.index, reason)
        return Refused(code, self._at(place), detail)


class _Open:
    """A collection whose end has not been read yet."""

    def __init__(self, event: Any, origin: Origin) -> None:
        self.mapping = type(event) is yaml.MappingStartEvent
        self.flow = bool(event.flow_style)
        self.start, self.column = event.start_mark.index, event.start_mark.column
        self.origin = origin
        self.nodes: list[Node] = []
        self.keys: set[str] = set()

    def add(self, node: Node) -> None:
        """Adds the next node; raises `Refused` for an invalid key."""
        if self.mapping and len(self.nodes) % 2 == 0:
            self._check_key(node)
        self.nodes.append(node)

    def close(self) -> Node:
        """The finished node."""
        if not self.mapping:
            return SequenceNode(tuple(self.nodes), self.origin)
        keys = [node for node in self.nodes[::2] if isinstance(node, ScalarNode)]
        return MappingNode(tuple(zip(keys, self.nodes[1::2], strict=True)), self.origin)

    def _check_key(self, node: Node) -> None:
        if not isinstance(node, ScalarNode):
            raise Refused("yaml-feature", node.origin, "complex-key")
        if node.plain and node.text == "<<":
            raise Refused("yaml-feature", node.origin, "merge")
        if len(self.keys) >= FIELD_LIMIT:
            raise Refused("yaml-many", node.origin, limit=str(FIELD_LIMIT))
        if node.text in self.keys:
            raise Refused("yaml-duplicate-key", node.origin, key=node.text)
        self.keys.add(node.text)
