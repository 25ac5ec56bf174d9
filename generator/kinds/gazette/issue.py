"""The issue: the gazette of one day, a folder of entries with an `issue.yaml`.

The id of an issue is its folder's name, which names volume year, season, edition and number.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from functools import lru_cache

from generator.content.field_types import Text
from generator.content.record import Record, described, group
from generator.content.value_types import Day, Whole
from generator.text.dates import ROC_OFFSET

ISSUE_ID = re.compile(
    r"(?P<year>[0-9]{2,3})"
    r"(?:-(?P<season>spring|summer|autumn|winter))?"
    r"(?:-(?P<edition>extra|supplement))?"
    r"-(?P<number>[0-9]+)"
)
SEASONS = {"spring": "春字", "summer": "夏字", "autumn": "秋字", "winter": "冬字"}
_CALENDAR = ("", *SEASONS)
EDITIONS = {"extra": "號外", "supplement": "增刊"}
ADDRESS = "gazette/{volume}/{issue}/"
"""The address of an issue by its volume year and its id; scripts fill it in too."""
SERIES_EN = {name: name.capitalize() for name in (*SEASONS, *EDITIONS)}


@group
class GazetteIssue(Record):
    """One issue of the gazette; the id is volume year, season, edition and number."""

    publication_date: dt.date | None = described(Day(), "出刊日期", required=True)
    number_printed: str = described(Text(maximum=60), "刊載期號", "封面上印的期號")
    pages: int | None = described(Whole(minimum=1), "總頁數")
    cover_note: str = described(Text(lines=True), "刊頭說明")

    @property
    def volume(self) -> int:
        """The ROC year that the volume is counted by."""
        return int(_parts(self.id)["year"])

    @property
    def number(self) -> int:
        """The number within its volume, season and edition."""
        return int(_parts(self.id)["number"])

    @property
    def series(self) -> str:
        """The season and edition with their own count of numbers; "" for regular issues."""
        return _series(self.id)

    @property
    def name(self) -> str:
        """`105年第1期`, with season and edition before the number."""
        return issue_name(self.id)

    @property
    def name_en(self) -> str:
        """`2016 (ROC 105) No. 1`, with season and edition before the number."""
        parts = _parts(self.id)
        series = [SERIES_EN[part] for part in (parts["season"], parts["edition"]) if part]
        year = f"{self.volume + ROC_OFFSET} (ROC {self.volume})"
        return " ".join((year, *series, f"No. {self.number}"))

    @property
    def address(self) -> str:
        """The issue's page."""
        return ADDRESS.format(volume=self.volume, issue=self.id)


def year_spelling(issue_id: str) -> str:
    """The spelling of a year below 100 in an issue id, `098` or `98`; "" for any other year.

    Both spellings name the same volume, so a site that used both would have it at two addresses.
    """
    year = _parts(issue_id)["year"]
    return year if int(year) < _THREE_DIGITS else ""


def spelled_like(issue_id: str, others: Iterable[str]) -> str:
    """An issue id with its year spelled as in other issue ids."""
    widths = [len(spelling) for other in others if (spelling := year_spelling(other))]
    year = year_spelling(issue_id)
    if not (year and widths):
        return issue_id
    return year.lstrip("0").zfill(widths[0]) + issue_id[len(year) :]


_THREE_DIGITS = 100


def issue_name(issue_id: str) -> str:
    """The name of an issue, by its id."""
    parts = _parts(issue_id)
    return f"{int(parts['year'])}年{_series(issue_id)}第{int(parts['number'])}期"


def _series(issue_id: str) -> str:
    parts = _parts(issue_id)
    return SEASONS.get(parts["season"] or "", "") + EDITIONS.get(parts["edition"] or "", "")


def issue_order(issue: GazetteIssue) -> tuple[dt.date, int, str, int, str]:
    """Issues by day, then volume, series and number."""
    return issue.publication_date or dt.date.min, *issue_rank(issue.id), issue.id


@lru_cache(maxsize=1 << 14)  # sorting asks for it once for every entry of an issue
def issue_rank(issue_id: str) -> tuple[int, str, int]:
    """Volume, series and number of an issue id, the order in which issues are counted.

    The series is "" for regular issues; seasons sort by the calendar.
    """
    parts = _parts(issue_id)
    season, edition = parts["season"] or "", parts["edition"] or ""
    series = f"{_CALENDAR.index(season)}-{edition}" if season or edition else ""
    return int(parts["year"]), series, int(parts["number"])


@lru_cache(maxsize=1 << 14)
def _parts(issue_id: str) -> re.Match[str]:
    match = ISSUE_ID.fullmatch(issue_id)
    if match is None:
        raise ValueError(f"not an issue id: {issue_id}")
    return match
