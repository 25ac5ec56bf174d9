"""The gazette as two kinds: issues, and the entries of each issue.

`entry.py` and `issue.py` define the records; their pages and rules are in the other modules here.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterator
from functools import partial

from msgspec import structs

from generator.content.archive import Archive
from generator.content.model import Beside, Calendar, Document, Feed, FeedGroup, FeedItem, Page
from generator.kinds.gazette import pages
from generator.kinds.gazette.english_facts import ENTRY_ENGLISH
from generator.kinds.gazette.entry import ENTRY_KIND, FORMS, GazetteEntry, entry_order
from generator.kinds.gazette.entry_rows import ended_on, standing_word
from generator.kinds.gazette.front_blocks import front_blocks
from generator.kinds.gazette.gazette_dates import entry_events, gazette_calendar
from generator.kinds.gazette.index_page import index_page
from generator.kinds.gazette.intake import INTAKE
from generator.kinds.gazette.issue import ISSUE_ID, GazetteIssue, issue_order
from generator.kinds.gazette.new_files import (
    correction,
    free_entry,
    free_issue,
    start_entry,
    start_issue,
)
from generator.kinds.gazette.order import (
    cycle_rules,
    issue_order_rules,
    sequence_rules,
    year_spelling_rules,
)
from generator.kinds.gazette.personal_rules import nonce_rules
from generator.kinds.gazette.publication_days import late_rules
from generator.kinds.gazette.record_json import sealed_json
from generator.kinds.gazette.related import names_of, related_by_keys, shared_keys
from generator.kinds.gazette.rules import entry_rules, issue_rules, number_rules, setting_rules
from generator.kinds.gazette.unsealing import UNSEALING
from generator.release.manifest import listing
from generator.site.feed_items import feed_of, record_item
from generator.site.kind import (
    URL,
    Column,
    Kind,
    SearchFields,
    Section,
    Site,
    attribute,
    days,
    folder_of,
    own_files,
)
from generator.text.canonical_json import Canonical, canonical_json
from generator.text.dates import iso, roc

_FOLDER = rf"gazette/(?P<volume>[0-9]+)/(?P<issue>(?=(?P=volume)-){ISSUE_ID.pattern})"


def _entry_published(entry: GazetteEntry, archive: Archive) -> dt.date | None:
    issue = archive.get(GazetteIssue, entry.issue)
    return issue.publication_date if issue else None


def _entry_item(entry: GazetteEntry, site: Site) -> FeedItem:
    summary = pages.entry_description(entry, site)
    # the day as published: an extension has an item of its own
    closing = entry.comment_period.ends_on if entry.comment_period else None
    if closing:
        summary = f"徵求意見至{roc(closing)}。{summary}"

    def body() -> dict[str, object]:
        return {**pages.entry_body(entry, site), "closing": closing}

    return record_item(entry, site, "gazette-entry-body.html", body, summary)


def _feeds(site: Site) -> Iterator[Feed]:
    entries, groups = site.archive.of(GazetteEntry), pages.by_category(site)
    name = site.settings.gazette.name
    about = f"{name}最新內容"
    yield feed_of(ENTRY_KIND, name, entries, site, page=pages.INDEX, description=about)
    for word in site.settings.gazette.categories:
        title, page = f"{name}：{word.title}", pages.category_address(word.id)
        about = f"{name}「{word.title}」類最新內容"
        feed = pages.category_feed(word.id)
        of_category = feed_of(feed, title, groups[word.id], site, page=page, description=about)
        yield structs.replace(of_category, group=FeedGroup.SUBJECT)
    for feed, chosen, title, contents in _CHOSEN_FEEDS:
        own, about = filter(chosen, entries), f"{name}：{contents}"
        of_some = feed_of(feed, title, own, site, page=pages.INDEX, description=about)
        yield structs.replace(of_some, group=FeedGroup.SUBJECT)


def _does(*types: str) -> Callable[[GazetteEntry], bool]:
    """Whether an entry has a relation of one of these types to another."""
    return lambda entry: any(relation.type in types for relation in entry.relations)


_CHOSEN_FEEDS: tuple[tuple[str, Callable[[GazetteEntry], bool], str, str], ...] = (
    ("corrections", _does("corrects"), "更正", "對已刊登內容的更正"),
    (
        "changes-of-force",
        _does("amends", "repeals", "replaces", "withdraws"),
        "修正與廢止",
        "修正、廢止、取代或撤回既有規定的公文",
    ),
    (
        "comment-periods",
        lambda entry: entry.comment_period is not None,
        "徵求意見",
        "徵求意見的草案與截止日期",
    ),
)
"""Feeds of entries of any category: name, the entries, title, description.

Their names begin otherwise than those of categories, which a site names as it likes.
"""


def _listings(site: Site) -> Iterator[Page]:
    yield index_page(site)
    yield from pages.gazette_lists(site)


def _calendars(site: Site) -> Iterator[Calendar]:
    yield gazette_calendar(site.archive.of(GazetteEntry), site, pages.INDEX)
    groups = pages.by_category(site)
    for word in site.settings.gazette.categories:
        yield pages.category_calendar(word, groups[word.id], site)


def _search_fields(entry: GazetteEntry, site: Site) -> SearchFields:
    day = entry.dispatch_date
    return SearchFields(
        category=site.settings.gazette.category(entry.category).title,
        agencies=tuple(site.title_on(ref, day) for ref in entry.issuers),
        numbers=entry.document_numbers,
        days=(day,) if day else (),
    )


def _record_document(entry: GazetteEntry, site: Site) -> Document | None:
    """The plan of an entry's `record.json`; None if the entry has no issue."""
    issue = site.archive.get(GazetteIssue, entry.issue)
    if issue is None:
        return None
    make = partial(sealed_json, entry, issue, site)
    return Document(address=f"{entry.address}{Beside.RECORD}", make=make)


def _documents(entry: GazetteEntry, site: Site) -> Iterator[Document]:
    record = _record_document(entry, site)
    if record:
        yield record


def _issue_documents(issue: GazetteIssue, site: Site) -> Iterator[Document]:
    manifest = partial(_manifest, issue, site)
    yield Document(address=f"{issue.address}{Beside.MANIFEST}", make=manifest)
    numbered = [entry for entry in pages.issue_entries(issue, site) if entry.pages]
    if numbered:
        printed = partial(_printed_pages, numbered)
        yield Document(address=f"{issue.address}{Beside.PRINTED_PAGES}", make=printed)


def _printed_pages(entries: list[GazetteEntry]) -> bytes:
    """The printed pages of each entry of an issue, for the look-up by page."""
    rows: list[Canonical] = [
        {
            "number": entry.address.split("/")[-2],
            "title": entry.title,
            "first": str(printed.first),
            "last": str(printed.last or printed.first),
        }
        for entry in entries
        if (printed := entry.pages)
    ]
    return canonical_json({"entries": rows})


def _manifest(issue: GazetteIssue, site: Site) -> bytes:
    """The records of an issue and their files, for `sha256sum -c` in its folder."""
    digests: dict[str, str] = {}
    for entry in pages.issue_entries(issue, site):
        record = sealed_json(entry, issue, site)
        digests[f"{entry.address}{Beside.RECORD}"] = hashlib.sha256(record).hexdigest()
        for name in own_files(entry):
            if digest := site.digests.get(f"{folder_of(entry)}/{name}"):
                digests[entry.address + name] = digest
    base = len(issue.address)
    return listing({address[base:]: digest for address, digest in digests.items()}).encode()


_ENTRY_COLUMNS = (
    attribute("id", "代碼"),
    attribute("title", "標題"),
    attribute("category", "類別"),
    Column(name="form", title="文別", value=lambda e, _: FORMS[e.form]),
    Column(
        name="issuers",
        title="發文機關",
        value=lambda e, site: "、".join(site.title_on(r, e.dispatch_date) for r in e.issuers),
    ),
    Column(
        name="document_numbers", title="發文字號", value=lambda e, _: "、".join(e.document_numbers)
    ),
    days("dispatch_date", "發文日期"),
    Column(
        name="publication_date",
        title="出刊日期",
        value=lambda e, site: iso(site.publication_day(e)),
    ),
    Column(name="standing", title="效力", value=standing_word),
    Column(name="ended_on", title="失效日期", value=lambda e, site: iso(ended_on(e, site))),
    URL,
)

_ISSUES = Kind(
    name="issues",
    label="公報期別",
    label_en="Gazette issues",
    record_type=GazetteIssue,
    pattern=re.compile(rf"{_FOLDER}/issue\.yaml"),
    identify=lambda match: match["issue"],
    glob="gazette/*/*/issue.yaml",
    title=lambda issue: issue.name,
    order=issue_order,
    published=lambda issue, _: issue.publication_date,
    rules=(issue_rules,),
    site_rules=(setting_rules, issue_order_rules, year_spelling_rules, late_rules),
    start=start_issue,
    free=free_issue,
    documents=_issue_documents,
    page=pages.issue_page,
    # readers write `105-001` as well as the name
    search_fields=lambda issue, _: SearchFields(numbers=(issue.id,)),
    columns=(
        attribute("id", "代碼"),
        attribute("name", "期別"),
        days("publication_date", "出刊日期"),
        URL,
    ),
)

_ENTRIES = Kind(
    name=ENTRY_KIND,
    label="公報",
    label_en="Gazette",
    record_type=GazetteEntry,
    pattern=re.compile(rf"{_FOLDER}/(?P<sequence>[0-9]{{2,4}})\.yaml"),
    identify=lambda match: f"{match['issue']}-{match['sequence']}",
    glob="gazette/*/*/[0-9]*.yaml",
    order=entry_order,
    published=_entry_published,
    section=Section(
        address=pages.INDEX,
        rank=10,
        intro="法規、政令與公告，依期別與類別查閱",
        intro_en="Regulations, policies and public notices",
    ),
    rules=(entry_rules,),
    site_rules=(number_rules, nonce_rules, sequence_rules, cycle_rules),
    page=pages.entry_page,
    listings=_listings,
    feed_item=_entry_item,
    feeds=_feeds,
    events=entry_events,
    calendars=_calendars,
    documents=_documents,
    sealed=_record_document,
    unsealing=UNSEALING,
    intake=INTAKE,
    day_of_names=lambda entry: entry.dispatch_date,
    start=start_entry,
    free=free_entry,
    correction=correction,
    search_fields=_search_fields,
    columns=_ENTRY_COLUMNS,
    categories=pages.entry_categories,
    home=front_blocks,
    english=ENTRY_ENGLISH,
    names=names_of,
    shared_keys=shared_keys,
    related=related_by_keys,
)

KINDS = (_ISSUES, _ENTRIES)
