"""HTML of single values, for templates: dates, legal text, numbered points, sizes.

A value that a template would assemble in a loop of small pieces is made here as one string, which
is much faster.
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
    """The HTML of a plain text: a `<p>` for each line, with line breaks between them."""
    lines = str(escape(text)).replace("\n", "</p>\n<p>")
    return Markup(f"<p>{lines}</p>")  # noqa: S704 -- escaped as a whole


@lru_cache(maxsize=16)  # a record's page, then its item in feeds
def legal_text(text: str) -> Markup:
    """Plain legal text, one paragraph per line: articles have anchors, points a depth."""
    escaped = str(escape(text)).split("\n")  # escaping adds and removes no line break
    pairs = zip(text_lines(text), escaped, strict=True)
    return Markup("\n".join(_paragraph(line, html) for line, html in pairs))  # noqa: S704 -- the same


def _paragraph(line: TextLine, html: str) -> str:
    anchor = f' id="{line.anchor}"' if line.anchor else ""
    depth = f" gb-depth-{line.depth}" if line.depth else ""
    role = f" gb-{line.role}" if line.role else ""
    return f'<p{anchor} class="gb-line{depth}{role}">{html}</p>'


@lru_cache(maxsize=4096)
def time_element(day: date | PartialDate | None, language: str = CHINESE) -> Markup:
    """A `<time>` element: in the ROC calendar or in English for readers, in ISO for machines."""
    if day is None:
        return Markup("")
    chinese = language == CHINESE
    if isinstance(day, PartialDate):
        iso, text = day.iso, day.roc if chinese else day.english
    else:
        iso, text = day.isoformat(), day_text(day, language)
    return Markup(f'<time datetime="{iso}">{text}</time>')  # noqa: S704 -- digits and our words


def day_text(day: date, language: str = CHINESE) -> str:
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
    """A number of bytes for readers: `512 B`, `1.5 KB`, `3.2 MB`."""
    if count < _KILO:
        return f"{count} B"
    kilobytes = count / _KILO
    return f"{kilobytes:.1f} KB" if kilobytes < _KILO else f"{kilobytes / _KILO:.1f} MB"
