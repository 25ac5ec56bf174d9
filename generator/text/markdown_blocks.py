"""The blocks of the editors' Markdown: headings, rules, lists, tables, blocks between backticks.

Python-Markdown finds the elements of a block one by one and passes the rest on as a text, which
takes quadratic time.  The readers in this module go through the lines of a block once, and give
the same elements.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from abc import abstractmethod
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from html import escape
from itertools import zip_longest
from typing import Any

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import (
    BlockProcessor,
    EmptyBlockProcessor,
    ListIndentProcessor,
    ParagraphProcessor,
)
from markdown.extensions.sane_lists import SaneOListProcessor, SaneUListProcessor
from markdown.preprocessors import Preprocessor

INDENT = 2
"""The spaces by which a nested list is indented."""
LIST_DEPTH = 8
"""The most levels of nested lists; a deeper one shows as typed."""
CELLS = 8
"""The most cells of a table for each character typed; a table with more shows as typed.

Without this limit a wide head above many rows of one sign would fill the memory.
"""
NUMBER = r"(?:0|[1-9][0-9]{0,3})\."
"""The number at the beginning of an item of a numbered list."""
FENCE = re.compile("^```[a-z]*[ ]*$", re.M)
"""A line of three backticks."""
_HEADING = re.compile(r"(?P<level>#{1,6})[ ]++(?P<words>.*[^\s#])[ ]*+#*+[ ]*+")
"""A heading needs a space after its signs: `#1` is a number."""
_RULE = re.compile(r"-{3,}[ ]*")
"""A rule is a line of hyphens alone."""
_SEPARATORS = frozenset("|:- ")


def fences(text: str) -> Iterator[tuple[int, int]]:
    """The beginning and end of each block between lines of three backticks; it must be closed."""
    start = -1
    for line in FENCE.finditer(text):
        if start < 0:
            start = line.start()
        elif not line[0].strip("` "):
            yield start, line.end()
            start = -1


class Fenced(Preprocessor):
    """Puts the blocks between lines of three backticks aside as HTML."""

    def run(self, lines: list[str]) -> list[str]:
        """The lines, each such block replaced by its mark."""
        text, place, parts = "\n".join(lines), 0, list[str]()
        for start, end in fences(text):
            code = text[text.index("\n", start) + 1 : text.rindex("\n", start, end) + 1]
            mark = self.md.htmlStash.store(f"<pre><code>{escape(code)}</code></pre>")
            parts += [text[place:start], f"\n{mark}\n"]
            place = end
        return "".join((*parts, text[place:])).split("\n")


def block_parser(md: Markdown) -> BlockParser:
    """A reader of this dialect's blocks; the first part that knows a block reads it."""
    parser = _Parser(md)
    table, indented = _Table(parser), ListIndentProcessor(parser)
    parts: tuple[tuple[str, BlockProcessor], ...] = (
        ("empty", EmptyBlockProcessor(parser)),
        ("indent", indented),
        ("table", table),
        ("hashheader", _Heading(parser, indented, table)),
        ("hr", _Rule(parser, indented, table)),
        ("olist", _Numbered(parser)),
        ("ulist", _Bulleted(parser)),
        ("paragraph", ParagraphProcessor(parser)),
    )
    for rank, (name, part) in enumerate(reversed(parts)):
        parser.blockprocessors.register(part, name, rank)
    return parser


class _Parser(BlockParser):
    """Reads block by block: removing the first block of a long list would move all others."""

    def parseChunk(self, parent: ET.Element, text: str) -> None:  # noqa: N802 -- the library's name
        """Appends the elements of a text."""
        for block in text.split("\n\n"):
            self.parseBlocks(parent, [block])


class _Lines(BlockProcessor):
    """Elements that are a line each, anywhere in a block."""

    form: re.Pattern[str]

    def __init__(self, parser: BlockParser, indented: ListIndentProcessor, table: _Table) -> None:
        super().__init__(parser)
        self._indented, self._table = indented, table

    def test(self, parent: ET.Element, block: str) -> bool:
        """Whether a line of a block is such an element."""
        del parent
        return any(map(self.form.fullmatch, block.split("\n")))

    def run(self, parent: ET.Element, blocks: list[str]) -> None:
        """Appends the one-line elements of a block, and the text between them.

        Lines that follow one and belong to a table or a list's item go back to the parser, as
        they do at the beginning of a block.
        """
        block, before, count = blocks.pop(0), list[str](), 0
        lines, length = block.split("\n"), len(block) + 1
        for place, typed in enumerate(lines):
            line = self._moved(typed, count)
            if count and not before and line:
                table = self._table.begins(lines, place, length)
                if table or self._indented.test(parent, line):
                    before = [self._moved(following, count) for following in lines[place:]]
                    break
            length -= len(typed) + 1
            match = self.form.fullmatch(line)
            if match is None:
                before += [line] if line or before else []
                continue
            if before:
                self.parser.parseBlocks(parent, ["\n".join(before)])
            before, count = [], count + 1
            self.append(parent, match)
        if before:
            blocks.insert(0, "\n".join(before))

    def _moved(self, line: str, count: int) -> str:
        """A line that follows `count` of these elements."""
        del count
        return line

    @abstractmethod
    def append(self, parent: ET.Element, match: re.Match[str]) -> None:
        """Appends the element of a line."""


class _Heading(_Lines):
    """Headings."""

    form = _HEADING

    def append(self, parent: ET.Element, match: re.Match[str]) -> None:
        """Appends a heading whose level is the number of its signs."""
        ET.SubElement(parent, f"h{len(match['level'])}").text = match["words"].strip()

    def _moved(self, line: str, count: int) -> str:
        """In an item of a loose list, each heading moves the lines after it to the left."""
        if not count or not self.parser.state.isstate("looselist"):
            return line
        blanks = len(line) - len(line.lstrip(" "))
        return line[INDENT * min(count, blanks // INDENT) :]


class _Rule(_Lines):
    """Rules."""

    form = _RULE

    def append(self, parent: ET.Element, match: re.Match[str]) -> None:
        """Appends a horizontal rule (`<hr>`)."""
        del match
        ET.SubElement(parent, "hr")


class _Numbered(SaneOListProcessor):
    """A numbered list whose items keep the numbers typed."""

    def __init__(self, parser: Any) -> None:
        super().__init__(parser)
        self.RE = re.compile(rf"^[ ]?{NUMBER}[ ]+(.*)")
        self.CHILD_RE = re.compile(rf"^[ ]?(({NUMBER}))[ ]+(.*)")
        self.INDENT_RE = _INDENTED

    def test(self, parent: ET.Element, block: str) -> bool:
        """Whether a block is such a list, and not too deep."""
        return super().test(parent, block) and len(self.parser.state) < LIST_DEPTH

    def run(self, parent: ET.Element, blocks: list[str]) -> None:
        """Builds the list; each item's `value` is the number typed."""
        matches = (self.CHILD_RE.match(line) for line in blocks[0].split("\n"))
        numbers = [match[1].rstrip(".") for match in matches if match]
        super().run(parent, blocks)
        list_ = parent if parent.tag in ("ol", "ul") else self.lastChild(parent)
        if list_ is not None:
            list_.attrib.pop("start", None)
            for item, number in zip(list_[-len(numbers) :], numbers, strict=False):
                item.set("value", number)

    def get_items(self, block: str) -> list[str]:
        """The texts of a list's items."""
        return _items(block, self.CHILD_RE)


class _Bulleted(SaneUListProcessor):
    """A list of points; `*` and `+` are signs of the text."""

    def __init__(self, parser: Any) -> None:
        super().__init__(parser)
        self.RE = re.compile(r"^[ ]?-[ ]+(.*)")
        self.CHILD_RE = re.compile(r"^[ ]?((-))[ ]+(.*)")
        self.INDENT_RE = _INDENTED

    def test(self, parent: ET.Element, block: str) -> bool:
        """Whether a block is such a list, and not too deep."""
        return super().test(parent, block) and len(self.parser.state) < LIST_DEPTH

    def get_items(self, block: str) -> list[str]:
        """The texts of a list's items."""
        return _items(block, self.CHILD_RE)


_INDENTED = re.compile(rf"^[ ]{{2,3}}(({NUMBER})|-)[ ]+.*")


def _items(block: str, child: re.Pattern[str]) -> list[str]:
    """The items of a list; consecutive indented lines form one item."""
    items: list[list[str]] = []
    for line in block.split("\n"):
        if match := child.match(line):
            items.append([match[3]])
        elif _INDENTED.match(line) and not items[-1][0].startswith(" " * INDENT):
            items.append([line])
        else:
            items[-1].append(line)
    return ["\n".join(item) for item in items]


class _Table(BlockProcessor):
    """A table: a head, a line of hyphens with as many cells, and rows."""

    def __init__(self, parser: BlockParser) -> None:
        super().__init__(parser)
        self._edged = False
        self._separator: Sequence[str] = ()

    def test(self, parent: ET.Element, block: str) -> bool:
        """Whether a block is a table."""
        del parent
        return "|" in block and self.begins(block.split("\n"), 0, len(block))

    def begins(self, lines: Sequence[str], place: int, length: int) -> bool:
        """Whether the lines from `place` on are a table; `length` counts their characters."""
        height = len(lines) - place
        if height < 2 or not _SEPARATORS.issuperset(lines[place + 1]):  # noqa: PLR2004 -- head and line
            return False
        head = lines[place].strip(" ")
        self._edged = _edged(head)
        columns = len(self._cells(head))
        # a single column needs a stroke at an end of every line
        single = self._edged and all(
            _edged(lines[n].strip(" ")) for n in range(place + 1, len(lines))
        )
        if columns == 1 and not single:
            return False
        self._separator = self._cells(lines[place + 1].strip(" "))
        return len(self._separator) == columns and columns * height <= CELLS * length

    def run(self, parent: ET.Element, blocks: list[str]) -> None:
        """Appends the table; a row has as many cells as the head, whatever was typed."""
        head, _, *rows = blocks.pop(0).split("\n")
        marks = (cell.strip(" ") for cell in self._separator)
        aligned = [_ALIGNED[mark.startswith(":"), mark.endswith(":")] for mark in marks]
        table = ET.SubElement(parent, "table")
        self._row(head, ET.SubElement(table, "thead"), "th", aligned)
        body = ET.SubElement(table, "tbody")
        for row in rows:
            self._row(row, body, "td", aligned)
        if not rows:
            blank = ET.SubElement(body, "tr")
            for _ in aligned:
                ET.SubElement(blank, "td")

    def _row(self, row: str, parent: ET.Element, tag: str, aligned: Sequence[str]) -> None:
        cells_row, cells = ET.SubElement(parent, "tr"), self._cells(row.strip(" "))
        for align, cell in zip_longest(aligned, cells[: len(aligned)], fillvalue=""):
            element = ET.SubElement(cells_row, tag, {"align": align} if align else {})
            element.text = cell.strip(" ")

    def _cells(self, row: str) -> list[str]:
        """The cells of a row; a stroke behind a backslash or in code is no border."""
        if self._edged:
            row = _LAST.sub("", row.removeprefix("|"))
        tics, strokes = list[re.Match[str]](), list[int]()
        for match in _STROKES.finditer(row):
            if match["tics"]:
                tics.append(match)
            elif match[0] == "|":
                strokes.append(match.start())
        code = tuple(_code(tics))
        begins = [begin for begin, _ in code]
        cells, place = list[str](), 0
        for stroke in strokes:
            at = bisect_right(begins, stroke) - 1
            if at < 0 or code[at][1] <= stroke:
                cells.append(row[place:stroke])
                place = stroke + 1
        return [*cells, row[place:]]


_ALIGNED = {(True, True): "center", (True, False): "left", (False, True): "right"} | {
    (False, False): ""
}
_STROKES = re.compile(r"\\\\|\\?(?P<tics>`+)|\\\||\|")
_LAST = re.compile(r"(?<!\\)(?:\\\\)*\|$")
"""A stroke at the end of a row, unless a backslash stands before it."""


def _edged(row: str) -> bool:
    """Whether a row has a stroke at one of its ends."""
    return row.startswith("|") or bool(_LAST.search(row))


def _code(tics: Sequence[re.Match[str]]) -> Iterator[tuple[int, int]]:
    """The beginning and end of each code span in a row; its ends have as many backticks."""
    sizes = [len(tic["tics"]) for tic in tics]
    places: dict[int, list[int]] = defaultdict(list)
    for place, size in enumerate(sizes):
        places[size].append(place)
    place = 0
    while place < len(tics):
        # a backslash takes the first from its run
        size = sizes[place] - tics[place][0].startswith("\\")
        same = places.get(size, ()) if size else ()
        at = bisect_right(same, place)
        if at < len(same):
            yield tics[place].start(), tics[same[at]].end()
            place = same[at]
        place += 1
