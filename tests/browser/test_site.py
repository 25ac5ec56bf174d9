"""The finished site in a real browser, served under two paths."""

from __future__ import annotations

import re
from urllib.parse import urldefrag

import pytest
from browsing import Visit
from page_types import page_types
from playwright.sync_api import Browser
from sample_sites import empty_sections

from generator.build.examine import examine
from generator.build.expected_site import declare
from generator.build.options import Options


def test_from_home_to_an_entry_by_links(visit: Visit) -> None:
    """A reader reaches a document of the issue before with two clicks, by the calendar."""
    page = visit.open("")
    page.get_by_role("link", name="105年1月20日").click()
    page.get_by_role("link", name="訂定「測試市檔案管理要點」").first.click()
    page.wait_for_url("**/gazette/105/105-001/01/")
    assert page.get_by_role("heading", level=1).inner_text() == "訂定「測試市檔案管理要點」"
    assert "第五條　費用為 1_000 元。" in page.locator("body").inner_text()


def test_the_header_search_leads_to_the_entry(visit: Visit) -> None:
    """Typed on a page that does not name it, 檔案管理 leads to the entry by a click on a result."""
    page = visit.open("visits/")
    assert page.get_by_role("main").get_by_text("檔案管理").count() == 0
    page.locator("#gb-box").fill("檔案管理")
    page.locator("#gb-box").press("Enter")
    result = page.locator("#gb-hits a[href*='gazette/105/105-001/01/']").first
    result.wait_for(state="visible")
    assert "檔案管理" in result.inner_text()
    result.click()
    page.wait_for_url(re.compile(r"/gazette/105/105-001/01/"))
    assert "檔案管理要點" in page.get_by_role("heading", level=1).inner_text()


LINKS = """addresses => Promise.all(addresses.map(async address => {
  const response = await fetch(address)
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  const links = [...page.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))
  return [response.status, links.map(link => new URL(link, response.url).href)]
}))"""
"""The status of each address, and where the links of its page lead."""


@pytest.mark.parametrize("root", ["/sub/"], indirect=True)
def test_every_page_of_the_plan_is_reached_by_links(visit: Visit, full_site: Options) -> None:
    """A browser that follows every link meets every planned page and no dead end.

    It opens one page of each type, and none complains.
    """
    site = examine(full_site).site
    assert site is not None
    planned = {page.address for page, _ in declare(site, full_site.loader).pages}
    planned -= set(empty_sections(site))
    visit.open("")
    reached, waiting = {""}, [""]
    while waiting:
        answers = visit.page.evaluate(LINKS, [visit.root + address for address in waiting])
        assert [a for a, (status, _) in zip(waiting, answers, strict=True) if status != 200] == []
        links = {urldefrag(link).url for _, links in answers for link in links}
        inside = {link.removeprefix(visit.root) for link in links if link.startswith(visit.root)}
        waiting = sorted(inside & planned - reached)
        reached |= set(waiting)
    assert reached == planned
    for address in page_types(full_site).values():
        visit.open(address)


def test_visitors_find_their_way_without_scripts(browser: Browser, root: str) -> None:
    """From any page to English, to a record's page in English, to its text in Chinese, and back."""
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"{root}coverage/")
    for name, place in (
        ("English", "en/"),
        ("Gazette", "en/gazette/"),
        ("Directions for Archives", "en/gazette/105/105-001/01/"),
        ("Read the full text in Chinese", "gazette/105/105-001/01/"),
        ("English", "en/gazette/105/105-001/01/"),
        ("中文", "gazette/105/105-001/01/"),
    ):
        page.get_by_role("link", name=name, exact=True).first.click()
        page.wait_for_url(root + place)
        english = place.startswith("en/")
        assert page.locator("html").get_attribute("lang") == ("en" if english else "zh-Hant-TW")
    context.close()


def test_pages_read_without_scripts(browser: Browser, root: str) -> None:
    """With JavaScript off the home page and an entry show their text and links."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(root)
    page.get_by_role("link", name="訂定「測試市檔案管理要點」").first.click()
    assert "一、公文。" in page.locator("body").inner_text()
    context.close()


def test_pages_read_without_pictures(browser: Browser, root: str) -> None:
    """With images off a photo says what it shows, charts and maps stay, and menus have words."""
    context = browser.new_context()
    context.route("**/*.{png,jpg,webp,svg}", lambda route: route.abort())
    page = context.new_page()
    page.goto(f"{root}visits/105/2016-02-19-lantern/")
    photo = page.get_by_role("img", name="夜空下的一排花燈")
    photo.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert photo.evaluate("image => image.naturalWidth") == 0
    assert "花燈" in page.get_by_role("figure").filter(has=photo).inner_text()
    for address in ("", "map/", "statistics/", "search/"):
        page.goto(root + address)
        shown = page.get_by_role("link").or_(page.get_by_role("button")).all()
        named = [one for one in shown if one.is_visible()]
        assert len(named) > 10
        pictures = "one => [...one.querySelectorAll('img')].map((img) => img.alt).join('')"
        assert all(one.inner_text().strip() or one.evaluate(pictures) for one in named), address
    context.close()
