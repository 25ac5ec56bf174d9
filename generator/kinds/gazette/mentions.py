"""What the text of an entry refers to: laws and documents on this site, and missing attachments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from msgspec import Struct

from generator.content.outline import Clause, Outline
from generator.kinds.gazette.entry import GazetteEntry
from generator.site.kind import Site
from generator.text.law_names import cited_laws, cited_number, document_numbers, quoted_laws

_MENTION = re.compile(
    "(?:詳?如|詳見|詳|見)(?:後)?附(?:件|表|圖|檔)|(?:請?參[見閱照考]|請[見詳]|詳見|如)[^。\n]{0,4}?PDF"
)
"""Words that leave something to an attachment."""
_POINTER = re.compile(
    r"[\s(（【]*(?:請?參[見閱照考]|請[見詳]|詳見)[^。]{0,4}?(?:PDF|附件)檔?[\s)）】]*"
)
"""A line that does nothing else."""
_ADDRESS = re.compile(r"https?://[!-~]+")
_FIELDS = ("subject", "basis", "items", "explanation", "method")


class Absence(Struct, frozen=True, kw_only=True):
    """Where a text leaves something to an attachment that the entry does not have.

    `lines` are those of the body, `fields` the others; `original` is the source's address or "".
    """

    lines: tuple[int, ...] = ()
    fields: tuple[str, ...] = ()
    original: str = ""


def links_of(entry: GazetteEntry, site: Site) -> Mapping[str, str]:
    """The addresses of other entries by the law names and document numbers of an entry's text."""
    texts = (*(_text(getattr(entry, name)) for name in _FIELDS), entry.body)
    links = {typed: site.named(name, entry) for typed, name in _mentioned(texts)}
    return {typed: address for typed, address in links.items() if address}


@lru_cache(maxsize=16)  # a record's page, then its item in feeds
def _mentioned(texts: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """What texts refer to, as typed, with the name under which the site may know it."""
    names: dict[str, str] = {}
    for text in filter(None, texts):
        names |= {name: name for name in (*quoted_laws(text), *cited_laws(text)) if name}
        names |= {number: cited_number(number) for number in document_numbers(text)}
    return tuple(names.items())


def absence_of(entry: GazetteEntry) -> Absence:
    """Where an entry without attachments mentions one: the first place, and bare pointers."""
    if entry.attachments:
        return Absence()
    fields = [name for name in _FIELDS if _mentions(_text(getattr(entry, name)))]
    lines: list[int] = []
    if _mentions(entry.body):
        first = not fields
        for place, line in enumerate(entry.body.split("\n")):
            if _mentions(line) and (first or _POINTER.fullmatch(line)):
                lines.append(place)
                first = False
    original = _ADDRESS.search(entry.source)
    return Absence(
        lines=tuple(lines), fields=tuple(fields[:1]), original=original[0] if original else ""
    )


def _mentions(text: str) -> bool:
    """Whether a text leaves something to an attachment; most have neither sign of it."""
    return ("附" in text or "PDF" in text) and _MENTION.search(text) is not None


def _text(value: str | Outline) -> str:
    if isinstance(value, Outline):
        return value.text or "\n".join(_points(value.clauses))
    return value


def _points(clauses: tuple[Clause, ...]) -> Iterator[str]:
    for clause in clauses:
        yield clause.text
        yield from _points(clause.clauses)
