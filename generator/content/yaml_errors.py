"""Finds faults that libyaml accepts, and explains its own errors in an editor's terms.

The parser implements YAML 1.1: it drops the `?` of `[?x]` and accepts quoted text whose lines
stand outside their field.  This module looks for such faults in the text between its events.
Positions count characters of the text.
"""

from __future__ import annotations

import re

Fault = tuple[str, str, int]
"""Code, detail, position in the text."""

_HEADER = re.compile(r"[|>][-+0-9]*")
_BLANK = re.compile(r"[ ]*(?:\r?\n|\Z)")
_COMMENT = re.compile(r"[ \t]++#[^\r\n]*")
_INDENT = re.compile(r"[ ]*")


def between(text: str, start: int, end: int) -> Fault | None:
    """A fault between two nodes: a comment without a blank before it, or an explicit key."""
    gap = text[start:end]
    place = gap.find("#")
    if place >= 0:
        if start + place > 0 and not text[start + place - 1].isspace():
            return "yaml-syntax", "comment", start + place
        gap = re.sub(r"#[^\n]*", lambda match: " " * len(match[0]), gap)
    sign = gap.find("?")
    return ("yaml-feature", "complex-key", start + sign) if sign >= 0 else None


def comment_after(text: str, end: int) -> str:
    """The comment after a plain text on its line, with the blanks before it; or ""."""
    match = _COMMENT.match(text, end)
    return match[0] if match else ""


def continuation(text: str, start: int, end: int, indent: int) -> Fault | None:
    """A line of a quoted text or a flow list that is not indented deeper than its field."""
    place = text.find("\n", start, end)
    while place >= 0:
        line = place + 1
        spaces = _INDENT.match(text, line)
        if line < end and spaces and not _BLANK.match(text, line) and _depth(spaces) <= indent:
            return "yaml-syntax", "indent", line
        place = text.find("\n", line, end)
    return None


def block_header(text: str, start: int, indent: int) -> Fault | None:
    """A fault of a block text: no blank before its comment, or too deep blank lines."""
    header = _HEADER.match(text, start)
    if header is None:
        return None
    if text[header.end() : header.end() + 1] == "#":
        return "yaml-syntax", "comment", header.end()
    if any(sign.isdigit() for sign in header[0]):
        return None
    return _leading_blanks(text, text.find("\n", start) + 1, indent)


def _leading_blanks(text: str, line: int, indent: int) -> Fault | None:
    longest = 0
    while 0 < line < len(text) and (blank := _BLANK.match(text, line)):
        longest = max(longest, len(blank[0].rstrip("\r\n")))
        line = blank.end() if blank.end() > line else len(text)
    spaces = _INDENT.match(text, line)
    depth = _depth(spaces) if spaces and 0 < line < len(text) else 0
    return ("yaml-syntax", "indent", line) if indent < depth < longest else None


def _depth(spaces: re.Match[str]) -> int:
    return len(spaces[0])


def explain(text: str, place: int, start: int, reason: str) -> tuple[str, str, int]:
    """Code, detail and place of the parser's own error, as exact as its message allows.

    `place` is where it stopped, `start` the beginning of the construct that it was reading.
    """
    line = _line(text, place)
    directive = "directive" in reason or line.startswith("%")
    if directive or line.startswith("...") or "document start" in reason:
        return "yaml-feature", "directive" if directive else "document", place
    if "tab" in reason or "\t" in line[: len(line) - len(line.lstrip()) + 1]:
        return "yaml-syntax", "tab", place
    if ("expected ','" in reason or "node content" in reason) and (
        lost := _unquoted(text, place, start)
    ):
        return "yaml-syntax", *lost
    if text[place : place + 1] == ":" and (sign := _colon(text, place, reason)):
        return "yaml-feature", sign, place
    for words, detail in _REASONS:
        if words in reason:
            return "yaml-syntax", detail, start if detail in _BEGAN else place
    return "yaml-syntax", *_wording(text, place, start, reason)


def _unquoted(text: str, place: int, start: int) -> tuple[str, int] | None:
    """What YAML reads in the texts between brackets, though the brackets balance for an editor.

    A comment that contains the closing bracket or a field's whole value, else a second `: `.
    """
    begin = text.rfind("\n", 0, min(start, len(text[:place].rstrip()))) + 1
    for token in _FLOW_TOKEN.finditer(text, begin, place):
        comment = token["comment"] or ""
        before = text[text.rfind("\n", 0, token.start()) + 1 : token.start()].rstrip()
        closed = sum(map(comment.count, "]}")) - sum(map(comment.count, "[{"))
        if comment and (closed > 0 or before.endswith(":")):
            return "hash", token.start()
    line = text[max(start, text.rfind("\n", 0, place) + 1) : place]
    second = text[place : place + 1] == ":" and ": " in re.split(r"[,\[{]", line)[-1]
    return ("flow-colon", place) if second else None


_FLOW_TOKEN = re.compile(
    r"""(?<![^\s,\[{])(?:"(?:\\.|[^"\\])*+"|'(?:''|[^'])*+')|(?<=[ \t])(?P<comment>#[^\n]*+)"""
)
"""A text in quotes, or a comment."""
_REASONS = (
    ("end of stream", "quote"),
    ("cannot start any token", "sign"),
    ("expected ','", "bracket"),
    ("sequence entries are not allowed", "dash"),
    ("escape character", "escape"),
    ("expected comment or line break", "block-text"),
    ("expected '-' indicator", "indent"),
)
_BEGAN = frozenset(("quote", "bracket"))
_WIDE_COLON = re.compile(r"[ ]*(?:- )?[a-z_]+：")
_NO_SPACE = re.compile(r"[ ]*(?:- )?[a-z_]+:[^\s]")


def _line(text: str, place: int) -> str:
    start = text.rfind("\n", 0, place) + 1
    end = text.find("\n", place)
    return text[start : end if end >= 0 else len(text)]


def _colon(text: str, place: int, reason: str) -> str:
    """The feature that a colon in an unexpected place belongs to, or ""."""
    after = text[place + 1 : place + 2]
    before = text[text.rfind("\n", 0, place) + 1 : place]
    if "expected ','" in reason:
        return "key-lines" if not before.strip() or before.endswith(("'", '"')) else ""
    if "not allowed" in reason:
        return ""
    return "empty-key" if not after.strip() or after == "," else "leading-colon"


def _wording(text: str, place: int, start: int, reason: str) -> tuple[str, int]:
    for near in (place, max(0, text.rfind("\n", 0, place)), start):
        if detail := missing_colon(_line(text, near)):
            return detail, text.rfind("\n", 0, near) + 1
    before = text[text.rfind("\n", 0, place) + 1 : place]
    if "mapping values are not allowed" in reason:
        return ("colon" if ": " in before else "indent"), place
    if "could not find expected ':'" in reason:
        return "no-colon", start
    if "expected key" in reason:
        return ("after" if before.strip() else "indent"), place
    return "", place


def missing_colon(line: str) -> str:
    """The problem detail for a line without a valid `: ` behind the field, or ""."""
    if _WIDE_COLON.match(line):
        return "wide-colon"
    return "space" if _NO_SPACE.match(line) and "://" not in line else ""
