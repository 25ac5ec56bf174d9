"""Every page of the handbook, for readers with a screen reader, a magnifier, a phone."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from browsing import serving
from playwright.sync_api import Browser

from generator.build.options import Options
from generator.kinds.views.handbook import CLERKS, INDEX, LISTS, OPERATORS

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
FEWER = """() => {
  for (const whole of document.querySelectorAll('main *'))
    for (const part of [...whole.children].slice(12)) part.remove()
}"""
"""Of many parts that are alike, the first show what all are; axe takes long for thousands."""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_axe_finds_nothing_in_the_handbook(browser: Browser, full_site: Options) -> None:
    """No chapter breaks a rule of WCAG 2.2 AA or scrolls sideways: each has other tables."""
    chapters = (*CLERKS, *LISTS, *OPERATORS)
    found = {}
    page = browser.new_page(viewport={"width": 390, "height": 900})
    with serving(full_site.site, "/") as root:
        for address in (INDEX, *(chapter.address for chapter in chapters)):
            page.goto(root + address)
            wider = page.evaluate(WIDER)
            page.evaluate(FEWER)
            options = {"resultTypes": ["violations"], "runOnly": RULES}
            broken = Axe().run(page, options=options).response["violations"]
            found[address] = ([one["id"] for one in broken], wider)
    page.close()
    assert len(found) > 15
    assert {address: told for address, told in found.items() if told != ([], 0)} == {}


def test_a_clerk_finds_the_handbook(browser: Browser, full_site: Options) -> None:
    """From the foot of an entry to the first chapter, and from there to what a code means."""
    page = browser.new_page()
    with serving(full_site.site, "/") as root:
        page.goto(f"{root}gazette/105/105-001/01/")
        page.get_by_role("contentinfo").get_by_role("link", name="編輯手冊").click()
        page.get_by_role("link", name="十分鐘刊登第一則").click()
        page.get_by_role("main").get_by_role("link", name="檢查訊息一覽").first.click()
        page.wait_for_url(f"{root}handbook/codes/")
        assert page.locator("#date-invalid").count() == 1
    page.close()
