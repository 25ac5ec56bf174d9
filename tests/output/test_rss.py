"""Feeds as a reader's program gets them: newest first, cut at a hundred, identities that last."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from html import escape, unescape
from pathlib import Path
from urllib.parse import unquote

import feedparser
import pytest
from feedgen.entry import FeedEntry as LibraryEntry
from feedgen.feed import FeedGenerator
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html
from msgspec import structs
from sample_sites import MINIMAL, ScratchSite, build_site, files_below, options

from generator.build.examine import examine
from generator.build.expected_site import declare
from generator.build.ledger_runs import seal_site
from generator.build.options import Options
from generator.build.verify import verify_site
from generator.content.model import Feed, FeedItem
from generator.output.formats.feed_documents import feed_entry
from generator.output.formats.feed_parts import ItemText, item_text, midnight
from generator.output.formats.rss import feed_head, rss, rss_item, unmarked
from generator.output.renderer import Renderer
from generator.site.plan import plan_lists, shown

ENTRY = "gazette/105/105-001/01.yaml"


def feeds(content: Path) -> Mapping[str, bytes]:
    """The bytes of every feed of a content, by name."""
    chosen = options(content, content.parent)
    examined = examine(chosen)
    assert examined.site is not None, examined.problems
    made = declare(examined.site, chosen.loader).artifacts
    found = [artifact for artifact in made if re.fullmatch(r"feeds/[^/]+\.xml", artifact.address)]
    return {artifact.address[6:-4]: artifact.content for artifact in found}


def test_a_corrected_title_keeps_its_identity(scratch_site: ScratchSite) -> None:
    """After a title was corrected the item is the same to a feed reader."""
    before = feedparser.parse(feeds(scratch_site({}))["news"]).entries[0]
    changed = MINIMAL[ENTRY].replace("訂定檔案要點", "訂定檔案管理要點")
    after = feedparser.parse(feeds(scratch_site({ENTRY: changed}))["news"]).entries[0]
    assert (before.id, after.id) == ("small-city/gazette/105-001-01",) * 2
    assert (before.title, after.title) == ("訂定檔案要點", "訂定檔案管理要點")


def test_a_feed_holds_the_newest_hundred(scratch_site: ScratchSite) -> None:
    """Of 130 entries in 13 issues the last ten issues are in the feed, newest first."""
    files = {}
    for number in range(2, 15):
        folder = f"gazette/105/105-{number:03d}"
        files[f"{folder}/issue.yaml"] = f"publication_date: 105-02-{number:02d}\n"
        for sequence in range(1, 11):
            typed = MINIMAL[ENTRY].replace("1050000001", f"105{number:04d}{sequence:03d}")
            files[f"{folder}/{sequence:02d}.yaml"] = typed
    feed = feedparser.parse(feeds(scratch_site(files))["gazette"])
    assert len(feed.entries) == 100
    days = [entry.published for entry in feed.entries]
    assert days[0] == "Sun, 14 Feb 2016 00:00:00 +0800"
    assert days[-1] == "Fri, 05 Feb 2016 00:00:00 +0800"
    assert feed.feed.updated == days[0]
    links = [entry.link for entry in feed.entries[:10]]
    assert links == [f"https://example.org/gazette/105/105-014/{n:02d}/" for n in range(10, 0, -1)]


def test_full_text_and_absolute_links(scratch_site: ScratchSite) -> None:
    """An item carries the whole text; links within the site are full addresses."""
    typed = MINIMAL[ENTRY].partition("body:")[0]
    typed += "markdown: |\n  見[本期](issues:105-001)，若 x<y 則 ]]> 止。\n"
    entry = feedparser.parse(feeds(scratch_site({ENTRY: typed}))["gazette-rule"]).entries[0]
    assert 'href="https://example.org/gazette/105/105-001/"' in entry.content[0].value
    assert "若 x&lt;y 則 ]]&gt; 止。" in entry.content[0].value
    assert [tag.term for tag in entry.tags] == ["公報", "行政規則", "小市政府", "105年"]
    assert entry.summary.startswith("小市政府令，")


def test_a_point_has_its_printed_number_alone(scratch_site: ScratchSite) -> None:
    """A reader without our styles would number the items of an ordered list a second time."""
    typed = MINIMAL[ENTRY].replace("form: order", "form: letter").partition("body:")[0]
    typed += "subject: 依法辦理。\nexplanation: [依法辦理。, 分為：, [甲案。, 乙案。]]\n"
    entry = feedparser.parse(feeds(scratch_site({ENTRY: typed}))["gazette-rule"]).entries[0]
    text = lxml_html.fragment_fromstring(entry.content[0].value, create_parent="div")
    words = "".join(text.text_content().split())
    assert words == "主旨依法辦理。說明一、依法辦理。二、分為：(一)甲案。(二)乙案。"
    assert not list(text.iter("ol"))


PROSE = '見[附則](#附則)，寫作 `<a href="#x">`。'
VISIT = """\
title: 外賓來訪
date: 105-01-06
date_precision: day
direction: incoming
countries: [JP]
source: 測試
"""
STATISTIC = """\
title: 資源回收
unit: 件
source: 測試
published_on: 105-01-06
observations: [{at: 104, value: 42}]
"""
WITH_FRAGMENTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "an entry": (
        "gazette/105/105-001/01/",
        {ENTRY: f"{MINIMAL[ENTRY].partition('body:')[0]}markdown: |\n  {PROSE}\n"},
    ),
    "a visit": (
        "visits/105/2016-01-06-guests/",
        {"visits/105/2016-01-06-guests.yaml": f"{VISIT}summary: |\n  {PROSE}\n"},
    ),
    "an entry's summary": (
        "gazette/105/105-001/01/",
        {ENTRY: f"{MINIMAL[ENTRY]}summary: |\n  {PROSE}\n"},
    ),
}


@pytest.mark.parametrize("sort", WITH_FRAGMENTS)
def test_a_link_within_the_page_leads_to_the_page(sort: str, scratch_site: ScratchSite) -> None:
    """In a feed reader there is no page around the text; what is typed as text stays text."""
    address, files = WITH_FRAGMENTS[sort]
    held = feedparser.parse(feeds(scratch_site(files))["news"]).entries[0].content[0].value
    tree = lxml_html.fragment_fromstring(held, create_parent="div")
    targets = [unquote(str(link.get("href"))) for link in tree.iter("a")]
    assert f"https://example.org/{address}#附則" in targets
    assert not any(target.startswith("#") for target in targets)
    assert '<a href="#x">' in tree.text_content()


def items_of(*lengths: int) -> tuple[FeedItem, ...]:
    """Items whose full texts have about so many bytes."""
    return tuple(
        FeedItem(
            guid=f"small-city/gazette/{number}",
            address=f"gazette/{number}/",
            title=f"第{number}則",
            published=date(2016, 3, 31) - timedelta(number),
            updated=date(2016, 3, 31) - timedelta(number),
            template="",
            context=partial(dict, text=f"<p>{'a' * length}</p>"),
            summary=f"摘要<{number}>",
        )
        for number, length in enumerate(lengths)
    )


MIB = 1024 * 1024


def text_of(item: FeedItem) -> str:
    """The full text of such an item."""
    return str(item.context()["text"])


@pytest.mark.parametrize(
    ("lengths", "whole"),
    [
        ((MIB, MIB), "11"),
        ((2 * MIB, 2 * MIB, 2 * MIB, MIB // 2), "1101"),
        ((6 * MIB, MIB, MIB), "011"),
        ((*(MIB // 10 for _ in range(60)),), "1" * 49 + "0" * 11),
    ],
)
def test_a_feed_has_five_mebibytes_at_most(
    lengths: tuple[int, ...], whole: str, scratch_site: ScratchSite
) -> None:
    """Beyond, items have summary and link; their order, identities and days are as before."""
    chosen = options(scratch_site({}), scratch_site({}).parent)
    site = examine(chosen).site
    assert site is not None
    items = items_of(*lengths)
    feed = Feed(name="news", title="新聞", description="新聞", page="", items=items)
    entries = [feed_entry(i, "https://example.org/", text_of) for i in items]
    made = rss(feed.current, site.settings, entries)
    assert len(made) <= 5 * MIB
    entries = feedparser.parse(made).entries
    assert [entry.id for entry in entries] == [item.guid for item in items]
    assert [entry.link for entry in entries] == [f"https://example.org/{i.address}" for i in items]
    assert "".join("01"["content" in entry] for entry in entries) == whole
    assert all("aaa" in entry.content[0].value for entry in entries if "content" in entry)
    assert [entry.summary for entry in entries] == [f"摘要&lt;{n}&gt;" for n in range(len(items))]


def test_a_feed_begins_with_its_first_item(scratch_site: ScratchSite) -> None:
    """Before, no page, table or list names it; with it, all do."""
    content = scratch_site({})
    build_site(content, content.parent)
    assert not (content.parent / "site/feeds/statistics.xml").exists()
    assert naming(content.parent / "site", "feeds/statistics.xml") == []
    (content / "statistics").mkdir()
    (content / "statistics/recycling.yaml").write_text(STATISTIC, "utf-8")
    build_site(content, content.parent)
    assert (content.parent / "site/feeds/statistics.xml").exists()
    assert "feeds/index.html" in naming(content.parent / "site", "feeds/statistics.xml")


def naming(site: Path, words: str) -> list[str]:
    """The files of a site that name something, by address; a feed's own name has no folder."""
    name = words.rpartition("/")[2].encode()
    return [path for path, file in files_below(site).items() if name in file.read_bytes()]


def test_a_feed_that_was_out_keeps_its_address(scratch_site: ScratchSite) -> None:
    """Empty again it stays, without an item and without a day; a seal alone remembers it."""
    gone = STATISTIC + "expires_on: 105-06-02\n"
    content = scratch_site({"statistics/recycling.yaml": gone})
    seal_site(options(content, content.parent, date(2016, 6, 1)), "")
    build_site(content, content.parent, date(2016, 6, 3))
    made = (content.parent / "site/feeds/statistics.xml").read_bytes()
    feed = feedparser.parse(made)
    assert (feed.bozo, feed.entries, b"lastBuildDate" in made) == (False, [], False)
    assert "feeds/index.html" in naming(content.parent / "site", "feeds/statistics.xml")
    seal_site(options(content, content.parent, date(2016, 6, 3)), "")
    assert verify_site(options(content, content.parent, date(2016, 6, 3))).faults == ()
    shutil.rmtree(content.parent / ".record")
    build_site(content, content.parent, date(2016, 6, 3))
    assert not (content.parent / "site/feeds/statistics.xml").exists()


def test_what_has_no_day_is_given_none(scratch_site: ScratchSite) -> None:
    """Nothing speaks of 1970, a list of what has no day is as new as the site, none is empty."""
    content = scratch_site({})
    build_site(content, content.parent)
    site = content.parent / "site"
    assert naming(site, "1970-01-01") == naming(site, "01 Jan 1970") == []
    sitemap = etree.parse(site / "sitemap.xml")
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    days = {url[0].text: url.findtext(f"{space}lastmod") for url in sitemap.getroot()}
    assert days["https://example.org/agencies/"] == "2016-01-05"
    assert "https://example.org/visits/" not in days
    assert days["https://example.org/gazette/"] == "2016-01-05"


def test_a_site_without_content_has_neither_feeds_nor_days(scratch_site: ScratchSite) -> None:
    """Its home page leads to the list of feeds alone."""
    content = scratch_site({})
    shutil.rmtree(content / "gazette")
    build_site(content, content.parent)
    site = content.parent / "site"
    assert not list(site.glob("feeds/*.xml"))
    assert naming(site, "news.xml") == []
    assert b"lastmod" not in (site / "sitemap.xml").read_bytes()
    assert verify_site(options(content, content.parent)).faults == ()


def test_every_feed_is_well_formed(scratch_site: ScratchSite) -> None:
    """Every feed parses, and knows its own address; one that never held anything is not there."""
    made = feeds(scratch_site({}))
    assert sorted(made) == ["agency-city", "gazette", "gazette-rule", "news"]
    for name, content in made.items():
        feed = feedparser.parse(content)
        assert not feed.bozo, name
        own = [link.href for link in feed.feed.links if link.rel == "self"]
        assert own == [f"https://example.org/feeds/{name}.xml"]
        assert feed.feed.language == "zh-TW"


def library_entry(item: ItemText) -> LibraryEntry:
    """An item as an entry of the library feedgen."""
    entry = LibraryEntry()
    entry.guid(item.guid, permalink=False)
    entry.title(unmarked(item.title))
    entry.link(href=item.address)
    entry.published(midnight(item.published))
    for name in item.categories:
        entry.category(term=unmarked(name))
    if item.summary:
        entry.description(escape(item.summary, quote=False))
    if item.html:
        entry.content(item.html, type="CDATA")
    return entry


HARD = "甲\t乙\r\n丙 \"'&amp;<b>]]> \U00020bb7\ue000\u2028\u00a0\x85"
"""Characters that a writer of XML may treat in a way of its own."""


@pytest.mark.parametrize("html", ["", "<p>甲 &lt; 乙</p>", HARD])
def test_any_item_is_written_as_the_library_writes_it(html: str) -> None:
    """Also with signs that XML writes otherwise, and without a summary or a text."""
    for text in ("甲", HARD):
        for summary in ("", text):
            item = structs.replace(
                *items_of(1), title=text, summary=summary, categories=(text, "乙"), guid="a/b&c"
            )
            typed = item_text(item, "https://example.org/?a=1&b=", html)
            feed = FeedGenerator()
            feed.title("甲")
            feed.description("甲")
            feed.link(href="https://example.org/")
            feed.add_entry(library_entry(typed))
            _, begin, rest = feed.rss_str(pretty=True).partition(b"    <item>")
            assert rss_item(typed) == begin + rest.partition(b"  </channel>")[0]


def test_an_item_made_alone_is_the_librarys(full_site: Options) -> None:
    """Items made one by one, and joined, are the bytes of a feed that the library writes whole."""
    site = examine(full_site).site
    assert site is not None
    site = shown(site, draft=False)
    planned = plan_lists(site, site.views)
    renderer = Renderer(site, planned.feeds, full_site.loader)
    feed = next(feed for feed in planned.feeds if feed.name == "news")
    assert not site.settings.hub
    feed = structs.replace(feed, archives=(), full_from=date.min)
    base_url = site.settings.base_url
    whole = feed_head(feed, site.settings, feed.address)
    whole.lastBuildDate(midnight(feed.items[0].published))
    for item in feed.items:
        html = None if item.title_only else renderer.full_text(item)
        whole.add_entry(library_entry(item_text(item, base_url, html)), order="append")
    entries = [feed_entry(item, base_url, renderer.full_text) for item in feed.items]
    sheet = b'<?xml-stylesheet type="text/css" href="../assets/feed.css"?>\n'
    made = rss(feed.current, site.settings, entries)
    assert made.replace(sheet, b"", 1) == whole.rss_str(pretty=True)


TITLE = "若甲<b 且乙>c 之規定，R&D 與 AT&T、&lt;i&gt; 及 &copy=1 <script>alert(1)</script>"
SHOWN = "若甲＜b 且乙＞c 之規定，R&D 與 AT&T、＆lt;i＆gt; 及 ＆copy=1 ＜script＞alert(1)＜/script＞"


def as_html(text: str) -> str:
    """The words of HTML, as a browser shows them."""
    return str(lxml_html.fragment_fromstring(text, create_parent="div").text_content())


def without_tags(text: str) -> str:
    """What is left by programs that take away whatever looks like a tag."""
    return re.sub(r"<[^>]*>|<.*", "", text)


READERS: Mapping[str, Callable[[str], str]] = {
    "plain text": str,
    "HTML": as_html,
    "tags stripped": without_tags,
    "decoded": unescape,
    "decoded, tags stripped": lambda text: without_tags(unescape(text)),
    "decoded twice, as HTML": lambda text: as_html(unescape(unescape(text))),
    "decoded twice, tags stripped": lambda text: without_tags(unescape(unescape(text))),
}
"""What readers are known to do with a title or a category after the XML has been read."""


@pytest.fixture
def marked(scratch_site: ScratchSite) -> etree._Element:
    """The feed of an entry whose every name holds signs of HTML; the site's name does too."""
    typed = MINIMAL[ENTRY].replace("訂定檔案要點", TITLE)
    agency = MINIMAL["agencies.yaml"].replace("小市政府", "小市<政>府")
    site = MINIMAL["site.yaml"].replace("小市公報", "小市<公>報").replace("行政規則", "規&lt;則")
    site = site.replace("最小的有效網站。", "甲<b>乙")
    made = feeds(scratch_site({ENTRY: typed, "agencies.yaml": agency, "site.yaml": site}))
    return etree.fromstring(made["news"])


@pytest.mark.parametrize("reader", READERS)
def test_a_title_is_the_same_to_every_reader(reader: str, marked: etree._Element) -> None:
    """No word is lost, no tag made, no reference shown: in titles, categories, and of the feed."""
    named = ("channel/title", "channel/description", "channel/item/title", "channel/item/category")
    held = [found.text or "" for name in named for found in marked.findall(name)]
    assert held == [
        *("小市＜公＞報：全部最新消息", "甲＜b＞乙", SHOWN),
        *("公報", "規＆lt;則", "小市＜政＞府", "105年"),
    ]
    assert [READERS[reader](text) for text in held] == held


def test_a_description_is_html_that_shows_the_text(marked: etree._Element) -> None:
    """Nothing of an editor's becomes a node; the words are those typed, sign by sign."""
    text = marked.findtext("channel/item/description")
    assert text == "小市&lt;政&gt;府令，小市秘字第1050000001號，105年1月4日"
    shown = "小市<政>府令，小市秘字第1050000001號，105年1月4日"
    assert as_html(text) == shown
    read = feedparser.parse(etree.tostring(marked))
    assert as_html(read.entries[0].summary) == shown
    assert (read.feed.title, read.entries[0].title) == ("小市＜公＞報：全部最新消息", SHOWN)


@given(st.text() | st.text("<>&#;ltx36gampcopy公 /!", max_size=20))
def test_no_text_in_a_title_is_html(text: str) -> None:
    """Whatever is typed: nothing to decode, nothing to strip, one sign for each."""
    found = unmarked(text)
    assert [READERS[name](found) for name in ("tags stripped", "decoded")] == [found] * 2
    changed = {(typed, one) for typed, one in zip(text, found, strict=True) if typed != one}
    assert changed <= {("<", "＜"), (">", "＞"), ("&", "＆")}


def test_visitors_have_a_feed_in_english(full_site: Options) -> None:
    """Titles, summaries, sections, categories, agencies in English, links to pages in English."""
    feed = feedparser.parse((full_site.site / "feeds/news-en.xml").read_bytes())
    assert feed.feed.language == "en"
    assert feed.feed.title == "Test City Gazette"
    assert len(feed.entries) > 3
    texts = [text for one in feed.entries for text in (one.title, *(t.term for t in one.tags))]
    assert {"Gazette", "Statistics", "Secretariat"} <= set(texts)
    assert not any("\u4e00" <= sign <= "\u9fff" for text in texts for sign in text)
    for entry in feed.entries:
        address = entry.link.removeprefix("https://example.org/gongbao/")
        assert address.startswith("en/")
        assert (full_site.site / address / "index.html").is_file()
    page = (full_site.site / "en/feeds/index.html").read_text("utf-8")
    assert 'href="../../feeds/news-en.xml"' in page
