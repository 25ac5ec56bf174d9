"""Front pages: the home page, the gazette's, those of agencies and topics, and what they hide."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

import pytest
from browsing import serving
from lxml import html
from playwright.sync_api import Browser, Page, expect
from sample_sites import MINIMAL, SITES, build_site
from whole_program import Options

DAY = date(2016, 2, 5)
ENTRY = (
    "title: {title}\ncategory: {category}\nform: {form}\nissuers: [{issuers}]\n"
    "document_numbers: [小市秘字第10500001{number}號]\ndispatch_date: 105-01-03\nbody: 內容。\n"
    "{more}"
)
COMMENTS = "comment_period: {starts_on: 105-02-01, ends_on: 105-04-01, days: 61}\n"
EFFECT = "effective: [{date: 105-03-01, scope: 全文}]\n"
REPEAL = "relations: [{type: repeals, target: 105-003-04}]\neffective: [{date: 105-02-04}]\n"
ENTRIES = {
    "105-003/01": ("訂定路燈管理要點", "rule", "order", "city", EFFECT),
    "105-003/02": ("預告路燈管理辦法草案", "draft", "other", "works", COMMENTS),
    "105-003/03": ("公告路燈換裝時程", "other", "other", "parks, city", ""),
    "105-003/04": ("訂定未施行即廢止之要點", "rule", "order", "city", EFFECT),
    "105-003/05": ("廢止前開要點", "rule", "order", "city", REPEAL),
    "105-002/01": ("公告公園開放時間", "other", "other", "parks", ""),
}
TOPIC = "topics: [{id: lamps, title: 路燈}, {id: none, title: 無資料}]\n"
AGENCIES = "- {id: city, names: [{name: 小市政府}]}\n- {id: parks, names: [{name: 公園處}]}\n"
AGENCIES += "- {id: works, names: [{name: 工務處}]}\n"


def _content() -> Iterator[tuple[str, str]]:
    yield from MINIMAL.items()
    yield "site.yaml", MINIMAL["site.yaml"] + TOPIC
    yield "agencies.yaml", AGENCIES + "- {id: idle, names: [{name: 閒置處}], duties: 無}\n"
    for number, day in (("002", "105-01-20"), ("003", "105-02-03")):
        yield f"gazette/105/105-{number}/issue.yaml", f"publication_date: {day}\n"
    for serial, (place, entry) in enumerate(ENTRIES.items(), start=10):
        title, category, form, issuers, more = entry
        more += "topics: [lamps]\n" if "路燈" in title else ""
        text = ENTRY.format(
            title=title, category=category, form=form, issuers=issuers, number=serial, more=more
        )
        yield f"gazette/105/{place}.yaml", text


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of issues, agencies and hand-written pages alone, for the fifth of February 2016."""
    root = tmp_path_factory.mktemp("small")
    _write(root / "content", dict(_content()))
    build_site(root / "content", root, DAY)
    return root / "site"


def _write(content: Path, texts: Mapping[str, str]) -> None:
    for path, text in texts.items():
        (content / path).parent.mkdir(parents=True, exist_ok=True)
        (content / path).write_text(text, "utf-8")


def _page(site: Path, address: str) -> html.HtmlElement:
    return html.parse(site / address / "index.html").getroot()


def _headings(page: html.HtmlElement) -> list[str]:
    return [" ".join(h.text_content().split()) for h in page.xpath("//main//h2")]


def _titles(page: html.HtmlElement) -> list[str]:
    return [link.text_content() for link in page.find_class("gb-row-title")]


def test_home_has_the_blocks_that_have_content(small: Path) -> None:
    """The newest issue, the deadlines, topics and kinds; nothing of reports, figures, visits."""
    assert _headings(_page(small, "")) == [
        "本期公報",
        "徵求意見中",
        "即將生效",
        "依主題查閱",
        "依類型查閱",
        "訂閱",
    ]
    menu = [a.text_content() for a in _page(small, "").xpath("//nav[@id='gb-nav']//a")]
    assert menu == ["首頁", "公報", "機關", "訂閱", "關於"]


@pytest.mark.parametrize("address", ["", "gazette/", "agencies/parks/", "topics/lamps/"])
def test_nothing_stands_on_a_page_twice(small: Path, full_front: Path, address: str) -> None:
    """No record has two lines, on the small site and on the full sample."""
    for site in (small, full_front):
        if (site / address / "index.html").is_file():
            titles = _titles(_page(site, address))
            assert titles
            assert [title for title, count in Counter(titles).items() if count > 1] == []


@pytest.fixture(scope="module")
def full_front(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The full sample on a day with a draft open for comments and a revision of this week."""
    root = tmp_path_factory.mktemp("full-front")
    build_site(SITES / "full", root, DAY)
    return root / "site"


def test_the_issue_is_counted_by_category_and_grouped_by_issuers(small: Path) -> None:
    """Joint issuers are one group; entries with a deadline stand below, and are counted there."""
    block = _page(small, "").find_class("gb-issue-now")[0]
    text = " ".join(block.text_content().split())
    assert text.startswith("小市公報105年第3期105年2月3日 出刊全部 5 則")
    years = block.xpath(".//ul[@class='gb-years']//a")
    counts = [" ".join(a.text_content().split()) for a in years]
    assert counts == ["行政規則3 則", "草案預告1 則", "其他1 則"]
    groups = [" ".join(h.text_content().split()) for h in block.iter("h3")]
    assert groups == ["小市政府2 則", "公園處、小市政府1 則"]
    assert years[0].get("href").endswith("#category-rule")


def test_the_calendar_has_three_weeks_with_every_issue(small: Path) -> None:
    """A table of days; the name of a link says day, issue and number of entries."""
    (table,) = _page(small, "").find_class("gb-strip-month")
    assert [len(row.findall("td")) for row in table.findall("tbody/tr")] == [7, 7, 7]
    assert "105年1月17日至105年2月6日" in table.findtext("caption")
    names = [link.get("aria-label") for link in table.iter("a")]
    assert names == [
        "105年1月20日、小市公報105年第2期、1 則",
        "105年2月3日、小市公報105年第3期、5 則",
    ]


def test_deadlines_are_those_of_the_day(small: Path) -> None:
    """A draft with the days left, a rule with its day; not a rule that is repealed before it."""
    lines = _page(small, "").xpath("//*[@data-gone]")
    told = [re.sub(r"\s+", " ", line.text_content()).strip() for line in lines]
    assert len(told) == 2
    assert "預告路燈管理辦法草案" in told[0]
    assert "至105年4月1日" in told[0]
    assert "徵求意見中（還有 56 日）" in told[0]
    assert "自105年3月1日起生效（全文）" in told[1]
    assert "尚未生效（還有 25 日）" in told[1]
    assert [line.get("data-gone") for line in lines] == ["2016-04-02", "2016-03-02"]


def test_an_old_issue_is_called_old(small: Path, tmp_path: Path) -> None:
    """From three weeks after its day on; before, nothing is said."""
    assert _page(small, "").find_class("gb-aged")[0].text_content() == ""
    build_site(SITES / "minimal", tmp_path, date(2016, 1, 26))
    told = [p.text_content() for p in _page(tmp_path / "site", "").find_class("gb-aged")]
    assert told == [
        "本期出刊至今已逾三週，其後尚未出刊新的一期。",
        "最近七日沒有新的內容；最近一次更新是105年1月5日。",
    ]


def test_a_revision_is_told_once(full_front: Path) -> None:
    """The only entry that is revised this week stands among what comes into force."""
    page = _page(full_front, "")
    assert "本週更新" not in _headings(page)
    assert _titles(page).count("訂定「測試市檔案管理要點」") == 1


def test_an_agency_has_only_sections_with_content(small: Path) -> None:
    """Its entries and its contact; one without either says so.

    A draft that is its only entry stands in both lists: it leaves one when its period ends.
    """
    assert _headings(_page(small, "agencies/parks/")) == [
        "公報全部 2 則",
        "依年度查閱",
    ]
    works = _page(small, "agencies/works/")
    assert _headings(works) == ["公報全部 1 則", "徵求意見中", "依年度查閱"]
    assert len(_titles(works)) == 2
    city = _page(small, "agencies/city/")
    assert _headings(city) == ["公報全部 5 則", "即將生效", "依年度查閱"]
    assert len(_titles(city)) == 5
    assert _headings(_page(small, "agencies/idle/")) == ["職掌與聯絡方式"]


def test_the_sections_of_an_agency(full_site: Options) -> None:
    """Gazette, report, visits, then years and contact; its figures stand on the report's cover."""
    headings = _headings(_page(full_site.site, "agencies/secretariat/"))
    assert headings == [
        "列管中的裁示事項",
        "公報全部 3 則",
        "即將生效",
        "最新報告",
        "會議6 筆",
        "國際交流全部 1 筆",
        "依年度查閱",
        "職掌與聯絡方式",
    ]


def test_topics_without_a_record_have_no_page(small: Path) -> None:
    """The home page leads to those that have one, with their counts."""
    links = [
        (a.get("href"), " ".join(a.text_content().split()))
        for a in _page(small, "").xpath("//a[starts-with(@href, 'topics/')]")
    ]
    assert links == [("topics/lamps/", "路燈3 筆")]
    assert not (small / "topics/none").exists()
    assert _titles(_page(small, "topics/lamps/105/")) == [
        "公告路燈換裝時程",
        "預告路燈管理辦法草案",
        "訂定路燈管理要點",
    ]


def test_categories_without_an_entry_are_in_no_list(small: Path) -> None:
    """The gazette's page names those that have one."""
    links = _page(small, "gazette/").xpath("//a[starts-with(@href, 'category/')]")
    assert [a.get("href") for a in links] == [
        "category/rule/",
        "category/draft/",
        "category/other/",
    ]


def test_an_entry_makes_only_pages_anew_that_show_it(tmp_path: Path) -> None:
    """Of front pages those of the site, the gazette and its issuer; no other agency or topic."""
    _write(tmp_path / "content", dict(_content()))
    build_site(tmp_path / "content", tmp_path, DAY)
    pages = ("", "gazette/", "agencies/city/", "agencies/parks/", "agencies/idle/", "topics/lamps/")
    before = {address: _file_state(tmp_path, address) for address in pages}
    more = ENTRY.format(
        title="公告公廁清潔時間", category="other", form="other", issuers="city", number=99, more=""
    )
    _write(tmp_path / "content", {"gazette/105/105-003/06.yaml": more})
    build_site(tmp_path / "content", tmp_path, DAY)
    made = [a for a in pages if _file_state(tmp_path, a) != before[a]]
    assert made == ["", "gazette/", "agencies/city/"]


def _file_state(root: Path, address: str) -> tuple[int, int]:
    """A file that is made anew is another one, even if it says the same."""
    state = (root / "site" / address / "index.html").stat()
    return state.st_ino, state.st_mtime_ns


@pytest.fixture(scope="module")
def reader(browser: Browser, small: Path) -> Iterator[Callable[[str, str], Page]]:
    """A page of the small site as a reader sees it at noon of a day."""
    with serving(small, "/") as root:

        def read(address: str, day: str) -> Page:
            page = browser.new_context(timezone_id="Asia/Taipei").new_page()
            page.clock.set_fixed_time(datetime.fromisoformat(f"{day}T12:00+08:00"))
            page.goto(root + address)
            return page

        yield read


@pytest.mark.parametrize(
    ("day", "draft", "rule", "old"),
    [
        ("2016-02-20", "徵求意見中（還有 41 日）", "尚未生效（還有 10 日）", False),
        ("2016-03-01", "徵求意見中（還有 31 日）", "今日起生效", True),
        ("2016-03-02", "徵求意見中（還有 30 日）", "", True),
        ("2016-04-02", "", "", True),
    ],
)
def test_deadlines_are_right_on_the_readers_day(
    reader: Callable[[str, str], Page], day: str, draft: str, rule: str, old: bool
) -> None:
    """Days left are counted anew; what is over goes, and its title with the last line."""
    page = reader("", day)
    lists = page.locator("[data-lines]")
    for place, words in enumerate((draft, rule)):
        if words:
            expect(lists.nth(place).locator(".gb-state")).to_have_text(words)
        else:
            expect(lists.nth(place)).to_be_hidden()
    expect(page.locator(".gb-aged").first).to_be_visible(visible=old)
    page.context.close()


@pytest.mark.parametrize(
    ("typed", "words", "leads"),
    [
        ("小市秘字第1050000112號", "公告路燈換裝時程", "gazette/105/105-003/03/"),
        ("105年第2期", "105年第2期", "gazette/105/105-002/"),
        ("105-002", "105年第2期", "gazette/105/105-002/"),
        ("105年2月3日", "105年2月3日的內容（6 筆）", "search/?from=2016-02-03&to=2016-02-03"),
        ("公園處", "公園處", "agencies/parks/"),
    ],
)
def test_the_search_leads_straight_to_what_is_named(
    reader: Callable[[str, str], Page], typed: str, words: str, leads: str
) -> None:
    """A document number, an issue by name or id, a day, an agency."""
    page = reader("", "2016-02-05")
    page.fill("#gb-home-query", typed)
    link = page.locator(".gb-straight a")
    expect(link).to_contain_text(words)
    assert str(link.get_attribute("href")).endswith(leads)
    page.context.close()


def test_words_lead_to_the_search_page(reader: Callable[[str, str], Page]) -> None:
    """What names nothing has no answer of its own; the form searches, within an agency too."""
    page = reader("agencies/parks/", "2016-02-05")
    page.fill("#gb-home-query", "路燈")
    page.press("#gb-home-query", "Enter")
    expect(page.locator(".gb-hit-title")).to_have_count(1)
    assert "agency=" in page.url
    page.context.close()
