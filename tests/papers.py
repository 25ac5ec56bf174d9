"""Small attachments for tests: word processors' files and PDF, made part by part."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from io import BytesIO

from pypdf import PdfReader, PdfWriter

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
CORE = (
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
OPEN = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
PICTURE = (
    "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
)


def packed(parts: Mapping[str, str]) -> bytes:
    """A ZIP file of parts, in their order; what is first is stored, as ODF wants it."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for count, (name, text) in enumerate(parts.items()):
            archive.writestr(
                zipfile.ZipInfo(name),
                text,
                compress_type=zipfile.ZIP_DEFLATED if count else zipfile.ZIP_STORED,
            )
    return buffer.getvalue()


def word(body: str, core: str = "", more: Mapping[str, str] | None = None) -> bytes:
    """A DOCX of WordprocessingML, and of Dublin Core as its properties."""
    parts = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {WORD}><w:body>{body}</w:body></w:document>",
        "docProps/core.xml": f"<cp:coreProperties {CORE}>{core}</cp:coreProperties>",
    }
    return packed({**parts, **(more or {})})


def odt(body: str, meta: str = "", more: Mapping[str, str] | None = None) -> bytes:
    """An ODT of OpenDocument's text, and of its properties."""
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"<office:document-content {OPEN}>{body}</office:document-content>",
        "meta.xml": f"<office:document-meta {OPEN}>{meta}</office:document-meta>",
    }
    return packed({**parts, **(more or {})})


def pdf(
    pages: Iterable[str], author: str = "", *, picture: bool = False, form: str | None = None
) -> bytes:
    """A PDF of a line a page, "" for a page without; with a picture or a form on each."""
    texts = list(pages)
    kids = " ".join(f"{5 + 2 * place} 0 R" for place in range(len(texts)))
    drawing = f"<< /Length {len(form or 'x')} "
    drawing += "/Type /XObject /Subtype /Form /BBox [0 0 9 9] " if form is not None else PICTURE
    drawing += "/Resources << /Font << /F 3 0 R >> /XObject << /X 4 0 R >> >> " if form else ""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(texts)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"{drawing} >>\nstream\n{form or 'x'}\nendstream",
    ]
    named = "/XObject << /X 4 0 R >>" if picture or form is not None else ""
    for text in texts:
        stream = f"BT /F 9 Tf 9 9 Td ({text}) Tj ET" if text else ""
        stream += " /X Do" if named else ""
        page = f"/Parent 2 0 R /MediaBox [0 0 99 99] /Contents {len(objects) + 2} 0 R"
        resources = f"/Resources << /Font << /F 3 0 R >> {named} >>"
        objects += [
            f"<< /Type /Page {page} {resources} >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        ]
    objects.append(f"<< /Author {_written(author)} >>")
    return _file(objects)


def _written(text: str) -> str:
    """A text as a string of a PDF."""
    marked = f"\ufeff{text}".encode("utf-16-be")
    return f"<{marked.hex()}>" if text else "()"


def _file(objects: list[str]) -> bytes:
    text, places = "%PDF-1.4\n", list[int]()
    for number, content in enumerate(objects, start=1):
        places.append(len(text))
        text += f"{number} 0 obj\n{content}\nendobj\n"
    rows = "".join(f"{place:010d} 00000 n \n" for place in places)
    count = len(objects) + 1
    trailer = f"<< /Size {count} /Root 1 0 R /Info {len(objects)} 0 R >>"
    table = f"xref\n0 {count}\n0000000000 65535 f \n{rows}trailer\n{trailer}"
    return f"{text}{table}\nstartxref\n{len(text)}\n%%EOF\n".encode("ascii")


def locked(content: bytes, password: str, owner: str | None = None) -> bytes:
    """The same PDF with a password to open it, and another to change it."""
    writer, buffer = PdfWriter(clone_from=PdfReader(BytesIO(content))), BytesIO()
    writer.encrypt(password, owner)
    writer.write(buffer)
    return buffer.getvalue()
