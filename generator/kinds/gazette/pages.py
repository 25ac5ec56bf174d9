"""The plans of the gazette's pages: entries, issues with their contents, years, categories."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial

from msgspec import structs

from generator.content.model import Beside, Breadcrumb, Calendar, Mapped, Page
from generator.content.settings import Word
from generator.kinds.gazette.citation import (
    CARD,
    about_entry,
    about_issue,
    citation_box,
    cited,
)
from generator.kinds.gazette.entry import ENTRY_KIND, FORMS, GazetteEntry
from generator.kinds.gazette.entry_rows import (
    attachment_row,
    effective_rows,
    ended_row,
    milestones,
    relation_rows,
    relation_rows_back,
    standing_row,
)
from generator.kinds.gazette.gazette_dates import gazette_calendar
from generator.kinds.gazette.issue import GazetteIssue
from generator.kinds.gazette.mentions import absence_of, links_of
from generator.kinds.gazette.months import WEEK, months
from generator.kinds.gazette.related import of_same_issue, related
from generator.kinds.gazette.status import comment_days, settles
from generator.output.formats.citations import Cited
from generator.site.calendars import links_to
from generator.site.kind import Site
from generator.site.listing import Listing, Row, RowGroup, list_page, yearly_pages
from generator.site.report_link import report_link
from generator.text.dates import roc
from generator.text.markdown import gist, plain_text

INDEX = "gazette/"


def entry_page(entry: GazetteEntry, site: Site) -> Page:
    """The page of an entry."""
    issue = _issue(entry, site)
    reference = cited(entry, issue, site)
    return Page(
        address=entry.address,
        template="gazette-entry.html",
        title=entry.title,
        description=entry_description(entry, site),
        updated=site.updated(entry),
        breadcrumbs=(
            _gazette_crumb(site),
            _year_crumb(issue),
            Breadcrumb(title=issue.name, address=issue.address),
        ),
        feeds=(ENTRY_KIND, category_feed(entry.category)),
        source=entry.origin.path,
        context=_entry_context(entry, issue, site, reference),
        about=about_entry(entry, issue, site, reference),
    )


def entry_description(entry: GazetteEntry, site: Site) -> str:
    """Who issued what under which number on which day, in one line."""
    day = entry.dispatch_date
    names = "、".join(site.title_on(ref, day) for ref in entry.issuers)
    numbers = "、".join(entry.document_numbers)
    about = plain_text(entry.summary) or " ".join(entry.subject.split())
    parts = (names + printed_form(entry), numbers, roc(day) if day else "", about)
    return gist("，".join(part for part in parts if part), 300)


def printed_form(entry: GazetteEntry) -> str:
    """The form for readers; "" for one that the site has no name for."""
    return "" if entry.form == "other" else FORMS[entry.form]


def entry_categories(entry: GazetteEntry, site: Site) -> tuple[str, ...]:
    """The categories of an entry in feeds: kind, category, issuers, volume year."""
    names = (site.title_on(ref, entry.dispatch_date) for ref in entry.issuers)
    year = f"{entry.issue.id.partition('-')[0]}年"
    return ("公報", site.settings.gazette.category(entry.category).title, *names, year)


def entry_row(entry: GazetteEntry, site: Site) -> Row:
    """An entry in a list: title, day, category, issuers."""
    day = site.publication_day(entry)
    names = "、".join(site.title_on(ref, entry.dispatch_date) for ref in entry.issuers)
    marks = (site.settings.gazette.category(entry.category).title, names)
    note = "、".join(entry.document_numbers)
    return Row(
        title=entry.title,
        address=entry.address,
        day=day,
        marks=marks,
        note=note,
        ended=ended_row(entry, site),
    )


def entry_body(entry: GazetteEntry, site: Site) -> dict[str, object]:
    """The context of the template for an entry's text, on its page and in feeds."""
    return {
        "record": entry,
        "form": printed_form(entry),
        "links": links_of(entry, site),
        "absence": absence_of(entry),
        "category": site.settings.gazette.category(entry.category),
        "issuers": tuple(
            (site.title_on(ref, entry.dispatch_date), site.linked(ref)) for ref in entry.issuers
        ),
        "attachments": tuple(attachment_row(entry, a, site) for a in entry.attachments),
        "topics": site.topics(entry.topics),
        "corrections": tuple(r for r in relation_rows(entry, site) if r.type == "corrects"),
        "closing": None,  # a feed's item says it, the page has a strip
    }


def _entry_context(
    entry: GazetteEntry, issue: GazetteIssue, site: Site, reference: Cited
) -> dict[str, object]:
    entries = issue_entries(issue, site)
    back = tuple(relation_rows_back(entry, site))
    place = next(place for place, other in enumerate(entries) if other is entry)
    near, standing = related(entry, site), standing_row(entry, site)
    days = comment_days(entry, site)
    return {
        **entry_body(entry, site),
        "issue": issue,
        "before": entries[place - 1] if place else None,
        "after": entries[place + 1] if place + 1 < len(entries) else None,
        "relations": tuple(r for r in relation_rows(entry, site) if r.type != "corrects"),
        "relations_back": tuple(row for row in back if row.type != "corrects"),
        "corrected": tuple(row for row in back if row.type == "corrects"),
        "standing": standing,
        "milestones": milestones(entry, standing, site),
        "settles": settles(entry, site),
        "effective": tuple(effective_rows(entry, site)),
        "comment_days": days,
        "comment_gone": days[1] + timedelta(days=1) if days else None,
        "record_json": f"{entry.address}{Beside.RECORD}",
        "cite": citation_box(entry, issue, site, reference),
        "related": near,
        "same_issue": () if near else of_same_issue(entry, entries, site),
        "report": report_link(site.settings, entry.title, entry.address, entry.origin.path),
        "seal": site.seal(entry),
    }


def issue_entries(issue: GazetteIssue, site: Site) -> tuple[GazetteEntry, ...]:
    """The entries of an issue, in sequence."""
    return site.archive.referring_to(issue, GazetteEntry)


def issue_page(issue: GazetteIssue, site: Site) -> Page:
    """The page of an issue: its contents by category."""
    entries = issue_entries(issue, site)
    before, after = site.archive.neighbours(issue)
    groups = tuple(_category_groups(entries, site))
    return Page(
        address=issue.address,
        template="gazette-issue.html",
        title=f"{site.settings.gazette.name}{issue.name}",
        description=f"{site.settings.gazette.name}{issue.name}，共 {len(entries)} 則",
        updated=site.published(issue),
        breadcrumbs=(_gazette_crumb(site), _year_crumb(issue)),
        feeds=(ENTRY_KIND,),
        source=issue.origin.path,
        about=about_issue(issue, site),
        context={
            "record": issue,
            "groups": groups,
            "count": len(entries),
            "before": before,
            "after": after,
        },
    )


def _category_groups(
    entries: tuple[GazetteEntry, ...], site: Site
) -> Iterator[tuple[Word, tuple[Row, ...]]]:
    for word in site.settings.gazette.categories:
        rows = tuple(entry_row(entry, site) for entry in entries if entry.category == word.id)
        if rows:
            yield word, rows


def gazette_lists(site: Site) -> Iterator[Page]:
    """The lists of each year's issues and of each category's entries."""
    for year in sorted({issue.volume for issue in site.archive.of(GazetteIssue)}, reverse=True):
        yield _year_page(year, site)
    groups = by_category(site)
    for word in site.settings.gazette.categories:
        listing = _category_listing(word, groups[word.id], site)
        yield from yearly_pages(listing, groups[word.id], site)


def by_category(site: Site) -> dict[str, list[GazetteEntry]]:
    """The entries of each category, in their order."""
    words = site.settings.gazette.categories
    groups: dict[str, list[GazetteEntry]] = {word.id: [] for word in words}
    for entry in site.archive.of(GazetteEntry):
        groups[entry.category].append(entry)
    return groups


def _year_page(year: int, site: Site) -> Page:
    issues = [issue for issue in site.archive.of(GazetteIssue) if issue.volume == year]
    listing = Listing(
        address=f"{INDEX}{year}/",
        title=f"{site.settings.gazette.name}{year}年各期",
        crumbs=(_gazette_crumb(site),),
        row=issue_row,
        intro=f"{year}年共出刊 {len(issues)} 期",
        feeds=(ENTRY_KIND,),
        card=CARD,
    )
    rows = Mapped(partial(issue_row, site=site), tuple(reversed(issues)))
    page = list_page(listing, (RowGroup(heading="", rows=rows),), site.latest_day(issues))
    context = {**page.context, "months": tuple(months(issues)), "week": WEEK}
    return structs.replace(page, template="gazette-year.html", context=context)


def issue_row(issue: GazetteIssue, site: Site) -> Row:
    """An issue in a list: name, day, how many entries."""
    count = len(issue_entries(issue, site))
    return Row(
        title=f"{site.settings.gazette.name}{issue.name}",
        address=issue.address,
        day=issue.publication_date,
        marks=(f"{count} 則",),
        note=issue.number_printed,
    )


def _category_listing(word: Word, entries: Sequence[GazetteEntry], site: Site) -> Listing:
    return Listing(
        address=category_address(word.id),
        title=f"{site.settings.gazette.name}：{word.title}",
        crumbs=(_gazette_crumb(site),),
        row=entry_row,
        intro=f"類別為「{word.title}」的公報內容",
        feeds=(category_feed(word.id),),
        calendars=links_to(category_calendar(word, entries, site)),
        card=CARD,
    )


def category_calendar(word: Word, entries: Sequence[GazetteEntry], site: Site) -> Calendar:
    """The calendar of a category's entries."""
    title, page = f"{site.settings.gazette.name}：{word.title}", category_address(word.id)
    return gazette_calendar(entries, site, page, category_feed(word.id), title)


def category_address(word_id: str) -> str:
    """The address of a category's list."""
    return f"{INDEX}category/{word_id}/"


def category_feed(word_id: str) -> str:
    """The name of a category's feed and calendar."""
    return f"gazette-{word_id}"


def _issue(entry: GazetteEntry, site: Site) -> GazetteIssue:
    issue = site.archive.get(GazetteIssue, entry.issue)
    if issue is None:
        raise LookupError(f"no issue: {entry.issue}")
    return issue


def _gazette_crumb(site: Site) -> Breadcrumb:
    return Breadcrumb(title=site.settings.gazette.name, address=INDEX)


def _year_crumb(issue: GazetteIssue) -> Breadcrumb:
    return Breadcrumb(title=f"{issue.volume}年", address=f"{INDEX}{issue.volume}/")
