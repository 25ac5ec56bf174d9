"""No text of an editor's becomes a node: whatever is typed in whatever field stands as text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from html import unescape
from xml.etree import ElementTree as ET

import pytest
from hostile import OWN, Nodes, accepted, content, flat, payloads
from lxml import etree
from lxml.html import fragment_fromstring
from sample_sites import MINIMAL, sample_site

from generator.build.expected_site import Expected, declare
from generator.content.public_identity import Contact
from generator.content.record import Record
from generator.output.formats.rss import unmarked
from generator.output.templates_loader import package_templates
from generator.site.kind import Site
from generator.site.page_metadata import head_tags
from generator.site.plan import plan_lists, shown
from generator.text.markdown import render_prose
from generator.text.markdown_dialect import text_of
from generator.text.sanitize import sanitised

KINDS = (
    *("gazette", "issues", "visits", "partners", "statistics", "pages", "agencies"),
    *("reports", "sections"),
)
PROSE = """\
[甲](https://example.org/) **乙** ![丙](a.png)

| 丁 | 戊 |
|:--|--:|
| 1 | 2 |

1. 己

- 庚

## 辛

---

```
壬
```
"""
_OURS = re.compile('<script type="module" src="[a-z./-]+"></script>')
"""The search page's own script."""


@dataclass(frozen=True)
class Attacked:
    """A site full of payloads, as declared; how many of its files `check` refused."""

    site: Site
    expected: Expected
    files: int
    dropped: int


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Attacked:
    """Every payload in every field of every kind."""
    folder = tmp_path_factory.mktemp("hostile")
    settings = MINIMAL["site.yaml"].replace("number_width: 3", "number_width: 4")
    english = f"title_en: {json.dumps(flat(OWN[0]), ensure_ascii=False)}\n"
    files = {**content(payloads()), "site.yaml": settings + english}
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    site, dropped = accepted(folder)
    return Attacked(site, declare(site, package_templates()), len(files), dropped)


@pytest.fixture(scope="module")
def vocabulary() -> set[tuple[str, str]]:
    """The tags and attributes that the program writes for a harmless site."""
    blocks = []
    for sample in ("full", "minimal"):
        site = sample_site(sample)
        blocks += [block for _, block in declare(site, package_templates()).pages]
    blocks += [render_prose(PROSE, lambda typed: typed).html]
    return {pair for block in blocks for pair in Nodes(_OURS.sub("", block)).used}


def read(html: str, vocabulary: set[tuple[str, str]]) -> list[str]:
    """What of a page's HTML the program would never write."""
    nodes = Nodes(_OURS.sub("", html))
    return [*map(str, sorted(nodes.used - vocabulary)), *nodes.unsafe]


def test_the_vocabulary_is_harmless(vocabulary: set[tuple[str, str]]) -> None:
    """What pages are compared with holds no handler, no frame, no style, and no script but data."""
    assert len(vocabulary) > 60
    assert [pair for pair in vocabulary if pair[1].startswith("on")] == []
    assert not {"iframe", "object", "embed", "base", "style", "math", "meta"} & {
        tag for tag, _ in vocabulary
    }
    assert {name for tag, name in vocabulary if tag == "script"} == {"", "type"}


def test_every_kind_is_there(attacked: Attacked) -> None:
    """Most records are published with their payloads; no kind is left out."""
    counts = dict.fromkeys(KINDS, 0)
    for record in attacked.site.archive:
        counts[record.kind] += 1
    least = len(payloads()) * 2 // 3
    assert all(count >= least for count in counts.values()), (counts, attacked.dropped)


def test_no_payload_becomes_a_node(attacked: Attacked, vocabulary: set[tuple[str, str]]) -> None:
    """Pages hold the tags and attributes of harmless ones, and lead nowhere but by safe schemes."""
    faults_by_page = {
        page.address: read(block, vocabulary) for page, block in attacked.expected.pages
    }
    assert len(faults_by_page) > len(payloads()) * 8
    assert {address: faults for address, faults in faults_by_page.items() if faults} == {}


def test_no_payload_leaves_the_head(attacked: Attacked) -> None:
    """Tags of the head are those that the program wrote, one attribute a name and a content."""
    tags = {"meta": ("", "name", "property", "content"), "link": ("", "rel", "href", "hreflang")}
    allowed = {(tag, name) for tag, names in tags.items() for name in names}
    for page, _ in attacked.expected.pages:
        assert Nodes(head_tags(page, attacked.site.settings)).used <= allowed, page.address


def test_feeds_hold_text_alone(attacked: Attacked) -> None:
    """Descriptions are HTML of the very text, without a node; names are no HTML at all."""
    site = shown(attacked.site, draft=False)
    contents = {artifact.address: artifact.content for artifact in attacked.expected.artifacts}
    names: list[tuple[str, str | None]] = []
    marked = 0
    for feed in plan_lists(site, site.views).feeds:
        channel = etree.fromstring(contents[feed.address]).find("channel")
        assert channel is not None
        names.append((feed.title, channel.findtext("title")))
        names.append((feed.description, channel.findtext("description")))
        for item, element in zip(feed.items, channel.findall("item"), strict=True):
            html = fragment_fromstring(element.findtext("description"), create_parent="p")
            assert (html.text, len(html)) == (item.summary, 0)
            marked += bool(Nodes(item.summary).used)
            names.append((item.title, element.findtext("title")))
            tags = (category.text for category in element.findall("category"))
            names += zip(item.categories, tags, strict=True)
    assert marked > len(payloads()) * 2
    for typed, name in names:
        assert name == unmarked(typed)
        assert (Nodes(name).used, unescape(name)) == (set(), name)
    assert sum(name != typed for typed, name in names) > len(payloads()) * 8


def test_titles_stand_as_text(attacked: Attacked) -> None:
    """A reader sees in the heading what the editor typed."""
    seen = 0
    for page, block in attacked.expected.pages:
        heading = block.partition("<h1>")[2].partition("</h1>")[0]
        record = page.context.get("record")
        if isinstance(record, Record) and page.address == attacked.site.address(record):
            seen += 1
            assert attacked.site.title(record) in text_of(heading), page.address
    assert seen > len(payloads()) * 8


def graphs(expected: Expected) -> Iterator[Mapping[str, object]]:
    """Every page's graph."""
    for _, block in expected.pages:
        _, begun, rest = block.partition('<script type="application/ld+json">')
        if begun:
            yield json.loads(rest.partition("</script>")[0])


def test_graphs_give_texts_back(attacked: Attacked) -> None:
    """Every graph is JSON, and each payload is a name in one of them."""
    names = {thing.get("name") for graph in graphs(attacked.expected) for thing in graph["@graph"]}  # type: ignore[attr-defined]
    assert {flat(payload) for payload in OWN} <= names


def test_feeds_hold_no_node(attacked: Attacked, vocabulary: set[tuple[str, str]]) -> None:
    """Feeds are XML, and the HTML in their items is no worse than the pages'."""
    feeds = [a for a in attacked.expected.artifacts if a.address.startswith("feeds/")]
    assert len(feeds) > len(payloads())
    texts = 0
    for feed in feeds:
        if feed.address.endswith(".json"):
            html = [item.get("content_html", "") for item in json.loads(feed.content)["items"]]
        else:
            nodes = ET.fromstring(feed.content).iter()
            html = [n.text or "" for n in nodes if n.tag.endswith(("encoded", "content"))]
        texts += len(html)
        assert [read(text, vocabulary) for text in html] == [[]] * len(html), feed.address
    assert texts > len(payloads())


@pytest.mark.parametrize("shape", ["{}", "[甲]({})", "![甲]({})", "[{}](https://x.tw/)", "## {}"])
def test_prose_holds_no_node(shape: str, vocabulary: set[tuple[str, str]]) -> None:
    """Also where a target were taken as typed, which no page does."""
    for payload in payloads():
        text = shape.format(payload)
        assert read(render_prose(text, lambda typed: typed).html, vocabulary) == [], text


def test_settings_are_text_too(vocabulary: set[tuple[str, str]]) -> None:
    """The site's own names, descriptions and words, in every page: all payloads side by side."""
    site = sample_site("minimal")
    line, settings = flat(" ".join(OWN), 10_000), site.settings
    words = tuple(replace(word, title=line) for word in settings.gazette.categories)
    named = replace(
        settings,
        title=line,
        description=line,
        contact=Contact(**dict.fromkeys(("unit", "address", "note"), line)),
        publisher=replace(settings.publisher, name=line),
        gazette=replace(settings.gazette, name=line, categories=words),
    )
    expected = declare(replace(site, settings=named), package_templates())
    assert sum(text_of(block).count(OWN[0]) for _, block in expected.pages) > len(expected.pages)
    assert [fault for _, block in expected.pages for fault in read(block, vocabulary)] == []


def raw(payload: str) -> Iterator[str]:
    """A payload as HTML, in a text and in an attribute."""
    yield payload
    yield f'<p>{payload}</p><a href="{payload}">x</a><h2 id="{payload}">x</h2>'


def test_the_last_look_holds_alone(vocabulary: set[tuple[str, str]]) -> None:
    """Payloads that reach `sanitised` as HTML become harmless nodes or text."""
    for payload in payloads():
        for html in raw(payload):
            assert read(sanitised(html), vocabulary) == [], html
    assert sum(bool(read(payload, vocabulary)) for payload in OWN) > len(OWN) // 3


def test_the_renderer_holds_alone(
    vocabulary: set[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the last look, what no editor's target leads to is still text."""
    monkeypatch.setattr("generator.text.markdown.sanitised", str)
    for payload in payloads():
        html = render_prose(payload, lambda typed: None).html
        # nh3 alone gives heads of tables their scope, and takes the class of a code block
        strange = Nodes(html).used - vocabulary - {("code", ""), ("code", "class")}
        assert strange == set(), payload
