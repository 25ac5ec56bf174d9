"""No script but the theme's runs, nothing is fetched elsewhere, and a first visit weighs little."""

from __future__ import annotations

import gzip
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Visit, serving
from playwright.sync_api import Browser, Page, Request, Route
from sample_sites import files_below

from generator import PROGRAM
from generator.build.examine import examine
from generator.build.expected_site import declare
from generator.build.options import Options
from generator.content.attachments import ALLOWED, PICTURES
from generator.ledger.published_log import CHECK_PAGE
from generator.output.security_headers import HEADERS_FILE, lost_policy
from generator.site.page_metadata import head_tags
from generator.text.content_policy import policy

ENTRY = "gazette/105/105-001/01/"
CHAPTER = (PROGRAM / "kinds/views/templates/handbook/hosting.md").read_text(encoding="utf-8")
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)
INLINE = re.compile(r"<script(?![^>]*\bsrc=)([^>]*)>", re.I)
HANDLER = re.compile(r"<[a-z][^>]*\s(?:on[a-z]+|style)=", re.I)
HOSTILE = """<script>window.ran = 'script'</script>
<img src=x onerror="window.ran = 'handler'">
<svg onload="window.ran = 'svg'"></svg>
<a id="way" href="javascript:void (window.ran = 'link')">甲</a>
<img src="https://example.com/spy.png">
<base href="https://example.com/">"""


def _pages(site: Options) -> dict[str, str]:
    return {
        name: path.read_text(encoding="utf-8")
        for name, path in files_below(site.site).items()
        if name.endswith("index.html") and name != f"{CHECK_PAGE}index.html"
    }


def test_every_page_states_the_policy_and_needs_no_exception(full_site: Options) -> None:
    """The policy stands before anything that it rules; no page has a script or style within it."""
    pages = _pages(full_site)
    assert len(pages) > 40
    meta = f'<meta http-equiv="Content-Security-Policy" content="{CONTENT_POLICY}">'
    for name, html in pages.items():
        head, found, _ = html.partition(meta)
        assert found, name
        assert not re.search("<script|<link|<style", head), name
        assert [rest for rest in INLINE.findall(html) if "application/ld+json" not in rest] == []
        assert "<style" not in html, name
        assert HANDLER.findall(html) == [], name


def test_only_the_themes_own_text_is_approved(full_site: Options) -> None:
    """The 404 page's policy has the hashes of its template, which holds no content.

    A script that came into the page by its content has another hash, or none.
    """
    html = (full_site.site / "404.html").read_text(encoding="utf-8")
    assert f'content="{lost_policy()}"' in html
    assert policy(html) == lost_policy()
    assert policy(html.replace("</main>", "<script>steal()</script></main>")) != lost_policy()
    assert policy('<script type="application/ld+json">{}</script>') == policy() == CONTENT_POLICY


def _all_policies(site: Options) -> str:
    """One policy for the pages that hold a script of the program's own."""
    files = (site.site / "404.html", site.site / CHECK_PAGE / "index.html")
    return policy("".join(file.read_text("utf-8") for file in files if file.exists()))


def test_web_servers_are_told_the_same(full_site: Options) -> None:
    """`_headers` names the policy, with frames forbidden, and what else a header alone can say."""
    text = (full_site.site / HEADERS_FILE).read_text(encoding="utf-8")
    assert text.startswith("/*\n  Content-Security-Policy: default-src 'none'; script-src 'self' ")
    for line in (
        f"  Content-Security-Policy: {_all_policies(full_site)}; frame-ancestors 'none'\n",
        "  Referrer-Policy: strict-origin-when-cross-origin\n",
        "  X-Content-Type-Options: nosniff\n",
        "\n/search/:segment/*\n  Cache-Control: public, max-age=31536000, immutable\n",
        "\n/assets/*\n  Cache-Control: public, max-age=600, stale-while-revalidate=86400\n",
    ):
        assert line in text


def test_the_headers_of_nginx_are_made_as_the_handbook_says(full_site: Options) -> None:
    """The handbook's line turns `_headers` into a directive a header, those of all addresses."""
    (line,) = re.findall(r"^(sed .*) > gongbao-headers\.conf$", CHAPTER, re.M)
    folder = full_site.site.parent
    done = subprocess.run(shlex.split(line), cwd=folder, capture_output=True, text=True, check=True)
    made = done.stdout.splitlines()
    assert made[0] == (
        f'add_header Content-Security-Policy "{_all_policies(full_site)}; '
        "frame-ancestors 'none'\" always;"
    )
    assert len(made) == 6
    assert all(re.fullmatch(r'add_header [A-Za-z-]+ "[^"]+" always;', one) for one in made)


def test_documents_are_saved_and_not_opened(full_site: Options) -> None:
    """Every ending that may be attached but a picture's; the handbook's nginx knows the same."""
    text = (full_site.site / HEADERS_FILE).read_text(encoding="utf-8")
    saved = re.findall(r"^/:folder/\*\.(\S+)\n  Content-Disposition: attachment$", text, re.M)
    documents = set(ALLOWED) - set(PICTURES)
    assert set(saved) == documents | {ending.upper() for ending in documents}
    (endings,) = re.findall(r"^  ~\*\S+\\\.\((\S+)\)\$ attachment;$", CHAPTER, re.M)
    assert set(endings.split("|")) == documents
    assert "\n  add_header Content-Disposition $gongbao_saved;\n" in CHAPTER
    entry = (full_site.site / "gazette/105/105-001/03/index.html").read_text(encoding="utf-8")
    assert " download>草案總說明" in entry


@pytest.fixture
def damaged(full_site: Options, tmp_path: Path) -> Iterator[str]:
    """The address of a copy of which an entry holds what no check of ours has seen."""
    shutil.copytree(full_site.site, tmp_path / "site", copy_function=shutil.copyfile)
    page = tmp_path / "site" / ENTRY / "index.html"
    page.chmod(0o644)
    page.write_text(page.read_text("utf-8").replace("</article>", f"{HOSTILE}</article>", 1))
    with serving(tmp_path / "site", "/") as root:
        yield root


def _attacked(browser: Browser, root: str, *, bypass: bool) -> tuple[Page, list[str]]:
    context = browser.new_context(bypass_csp=bypass)
    page, foreign = context.new_page(), list[str]()

    def watch(route: Route, request: Request) -> None:
        if request.url.startswith(root):
            route.continue_()
        else:
            foreign.append(request.url)
            route.abort()

    context.route("**/*", watch)
    page.goto(root + ENTRY)
    page.evaluate("document.querySelector('#way').click()")
    page.wait_for_timeout(100)
    return page, foreign


def test_a_script_that_came_into_a_page_does_not_run(browser: Browser, damaged: str) -> None:
    """Neither script, handler, link nor picture of another host does anything under the policy."""
    page, foreign = _attacked(browser, damaged, bypass=False)
    assert page.evaluate("window.ran ?? null") is None
    assert page.evaluate("document.baseURI").startswith(damaged)
    assert foreign == []
    page.context.close()


def test_the_attack_works_without_the_policy(browser: Browser, damaged: str) -> None:
    """The same page without its policy runs the script and asks the other host."""
    page, foreign = _attacked(browser, damaged, bypass=True)
    assert page.evaluate("window.ran") is not None
    assert "https://example.com/spy.png" in foreign
    page.context.close()


def test_a_first_visit_to_an_entry_weighs_little(visit: Visit) -> None:
    """Page, styles, scripts and icon are at most 60 KB, compressed, all from here."""
    weights: dict[str, int] = {}

    def weigh(request: Request) -> None:
        response = request.response()
        assert response is not None
        name = response.url.removeprefix(visit.root)
        weights[name] = len(gzip.compress(response.body(), 9, mtime=0))

    visit.page.on("requestfinished", weigh)
    visit.open(ENTRY)
    visit.page.wait_for_load_state("networkidle")
    names = {name.rpartition("/")[2] for name in weights}
    assert names >= {"", "site.css", "palette.js", "page.js"}
    assert sum(weights.values()) <= 60 * 1024, weights


FEED_LINK = re.compile(r'<link rel="alternate" type="application/rss\+xml"[^>]*>\n')


def test_the_frame_of_a_page_is_small(full_site: Options) -> None:
    """What a page carries beside its block and its own tags is below 6 KB: thousands carry it.

    Nearly one of them is what the foot of an official site says.  Links to feeds are not counted:
    the page of feeds has all of them.
    """
    site = examine(full_site).site
    assert site is not None
    pages = _pages(full_site)
    for page, block in declare(site, full_site.loader).pages:
        own = block + head_tags(page, site.settings)
        whole = FEED_LINK.sub("", pages[page.html_path])
        assert len(whole.encode()) - len(own.encode()) < 6 * 1024, page.address
