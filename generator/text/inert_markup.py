"""Markup of other dialects, and slips of this one, that a page shows as typed; `check` warns.

A sign counts only if its literal meaning is unlikely: `> 5` is an inequality, `[1][2]` are two
notes, `a<b` compares.  Tables and lists are judged by the rendered page, so that one that renders
as intended causes no warning, however it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from html.entities import html5
from typing import NamedTuple, TypeVar

from generator.text.figure_references import PLACED, unbound
from generator.text.markdown import read_prose
from generator.text.markdown_blocks import NUMBER
from generator.text.markdown_dialect import fences_blanked, text_of, without_targets

Result = TypeVar("Result")


class Inert(NamedTuple):
    """A stretch of a text that shows as typed, and the wording that names the remedy."""

    start: int
    end: int
    what: str


def inert(text: str, *, bound: bool) -> list[Inert]:
    """The markup that a Markdown text shows as typed, in order; a `bound` text may cite figures."""
    plain = fences_blanked(unbound(text) if bound else text)
    prose = without_targets(plain)
    stretches = [Inert(*match.span(), "") for match in _OTHER.finditer(plain)]
    stretches += _elements(prose)
    stretches += _quotations(prose)
    stretches += _links(prose)
    stretches += _references(prose)
    if bound:
        stretches += [Inert(*match.span(), "braces") for match in _BRACES.finditer(plain)]
    if _STROKE.search(plain) or _POINTS.search(plain):
        page = text_of(read_prose(text, bound=bound).html.replace("<p>", "\n<p>"))
        source, page_lines = without_targets(text), frozenset(map(_bare, page.split("\n")))
        stretches += _tables(plain, source, page_lines)
        stretches += _lists(plain, source, page_lines)
    return sorted(stretches)


_OTHER = re.compile(
    r"(?<![0-9A-Za-z*\\])\*[^\s*][^*\n]*(?<!\s)\*(?![0-9A-Za-z*])|(?<!\w)__?[^\s_][^_\n]*(?<!\s)__?(?!\w)"
    r"|\*{3}[^*\n]+\*{3}|`[^`\n]+`|~~[^~\n]+~~|^(?:`{3}|~{3}).*$"
    r"|^#{1,6}[^\s#0-9].*$|^[*+][ ].*$|^={3,}[ ]*$|^＃{1,6}[ \u3000].*$|＊＊[^＊\n]+＊＊",
    re.M,
)
"""Emphasis, code, headings and lists of other dialects, or typed in full width."""

_BRACES = re.compile(
    r"(?![{｛]{2}[^{}｛｝\n]*\}\}|\{\{)[{｛]{2}[^{}｛｝\n]+[}｝]{2}"
    rf"|(?<![{{｛])[{{｛][ ]*(?:(?:{'|'.join(PLACED)})[ ]*[:：]"
    r"|(?:[a-z_]+:)?[^\W\d_][\w-]*\.\w)[^{}｛｝\n]*[}｝](?![}｝])"
)
"""References to figures with wrong braces; single braces only around the name of a figure."""

_ELEMENTS = (
    "a abbr article audio b big blockquote body br button caption center cite code col dd del "
    "details div dl dt em embed figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header "
    "hr html i iframe img input ins kbd label li link main mark meta nav object ol option p pre q "
    "rp rt ruby s script section select small source span strike strong style sub summary sup svg "
    "table tbody td template textarea tfoot th thead title tr tt u ul video wbr"
)
_ELEMENT = re.compile(
    rf"<(?P<name>{'|'.join(_ELEMENTS.split())})"
    r"(?:\s+[a-z][\w:-]*\s*=\s*(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s\"'<>=]+))*+\s*/?>"
    r"(?:[^<\n]{0,40}</(?P=name)\s*>)?|<!--[^\n]*",
    re.I,
)
_ENTITY = re.compile(
    r"&(?:(?P<name>[A-Za-z][A-Za-z0-9]{1,31};)|#[0-9]{2,7};|#[xX][0-9A-Fa-f]{2,6};)"
)

_NAMED = frozenset(html5) - {"lt;", "gt;", "amp;", "quot;"}
"""Names of characters, without the four that texts about HTML need to show its signs."""


def _elements(text: str) -> Iterator[Inert]:
    """HTML elements and character references, each name once: a table would have hundreds."""
    names: set[str] = set()
    entities = (m for m in _ENTITY.finditer(text) if not m["name"] or m["name"] in _NAMED)
    for match in (*_ELEMENT.finditer(text), *entities):
        name = (match["name"] or match[0][:4]).lower()
        if name not in names:
            names.add(name)
            yield Inert(*match.span(), "html")


_QUOTED = re.compile(rf"[ ]*(?:(?:-|{NUMBER})[ ]+)?(?P<sign>>[> ]*)(?P<words>.*)")
_COMPARED = re.compile(
    r"[=＝<＜]|[-+±−－＋$＄]?[ ]*[0-9０-９]|[^\W\d_](?<=[A-Za-zΑ-Ωα-ω])(?![A-Za-z])|$"
)
"""The operand after a sign that compares: a number, a variable."""


def _quotations(text: str) -> Iterator[Inert]:
    """Blocks of lines that begin with `>`, unless all lines of a block are comparisons."""
    for block in _blocks(text, partial(_QUOTED.fullmatch, text)):
        if any(not _COMPARED.match(match["words"]) for _, match in block):
            _, first = block[0]
            yield Inert(first.start("sign"), first.end(), "quote")


_GOAL = re.compile(
    r"[ ]*(?:https?://|mailto:|tel:|[a-z_]+:[0-9a-z]|\S(?:[^\n]*\S)?\.[A-Za-z][A-Za-z0-9]{1,4}(?![\w.]))"
)
"""A link's target: an address, a record, a file."""
_LINK = re.compile(
    r"(?<!\\)!?[\[［](?:[^\[\]［］\n]|\[[^\[\]\n]*\])*+[\]］][ ]?"
    r"[(（](?P<goal>(?:[^()（）\n]|\([^()\n]*\))++)[)）]"
    r"|<(?P<bare>https?://[^\s<>]+)>"
)


def _links(text: str) -> Iterator[Inert]:
    """Links with brackets or targets of other dialects; `text` has blanks for valid links."""
    for match in _LINK.finditer(text):
        if match["bare"] or _GOAL.match(match["goal"]):
            yield Inert(*match.span(), "link")


_REFERENCE = re.compile(r"(?<![\w\\\])])!?\[(?P<words>[^\[\]\n^]+)\]\[(?P<name>[^\[\]\n^]*)\]")
_DEFINITION = re.compile(r"^[ ]{0,3}\[(?P<name>[^\[\]\n^]+)\]:[ ]*(?P<goal>\S[^\n]*)$", re.M)
_FOOTNOTE = re.compile(r"(?<!\\)\[\^[^\[\]\s]+\]")
_NOTE_NUMBER = re.compile(r"[0-9０-９*]*")


def _references(text: str) -> Iterator[Inert]:
    """Links by name, and footnotes; `[1][2]` are notes unless a definition has that name."""
    leads = {m["name"]: m for m in _DEFINITION.finditer(text) if _GOAL.match(m["goal"])}
    used: set[str] = set()
    for match in _REFERENCE.finditer(text):
        name = match["name"] or match["words"]
        if name in leads or not _NOTE_NUMBER.fullmatch(match["name"]):
            used.add(name)
            yield Inert(*match.span(), "reference")
    for name, match in leads.items():
        if name not in used:
            yield Inert(*match.span(), "reference")
    yield from (Inert(*match.span(), "reference") for match in _FOOTNOTE.finditer(text))


_RULED = re.compile(r"[|｜ ]*[:：]?[-－—─][:：|｜ \-－—─]*+")
_STROKE = re.compile("[|｜]")


def _tables(text: str, source: str, page_lines: frozenset[str]) -> Iterator[Inert]:
    """Rows outside any table: two or more with strokes at both ends, or some with a rule."""

    def row(start: int, end: int) -> str:
        line = text[start:end].strip()
        return line if _STROKE.search(line) and _bare(source[start:end]) in page_lines else ""

    for block in _blocks(text, row):
        lines = [line for _, line in block]
        edged = all(len(line) > 1 and _STROKE.match(line) and line[-1] in "|｜" for line in lines)
        if len(lines) > 1 and (edged or any(map(_RULED.fullmatch, lines))):
            start = text.index(lines[0], block[0][0])
            yield Inert(start, start + len(lines[0]), "table")


_POINTS = re.compile(rf"^[ \t]*(?:[-*+]|{NUMBER})[ ]", re.M)
_POINT = re.compile(rf"(?P<blanks>[ \t]*)(?P<mark>[-*+]|{NUMBER})[ ]+\S.*")


def _lists(text: str, source: str, page_lines: frozenset[str]) -> Iterator[Inert]:
    """Points outside any list: indented deeper than the dialect reads, or below other words.

    Numbers below other words cause no warning: they show as typed, a line each, as in a list.
    """

    def point(start: int, end: int) -> re.Match[str] | None:
        match = _POINT.fullmatch(text, start, end)
        inner = match and (match["blanks"] or match["mark"] == "-")
        return match if inner and _bare(source[start:end]) in page_lines else None

    for block in _blocks(text, point):
        start, first = block[0]
        further = first["blanks"] and _POINT.fullmatch(text, *_line_before(text, start))
        if further or (not first["blanks"] and len(block) > 1):
            yield Inert(first.start("mark"), first.end(), "list")


def _line_before(text: str, place: int) -> tuple[int, int]:
    """The beginning and end of the last line before a place that is not blank."""
    while place and text[place - 1].isspace():
        place -= 1
    return text.rfind("\n", 0, place) + 1, place


def _blocks(
    text: str, test: Callable[[int, int], Result | None]
) -> Iterator[list[tuple[int, Result]]]:
    """Runs of consecutive lines that pass a test, each line's place with the test's result."""
    block: list[tuple[int, Result]] = []
    for line in _LINE.finditer(text):
        result = test(*line.span())
        if result:
            block.append((line.start(), result))
        elif block:
            yield block
            block = []
    if block:
        yield block


_LINE = re.compile(r"[^\n]+|(?<=\n)(?=\n)")
_SIGNS = re.compile(r"\*\*|[\\\[\]()!\s]")


def _bare(line: str) -> str:
    """A line without the signs that a page does not show."""
    return _SIGNS.sub("", line)
