"""The text and the author of PDF files, by pypdf, which is loaded when the first one is read.

pypdf bounds what a stream unpacks to and how often a page draws a form; how much all pages
together may take is bounded here, before they are read.
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
"""Bytes that one stream may unpack to."""
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
"""Bytes that the pages of a file may draw, forms as often as they are drawn: a minute's work."""
_TABLE = 4
"""Bytes of a font's table that take as long as one that is drawn."""
_AT_LEAST = 2000
"""What a page or a drawing takes, in bytes, however little is in it."""
_LOST = {"Exceeded": LARGE, "Impossible to decode": BROKEN}
"""How pypdf tells that it passed over a part of a page, and what it means."""


def pdf_parts(content: bytes) -> Iterator[Part]:
    """What a PDF holds, page by page; raises `Unread`."""
    from pypdf import PdfReader, apply_configuration  # noqa: PLC0415 -- most runs read no PDF
    from pypdf.errors import LimitReachedError  # noqa: PLC0415

    budget = Budget(_DRAWN)
    with _notes() as notes, apply_configuration(**_LIMITS):
        try:
            reader = _opened(PdfReader(BytesIO(content)))
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


def _opened(reader: PdfReader) -> PdfReader:
    """A file that everybody may open; some are encrypted, but without a password."""
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unread(ENCRYPTED)
    return reader


def _read(page: PageObject, number: int, budget: Budget) -> Part:
    contents, drawn = page.get_contents(), list(_drawn(page, set()))
    forms = [one for one in drawn if one["/Subtype"] != "/Image"]
    sizes = [_size(form) + _fonts(form) for form in forms]
    budget.spend(_AT_LEAST + (len(contents.get_data()) if contents else 0) + _fonts(page))
    budget.spend(sum(sizes))

    def visit(operator: bytes, *_: object) -> None:
        if operator == b"Do":  # any of the forms, with whatever is in it
            budget.spend(max(sizes))

    text = page.extract_text(visitor_operand_before=visit if forms else None)
    budget.spend(0)  # what was raised within a form, pypdf has passed over
    return (BLANK, str(number)) if drawn and not text.strip() else (TEXT, text)


def _drawn(holder: Any, seen: set[int]) -> Iterator[Any]:
    """The pictures and forms that a page may draw, those within forms too, each once."""
    for drawing in _held(holder, "/XObject"):
        if id(drawing) not in seen:
            seen.add(id(drawing))
            yield drawing
            if drawing["/Subtype"] == "/Form":
                yield from _drawn(drawing, seen)


def _size(stream: Any) -> int:
    return _AT_LEAST + len(stream.get_data())


def _fonts(holder: Any) -> int:
    """Bytes of the tables by which fonts say what their characters are."""
    tables = (font["/ToUnicode"] for font in _held(holder, "/Font") if "/ToUnicode" in font)
    return sum(_size(table) for table in tables if hasattr(table, "get_data")) // _TABLE


def _held(holder: Any, sort: str) -> list[Any]:
    """The resources of a sort that a page or a form names."""
    for step in ("/Resources", sort):
        if step not in holder:
            return []
        holder = holder[step]  # unlike `get` it follows a reference
    return [holder[name] for name in holder]


class _Notes(logging.Handler):
    """What pypdf says of a file, which is for nobody's eyes."""

    def __init__(self) -> None:
        super().__init__()
        self.held: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps what is said."""
        self.held.append(record.getMessage())


@contextmanager
def _notes() -> Iterator[list[str]]:
    logger, notes = logging.getLogger("pypdf"), _Notes()
    before = logger.propagate
    logger.addHandler(notes)
    logger.propagate = False
    try:
        yield notes.held
    finally:
        logger.removeHandler(notes)
        logger.propagate = before
