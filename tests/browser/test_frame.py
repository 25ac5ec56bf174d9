"""What the frame's own scripts do: light and dark, tables, copying; paper needs none."""

from __future__ import annotations

from browsing import Visit
from playwright.sync_api import Browser, expect

PAPER = "() => getComputedStyle(document.body).backgroundColor"
FIRST_PAINT = """() => requestAnimationFrame(() => {
  window.firstShade = document.documentElement?.dataset.shade ?? 'none'
})"""
DARK, LIGHT = "rgb(20, 24, 29)", "rgb(253, 253, 251)"


def test_a_chosen_shade_is_kept_and_the_systems_is_followed_again(
    browser: Browser, address: str
) -> None:
    """The system's shade at first; a choice lasts over pages; the system's own forgets it."""
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(address)
    assert page.evaluate(PAPER) == DARK
    page.get_by_role("button", name="淺色").click()
    assert page.evaluate(PAPER) == LIGHT
    page.add_init_script(f"({FIRST_PAINT})()")
    page.goto(f"{address}visits/")
    assert page.evaluate("() => window.firstShade") == "light"
    assert page.evaluate(PAPER) == LIGHT
    page.get_by_role("button", name="深色").click()
    assert page.evaluate(PAPER) == DARK
    assert page.evaluate("localStorage.length") == 0
    page.emulate_media(color_scheme="light")
    assert page.evaluate(PAPER) == LIGHT
    context.close()


def test_a_browser_without_scripts_follows_the_system(browser: Browser, address: str) -> None:
    """Dark without any script where the system is dark."""
    context = browser.new_context(color_scheme="dark", java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert page.locator("body").evaluate("one => getComputedStyle(one).backgroundColor") == DARK
    context.close()


def test_a_wide_table_scrolls_sideways_on_a_phone(browser: Browser, address: str) -> None:
    """Notes leave room for the figures; a wider table shows that it scrolls, and only sideways."""
    context = browser.new_context(viewport={"width": 390, "height": 480})
    page = context.new_page()
    page.goto(f"{address}statistics/fleet-use/")
    assert page.evaluate("""() => [...document.querySelectorAll('.gb-table')].every(
      box => box.scrollWidth <= box.clientWidth)""")
    page.set_viewport_size({"width": 240, "height": 480})
    table = page.locator(".gb-table").first
    expect(table).to_have_attribute("tabindex", "0")
    assert "gradient" in table.evaluate("box => getComputedStyle(box).backgroundImage")
    heads = table.evaluate("""box => {
      box.scrollTo(9999, 9999)
      const left = box.querySelector('tbody th').getBoundingClientRect().left
      return [box.clientHeight > innerHeight, box.scrollTop, box.scrollLeft > 0,
        Math.abs(left - box.getBoundingClientRect().left) < 4]
    }""")
    assert heads == [True, 0, True, True]
    context.close()


def test_a_table_that_fits_is_no_stop_of_the_tab_key(browser: Browser, address: str) -> None:
    """On a wide screen a table needs no box and no focus, and its head stays in the window."""
    page = browser.new_page(viewport={"width": 1280, "height": 400})
    page.goto(f"{address}statistics/fleet-use/")
    table = page.locator(".gb-table").first
    expect(table).not_to_have_attribute("tabindex", "0")
    table.locator("tbody tr").last.scroll_into_view_if_needed()
    top = "one => one.querySelector('thead').getBoundingClientRect().top"
    assert abs(table.evaluate(top)) < 1
    page.close()


def test_what_folds_asks_for_no_picture(visit: Visit) -> None:
    """A summary opens and closes with the browser's own mark, which the policy allows."""
    page = visit.open("gazette/105/105-001/01/")
    page.evaluate("""() => {
      const [folded, name] = ['details', 'summary'].map(tag => document.createElement(tag))
      name.textContent = '更多說明'
      folded.append(name, '說明的內容')
      document.querySelector('#main').append(folded)
    }""")
    page.get_by_text("更多說明").click()
    expect(page.get_by_text("說明的內容")).to_be_visible()
    marks = "one => ['::before', '::after'].map(m => getComputedStyle(one, m).content)"
    assert page.locator("summary").last.evaluate(marks) == ["none", "none"]


def test_copy_buttons_copy_an_elements_text_or_their_own(browser: Browser, address: str) -> None:
    """A button names an element, or holds the text; it shows, copies and says so."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{address}site-map/")  # which has no such buttons of its own
    assert page.locator("[data-copy]").count() == 0
    page.evaluate(
        """root => {
      document.querySelector('h1').id = 'titled'
      for (const [name, text] of [['標題', '#titled'], ['引註', '小市公報，105年']]) {
        const button = Object.assign(document.createElement('button'), { textContent: name })
        Object.assign(button, { hidden: true, type: 'button' }).dataset.copy = text
        document.querySelector('main').append(button)
      }
      return import(`${root}assets/copy.js`)
    }""",
        address,
    )
    for name, text in (("標題", page.locator("h1").inner_text()), ("引註", "小市公報，105年")):
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("status")).to_have_text("已複製")
        assert page.evaluate("navigator.clipboard.readText()") == text
    expect(page.get_by_role("button", name="標題")).to_be_visible()
    context.close()


def test_paper_shows_the_document_alone(browser: Browser, address: str) -> None:
    """Printed, a page is black on white without menus and buttons, whatever the screen's shade."""
    page = browser.new_page(color_scheme="dark")
    page.goto(f"{address}gazette/105/105-001/01/")
    page.emulate_media(media="print")
    assert page.evaluate(PAPER) == "rgb(255, 255, 255)"
    ink = "() => getComputedStyle(document.querySelector('.gb-text')).color"
    assert page.evaluate(ink) == "rgb(0, 0, 0)"
    brand = "() => getComputedStyle(document.querySelector('.gb-brand')).color"
    assert page.evaluate(brand) == "rgb(0, 0, 0)"
    for name in (".gb-nav", ".gb-box", ".gb-shade", ".gb-crumbs", ".gb-foot ul"):
        assert not page.locator(name).first.is_visible(), name
    assert page.get_by_role("heading", level=1).is_visible()
    page.close()


def test_a_cited_number_opens_in_its_place(browser: Browser, address: str) -> None:
    """Its row, its proof and a link that leads there; Esc leads back to the number.

    Until then the Tab key walks its stops alone, in both directions.
    """
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(f"{address}reports/2016-05-test/")
    number = page.locator(".gb-report-section .gb-cited a", has_text="42車次").first
    number.click()
    opened = page.get_by_role("dialog", name="數字的出處")
    expect(opened.locator(".gb-meant")).to_have_text("42")
    expect(opened.locator(".gb-proofs")).to_contain_text("合計")
    leave = opened.get_by_role("link", name="開啟統計頁")
    assert leave.get_attribute("href") == number.evaluate("link => link.href")
    inside = "box => box.contains(document.activeElement) && document.activeElement.outerHTML"
    for key in ("Tab", "Shift+Tab"):
        opened.evaluate("box => box.focus()")
        stops = []
        for _ in range(8):
            page.keyboard.press(key)
            stops.append(opened.evaluate(inside))
        assert all(stops), (key, stops)
        assert len(set(stops)) > 2, (key, stops)
    page.keyboard.press("Escape")
    expect(opened).to_be_hidden()
    expect(number).to_be_focused()
    context.close()
