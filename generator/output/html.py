"""HTML of single values, for templates: dates, legal text, numbered points, sizes.

A value that a template would assemble in a loop of small pieces is made here as one string, which
is much faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from markupsafe import Markup, escape

from generator.content.outline import Clause
from generator.text.dates import PartialDate, english, roc
from generator.text.legal_text import CHAPTER_LENGTH, TextLine, contents, text_lines
from generator.text.numerals import han
from generator.text.urls import CHINESE

_KILO = 1024
_BLANKS = " \u3000"


def paragraphs(text: str) -> Markup:
    """The HTML of a plain text: a `<p>` for each line, with line breaks between them."""
    lines = str(escape(text)).replace("\n", "</p>\n<p>")
    return Markup(f"<p>{lines}</p>")  # noqa: S704 -- escaped as a whole


@lru_cache(maxsize=16)  # a record's page, then its item in feeds
def legal_text(text: str) -> Markup:
    """Plain legal text, one element per line: headings, articles and points have anchors.

    Titles, divisions and labels on lines of their own are headings, none of which skips a level.
    """
    escaped = str(escape(text)).split("\n")  # escaping adds and removes no line break
    ranks: list[int] = []
    elements: list[str] = []
    for line, html in zip(text_lines(text), escaped, strict=True):
        rank = _rank(line)
        if rank is None:
            elements.append(_paragraph(line, html))
            continue
        while ranks and ranks[-1] >= rank:
            ranks.pop()
        ranks.append(rank)
        level = min(len(ranks) + 1, 6)
        elements.append(
            f'<h{level} id="{line.anchor}" class="gb-line gb-{line.role}">{html}</h{level}>'
        )
    return Markup("\n".join(elements))  # noqa: S704 -- escaped as a whole


def contents_list(text: str) -> Markup:
    """The list items of a legal text's contents, each a link to its line; "" for a short text."""
    lines = contents(text)
    # to escape one text is faster than many, and adds no line break
    labels = "\n".join(line.label or line.text.strip(_BLANKS) for line in lines)
    items = (
        f'<li class="gb-to-{line.role or "point"}"><a href="#{line.anchor}">{label}</a></li>'
        for line, label in zip(lines, str(escape(labels)).split("\n"), strict=False)
    )
    return Markup("\n".join(items))  # noqa: S704 -- escaped as a whole


def noted(html: str, lines: Iterable[int], note: str) -> Markup:
    """The HTML of a legal text with a note behind each of some lines."""
    elements = str(html).split("\n")  # markup would escape the note
    for line in lines:
        elements[line] += f"\n{note}"
    return Markup("\n".join(elements))  # noqa: S704 -- of a template


_DIVISION_RANKS = {"book": 2, "chapter": 3, "section": 4, "subsection": 5, "item": 6}
_END_OF_SENTENCE = ("。", "；", "：", "，", ":")


def _rank(line: TextLine) -> int | None:
    """The rank of a heading, from 0; None for a line that is none."""
    if line.role == "title":
        return 0
    if line.role == "label":
        return 1 if line.text.rstrip(f"{_BLANKS}：:").endswith(line.label[-1]) else None
    if line.role == "chapter":
        return _DIVISION_RANKS[line.anchor.partition("-")[0].partition(".")[0]]
    if line.role == "part" and len(line.text) < CHAPTER_LENGTH:
        return None if line.text.endswith(_END_OF_SENTENCE) else 3
    return None


def _paragraph(line: TextLine, html: str) -> str:
    anchor = f' id="{line.anchor}"' if line.anchor else ""
    depth = f" gb-depth-{line.depth}" if line.depth else ""
    role = f" gb-{line.role}" if line.role else ""
    if line.role == "article":
        html = html.replace(line.label, f"<b>{line.label}</b>", 1)
    elif line.role == "label":
        html = _LABEL.sub(r"<b>\1</b>", html, count=1)
    return f'<p{anchor} class="gb-line{depth}{role}">{html}</p>'


_LABEL = re.compile("^([^：:]+)")


@lru_cache(maxsize=4096)
def time_element(day: date | PartialDate | None, language: str) -> Markup:
    """A `<time>` element: in the ROC calendar or in English for readers, in ISO for machines."""
    if day is None:
        return Markup("")
    chinese = language == CHINESE
    if isinstance(day, PartialDate):
        iso, text = day.iso, day.roc if chinese else day.english
    else:
        iso, text = day.isoformat(), day_text(day, language)
    return Markup(f'<time datetime="{iso}">{text}</time>')  # noqa: S704 -- digits and our words


def day_text(day: date, language: str) -> str:
    """A day in words: `105年1月4日`, or `4 January 2016`."""
    return roc(day) if language == CHINESE else english(day)


def numbered(clauses: Iterable[Clause], depth: int = 0) -> list[tuple[str, Clause]]:
    """Points with the numbers of their depth: 一、 (一) 1. (1)."""
    forms = ("{han}、", "({han})", "{n}.", "({n})")
    form = forms[min(depth, len(forms) - 1)]
    return [
        (form.format(han=han(place), n=place), clause)
        for place, clause in enumerate(clauses, start=1)
    ]


def file_size(count: int) -> str:
    """A number of bytes for readers: `512 B`, `1.5 KB`, `3.2 MB`, `1.0 GB`."""
    if count < _KILO:
        return f"{count} B"
    size, unit = count / _KILO, "KB"
    for larger in ("MB", "GB"):
        if round(size, 1) >= _KILO:  # as it is written: 1023.96 KB would be 1024.0 KB
            size, unit = size / _KILO, larger
    return f"{size:.1f} {unit}"
