"""Feeds as RSS, Atom and JSON Feed: valid in each form, and the same to a reader of any."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import feedparser
import pytest
from feed_reading import ATOM, ids_and_archive
from feedgen.entry import FeedEntry as LibraryEntry
from jsonschema import Draft202012Validator
from lxml import etree
from lxml import html as lxml_html
from msgspec import structs
from sample_sites import MINIMAL, SITES, ScratchSite, options

from generator.build.examine import examine
from generator.build.expected_site import declare
from generator.build.options import Options
from generator.content.model import Feed, FeedArchive, FeedForm, FeedItem
from generator.content.settings import Settings, read_settings
from generator.output.formats.feed_documents import feed_artifacts, feed_entry
from generator.output.formats.feed_parts import LIMIT
from generator.output.formats.opml import OPML

HERE = Path(__file__).parent
ATOM_GRAMMAR = etree.RelaxNG(etree.parse(HERE / "atom.rng"))
JSON_SCHEMA = Draft202012Validator(json.loads((HERE / "json_feed.schema.json").read_bytes()))
BASE = "https://example.org/"
DAY = date(2016, 1, 5)
Documents = Mapping[str, bytes]


@pytest.fixture(scope="module")
def minimal_feeds(tmp_path_factory: pytest.TempPathFactory) -> Documents:
    """The feeds of the minimal site, by address."""
    chosen = options(SITES / "minimal", tmp_path_factory.mktemp("minimal"))
    site = examine(chosen).site
    assert site is not None
    made = declare(site, chosen.loader).artifacts
    return {a.address: a.content for a in made if a.address.startswith("feeds/")}


@pytest.fixture(scope="module")
def full_feeds(full_site: Options) -> Documents:
    """The feeds of the full sample, by address, as they are published."""
    folder = full_site.site / "feeds"
    return {
        f"feeds/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".html"
    }


@pytest.fixture(params=["minimal", "full"])
def documents(request: pytest.FixtureRequest) -> Documents:
    """The feeds of one of the sample sites."""
    found: Documents = request.getfixturevalue(f"{request.param}_feeds")
    return found


def of_form(documents: Documents, form: FeedForm) -> dict[str, bytes]:
    """The documents in a form, by address."""
    found = {n: c for n, c in documents.items() if n.endswith(f".{form}")}
    assert len(found) >= 8
    assert any("/archive/" in name for name in found)
    return found


def test_readers_take_rss_and_atom(documents: Documents) -> None:
    """Each document parses without a complaint, with its own address, and its items have days."""
    for form in (FeedForm.RSS, FeedForm.ATOM):
        for address, content in of_form(documents, form).items():
            feed = feedparser.parse(content)
            assert not feed.bozo, (address, feed.get("bozo_exception"))
            own = [link.href for link in feed.feed.links if link.rel == "self"]
            assert [href.endswith(f"/{address}") for href in own] == [True], address
            assert all(entry.published_parsed and entry.id for entry in feed.entries), address


def test_atom_is_as_the_rfc_has_it(documents: Documents) -> None:
    """Each document is valid by a grammar of RFC 4287; an entry has one link, to its page."""
    for address, content in of_form(documents, FeedForm.ATOM).items():
        root = etree.fromstring(content)
        assert ATOM_GRAMMAR.validate(root), (address, ATOM_GRAMMAR.error_log)
        for entry in root.iter(f"{ATOM}entry"):
            (link,) = entry.iter(f"{ATOM}link")
            assert (link.get("rel"), link.get("type")) == ("alternate", "text/html"), address


def test_json_feed_is_as_its_version_has_it(documents: Documents) -> None:
    """Each document is valid by a schema of JSON Feed 1.1."""
    for address, content in of_form(documents, FeedForm.JSON).items():
        JSON_SCHEMA.validate(json.loads(content))
        assert json.loads(content)["feed_url"].endswith(f"/{address}")


def test_every_form_leads_to_every_archive(documents: Documents) -> None:
    """From each current document the archives of its form are reached, one after another."""
    for form in FeedForm:
        of = of_form(documents, form)
        reached = set()
        for address in (name for name in of if "/archive/" not in name):
            before = ids_and_archive(of[address], form)[1]
            while before:
                place = f"feeds/{before.partition('/feeds/')[2]}"
                reached.add(place)
                before = ids_and_archive(of[place], form)[1]
        assert reached == {name for name in of if "/archive/" in name}


def test_the_list_of_feeds_names_each_once(documents: Documents) -> None:
    """`all.opml` has a folder for each group, with the RSS address of every feed."""
    root = etree.fromstring(documents[OPML])
    listed = [
        str(outline.get("xmlUrl")) for outline in root.iter("outline") if outline.get("xmlUrl")
    ]
    current = [name for name in of_form(documents, FeedForm.RSS) if "/archive/" not in name]
    current = [name for name in current if name != "feeds/news-en.xml"]  # the same news in English
    assert sorted(f"feeds/{url.partition('/feeds/')[2]}" for url in listed) == sorted(current)
    assert next(node.get("text") for node in root.findall("body/outline")) == "各類內容"


def test_the_library_drops_what_links_of_entries_say() -> None:
    """The reason for a writer of our own: feedgen's Atom entries have no `rel` and no `type`."""
    entry = LibraryEntry()
    entry.id("urn:x:1")
    entry.title("甲")
    entry.updated("2016-01-05T00:00:00+08:00")
    entry.link(href=BASE, rel="alternate", type="text/html")
    link = entry.atom_entry().find("link")
    assert dict(link.attrib) == {"href": BASE}


# ---- one feed of made items


def settings(**others: Any) -> Settings:
    """The settings of the minimal site, with others."""
    read = read_settings(SITES / "minimal").settings
    assert read is not None
    return replace(read, **others)


ITEM = FeedItem(
    guid="small-city/gazette/105-001-01",
    address="gazette/105/105-001/01/",
    title="標題",
    published=DAY,
    updated=DAY,
    template="",
    context=dict,
    summary="摘要",
)


def written(
    items: Iterable[FeedItem],
    text: Callable[[FeedItem], str] = lambda item: "<p>全文</p>",
    **others: Any,
) -> dict[FeedForm, bytes]:
    """A feed with these items in its current document, in each form."""
    made = tuple(items)
    archives = (FeedArchive(quarter="2015q4", items=()),) if others.pop("archived", False) else ()
    feed = Feed(
        name="news", title="新聞", description="新聞", page="", items=made, archives=archives
    )
    entries = [feed_entry(item, BASE, text) for item in made]
    artifacts = feed_artifacts(feed.current, settings(**others), entries, DAY)
    return {FeedForm(a.address.rpartition(".")[2]): a.content for a in artifacts}


def texts(made: Mapping[FeedForm, bytes]) -> dict[FeedForm, tuple[str, str, str]]:
    """Title, summary and full text of the first item in each form; "" for what it does not have."""
    found = {}
    for form in (FeedForm.RSS, FeedForm.ATOM):
        entry = feedparser.parse(
            made[form], sanitize_html=False, resolve_relative_uris=False
        ).entries[0]
        content = entry.content[0].value if "content" in entry else ""
        found[form] = (entry.title, entry.get("summary", ""), content)
    (item,) = json.loads(made[FeedForm.JSON])["items"]
    found[FeedForm.JSON] = (
        item["title"],
        item.get("summary", item.get("content_text", "")),
        item.get("content_html", ""),
    )
    return found


def test_an_empty_feed_is_valid() -> None:
    """It has no item, and says no day but that of the site where Atom wants one."""
    made = written(())
    assert ATOM_GRAMMAR.validate(etree.fromstring(made[FeedForm.ATOM])), ATOM_GRAMMAR.error_log
    assert b"<updated>2016-01-05T00:00:00+08:00</updated>" in made[FeedForm.ATOM]
    JSON_SCHEMA.validate(json.loads(made[FeedForm.JSON]))
    assert b"lastBuildDate" not in made[FeedForm.RSS]
    for form in (FeedForm.RSS, FeedForm.ATOM):
        feed = feedparser.parse(made[form])
        assert (feed.bozo, feed.entries) == (False, [])


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("甲\x00乙\x0b\x1f", "甲\ufffd乙\ufffd\ufffd"),
        ("甲\ufffe乙\uffff", "甲\ufffd乙\ufffd"),
        ("甲\ud800乙", "甲\ufffd乙"),
        ("\U00020bb7野家與\U0002a6a5", "\U00020bb7野家與\U0002a6a5"),
        ("外字\ue000\uf8ff\U000f0000", "外字\ue000\uf8ff\U000f0000"),
        ("葛\U000e0100城", "葛\U000e0100城"),
        ("]]> 與 &amp;", "]]> 與 &amp;"),
    ],
    ids=[
        "control",
        "no character",
        "half a pair",
        "beyond the BMP",
        "private use",
        "variant",
        "marks",
    ],
)
def test_every_character_is_kept_or_replaced_in_each_form(typed: str, shown: str) -> None:
    """What XML cannot hold is U+FFFD in all forms; everything else stands as it was typed."""
    item = structs.replace(ITEM, title=typed, summary=typed, categories=(typed,))
    made = written([item], lambda _: f"<p>{typed}</p>")
    for form, (_, _, text) in texts(made).items():
        assert text == f"<p>{shown}</p>", form
    atom, json_item = (
        etree.fromstring(made[FeedForm.ATOM]),
        json.loads(made[FeedForm.JSON])["items"][0],
    )
    assert atom.findtext(f"{ATOM}entry/{ATOM}title") == json_item["title"] == shown
    assert atom.findtext(f"{ATOM}entry/{ATOM}summary") == json_item["summary"] == shown
    assert [c.get("term") for c in atom.iter(f"{ATOM}category")] == json_item["tags"] == [shown]


def test_days_have_the_zone_of_taiwan() -> None:
    """Publication and change are midnights of Taiwan in each form."""
    made = written([structs.replace(ITEM, updated=date(2016, 2, 1))])
    assert b"<pubDate>Tue, 05 Jan 2016 00:00:00 +0800</pubDate>" in made[FeedForm.RSS]
    assert made[FeedForm.ATOM].count(b"<updated>2016-02-01T00:00:00+08:00</updated>") == 2
    (item,) = json.loads(made[FeedForm.JSON])["items"]
    days = (item["date_published"], item["date_modified"])
    assert days == ("2016-01-05T00:00:00+08:00", "2016-02-01T00:00:00+08:00")


def test_an_entry_of_five_megabytes_leads_to_its_page() -> None:
    """It stands with its summary and a link to the whole, beside another that is whole."""
    large = structs.replace(ITEM, guid="small-city/gazette/large", address="large/")
    made = written(
        [large, ITEM], lambda item: "<p>長</p>" * 600_000 if item is large else "<p>短</p>"
    )
    for form, content in made.items():
        assert len(content) < LIMIT
        assert "<p>短</p>" in content.decode() or "&lt;p&gt;短" in content.decode()
        assert "長" not in content.decode()
        assert "摘要" in content.decode()
        assert b"https://example.org/large/" in content
        assert len(ids_and_archive(content, form)[0]) == 2


def test_an_item_with_a_title_alone_says_nothing_else() -> None:
    """Neither summary nor text is in any form, which stays valid."""
    made = written([structs.replace(ITEM, title_only=True)], lambda _: "<p>某人住某處</p>")
    for content in made.values():
        assert "某人" not in content.decode()
        assert "摘要" not in content.decode()
    assert {title for title, _, _ in texts(made).values()} == {"標題"}
    assert ATOM_GRAMMAR.validate(etree.fromstring(made[FeedForm.ATOM]))
    JSON_SCHEMA.validate(json.loads(made[FeedForm.JSON]))


def _rels(made: Mapping[FeedForm, bytes], form: FeedForm) -> list[tuple[str | None, str | None]]:
    links = etree.fromstring(made[form]).iter(f"{ATOM}link")
    return sorted((link.get("rel"), link.get("href")) for link in links)


def test_each_form_names_hub_self_and_archive_once() -> None:
    """With a hub a current document has it, one `self`, and the way to its archives."""
    hub = "https://hub.example.net/?a=1&b=2"
    made = written((), hub=hub, archived=True)
    for form, alternate in ((FeedForm.RSS, []), (FeedForm.ATOM, [("alternate", BASE)])):
        assert _rels(made, form) == [
            *alternate,
            ("hub", hub),
            ("prev-archive", f"{BASE}feeds/archive/news/2015q4.{form}"),
            ("self", f"{BASE}feeds/news.{form}"),
        ]
    read = json.loads(made[FeedForm.JSON])
    assert read["hubs"] == [{"type": "WebSub", "url": hub}]
    assert read["next_url"] == f"{BASE}feeds/archive/news/2015q4.json"
    JSON_SCHEMA.validate(read)


def test_an_archive_says_that_it_is_one() -> None:
    """It leads to the current document and names no hub; its items have summaries and no text."""
    archive = FeedArchive(quarter="2015q4", items=(ITEM,))
    feed = Feed(
        name="news", title="新聞", description="新聞", page="", items=(), archives=(archive,)
    )
    (document,) = feed.archived
    entries = [feed_entry(ITEM, BASE, lambda _: "<p>全文</p>")]
    artifacts = feed_artifacts(document, settings(hub="https://hub.example.net/"), entries, DAY)
    made = {FeedForm(a.address.rpartition(".")[2]): a.content for a in artifacts}
    for form in (FeedForm.RSS, FeedForm.ATOM):
        root = etree.fromstring(made[form])
        assert len(list(root.iter("{http://purl.org/syndication/history/1.0}archive"))) == 1
        assert ("current", f"{BASE}feeds/news.{form}") in _rels(made, form)
        assert not [rel for rel, _ in _rels(made, form) if rel == "hub"]
    for content in made.values():
        assert "摘要" in content.decode()
        assert "全文" not in content.decode()


def test_links_and_pictures_are_absolute(scratch_site: ScratchSite) -> None:
    """Whatever stands in a text leads somewhere from a feed reader too, in each form."""
    name = "gazette/105/105-001/01"
    typed = MINIMAL[f"{name}.yaml"].partition("body:")[0]
    typed += "markdown: |\n  見[本期](issues:105-001)、[表](table.csv)、[訂閱](/feeds/)。\n\n"
    typed += "  ![圖](a.png)\n"
    picture = (SITES / "full/visits/105/2016-02-19-lantern/hall.png").read_bytes()
    content = scratch_site(
        {f"{name}.yaml": typed, f"{name}/a.png": picture, f"{name}/table.csv": "甲\n"}
    )
    chosen = options(content, content.parent)
    examined = examine(chosen)
    assert examined.site is not None, examined.problems
    made = {a.address: a.content for a in declare(examined.site, chosen.loader).artifacts}
    found = texts({form: made[f"feeds/gazette.{form}"] for form in FeedForm})
    assert len({text for _, _, text in found.values()}) == 1
    tree = lxml_html.fragment_fromstring(found[FeedForm.JSON][2], create_parent="div")
    targets = [node.get("href") or node.get("src") for node in tree.iter("a", "img")]
    assert sorted(filter(None, targets)) == [
        "https://example.org/feeds/",
        "https://example.org/gazette/105/105-001/",
        "https://example.org/gazette/105/105-001/01/a.png",
        "https://example.org/gazette/105/105-001/01/table.csv",
    ]
    for node in tree.iter("img"):
        assert all(
            part.strip().startswith("https://")
            for part in (node.get("srcset") or "https://").split(",")
        )
