"""The text and the author of PDF files, by pypdf, which is imported when the first one is read.

pypdf limits the size of a stream and the number of forms that a page draws.  This module limits
the work of all pages together, before they are read.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

from generator.content.attachment_parts import (
    AUTHOR,
    BLANK,
    BROKEN,
    ENCRYPTED,
    LARGE,
    TEXT,
    Budget,
    Part,
    Unread,
)

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_STREAM = 16 * 1024 * 1024
"""The most bytes that one stream may unpack to."""
_LIMITS: dict[str, Any] = {
    "array_based_stream_maximum_output_length": _STREAM,
    "lzw_maximum_output_length": _STREAM,
    "run_length_maximum_output_length": _STREAM,
    "zlib_maximum_output_length": _STREAM,
    "stream_decoding_work_maximum_length": 4 * _STREAM,
    "page_tree_maximum_page_entries": 200_000,
    "jbig2dec_binary": None,
}
_DRAWN = 32 * 1024 * 1024
"""The most bytes that the pages of a file may draw, each form as often as it is drawn.

This is about a minute's work.
"""
_TABLE = 4
"""The bytes of a font's table that take as long as one drawn byte."""
_AT_LEAST = 2000
"""The least that a page or a drawing counts, in bytes."""
_LOST = {"Exceeded": LARGE, "Impossible to decode": BROKEN}
"""The beginnings of pypdf's log messages about skipped parts of a page, with our reasons."""


def pdf_parts(content: bytes) -> Iterator[Part]:
    """The author and the text of a PDF file, page by page; raises `Unread`."""
    from pypdf import PdfReader, apply_configuration  # noqa: PLC0415 -- most runs read no PDF
    from pypdf.errors import LimitReachedError  # noqa: PLC0415

    budget = Budget(_DRAWN)
    with _notes() as notes, apply_configuration(**_LIMITS):
        try:
            reader = _decrypted(PdfReader(BytesIO(content)))
            author = reader.metadata.author if reader.metadata else None
            if author and str(author).strip():
                yield AUTHOR, str(author).strip()
            for number, page in enumerate(reader.pages, start=1):
                yield _read(page, number, budget)
        except Unread:
            raise
        except (LimitReachedError, MemoryError):
            raise Unread(LARGE) from None
        except Exception:  # noqa: BLE001 -- a damaged file shows in whatever pypdf meets there
            raise Unread(BROKEN) from None
    for sign, reason in _LOST.items():
        if any(note.startswith(sign) for note in notes):
            raise Unread(reason)


def _decrypted(reader: PdfReader) -> PdfReader:
    """Decrypts a file with the empty password, which many have; raises `Unread` for any other."""
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unread(ENCRYPTED)
    return reader


def _read(page: PageObject, number: int, budget: Budget) -> Part:
    contents, drawings = page.get_contents(), list(_drawings(page, set()))
    forms = [drawing for drawing in drawings if drawing["/Subtype"] != "/Image"]
    sizes = [_size(form) + _fonts(form) for form in forms]
    budget.spend(_AT_LEAST + (len(contents.get_data()) if contents else 0) + _fonts(page))
    budget.spend(sum(sizes))

    def visit(operator: bytes, *_: object) -> None:
        if operator == b"Do":  # counts as the largest form, since any of them may be drawn
            budget.spend(max(sizes))

    text = page.extract_text(visitor_operand_before=visit if forms else None)
    budget.spend(0)  # raises again, as pypdf ignores what `visit` raises within a form
    return (BLANK, str(number)) if drawings and not text.strip() else (TEXT, text)


def _drawings(holder: Any, visited: set[int]) -> Iterator[Any]:
    """The pictures and forms that a page may draw, including those within forms, each once."""
    for drawing in _resources(holder, "/XObject"):
        if id(drawing) not in visited:
            visited.add(id(drawing))
            yield drawing
            if drawing["/Subtype"] == "/Form":
                yield from _drawings(drawing, visited)


def _size(stream: Any) -> int:
    return _AT_LEAST + len(stream.get_data())


def _fonts(holder: Any) -> int:
    """The cost of the tables that map the characters of fonts to Unicode."""
    tables = (font["/ToUnicode"] for font in _resources(holder, "/Font") if "/ToUnicode" in font)
    return sum(_size(table) for table in tables if hasattr(table, "get_data")) // _TABLE


def _resources(holder: Any, sort: str) -> list[Any]:
    """The resources of a sort that a page or a form names."""
    for step in ("/Resources", sort):
        if step not in holder:
            return []
        holder = holder[step]  # unlike `get`, it resolves an indirect reference
    return [holder[name] for name in holder]


class _Notes(logging.Handler):
    """Collects pypdf's log messages about a file, instead of printing them."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Adds a message."""
        self.messages.append(record.getMessage())


@contextmanager
def _notes() -> Iterator[list[str]]:
    logger, notes = logging.getLogger("pypdf"), _Notes()
    before = logger.propagate
    logger.addHandler(notes)
    logger.propagate = False
    try:
        yield notes.messages
    finally:
        logger.removeHandler(notes)
        logger.propagate = before
