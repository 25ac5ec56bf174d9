"""What visitors are told of an entry in English: its facts, beside title and summary."""

from __future__ import annotations

from collections.abc import Iterator

from generator.kinds.gazette.entry import GazetteEntry
from generator.kinds.gazette.issue import GazetteIssue
from generator.kinds.gazette.shown import ended_row, standing_row
from generator.kinds.gazette.status import comment_days
from generator.site.english import said_of
from generator.site.facts import Fact, Said, said
from generator.site.kind import English, Site

FORMS_EN = {
    "order": "Order",
    "announcement": "Announcement",
    "letter": "Letter",
    "notice": "Notice",
    "decision": "Decision",
    "other": "Other",
}


def _facts(entry: GazetteEntry, site: Site) -> Iterator[Fact]:
    day, (category, address) = entry.dispatch_date, _category(entry, site)
    issuers = tuple(said_of(ref, day, site) for ref in entry.issuers)
    numbers = tuple(Said(text=n, chinese=True) for n in entry.document_numbers)
    yield Fact(name="category", values=(said(category[0], category[1], address),))
    yield Fact(name="form", values=(Said(text=FORMS_EN[entry.form]),))
    yield Fact(name="issuers", values=issuers)
    yield Fact(name="numbers", values=numbers)
    yield Fact(name="dispatched", values=(Said(day=day),) if day else ())
    yield Fact(name="printed", values=tuple(_printed(entry, site)))
    yield Fact(name="standing", values=tuple(_standing(entry, site)))
    yield Fact(name="comments", values=tuple(_comments(entry, site)))


def _category(entry: GazetteEntry, site: Site) -> tuple[tuple[str, str], str]:
    """The category's names in English and in Chinese, and its list."""
    words = {word.id: word for word in site.settings.gazette.categories}
    word = words[entry.category]
    return (word.title_en, word.title), f"gazette/category/{word.id}/"


def _printed(entry: GazetteEntry, site: Site) -> Iterator[Said]:
    issue = site.archive.get(GazetteIssue, entry.issue)
    if issue:
        yield issue_said(issue, site)
        yield Said(day=issue.publication_date)


def issue_said(issue: GazetteIssue, site: Site) -> Said:
    """An issue in English, where the gazette has a name in English."""
    name = site.settings.gazette.name_en
    english = f"{name}, {issue.name_en}" if name else ""
    return said(english, f"{site.settings.gazette.name}{issue.name}", issue.address)


def _standing(entry: GazetteEntry, site: Site) -> Iterator[Said]:
    found = standing_row(entry, site)
    if found:
        yield Said(standing=found)


def _comments(entry: GazetteEntry, site: Site) -> Iterator[Said]:
    period = comment_days(entry, site)
    if period:
        yield Said(phase=(*period, ("comment_before", "comment_on", "comment_after")))


def _marks(entry: GazetteEntry, site: Site) -> tuple[str, ...]:
    (category, _), _ = _category(entry, site)
    issuers = (said_of(ref, entry.dispatch_date, site) for ref in entry.issuers)
    return category, ", ".join(one.text for one in issuers if not one.chinese)


ENTRY_ENGLISH = English(facts=_facts, marks=_marks, ended=ended_row)
