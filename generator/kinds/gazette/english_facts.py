"""The facts of an entry on its English page, beside its English title and summary.

Texts that the entry has only in Chinese are marked as Chinese.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.kinds.gazette.entry import GazetteEntry
from generator.kinds.gazette.entry_rows import ended_row, standing_row
from generator.kinds.gazette.issue import GazetteIssue
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
}


def _facts(entry: GazetteEntry, site: Site) -> Iterator[Fact]:
    day, (category, address) = entry.dispatch_date, _category(entry, site)
    issuers = tuple(said_of(ref, day, site) for ref in entry.issuers)
    numbers = tuple(Said(text=n, chinese=True) for n in entry.document_numbers)
    yield Fact(name="category", values=(said(category[0], category[1], address),))
    form = FORMS_EN.get(entry.form)
    yield Fact(name="form", values=(Said(text=form),) if form else ())
    yield Fact(name="issuers", values=issuers)
    yield Fact(name="numbers", values=numbers)
    yield Fact(name="dispatched", values=(Said(day=day),) if day else ())
    issue = site.archive.get(GazetteIssue, entry.issue)
    printed = (
        (issue_name_in_english(issue, site), Said(day=issue.publication_date)) if issue else ()
    )
    yield Fact(name="printed", values=printed)
    standing = standing_row(entry, site)
    yield Fact(name="standing", values=(Said(standing=standing),) if standing else ())
    period, words = comment_days(entry, site), ("comment_before", "comment_on", "comment_after")
    yield Fact(name="comments", values=(Said(phase=(*period, words)),) if period else ())


def _category(entry: GazetteEntry, site: Site) -> tuple[tuple[str, str], str]:
    """The category's names in English and in Chinese, and the address of its list."""
    word = site.settings.gazette.category(entry.category)
    return (word.title_en, word.title), f"gazette/category/{word.id}/"


def issue_name_in_english(issue: GazetteIssue, site: Site) -> Said:
    """An issue's name in English; its Chinese name if the gazette has no English one."""
    name = site.settings.gazette.name_en
    english = f"{name}, {issue.name_en}" if name else ""
    return said(english, f"{site.settings.gazette.name}{issue.name}", issue.address)


def _marks(entry: GazetteEntry, site: Site) -> tuple[str, ...]:
    (category, _), _ = _category(entry, site)
    issuers = (said_of(ref, entry.dispatch_date, site) for ref in entry.issuers)
    return category, ", ".join(issuer.text for issuer in issuers if not issuer.chinese)


ENTRY_ENGLISH = English(
    facts=_facts,
    marks=_marks,
    ended=ended_row,
    words=lambda site: (
        (category.title, category.title_en) for category in site.settings.gazette.categories
    ),
)
