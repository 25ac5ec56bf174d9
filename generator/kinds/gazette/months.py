"""The issues of a year as monthly calendars, and those of the last three weeks as one."""

from __future__ import annotations

from calendar import SUNDAY, Calendar
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from msgspec import Struct

from generator.kinds.gazette.issue import GazetteIssue
from generator.text.dates import roc_year

WEEK = ("日", "一", "二", "三", "四", "五", "六")
"""The days of a week; calendars in Taiwan begin with Sunday."""


THREE_WEEKS = timedelta(weeks=3)
_DAY = timedelta(days=1)


class Cell(Struct, frozen=True, kw_only=True):
    """A day with its issues; days of the neighbouring months have the number 0."""

    number: int
    day: date
    issues: tuple[GazetteIssue, ...] = ()


class Month(Struct, frozen=True, kw_only=True):
    """A month as rows of weeks."""

    title: str
    weeks: tuple[tuple[Cell, ...], ...]


def months(issues: Iterable[GazetteIssue]) -> Iterator[Month]:
    """The months in which issues came out, in order."""
    days = _by_day(issues)
    for year, month in sorted({(day.year, day.month) for day in days}):
        weeks = Calendar(SUNDAY).monthdatescalendar(year, month)
        yield Month(
            title=f"{roc_year(date(year, month, 1))}年{month}月",
            weeks=tuple(tuple(_cell(day, month, days) for day in week) for week in weeks),
        )


def _cell(day: date, month: int, days: dict[date, list[GazetteIssue]]) -> Cell:
    if day.month != month:
        return Cell(number=0, day=day)
    return Cell(number=day.day, day=day, issues=tuple(days.get(day, ())))


def last_weeks(issues: Iterable[GazetteIssue], day: date) -> tuple[tuple[Cell, ...], ...]:
    """The week of a day and the two before it, with their issues."""
    last = day + (6 - (day.weekday() + 1) % 7) * _DAY  # Saturday
    first, days = last - THREE_WEEKS + _DAY, _by_day(issues)
    cells = [first + n * _DAY for n in range(THREE_WEEKS.days)]
    weeks = (cells[n : n + len(WEEK)] for n in range(0, len(cells), len(WEEK)))
    return tuple(tuple(_cell(day, day.month, days) for day in week) for week in weeks)


def _by_day(issues: Iterable[GazetteIssue]) -> dict[date, list[GazetteIssue]]:
    days: dict[date, list[GazetteIssue]] = {}
    for issue in issues:
        if issue.publication_date:
            days.setdefault(issue.publication_date, []).append(issue)
    return days
