"""The newsletter: for each issue and each finished week, its contents as a page and as a mail.

A site has it if `newsletter` stands in its settings.  Page and mail are made of one `Letter`, so
that both hold the same entries.  An entry with personal data stands in it by its title alone, since
a mail cannot be called back.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from msgspec import Struct, structs

from generator.content.model import Breadcrumb, Letter, LetterEntry, LetterPart, Page
from generator.kinds.gazette.citation import CARD
from generator.kinds.gazette.entry import GazetteEntry
from generator.kinds.gazette.entry_rows import relation_rows
from generator.kinds.gazette.issue import GazetteIssue
from generator.kinds.gazette.pages import issue_entries, issue_row, printed_form
from generator.kinds.gazette.status import comment_days
from generator.site.kind import Site
from generator.site.listing import Listing, Row, RowGroup, yearly_pages
from generator.text.dates import roc, roc_year
from generator.text.markdown import gist, plain_text

INDEX = "newsletter/"
NAME = "電子報"
_WEEKS = "每週彙編"
_DRAFTS = "徵求意見的草案"
_LONGEST = 120
"""The most characters that a letter tells of what an entry is about."""
_SUNDAY = 7


class Edition(Struct, frozen=True, kw_only=True):
    """One letter in the making: an issue, or the issues of a week, which ends on its `day`.

    It is listed under the ROC `year` of its last issue: the year of a week's end may have none.
    """

    id: str
    title: str
    day: date
    year: int
    issues: tuple[GazetteIssue, ...]

    @property
    def address(self) -> str:
        """The page with the letter's contents."""
        return f"{INDEX}{self.id}/"


def editions(site: Site) -> Iterator[Edition]:
    """All editions: those of the issues in their order, then those of the weeks."""
    name, weeks = site.settings.gazette.name, dict[date, list[GazetteIssue]]()
    for issue in site.archive.of(GazetteIssue):
        day = site.published(issue)
        yield Edition(
            id=issue.id, title=f"{name}{issue.name}", day=day, year=roc_year(day), issues=(issue,)
        )
        weeks.setdefault(day + timedelta(days=_SUNDAY - day.isoweekday()), []).append(issue)
    for last, issues in sorted(weeks.items()):
        if last <= site.as_of:  # another issue may come before a week is over
            year, week, _ = last.isocalendar()
            first = last - timedelta(days=_SUNDAY - 1)
            title = f"{name}{_WEEKS}（{roc(first)}至{roc(last)}）"
            listed = roc_year(max(map(site.published, issues)))
            yield Edition(
                id=f"{year}-w{week:02}", title=title, day=last, year=listed, issues=tuple(issues)
            )


def letter(site: Site, id_: str) -> Letter | None:
    """The letter of an id, `105-001` for an issue, `2016-w01` for a week; None if there is none."""
    for edition in editions(site):
        if edition.id == id_:
            entries = _entries(edition, site)
            return Letter(
                id=edition.id,
                title=edition.title,
                address=edition.address,
                day=edition.day,
                parts=letter_parts(edition, site),
                records=tuple(record.ref for record in (*edition.issues, *entries)),
            )
    return None


def _entries(edition: Edition, site: Site) -> list[GazetteEntry]:
    return [entry for issue in edition.issues for entry in issue_entries(issue, site)]


def letter_parts(edition: Edition, site: Site) -> tuple[LetterPart, ...]:
    """The entries of an edition: drafts by their last day for comments, then each category."""
    entries = _entries(edition, site)
    drafts = [(days[1], entry) for entry in entries if (days := comment_days(entry, site))]
    drafts.sort(key=lambda draft: draft[0])  # those of one day stay as the issues have them
    groups = {_DRAFTS: [entry for _, entry in drafts]}
    for word in site.settings.gazette.categories:
        own = (entry for entry in entries if entry.category == word.id)
        groups.setdefault(word.title, []).extend(e for e in own if not e.comment_period)
    return tuple(
        LetterPart(heading=heading, entries=tuple(letter_entry(entry, site) for entry in group))
        for heading, group in groups.items()
        if group
    )


def letter_entry(entry: GazetteEntry, site: Site) -> LetterEntry:
    """An entry as letters have it."""
    if entry.personal_data:
        return LetterEntry(title=entry.title, address=entry.address)
    days = comment_days(entry, site)
    corrected = [row.title for row in relation_rows(entry, site) if row.type == "corrects"]
    marks = (f"徵求意見至{roc(days[1])}止" if days else "", "更正" if corrected else "")
    names = "、".join(site.title_on(ref, entry.dispatch_date) for ref in entry.issuers)
    about = plain_text(entry.summary) or " ".join(entry.subject.split())
    lines = (
        *(f"更正對象：{title}" for title in dict.fromkeys(filter(None, corrected))),
        "　".join(filter(None, (names + printed_form(entry), "、".join(entry.document_numbers)))),
        gist(about, _LONGEST),
    )
    return LetterEntry(
        title=entry.title,
        address=entry.address,
        marks=tuple(filter(None, marks)),
        lines=tuple(filter(None, lines)),
    )


def newsletter_pages(site: Site) -> Iterator[Page]:
    """The list of letters, its years, and a page for each letter; nothing without the setting."""
    if site.settings.newsletter is None:
        return
    every = tuple(editions(site))
    weeks = [edition for edition in every if edition.id != edition.issues[0].id]
    listing = Listing(
        address=INDEX,
        title=NAME,
        crumbs=(),
        row=_issue_row,
        intro=f"{site.settings.gazette.name}每期與每週的內容，和寄給訂戶的相同",
        card=CARD,
    )
    for page in yearly_pages(listing, site.archive.of(GazetteIssue), site):
        year = page.address.removeprefix(INDEX).strip("/")
        rows = tuple(_week_row(week) for week in reversed(weeks) if year == str(week.year))
        added = (RowGroup(heading=_WEEKS, rows=rows),) if rows else ()
        groups = (*page.context["groups"], *added)  # type: ignore[misc]  # as `list_page` made it
        context = {**page.context, "groups": groups, "newsletter": site.settings.newsletter}
        yield structs.replace(page, template="newsletter-list.html", context=context)
    for edition in every:
        yield _letter_page(edition, site)


def _issue_row(issue: GazetteIssue, site: Site) -> Row:
    return structs.replace(issue_row(issue, site), address=f"{INDEX}{issue.id}/")


def _week_row(week: Edition) -> Row:
    marks = (f"{len(week.issues)} 期",)
    return Row(title=week.title, address=week.address, day=week.day, marks=marks)


def _letter_page(edition: Edition, site: Site) -> Page:
    return Page(
        address=edition.address,
        template="newsletter.html",
        title=f"{NAME}：{edition.title}",
        description=f"寄給訂戶的{edition.title}目錄",
        updated=max(site.published(issue) for issue in edition.issues),
        breadcrumbs=(
            Breadcrumb(title=NAME, address=INDEX),
            Breadcrumb(title=f"{edition.year}年", address=f"{INDEX}{edition.year}/"),
        ),
        context={
            "issues": edition.issues,
            # rendering computes it: a letter whose issues stay as they are costs nothing
            "parts": partial(letter_parts, edition, site),
            "newsletter": site.settings.newsletter,
        },
    )
