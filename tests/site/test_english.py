"""Pages for visitors: what has an English title has one, both languages know of each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sample_sites import MINIMAL, ScratchSite, examine_folder, files_below

from generator.build.options import Options
from generator.site.plan import plan, shown
from generator.text.urls import ENGLISH, counterpart, language_of

BASE = "https://example.org/gongbao/"
HAN = re.compile("[\u3400-\u9fff]")
ALTERNATE = re.compile(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">')
SWITCH = re.compile(r'<a class="gb-other" href="([^"]+)" lang="([^"]+)" hreflang="([^"]+)">')
VOID = ("br", "col", "hr", "img", "input", "link", "meta", "source", "wbr")
ENTRY = "gazette/105/105-001/01/"


class Tongues(HTMLParser):
    """The words of a page by the language that its tags say they are in."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.said: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Goes into an element."""
        above = self.open[-1][1] if self.open else ""
        if tag not in VOID:
            self.open.append((tag, dict(attrs).get("lang") or above))

    def handle_endtag(self, tag: str) -> None:
        """Leaves it."""
        while tag not in VOID and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Takes what is said; scripts say nothing to readers."""
        if data.strip() and self.open and self.open[-1][0] not in ("script", "style"):
            self.said.append((self.open[-1][1], data))


@pytest.fixture(scope="module")
def pages(full_site: Options) -> Mapping[str, str]:
    """Every page of the full sample by address."""
    files = files_below(full_site.site)
    named = {name.removesuffix("index.html"): name for name in files if name.endswith("index.html")}
    return {a: files[n].read_text("utf-8") for a, n in named.items() if a != "verify/"}


def _english(pages: Mapping[str, str]) -> dict[str, str]:
    return {a: html for a, html in pages.items() if language_of(a) == ENGLISH}


def _addresses(content: Path) -> set[str]:
    """The pages in English that a content has."""
    site = examine_folder(content).site
    assert site is not None
    planned = plan(shown(site, draft=False), site.views).pages
    return {page.address for page in planned if language_of(page.address) == ENGLISH}


def test_chinese_words_of_english_pages_are_marked(pages: Mapping[str, str]) -> None:
    """Every Han character of a page in English stands in an element that says so."""
    held = _english(pages)
    assert len(held) > 12
    for address, html in held.items():
        said = Tongues(html).said
        assert len(said) > 15, address
        wrong = [words for tongue, words in said if HAN.search(words) and tongue != "zh-Hant-TW"]
        assert wrong == [], address


def test_both_languages_name_each_other(pages: Mapping[str, str]) -> None:
    """A page and its counterpart name the same two addresses, and English for all others."""
    paired = {a for a, html in pages.items() if ALTERNATE.search(html)}
    assert {"", "en/", "gazette/", "en/gazette/", ENTRY, f"en/{ENTRY}"} <= paired
    for address in paired:
        english = address if language_of(address) == ENGLISH else counterpart(address)
        assert dict(ALTERNATE.findall(pages[address])) == {
            "zh-Hant-TW": BASE + counterpart(english),
            "en": BASE + english,
            "x-default": BASE + english,
        }
    assert {counterpart(address) for address in paired} == paired
    assert {a for a in pages if counterpart(a) in pages} - paired == set()


def test_the_header_leads_to_the_other_language(pages: Mapping[str, str]) -> None:
    """By a plain link: to the counterpart, or home where there is none."""
    told = {a: SWITCH.findall(pages[a]) for a in (ENTRY, f"en/{ENTRY}", "coverage/", "d/", "")}
    assert told == {
        ENTRY: [(f"../../../../en/{ENTRY}", "en", "en")],
        f"en/{ENTRY}": [(f"../../../../../{ENTRY}", "zh-Hant-TW", "zh-Hant-TW")],
        "coverage/": [("../en/", "en", "en")],
        "d/": [("../en/d/", "en", "en")],
        "": [("en/", "en", "en")],
    }


def test_an_entry_in_english_says_where_the_text_is(pages: Mapping[str, str]) -> None:
    """Title, facts and summary, and that the Chinese text alone counts, with the way to it."""
    html = pages[f"en/{ENTRY}"]
    for words in (
        "<h1>Directions for Archives</h1>",
        "The full text is in Chinese, which alone is authoritative.",
        f'href="../../../../../{ENTRY}" hreflang="zh-Hant-TW">Read the full text in Chinese</a>',
        "<dt>Date of document</dt>",
        '<time datetime="2016-01-04">4 January 2016</time>',
        "Basic rules for archives.",
        '<meta property="og:locale" content="en_US">',
        '<meta property="og:locale:alternate" content="zh_TW">',
    ):
        assert words in html, words
    assert '<html lang="en"' in html


def test_a_section_says_what_it_lacks(pages: Mapping[str, str]) -> None:
    """How many records have an English title; the others lead to their pages in Chinese."""
    html = pages["en/gazette/"]
    assert "English titles: 1 of 5; the others are in Chinese only." in html
    assert 'href="105/105-001/01/">Directions for Archives</a>' in html
    untitled = '../../gazette/105/105-002/02/" lang="zh-Hant-TW" hreflang="zh-Hant-TW">'
    assert untitled in html


def _titled(name: str) -> str:
    return MINIMAL[name] + "title_en: On Files\n"


def test_an_english_title_makes_a_page_and_its_loss_ends_it(scratch_site: ScratchSite) -> None:
    """Pages in English follow from the site's English name, then from each record's title."""
    entry = f"{ENTRY.removesuffix('/')}.yaml"
    assert _addresses(scratch_site({})) == set()
    content = scratch_site({"site.yaml": _titled("site.yaml")})
    sections = _addresses(content)
    assert {"en/", "en/gazette/", "en/visits/", "en/feeds/", "en/agencies/"} <= sections
    (content / entry).write_text(_titled(entry), "utf-8")
    assert _addresses(content) - sections == {f"en/{ENTRY}"}
    (content / entry).write_text(MINIMAL[entry], "utf-8")
    assert _addresses(content) == sections


def _many(count: int) -> Iterator[tuple[str, str]]:
    """Visits with an English title."""
    for number in range(1, count + 1):
        text = "title: 城市來訪\ntitle_en: Visit\ndirection: incoming\ncountries: [JP]\n"
        yield f"visits/105/visit-{number:02d}.yaml", f"{text}date: 105-03-{number % 28 + 1:02d}\n"


def test_a_long_list_has_a_page_a_year(scratch_site: ScratchSite) -> None:
    """A section of more than a screenful is cut by year, where the Chinese one is too."""
    named = {"site.yaml": _titled("site.yaml")}
    short, long = (_addresses(scratch_site({**named, **dict(_many(n))})) for n in (30, 31))
    assert long - short == {"en/visits/105/", "en/visits/105/visit-31/"}
