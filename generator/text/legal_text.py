"""Finds articles, divisions, points and labels of a plain legal text, line by line.

Recognition serves headings, indentation, anchors and the list of contents alone.  It never changes
a line, so that a wrong guess never costs a character.
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
    rf"(?P<unit>[編章]|[節款目](?!\Z))(?:{_BRANCH.format(name='behind')})?"
)
_DIVISION_NUMBER = re.compile(_SPACED)
_DIVISIONS = {"編": "book", "章": "chapter", "節": "section", "款": "subsection", "目": "item"}
"""The names of divisions in anchors, the largest first."""
_PART = re.compile(r"[ \u3000]*(?P<number>[壹貳參叁肆伍陸柒捌玖拾]+)、")
_LABEL = re.compile(
    "[ \u3000]*(?P<label>"
    + "|".join(
        "[ \u3000]*".join(word) for word in ("主旨", "依據", "公告事項", "預告事項", "說明", "辦法")
    )
    + ")[ \u3000]*[：:]"
)
_LABELS = {
    "主旨": "subject",
    "依據": "basis",
    "公告事項": "items",
    "預告事項": "items",
    "說明": "explanation",
    "辦法": "method",
}
"""The names of a document's parts in anchors, as its own fields have them."""
LAW_ENDS = (
    *("法", "條例", "細則", "規則", "辦法", "要點", "標準", "準則", "規程", "綱要", "通則"),
    *("事項", "程序", "規範"),
)
"""The ends of the names of laws and administrative rules."""
_TITLE_ENDS = (*LAW_ENDS, "總說明", "對照表", "修正條文", "修正規定", "草案")
"""The ends of a line that names a law or a table, if that follows."""
_NO_TITLE = re.compile(r"[\s，。；：:、「」]")
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
"""Lines from which a text deserves a list of contents."""
MOST_POINTS = 40
"""More points than that are rows of a table, or a list that names nothing."""
POINTS_DEEP = 2
"""Points have anchors down to this depth: 一、 and (一)."""
TITLE_LENGTH = 60
CHAPTER_LENGTH = 40
"""A longer line that begins like a chapter's heading is a sentence."""


class TextLine(NamedTuple):
    """A line: its text, its depth (0 running text, 1 一、 to 4 (1)), its role and anchor.

    A role is "article", "chapter" (any division), "part" (壹、), "label" (主旨：), "title" or "".
    """

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
    anchors = [line.anchor for line in lines if line.role in ("article", _CITED)]
    cited = any(line.role == _CITED for line in lines)
    if cited or len(anchors) > len(set(anchors)):
        lines = _addressed(lines)
    return tuple(_structured(lines))


def contents(text: str) -> tuple[TextLine, ...]:
    """The lines that a list of contents names, if they are at least `CONTENTS_FROM`.

    Points of the first depth are listed in a text without articles, unless there are too many.
    """
    lines = text_lines(text)
    listed = [line for line in lines if line.role and line.anchor]
    if not any(line.role == "article" for line in listed):
        with_points = [line for line in lines if line.anchor and (line.role or line.depth == 1)]
        if len(with_points) - len(listed) <= MOST_POINTS:
            listed = with_points
    return tuple(listed) if len(listed) >= CONTENTS_FROM else ()


def _line(text: str) -> TextLine:
    first = text.lstrip(_BLANKS)[:1]
    if first == "第":
        return _article(text) or _chapter(text) or TextLine(text)
    for depth, point in _POINTS.get(first, ()):
        if point.match(text):
            return TextLine(text, depth)
    return _part(text, first) or _labelled(text, first) or TextLine(text)


def _part(text: str, first: str) -> TextLine | None:
    part = _PART.match(text) if first in "壹貳參叁肆伍陸柒捌玖拾" else None
    if not part:
        return None
    return TextLine(text, role="part", anchor=f"s{number_of(part['number'])}", label=text.strip())


def _labelled(text: str, first: str) -> TextLine | None:
    label = _LABEL.match(text) if first in "主依公預說辦" else None
    if not label:
        return None
    word = re.sub(f"[{_BLANKS}]", "", label["label"])
    return TextLine(text, role="label", anchor=f"body-{_LABELS[word]}", label=word)


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
    typed = _DIVISION_NUMBER.search(division[0])
    numbers = [typed[0] if typed else "", *filter(None, division.group("within", "behind"))]
    parts = (number_of(re.sub(f"[{_BLANKS}]", "", number)) for number in numbers)
    anchor = "-".join([_DIVISIONS[division["unit"]], *(str(part) for part in parts if part)])
    return TextLine(text, role="chapter", anchor=anchor, label=text.strip(_BLANKS))


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


def _structured(lines: list[TextLine]) -> list[TextLine]:
    """Gives divisions, labels, titles and points their anchors; those of articles stay.

    A point's anchor begins with that of the article, label or part above it: `art-9-p2-1` is (一)
    of 二、 in article 9.  An anchor that stands already gets a number, as those of articles do.
    """
    counts: dict[str, int] = {}
    structured, above, within, first, titles = list(lines), "", "", 0, 0
    for place, line in enumerate(lines):
        text, depth, role, anchor, label = line
        if role == "article":
            above, first = f"{anchor}-", 0
            continue
        if depth:
            if depth > POINTS_DEEP:
                continue
            number = _point_number(text, depth)
            first = number if depth == 1 else first
            anchor = f"{above}p{number}" if depth == 1 else f"{above}p{first}-{number}"
        elif role == "part":
            anchor = f"{within}{anchor}"
        elif not role and _is_title(place, lines):
            titles += 1
            role, anchor, label = "title", f"text-{titles}", text.strip(_BLANKS)
        if not anchor:
            continue
        count = counts[anchor] = counts.get(anchor, 0) + 1
        if count > 1:
            anchor = f"{anchor}.{count}"
        if role:
            above, first = f"{anchor}-", 0
            within = within if role in ("part", "chapter") else above
        structured[place] = TextLine(text, depth, role, anchor, label)
    return structured


def _point_number(text: str, depth: int) -> int:
    """The number of 一、 or of (一)."""
    typed = text.lstrip(_BLANKS)
    if depth == 1:
        return _number(typed.partition("、")[0])
    return _number(typed[1:].replace("）", ")").partition(")")[0])


@lru_cache(maxsize=256)
def _number(typed: str) -> int:
    return number_of(typed) or 0


def _is_title(place: int, lines: list[TextLine]) -> bool:
    """Whether a line names a law, and the law's first article, point or division follows it."""
    text = lines[place].text.strip(_BLANKS)
    if not (4 <= len(text) <= TITLE_LENGTH and text.endswith(_TITLE_ENDS)):  # noqa: PLR2004 -- a name's
        return False
    following = lines[place + 1 : place + 4]
    below = any(
        line.role in ("article", "chapter", "part") or line.depth == 1 for line in following
    )
    return below and not _NO_TITLE.search(text)
