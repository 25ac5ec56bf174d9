"""A report of an agency to a council, in sections that cite their figures.

A report is a folder: `report.yaml`, and a Markdown file for each section, in the order of numbers.
"""

from __future__ import annotations

import datetime as dt

from generator.content.field_types import Many, Prose, Text
from generator.content.model import Ref
from generator.content.period import Period
from generator.content.record import Group, Record, described, group
from generator.content.value_types import Day, Flag, Reference
from generator.site.figures.citing import Narrative
from generator.site.figures.counting import Counted

INDEX = "reports/"
REPORTS, SECTIONS = "reports", "sections"


@group
class Presenter:
    """Who presented the report."""

    name: str = described(Text(maximum=60), "姓名", required=True)
    title: str = described(Text(maximum=60), "職稱")


@group
class _Stated:
    title: str = described(Text(maximum=120), "標題", required=True)
    stated: str = described(Text(maximum=200), "報告所載", "寫法同內文引用", required=True)
    note: str = described(Text(lines=True), "說明")


@group
class Comparison(Counted, _Stated):
    """A number in the report, to compare with a count of the site's records.

    A `list` without a `record` is in one of the report's own sections; a `kind` counts the records
    that were published in the report's period.
    """


@group
class Report(Record):
    """A report without its sections."""

    title: str = described(Text(2, 200), "標題", required=True)
    title_en: str = described(Text(maximum=400), "英文標題")
    presented_on: dt.date | None = described(Day(), "報告日期", required=True)
    presenter: Presenter | None = described(Group(Presenter), "報告人", required=True)
    agency: Ref | None = described(
        Reference("agencies"), "提出機關", "報告列在這個機關的頁面；不寫則為發布機關"
    )
    audience: str = described(Text(maximum=200), "報告對象")
    period: Period | None = described(Group(Period), "報告期間", required=True)
    summary: str = described(Prose(), "摘要")
    summary_en: str = described(Prose(), "英文摘要")
    compared: tuple[Comparison, ...] = described(
        Many(Group(Comparison)), "與紀錄對照", "報告所載的數與本站紀錄的數並列"
    )

    @property
    def address(self) -> str:
        """The address of the report's page."""
        return f"{INDEX}{self.id}/"

    @property
    def day(self) -> dt.date | None:
        """The day of publication: the one in the file, else the day of presentation."""
        return self.published_on or self.presented_on


@group
class Photo:
    """The caption of a photograph in the printed report."""

    caption: str = described(Text(maximum=300), "圖說", required=True)
    availability: str = described(Text(maximum=120), "提供情形")
    visit: Ref | None = described(Reference("visits"), "國際交流", "照片所記的活動")


@group
class Section(Narrative):
    """A section: its title, its text and the captions of its photographs."""

    title: str = described(Text(1, 120), "標題", required=True)
    unnumbered: bool = described(Flag(), "不編號", "前言與結語不編號")
    photos: tuple[Photo, ...] = described(Many(Group(Photo)), "照片說明")

    @property
    def report(self) -> Ref:
        """The report of the section."""
        return Ref(REPORTS, self.id.rpartition("-")[0])

    @property
    def number(self) -> int:
        """Its place in the report, as its file's name gives it."""
        return int(self.id.rpartition("-")[2])

    @property
    def parts_of(self) -> tuple[Ref, ...]:
        """The report, by its folder."""
        return (self.report,)

    @property
    def address(self) -> str:
        """The page of its report."""
        return f"{INDEX}{self.report.id}/"


def section_order(section: Section) -> tuple[str, int, str]:
    """Sections by report and number."""
    return section.report.id, section.number, section.id
