"""A page against the record that it shows: every text of the record, and no other in its place.

What stands around the record (names of fields, numbers of clauses, links) is known by its
element; anything else in the article is foreign.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml import html

from generator.text.prose import plain_text

_OUTLINES = {
    "主旨": "subject",
    "依據": "basis",
    "公告事項": "items",
    "說明": "explanation",
    "辦法": "method",
}
"""Heads of sections, and the fields that stand below them."""
_AROUND = {
    *("gb-head", "gb-facts", "gb-contents", "gb-section", "gb-text", "gb-prose", "gb-summary"),
    *("gb-missing-line", "gb-words", "gb-source", "gb-downloads", "gb-seal"),
    "gb-corrected",
}
"""What an entry's article is made of."""


def page_differences(page: bytes, record: Mapping[str, Any]) -> Iterator[str]:
    """What a page shows otherwise than its record says; the beginning of each such text."""
    parser = html.HTMLParser(encoding="utf-8")
    articles = html.document_fromstring(page, parser=parser).findall(".//article")
    shown = [a for a in articles if a.find("./header[@class='gb-head']") is not None]
    if len(shown) != 1:
        yield "article"
        return
    article = shown[0]
    for element in article:
        known = _AROUND.intersection(element.get("class", "").split())
        if not known:
            yield _text(element)[:40]
        if after := str(element.tail or "").strip():
            yield after[:40]
    for said, found in _pairs(article, record):
        if _flat(said) != _flat(found):
            yield f"{said or found}".strip()[:40]


def _pairs(article: Any, record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each text of the record with what the page has in its place."""
    yield record["title"], _texts(article, "./header/h1")
    yield "".join(record.get("document_numbers", ())), _texts(article, ".//*[@class='gb-docnum']")
    yield record.get("body", ""), _texts(article, "./div[@class='gb-text']")
    yield plain_text(record.get("markdown", "")), _texts(article, "./div[@class='gb-prose']")
    yield plain_text(record.get("summary", "")), _texts(article, "./div[@class='gb-summary']")
    heads = {_text(h): h.getparent() for h in article.iterfind("./section/h2")}
    for head, name in _OUTLINES.items():
        section = heads.get(head)
        found = _without(section, "gb-number", "h2") if section is not None else ""
        yield _joined(record.get(name, "")), found
    issuers = "、".join(issuer["name"] for issuer in record["issuers"])
    named = _texts(article, "./header/p[@class='gb-head-form']")
    yield issuers, named[: len(issuers)]


def _joined(value: str | Sequence[Any]) -> str:
    return value if isinstance(value, str) else "".join(map(_joined, value))


def _texts(article: Any, path: str) -> str:
    return "".join(map(_text, article.iterfind(path)))


def _text(element: Any) -> str:
    return str(element.text_content()) if isinstance(element.tag, str) else "<!-- -->"


def _without(element: Any, class_: str, tag: str) -> str:
    """An element's text without its head and the numbers of its clauses."""
    gone = Counter(_text(e) for e in element.iter() if e.tag == tag or e.get("class") == class_)
    left: list[str] = []
    for text in element.itertext():
        if gone[text]:
            gone[text] -= 1
        else:
            left.append(text)
    return "".join(left)


def _flat(text: str) -> str:
    return "".join(text.split())
