"""The page of an entry as it is read: status, days, links in the text, missing attachments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from browsing import serving
from playwright.sync_api import Browser, expect
from sample_sites import MINIMAL, build_site

ENTRY = (
    "title: {title}\ncategory: rule\nform: {form}\nissuers: [city]\n"
    "document_numbers: [小市秘字第10500001{n:02d}號]\ndispatch_date: 105-0{month}-03\n{more}"
)
LAW = "「小市路燈管理辦法」"
PARTS = """\
effective:
- {date: 105-03-10, scope: 全文}
- {date: 105-09-01, scope: 第三條}
"""
AMENDS = (
    "relations: [{type: amends, target: 105-001-02, articles: [第三條]}]\n"
    "effective: [{date: 105-06-01}]\n"
)
REPEALS = "relations: [{type: repeals, target: 105-001-02}]\neffective: [{date: 105-12-01}]\n"
PLAIN_TEXT = f"""\
source: 小市公報，https://example.org/old/7
body: |-
  依小市路燈管理辦法第三條及小市秘字第1050000101號令辦理。
  {LAW}另見小市政府小市秘字第1050000101號令。
  名單如附件。
  其餘如附表。
  （請參見PDF）
"""
TEXTS = {
    "gazette/105/105-001/02.yaml": (f"訂定{LAW}", "order", 1, f"body: 訂定{LAW}。\n{PARTS}"),
    "gazette/105/105-002/01.yaml": (f"修正{LAW}", "order", 2, f"body: 修正第三條。\n{AMENDS}"),
    "gazette/105/105-002/02.yaml": (
        "路燈維護公告",
        "other",
        2,
        PLAIN_TEXT,
    ),
    "gazette/105/105-002/03.yaml": (
        "公告路燈申請表",
        "announcement",
        2,
        "subject: 公告申請表，如附件。\nitems: [甲, [乙]]\n",
    ),
    "gazette/105/105-003/01.yaml": (f"廢止{LAW}", "order", 3, f"body: 廢止之。\n{REPEALS}"),
}
FIRST, PLAIN = "gazette/105/105-001/02/", "gazette/105/105-002/02/"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rule with parts, its amendment and its repeal, and two documents without attachments."""
    root = tmp_path_factory.mktemp("reading")
    issues = {
        f"gazette/105/105-00{n}/issue.yaml": f"publication_date: 105-0{n}-05\n" for n in (1, 2, 3)
    }
    entries = {
        name: ENTRY.format(title=title, form=form, n=number, month=month, more=more)
        for number, (name, (title, form, month, more)) in enumerate(TEXTS.items(), start=1)
    }
    for name, text in {**MINIMAL, **issues, **entries}.items():
        path = root / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    build_site(root / "content", root, date(2016, 4, 1))
    return root / "site"


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    """The site, served."""
    with serving(site, "/") as address:
        yield address


def _page(site: Path, address: str) -> str:
    return (site / address / "index.html").read_text("utf-8")


def test_the_strip_tells_state_and_days_without_scripts(site: Path) -> None:
    """The state on the day of the build, and every day that changes it with its cause."""
    html = _page(site, FIRST).partition('<section class="gb-strip"')[2].partition("</section>")[0]
    assert ">截至105年4月1日：部分條文尚未施行</span>" in html
    lines = [re.sub("<[^>]*>", "", line) for line in re.findall("<li.*?</li>", html)]
    assert lines == [
        "發布 105年1月3日",
        "生效（全文） 105年3月10日",
        f"修正（第三條） 105年6月1日 修正{LAW}",
        "生效（第三條） 105年9月1日",
        f"廢止 105年12月1日 廢止{LAW}",
    ]


@pytest.mark.parametrize(
    ("day", "state", "line", "struck"),
    [
        ("2016-03-09", "尚未生效", "發布", False),
        ("2016-03-10", "部分條文尚未施行", "生效（全文）", False),
        ("2016-06-01", "現行有效，內容經修正", "修正", False),
        ("2016-12-01", "已廢止", "廢止", True),
    ],
)
def test_the_strip_is_right_on_the_readers_day(
    browser: Browser, served: str, day: str, state: str, line: str, struck: bool
) -> None:
    """State, the line of the timeline that has come, and the title of what has ended."""
    context = browser.new_context(timezone_id="Asia/Taipei")
    page = context.new_page()
    page.clock.set_fixed_time(datetime.fromisoformat(f"{day}T12:00+08:00"))
    page.goto(served + FIRST)
    expect(page.locator(".gb-strip [data-days]")).to_have_text(state)
    current = page.locator(".gb-timeline [aria-current]")
    expect(current).to_have_count(1)
    assert current.inner_text().startswith(line)
    style = page.locator("h1").evaluate("h => getComputedStyle(h).textDecorationLine")
    assert (style == "line-through") == struck
    context.close()


def test_a_rule_without_days_is_told_as_unknown(browser: Browser, served: str, site: Path) -> None:
    """Nothing is called valid; the day up to which nothing is known is the site's own."""
    address = "gazette/105/105-001/01/"
    html = _page(site, address)
    assert ">效力不詳</span>" in html
    assert "現行有效" not in html
    page = browser.new_page()
    page.goto(served + address)
    expect(page.locator("[data-site-day]")).to_have_text("至105年4月1日未收錄修正或廢止")
    page.close()


def test_what_stands_beside_a_text_is_not_folded(browser: Browser, served: str) -> None:
    """On a wide screen its parts are open, and no key stops at a title that folds nothing."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{served}gazette/105/105-001/01/")
    record = page.locator(".gb-entry .gb-record")
    expect(record).to_have_attribute("open", "")
    page.set_viewport_size({"width": 390, "height": 900})
    expect(record).not_to_have_attribute("open", "")
    record.locator("> summary").click()
    expect(record).to_have_attribute("open", "")
    page.close()


def test_names_in_a_text_lead_to_what_the_site_holds(site: Path) -> None:
    """A law as it was on the text's day, a document by its number; the first time alone."""
    html = _page(site, PLAIN)
    links = re.findall(r'<a class="gb-named" href="([^"]*)">([^<]*)</a>', html)
    assert links == [
        ("../01/", "小市路燈管理辦法"),
        ("../../105-001/02/", "市秘字第1050000101號"),
    ]
    assert 'class="gb-named"' not in _page(site, FIRST)  # its own law, amended later


def test_a_missing_attachment_is_told_at_its_place(site: Path) -> None:
    """Behind the line that first mentions one, and each bare pointer; it leads to the original."""
    note = '<p class="gb-absent">本站未收錄這份附件{}。</p>'
    lead = note.format('，請見<a href="https://example.org/old/7">原刊登處</a>')
    text = _page(site, PLAIN).partition('<div class="gb-text">')[2].partition("</div>")[0]
    lines = text.strip().split("\n")
    assert [lines[place - 1] for place, line in enumerate(lines) if line == lead] == [
        '<p class="gb-line">名單如附件。</p>',
        '<p class="gb-line">（請參見PDF）</p>',
    ]
    assert f"如附件。</p>\n{note.format('')}\n" in _page(site, "gazette/105/105-002/03/")


def test_an_unnamed_form_is_no_word_of_a_page(site: Path) -> None:
    """Neither the head nor the facts nor the description call a document 其他."""
    html = _page(site, PLAIN)
    assert "其他" not in html
    assert "<dt>文別</dt>" not in html


def test_points_of_fields_have_anchors(site: Path) -> None:
    """Those of the first and second depth, below the name of their part."""
    html = _page(site, "gazette/105/105-002/03/")
    assert re.findall(r'<(?:h2|div role="listitem") id="([^"]*)"', html) == [
        "subject",
        "items",
        "items-p1",
        "items-p1-1",
    ]
