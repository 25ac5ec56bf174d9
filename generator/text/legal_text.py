"""Finds the articles, chapters and numbered points of a plain legal text, line by line.

Recognition serves indentation, anchors and the list of contents alone.  It never changes a line,
so that a wrong guess never costs a character.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from generator.text.numerals import number_of

_NUMBER = r"[〇零○一二三四五六七八九十廿卅卌百千0-9０-９]+"
_SPACED = rf"{_NUMBER}(?:[ \u3000]+{_NUMBER})*"
_BLANK = r"[ \u3000]*"
_BRANCH = rf"{_BLANK}之{_BLANK}(?P<{{name}}>{_NUMBER})(?![般律])"
"""之一; in 之一一般廢棄物 the second 一 belongs to the text."""
_ARTICLE = re.compile(
    rf"{_BLANK}第{_BLANK}(?P<number>{_SPACED})"
    rf"(?:{_BRANCH.format(name='within')}|{_BLANK}[-－‐‑–]{_BLANK}(?P<dashed>{_NUMBER}))?"
    rf"{_BLANK}條(?:{_BRANCH.format(name='behind')})?"
)
_DIVISION = re.compile(
    rf"{_BLANK}第{_BLANK}{_SPACED}(?:{_BRANCH.format(name='within')})?{_BLANK}"
    rf"(?:[編章]|[節款目](?!\Z))(?:{_BRANCH.format(name='behind')})?"
)
_ADDITION = "附[表件圖錄]"
_CITATION = re.compile(
    rf"第{_BLANK}{_NUMBER}{_BLANK}[章節項款目]|各[項款目](?:所|之?規定|情[形事])|但書|前段|後段"
    rf"|所(?:[定稱列訂載指]|規定)|之(?!{_NUMBER}(?![般律]))|規定|條文|本文(?:規定|所)|等(?:條|規定)|情[形事]"
    rf"|{_ADDITION}|示意圖|修正(?:條文|草案|規定|理由|說明|總說明|對照表|為|如)|立法理由|文字修正|者"
    rf"|[除以]外(?:[之，、]|\Z)|[，,；;。]|[、及與或至暨](?:第|前|本條|{_ADDITION})"
)
"""Text right behind a number that shows it to be cited by a sentence or a table's title."""
_PARTS = re.compile(
    rf"{_BLANK}(?:第{_BLANK}{_NUMBER}{_BLANK}[項款目]{_BLANK})+(?:前段|後段)?{_BLANK}"
)
"""A line of paragraph numbers alone; below a number it is the next line of a cell that cites."""
_CITED = "cited"
_LATE = re.compile(r"[廿卅卌]|[之\-－‐‑–].*條")
"""Spellings of numbers that earlier releases did not read; they get their anchors last."""
_BLANKS = " \u3000"
_WIDE_BLANK = "\u3000"
_BREAKS = ("", *_BLANKS, "(", "（", "〔", "[", "：", ":", "、")
_FORMS = (
    ("一二三四五六七八九十百", re.compile(r"[ \u3000]*[一二三四五六七八九十百]+、")),
    ("(（", re.compile(r"[ \u3000]*[(（][一二三四五六七八九十百]+[)）]")),
    (
        "0123456789０１２３４５６７８９",
        re.compile(r"[ \u3000]*[0-9０-９]{1,3}[.．、](?![0-9０-９])"),
    ),
    ("(（", re.compile(r"[ \u3000]*[(（][0-9０-９]{1,3}[)）]")),
)
_POINTS = {
    first: tuple((depth, form) for depth, (signs, form) in enumerate(_FORMS, 1) if first in signs)
    for signs, _ in _FORMS
    for first in signs
}
"""Maps a line's first character to the depths it may have, with the form of each.

Most lines begin with none of these, and are running text without a further test.
"""

CONTENTS_FROM = 6
"""Articles from which a text deserves a list of contents."""
CHAPTER_LENGTH = 40
"""A longer line that begins like a chapter's heading is a sentence."""


class TextLine(NamedTuple):
    """A line: its text, its depth (0 running text, 1 一、 to 4 (1)), its role and anchor."""

    text: str
    depth: int = 0
    role: str = ""
    anchor: str = ""
    label: str = ""


@lru_cache(maxsize=16)  # a page asks for its contents, then for its lines
def text_lines(text: str) -> tuple[TextLine, ...]:
    """The lines of a plain text; joined by line breaks they give the same text."""
    lines = _without_cells([_line(line) for line in text.split("\n")])
    joined = [line for line in lines if line.role == "article" and _is_joined(line)]
    if joined and (strange := _out_of_place(joined, lines)):
        lines = [line._replace(role=_CITED) if line in strange else line for line in lines]
    anchors = [line.anchor for line in lines if line.anchor]
    cited = any(line.role == _CITED for line in lines)
    return tuple(_addressed(lines) if cited or len(anchors) > len(set(anchors)) else lines)


def contents(text: str) -> tuple[TextLine, ...]:
    """The articles of a text that has at least `CONTENTS_FROM`; else nothing."""
    articles = tuple(line for line in text_lines(text) if line.role == "article")
    return articles if len(articles) >= CONTENTS_FROM else ()


def _line(text: str) -> TextLine:
    first = text.lstrip(_BLANKS)[:1]
    if first == "第":
        return _article(text) or _chapter(text) or TextLine(text)
    for depth, point in _POINTS.get(first, ()):
        if point.match(text):
            return TextLine(text, depth)
    return TextLine(text)


def _article(text: str) -> TextLine | None:
    article = _ARTICLE.match(text)
    number = number_of(re.sub(f"[{_BLANKS}]", "", article["number"])) if article else None
    if article is None or number is None:
        return None
    typed = (article[name] for name in ("within", "dashed", "behind") if article[name])
    anchor = "-".join(["art", *(str(part) for part in (number, *map(number_of, typed)) if part)])
    role = _CITED if _is_cited(article) else "article"
    return TextLine(text, role=role, anchor=anchor, label=article[0].strip(_BLANKS))


def _chapter(text: str) -> TextLine | None:
    division = _DIVISION.match(text) if len(text) < CHAPTER_LENGTH else None
    if division is None or _is_cited(division):
        return None
    return TextLine(text, role="chapter", label=text.strip(_BLANKS))


def _without_cells(lines: list[TextLine]) -> list[TextLine]:
    """The lines, with numbers that a table's cell cites over two lines marked as cited."""
    return [
        line._replace(role=_CITED)
        if line.role == "article" and _is_alone(line) and _PARTS.fullmatch(following.text)
        else line
        for line, following in zip(lines, [*lines[1:], TextLine("")], strict=True)
    ]


def _is_alone(article: TextLine) -> bool:
    """Whether an article's number stands alone on its line."""
    return article.text.strip(_BLANKS) == article.label


def _is_joined(article: TextLine) -> bool:
    """Whether an article's text stands right behind its number."""
    behind = article.text.lstrip(_BLANKS)[len(article.label) :][:1]
    return behind not in _BREAKS and _WIDE_BLANK not in article.label


def _out_of_place(joined: list[TextLine], lines: list[TextLine]) -> set[TextLine]:
    """The articles with joined text that, by the layout of the others, must be citations.

    If most numbers stand alone on their lines, all joined ones are citations; if others are
    spaced as `第　四　條`, those of one digit are.
    """
    articles = [line for line in lines if line.role == "article"]
    alone = sum(map(_is_alone, articles))
    if alone > len(joined):
        return set(joined)
    if any(_WIDE_BLANK in line.label for line in articles):
        return {line for line in joined if len(line.label) == len("第四條")}
    return set()


def _is_cited(number: re.Match[str]) -> bool:
    """Whether a sentence begins with the number, instead of a heading.

    Gazettes print headings with no blank before the text, so that only the words behind a number
    tell.  A number spaced with wide blanks is always a heading.
    """
    set_apart = _WIDE_BLANK in number[0].strip(_BLANKS)
    return not set_apart and _CITATION.match(number.string, number.end()) is not None


def _addressed(lines: list[TextLine]) -> list[TextLine]:
    """Gives the second article 14 of a text the anchor `art-14.2`, and citations none.

    Published anchors never change.  Earlier releases counted citations as articles and did not
    read some spellings; so a citation still counts, and those spellings get their anchors last.
    """
    counts: Counter[str] = Counter()
    anchors: set[str] = set()
    addressed = list(lines)
    for place in sorted(
        range(len(lines)), key=lambda place: bool(_LATE.search(lines[place].label))
    ):
        line = lines[place]
        if not line.anchor:
            continue
        counts[line.anchor] += 1
        if line.role == _CITED:
            addressed[place] = TextLine(line.text)
            continue
        if line.anchor in anchors:
            addressed[place] = line._replace(anchor=f"{line.anchor}.{counts[line.anchor]}")
        anchors.add(line.anchor)
    return addressed
