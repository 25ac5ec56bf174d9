"""Every page type, for readers with a keyboard, a screen reader, a magnifier, without scripts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from page_types import page_types
from playwright.sync_api import Browser, BrowserContext, Page, expect

from generator.build.options import Options
from generator.text.urls import ENGLISH_HOME

RULES = {
    "resultTypes": ["violations"],
    "runOnly": [
        *("wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"),
        *("best-practice", "experimental"),
    ],
}
COLOURS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast-enhanced", "link-in-text-block"]},
}
Contrast = Literal["no-preference", "more"]
LOOKS: tuple[tuple[int, Contrast], ...] = ((1280, "no-preference"), (390, "more"))
"""Widths, and how much contrast is wished for in the dark."""
SPACED = """() => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important } p { margin-bottom: 2em !important }`)
  document.adoptedStyleSheets = [sheet]
}"""
"""What WCAG 1.4.12 lets a reader do to any text."""
FEWER = """() => {
  for (const whole of document.querySelectorAll('main *'))
    for (const part of [...whole.children].slice(6)) part.remove()
}"""
"""Of many parts that are alike, the first show what all are; axe takes long for thousands."""
CUT_OFF = """() => [...document.querySelectorAll('main *, header *, footer *')].filter(one => {
  const style = getComputedStyle(one)
  const hides = style.overflowX === 'hidden' || style.overflowX === 'clip'
  return hides && one.clientWidth > 1 && !one.closest('svg')
    && one.scrollWidth > one.clientWidth + 1
}).map(one => one.outerHTML.slice(0, 80))"""
"""Elements of which a part is out of sight and cannot be scrolled to."""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def types(full_site: Options) -> Mapping[str, str]:
    """The longest page of each template, by template; pages whose twin in Chinese is longer.

    And a topic's page, which shares its template with an agency's, and the page that is not there.
    """
    found = page_types(full_site)
    alone = {
        name: address
        for name, address in found.items()
        if not name.startswith(ENGLISH_HOME) or name.removeprefix(ENGLISH_HOME) not in found
    }
    english = {f"english {name}": f"en/{name}" for name in ("", "agencies/", "feeds/")}
    return {**alone, **english, "topic": "topics/archives/", "404": "no/such/page/"}


def _opened(context: BrowserContext, url: str) -> Page:
    page = context.pages[0] if context.pages else context.new_page()
    page.goto(url)
    return page


def _violations(page: Page, rules: Mapping[str, Any] = RULES) -> list[str]:
    found = Axe().run(page, options=rules).response["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: str(look[0]))
def test_axe_finds_nothing(
    browser: Browser, address: str, types: Mapping[str, str], look: tuple[int, Contrast]
) -> None:
    """No rule of WCAG 2.0 to 2.2, A and AA, and no best practice is broken on any page type.

    Each is looked at in one of the two widths: what differs between them is the frame's and the
    layout's, which all types share.
    """
    # Without motion, colours are those of the new look at once.
    context = browser.new_context(
        viewport={"width": look[0], "height": 900}, color_scheme="light", reduced_motion="reduce"
    )
    assert len(types) > 15
    found = {
        one: list(_by_light_and_dark(_opened(context, address + one), look[1]))
        for one in [*types.values()][LOOKS.index(look) :: len(LOOKS)]
    }
    context.close()
    assert {name: faults for name, faults in found.items() if faults} == {}


def _by_light_and_dark(page: Page, contrast: Contrast) -> Iterator[str]:
    """Violations in light colours; in dark ones those of colours, since nothing else changes."""
    page.evaluate(FEWER)
    yield from _violations(page)
    page.emulate_media(color_scheme="dark", contrast=contrast)
    yield from _violations(page, COLOURS)
    page.emulate_media(color_scheme="light", contrast="no-preference")


def test_axe_finds_what_is_planted(browser: Browser, address: str) -> None:
    """The same check names a picture without words, pale text and a heading out of order."""
    page = browser.new_page()
    page.goto(address)
    page.evaluate("""() => document.querySelector('main').append(...[
      ['img', '', one => { one.src = 'assets/icon.svg' }],
      ['p', '看不清楚的淡色文字', one => { one.style = 'color: #ccc; background: #fff' }],
      ['h5', '跳級', () => {}],
    ].map(([name, text, change]) => {
      const made = Object.assign(document.createElement(name), { textContent: text })
      change(made)
      return made
    }))""")
    found = {line.partition(":")[0] for line in _violations(page)}
    page.close()
    assert found >= {"image-alt", "color-contrast", "heading-order"}


OUTLINE = """() => ({
  levels: [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(h => +h.tagName[1]),
  bare: [...document.querySelectorAll('main table')].filter(table =>
    (!table.caption && !table.matches('.gb-prose > *'))
    || [...table.querySelectorAll('th')].some(th => !th.scope)).length,
  vague: [...document.querySelectorAll('main a[href]')].filter(link =>
    ['這裡', '更多', 'here', 'more', ''].includes(
      (link.ariaLabel || link.textContent).trim())).length,
  twins: [...Map.groupBy([...document.querySelectorAll('a[href]')].filter(link =>
    link.textContent.trim().length > 1), link => link.textContent.trim())]
    .filter(([, links]) => new Set(links.map(link => link.href)).size > 1)
    .filter(([, links]) => new Set(links.map(link => link.ariaLabel || link.title || ''))
      .size < links.length || links.some(link => !link.ariaLabel && !link.title))
    .map(([text]) => text),
  alike: [...document.querySelectorAll('nav, [role=search], [role=region]')]
    .map(part => [part.role || part.localName, part.ariaLabel
      || document.getElementById(part.getAttribute('aria-labelledby'))?.textContent].join(' '))
    .filter((name, at, all) => all.indexOf(name) < at),
  misnamed: [...document.querySelectorAll('a[aria-label], button[aria-label]')]
    .filter(one => !one.ariaLabel.includes(one.textContent.trim())).map(one => one.ariaLabel),
  marks: ['header', 'main', 'footer', 'nav[aria-label]', 'form[role=search]', '.gb-skip']
    .map(name => document.querySelectorAll(name).length > 0),
})"""


def test_every_page_type_is_in_order(
    browser: Browser, address: str, types: Mapping[str, str]
) -> None:
    """One h1, no level skipped, captions and scopes of tables, landmarks, links that say where.

    No two landmarks of a sort have one name, and a name holds the words that are seen: speech
    input goes by these.  Links of one text to several places have a name or title each.
    """
    context = browser.new_context()
    for name, place in types.items():
        told: dict[str, Any] = _opened(context, address + place).evaluate(OUTLINE)
        levels = told["levels"]
        assert levels.count(1) == 1, name
        assert levels[0] == 1, name
        assert all(b - a <= 1 for a, b in pairwise(levels)), (name, levels)
        assert (told["bare"], told["vague"]) == (0, 0), name
        assert (told["alike"], told["misnamed"]) == ([], []), name
        assert told["twins"] == [], name
        assert all(told["marks"]), (name, told["marks"])
    context.close()


FOCUSED = """() => {
  const one = document.activeElement
  const style = getComputedStyle(one)
  const box = one.getBoundingClientRect()
  return [one.ariaLabel || one.textContent.trim() || one.name || one.tagName,
    style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
      && box.width > 0 && box.bottom > 0 && box.top < innerHeight]
}"""


def _tabbed(page: Page, times: int) -> list[tuple[str, bool]]:
    stops = []
    for _ in range(times):
        page.keyboard.press("Tab")
        name, seen = page.evaluate(FOCUSED)
        stops.append((name, seen))
    return stops


def test_the_tab_key_walks_the_page_in_order(browser: Browser, address: str) -> None:
    """Skip link, site, search, language, shade, sections, the page; each is seen in focus."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}gazette/105/105-001/01/")
    stops = _tabbed(page, 19)
    assert [name for name, _ in stops] == [
        *("跳到主要內容", "測試市政府公報網", "q", "English", "深色"),
        *("首頁", "公報", "會議", "國際交流", "夥伴城市", "報告", "統計", "機關", "訂閱", "關於"),
        *("首頁", "測試市政府公報", "105年", "105年第1期"),
    ]
    assert [name for name, seen in stops if not seen] == []
    page.close()


def test_the_skip_link_leads_to_the_text(browser: Browser, address: str) -> None:
    """After it the next stop is the first link of the page's own text."""
    page = browser.new_page()
    page.goto(f"{address}gazette/105/105-001/01/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("main").get_by_role("link").first).to_be_focused()
    page.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_menu_of_a_phone_needs_keys_alone(
    browser: Browser, address: str, *, scripts: bool
) -> None:
    """Closed at first; Enter opens it, Tab enters it, Esc closes it; with and without scripts."""
    context = browser.new_context(
        viewport={"width": 390, "height": 800}, java_script_enabled=scripts
    )
    page = _opened(context, address)
    button = page.get_by_role("button", name="選單")
    section = page.get_by_role("navigation", name="主要選單").get_by_role("link", name="統計")
    expect(section).to_be_hidden()
    button.press("Enter")
    expect(section).to_be_visible()
    page.keyboard.press("Escape")
    expect(section).to_be_hidden()
    expect(button).to_be_focused()
    button.press("Enter")
    section.press("Enter")
    page.wait_for_url("**/statistics/")
    context.close()


def test_a_screen_reader_hears_the_parts(browser: Browser, address: str) -> None:
    """The accessibility tree names landmarks, sections, the heading and the current place."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}gazette/105/105-001/01/")
    told = page.locator("body").aria_snapshot()
    for line in (
        '- link "跳到主要內容":',
        "- banner:",
        "- search:",
        '- searchbox "搜尋全站"',
        '- navigation "主要選單":',
        "- main:",
        '- navigation "頁面路徑":',
        '- heading "訂定「測試市檔案管理要點」" [level=1]',
        "- contentinfo:",
    ):
        assert line in told, line
    current = page.locator(".gb-nav [aria-current]")
    assert current.evaluate_all("all => all.map(one => [one.textContent, one.ariaCurrent])") == [
        ["公報", "true"]
    ]
    page.close()


def test_four_hundred_percent_and_wider_spacing_lose_nothing(
    browser: Browser, address: str, types: Mapping[str, str]
) -> None:
    """At 320 by 256 pixels, also with the spacing of WCAG 1.4.12, nothing is cut off or beside."""
    context = browser.new_context(viewport={"width": 320, "height": 256})
    for name, place in types.items():
        page = _opened(context, address + place)
        assert page.evaluate(WIDER) == 0, name
        page.evaluate(SPACED)
        assert (page.evaluate(WIDER), page.evaluate(CUT_OFF)) == (0, []), name
    context.close()


def test_every_page_type_reads_without_scripts(
    browser: Browser, address: str, types: Mapping[str, str]
) -> None:
    """With scripts off every page type shows its text, no dead button, and its links lead on."""
    plain = browser.new_context(java_script_enabled=False)
    for name, place in types.items():
        page = _opened(plain, address + place)
        assert page.get_by_role("heading", level=1).is_visible(), name
        assert len(page.locator("body").inner_text()) > 60, name
        assert not page.locator(".gb-shade").is_visible(), name
    _opened(plain, address).get_by_role("link", name="統計").first.click()
    plain.pages[0].wait_for_url("**/statistics/")
    plain.close()


def test_nothing_moves_against_the_readers_wish(browser: Browser, address: str) -> None:
    """Where less motion is wished for, no element has a transition or an animation."""
    context = browser.new_context(reduced_motion="reduce")
    moving = _opened(context, address).evaluate("""() => [...document.querySelectorAll('*')]
      .filter(one => { const style = getComputedStyle(one)
        return parseFloat(style.transitionDuration) > 0 || style.animationName !== 'none' })
      .map(one => one.outerHTML.slice(0, 60))""")
    context.close()
    assert moving == []


def test_forced_colours_still_tell_the_current_section(browser: Browser, address: str) -> None:
    """With the system's colours alone the current section has a line that the others lack."""
    context = browser.new_context(forced_colors="active")
    page = _opened(context, f"{address}statistics/")
    colours = page.eval_on_selector_all(
        ".gb-nav a", "all => all.map(one => getComputedStyle(one).borderBottomColor)"
    )
    context.close()
    assert len(set(colours)) == 2, json.dumps(colours)
