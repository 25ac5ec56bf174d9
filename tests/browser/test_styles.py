"""The style sheets: what is taken of the base's is all that our pages need of it, and light."""

from __future__ import annotations

import re
from functools import partial
from importlib.metadata import distribution
from pathlib import Path

from mkdocs.utils import get_theme_dir
from page_types import page_types
from playwright.sync_api import Browser, Response, Route

from generator import PROGRAM, THEME
from generator.build.options import Options

BASE = Path(get_theme_dir("material")) / "assets/stylesheets"
SHEET_LIMIT, ENTRY_LIMIT = 62_000, 90_000
ENTRY = "gazette/105/105-001/01/"
GATHERED = """async addresses => {
  for (const address of addresses) {
    const text = await (await fetch(address)).text()
    const body = new DOMParser().parseFromString(text, 'text/html').body
    for (const element of body.querySelectorAll('main *'))
      for (const more of [...element.children].slice(12)) more.remove()
    document.body.append(...body.children)
  }
}"""
COMPARED = """async () => {
  const named = element => `${element?.localName}.${element?.className}`
  const places = new Map()
  for (const element of document.querySelectorAll('*'))
    places.set(`${named(element.parentElement)} ${named(element)}`, element)
  const stylesOf = (place, element, part) => {
    const style = getComputedStyle(element, part || null)
    if (part && style.content === 'none') return []
    const names = [...style].filter(name => !name.startsWith('--'))
    return names.map(name => `${place}${part} ${name}: ${style.getPropertyValue(name)}`)
  }
  const styles = () => [...places].flatMap(([place, element]) =>
    ['', '::before', '::after'].flatMap(part => stylesOf(place, element, part)))
  const link = document.querySelector('link[href$="site.css"]')
  const taken = styles()
  const whole = link.cloneNode()
  whole.href = link.href.replace('site.css', 'whole.css')
  await new Promise(loaded => { whole.onload = loaded; link.replaceWith(whole) })
  const before = styles()
  return [places.size, taken.filter((line, n) => line !== before[n])]
}"""


def base_sheet() -> str:
    """The base's whole stylesheet."""
    return next(BASE.glob("main.*.min.css")).read_text("utf-8")


def _answer_whole(taken: str, route: Route) -> None:
    """Answers with the site's stylesheet as if it took all rules of the base's."""
    ours = taken[taken.index("color-scheme:light") :]
    route.fulfill(body=f"{base_sheet()}:root{{{ours}", content_type="text/css")


def test_the_rules_that_are_taken_style_every_page_as_the_whole_sheet_does(
    browser: Browser, address: str, full_site: Options
) -> None:
    """No computed style on a page of any type differs from what the base's whole sheet gives."""
    taken = (full_site.site / "assets/site.css").read_text("utf-8")
    pages = sorted(set(page_types(full_site).values()))
    with browser.new_context(reduced_motion="reduce") as context:
        page = context.new_page()
        page.route("**/*.js", lambda route: route.abort())
        page.route("**/whole.css", partial(_answer_whole, taken))
        page.goto(address)
        page.evaluate(GATHERED, [address + name for name in pages])
        places, other = page.evaluate(COMPARED)
    assert other == []
    assert places > 500


def test_each_rule_that_the_list_names_is_in_the_bases_sheet(full_site: Options) -> None:
    """A line that names no rule would be a style that the site lacks in silence."""
    taken = (full_site.site / "assets/site.css").read_text("utf-8")
    lines = (THEME / "assets/styles/base.txt").read_text("utf-8").splitlines()
    assert [line for line in lines if f"\n{line}{{" not in taken] == []
    assert len(set(lines)) == len(lines)
    assert re.search(r"--md-[a-z-]*icon", taken) is None


def test_the_bases_rules_stand_below_its_licence(full_site: Options) -> None:
    """The notice is that of the package whose style sheet is read, word for word."""
    licence = distribution("mkdocs-material").read_text("licenses/LICENSE")
    assert licence
    taken = (full_site.site / "assets/site.css").read_text("utf-8")
    head, _, rules = taken.partition("*/")
    assert head.startswith('@charset "UTF-8";\n/*! ')
    assert head.endswith(licence)
    assert "\nhtml{" in rules
    assert licence in (PROGRAM.parent / "THIRD-PARTY-NOTICES.txt").read_text("utf-8")


def test_style_sheets_are_light(full_site: Options) -> None:
    """All sheets of pages together, without our comments.  That of feeds is loaded by no page.

    The licence's notice is not counted: it is as long as it must be.
    """
    paths = (full_site.site / "assets").glob("*.css")
    sheets = {path.name: path.read_bytes() for path in paths}
    assert [name for name, sheet in sheets.items() if b"/*" in sheet] == ["site.css"]
    assert sheets["site.css"].count(b"/*") == 1
    sheets["site.css"] = sheets["site.css"].partition(b"*/")[2]
    assert sum(len(sheet) for name, sheet in sheets.items() if name != "feed.css") <= SHEET_LIMIT


def test_the_first_view_of_an_entry_is_light(browser: Browser, address: str) -> None:
    """All that a reader's browser fetches for an entry, uncompressed."""
    responses: list[Response] = []

    def note(response: Response) -> None:
        responses.append(response)

    with browser.new_context() as context:
        page = context.new_page()
        page.on("response", note)
        page.goto(address + ENTRY, wait_until="networkidle")
        sizes = {response.url: len(response.body()) for response in responses}
    assert {name.rpartition("/")[2] for name in sizes} >= {"", "site.css", "palette.js", "page.js"}
    assert sum(sizes.values()) <= ENTRY_LIMIT, sizes
