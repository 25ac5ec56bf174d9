"""The text and the authors of word processors' files: Word (OOXML) and OpenDocument.

Deleted text of tracked changes, comments and hidden text are read too, since they are in the file.
Expat reads the XML as a stream and stops at a document type declaration: neither format has one,
and without it no entity is ever expanded.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from xml.parsers import expat

from generator.content.attachment_parts import (
    AUTHOR,
    BROKEN,
    ENCRYPTED,
    LARGE,
    TEXT,
    UNPACKED,
    Budget,
    Part,
    Unread,
)

_MOST = 20_000
"""The most parts of a file; each takes memory before any is read."""
_ENTRY = b"PK\x01\x02"
"""The signature of a part's entry in the ZIP file's central directory."""
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The compression methods that both formats allow."""
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)
"""The exceptions that a damaged ZIP file raises."""
_WORD = re.compile(r"word/(?:[^/]+/)*[^/]+\.xml")
_OPEN = frozenset(("content.xml", "styles.xml"))
_CORE, _META, _MANIFEST = "docProps/core.xml", "meta.xml", "META-INF/manifest.xml"
_AUTHORS = frozenset(("creator", "lastModifiedBy", "initial-creator"))
_WORD_TEXT = frozenset(("t", "delText", "instrText"))
_OPEN_TEXT = frozenset(("p", "h"))
_BREAKS = frozenset(("p", "h", "br", "cr", "line-break", "annotation", "note"))
_BLANKS = frozenset(("tab", "s", "noBreakHyphen"))


def word_parts(content: bytes) -> Iterator[Part]:
    """The text and authors of a DOCX file; raises `Unread`."""
    for name, part in _parts(content, lambda name: name == _CORE or bool(_WORD.fullmatch(name))):
        if name == _CORE:
            yield from ((AUTHOR, author) for author in _authors(part))
        else:
            yield TEXT, _text(part, _WORD_TEXT)


def open_parts(content: bytes) -> Iterator[Part]:
    """The text and authors of an ODT file; raises `Unread`."""
    names = {*_OPEN, _META, _MANIFEST}
    parts = list(_parts(content, names.__contains__))
    for name, part in parts:
        if name == _META:
            yield from ((AUTHOR, author) for author in _authors(part))
        elif name == _MANIFEST and b"encryption-data" in part:
            raise Unread(ENCRYPTED)
    for name, part in parts:
        if name in _OPEN:
            yield TEXT, _text(part, _OPEN_TEXT)


def _parts(content: bytes, select: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    """The selected parts of a ZIP file with their names, duplicates included.

    Raises `Unread` if they are damaged, encrypted, too large or none.
    """
    if content.count(_ENTRY) > _MOST:
        raise Unread(LARGE)
    budget, empty = Budget(UNPACKED), True
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for about in archive.infolist():
                if not select(about.filename):
                    continue
                if about.flag_bits & 1:
                    raise Unread(ENCRYPTED)
                if about.compress_type not in _PACKINGS:
                    raise Unread(BROKEN)
                with archive.open(about) as part:
                    unpacked = part.read(budget.left + 1)
                budget.spend(len(unpacked))
                empty = False
                yield about.filename, unpacked
    except _FAULTS:
        raise Unread(BROKEN) from None
    if empty:
        raise Unread(BROKEN)


def _authors(part: bytes) -> Iterator[str]:
    """The names in a file's properties, each once."""
    names = _text(part, _AUTHORS, apart=True).split("\n")
    yield from dict.fromkeys(name.strip() for name in names if name.strip())


def _text(part: bytes, holding: frozenset[str], *, apart: bool = False) -> str:
    """The text within elements of some names, whatever their namespace.

    A paragraph is one line, however many runs it consists of.  If `apart`, each of the elements
    begins a new line.
    """
    pieces, depth = list[str](), 0

    def begin(name: str, _: object) -> None:
        nonlocal depth
        local = name.rpartition(" ")[2]
        depth += local in holding
        if local in _BREAKS or (apart and local in holding):
            pieces.append("\n")
        elif local in _BLANKS:
            pieces.append(" ")

    def end(name: str) -> None:
        nonlocal depth
        local = name.rpartition(" ")[2]
        depth -= local in holding
        if local in _BREAKS:
            pieces.append("\n")

    def characters(text: str) -> None:
        if depth:
            pieces.append(text)

    def refuse(*_: object) -> None:
        raise Unread(BROKEN)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = characters, refuse
    try:
        parser.Parse(part, True)  # noqa: FBT003 -- expat's argument for the last chunk
    except (expat.ExpatError, LookupError, ValueError):
        raise Unread(BROKEN) from None
    return "".join(pieces)
