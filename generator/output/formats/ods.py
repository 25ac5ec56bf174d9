"""Writes workbooks in OpenDocument format (ODF 1.3, spreadsheet), in which numbers stay numbers.

The libraries for it (odfpy, ezodf) are not used because they write the current time into each
file.  The parts are stored uncompressed, so that the bytes do not depend on a zlib version.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from generator.content.model import Sheet, SheetCell
from generator.text.characters import latin_width

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_NOT_IN_TITLES = re.compile(r"[\[\]*?:/\\']")
_LONGEST = 31
"""The most characters of a sheet's title, and the characters that spreadsheets forbid in it."""
_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for name, space in (
        ("office", "office"),
        ("style", "style"),
        ("text", "text"),
        ("table", "table"),
        ("number", "datastyle"),
        ("fo", "xsl-fo-compatible"),
    )
)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_WIDTHS = (8, 12, 16, 24, 36, 60)
"""The widths that a column can have, in Latin letters."""


def workbook(title: str, sheets: Sequence[Sheet]) -> bytes:
    """The bytes of a workbook; the same sheets give the same bytes everywhere."""
    named = tuple(named_apart(sheets))
    parts = {
        "mimetype": MEDIA_TYPE,
        "content.xml": _content(named),
        "meta.xml": _meta(title),
        "META-INF/manifest.xml": _manifest(),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, text in parts.items():
            part = zipfile.ZipInfo(name, _FIRST_DAY)
            part.create_system = 3  # Unix; the default depends on the system
            archive.writestr(part, text.encode())
    return buffer.getvalue()


def cover(title: str, facts: Iterable[tuple[str, str]], sheets: Sequence[Sheet]) -> Sheet:
    """A first sheet that describes a workbook and lists the sheets that follow."""
    listed = [sheet.title for sheet in named_apart((_sheet("", ()), *sheets))][1:]
    rows = [(title, ""), *facts, ("", ""), ("工作表", "內容")]
    rows += [(name, sheet.rows[0][0].text) for name, sheet in zip(listed, sheets, strict=True)]
    return _sheet("封面", tuple(tuple(SheetCell(text=t) for t in row) for row in rows))


def _sheet(title: str, rows: tuple[tuple[SheetCell, ...], ...]) -> Sheet:
    return Sheet(title=title, rows=rows)


def named_apart(sheets: Iterable[Sheet]) -> Iterator[Sheet]:
    """The same sheets under unique titles that every spreadsheet program accepts."""
    titles: set[str] = set()
    for sheet in sheets:
        plain = " ".join(_NOT_IN_TITLES.sub(" ", sheet.title).split()) or "工作表"
        title, count = plain[:_LONGEST], 1
        while title.casefold() in titles:
            count += 1
            title = f"{plain[: _LONGEST - len(str(count)) - 1]} {count}"
        titles.add(title.casefold())
        yield Sheet(title=title, rows=sheet.rows, heads=sheet.heads)


def _content(sheets: Sequence[Sheet]) -> str:
    forms = {_form(c): n for n, c in enumerate(_numbers(sheets), start=1)}
    styles = "".join(_number_style(form, n) for form, n in forms.items())
    columns = "".join(
        f'<style:style style:name="w{n}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{n * 2.2:.1f}mm"/></style:style>'
        for n in _WIDTHS
    )
    head = (
        '<style:style style:name="head" style:family="table-cell">'
        '<style:text-properties fo:font-weight="bold"/></style:style>'
        '<style:style style:name="wrap" style:family="table-cell">'
        '<style:table-cell-properties fo:wrap-option="wrap"/></style:style>'
    )
    body = "".join(_table(sheet, forms) for sheet in sheets)
    return (
        f'{_HEAD}<office:document-content {_SPACES} office:version="1.3">'
        f"<office:automatic-styles>{columns}{head}{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body>"
        "</office:document-content>\n"
    )


Form = tuple[int, str, str]
"""The format of a number: its decimal places, the text before it and after it."""


def _form(cell: SheetCell) -> Form:
    return len(cell.number.partition(".")[2]), cell.before, cell.after


def _numbers(sheets: Iterable[Sheet]) -> list[SheetCell]:
    """One cell of each number format, in order of first appearance."""
    numbers = (cell for sheet in sheets for row in sheet.rows for cell in row if cell.number)
    return list({_form(cell): cell for cell in numbers}.values())


def _number_style(form: Form, place: int) -> str:
    places, *around = form
    before, after = (
        f"<number:text>{_escaped(text)}</number:text>" if text else "" for text in around
    )
    number = (
        f'<number:number number:decimal-places="{places}" number:min-decimal-places="{places}" '
        'number:min-integer-digits="1" number:grouping="true"/>'
    )
    return (
        f'<number:number-style style:name="n{place}">{before}{number}{after}'
        f'</number:number-style><style:style style:name="c{place}" style:family="table-cell" '
        f'style:data-style-name="n{place}"/>'
    )


def _table(sheet: Sheet, forms: dict[Form, int]) -> str:
    broad = max((len(row) for row in sheet.rows), default=1)
    columns = "".join(
        f'<table:table-column table:style-name="w{_width(sheet, n)}"/>' for n in range(broad)
    )
    rows = "".join(
        f"<table:table-row>{_row(row, forms, head=n < sheet.heads)}</table:table-row>"
        for n, row in enumerate(sheet.rows)
    )
    name = escape(sheet.title)
    return f'<table:table table:name="{name}">{columns}{rows}</table:table>'


def _width(sheet: Sheet, column: int) -> int:
    """The narrowest width that fits a column's texts, apart from the title row."""
    texts = [row[column].text for row in sheet.rows[1:] if len(row) > column]
    widest = max((latin_width(line) for text in texts for line in text.split("\n")), default=0)
    return next((width for width in _WIDTHS if width > widest), _WIDTHS[-1])


def _row(row: Sequence[SheetCell], forms: dict[Form, int], *, head: bool) -> str:
    return "".join(_cell(cell, forms, head=head) for cell in row) or "<table:table-cell/>"


def _cell(cell: SheetCell, forms: dict[Form, int], *, head: bool) -> str:
    if cell.number:
        style = f"c{forms[_form(cell)]}"
        value = f'office:value-type="float" office:value="{cell.number}"'
        text = f"<text:p>{_escaped(cell.text)}</text:p>"
        return f'<table:table-cell table:style-name="{style}" {value}>{text}</table:table-cell>'
    if not cell.text:
        return "<table:table-cell/>"
    style = "head" if head else "wrap"
    lines = "".join(f"<text:p>{_escaped(line)}</text:p>" for line in cell.text.split("\n"))
    attributes = f'table:style-name="{style}" office:value-type="string"'
    return f"<table:table-cell {attributes}>{lines}</table:table-cell>"


def _escaped(text: str) -> str:
    """Text escaped for XML; a run of spaces becomes an element, since readers collapse it."""
    plain = escape(text, quote=False)
    return re.sub(" {2,}", lambda run: f'<text:s text:c="{len(run[0])}"/>', plain)


def _meta(title: str) -> str:
    return (
        f'{_HEAD}<office:document-meta {_SPACES} xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'office:version="1.3"><office:meta><dc:title>{escape(title, quote=False)}</dc:title>'
        "<dc:language>zh-TW</dc:language></office:meta></office:document-meta>\n"
    )


def _manifest() -> str:
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    entries = (("/", MEDIA_TYPE), ("content.xml", "text/xml"), ("meta.xml", "text/xml"))
    listed = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in entries
    )
    return (
        f'{_HEAD}<manifest:manifest xmlns:manifest="{space}" manifest:version="1.3">'
        f"{listed}</manifest:manifest>\n"
    )
