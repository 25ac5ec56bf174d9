"""Hostile texts in a real browser: nothing runs, nothing is asked for elsewhere.

Pages stand side by side in frames of an empty page, so that one load shows dozens; each is
tried with its own policy and without one, where what an editor typed must be as harmless.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

import pytest
from browsing import framing
from hostile import OWN, accepted, content, flat, packed, payloads
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Route
from sample_sites import MINIMAL, build_site, files_below

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
    "reports/r{}/",
    "en/gazette/105/105-{:04d}/03/",
    "en/visits/105/v{}/",
    "en/statistics/s{}/",
    "en/partners/p{}/",
)
SIDE_BY_SIDE = 20
"""Frames at a time."""
HARNESS = "harness"
WATCH = """(() => {
  self.ran = [];
  for (const name of ["alert", "confirm", "prompt", "print"])
    self[name] = () => { top.ran.push(self.name); };
})()"""
SHOW = """async (sources) => {
  self.ran = [];
  document.body.replaceChildren();
  await Promise.all(sources.map(([name, kind, value]) => new Promise((done) => {
    const frame = document.createElement("iframe");
    frame.name = name;
    frame.onload = () => done();
    frame[kind] = value;
    document.body.append(frame);
    if (kind === "srcdoc") setTimeout(done, 20_000); // a payload may never come to an end
  })));
}"""
TOUCH = """() => {
  for (const { contentDocument: page } of document.querySelectorAll("iframe")) {
    for (const node of page ? page.querySelectorAll("*") : []) {
      for (const name of node.getAttributeNames())
        if (name.startsWith("on")) node.dispatchEvent(new Event(name.slice(2)));
      if (node.protocol === "javascript:") node.click();
    }
  }
}"""
RAN = "() => [...new Set(self.ran)]"
SQUEEZED = """() => [...document.querySelectorAll("iframe")].map((frame) =>
  [frame.name, frame.contentDocument.querySelector("#main").textContent.replace(/\\s/g, "")])"""
ACTIVE = """async (addresses) => {
  const found = [];
  const fresh = document.body.appendChild(document.createElement("iframe"));
  const taken = (name) => name && (name in fresh.contentWindow || name in fresh.contentDocument);
  const named = new Set(["a", "embed", "form", "iframe", "img", "object"]);
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
      const name = named.has(node.localName) ? node.getAttribute("name") : "";
      if (handlers.length || leads.length || frames || runs || taken(node.id) || taken(name))
        found.push(`${address} ${node.outerHTML.slice(0, 200)}`);
    }
  }
  return found;
}"""


Named = tuple[str, str]
"""The name of a frame, and the address or the HTML that it shows."""


def side_by_side(sources: Sequence[Named]) -> Iterator[Sequence[Named]]:
    """As many frames at a time as a page shows well."""
    for start in range(0, len(sources), SIDE_BY_SIDE):
        yield sources[start : start + SIDE_BY_SIDE]


class Watched:
    """A page of the browser, and all that ran or was asked for elsewhere."""

    def __init__(self, context: BrowserContext, root: str) -> None:
        self.root = root
        self.dialogs: list[str] = []
        self.foreign: list[str] = []
        self.asked: set[str] = set()
        context.add_init_script(WATCH)
        context.route("**/*", self.request)
        self.page: Page = context.new_page()
        self.page.on("dialog", self._dialog)

    def _dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def request(self, route: Route) -> None:
        """Passes on what stays here, and notes and stops the rest, with the frame that asks."""
        url = route.request.url
        if url == self.root + HARNESS:
            route.fulfill(body="<!doctype html><title>x</title>", content_type="text/html")
        elif url.startswith((self.root, "data:image/", "blob:")):
            route.continue_()
        else:
            self.foreign.append(url)
            self.asked.add(route.request.frame.name)
            route.abort()

    def show(self, kind: str, sources: Sequence[Named]) -> None:
        """Frames with a name and an address (`src`) or HTML (`srcdoc`) each, touched all over."""
        self.page.goto(self.root + HARNESS)
        self.page.evaluate(SHOW, [(name, kind, value) for name, value in sources])
        self.page.evaluate(TOUCH)
        self.page.wait_for_timeout(200)

    def ran(self) -> list[str]:
        """The names of the frames in which a payload ran."""
        return list(self.page.evaluate(RAN))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built site with every payload in every field that is long enough."""
    root = tmp_path_factory.mktemp("hostile")
    settings = MINIMAL["site.yaml"].replace("number_width: 3", "number_width: 4")
    english = f"title_en: {json.dumps(flat(OWN[0]), ensure_ascii=False)}\n"
    files = {**content(packed(payloads())), "site.yaml": settings + english}
    for name, text in files.items():
        path = root / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    accepted(root / "content")
    build_site(root / "content", root)
    return root / "site"


def visiting(browser: Browser, site: Path, *, bypass: bool) -> Iterator[Watched]:
    """A visit to that site, with or without the policy that its pages state."""
    context = browser.new_context(locale="zh-TW", bypass_csp=bypass)
    with framing(site) as root:
        yield Watched(context, root)
        context.close()


@pytest.fixture
def watched(browser: Browser, site: Path) -> Iterator[Watched]:
    """A visit where no policy helps."""
    yield from visiting(browser, site, bypass=True)


@pytest.fixture
def guarded(browser: Browser, site: Path) -> Iterator[Watched]:
    """A visit as readers make it."""
    yield from visiting(browser, site, bypass=False)


def test_the_payloads_run_where_nothing_stops_them(browser: Browser) -> None:
    """As they are, most run or ask another host: the watch sees it."""
    context = browser.new_context(bypass_csp=True)
    watched, fired = Watched(context, "http://127.0.0.1/"), set[str]()
    named = [(f"n{n}", f"<!doctype html><p>{held}") for n, held in enumerate(payloads())]
    for some in side_by_side(named):
        watched.show("srcdoc", some)
        fired |= {*watched.ran(), *watched.asked}
    context.close()
    assert len(fired) > len(named) // 3, len(fired)


def pages_of(site: Path, kinds: Sequence[str]) -> dict[str, str]:
    """Pages that came out, by address, with the text that each holds."""
    held, groups = files_below(site), packed(payloads())
    wanted = {page.format(n): text for page in kinds for n, text in enumerate(groups, start=1)}
    there = {a: text for a, text in wanted.items() if f"{a}index.html" in held}
    assert len(there) > len(wanted) * 2 // 3
    return there


def harmless(watched: Watched, pages: Mapping[str, str]) -> None:
    """Nothing runs, nothing is asked for, and each text reads as text."""
    for some in side_by_side([(address, address) for address in pages]):
        watched.show("src", some)
        assert (watched.ran(), watched.dialogs, watched.foreign) == ([], [], [])
        for address, shown in watched.page.evaluate(SQUEEZED):
            typed = "".join(filter(str.isprintable, flat(pages[address], 60)))
            assert "".join(typed.removesuffix("甲甲甲").split()) in shown, address


def test_no_page_runs_a_text(watched: Watched, site: Path) -> None:
    """Every page of every payload, where only its own form protects it."""
    harmless(watched, pages_of(site, PAGES))


def test_no_page_runs_a_text_under_the_policy(guarded: Watched, site: Path) -> None:
    """The same as readers get it: a letter, prose, a drawing."""
    harmless(guarded, pages_of(site, (PAGES[0], PAGES[2], "statistics/s{}/")))


def test_the_browsers_own_reading_finds_nothing(watched: Watched, site: Path) -> None:
    """No page holds a handler, a frame, a script of a text's, or a name that is the browser's."""
    pages = [name for name in files_below(site) if name.endswith(".html")]
    assert len(pages) > len(packed(payloads())) * len(PAGES) // 2
    watched.page.goto(watched.root)
    assert watched.page.evaluate(ACTIVE, pages) == []


def test_what_is_sought_is_a_text(watched: Watched) -> None:
    """In `?q=` and after `#`; results that hold a payload show it as text."""
    for payload in packed(OWN):
        watched.page.goto(f"{watched.root}search/?q={quote(payload)}#{quote(payload)}")
        watched.page.locator("#gb-status:not(:empty)").wait_for(state="attached")
        typed = watched.page.locator("main input[type=search]").input_value()
        assert "".join(typed.split()) == "".join(payload.split())
    watched.page.goto(f"{watched.root}search/?q={quote('onerror=alert')}")
    watched.page.locator("#gb-hits").get_by_text("onerror=alert").nth(2).wait_for()
    assert (watched.ran(), watched.dialogs, watched.foreign) == ([], [], [])
