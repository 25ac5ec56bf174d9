"""The finished site in a real browser, served under two paths."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urldefrag

import feedparser
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route, sync_playwright

from generator.pipeline import Options, declare, examine
from generator.serve import LOOPBACK, server

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
BASE_URL = "https://example.org/gongbao/"


@dataclass
class Visit:
    """A page of the browser, what it asked for elsewhere, and what it complained of."""

    page: Page
    root: str
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str) -> Page:
        """The page at an address of the site, loaded."""
        self.page.goto(self.root + address)
        return self.page


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; there is nothing to test where it is missing."""
    assert Path(CHROMIUM).exists(), f"{CHROMIUM} is missing; .ci/machine installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(params=["/", "/sub/"])
def root(request: pytest.FixtureRequest, full_site: Options) -> Iterator[str]:
    """Where the full sample is served: at the root, or below a path."""
    running = server(full_site.site, prefix=request.param)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://{LOOPBACK}:{running.server_port}{request.param}"
    running.shutdown()
    running.server_close()


@pytest.fixture
def visit(browser: Browser, root: str) -> Iterator[Visit]:
    """A visit that must end without a foreign request and without a complaint."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-TW")
    visit = Visit(context.new_page(), root)

    def watch(route: Route, request: Request) -> None:
        if request.url.startswith((f"{root}", "data:", "blob:")):
            route.continue_()
        else:
            visit.foreign.append(request.url)
            route.abort()

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            visit.complaints.append(f"{message.text} {message.location}")

    context.route("**/*", watch)
    visit.page.on("console", hear)
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    yield visit
    context.close()
    assert visit.foreign == []
    assert visit.complaints == []


def test_from_home_to_an_entry_by_links(visit: Visit) -> None:
    """A reader reaches a document's text with clicks alone."""
    page = visit.open("")
    page.get_by_role("link", name="訂定「測試市檔案管理要點」").first.click()
    page.wait_for_url("**/gazette/105/105-001/01/")
    assert page.get_by_role("heading", level=1).inner_text() == "訂定「測試市檔案管理要點」"
    assert "第五條　費用為 1_000 元。" in page.locator("body").inner_text()


def test_the_header_search_finds_a_chinese_term(visit: Visit) -> None:
    """Typing 檔案管理 brings up the entry."""
    page = visit.open("")
    box = page.locator("input[name=query]")
    box.click()
    box.fill("檔案管理")
    box.press("End")  # the host's search listens for keys alone, and an input method sends some
    result = page.locator(".md-search-result__item a").first
    result.wait_for(state="attached")
    results = page.locator(".md-search-result__list").inner_text()
    assert "檔案管理要點" in results.replace("\u200b", "")


def test_every_page_of_the_plan_is_reached_by_links(visit: Visit, full_site: Options) -> None:
    """A crawl from the home page meets every planned page and no dead end."""
    site = examine(full_site).site
    assert site is not None
    planned = {page.address for page, _ in declare(site, full_site).expected.pages}
    seen: set[str] = set()
    waiting = [""]
    while waiting:
        address = waiting.pop()
        seen.add(address)
        response = visit.page.goto(visit.root + address)
        assert response is not None
        assert response.status == 200, address
        links: list[str] = visit.page.eval_on_selector_all("a[href]", "as => as.map(a => a.href)")
        for link in sorted({urldefrag(link).url for link in links}):
            inside = link.removeprefix(visit.root)
            if link != inside and inside in planned and inside not in seen | {*waiting}:
                waiting.append(inside)
    assert seen == planned


def test_feeds_parse_and_their_items_open(visit: Visit, full_site: Options) -> None:
    """Each feed is well-formed, and each item's page is there."""
    feeds = sorted(full_site.site.glob("feeds/*.xml"))
    assert len(feeds) > 10
    for path in feeds:
        feed = feedparser.parse(path.read_bytes())
        assert not feed.bozo, path
        for entry in feed.entries:
            page = visit.page.request.get(visit.root + entry.link.removeprefix(BASE_URL))
            assert page.status == 200, entry.link


def test_a_wrong_address_leads_home(browser: Browser, root: str) -> None:
    """The 404 page finds the root that the site is served under."""
    context = browser.new_context()
    page = context.new_page()
    response = page.goto(f"{root}gazette/105/105-001/99/")
    assert response is not None
    assert response.status == 404
    home = page.locator("a[data-home]")
    page.wait_for_function("document.documentElement.dataset.root !== undefined")
    home.click()
    page.wait_for_url(root)
    assert page.get_by_role("heading", level=1).count() == 1
    context.close()


def test_pages_read_without_scripts(browser: Browser, root: str) -> None:
    """With JavaScript off the home page and an entry show their text and links."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(root)
    page.get_by_role("link", name="訂定「測試市檔案管理要點」").first.click()
    assert "一、公文。" in page.locator("body").inner_text()
    context.close()
