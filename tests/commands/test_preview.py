"""The preview: the same pages as a build, changed at once, the last good ones beside errors."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from browsing import running
from playwright.sync_api import Browser
from sample_sites import MINIMAL, SITES, ScratchSite, build_site, files_below, options

from generator.build.options import Options
from generator.commands._http import PreviewState, live_server, server
from generator.commands._preview import Preview, begin, static_folder
from generator.text.missing_word import MissingWord

ENTRY = "gazette/105/105-001/01.yaml"
CHANGED = MINIMAL[ENTRY].replace("訂定檔案要點", "修正檔案要點")


@pytest.fixture
def preview(scratch_site: ScratchSite, tmp_path: Path) -> Preview:
    """A preview of the minimal site."""
    return begin(options(scratch_site({}), tmp_path))


def text(preview: Preview, address: str) -> str:
    """What stands at an address of a preview; fails where nothing does."""
    content = preview.content(address)
    assert content is not None, address
    return content.decode()


WHOLE = ("404.html", "sitemap.xml", "_headers")
"""What speaks of the site as a whole, to search engines and web servers."""


def test_pages_are_those_of_a_build(full_site: Options, tmp_path: Path) -> None:
    """Every page, feed, table, record and attachment is the built site's, byte for byte."""
    begun = begin(options(SITES / "full", tmp_path))
    built = full_site.site
    compared = 0
    for name, path in files_below(built).items():
        if name.startswith("assets/") or name in WHOLE:
            continue
        compared += 1
        assert begun.content(name.removesuffix("index.html")) == path.read_bytes(), name
    assert compared > 80


def test_a_change_is_seen_at_the_next_look(preview: Preview) -> None:
    """A changed title is on its page, in the lists and in the feeds; no change is no look."""
    assert preview.look() is None
    content = preview.options.content
    (content / ENTRY).write_text(CHANGED, encoding="utf-8")
    assert preview.look() is not None
    for address in ("gazette/105/105-001/01/", "gazette/105/105-001/", "", "feeds/news.xml"):
        assert "修正檔案要點" in text(preview, address), address
    assert (preview.version, preview.errors) == (2, 0)


def test_new_and_deleted_files_are_seen(preview: Preview) -> None:
    """A new entry has a page at once, a deleted one has none."""
    second = preview.options.content / "gazette/105/105-001/02.yaml"
    second.write_text(MINIMAL[ENTRY].replace("0001號", "0002號"), encoding="utf-8")
    preview.look()
    assert "小市秘字第1050000002號" in text(preview, "gazette/105/105-001/02/")
    second.unlink()
    preview.look()
    assert preview.content("gazette/105/105-001/02/") is None


def test_the_last_good_page_stays_beside_errors(preview: Preview) -> None:
    """A broken file is told, the page stays as it was; mended, the page changes."""
    entry = preview.options.content / ENTRY
    entry.write_text(CHANGED.replace("form: order", "form: nonsense"), encoding="utf-8")
    preview.look()
    assert [problem.code for problem in preview.problems] == ["choice-unknown"]
    assert "訂定檔案要點" in text(preview, "gazette/105/105-001/01/")
    entry.write_text(CHANGED.replace("issuers:", "isuers:"), encoding="utf-8")
    preview.look()
    assert preview.errors
    assert "訂定檔案要點" in text(preview, "gazette/105/105-001/01/")
    assert "訂定檔案要點" in text(preview, "feeds/news.xml")
    entry.write_text(CHANGED, encoding="utf-8")
    preview.look()
    assert preview.problems == ()
    assert "修正檔案要點" in text(preview, "gazette/105/105-001/01/")


def test_the_sites_own_name_changes_too(preview: Preview) -> None:
    """A new title in site.yaml is on every page, though the host was begun with the old one."""
    site = preview.options.content / "site.yaml"
    site.write_text(MINIMAL["site.yaml"].replace("title: 小市公報", "title: 大市公報"), "utf-8")
    preview.look()
    assert "- 大市公報</title>" in text(preview, "gazette/105/105-001/01/")


def test_nothing_is_published(preview: Preview) -> None:
    """A preview leaves the site's place alone and writes below the work folder only."""
    assert not preview.options.site.exists()
    assert static_folder(preview.options).is_dir()


@contextmanager
def served(preview: Preview) -> Iterator[str]:
    """The address of a preview's server, which looks at the content whenever it is asked."""

    def told() -> PreviewState:
        preview.look()
        return PreviewState(preview.version, tuple(p.code for p in preview.problems if p.stops))

    with running(live_server(preview, told, static_folder(preview.options))) as host:
        yield f"{host}/"


def test_the_page_reloads_itself_and_shows_what_is_wrong(
    preview: Preview, browser: Browser
) -> None:
    """An open page follows the file; a mistake appears as a panel, and goes when mended."""
    entry = preview.options.content / ENTRY
    context = browser.new_context()
    page = context.new_page()
    with served(preview) as root:
        page.goto(f"{root}gazette/105/105-001/01/")
        assert page.get_by_role("heading", level=1).inner_text() == "訂定檔案要點"
        entry.write_text(CHANGED, encoding="utf-8")
        page.get_by_role("heading", level=1, name="修正檔案要點").wait_for()
        entry.write_text(CHANGED.replace("form: order", "form: nonsense"), encoding="utf-8")
        # a look while the file is being written may find it empty, and says so until the next one
        panel = page.get_by_role("alert").filter(has_text="choice-unknown")
        panel.wait_for()
        assert page.get_by_role("heading", level=1).inner_text() == "修正檔案要點"
        entry.write_text(MINIMAL[ENTRY], encoding="utf-8")
        page.get_by_role("heading", level=1, name="訂定檔案要點").wait_for()
        assert page.get_by_role("alert").count() == 0
    context.close()


def test_a_content_that_never_was_in_order_shows_its_errors(
    scratch_site: ScratchSite, tmp_path: Path, browser: Browser
) -> None:
    """Without a good page there is an empty one, with the panel."""
    content = scratch_site({ENTRY: "title: x\n"})
    begun = begin(options(content, tmp_path))
    context = browser.new_context()
    page = context.new_page()
    with served(begun) as root:
        page.goto(root)
        page.get_by_role("alert").wait_for()
        (content / ENTRY).write_text(MINIMAL[ENTRY], encoding="utf-8")
        page.get_by_role("heading", level=1, name="小市公報").wait_for()
    context.close()


def test_the_server_answers_for_what_is_and_is_not_there(preview: Preview) -> None:
    """Pages, styles, data and state have their media types; what is missing is 404."""
    with served(preview) as root:
        kinds = {}
        for address in ("", "feeds/news.xml", "data/gazette.csv", "_preview/state"):
            with urllib.request.urlopen(root + address) as answer:
                kinds[address] = answer.headers.get_content_type()
        assert list(kinds.values()) == [
            "text/html",
            "application/xml",
            "text/csv",
            "application/json",
        ]
        with pytest.raises(urllib.error.HTTPError) as missing:
            urllib.request.urlopen(f"{root}no/such/")
        assert missing.value.code == 404
        missing.value.close()
        with urllib.request.urlopen(f"{root}_preview/state") as answer:
            assert json.load(answer) == {
                "version": 1,
                "errors": [],
                "heading": "",
                "codes": ["", ""],
                "language": "zh-TW",
            }


MOVED = """\
redirects:
  - {from: https://example.org/city/old/feeds/, to: /feeds/}
  - {from: https://example.org/Show.aspx?id=7, to: /search/}
  - {from: https://old.example/about.asp, to: /coverage/}
"""


@pytest.fixture(params=["live", "built"], scope="module")
def moved_site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Where a site whose address has a path is shown, in the making or built."""
    root = tmp_path_factory.mktemp("moved")
    settings = MINIMAL["site.yaml"].replace("https://example.org/", "https://example.org/city/")
    for name, text in {**MINIMAL, "site.yaml": settings + MOVED}.items():
        path = root / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    chosen = options(root / "content", root)
    if request.param == "built":
        build_site(chosen.content, root)
        made = server(chosen.site, redirects=True)
    else:
        made = live_server(begin(chosen), lambda: PreviewState(1, ()), static_folder(chosen))
    with running(made) as address:
        yield address


def led(address: str) -> str:
    """Where a browser arrives that asks for an address, below the root."""
    with urllib.request.urlopen(address) as answer:
        return str(answer.url).partition("/")[2].partition("/")[2].partition("/")[2]


@pytest.mark.parametrize(
    ("typed", "new"),
    [
        ("d/%E5%B0%8F1%E8%99%9F/", "d/?n=%E5%B0%8F1%E8%99%9F"),
        ("d/a.b", "d/?n=a.b"),
        ("gazette", "gazette/"),
        ("old/feeds", "old/feeds/"),
        ("Show.aspx?id=7", "search/"),
        ("show.ASPX?id=7", "search/"),
        ("about.asp", "coverage/"),
    ],
)
def test_an_address_leads_on_as_on_a_host(typed: str, new: str, moved_site: str) -> None:
    """Numbers, folders without their slash, and old addresses lead where hosts lead them."""
    assert led(f"{moved_site}/{typed}") == new


@pytest.mark.parametrize("typed", ["no/such/", "d/a/b/", "Show.aspx?id=8", "Show.aspx"])
def test_a_lost_page_is_the_sites_own(typed: str, moved_site: str) -> None:
    """An unknown address is answered with the styled page of the site, and its status."""
    with pytest.raises(urllib.error.HTTPError) as lost:
        led(f"{moved_site}/{typed}")
    assert lost.value.code == 404
    page = lost.value.read().decode()
    assert "找不到這一頁" in page
    assert ' href="/assets/site.css"' in page
    assert '"/city/' not in page


def test_a_missing_word_is_told_and_the_server_stays(
    preview: Preview, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page whose template lacks a word is answered with that; the next one is there."""
    sound = Preview.content

    def content(self: Preview, address: str) -> bytes | None:
        if address == "agencies/":
            raise MissingWord("agencies.none", "en", "generator/kinds/agencies/kind.py")
        return sound(self, address)

    monkeypatch.setattr(Preview, "content", content)
    told: list[str] = []

    def missing(word: MissingWord) -> str:
        told.append(word.word)
        return f"no word: {word.word}"

    made = live_server(
        preview, lambda: PreviewState(1, ()), static_folder(preview.options), missing=missing
    )
    with running(made) as address:
        with pytest.raises(urllib.error.HTTPError) as answer:
            led(f"{address}/agencies/")
        assert (answer.value.code, answer.value.read()) == (500, b"no word: agencies.none\n")
        assert told == ["agencies.none"]
        assert led(f"{address}/gazette/") == "gazette/"


def test_a_missing_word_is_not_met_at_each_look(
    preview: Preview, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told once for each change of the content; the last good pages stay."""

    def failing(_: object) -> None:
        raise MissingWord("home.none", "en", "generator/kinds/agencies/kind.py")

    (preview.options.content / ENTRY).write_text(CHANGED, encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr("generator.build.examine.Run.examine", failing)
        with pytest.raises(MissingWord):
            preview.look()
        assert preview.look() is None
    assert "訂定檔案要點" in text(preview, "gazette/105/105-001/01/")
    (preview.options.content / ENTRY).write_text(f"{CHANGED}# more\n", encoding="utf-8")
    assert preview.look() is not None
