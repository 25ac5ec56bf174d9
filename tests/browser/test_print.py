"""A report printed by a real browser: one document with contents, running head, page numbers."""

from __future__ import annotations

import io
import re
from unicodedata import normalize

import pytest
from browsing import Visit
from playwright.sync_api import Route, expect
from pypdf import PdfReader

TITLE = "測試市政府業務報告"
pytestmark = pytest.mark.parametrize("root", ["/"], indirect=True)
"""Paper does not tell where a site stands."""


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
    """The report's title stands at the head of every page, at the foot address and number of all.

    No page has these alone.
    """
    assert len(printed) > 1
    for number, text in enumerate(printed, start=1):
        assert TITLE in text, number
        assert "https://example.org/gongbao/reports/2016-05-test/" in text, number
        assert text.count(f"{number}/{len(printed)}") == 1, number
        assert len(text) > 150, number


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


def test_each_sheet_of_an_entry_can_be_filed(visit: Visit) -> None:
    """The gazette's head, what cites the entry with its address, the sheet's number of all."""
    page = visit.open("gazette/105/105-001/01/")
    page.locator(".gb-strip [data-roc-day]").wait_for()
    reader = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    sheets = ["".join(normalize("NFKC", s.extract_text()).split()) for s in reader.pages]
    assert len(sheets) > 1
    for number, text in enumerate(sheets, start=1):
        assert "測試市政府公報105年第1期" in text, number
        assert "測市秘字第10530006500號令,《測試市政府公報》" in text, number
        assert "gazette/105/105-001/01/" in text, number
        assert f"{number}/{len(sheets)}" in text, number
    assert "發文日期" in "".join(sheets)  # what is folded on the screen
    assert re.search(r"現行有效\(\d{3}年\d{1,2}月\d{1,2}日\)", sheets[0])
    for words in (
        "目次",
        "紀錄資訊",
        "複製",
        "訂閱",
        "查驗本則",
        "回到頁首",
        "相關內容",
        "English",
    ):
        assert words not in "".join(sheets), words


def test_a_list_is_printed_with_its_address(visit: Visit) -> None:
    """At its end; what its page shows on a screen alone is not there."""
    page = visit.open("gazette/105/105-001/")
    reader = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    (text,) = [normalize("NFKC", sheet.extract_text()) for sheet in reader.pages]
    assert "https://example.org/gongbao/gazette/105/105-001/" in text
    for words in ("首頁", "列印整期", "訂閱", "回到頁首"):
        assert words not in text, words


def test_an_issue_is_printed_whole(visit: Visit) -> None:
    """Cover and contents, then each entry with its full text on a page of its own."""
    page = visit.open("gazette/105/105-001/")
    # `void`, since Playwright calls what an expression gives when that is a function.
    page.evaluate("void (window.print = () => { document.body.dataset.printed = 'yes'; })")
    page.get_by_role("button", name="列印整期").click()
    page.wait_for_selector("body[data-printed=yes]")
    assert page.locator(".gb-binding > article").count() == 3
    page.emulate_media(media="print")  # all that is only for paper is there before it is printed
    page.locator(".gb-binding").wait_for(state="visible")
    reader = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    sheets = ["".join(normalize("NFKC", s.extract_text()).split()) for s in reader.pages]
    assert "105年第1期" in sheets[0]
    assert "第三條保存年限為5*3*2年" not in sheets[0]
    begun = [
        t for t in ("訂定「測試市檔案", "公告測試市文化節", "預告「測試市廣場") if t in sheets[0]
    ]
    assert len(begun) == 3
    assert "".join(sheets).count("發文日期") == 3
    assert all("測試市政府公報105年第1期" in text for text in sheets[1:])
    whole = "".join(sheets)
    for words in (
        "第三條保存年限為5*3*2年",
        "公告測試市文化節活動",
        "預告「測試市廣場使用辦法」草案",
    ):
        assert words in whole, words
    for words in ("列印整期", "引用本則", "查驗本則", "首頁"):
        assert words not in whole, words
    assert visit.complaints == []
    assert page.evaluate("document.querySelectorAll('.gb-binding [id]').length") == 0


def test_the_front_page_is_legible_on_paper(visit: Visit) -> None:
    """The day of an issue is dark on white, and no card is torn apart."""
    page = visit.open("")
    page.emulate_media(media="print")
    day = page.locator(".gb-month a").first
    expect(day).to_have_css("background-color", "rgb(255, 255, 255)")
    torn = "all => all.filter(one => getComputedStyle(one).breakInside !== 'avoid').length"
    assert page.locator(".gb-doors li").evaluate_all(torn) == 0
    assert page.locator(".gb-doors li").count() > 2


def test_a_double_click_prints_once(visit: Visit) -> None:
    """Each entry stands once, also after a later click, which prints again."""
    page = visit.open("gazette/105/105-001/")
    page.get_by_role("button", name="列印整期").wait_for()
    page.evaluate("void (window.print = () => document.body.append(document.createElement('u')))")
    prints = page.locator("body > u")
    click = "document.querySelector('[data-print-issue]').click();"
    page.evaluate(click * 2)
    prints.first.wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    assert prints.count() == 1
    page.evaluate(click)
    prints.nth(1).wait_for(state="attached")
    assert prints.count() == 2
    assert page.locator(".gb-binding").count() == 1
    assert page.locator(".gb-binding > article").count() == 3


PIXEL = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
ILLUSTRATED = """<img src="sizes/960/a.jpg" alt="" sizes="40rem"
srcset="sizes/480/a.jpg 480w, sizes/960/a.jpg 960w, a,b.jpg 1200w"><a href="../02/#fee">"""


def test_addresses_in_a_printed_issue_are_those_of_its_entries(visit: Visit) -> None:
    """Each size of a picture, and each link, as seen from the entry's page."""

    def illustrate(route: Route) -> None:
        text = route.fetch().text().replace("</article>", f"{ILLUSTRATED}</article>", 1)
        route.fulfill(body=text, content_type="text/html; charset=utf-8")

    page = visit.open("gazette/105/105-001/")
    entry = page.url + "01/"
    page.route(entry, illustrate)
    page.route("**/*.jpg", lambda route: route.fulfill(body=PIXEL, content_type="image/svg+xml"))
    page.evaluate("void (window.print = () => { document.body.dataset.printed = 'yes'; })")
    page.get_by_role("button", name="列印整期").click()
    page.wait_for_selector("body[data-printed=yes]")
    image = page.locator(".gb-binding img")
    assert image.get_attribute("src") == f"{entry}sizes/960/a.jpg"
    assert image.get_attribute("srcset") == (
        f"{entry}sizes/480/a.jpg 480w, {entry}sizes/960/a.jpg 960w, {entry}a,b.jpg 1200w"
    )
    assert page.locator(".gb-binding [href$='#fee']").get_attribute("href") == f"{page.url}02/#fee"


def test_a_statistic_is_printed_with_what_cites_it(visit: Visit) -> None:
    """Figure, chart, table, citation and address; no word that only a screen needs."""
    page = visit.open("statistics/fleet/")
    reader = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    sheets = ["".join(normalize("NFKC", s.extract_text()).split()) for s in reader.pages]
    assert all(len(text) > 40 for text in sheets)
    whole = "".join(sheets)
    assert "「車輛借用」,104年9月1日至105年2月29日(105年5月6日發布)" in whole
    assert "https://example.org/gongbao/statistics/fleet/" in whole
    for words in ("下載", "複製", "搜尋", "▶"):
        assert words not in whole, words
