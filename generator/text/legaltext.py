"""Plain legal text, line by line: what is an article, what is a numbered point.

Nothing is changed: a line's text is the text as typed.  Recognition serves indentation,
anchors and the list of contents alone, so a wrong guess never costs a character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from generator.text.numerals import number_of

_NUMBER = r"[〇零○一二三四五六七八九十百千0-9０-９]+"
_ARTICLE = re.compile(
    rf"[ \u3000]*第[ \u3000]*(?P<number>{_NUMBER}(?:[ \u3000]+{_NUMBER})*)[ \u3000]*條"
    rf"(?:[ \u3000]*之[ \u3000]*(?P<branch>{_NUMBER}))?"
)
_CHAPTER = re.compile(rf"[ \u3000]*第[ \u3000]*{_NUMBER}[ \u3000]*[編章節款目][ \u3000]*\S.*")
_BLANKS = " \u3000"
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
"""By the sign that a line begins with: the depths it may have, and the form of each.

Most lines begin with none of these, and are running text without a further look.
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
    """The lines of a plain text; joined by line breaks they are the text again."""
    lines = [_line(line) for line in text.split("\n")]
    anchors = [line.anchor for line in lines if line.anchor]
    return tuple(lines if len(anchors) == len(set(anchors)) else _unique(lines))


def contents(text: str) -> tuple[TextLine, ...]:
    """The articles of a text that has many; of another nothing."""
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
    branch = number_of(article["branch"]) if article["branch"] else None
    anchor = f"art-{number}" + (f"-{branch}" if branch else "")
    return TextLine(text, role="article", anchor=anchor, label=article[0].strip(_BLANKS))


def _chapter(text: str) -> TextLine | None:
    if len(text) < CHAPTER_LENGTH and _CHAPTER.fullmatch(text):
        return TextLine(text, role="chapter", label=text.strip(_BLANKS))
    return None


def _unique(lines: Iterable[TextLine]) -> Iterator[TextLine]:
    """Gives the second article 14 of a text the anchor `art-14.2`."""
    seen: dict[str, int] = {}
    for line in lines:
        if not line.anchor:
            yield line
            continue
        count = seen[line.anchor] = seen.get(line.anchor, 0) + 1
        anchor = line.anchor if count == 1 else f"{line.anchor}.{count}"
        yield TextLine(line.text, line.depth, line.role, anchor, line.label)
