"""Citations of documents for reference managers: BibTeX, RIS and `<meta>` tags.

A gazette is a periodical, so its documents are exported as journal articles: for a government
document (`GOVDOC`) reference managers drop the journal, the volume and the number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from msgspec import Struct

_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",  # a brace with a backslash still counts when BibTeX pairs them
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "#$%&_"},
    }
)
_BREAKS = re.compile(r"\s+")


class Cited(Struct, frozen=True, kw_only=True):
    """A document of a periodical as reference managers describe it; "" or None if unknown."""

    key: str
    title: str
    authors: tuple[str, ...]
    journal: str
    volume: str
    number: str
    document_number: str
    day: date
    pages: tuple[int, int] | None
    publisher: str
    url: str


def citation_tags(cited: Cited) -> Iterator[tuple[str, str]]:
    """Names and contents of `<meta>` tags: Highwire's for Zotero and the like, then Dublin Core."""
    yield "citation_title", cited.title
    yield from (("citation_author", author) for author in cited.authors)
    yield "citation_publication_date", f"{cited.day:%Y/%m/%d}"
    yield "citation_journal_title", cited.journal
    yield "citation_volume", cited.volume
    yield "citation_issue", cited.number
    if cited.pages:
        yield "citation_firstpage", str(cited.pages[0])
        yield "citation_lastpage", str(cited.pages[1])
    if cited.document_number:
        yield "citation_technical_report_number", cited.document_number
        yield "DC.identifier", cited.document_number
    yield "citation_publisher", cited.publisher
    yield "citation_public_url", cited.url
    yield "citation_language", "zh-TW"
    yield "DC.title", cited.title
    yield from (("DC.creator", author) for author in cited.authors)
    yield "DC.publisher", cited.publisher
    yield "DC.date", cited.day.isoformat()
    yield "DC.type", "Text"
    yield "DC.language", "zh-TW"


def bibtex(cited: Cited) -> str:
    """The document as a BibTeX entry; the address is not escaped, since `url` takes it verbatim."""
    fields = [
        ("title", f"{{{_tex(cited.title)}}}"),
        ("author", " and ".join(f"{{{_tex(author)}}}" for author in cited.authors)),
        ("journal", _tex(cited.journal)),
        ("volume", _tex(cited.volume)),
        ("number", _tex(cited.number)),
        ("pages", "--".join(map(str, dict.fromkeys(cited.pages or ())))),
        ("publisher", _tex(cited.publisher)),
        ("year", str(cited.day.year)),
        ("month", str(cited.day.month)),
        ("day", str(cited.day.day)),
        ("note", _tex(cited.document_number)),
        ("url", cited.url),
    ]
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields if value)
    return f"@article{{{cited.key},\n{lines}}}\n"


def _tex(text: str) -> str:
    return _flat(text).translate(_TEX)


def ris(cited: Cited) -> str:
    """The document in RIS, one line per tag; line breaks in a text would begin new tags."""
    first, last = cited.pages or ("", "")
    tags = [
        ("TY", "JOUR"),
        ("TI", cited.title),
        *(("AU", author) for author in cited.authors),
        ("T2", cited.journal),
        ("VL", cited.volume),
        ("IS", cited.number),
        ("SP", str(first)),
        ("EP", str(last)),
        ("PB", cited.publisher),
        ("PY", str(cited.day.year)),
        ("DA", f"{cited.day:%Y/%m/%d}"),
        ("N1", cited.document_number),
        ("LA", "zh-TW"),
        ("UR", cited.url),
    ]
    lines = (f"{tag}  - {_flat(value)}\n" for tag, value in tags if value)
    return "".join((*lines, "ER  - \n"))


def _flat(text: str) -> str:
    return _BREAKS.sub(" ", text).strip()
