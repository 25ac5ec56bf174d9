"""Dates in both calendars of Taiwan: read strictly, stored as ISO, displayed as ROC.

Editors write either calendar; the program keeps `datetime.date`.
A reading that fails says why with a short word that `messages/` turns into a sentence.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta, timezone

from msgspec import Struct
from unicodedata2 import normalize

from generator.text.numerals import number_of

TAIPEI = timezone(timedelta(hours=8))
ROC_OFFSET = 1911
"""Years between the Common Era and the Republic's: 民國 105 年 is 2016."""

FIRST_YEAR, LAST_YEAR = 1895, 2200
_FOUR_DIGITS = 1000
_MONTHS = range(1, 13)
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)

_ONE_TO_NINE = "[一二三四五六七八九]"
_HAN_COUNT = f"(?:{_ONE_TO_NINE}?十{_ONE_TO_NINE}?|[廿卅]{_ONE_TO_NINE}?|[〇零○]?{_ONE_TO_NINE})"
_HAN_YEAR = "[〇零○一二三四五六七八九十百]{1,7}"
_COUNT = rf"(?:\d{{1,2}}|{_HAN_COUNT})"
_WORDS = (
    rf"(?:(?P<era>(?:中華)?民國|西元) ?)?(?P<before>(?<=民國)前|(?<=民國 )前)? ?"
    rf"(?P<year>\d{{1,4}}|{_HAN_YEAR}|(?<=民國)元|(?<=民國 )元) ?年"
)
_MONTH_OF, _DAY_OF = rf" ?(?P<month>{_COUNT}) ?月", rf" ?(?P<day>{_COUNT}) ?日"

_SEPARATED = (
    re.compile(r"(?P<ce>[12]\d{3})([-/.])(?P<month>\d{2})\2(?P<day>\d{2})", re.ASCII),
    re.compile(r"(?P<roc>\d{2,3})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})", re.ASCII),
)
_FORMS = (
    *_SEPARATED,
    re.compile(r"(?:(?P<ce>[12]\d{3})|(?P<roc>\d{3}))(?P<month>\d{2})(?P<day>\d{2})", re.ASCII),
    re.compile(_WORDS + _MONTH_OF + _DAY_OF, re.ASCII),
)
_PARTIAL = (
    re.compile(r"(?P<ce>[12]\d{3})(?:([-/])(?P<month>\d{2}))?", re.ASCII),
    re.compile(r"(?P<roc>\d{2,3})(?:[-/.](?P<month>\d{1,2}))?", re.ASCII),
)
_PARTIAL_WORDS = (re.compile(rf"{_WORDS}(?:{_MONTH_OF})?", re.ASCII),)
_NAMED = (*_SEPARATED, re.compile(rf"(?=中華|民國){_WORDS}{_MONTH_OF}{_DAY_OF}", re.ASCII))
_LOOSE = re.compile(
    r"(?P<year>\d{2,4})\D{1,3}(?P<month>\d{1,2})\D{1,3}(?P<day>\d{1,2})(?:\D.*)?"
    r"|(?P<year6>\d{2})(?P<month6>\d{2})(?P<day6>\d{2})",
    re.ASCII,
)
_LONGEST = 40
"""The most characters of a text for which a date is suggested."""
AMBIGUOUS = range(1, 32)
"""Years of two digits that may also be years of this century, or days of a month."""


class DateFault(ValueError):  # noqa: N818 -- the fault is in the text, not in the program
    """Why a text is no date: `reason` is format, month, day or year.

    `near` is the date that the editor may mean, as it should be typed, or "".
    """

    def __init__(self, reason: str, near: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.near = near

    @property
    def wording(self) -> str:
        """The name of the message's wording; `near` and `swapped` suggest a date."""
        return {"format": "near", "month": "swapped"}[self.reason] if self.near else self.reason


class PartialDate(Struct, frozen=True, order=True):
    """A year, a month or a day, as exact as the source gave it and no more."""

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
        """The last day of the year or month; the day itself."""
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
    """The day that a date in either calendar names; raises `DateFault` with the reason."""
    return _day(_FORMS, text)


def parse_partial(text: str) -> PartialDate:
    """A year, month or day in either calendar; raises `DateFault` with the reason."""
    return _partial((*_PARTIAL, *_PARTIAL_WORDS), _FORMS, text)


def parse_named(text: str) -> PartialDate:
    """A year, month or day within a name, where seven digits or a bare year in words are no date.

    Raises `DateFault` with the reason.
    """
    return _partial(_PARTIAL, _NAMED, text)


def is_ambiguous(text: str) -> bool:
    """Whether the year of a readable date is of two digits and of either calendar: `16-01-04`."""
    match = _match((*_FORMS, *_PARTIAL, *_PARTIAL_WORDS), text)
    if match is None:
        return False
    groups = match.groupdict()
    if groups.get("era") or groups.get("ce"):
        return False
    typed = groups.get("roc") or groups.get("year") or ""
    return len(typed) <= len("16") and number_of(typed) in AMBIGUOUS


def suggested(text: str) -> str:
    """A readable date that `text` may mean, in the calendar of its year; "" for none.

    If day and month are interchanged, the suggestion has them in the right order.
    """
    folded = normalize("NFKC", text[: _LONGEST + 1]).strip()
    match = _LOOSE.fullmatch(folded) if len(folded) <= _LONGEST else None
    if match is None:
        return ""
    year, month, day = (match[name] or match[f"{name}6"] for name in ("year", "month", "day"))
    for low, high in ((month, day), (day, month)):
        near = f"{year if len(year) > len('16') else year.zfill(3)}-{low:0>2}-{high:0>2}"
        try:
            _day(_SEPARATED, near)
        except DateFault:
            continue
        return near
    return ""


def _day(forms: tuple[re.Pattern[str], ...], text: str) -> date:
    match = _match(forms, text)
    if match is None:
        raise DateFault("format", suggested(text) if forms is _FORMS else "")
    year = _year(match)
    month, day = (number_of(match[name]) or 0 for name in ("month", "day"))
    if month not in _MONTHS:
        raise DateFault("month", suggested(text) if forms is _FORMS else "")
    try:
        return date(year, month, day)
    except ValueError:
        raise DateFault("day") from None


def _partial(
    partial: tuple[re.Pattern[str], ...], whole: tuple[re.Pattern[str], ...], text: str
) -> PartialDate:
    match = _match(partial, text)
    if match is None:
        day = _day(whole, text)
        return PartialDate(day.year, day.month, day.day)
    month = number_of(match["month"] or "0") or 0
    if match["month"] and month not in _MONTHS:
        raise DateFault("month")
    return PartialDate(_year(match), month)


def roc_year(day: date) -> int:
    """The ROC year of a day: 105 for 2016, 0 and less before the Republic."""
    return day.year - ROC_OFFSET


def year_folder(day: date) -> str:
    """The name of the folder with a year's files: `105`, `04`; raises `DateFault` before 1912."""
    year = roc_year(day)
    if year < 1:
        raise DateFault("year")
    return f"{year:02d}"


def roc_year_name(year: int) -> str:
    """`105年` for 2016, `民國前1年` for 1911."""
    return f"{year - ROC_OFFSET}年" if year > ROC_OFFSET else f"民國前{ROC_OFFSET + 1 - year}年"


def iso(day: date | None) -> str:
    """`2016-01-04`, or "" for no day."""
    return day.isoformat() if day else ""


def roc_typed(day: date) -> str:
    """`105-01-04`, as editors write it; `1911-01-04` before the Republic."""
    year = roc_year(day)
    return f"{year:03d}-{day.month:02d}-{day.day:02d}" if year > 0 else day.isoformat()


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
    if groups.get("ce"):
        year = int(groups["ce"])
    elif groups.get("roc"):
        year = int(groups["roc"]) + ROC_OFFSET
        if year == ROC_OFFSET:  # no calendar has a year 0; 2000 was meant, typed short
            raise DateFault("year")
    else:
        year = _spoken_year(match)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DateFault("year")
    return year


def _spoken_year(match: re.Match[str]) -> int:
    """The year before 年: of the Republic, of the era that is named, or of four digits."""
    number = 1 if match["year"] == "元" else number_of(match["year"]) or 0
    if not number:
        raise DateFault("year")
    if match["before"]:
        return ROC_OFFSET + 1 - number
    if match["era"] == "西元" or (not match["era"] and number >= _FOUR_DIGITS):
        return number
    return number + ROC_OFFSET
