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
from pathlib import Path
from typing import Any

import yaml

from generator.model import MappingNode, Node, Origin, Problem, ScalarNode, SequenceNode

DEPTH_LIMIT = 64
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")
"""Characters that no text of a record may hold; YAML takes U+2028 and U+2029 for line breaks."""

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
    place = Origin(path=path, line=line, column=1)
    key = ScalarNode(text="markdown", origin=place)
    body = ScalarNode(text=text[start:], origin=place, plain=False)
    if head.get("markdown") is not None:
        raise Refused("yaml-duplicate-key", head.origin, key="markdown")
    return MappingNode(pairs=(*head.pairs, (key, body)), origin=head.origin)


def _decoded(content: bytes, path: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise Refused("file-not-utf8", Origin(path=path, line=line, column=1)) from None
    if not text.strip():
        raise Refused("file-empty", Origin(path=path))
    return text


class _Composer:
    """Builds the tree of one document, iteratively."""

    def __init__(self, path: str, first_line: int = 1) -> None:
        self.path = path
        self.first_line = first_line

    def compose(self, text: str) -> Node:
        """The root node of `text`; raises `Refused` at the first thing that cannot stand."""
        try:
            return self._build(text)
        except yaml.MarkedYAMLError as error:
            raise self._syntax(error) from None

    def _build(self, text: str) -> Node:
        self._refuse_control(text)
        root: Node | None = None
        stack: list[_Open] = []
        for event in self._events(text):
            node: Node | None = None
            if isinstance(event, yaml.ScalarEvent):
                node = self._scalar(event)
            elif isinstance(event, yaml.CollectionStartEvent):
                stack.append(_Open(event, self._origin(event)))
                self._limit_depth(stack)
            elif isinstance(event, yaml.CollectionEndEvent):
                node = stack.pop().close()
            if node is None:
                continue
            if stack:
                stack[-1].add(node)
            else:
                root = node
        if root is None:
            raise Refused("file-empty", Origin(path=self.path))
        return root

    def _refuse_control(self, text: str) -> None:
        match = CONTROL.search(text)
        if match is None:
            return
        line = text.count("\n", 0, match.start())
        column = match.start() - (text.rfind("\n", 0, match.start()) + 1)
        place = Origin(path=self.path, line=line + self.first_line, column=column + 1)
        raise Refused("text-control", place, character=f"U+{ord(match[0]):04X}")

    def _events(self, text: str) -> Iterator[Any]:
        documents = 0
        for event in yaml.parse(text, Loader=_LOADER):
            self._refuse_feature(event)
            documents += isinstance(event, yaml.DocumentStartEvent)
            if documents > 1:
                raise Refused("yaml-feature", self._origin(event), "document")
            yield event

    def _refuse_feature(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise Refused("yaml-feature", self._origin(event), "alias", name=str(event.anchor))
        if getattr(event, "anchor", None):
            raise Refused("yaml-feature", self._origin(event), "anchor", name=str(event.anchor))
        if getattr(event, "tag", None):
            raise Refused("yaml-feature", self._origin(event), "tag", name=event.tag)
        if isinstance(event, yaml.DocumentStartEvent) and (event.version or event.tags):
            raise Refused("yaml-feature", self._origin(event), "directive")

    def _limit_depth(self, stack: list[_Open]) -> None:
        if len(stack) > DEPTH_LIMIT:
            raise Refused("yaml-depth", stack[-1].origin, limit=str(DEPTH_LIMIT))

    def _scalar(self, event: Any) -> ScalarNode:
        return ScalarNode(text=event.value, origin=self._origin(event), plain=not event.style)

    def _origin(self, event: Any) -> Origin:
        start, end = event.start_mark, event.end_mark
        length = end.column - start.column if end.line == start.line else 1
        return self._place(start, max(1, length))

    def _place(self, mark: Any, length: int = 1) -> Origin:
        line, column = mark.line + self.first_line, mark.column + 1
        return Origin(path=self.path, line=line, column=column, length=length)

    def _syntax(self, error: yaml.MarkedYAMLError) -> Refused:
        mark = error.problem_mark or error.context_mark
        origin = self._place(mark) if mark else Origin(path=self.path)
        reason = error.problem or error.context or ""
        detail = "tab" if "'\\t'" in reason or "tab character" in reason else ""
        return Refused("yaml-syntax", origin, detail, reason=reason)


class _Open:
    """A collection whose end has not been read yet."""

    def __init__(self, event: Any, origin: Origin) -> None:
        self.mapping = isinstance(event, yaml.MappingStartEvent)
        self.origin = origin
        self.nodes: list[Node] = []

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
        if any(isinstance(key, ScalarNode) and key.text == node.text for key in self.nodes[::2]):
            raise Refused("yaml-duplicate-key", node.origin, key=node.text)


def line_of(content: Path, path: str, number: int) -> str:
    """A line of a content file, for showing; "" where it cannot be read."""
    try:
        lines = (content / path).read_text(encoding="utf-8-sig", errors="replace").split("\n")
    except OSError:
        return ""
    return lines[number - 1].rstrip("\r") if 0 < number <= len(lines) else ""
