"""Reads YAML as text: from bytes to a tree of texts with the place of each node.

PyYAML's resolver would turn `010` into 8 and `no` into false.  So this reader resolves nothing:
every scalar stays as typed, and the field's type decides later what it means.  All content is
read here; `yaml_composer` builds the tree.
"""

from __future__ import annotations

import re
from pathlib import Path

from generator.content.model import MappingNode, Node, Origin, Problem, ScalarNode
from generator.content.yaml_composer import Composer, Refused

SIZE_LIMIT = 4 * 1024 * 1024
"""The most bytes of a record's file; a longer one is probably a misplaced attachment."""

_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(?P<head>.*?)^---[ \t]*(?:\r?\n|\Z)", re.S | re.M)
CONFLICT_MARK = re.compile(rb"^(?:[ \t]*+(?:<{7}|\|{7}|>{7})|={7})(?=[ \r\n]|\Z)", re.M)
"""The lines that git writes around both sides of a conflict."""


def read_bytes(path: Path) -> bytes:
    """The bytes of a content file; raises `OSError` as the system does."""
    return path.read_bytes()


def read_tree(content: bytes, path: str) -> Node | Problem:
    """The tree of a YAML file, or its first problem."""
    try:
        text = _decoded(content, path)
        return Composer(path).compose(text)
    except Refused as refused:
        return refused.problem


def read_front_matter(content: bytes, path: str) -> MappingNode | Problem:
    """A Markdown file as a mapping: its front matter's fields, and the rest under `markdown`."""
    try:
        text = _decoded(content, path)
        match = _FRONT_MATTER.match(text)
        if match is None:
            return Problem(code="front-matter-missing", origin=Origin(path=path, line=1, column=1))
        head = Composer(path, first_line=2).compose(match["head"])
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
    _refuse_conflict(content, path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        place = Origin(path=path, line=line, column=1)
        raise Refused("file-not-utf8", place, _other_encoding(content)) from None
    if not text.strip():
        raise Refused("file-empty", Origin(path=path))
    return text


def _refuse_conflict(content: bytes, path: str) -> None:
    """Refuses a file with conflict marks of git, before any other fault is reported.

    An indented line of seven `=` is no mark: it may be an editor's own, as in a block text.
    """
    marks = [*CONFLICT_MARK.finditer(content)]
    if not marks:
        return
    ends = (marks[0], next((mark for mark in marks if b">" in mark[0]), marks[-1]))
    first, last = (content.count(b"\n", 0, mark.start()) + 1 for mark in ends)
    place = Origin(path=path, line=first, column=1, length=len(marks[0][0]))
    detail = "" if len(marks) > 1 else "alone"
    mark = marks[0][0].strip().decode()
    values = {"mark": mark, "first": str(first), "last": str(last), **_two_records(content)}
    raise Refused("file-conflict", place, detail, **values)


def _two_records(content: bytes) -> dict[str, str]:
    """The titles of both sides of a conflict if each side is a record of its own; else nothing.

    Each side then has one title, the titles differ, and each side has more lines.
    """
    sides: tuple[list[bytes], ...] = ([], [])
    side: list[bytes] | None = None
    for line in content.splitlines():
        mark = CONFLICT_MARK.match(line)
        if mark is None:
            if side is not None and line.strip():
                side.append(line)
        elif b"<" in mark[0]:
            side = sides[0]
        else:
            side = sides[1] if b"=" in mark[0] else None
    titles = [
        [line[len(_TITLE) :].strip() for line in lines if line.startswith(_TITLE)]
        for lines in sides
    ]
    if any(len(lines) != 1 for lines in titles) or titles[0] == titles[1]:
        return {}
    if any(len(lines) == 1 for lines in sides):
        return {}
    first, second = (lines[0].decode("utf-8", "replace") for lines in titles)
    return {"one": first, "other": second}


_TITLE = b"title:"


def _other_encoding(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf16"
    try:
        content.decode("cp950")
    except UnicodeDecodeError:
        return ""
    return "big5"
