"""A sealed entry read back: the content that its `record.json` came from, as far as that tells.

What an entry's page shows beside its record is read off the page: words of the site (the name of
the gazette, of a category), and what of an entry no seal covers (its source, notes on revisions,
a translation that came later).  None of it is evidence; it is what the page is then compared with.
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
from generator.kinds.gazette.entry import entry_address
from generator.kinds.gazette.issue import ISSUE_ID, issue_name
from generator.site.intake import Row
from generator.site.unsealing import UNKNOWN, PageWords, Unsealing

_ID = re.compile(rf"(?P<of>{ISSUE_ID.pattern})-(?P<sequence>[0-9]{{2,4}})")
_DERIVED = ("bytes", "sha256")
_OWN = ("schema", "id", "issue", "issuers", "attachments")
_NAMED = "agencies.yaml"
_SUMMARY = '<section class="gb-section" lang="en"><h2>Summary</h2>'


def _address(id_: str) -> str | None:
    return entry_address(id_) if _ID.fullmatch(id_) else None


def _path(id_: str) -> str:
    """The file of an entry below the content folder."""
    return entry_address(id_).removesuffix("/") + ".yaml"


def _files(row: Row, own: Mapping[str, Any]) -> dict[str, Any]:
    """The files that an entry and its issue came from; `own` are fields from beside the record."""
    path, named = _path(row["id"]), [*_borne(row)]
    if not all(isinstance(text, str) for borne in named for text in borne):
        raise TypeError("issuers")
    fields = {name: value for name, value in row.items() if name not in _OWN}
    if row["issuers"]:
        fields["issuers"] = [issuer["id"] for issuer in row["issuers"]]
    if "attachments" in row:
        fields["attachments"] = [
            {name: text for name, text in held.items() if name not in _DERIVED}
            for held in row["attachments"]
        ]
    issue = {"publication_date": row["issue"]["publication_date"]}
    return {f"{path.rpartition('/')[0]}/issue.yaml": issue, path: {**fields, **own}}


def _borne(row: Row) -> Iterator[tuple[str, str, str]]:
    """The agencies that an entry names: id, day, and the name that each bore on it."""
    day = row.get("dispatch_date") or row["issue"]["publication_date"]
    yield from ((issuer["id"], day, issuer["name"]) for issuer in row["issuers"])


def _shared(rows: Sequence[Row], words: Mapping[str, str]) -> dict[str, Any]:
    """The authority file of the agencies that entries name: which name each bore on which day."""
    days: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        for id_, day, name in _borne(row):
            days[id_].setdefault(day, name)
    return {
        _NAMED: [
            {"id": id_, "names": [*_names(held, words.get(f"agency/{id_}", ""))]}
            for id_, held in sorted(days.items())
        ]
    }


def _names(held: Mapping[str, str], newest: str) -> Iterator[dict[str, str]]:
    """An agency's names with the days on which each is known to have been borne."""
    spans: list[dict[str, str]] = []
    for day, name in sorted(held.items()):
        if not spans or spans[-1]["name"] != name:
            spans.append({"name": name, "from": day, "to": day})
        spans[-1]["to"] = day
    yield from spans
    if newest and newest != spans[-1]["name"]:
        yield {"name": newest}


def _site(rows: Iterable[Row], words: Mapping[str, str]) -> dict[str, Any]:
    """What `site.yaml` says of the gazette; a category that no page names has no known title."""
    used = {str(row.get("category")): UNKNOWN for row in rows}
    named = {name.partition("/")[2]: title for name, title in _of(words, "category/")}
    titles = {id_: title for id_, title in {**used, **named}.items() if SLUG.fullmatch(id_)}
    categories = [{"id": id_, "title": title} for id_, title in sorted(titles.items())]
    topics = [{"id": id_, "title": title} for id_, title in _topics(dict(_of(words, "topics/")))]
    return {
        "gazette": {
            "name": words.get("gazette", ""),
            "number_width": "3",
            "categories": categories,
        },
        **({"topics": topics} if topics else {}),
    }


def _of(words: Mapping[str, str], sort: str) -> Iterator[tuple[str, str]]:
    return ((name, word) for name, word in words.items() if name.startswith(sort))


def _topics(shown: Mapping[str, str]) -> list[tuple[str, str]]:
    """Topics with their titles in the site's order, from which titles stand beside which ids.

    Which title is whose follows from the pages that have the one and not the other; where no page
    tells topics apart, it makes no difference.
    """
    pages = [(set(n.partition("/")[2].split()), held.split("\n")) for n, held in shown.items()]
    fitting = {
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
    except CycleError:  # pages that contradict each other: those of the fewer will differ
        ranked = list(dict.fromkeys(title for _, titles in pages for title in titles))
    taken: dict[str, str] = {}
    for id_ in sorted(fitting, key=lambda id_: (len(fitting[id_]), id_)):
        free = [title for title in ranked if title in fitting[id_] and title not in taken]
        if free:
            taken[free[0]] = id_
    return [(taken[title], title) for title in ranked if title in taken]


def _page_words(row: Row, html: str) -> PageWords:
    """What an entry's page says beside its record."""
    own = dict(_own_words(row, html))
    notes = [note["note"] for note in own.get("revisions", ())]
    summary = _found(rf"{_SUMMARY}\n(.*?)\n</section>", html) if "summary_en" in own else ""
    texts = (own.get("source"), *notes, own.get("title_en"), re.sub("<[^>]*>", "", summary))
    return PageWords(
        site=dict(_site_words(row, html)), own=own, beside=tuple(text for text in texts if text)
    )


def _site_words(row: Row, html: str) -> Iterator[tuple[str, str]]:
    if named := _found(r'<dt>刊載</dt><dd><a href="\.\./">(.*?)</a>', html):
        yield "gazette", named.removesuffix(issue_name(row["id"].rpartition("-")[0]))
    if category := _found(r'<dt>類別</dt><dd><a href="[^"]*">(.*?)</a>', html):
        yield f"category/{row['category']}", category
    if publisher := _found(rf"@article\{{([^\s,]+)-{re.escape(row['id'])},", html):
        yield "publisher.id", publisher
    if listed := re.search(r'<ul class="gb-words"[^>]*>(.*?)</ul>', html, re.S):
        titles = [unescape(one) for one in re.findall(r"<li>(.*?)</li>", listed[1], re.S)]
        if ids := sorted(row.get("topics", ())):
            yield f"topics/{' '.join(ids)}", "\n".join(titles[: len(ids)])
    report = _found(r'<dt>回報錯誤</dt><dd><a href="(.*?)">', html)
    if report.startswith("mailto:"):
        yield "contact", unquote(report.removeprefix("mailto:").partition("?")[0])
    elif report:
        yield "repository", report.removesuffix(quote(_path(row["id"])))
    if "dispatch_date" not in row:  # then the page has the newest names, the record those of old
        shown = _found('<p class="gb-head-form">(.*?)　<span>', html).split("、")
        for issuer, name in zip(row["issuers"], shown, strict=False):
            yield f"agency/{issuer['id']}", name


def _own_words(row: Row, html: str) -> Iterator[tuple[str, Any]]:
    if source := _found('<p class="gb-source"><span>資料來源</span>(.*?)</p>', html):
        yield "source", source
    if listed := re.search(r'<section class="gb-section gb-revisions">(.*?)</section>', html, re.S):
        notes = re.findall(
            r'<li><time datetime="([^"]*)">[^<]*</time>　(.*?)</li>', listed[1], re.S
        )
        yield "revisions", [{"date": day, "note": unescape(note)} for day, note in notes]
    if "title_en" not in row and (
        title := _found('<p class="gb-title-en" lang="en">(.*?)</p>', html)
    ):
        yield "title_en", title
    if "summary_en" not in row and _SUMMARY in html:
        yield "summary_en", UNKNOWN
    if '<meta property="og:title"' not in html:
        yield "personal_data", "true"


def _found(pattern: str, html: str) -> str:
    """What a page has in the place that a pattern tells; "" where it has none."""
    match = re.search(pattern, html, re.S)
    return unescape(match[1]) if match else ""


_JOINED = (
    (r'<div class="gb-fact"><dt>效力</dt>.*?</div>\n', ""),
    (r"，延長至<time[^>]*>[^<]*</time>", ""),
    (r'<span class="gb-state"[^>]*>[^<]*</span>', ""),
    (r'<aside class="gb-corrected".*?</aside>\n', ""),
    (r'<a class="gb-wrong"[^>]*>([^<]*)</a>', r"\1"),
    (r'<section class="gb-section gb-(?:relations|corrections|related)">.*?</section>\n', ""),
    (r'<nav class="gb-neighbours".*?</nav>\n', ""),
    (r',"legislationLegalForce":"[^"]*"', ""),
)
"""What of an entry's page other entries decide, as patterns with what is left of each."""
UNSEALING = Unsealing(
    address=_address,
    files=_files,
    shared=_shared,
    site=_site,
    words=_page_words,
    joined=tuple((re.compile(pattern, re.S), left) for pattern, left in _JOINED),
)
