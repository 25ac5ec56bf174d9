"""The reverse of `record_json.py`: content files from a sealed `record.json` and its page.

A page shows texts that the record lacks: words of the site (names of the gazette and of categories)
and fields outside the seal (source, revision notes, later translations).  These are read from the
page.  They are no evidence: the site is built again from them, and the pages are compared.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from html import unescape
from typing import Any
from urllib.parse import quote, unquote

from generator.content.field_types import SLUG
from generator.content.settings import DRAFT, MISC, NORM
from generator.kinds.gazette.entry import entry_address
from generator.kinds.gazette.issue import ISSUE_ID, issue_name
from generator.site.intake import Row
from generator.site.unsealing import UNKNOWN, PageWords, Unsealing

_ID = re.compile(rf"(?P<of>{ISSUE_ID.pattern})-(?P<sequence>[0-9]{{2,4}})")
_DERIVED = ("bytes", "sha256")
_OWN = ("schema", "id", "issue", "issuers", "attachments")
_AGENCIES = "agencies.yaml"
_SUMMARY = '<section class="gb-section" lang="en"><h2>Summary</h2>'


def _address(id_: str) -> str | None:
    return entry_address(id_) if _ID.fullmatch(id_) else None


def _path(id_: str) -> str:
    """The path of an entry's file below the content folder."""
    return entry_address(id_).removesuffix("/") + ".yaml"


def _files(row: Row, own: Mapping[str, Any]) -> dict[str, Any]:
    """The files of an entry and of its issue; `own` are the fields outside the record."""
    path = _path(row["id"])
    if not all(isinstance(text, str) for issuer in _issuers(row) for text in issuer):
        raise TypeError("issuers")
    fields = {name: value for name, value in row.items() if name not in _OWN}
    if row["issuers"]:
        fields["issuers"] = [issuer["id"] for issuer in row["issuers"]]
    if "attachments" in row:
        fields["attachments"] = [
            {name: text for name, text in attachment.items() if name not in _DERIVED}
            for attachment in row["attachments"]
        ]
    issue = {"publication_date": row["issue"]["publication_date"]}
    return {f"{path.rpartition('/')[0]}/issue.yaml": issue, path: {**fields, **own}}


def _issuers(row: Row) -> Iterator[tuple[str, str, str]]:
    """The issuers of an entry: id, day, and the name on this day."""
    day = row.get("dispatch_date") or row["issue"]["publication_date"]
    yield from ((issuer["id"], day, issuer["name"]) for issuer in row["issuers"])


def _shared(rows: Sequence[Row], words: Mapping[str, str]) -> dict[str, Any]:
    """The authority file of all issuers, with their names and the days of their use."""
    days: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        for id_, day, name in _issuers(row):
            days[id_].setdefault(day, name)
    return {
        _AGENCIES: [
            {"id": id_, "names": [*_names(names, words.get(f"agency/{id_}", ""))]}
            for id_, names in sorted(days.items())
        ]
    }


def _names(names: Mapping[str, str], newest: str) -> Iterator[dict[str, str]]:
    """An agency's names, each with the first and the last day of its known use.

    `names` are by day; `newest` is the name on pages without a day, or "".
    """
    spans: list[dict[str, str]] = []
    for day, name in sorted(names.items()):
        if not spans or spans[-1]["name"] != name:
            spans.append({"name": name, "from": day, "to": day})
        spans[-1]["to"] = day
    yield from spans
    if newest and newest != spans[-1]["name"]:
        yield {"name": newest}


def _site(rows: Iterable[Row], words: Mapping[str, str]) -> dict[str, Any]:
    """The part of `site.yaml` about the gazette; a category on no page has the title `UNKNOWN`."""
    used = {str(row.get("category")): UNKNOWN for row in rows}
    on_pages = {name.partition("/")[2]: title for name, title in _of(words, "category/")}
    titles = {id_: title for id_, title in {**used, **on_pages}.items() if SLUG.fullmatch(id_)}
    categories = [
        {"id": id_, "title": title, **_nature(words.get(f"nature/{id_}", ""))}
        for id_, title in sorted(titles.items())
    ]
    topics = [{"id": id_, "title": title} for id_, title in _topics(dict(_of(words, "topics/")))]
    return {
        "gazette": {
            "name": words.get("gazette", ""),
            "number_width": "3",
            "categories": categories,
        },
        **({"topics": topics} if topics else {}),
    }


def _nature(typed: str) -> dict[str, str]:
    return {"nature": typed} if typed in (NORM, DRAFT, MISC) else {}


def _of(words: Mapping[str, str], sort: str) -> Iterator[tuple[str, str]]:
    return ((name, word) for name, word in words.items() if name.startswith(sort))


def _topics(words: Mapping[str, str]) -> list[tuple[str, str]]:
    """The topics with their titles, in the site's order.

    A page lists titles in the site's order, and its record has only ids.  A title belongs to an id
    if it is on every page with the id and on no page without it.  Topics that no page tells apart
    may exchange their titles, which no page would show.
    """
    pages = [(set(n.partition("/")[2].split()), text.split("\n")) for n, text in words.items()]
    candidates = {
        id_: set.intersection(*(set(titles) for ids, titles in pages if id_ in ids)).difference(
            *(titles for ids, titles in pages if id_ not in ids)
        )
        for id_ in sorted({id_ for ids, _ in pages for id_ in ids})
    }
    order: TopologicalSorter[str] = TopologicalSorter()
    for _, titles in pages:
        for after, title in enumerate(titles):
            order.add(title, *titles[:after])
    try:
        ranked = [*order.static_order()]
    except CycleError:  # pages contradict each other, so any order differs from some of them
        ranked = list(dict.fromkeys(title for _, titles in pages for title in titles))
    ids: dict[str, str] = {}
    # ids with the fewest candidates choose first, else another id could take their only title
    for id_ in sorted(candidates, key=lambda id_: (len(candidates[id_]), id_)):
        free = [title for title in ranked if title in candidates[id_] and title not in ids]
        if free:
            ids[free[0]] = id_
    return [(ids[title], title) for title in ranked if title in ids]


def _page_words(row: Row, html: str) -> PageWords:
    """The texts of an entry's page that its record does not have."""
    own = dict(_own_words(row, html))
    notes = [note["note"] for note in own.get("revisions", ())]
    summary = _search(rf"{_SUMMARY}\n(.*?)\n</section>", html) if "summary_en" in own else ""
    texts = (own.get("source"), *notes, own.get("title_en"), re.sub("<[^>]*>", "", summary))
    return PageWords(
        site=dict(_site_words(row, html)), own=own, beside=tuple(text for text in texts if text)
    )


def _site_words(row: Row, html: str) -> Iterator[tuple[str, str]]:
    if gazette := _search(r'<dt>刊載</dt><dd><a href="\.\./">(.*?)</a>', html):
        yield "gazette", gazette.removesuffix(issue_name(row["id"].rpartition("-")[0]))
    if category := re.search(
        r'<dt>類別</dt><dd><a href="[^"]*"(?: data-nature="([a-z]+)")?>(.*?)</a>', html
    ):
        yield f"category/{row['category']}", unescape(category[2])
        yield f"nature/{row['category']}", category[1] or ""
    if publisher := _search(rf"@article\{{([^\s,]+)-{re.escape(row['id'])},", html):
        yield "publisher.id", publisher
    if words := re.search(r'<ul class="gb-words"[^>]*>(.*?)</ul>', html, re.S):
        links = re.findall(r"<li><a [^>]*>(.*?)</a></li>", words[1], re.S)
        titles = [unescape(title) for title in links]
        # topics come before keywords in this list
        if ids := sorted(row.get("topics", ())):
            yield f"topics/{' '.join(ids)}", "\n".join(titles[: len(ids)])
    report = _search(r'<dt>回報錯誤</dt><dd><a href="(.*?)">', html)
    if report.startswith("mailto:"):
        yield "contact", unquote(report.removeprefix("mailto:").partition("?")[0])
    elif report:
        yield "repository", report.removesuffix(quote(_path(row["id"])))
    if "dispatch_date" not in row:
        # the record has the names on the day of the issue, the page has the newest ones
        names = _search('<div class="gb-head-form">(.*?)(?:　<span>|</div>)', html).split("、")
        for issuer, name in zip(row["issuers"], names, strict=False):
            yield f"agency/{issuer['id']}", name


def _own_words(row: Row, html: str) -> Iterator[tuple[str, Any]]:
    if source := _search('<p class="gb-source"><span>資料來源</span>(.*?)</p>', html):
        yield "source", source
    if section := re.search(
        r'<section class="gb-section gb-revisions">(.*?)</section>', html, re.S
    ):
        notes = re.findall(
            r'<li><time datetime="([^"]*)">[^<]*</time>　(.*?)</li>', section[1], re.S
        )
        yield "revisions", [{"date": day, "note": unescape(note)} for day, note in notes]
    if "title_en" not in row and (
        title := _search('<p class="gb-title-en" lang="en">(.*?)</p>', html)
    ):
        yield "title_en", title
    if "summary_en" not in row and _SUMMARY in html:
        yield "summary_en", UNKNOWN
    if '<meta property="og:title"' not in html:
        yield "personal_data", "true"


def _search(pattern: str, html: str) -> str:
    """The text of a pattern's first group in a page; "" if the pattern does not match."""
    match = re.search(pattern, html, re.S)
    return unescape(match[1]) if match else ""


_JOINED = (
    (r'<section class="gb-strip".*?</section>\n', ""),
    (r"，延長至<time[^>]*>[^<]*</time>", ""),
    (r'<span class="gb-state"[^>]*>[^<]*</span>', ""),
    (r'<aside class="gb-corrected".*?</aside>\n', ""),
    (r'<a class="gb-(?:wrong|named)"[^>]*>([^<]*)</a>', r"\1"),
    (r'<section class="gb-section gb-(?:relations|corrections|related)">.*?</section>\n', ""),
    (r'<nav class="gb-neighbours".*?</nav>\n', ""),
    (r',"legislationLegalForce":"[^"]*"', ""),
)
"""The parts of an entry's page that depend on other entries, as patterns with replacements."""
UNSEALING = Unsealing(
    address=_address,
    files=_files,
    shared=_shared,
    site=_site,
    words=_page_words,
    joined=tuple((re.compile(pattern, re.S), new) for pattern, new in _JOINED),
)
