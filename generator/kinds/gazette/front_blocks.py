"""The gazette's blocks of front pages: the newest issue with its calendar, and the deadlines.

The page of an agency or a topic has the newest entries that it is about in place of the issue.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from msgspec import Struct, structs

from generator.content.model import Mapped, Ref
from generator.kinds.gazette.deadlines import coming_into_force, open_drafts
from generator.kinds.gazette.english_facts import issue_name_in_english
from generator.kinds.gazette.entry import GazetteEntry
from generator.kinds.gazette.issue import GazetteIssue
from generator.kinds.gazette.months import THREE_WEEKS, Cell, last_weeks
from generator.kinds.gazette.pages import entry_row, issue_entries
from generator.site.english import row_in, said_of
from generator.site.facts import Said, said
from generator.site.kind import HomeBlock, Part, Scope, Site
from generator.site.listing import Row
from generator.text.urls import CHINESE

ISSUE_ENTRIES = 10
"""The most entries of an issue on a front page; all of them stand on the issue's own."""
NEWEST_ENTRIES = 8
DEADLINES = 8
"""The most lines of a list of deadlines; the others are folded."""


class IssuerGroup(Struct, frozen=True, kw_only=True):
    """Entries of an issue with the same issuers, and how many the whole issue has of them."""

    issuers: tuple[Said, ...]
    count: int
    rows: tuple[Row, ...]
    refs: tuple[Ref, ...]


class CalendarDay(Struct, frozen=True, kw_only=True):
    """A day of the calendar, and its issues with the number of their entries."""

    day: dt.date
    issues: tuple[tuple[Said, int], ...]


def front_blocks(site: Site, scope: Scope) -> Iterator[HomeBlock]:
    """The newest issue, or the newest entries of an agency or a topic; then the deadlines.

    What has a deadline stands with it alone, unless all of an issue or a list have one: else
    these would be empty, and lines leave the deadlines on the reader's day.
    """
    entries = scope.of(GazetteEntry, site)
    deadlines = _deadlines(entries, site, scope)
    issues = site.archive.of(GazetteIssue) if scope.records is None else ()
    listed = issue_entries(issues[-1], site) if issues else entries
    due = deadlines.shows if deadlines else frozenset()
    if due.issuperset(entry.ref for entry in listed):
        due = frozenset()
    if issues:
        yield _issue_block(issues, due, site, scope.language)
    elif entries:
        yield _entries_block(entries, due, site, scope.language)
    if deadlines:
        yield deadlines


def _issue_block(
    issues: tuple[GazetteIssue, ...], due: frozenset[Ref], site: Site, language: str
) -> HomeBlock:
    """The newest issue by issuers, and the issues of three weeks in a calendar."""
    newest, entries = issues[-1], issue_entries(issues[-1], site)
    day = newest.publication_date or site.as_of
    weeks = last_weeks(issues, day)
    recent = [issue for week in weeks for cell in week for issue in cell.issues]
    groups = tuple(_groups(entries, due, site, language))
    context = {
        "issue": issue_said(newest, site, language),
        "day": day,
        "count": len(entries),
        "categories": tuple(_categories(newest, entries, site, language)),
        "groups": groups,
        "weeks": tuple(tuple(_day(cell, site, language) for cell in week) for week in weeks),
        "old": day + THREE_WEEKS,
    }
    covered = [entry for issue in recent for entry in issue_entries(issue, site)]
    return HomeBlock(
        template="gazette-issue-block.html",
        context=context,
        part=Part.LATEST,
        shows=frozenset((newest.ref, *(ref for group in groups for ref in group.refs))),
        covers=frozenset(record.ref for record in (*recent, *covered)),
    )


def issue_said(issue: GazetteIssue, site: Site, language: str) -> Said:
    """The name of an issue as a link in a language."""
    if language == CHINESE:
        return Said(text=f"{site.settings.gazette.name}{issue.name}", address=issue.address)
    return issue_name_in_english(issue, site)


def _categories(
    issue: GazetteIssue, entries: Iterable[GazetteEntry], site: Site, language: str
) -> Iterator[tuple[Said, int]]:
    """The categories of an issue with links to their places on its page, and their entries."""
    counts = Counter(entry.category for entry in entries)
    for word in site.settings.gazette.categories:
        if counts[word.id]:
            address = f"{issue.address}#category-{word.id}"
            yield _in(language, word.title_en, word.title, address), counts[word.id]


def _in(language: str, english: str, chinese: str, address: str) -> Said:
    if language == CHINESE:
        return Said(text=chinese, address=address)
    return said(english, chinese, address)


def _groups(
    entries: Iterable[GazetteEntry], due: frozenset[Ref], site: Site, language: str
) -> Iterator[IssuerGroup]:
    """The first entries of an issue by issuers, in its order, without those with a deadline."""
    row, groups = row_in(language, entry_row), dict[tuple[Ref, ...], list[GazetteEntry]]()
    for entry in entries:
        groups.setdefault(entry.issuers, []).append(entry)
    left = ISSUE_ENTRIES
    for own in groups.values():
        others = [entry for entry in own if entry.ref not in due]
        first = others[:left]
        left -= len(first)
        if first:
            yield IssuerGroup(
                issuers=tuple(_issuer(ref, first[0], site, language) for ref in first[0].issuers),
                count=len(others),
                rows=tuple(_below_issuers(row(entry, site)) for entry in first),
                refs=tuple(entry.ref for entry in first),
            )


def _issuer(ref: Ref, entry: GazetteEntry, site: Site, language: str) -> Said:
    if language != CHINESE:
        return said_of(ref, entry.dispatch_date, site)
    agency, name = site.linked(ref), site.title_on(ref, entry.dispatch_date)
    return Said(text=name, address=site.address(agency) if agency else "")


def _below_issuers(row: Row) -> Row:
    """A row whose issuers and day stand above it; they are the second mark in each language."""
    return structs.replace(row, day=None, marks=(row.marks[0], *row.marks[2:]))


def _day(cell: Cell, site: Site, language: str) -> CalendarDay:
    """A day of the calendar."""
    issues = tuple(
        (issue_said(issue, site, language), len(issue_entries(issue, site)))
        for issue in cell.issues
    )
    return CalendarDay(day=cell.day, issues=issues)


def _entries_block(
    entries: Sequence[GazetteEntry], due: frozenset[Ref], site: Site, language: str
) -> HomeBlock:
    """The newest entries of an agency or a topic, and how many there are by category.

    Those with a deadline are counted, and stand elsewhere.
    """
    counts = Counter(entry.category for entry in entries)
    words = site.settings.gazette.categories
    newest = site.newest(e for e in entries if e.ref not in due)[:NEWEST_ENTRIES]
    context = {
        "count": len(entries),
        "categories": tuple(
            (_in(language, word.title_en, word.title, ""), counts[word.id])
            for word in words
            if counts[word.id]
        ),
        "rows": Mapped(partial(_row, row_in(language, entry_row), site), newest),
    }
    refs = frozenset(entry.ref for entry in newest)
    return HomeBlock(
        template="gazette-entries-block.html", context=context, part=Part.LATEST, shows=refs
    )


def _row(make: Callable[[GazetteEntry, Site], Row], site: Site, entry: GazetteEntry) -> Row:
    return make(entry, site)


def _deadlines(entries: Sequence[GazetteEntry], site: Site, scope: Scope) -> HomeBlock | None:
    """What is open for comments and what comes into force, if anything is."""
    row = row_in(scope.language, entry_row)
    drafts, coming = open_drafts(entries, site, row), coming_into_force(entries, site, row)
    if not drafts and not coming:
        return None
    return HomeBlock(
        template="gazette-deadlines-block.html",
        context={"drafts": drafts, "coming": coming, "most": DEADLINES},
        part=Part.DEADLINES,
        shows=frozenset(deadline.ref for deadline in (*drafts, *coming)),
    )
