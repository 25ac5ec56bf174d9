"""Every address that a page or a feed names leads somewhere, under any path."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from html import unescape
from urllib.parse import parse_qs, quote, urldefrag, urljoin, urlsplit

import feedparser
import pytest
from browsing import serving
from playwright.sync_api import Browser, expect
from sample_sites import empty_sections

from generator.build.examine import examine
from generator.build.expected_site import declare
from generator.build.options import Options
from generator.site.static_copies import static_copies

REFERENCE = re.compile(r"""\s(?:href|src)=(?:"([^"]*)"|'([^']*)'|([^\s>]+))""")
BASE_URL = "https://example.org/gongbao/"
SAFE = "/:?=&%~+,;@!$'()*"


def fetch(address: str) -> tuple[int, str, bytes]:
    """Status, media type and content of an address."""
    try:
        with urllib.request.urlopen(quote(address, safe=SAFE)) as answer:
            return answer.status, answer.headers.get_content_type(), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.get_content_type(), error.read()


def references(address: str, content: bytes) -> set[str]:
    """The addresses that a page names, as a browser resolves them."""
    html = re.sub(r"(?s)<(script|style)\b[^>]*>.*?</\1>", "", content.decode())
    typed = ("".join(match.groups(default="")) for match in REFERENCE.finditer(html))
    return {urldefrag(urljoin(address, unescape(one))).url for one in typed}


def test_a_crawl_reaches_everything_and_no_dead_end(root: str, full_site: Options) -> None:
    """From home, links, images, styles and scripts all answer 200, below the served path alone.

    Every page of the plan, every attachment, table, feed and record is reached.
    """
    site = examine(full_site).site
    assert site is not None
    expected = declare(site, full_site.loader)
    parts = urlsplit(root)
    host = f"{parts.scheme}://{parts.netloc}/"
    seen: set[str] = set()
    dead: list[tuple[str, str]] = []
    waiting = [(root, "")]
    while waiting:
        address, came_from = waiting.pop()
        if address in seen or not address.startswith(host):
            continue
        seen.add(address)
        status, media_type, content = fetch(address)
        if status != 200 or not address.startswith(root):
            dead.append((address, came_from))
        elif media_type == "text/html":
            waiting += [(one, address) for one in sorted(references(address, content))]
    assert dead == []
    machine = {a.address for a in expected.artifacts if a.address.startswith("search/")}
    wanted = {
        *(page.address for page, _ in expected.pages),
        *(artifact.address for artifact in expected.artifacts),
        *(copy.address for copy in expected.copies),
    }
    wanted -= machine - {"search/opensearch.xml"}  # a script's business
    wanted -= {"_headers", "_redirects", "redirects.map"}  # the web server's business
    wanted -= {"sitemap.xml", "robots.txt"}  # that of search engines
    wanted -= {"site.json"}  # that of auditors
    wanted -= {name for name in wanted if name.startswith("feeds/archive/")}  # of feed readers
    wanted -= {copy.address for copy in static_copies(site)} - {"logo.svg", "favicon.svg"}
    wanted -= set(empty_sections(site))
    wanted -= {address for address in wanted if address.endswith("/pages.json")}  # a script's
    assert {root + quote(address) for address in wanted} - seen == set()


def test_feeds_parse_and_their_items_are_there(root: str, full_site: Options) -> None:
    """Every feed is served as XML and parses cleanly; its links and its texts' links lead on."""
    names = sorted(path.name for path in full_site.site.glob("feeds/*.xml"))
    assert len(names) > 10
    followed = set[str]()
    for name in names:
        status, media_type, content = fetch(f"{root}feeds/{name}")
        assert (status, media_type) == (200, "application/xml")
        feed = feedparser.parse(content)
        assert not feed.bozo, (name, feed.get("bozo_exception"))
        assert feed.feed.link.startswith(BASE_URL)
        for entry in feed.entries:
            text = entry.content[0].value if "content" in entry else ""
            named = re.findall(r'(?:href|src)="([^"]*)"', text)
            followed |= {entry.link, *(unescape(one) for one in named)}
    ours = sorted(one.removeprefix(BASE_URL) for one in followed if one.startswith(BASE_URL))
    assert len(ours) > 8
    assert [one for one in ours if fetch(root + urldefrag(one).url)[0] != 200] == []
    assert [one for one in followed if not re.match("(https?|mailto|tel):", one)] == []


@pytest.mark.parametrize("wrong", ["no/such/", "gazette/105/105-001/no", "no.html"])
def test_a_wrong_address_leads_home(browser: Browser, root: str, wrong: str) -> None:
    """The 404 page, at any depth, finds the site's root, and all its links answer 200."""
    context = browser.new_context()
    page = context.new_page()
    answer = page.goto(root + wrong)
    assert answer is not None
    assert answer.status == 404
    page.locator("html[data-root]").wait_for()
    links: list[str] = page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
    host = root.partition("://")[2].partition("/")[0]
    inside = sorted({urldefrag(link).url for link in links if host in link} - {root + wrong})
    assert [link for link in inside if not link.startswith(root)] == []
    assert [link for link in inside if fetch(link)[0] != 200] == []
    page.locator("a[data-home]").click()
    page.wait_for_url(root)
    assert page.get_by_role("heading", level=1).is_visible()
    context.close()


@pytest.mark.parametrize("prefix", ["/", "/gongbao/", "/other/"])
def test_a_wrong_address_has_head_and_foot(
    browser: Browser, full_site: Options, prefix: str
) -> None:
    """With the look of every page, wherever the site stands, and all of its sections.

    The root is found by a file that is as small on the largest site.
    """
    with serving(full_site.site, prefix) as root:
        page, asked = browser.new_page(viewport={"width": 1280, "height": 900}), list[str]()
        page.goto(root)
        sections = page.locator(".gb-nav a").all_text_contents()
        page.on("requestfinished", lambda request: asked.append(request.url))
        page.goto(f"{root}no/such/page/")
        page.locator("html[data-root]").wait_for()
        assert page.locator("html").get_attribute("data-root") == prefix
        assert page.locator(".gb-nav a").all_text_contents() == sections
        listed = page.locator("main li:not([hidden]) a").all_text_contents()
        assert [name for name in listed if name != "no such page"] == [*sections, "English"]
        assert page.locator("footer a").count() >= 4
        page.wait_for_function(
            "getComputedStyle(document.querySelector('.gb-nav')).display !== 'none'"
        )
        probes = {url.rpartition("/")[2] for url in asked if "/assets/" not in url}
        assert probes - {"logo.svg", "favicon.svg"} == {""}, asked
        assert page.locator(".gb-brand img").evaluate("img => img.decode().then(() => img.width)")
        page.close()


def test_a_wrong_address_reads_without_scripts(browser: Browser, full_site: Options) -> None:
    """Where the site stands at its own address, every link leads on and the look is the site's."""
    with serving(full_site.site, "/gongbao/") as root:
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{root}gazette/no/such/")
        links = [one.get_attribute("href") or "" for one in page.locator("a[href^='/']").all()]
        assert len(links) > 20
        assert {fetch(urljoin(root, link))[0] for link in links} == {200}
        page.get_by_role("searchbox").last.fill("檔案")
        page.get_by_role("button", name="搜尋").click()
        page.wait_for_url(f"{root}search/?q=*")
        context.close()


@pytest.mark.parametrize("number", ["小市秘字第1050000002號", "no/"])
def test_an_address_by_number_leads_to_the_look_up(
    browser: Browser, root: str, number: str
) -> None:
    """Where no server does it, the page that is shown instead does."""
    page = browser.new_page()
    page.goto(f"{root}d/{quote(number, safe='/')}")
    page.wait_for_url(f"{root}d/?n=*")
    assert parse_qs(urlsplit(page.url).query) == {"n": [number.removesuffix("/")]}
    page.close()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("檔案/管理.html", "檔案 管理"),
        ("statistics/fleet-loan/", "fleet loan"),
        ("gazette/105/105-001/no", ""),
        ("<b>x/", "<b>x"),
        ("no/%FF/", ""),
    ],
)
def test_a_wrong_address_offers_its_words(
    browser: Browser, root: str, wrong: str, words: str
) -> None:
    """The 404 page offers to search for the typed words, unless it knows a page above."""
    page = browser.new_page()
    page.goto(root + wrong)
    page.locator("html[data-root]").wait_for(state="attached")
    link = page.locator("#words a")
    assert link.is_visible() == bool(words)
    assert link.text_content() == words
    if words:
        link.click()
        expect(page.locator("#gb-query")).to_have_value(words)
    page.close()


@pytest.mark.parametrize(
    ("wrong", "above"),
    [
        ("gazette/105/105-001/99/", "gazette/105/105-001/"),
        ("gazette/105/105-001/99/attachment.pdf", "gazette/105/105-001/"),
        ("reports/2016-05-test/no", "reports/2016-05-test/"),
        ("gazette/105/105-099/", "gazette/105/"),
        ("statistics/none/", ""),
        ("none/105/105-001/", ""),
    ],
)
def test_a_wrong_address_offers_the_page_above(
    browser: Browser, root: str, wrong: str, above: str
) -> None:
    """The nearest one that is there, of whatever section; a section's index is linked anyway."""
    page = browser.new_page()
    page.goto(root + wrong)
    page.locator("html[data-root]").wait_for(state="attached")
    link = page.locator("#above a")
    assert link.is_visible() == bool(above)
    if above:
        link.click()
        page.wait_for_url(root + above)
    page.close()


def test_home_searches_first_without_scripts(browser: Browser, root: str) -> None:
    """The home page's first control after its title asks the search page by GET."""
    page = browser.new_page(java_script_enabled=False)
    page.goto(root)
    page.locator("#gb-home-query").fill("檔案 管理")
    page.locator(".gb-hero-search button").click()
    page.wait_for_url(f"{root}search/?q=*")
    assert parse_qs(urlsplit(page.url).query) == {"q": ["檔案 管理"]}
    page.close()


def test_an_issue_leads_to_its_categories(browser: Browser, root: str) -> None:
    """Each category of an issue has an anchor that stays, which its contents lead to."""
    page = browser.new_page(java_script_enabled=False)
    page.goto(root + "gazette/105/105-001/")
    links = page.locator(".gb-issue .gb-contents a")
    targets = [str(one.get_attribute("href")) for one in links.all()]
    assert len(targets) > 1
    assert [page.locator(f"section{target}").count() for target in targets] == [1] * len(targets)
    page.close()


def test_nothing_outside_the_prefix_is_served(full_site: Options) -> None:
    """Served under /sub/, addresses beside and above it answer 404, encoded dots included."""
    outside = (
        "/",
        "/index.html",
        "/subway/",
        "/sub/../index.html",
        "/sub/%2e%2e/%2e%2e/etc/passwd",
    )
    with serving(full_site.site, "/sub/") as address:
        host = address.removesuffix("/sub/")
        answers = {path: fetch(host + path)[0] for path in outside}
        assert fetch(f"{host}/sub/index.html")[0] == 200
    assert set(answers.values()) == {404}, answers
