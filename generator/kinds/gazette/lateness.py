"""Issues against the days on which the gazette is to come out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta

from generator.content.findings import rule_warning
from generator.content.model import Problem
from generator.content.settings import WEEKDAYS
from generator.kinds.gazette.issue import GazetteIssue, issue_rank
from generator.site.kind import Site
from generator.text.dates import roc

Dated = tuple[date, GazetteIssue]
"""An issue with its day."""
_DAY = timedelta(days=1)
_SATURDAY = 5


def late_rules(site: Site) -> Iterator[Problem]:
    """Regular issues that came out after their day, and days on which none did.

    Nothing is said where the site names no days of publication, of days before the first issue,
    and of today, as long as an issue may still come.  What is missing since the newest issue is
    one finding.
    """
    held = [issue for issue in site.archive.of(GazetteIssue) if not issue_rank(issue.id)[1]]
    dated = [(day, i) for i in held if (day := i.publication_date) and day <= site.as_of]
    if not dated:
        return
    days, (newest, last) = _wanted(site, dated[0][0]), dated[-1]
    for before, due, after in zip((date.min, *days), days, (*days[1:], date.max), strict=False):
        if due <= newest:
            yield from _judged(due, [one for one in dated if before < one[0] < after], dated)
    since = [due for due in days if newest < due < site.as_of]
    if since:
        values = {"due": roc(since[0]), "count": str(len(since))}
        yield rule_warning("issue-missed", last, "publication_date", "since", **values)


def _judged(due: date, between: Sequence[Dated], dated: Sequence[Dated]) -> Iterator[Problem]:
    """`between` are the issues after the day before this one, and before the next."""
    late = [(day, issue) for day, issue in between if day > due]
    if any(day == due for day, _ in between):
        return
    if late:
        day, issue = late[0]
        values = {"due": roc(due), "days": str((day - due).days)}
        yield rule_warning("issue-late", issue, "publication_date", **values)
    elif not between:
        last = [issue for day, issue in dated if day < due][-1]
        yield rule_warning("issue-missed", last, "publication_date", due=roc(due))


def _wanted(site: Site, first: date) -> list[date]:
    """The days of publication from a day up to the site's; one that is a holiday moves on."""
    names, holidays = site.settings.gazette.publication_days, set(site.settings.gazette.holidays)
    weekdays = {WEEKDAYS.index(name) for name in names}
    span = range((site.as_of - first).days + 1) if weekdays else ()
    days = (first + timedelta(days=n) for n in span)
    moved = {working_day(day, holidays) for day in days if day.weekday() in weekdays}
    return sorted(day for day in moved if day <= site.as_of)


def working_day(day: date, holidays: Collection[date]) -> date:
    """The day itself, or where it is a holiday the next that is none and no weekend."""
    while day in holidays:
        day += _DAY
        while day.weekday() >= _SATURDAY:
            day += _DAY
    return day
