"""A visit: who came or went, and when, with as exact a date as the source gives."""

from __future__ import annotations

import datetime as dt

from generator.content.field_types import Choice, Many, Prose, Text
from generator.content.figure import Figure, FigureField
from generator.content.model import Ref
from generator.content.period import Period
from generator.content.record import Group, Record, described, group
from generator.content.value_types import Country, Day, PictureName, Reference, country_names
from generator.text.dates import roc

INDEX = "visits/"
DIRECTIONS = {
    "incoming": "來訪",
    "outgoing": "出訪",
    "exchange": "互訪交流",
    "event": "活動",
    "oversight": "巡察訪視",
}
DIRECTIONS_EN = {
    "incoming": "Visit received",
    "outgoing": "Visit abroad",
    "exchange": "Exchange",
    "event": "Event",
    "oversight": "Oversight visit",
}
PRECISIONS = {"day": "逐日", "month": "僅知月份", "period": "僅知期間"}


@group
class Occasion:
    """One of several days on which a visit took place."""

    date: dt.date = described(Day(), "日期", required=True)
    title: str = described(Text(), "名稱", required=True)
    note: str = described(Text(lines=True), "說明")


@group
class Leader:
    """A person who led a delegation, as the source writes the name."""

    name: str = described(Text(maximum=120), "姓名", "姓名不詳時寫職稱", required=True)
    title: str = described(Text(maximum=120), "職稱")


@group
class Photo:
    """A photograph, or the caption of one that is not available."""

    caption: str = described(Text(lines=True), "圖說", required=True)
    path: str = described(PictureName(), "檔名")
    alt: str = described(Text(), "替代文字")
    credit: str = described(Text(), "攝影")
    availability: str = described(Text(), "提供情形")


@group
class Visit(Record):
    """A visit, with as exact a date as the source gives."""

    title: str = described(Text(4, 200), "標題", required=True)
    title_en: str = described(Text(maximum=400), "英文標題")
    date: dt.date | None = described(Day(), "日期")
    period: Period | None = described(Group(Period), "期間")
    date_precision: str = described(Choice(PRECISIONS), "日期精確度")
    occasions: tuple[Occasion, ...] = described(Many(Group(Occasion)), "場次")
    direction: str = described(Choice(DIRECTIONS), "性質", required=True)
    countries: tuple[str, ...] = described(
        Many(Country(), unique=True), "國家", "ISO 3166 兩碼；除巡察訪視外必填"
    )
    partners: tuple[Ref, ...] = described(Many(Reference("partners"), unique=True), "夥伴城市")
    leaders: tuple[Leader, ...] = described(Many(Group(Leader)), "代表")
    members: Figure | None = described(FigureField(), "人數")
    agencies: tuple[Ref, ...] = described(Many(Reference("agencies"), unique=True), "辦理機關")
    aspects: tuple[str, ...] = described(
        Many(Text(maximum=120), unique=True), "面向", "巡察訪視的項目"
    )
    summary: str = described(Prose(), "內容")
    summary_en: str = described(Prose(), "英文摘要")
    photos: tuple[Photo, ...] = described(Many(Group(Photo)), "照片")

    @property
    def year(self) -> int:
        """The ROC year of the folder."""
        return int(self.origin.path.split("/")[1])

    @property
    def address(self) -> str:
        """The visit's page."""
        return f"{INDEX}{self.year}/{self.id}/"

    @property
    def bounds(self) -> tuple[dt.date, ...]:
        """The days that the date or the period names."""
        if self.date:
            return (self.date,)
        return (self.period.from_, self.period.to) if self.period else ()

    @property
    def last_day(self) -> dt.date | None:
        """The last day on which it took place, or may have taken place."""
        return max(self.bounds, default=None)

    @property
    def when(self) -> str:
        """The date in words, never more exact than the source."""
        if self.date:
            return roc(self.date)
        if self.period is None:
            return ""
        remark = "（期間內，來源未載明日期）" if self.date_precision == "period" else ""
        return self.period.shown + remark

    @property
    def direction_name(self) -> str:
        """The direction in words."""
        return DIRECTIONS[self.direction]

    @property
    def oversees(self) -> bool:
        """Whether a superior or supervising body came to look at the agencies' work."""
        return self.direction == "oversight"

    @property
    def country_names(self) -> tuple[str, ...]:
        """The countries' names in Traditional Chinese."""
        return tuple(country_names()[code] for code in self.countries)
