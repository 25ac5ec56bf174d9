"""Text-first YAML: bytes in, a tree of text with the place of each node out.

PyYAML's resolver would turn `010` into 8 and `no` into false, so nothing is resolved here:
every scalar stays the text as typed, and the field's type decides later what it means.
The tree is built from the parser's events (PyYAML's own composer recurses in C and
crashes on deep input); features that hide content from a reviewer are refused by name.
The only YAML reader of the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from generator.characters import named, refused
from generator.model import MappingNode, Node, Origin, Problem, ScalarNode, SequenceNode
from generator.syntax import Fault, between, block_header, continuation, explain

DEPTH_LIMIT = 64
FIELD_LIMIT = 1000
"""Fields of one mapping; a record has some forty."""
SIZE_LIMIT = 4 * 1024 * 1024
"""Bytes of a file; a longer one is no record but an attachment in its place."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(?P<head>.*?)^---[ \t]*(?:\r?\n|\Z)", re.S | re.M)


class Refused(Exception):  # noqa: N818 -- a refusal is a finding, carried to the nearest `read_*`
    """Carries the one problem that ends the reading of a file."""

    def __init__(self, code: str, origin: Origin, detail: str = "", **values: str) -> None:
        super().__init__(code)
        self.problem = Problem(code=code, origin=origin, detail=detail, values=values)


def read_bytes(path: Path) -> bytes:
    """The bytes of a content file; raises `OSError` as the system does."""
    return path.read_bytes()


def read_tree(content: bytes, path: str) -> Node | Problem:
    """The tree of a YAML file, or the problem that keeps it from having one."""
    try:
        text = _decoded(content, path)
        return _Composer(path).compose(text)
    except Refused as refused:
        return refused.problem


def read_front_matter(content: bytes, path: str) -> MappingNode | Problem:
    """A Markdown file as a mapping: its header's fields, and the rest under `markdown`."""
    try:
        text = _decoded(content, path)
        match = _FRONT_MATTER.match(text)
        if match is None:
            return Problem(code="front-matter-missing", origin=Origin(path=path, line=1, column=1))
        head = _Composer(path, first_line=2).compose(match["head"])
        return _with_body(head, text, match.end(), path)
    except Refused as refused:
        return refused.problem


def _with_body(head: Node, text: str, start: int, path: str) -> MappingNode:
    if not isinstance(head, MappingNode):
        raise Refused("yaml-not-mapping", head.origin)
    line = text.count("\n", 0, start) + 1
    place = Origin(path=path, line=line, column=1, text_line=line, text_column=1)
    key = ScalarNode(text="markdown", origin=place)
    body = ScalarNode(text=text[start:], origin=place, plain=False)
    if head.get("markdown") is not None:
        raise Refused("yaml-duplicate-key", head.origin, key="markdown")
    return MappingNode(pairs=(*head.pairs, (key, body)), origin=head.origin)


def _decoded(content: bytes, path: str) -> str:
    if len(content) > SIZE_LIMIT:
        raise Refused("file-large", Origin(path=path), limit=f"{SIZE_LIMIT // 1024 // 1024} MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        place = Origin(path=path, line=line, column=1)
        raise Refused("file-not-utf8", place, _other_encoding(content)) from None
    if not text.strip():
        raise Refused("file-empty", Origin(path=path))
    return text


def _other_encoding(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf16"
    try:
        content.decode("cp950")
    except UnicodeDecodeError:
        return ""
    return "big5"


class _Composer:
    """Builds the tree of one document, iteratively."""

    def __init__(self, path: str, first_line: int = 1) -> None:
        self.path = path
        self.first_line = first_line
        self.text = ""
        self.read = 0
        self.stack: list[_Open] = []

    def compose(self, text: str) -> Node:
        """The root node of `text`; raises `Refused` at the first thing that cannot stand."""
        self.text = text
        self._refuse_characters()
        try:
            return self._build()
        except yaml.MarkedYAMLError as error:
            raise self._syntax(error) from None

    def _build(self) -> Node:
        root: Node | None = None
        for event in self._events():
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
        if isinstance(event, yaml.ScalarEvent):
            self._refuse_fault(self._scalar_fault(event))
            return self._scalar(event)
        if isinstance(event, yaml.CollectionStartEvent):
            self.stack.append(_Open(event, self._origin(event)))
            if len(self.stack) > DEPTH_LIMIT:
                raise Refused("yaml-depth", self.stack[-1].origin, limit=str(DEPTH_LIMIT))
        elif isinstance(event, yaml.CollectionEndEvent):
            done = self.stack.pop()
            if done.flow:
                end = _span(event)[1]
                self._refuse_fault(continuation(self.text, done.start, end, self._indent()))
            return done.close()
        return None

    def _scalar_fault(self, event: Any) -> Fault | None:
        start, end = _span(event)
        if event.style in ("|", ">"):
            return block_header(self.text, start, self._indent())
        return continuation(self.text, start, end, self._indent()) if event.style else None

    def _indent(self) -> int:
        """How far in the innermost field or list stands; -1 at the root."""
        return next((held.column for held in reversed(self.stack) if not held.flow), -1)

    def _refuse_characters(self) -> None:
        found = refused(self.text)
        if found:
            place = self._at(found.index)
            raise Refused("text-control", place, found.what, character=named(found.characters))

    def _events(self) -> Iterator[Any]:
        documents = 0
        for event in yaml.parse(self.text, Loader=_LOADER):
            self._refuse_feature(event)
            documents += isinstance(event, yaml.DocumentStartEvent)
            if documents > 1:
                raise Refused("yaml-feature", self._origin(event), "document")
            self._refuse_fault(between(self.text, self.read, _span(event)[0]))
            self.read = max(self.read, _span(event)[1])
            yield event

    def _refuse_fault(self, fault: Fault | None) -> None:
        if fault:
            code, detail, place = fault
            raise Refused(code, self._at(place), detail)

    def _refuse_feature(self, event: Any) -> None:
        pair = isinstance(event, yaml.MappingStartEvent) and event.flow_style
        if pair and self.text[_span(event)[0]] == "?":
            raise Refused("yaml-feature", self._origin(event), "complex-key")
        if isinstance(event, yaml.AliasEvent):
            raise Refused("yaml-feature", self._origin(event), "alias", name=str(event.anchor))
        if getattr(event, "anchor", None):
            raise Refused("yaml-feature", self._origin(event), "anchor", name=str(event.anchor))
        if getattr(event, "tag", None):
            raise Refused("yaml-feature", self._origin(event), "tag", name=event.tag)
        if isinstance(event, yaml.DocumentStartEvent) and (event.version or event.tags):
            raise Refused("yaml-feature", self._origin(event), "directive")

    def _scalar(self, event: Any) -> ScalarNode:
        origin, (start, end) = self._origin(event), _span(event)
        if event.style == "|":
            origin = self._block(event, origin)
        elif end - start == len(event.value) + (2 if event.style else 0):
            column = origin.column + bool(event.style)
            origin = replace(origin, text_line=origin.line, text_column=column)
        return ScalarNode(text=event.value, origin=origin, plain=not event.style)

    def _block(self, event: Any, origin: Origin) -> Origin:
        """A block text's own beginning: the line after its sign, as far in as its lines stand."""
        lines = event.value.split("\n")
        first = next((n for n, line in enumerate(lines) if line), 0)
        place = self.text.find("\n", event.start_mark.index) + 1
        typed = self.text[place : event.end_mark.index].split("\n")
        indent = len(typed[first].rstrip("\r")) - len(lines[first]) if first < len(typed) else 0
        return replace(origin, text_line=origin.line + 1, text_column=indent + 1)

    def _origin(self, event: Any) -> Origin:
        start, end = event.start_mark, event.end_mark
        length = end.column - start.column if end.line == start.line else 1
        return self._place(start.line, start.column, max(1, length))

    def _place(self, line: int, column: int, length: int = 1) -> Origin:
        line, column = line + self.first_line, column + 1
        return Origin(path=self.path, line=line, column=column, length=length)

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


def _span(event: Any) -> tuple[int, int]:
    return event.start_mark.index, event.end_mark.index


class _Open:
    """A collection whose end has not been read yet."""

    def __init__(self, event: Any, origin: Origin) -> None:
        self.mapping = isinstance(event, yaml.MappingStartEvent)
        self.flow = bool(event.flow_style)
        self.start, self.column = _span(event)[0], event.start_mark.column
        self.origin = origin
        self.nodes: list[Node] = []
        self.keys: set[str] = set()

    def add(self, node: Node) -> None:
        """Takes the next node; raises `Refused` for a key that cannot stand."""
        if self.mapping and len(self.nodes) % 2 == 0:
            self._check_key(node)
        self.nodes.append(node)

    def close(self) -> Node:
        """The finished node."""
        if not self.mapping:
            return SequenceNode(nodes=tuple(self.nodes), origin=self.origin)
        keys = [node for node in self.nodes[::2] if isinstance(node, ScalarNode)]
        pairs = tuple(zip(keys, self.nodes[1::2], strict=True))
        return MappingNode(pairs=pairs, origin=self.origin)

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


def line_of(content: Path, path: str, number: int) -> str:
    """A line of a content file, for showing; "" where it cannot be read."""
    try:
        lines = (content / path).read_text(encoding="utf-8-sig", errors="replace").split("\n")
    except OSError:
        return ""
    return lines[number - 1].rstrip("\r") if 0 < number <= len(lines) else ""
