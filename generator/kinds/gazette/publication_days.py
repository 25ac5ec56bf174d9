"""Regular issues that are late or missing, by the publication days that `site.yaml` sets.

A publication day that is a holiday moves to the next working day.
"""

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
"""An issue with its day of publication."""
_DAY = timedelta(days=1)
_SATURDAY = 5


def late_rules(site: Site) -> Iterator[Problem]:
    """Regular issues that came out after their publication day, and days without an issue.

    A site without publication days has none of these problems.  The rule skips days before the
    first issue, and the site's own day, on which an issue may still come.  It reports all days
    since the newest issue as one problem.
    """
    regular = [issue for issue in site.archive.of(GazetteIssue) if not issue_rank(issue.id)[1]]
    dated = [(day, i) for i in regular if (day := i.publication_date) and day <= site.as_of]
    if not dated:
        return
    days, (newest, last) = _publication_days(site, dated[0][0]), dated[-1]
    for before, due, after in zip((date.min, *days), days, (*days[1:], date.max), strict=False):
        if due <= newest:
            between = [(day, issue) for day, issue in dated if before < day < after]
            yield from _late_or_missing(due, between, dated)
    since = [due for due in days if newest < due < site.as_of]
    if since:
        values = {"due": roc(since[0]), "count": str(len(since))}
        yield rule_warning("issue-missed", last, "publication_date", "since", **values)


def _late_or_missing(
    due: date, between: Sequence[Dated], dated: Sequence[Dated]
) -> Iterator[Problem]:
    """The problem of one publication day; `between` are the issues between its two neighbours."""
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


def _publication_days(site: Site, first: date) -> list[date]:
    """The publication days from a day to the site's day, moved past holidays."""
    names, holidays = site.settings.gazette.publication_days, set(site.settings.gazette.holidays)
    weekdays = {WEEKDAYS.index(name) for name in names}
    span = range((site.as_of - first).days + 1) if weekdays else ()
    days = (first + timedelta(days=n) for n in span)
    moved = {working_day(day, holidays) for day in days if day.weekday() in weekdays}
    return sorted(day for day in moved if day <= site.as_of)


def working_day(day: date, holidays: Collection[date]) -> date:
    """The day itself; for a holiday, the next day that is neither a holiday nor on a weekend."""
    while day in holidays:
        day += _DAY
        while day.weekday() >= _SATURDAY:
            day += _DAY
    return day
