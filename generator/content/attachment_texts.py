"""Personal data in an attachment: identity numbers in its text, authors in its properties.

Pictures and other formats are not read, and `check` says nothing about them.
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
"""The most numbers and pages that a message names; it counts the others."""


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


def inside(path: str, content: bytes) -> Inside:
    """The personal data in a file with the ending of `path`; in a damaged one, up to the damage."""
    right, wrong, authors = dict[str, None](), dict[str, None](), dict[str, None]()
    blank, reads, unread = list[str](), False, ""
    if len(content) > LARGEST:
        return Inside(unread=LARGE)
    try:
        for what, text in _READERS[ending(path)](content):
            if what == AUTHOR:
                authors[text] = None
            elif what == BLANK:
                blank.append(text)
            else:
                reads = reads or bool(text.strip())
                for number in identity_numbers(text):
                    (right if number.checks else wrong)[number.typed] = None
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


def _listed(words: dict[str, None] | list[str]) -> tuple[str, int]:
    """The first of some words, joined, and the number of all."""
    more = "…" if len(words) > _LISTED else ""
    return "、".join([*words][:_LISTED]) + more, len(words)
