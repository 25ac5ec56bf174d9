"""What may lie beside a record: by ending, by first bytes, by the letters of its name."""

from __future__ import annotations

from io import BytesIO

import pytest

from generator.content import attachments
from generator.content.attachments import ALLOWED


def refusal(path: str, content: bytes) -> str:
    """Why a file of some bytes is refused."""
    return attachments.refusal(path, BytesIO(content))


ZIP = b"PK\x03\x04" + bytes(26)
SHAPES = {
    "pdf": b"%PDF-1.7\n",
    "odt": ZIP + b"mimetypeapplication/vnd.oasis.opendocument.text",
    "docx": ZIP + b"[Content_Types].xml",
    "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "txt": "附件：若 x<y。".encode(),
    "csv": b"a,b\n",
    "json": b'{"a": 1}',
    "zip": ZIP,
    "jpg": b"\xff\xd8\xff\xe0",
    "png": b"\x89PNG\r\n\x1a\n",
    "webp": b"RIFF\0\0\0\0WEBP",
}


@pytest.mark.parametrize("ending", sorted(SHAPES))
def test_what_is_on_the_list_is_offered(ending: str) -> None:
    """A file that is what it is called passes, with capitals, points and blanks in its name too."""
    for name in (f"附表.{ending}", f"Fig 1.2 v3.{ending.upper()}"):
        assert refusal(f"gazette/105/105-001/03/{name}", SHAPES[ending]) == ""


@pytest.mark.parametrize(
    "name",
    [
        *(f"a.{e}" for e in ("html", "svg", "xml", "js", "swf", "SVG", "xhtml", "gif", "exe", "")),
        *("html", "pdf", ".pdf.html", "a.pdf.", "a.pdf "),
    ],
)
def test_any_other_ending_is_refused(name: str) -> None:
    """A page, a drawing with scripts, a program; also what has no ending at all."""
    assert refusal(f"x/{name}", SHAPES["pdf"]) == "ending"


@pytest.mark.parametrize("name", ["a.html.pdf", "a.SVG.pdf", "a.js .pdf", "發票.exe.1.pdf"])
def test_a_hidden_ending_is_refused(name: str) -> None:
    """An ending that some system runs is refused wherever in the name it stands."""
    assert refusal(f"x/{name}", SHAPES["pdf"]) == "double"


@pytest.mark.parametrize("sign", "\u202e\u2066\u200f\u200b\u00ad\ufeff\u2028\u0007")
def test_a_name_that_shows_otherwise_is_refused(sign: str) -> None:
    """Marks that turn the direction of writing, and everything else that cannot be seen."""
    assert refusal(f"x/a{sign}b.pdf", SHAPES["pdf"]) == "hidden"


PAGES = (
    b"<html>",
    b"\xef\xbb\xbf \n<!DOCTYPE html>",
    b"<?xml version='1.0'?><svg/>",
    b"\t<SCRIPT>1</SCRIPT>",
    "<script>".encode("utf-16"),
    "<svg>".encode("utf-16-be"),
    b"CWS\x0b",
    b"MZ\x90",
)


@pytest.mark.parametrize("ending", sorted(ALLOWED))
@pytest.mark.parametrize("content", PAGES, ids=range(len(PAGES)))
def test_a_page_is_refused_under_every_name(ending: str, content: bytes) -> None:
    """Whatever ending it borrows; a text may begin with the letters of a program, it is shown."""
    harmless = ending in ("txt", "csv", "json") and content[:2] in (b"CW", b"MZ")
    assert refusal(f"x/a.{ending}", content) == ("" if harmless else "content")


@pytest.mark.parametrize("ending", sorted(SHAPES))
def test_no_sort_passes_for_another(ending: str) -> None:
    """A file under another's ending is refused; a text takes what cannot be taken for a page."""
    for other, content in SHAPES.items():
        same = ALLOWED[other] is ALLOWED[ending] or ending in ("txt", "csv", "json")
        zipped = ending == "zip" and content.startswith(b"PK")
        assert (refusal(f"x/a.{ending}", content) == "") is (same or zipped or other == ending)


PIECE = 1 << 16


@pytest.mark.parametrize("before", [PIECE - 1, PIECE, PIECE + 1, 3 * PIECE - 9])
def test_a_sign_far_inside_is_found(before: int) -> None:
    """A file is looked at in pieces: what stands where two of them meet is seen as well."""
    assert refusal("x/a.docx", ZIP + bytes(before - len(ZIP)) + b"[Content_Types].xml") == ""
    assert refusal("x/a.docx", ZIP + bytes(before)) == "content"
    for mark in (b"", b"\xef\xbb\xbf"):
        assert refusal("x/a.txt", mark + b"\n" * (before - len(mark)) + b"<script>") == "content"
        assert refusal("x/a.txt", mark + b"\n" * (before - len(mark)) + b"x <script>") == ""
