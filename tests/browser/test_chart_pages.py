"""Charts in a real browser: whole at 320 pixels, in the page's font, dark and on paper."""

from __future__ import annotations

from typing import Literal

import pytest
from browsing import Visit
from playwright.sync_api import Browser, Page

PAGES = ("statistics/fleet/", "statistics/saving/", "map/")
OUTSIDE = """() => [...document.querySelectorAll('.gb-chart svg text')].filter(text => {
  const box = text.getBoundingClientRect()
  const frame = text.closest('svg').getBoundingClientRect()
  return box.width && (box.left < frame.left - 1.5 || box.right > frame.right + 1.5)
}).map(text => text.textContent)"""
"""The texts of charts that stand out at a side."""
FILL = "() => getComputedStyle(document.querySelector('.gb-fill-1')).fill"
SIZES = """() => [...document.querySelectorAll('.gb-chart text')].map(
  text => getComputedStyle(text).fontSize)"""


Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, Scheme] = ("light", "dark")


def _opened(browser: Browser, url: str, width: int, scheme: Scheme = "light") -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(url)
    page.locator(".gb-chart svg").first.wait_for()
    return page


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_charts_fit_any_screen(browser: Browser, address: str, path: str, width: int) -> None:
    """No text is cut off, the page does not scroll sideways, letters keep their size."""
    page = _opened(browser, address + path, width)
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert len(set(page.evaluate(SIZES))) == 1
    page.close()


def test_text_of_charts_is_in_the_pages_font(browser: Browser, address: str) -> None:
    """What the page is set in, its charts are set in."""
    page = _opened(browser, address + PAGES[0], 1280)
    fonts = page.evaluate(
        """() => ['.gb-chart text', '.gb h1'].map(
          name => getComputedStyle(document.querySelector(name)).fontFamily)"""
    )
    assert fonts[0] == fonts[1]
    page.close()


def test_colours_follow_the_page(browser: Browser, address: str) -> None:
    """A bar is lighter on a dark page; on paper the text is black."""
    light, dark = (_opened(browser, address + PAGES[0], 1280, s) for s in SCHEMES)
    assert sum(_rgb(dark.evaluate(FILL))) > sum(_rgb(light.evaluate(FILL)))
    light.emulate_media(media="print")
    ink = "() => getComputedStyle(document.querySelector('.gb-chart text')).fill"
    assert light.evaluate(ink) == "rgb(0, 0, 0)"
    light.close()
    dark.close()


def _rgb(colour: str) -> list[int]:
    return [int(part) for part in colour.removeprefix("rgb(").rstrip(")").split(",")]


def test_a_chart_reads_without_scripts(browser: Browser, address: str) -> None:
    """Charts are part of the page."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + PAGES[0])
    assert page.locator(".gb-chart svg[role=img]").count() >= 5
    assert page.get_by_role("img", name="車輛借用（各機關）").is_visible()
    context.close()


def test_a_reader_comes_to_the_map_by_links(visit: Visit) -> None:
    """From the partners to the map, and from there to a partner."""
    page = visit.open("partners/")
    page.get_by_role("link", name="在地圖上看夥伴城市與國際交流").click()
    page.wait_for_url("**/map/")
    page.get_by_role("link", name="八王子市").click()
    page.wait_for_url("**/partners/hachioji/")
