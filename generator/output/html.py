"""HTML of single values, for templates: dates, legal text, numbered points, sizes.

What a template would write in a loop of small pieces is written here in one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from markupsafe import Markup, escape

from generator.content.outline import Clause
from generator.text.dates import PartialDate, english, roc
from generator.text.legal_text import TextLine, text_lines
from generator.text.numerals import han
from generator.text.urls import CHINESE

_KILO = 1024


def paragraphs(text: str) -> Markup:
    """Plain text as one paragraph a line, joined by line breaks as typed."""
    lines = str(escape(text)).replace("\n", "</p>\n<p>")
    return Markup(f"<p>{lines}</p>")  # noqa: S704 -- escaped as a whole


@lru_cache(maxsize=16)  # a record's page, then its item in feeds
def legal_text(text: str) -> Markup:
    """Plain legal text, a paragraph a line: its articles have anchors, its points a depth."""
    shown = str(escape(text)).split("\n")  # no sign that is escaped begins or ends a line
    pairs = zip(text_lines(text), shown, strict=True)
    return Markup("\n".join(_paragraph(line, html) for line, html in pairs))  # noqa: S704 -- the same


def _paragraph(line: TextLine, html: str) -> str:
    anchor = f' id="{line.anchor}"' if line.anchor else ""
    depth = f" gb-depth-{line.depth}" if line.depth else ""
    role = f" gb-{line.role}" if line.role else ""
    return f'<p{anchor} class="gb-line{depth}{role}">{html}</p>'


@lru_cache(maxsize=4096)
def time_element(day: date | PartialDate | None, language: str = CHINESE) -> Markup:
    """A date for readers in ROC form or in English, for machines in ISO form."""
    if day is None:
        return Markup("")
    chinese = language == CHINESE
    if isinstance(day, PartialDate):
        typed, shown = day.iso, day.roc if chinese else day.english
    else:
        typed, shown = day.isoformat(), said(day, language)
    return Markup(f'<time datetime="{typed}">{shown}</time>')  # noqa: S704 -- digits and our words


def said(day: date, language: str = CHINESE) -> str:
    """A day in words: `105年1月4日`, or `4 January 2016`."""
    return roc(day) if language == CHINESE else english(day)


def numbered(clauses: Iterable[Clause], depth: int = 0) -> list[tuple[str, Clause]]:
    """Points with the number that their depth and place give: 一、(一)、1.、(1)."""
    forms = ("{han}、", "({han})", "{n}.", "({n})")
    form = forms[min(depth, len(forms) - 1)]
    return [
        (form.format(han=han(place), n=place), clause)
        for place, clause in enumerate(clauses, start=1)
    ]


def file_size(count: int) -> str:
    """Bytes as readers know them: `512 B`, `1.5 KB`, `3.2 MB`."""
    if count < _KILO:
        return f"{count} B"
    kilobytes = count / _KILO
    return f"{kilobytes:.1f} KB" if kilobytes < _KILO else f"{kilobytes / _KILO:.1f} MB"
