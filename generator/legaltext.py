"""Plain legal text, line by line: what is an article, what is a numbered point.

Nothing is changed: a line's text is the text as typed.  Recognition serves indentation,
anchors and the list of contents alone, so a wrong guess never costs a character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from generator.numerals import number_of

_NUMBER = r"[〇零○一二三四五六七八九十百千0-9０-９]+"
_ARTICLE = re.compile(
    rf"[ \u3000]*第[ \u3000]*(?P<number>{_NUMBER}(?:[ \u3000]+{_NUMBER})*)[ \u3000]*條"
    rf"(?:[ \u3000]*之[ \u3000]*(?P<branch>{_NUMBER}))?"
)
_CHAPTER = re.compile(rf"[ \u3000]*第[ \u3000]*{_NUMBER}[ \u3000]*[編章節款目][ \u3000]*\S.*")
_POINTS = (
    re.compile(r"[ \u3000]*[一二三四五六七八九十百]+、"),
    re.compile(r"[ \u3000]*[(（][一二三四五六七八九十百]+[)）]"),
    re.compile(r"[ \u3000]*[0-9０-９]{1,3}[.．、](?![0-9０-９])"),
    re.compile(r"[ \u3000]*[(（][0-9０-９]{1,3}[)）]"),
)

CONTENTS_FROM = 6
"""Articles from which a text deserves a list of contents."""
CHAPTER_LENGTH = 40
"""A longer line that begins like a chapter's heading is a sentence."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line: its text, its depth (0 running text, 1 一、 to 4 (1)), its role and anchor."""

    text: str
    depth: int = 0
    role: str = ""
    anchor: str = ""
    label: str = ""


def text_lines(text: str) -> tuple[TextLine, ...]:
    """The lines of a plain text; joined by line breaks they are the text again."""
    return tuple(_unique(_line(line) for line in text.split("\n")))


def contents(text: str) -> tuple[TextLine, ...]:
    """The articles of a text that has many; of another nothing."""
    articles = tuple(line for line in text_lines(text) if line.role == "article")
    return articles if len(articles) >= CONTENTS_FROM else ()


def _line(text: str) -> TextLine:
    article = _ARTICLE.match(text)
    if article and (number := number_of(re.sub(r"[ \u3000]", "", article["number"]))) is not None:
        branch = number_of(article["branch"]) if article["branch"] else None
        anchor = f"art-{number}" + (f"-{branch}" if branch else "")
        return TextLine(text, role="article", anchor=anchor, label=article[0].strip(" \u3000"))
    if _CHAPTER.fullmatch(text) and len(text) < CHAPTER_LENGTH:
        return TextLine(text, role="chapter", label=text.strip(" \u3000"))
    return TextLine(text, depth=_depth(text))


def _depth(text: str) -> int:
    found = (depth for depth, point in enumerate(_POINTS, start=1) if point.match(text))
    return next(found, 0)


def _unique(lines: Iterator[TextLine]) -> Iterator[TextLine]:
    """Gives the second article 14 of a text the anchor `art-14.2`."""
    seen: dict[str, int] = {}
    for line in lines:
        if not line.anchor:
            yield line
            continue
        count = seen[line.anchor] = seen.get(line.anchor, 0) + 1
        anchor = line.anchor if count == 1 else f"{line.anchor}.{count}"
        yield TextLine(line.text, line.depth, line.role, anchor, line.label)
