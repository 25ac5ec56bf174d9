"""What machines read of the full sample: heads, graphs, pictures; nothing of private pages."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterator, Mapping
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from pyld import jsonld
from sample_sites import files_below, sample_site

from generator.build.options import Options
from generator.content.model import About, Page
from generator.content.settings import Settings
from generator.site.page_metadata import CARD_SIZE, CARDS, described, head_tags

BASE = "https://example.org/gongbao/"
PRIVATE = "gazette/105/105-002/02/index.html"
UNTOLD = (PRIVATE, "handbook/")
"""The pages of which machines are told nothing: those with personal data, those for editors."""
THEME = Path(__file__).resolve().parents[2] / "theme"
HOSTILE = "</script><script>alert(1)</script><!--&\"'\u2028"


class Head(HTMLParser):
    """The tags of a page's head and the scripts of data in it, as a browser reads them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.named: list[tuple[str, str]] = []
        self.graphs: list[Any] = []
        self._graph = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Takes a tag of `<meta>`, and the begin of a graph."""
        held = dict(attrs)
        if tag == "meta":
            name = held.get("name") or held.get("property") or ""
            self.named.append((name, held.get("content") or ""))
        self._graph = tag == "script" and held.get("type") == "application/ld+json"

    def handle_data(self, data: str) -> None:
        """Reads a graph."""
        if self._graph:
            self.graphs.append(json.loads(data))
            self._graph = False


@pytest.fixture(scope="module")
def heads(full_site: Options) -> Mapping[str, Head]:
    """Every page of the full sample."""
    files = files_below(full_site.site)
    pages = {name: path for name, path in files.items() if name.endswith("index.html")}
    return {name: Head(path.read_text(encoding="utf-8")) for name, path in pages.items()}


@pytest.fixture(scope="module")
def settings() -> Settings:
    """Those of the full sample."""
    return sample_site("full").settings


def things(head: Head) -> Iterator[Mapping[str, Any]]:
    """What a page's graph speaks of."""
    for graph in head.graphs:
        yield from graph["@graph"]


def thing(head: Head, type_: str) -> Mapping[str, Any]:
    """The one thing of a type."""
    (found,) = [held for held in things(head) if held["@type"] == type_]
    return found


def test_every_page_says_what_it_is(heads: Mapping[str, Head]) -> None:
    """Title, description, type, address and picture, once each; no two addresses are the same."""
    told = {name: head for name, head in heads.items() if not name.startswith(UNTOLD)}
    assert len(told) > 30
    for name, head in told.items():
        held = dict(head.named)
        for tag in ("title", "description", "type", "url", "site_name", "image", "image:alt"):
            assert held[f"og:{tag}"], (name, tag)
            assert [n for n, _ in head.named].count(f"og:{tag}") == 1
        assert held["og:url"] == BASE + name.removesuffix("index.html")
        assert held["description"] == held["og:description"]


def test_every_picture_is_there(heads: Mapping[str, Head]) -> None:
    """The pictures that pages name stand in the theme, of the size that the tags say."""
    named = {dict(head.named).get("og:image", "") for head in heads.values()} - {""}
    assert len(named) > 3
    for address in named:
        image = (THEME / address.removeprefix(BASE)).read_bytes()
        assert address.startswith(BASE + CARDS)
        assert image[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", image[16:24]) == CARD_SIZE


def test_every_page_but_the_home_page_stands_on_a_way(heads: Mapping[str, Head]) -> None:
    """The way begins at the home page and ends at the page, numbered without a gap."""
    for name, head in heads.items():
        if name in ("index.html", "en/index.html") or name.startswith(UNTOLD):
            continue
        home = BASE + ("en/" if name.startswith("en/") else "")
        steps = thing(head, "BreadcrumbList")["itemListElement"]
        assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))
        assert steps[0]["item"] == home
        assert steps[-1]["item"] == BASE + name.removesuffix("index.html")
        assert all(step["name"] for step in steps)


def test_every_graph_is_linked_data(heads: Mapping[str, Head]) -> None:
    """A graph a page at most; expanded, no name of it is lost, and what it speaks of has one type.

    schema.org's context as far as its names go: the real one stands on the network.
    """
    vocabulary = {"@context": {"@vocab": "https://schema.org/"}}

    def offline(url: str, _: object) -> dict[str, Any]:
        assert url == "https://schema.org"
        return {"contextUrl": None, "documentUrl": url, "document": vocabulary}

    for name, head in heads.items():
        assert len(head.graphs) <= 1, name
        for graph in head.graphs:
            expanded = jsonld.expand(graph, {"documentLoader": offline, "base": BASE})
            assert len(expanded) == len(graph["@graph"])
            assert all(len(held["@type"]) == 1 for held in expanded)


def test_a_norm_is_legislation(heads: Mapping[str, Head]) -> None:
    """With its number, its day, who passed it, and the issue that it is part of."""
    norm = thing(heads["gazette/105/105-001/01/index.html"], "Legislation")
    assert norm["legislationIdentifier"] == ["測市秘字第10530006500號"]
    assert (norm["legislationDate"], norm["datePublished"]) == ("2016-01-04", "2016-01-20")
    assert norm["dateModified"] == "2016-02-01"
    assert norm["legislationPassedBy"] == [
        {"@type": "GovernmentOrganization", "name": "測試市政府秘書處"}
    ]
    issue = norm["isPartOf"]
    assert (issue["@type"], issue["issueNumber"]) == ("PublicationIssue", "1")
    assert issue["isPartOf"]["volumeNumber"] == "105"
    assert issue["isPartOf"]["isPartOf"] == {"@type": "Periodical", "name": "測試市政府公報"}
    assert issue["@id"] == thing(heads["gazette/105/105-001/index.html"], "PublicationIssue")["@id"]


def test_a_draft_is_not_in_force(heads: Mapping[str, Head]) -> None:
    """Of a draft it is certain; of a norm that says nothing of its days nothing is told."""
    draft = thing(heads["gazette/105/105-001/03/index.html"], "Legislation")
    norm = thing(heads["gazette/105/105-001/01/index.html"], "Legislation")
    assert draft["legislationLegalForce"] == "https://schema.org/NotInForce"
    assert "legislationLegalForce" not in norm


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("index.html", "WebSite"),
        ("gazette/index.html", "Periodical"),
        ("gazette/105/105-001/02/index.html", "DigitalDocument"),
        ("agencies/culture/index.html", "GovernmentOrganization"),
        ("partners/hachioji/index.html", "AdministrativeArea"),
        ("statistics/fleet/index.html", "Dataset"),
        ("pages/about/index.html", "WebPage"),
        ("reports/2016-05-test/index.html", "Report"),
    ],
)
def test_a_page_has_the_type_of_what_it_shows(
    heads: Mapping[str, Head], name: str, type_: str
) -> None:
    """Every kind says what its pages are about, at the page's own address."""
    held = thing(heads[name], type_)
    assert held["url"] == BASE + name.removesuffix("index.html")
    assert held["name"]


def test_an_event_has_no_day_that_the_source_lacks(heads: Mapping[str, Head]) -> None:
    """Where only a period is known, no day is told."""
    known = thing(heads["visits/105/2016-02-19-lantern/index.html"], "Event")
    vague = thing(heads["visits/105/mayor-visit/index.html"], "Event")
    assert (known["startDate"], known["endDate"]) == ("2016-02-19", "2016-02-22")
    assert not {"startDate", "endDate", "location"} & set(vague)


def test_reference_managers_read_an_entry(heads: Mapping[str, Head]) -> None:
    """What Zotero reads: title, number, date, publisher, journal, pages, author."""
    held = dict(heads["gazette/105/105-001/01/index.html"].named)
    wanted = {
        "citation_title": "訂定「測試市檔案管理要點」",
        "citation_author": "測試市政府秘書處",
        "citation_publication_date": "2016/01/20",
        "citation_journal_title": "測試市政府公報",
        "citation_volume": "105",
        "citation_issue": "1",
        "citation_firstpage": "1",
        "citation_lastpage": "3",
        "citation_technical_report_number": "測市秘字第10530006500號",
        "citation_publisher": "測試市政府",
        "DC.date": "2016-01-20",
        "DC.identifier": "測市秘字第10530006500號",
    }
    assert {name: held[name] for name in wanted} == wanted


def test_nothing_is_told_of_a_private_page(heads: Mapping[str, Head]) -> None:
    """A page with personal data is not to be listed, and machines get no words of it."""
    head = heads[PRIVATE]
    assert ("robots", "noindex") in head.named
    assert [name for name, _ in head.named if re.match("og:|citation|DC|twitter", name)] == []
    assert head.graphs == []


def test_no_text_leaves_its_place(settings: Settings) -> None:
    """Signs of HTML stay text in tags and graphs, and are read back as they were."""
    about = About(thing={"@type": "Thing", "name": HOSTILE}, tags=(("DC.title", HOSTILE),))
    page = Page(
        address="x/",
        template="",
        title=HOSTILE,
        description=HOSTILE,
        updated=date(2016, 1, 1),
        about=about,
    )
    graph = described(page, settings)
    assert not set("<>&\u2028") & set(graph)
    assert json.loads(graph)["@graph"][1]["name"] == HOSTILE
    head = Head(head_tags(page, settings))
    assert {held for name, held in head.named if name.endswith("title")} == {HOSTILE}
    assert "<script" not in head_tags(page, settings)
    assert described(structs.replace(page, private=True), settings) == ""
    assert head_tags(structs.replace(page, private=True), settings) == ""
