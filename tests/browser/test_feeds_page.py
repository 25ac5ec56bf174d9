"""The page of feeds for people, the ways to it from lists and the search, and feeds themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from browsing import Visit, serving
from playwright.sync_api import Browser, ViewportSize, expect

from generator.build.options import Options

PHONE: ViewportSize = {"width": 390, "height": 844}
SCROLLING = """[...document.querySelectorAll('main *')].filter(one =>
  getComputedStyle(one).overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 1
  && !one.classList.contains('gb-unseen')).length"""
SMALL = """all => all.filter(one => {
  const { height, width } = one.getBoundingClientRect()
  return height < 24 || width < 24
}).map(one => one.textContent)"""
"""Links that are smaller than WCAG 2.5.8 wants them."""
LOOKS = "one => [getComputedStyle(one).display, Number.parseFloat(getComputedStyle(one).fontSize)]"


@pytest.fixture
def root(full_site: Options) -> Iterator[str]:
    """The full sample below a path, which says as much as twice the time would."""
    with serving(full_site.site, "/sub/") as address:
        yield address


def test_a_word_finds_a_feed(visit: Visit) -> None:
    """Groups without it go; a second word narrows; emptied, everything stands there again.

    No link of the page is too small for a finger.
    """
    page = visit.open("feeds/")
    lines = page.locator("section[data-find] li:visible")
    whole = lines.count()
    assert whole > 20
    small = page.locator("main p > a:visible").evaluate_all(SMALL)
    assert small == []
    box = page.get_by_label("找訂閱來源")
    box.fill("文化")
    expect(lines).not_to_have_count(whole)
    assert all("文化" in text for text in lines.all_inner_texts())
    expect(page.locator("#gb-find [role=status]")).to_have_text(f"符合的有 {lines.count()} 項。")
    box.fill("文化 ＡＧＥＮＣＹ XML")
    expect(lines).to_have_count(1)
    box.fill("")
    expect(lines).to_have_count(whole)


def test_a_button_copies_the_address(visit: Visit) -> None:
    """What is copied is the full address of the feed, which the page shows too."""
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visit.open("feeds/")
    line = page.locator("section[data-find] li").first
    line.get_by_role("button").click()
    expect(line.get_by_role("button")).to_have_text("已複製")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == line.locator("a.gb-address").inner_text()
    assert copied.endswith("/feeds/news.xml")


@pytest.mark.parametrize("address", ["feeds/", "en/feeds/", "gazette/", "meetings/"])
def test_no_box_scrolls_on_a_phone(address: str, visit: Visit) -> None:
    """Neither the page nor a part of it is wider than the screen, the subscribe box open too."""
    visit.page.set_viewport_size(PHONE)
    page = visit.open(address)
    for summary in page.locator(".gb-get summary").all():
        summary.click()
    assert page.evaluate(SCROLLING) == 0
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_without_scripts_the_page_is_whole(browser: Browser, root: str) -> None:
    """Every feed stands there with its address; what only a script can do is not there."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{root}feeds/")
    assert page.locator("section[data-find] li:visible").count() > 20
    assert page.locator("a.gb-address:visible").count() > 20
    assert page.locator("#gb-find:visible, main button:visible").count() == 0
    context.close()


def test_a_list_says_how_to_subscribe_to_it(visit: Visit) -> None:
    """Its head has the address of its own feed, and leads to what a feed is."""
    page = visit.open("gazette/category/rule/")
    box = page.locator("h1 + .gb-get")
    box.locator("summary").click()
    expect(box.locator("a.gb-address").first).to_have_text(
        "https://example.org/gongbao/feeds/gazette-rule.xml"
    )
    box.get_by_text("什麼是訂閱？").click()
    expect(page).to_have_url(f"{visit.root}feeds/#what")
    expect(page.locator("#what h2")).to_be_in_viewport()


@pytest.mark.parametrize(
    ("address", "title", "text"),
    [
        ("feeds/news.xml", "item > title", "item > guid"),
        ("feeds/archive/news/2016q1.xml", "item > title", "item > guid"),
        ("feeds/news.atom", "entry > title", "entry > content"),
        ("feeds/archive/news/2016q1.atom", "entry > title", "entry > id"),
    ],
)
def test_a_feed_is_readable_in_a_browser(address: str, title: str, text: str, visit: Visit) -> None:
    """Titles are lines of their own, below the feed's title; what is for programs is hidden."""
    page = visit.open(address)
    name = page.locator("channel > title, feed > title").first
    display, size = name.evaluate(LOOKS)
    assert (display, size > 20) == ("block", True)
    assert page.locator(title).first.evaluate(LOOKS)[0] == "block"
    assert page.locator(text).first.evaluate(LOOKS)[0] == "none"
    before = page.evaluate(
        "getComputedStyle(document.querySelector('channel, feed'), '::before').content"
    )
    assert "訂閱來源" in before


def test_results_lead_to_the_nearest_feed_and_to_what_is_new(visit: Visit) -> None:
    """What was chosen decides, else the whole site; the last visit stays in the browser."""
    page = visit.open("search/?q=檔案")
    follow = page.locator("#gb-follow")
    expect(follow.locator("a")).to_have_attribute("href", f"{visit.root}feeds/news.xml")
    expect(follow).not_to_contain_text("自上次來訪")
    kept = page.evaluate("localStorage.getItem('gongbao-visit')")
    assert json.loads(kept)["before"] == ""
    page.evaluate("localStorage.setItem('gongbao-visit', JSON.stringify({day: '2016-01-15'}))")
    visit.open("search/?q=會議&category=市政會議")
    expect(follow.locator("a").last).to_have_attribute(
        "href", f"{visit.root}feeds/meetings-council.xml"
    )
    expect(follow).to_contain_text("自上次來訪（105年1月15日）以後有 4 筆新內容")
    visit.open("search/?q=會議&category=市政會議")  # the same day again
    expect(follow).to_contain_text("自上次來訪（105年1月15日）")
    follow.locator("a").first.click()
    expect(page.locator("#gb-status")).to_have_text("找到 4 筆。")
    expect(follow).not_to_contain_text("自上次來訪")
    page.evaluate("localStorage.setItem('gongbao-visit', 'no JSON')")
    visit.open("search/?q=檔案")
    expect(follow.locator("a")).to_have_count(1)
