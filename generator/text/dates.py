"""Dates in both calendars of Taiwan: read strictly, kept as ISO, shown as ROC.

Editors write either calendar; the program keeps `datetime.date`.
A reading that fails says why with a short word that `messages/` turns into a sentence.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from msgspec import Struct

ROC_OFFSET = 1911
"""Years between the Common Era and the Republic's: 民國 105 年 is 2016."""

FIRST_YEAR, LAST_YEAR = 1895, 2200
_MONTHS = range(1, 13)
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)

_FORMS = (
    re.compile(r"(?P<ce>[12]\d{3})-(?P<month>\d{2})-(?P<day>\d{2})", re.ASCII),
    re.compile(r"(?P<roc>\d{2,3})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})", re.ASCII),
    re.compile(
        r"(?:中華)?民國 ?(?P<roc>\d{1,3}) ?年 ?(?P<month>\d{1,2}) ?月 ?(?P<day>\d{1,2}) ?日",
        re.ASCII,
    ),
)
_PARTIAL = (
    re.compile(r"(?P<ce>[12]\d{3})(?:-(?P<month>\d{2}))?", re.ASCII),
    re.compile(r"(?P<roc>\d{2,3})(?:[-/.](?P<month>\d{1,2}))?", re.ASCII),
)


class DateFault(ValueError):  # noqa: N818 -- the fault is in the text, not in the program
    """Why a text is no date: `reason` is format, month, day or year."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PartialDate(Struct, frozen=True, order=True):
    """A year, a month or a day: what a source gave, never made more exact."""

    year: int
    month: int = 0
    day: int = 0

    @property
    def iso(self) -> str:
        """`2016`, `2016-01` or `2016-01-04`."""
        parts = [f"{self.year:04d}", *(f"{part:02d}" for part in (self.month, self.day) if part)]
        return "-".join(parts)

    @property
    def last(self) -> date:
        """The last day of it."""
        if self.day:
            return date(self.year, self.month, self.day)
        month = self.month or 12
        return date(self.year, month, monthrange(self.year, month)[1])

    @property
    def roc(self) -> str:
        """`105年`, `105年1月` or `105年1月4日`."""
        month = f"{self.month}月" if self.month else ""
        day = f"{self.day}日" if self.day else ""
        return f"{roc_year_name(self.year)}{month}{day}"

    @property
    def english(self) -> str:
        """`2016`, `January 2016` or `4 January 2016`."""
        month = f"{MONTHS[self.month - 1]} " if self.month else ""
        day = f"{self.day} " if self.day else ""
        return f"{day}{month}{self.year}"


def parse_date(text: str) -> date:
    """The day that an ISO or ROC date names; raises `DateFault` with the reason."""
    match = _match(_FORMS, text)
    if match is None:
        raise DateFault("format")
    year = _year(match)
    month, day = int(match["month"]), int(match["day"])
    if month not in _MONTHS:
        raise DateFault("month")
    try:
        return date(year, month, day)
    except ValueError:
        raise DateFault("day") from None


def parse_partial(text: str) -> PartialDate:
    """A year, month or day in either calendar; raises `DateFault` with the reason."""
    match = _match(_PARTIAL, text)
    if match is None:
        day = parse_date(text)
        return PartialDate(day.year, day.month, day.day)
    month = int(match["month"] or 0)
    if match["month"] and month not in _MONTHS:
        raise DateFault("month")
    return PartialDate(_year(match), month)


def roc_year(day: date) -> int:
    """The ROC year of a day: 105 for 2016."""
    return day.year - ROC_OFFSET


def roc_year_name(year: int) -> str:
    """`105年` for 2016, `民國前1年` for 1911."""
    return f"{year - ROC_OFFSET}年" if year > ROC_OFFSET else f"民國前{ROC_OFFSET + 1 - year}年"


def iso(day: date | None) -> str:
    """`2016-01-04`, or "" for no day."""
    return day.isoformat() if day else ""


def roc_typed(day: date) -> str:
    """`105-01-04`, as editors write it."""
    return f"{roc_year(day):03d}-{day.month:02d}-{day.day:02d}"


def roc(day: date) -> str:
    """`105年1月4日`."""
    return f"{roc_year_name(day.year)}{day.month}月{day.day}日"


def english(day: date) -> str:
    """`4 January 2016`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _match(forms: tuple[re.Pattern[str], ...], text: str) -> re.Match[str] | None:
    return next((match for form in forms if (match := form.fullmatch(text))), None)


def _year(match: re.Match[str]) -> int:
    groups = match.groupdict()
    year = int(groups["ce"]) if groups.get("ce") else int(groups["roc"]) + ROC_OFFSET
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DateFault("year")
    return year
