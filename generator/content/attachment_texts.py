"""What an attachment holds of persons: identity numbers in its text, authors in its properties.

Of pictures and other formats nothing is known, and nothing is said.
"""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterator

from generator.content.attachment_parts import (
    AUTHOR,
    BLANK,
    BROKEN,
    LARGE,
    LARGEST,
    PARTLY,
    SCAN,
    TEXT,
    Part,
    Unread,
    ending,
)
from generator.content.model import Inside
from generator.content.office_files import open_parts, word_parts
from generator.content.pdf_text import pdf_parts
from generator.text.personal_data import identity_numbers

_LISTED = 10
"""Numbers and pages that are named; of the rest it is said how many there are."""


def _plain_parts(content: bytes) -> Iterator[Part]:
    """The text of a text file, in UTF-8, UTF-16 or Big5."""
    wide = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8", "cp950"):
        try:
            yield TEXT, content.removeprefix(BOM_UTF8).decode(encoding)
        except UnicodeDecodeError:
            continue
        return
    raise Unread(BROKEN)


_READERS: dict[str, Callable[[bytes], Iterator[Part]]] = {
    "txt": _plain_parts,
    "csv": _plain_parts,
    "docx": word_parts,
    "odt": open_parts,
    "pdf": pdf_parts,
}


def _too_large() -> Iterator[Part]:
    raise Unread(LARGE)
    yield


def inside(path: str, content: bytes) -> Inside:
    """What a file that ends like `path` holds; of one that breaks off, what stands before."""
    right, wrong, authors = dict[str, None](), dict[str, None](), dict[str, None]()
    blank, reads, unread = list[str](), False, ""
    parts = _READERS[ending(path)](content) if len(content) <= LARGEST else _too_large()
    try:
        for what, held in parts:
            if what == AUTHOR:
                authors[held] = None
            elif what == BLANK:
                blank.append(held)
            else:
                reads = reads or bool(held.strip())
                for found in identity_numbers(held):
                    (right if found.checks else wrong)[found.typed] = None
        if not reads and ending(path) == "pdf":
            unread = SCAN
        elif blank:
            unread = PARTLY
    except Unread as fault:
        unread = fault.reason
    return Inside(
        numbers=_listed(right),
        doubtful=_listed(wrong),
        authors=tuple(authors),
        unread=unread,
        pages=_listed(blank)[0],
    )


def _listed(held: dict[str, None] | list[str]) -> tuple[str, int]:
    """The first of some words, and how many there are."""
    more = "…" if len(held) > _LISTED else ""
    return "、".join([*held][:_LISTED]) + more, len(held)
