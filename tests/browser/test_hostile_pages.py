"""Hostile texts in a real browser: nothing runs, nothing is asked for elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from browsing import serving
from conftest import MINIMAL, build_site, files_below
from hostile import OWN, accepted, content
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Route

PAGES = (
    "gazette/105/105-{:04d}/01/",
    "gazette/105/105-{:04d}/02/",
    "gazette/105/105-{:04d}/03/",
    "gazette/105/105-{:04d}/",
    "visits/105/v{}/",
    "partners/p{}/",
    "statistics/s{}/",
    "pages/h{}/",
    "agencies/a{}/",
)
LISTS = ("", "gazette/", "visits/", "partners/", "statistics/", "pages/", "agencies/", "feeds/")
ACTIVE = """async (addresses) => {
  const found = [];
  for (const address of addresses) {
    const text = await (await fetch(address)).text();
    const page = new DOMParser().parseFromString(text, "text/html");
    for (const node of page.querySelectorAll("*")) {
      const handlers = node.getAttributeNames().filter((name) => name.startsWith("on"));
      const ours = /^(\\.\\.\\/)*assets\\//.test(node.getAttribute("src") ?? "");
      const data = node.type === "application/ld+json";
      const runs = node.localName === "script" && node.closest(".gb") && !ours && !data;
      const leads = ["href", "src", "action", "data", "formaction", "srcdoc"]
        .filter((name) => /^\\s*(javascript|data|vbscript):/i.test(node.getAttribute(name) ?? ""));
      const frames = ["iframe", "object", "embed", "base"].includes(node.localName);
      if (handlers.length || leads.length || frames || runs)
        found.push(`${address} ${node.outerHTML.slice(0, 200)}`);
    }
  }
  return found;
}"""


class Watched:
    """A page of the browser, and all that ran or was asked for elsewhere."""

    def __init__(self, context: BrowserContext, root: str) -> None:
        self.page: Page = context.new_page()
        self.root = root
        self.dialogs: list[str] = []
        self.foreign: list[str] = []
        self.page.on("dialog", self._dialog)
        context.route("**/*", self.request)

    def _dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def request(self, route: Route) -> None:
        """Passes on what stays here, and notes and stops the rest."""
        if route.request.url.startswith((self.root, "data:image/", "blob:")):
            route.continue_()
        else:
            self.foreign.append(route.request.url)
            route.abort()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built site with every payload of ours in every field."""
    root = tmp_path_factory.mktemp("hostile")
    settings = MINIMAL["site.yaml"].replace("number_width: 3", "number_width: 4")
    for name, text in {**content(OWN), "site.yaml": settings}.items():
        path = root / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    accepted(root / "content")
    build_site(root / "content", root)
    return root / "site"


@pytest.fixture
def watched(browser: Browser, site: Path) -> Iterator[Watched]:
    """A visit to that site."""
    context = browser.new_context(locale="zh-TW")
    with serving(site, "/") as root:
        yield Watched(context, root)
        context.close()


def test_the_payloads_run_where_nothing_stops_them(browser: Browser) -> None:
    """As they are, dozens of them open a dialog or ask another host: the watch sees it."""
    context = browser.new_context()
    fired = 0
    for payload in OWN:
        watched = Watched(context, "http://127.0.0.1/")
        context.unroute("**/*")
        context.route("**/*", watched.request)
        watched.page.set_content(f"<!doctype html><title>x</title>{payload}", wait_until="load")
        watched.page.wait_for_timeout(50)
        asked = [url for url in watched.foreign if "foreign.example" in url]
        fired += bool(watched.dialogs or asked)
        watched.page.close()
    context.close()
    assert fired > len(OWN) // 2


def test_no_page_runs_a_text(watched: Watched, site: Path) -> None:
    """A page of each payload, each kind in its turn, and every list."""
    held = files_below(site)
    wanted = [PAGES[n % len(PAGES)].format(n + 1) for n in range(len(OWN))]
    there = [address for address in (*wanted, *LISTS) if f"{address}index.html" in held]
    assert len(there) > len(OWN)
    for address in there:
        watched.page.goto(watched.root + address)
    assert (watched.dialogs, watched.foreign) == ([], [])


def test_the_browsers_own_reading_finds_nothing(watched: Watched, site: Path) -> None:
    """Every page, parsed by the browser, holds no handler, no frame and no script of a text's."""
    pages = [name for name in files_below(site) if name.endswith("index.html")]
    assert len(pages) > len(OWN) * len(PAGES) // 2
    watched.page.goto(watched.root)
    assert watched.page.evaluate(ACTIVE, pages) == []
    assert (watched.dialogs, watched.foreign) == ([], [])


def test_what_is_sought_is_a_text(watched: Watched) -> None:
    """In `?q=` and after `#`; results that hold a payload show it as text."""
    for payload in OWN:
        watched.page.goto(f"{watched.root}search/?q={quote(payload)}#{quote(payload)}")
        watched.page.wait_for_load_state("networkidle")
        typed = watched.page.locator("main input[type=search]").input_value()
        assert "".join(typed.split()) == "".join(payload.split())
    watched.page.goto(f"{watched.root}search/?q={quote('onerror=alert')}")
    watched.page.get_by_text("onerror=alert").nth(2).wait_for()
    assert (watched.dialogs, watched.foreign) == ([], [])
