"""A report printed by a real browser: one document with contents, running head, page numbers."""

from __future__ import annotations

import io
from unicodedata import normalize

import pytest
from browsing import Visit
from pypdf import PdfReader

TITLE = "測試市政府業務報告"


@pytest.fixture
def printed(visit: Visit) -> list[str]:
    """The text of each page of the printed report, without blanks.

    NFKC makes of the radicals that fonts give for some characters these characters again.
    """
    page = visit.open("reports/2016-05-test/")
    reader = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    texts = (normalize("NFKC", sheet.extract_text()) for sheet in reader.pages)
    return ["".join(text.split()) for text in texts]


def test_each_page_has_its_head_and_number(printed: list[str]) -> None:
    """The report's title stands at the head of every page, its number of all at the foot."""
    assert len(printed) > 1
    for number, text in enumerate(printed, start=1):
        assert TITLE in text, number
        assert f"{number}/{len(printed)}" in text, number


def test_contents_come_first_and_alone(printed: list[str]) -> None:
    """The first page holds title and contents; the text begins on the second."""
    assert "目次" in printed[0]
    assert "(二)節電" in printed[0]
    assert "本期借用" not in printed[0]
    assert "本期借用42車次" in printed[1]


def test_a_table_stays_whole(printed: list[str]) -> None:
    """Number, first and last row and source of a table stand on one page."""
    (holder,) = [text for text in printed if "表1" in text]
    for words in ("102434", "182442", "資料:車輛借用"):
        assert words in holder, words


def test_what_serves_the_screen_alone_is_not_printed(printed: list[str]) -> None:
    """No navigation, no links to other pages of the site."""
    whole = "".join(printed)
    for words in ("首頁", "搜尋", "報告所載與紀錄對照", "前一則", "訂閱與資料下載"):
        assert words not in whole, words
