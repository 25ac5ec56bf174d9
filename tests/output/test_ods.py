"""Workbooks: read back they are the sheets, and the same sheets give the same bytes."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st
from workbooks import NUMBER, parts, read

from generator.content.model import Sheet, SheetCell
from generator.output.formats.ods import MEDIA_TYPE, cover, named_apart, workbook

WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
CELL = st.builds(SheetCell, text=WORDS) | st.builds(
    lambda number, word: SheetCell(text=f"{number:,f}", number=f"{number:f}", before=word),
    st.decimals(-(10**9), 10**9, places=2),
    st.sampled_from(("", "約")),
)


def sheet(*rows: tuple[SheetCell, ...], title: str = "表") -> Sheet:
    """A sheet."""
    return Sheet(title=title, rows=rows)


@given(st.lists(st.lists(CELL, min_size=1, max_size=4).map(tuple), min_size=1, max_size=4))
def test_a_workbook_reads_back(rows: list[tuple[SheetCell, ...]]) -> None:
    """Numbers come back as the same numbers, texts sign by sign, spaces too."""
    held = read(workbook("表", (sheet(*rows),)))["表"]
    wanted = [[Decimal(cell.number) if cell.number else cell.text for cell in row] for row in rows]
    assert held == wanted


def test_the_same_sheets_give_the_same_bytes() -> None:
    """No hour, no system, no compression: the bytes are the content's alone."""
    made = workbook("表", (sheet((SheetCell(text="甲"),)),))
    assert made == workbook("表", (sheet((SheetCell(text="甲"),)),))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {part.compress_type for part in archive.infolist()} == {zipfile.ZIP_STORED}


def test_a_workbook_says_first_what_it_is() -> None:
    """The media type stands at the 38th byte, where other programs look for it."""
    made = workbook("表", (sheet((SheetCell(text="甲"),)),))
    assert next(iter(parts(made))) == "mimetype"
    assert made[38 : 38 + len(MEDIA_TYPE)] == MEDIA_TYPE.encode()


def test_a_number_is_shown_as_it_was_printed() -> None:
    """Decimal places, thousands and the qualifier are a format; the number is a number."""
    about = SheetCell(text="約1,500.50", number="1500.50", before="約")
    body = ET.fromstring(parts(workbook("表", (sheet((about,)),)))["content.xml"])
    (style,) = body.iter(f"{NUMBER}number-style")
    assert [one.tag.removeprefix(NUMBER) for one in style] == ["text", "number"]
    assert style[0].text == "約"
    assert style[1].attrib[f"{NUMBER}decimal-places"] == "2"
    assert style[1].attrib[f"{NUMBER}grouping"] == "true"


def test_titles_of_sheets_are_what_spreadsheets_take() -> None:
    """No sign that they refuse, none longer than 31, none twice, whatever the case."""
    titles = ("a/b", "A b", "[?]", "長" * 40, "長" * 40)
    made = [one.title for one in named_apart(sheet(title=title) for title in titles)]
    assert made == ["a b", "A b 2", "工作表", "長" * 31, "長" * 29 + " 2"]


def test_a_cover_lists_the_sheets_that_follow() -> None:
    """By the names they have in the workbook, with their own titles."""
    tables = (
        sheet((SheetCell(text="員額（105年）"),), title="員額"),
        sheet((SheetCell(text="員額（106年）"),), title="員額"),
    )
    first = cover("報告", (("發布日期", "2016-05-06"),), tables)
    held = read(workbook("報告", (first, *tables)))
    assert list(held) == ["封面", "員額", "員額 2"]
    assert held["封面"][0] == ["報告", ""]
    assert held["封面"][-2:] == [["員額", "員額（105年）"], ["員額 2", "員額（106年）"]]
