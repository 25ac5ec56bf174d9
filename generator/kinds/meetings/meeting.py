"""A meeting of a body: when and where, who came, what was laid before it and decided.

Agenda and minutes become public on days of their own.  `public_part` is the only way to a page, a
table, a feed or the search: it leaves out what is public later, and what is confidential.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from generator.content.field_types import Choice, Many, Pattern, Prose, SiteChoice, Text
from generator.content.model import Ref
from generator.content.record import Group, Record, changed, described, group
from generator.content.value_types import Day, FileName, Flag, Reference, Whole
from generator.kinds.meetings.directive import Directive
from generator.text.dates import roc

INDEX = "meetings/"
SESSIONS = {"regular": "定期會議", "extraordinary": "臨時會議"}
SESSIONS_EN = {"regular": "Regular meeting", "extraordinary": "Extraordinary meeting"}
PARTS = {"report": "報告事項", "discussion": "討論事項", "motion": "臨時動議"}
"""The parts of an agenda, in their order."""
CLOCK = Pattern(re.compile("(?:[01][0-9]|2[0-3]):[0-5][0-9]"), "clock")


@group
class Paper:
    """A file of an agenda, of minutes or of an item."""

    title: str = described(Text(maximum=200), "名稱", required=True)
    path: str = described(FileName(), "檔名", required=True)


@group
class Papers:
    """The day on which agenda or minutes are public, and their files."""

    published_on: dt.date = described(Day(), "公開日期", required=True)
    files: tuple[Paper, ...] = described(Many(Group(Paper)), "檔案")


@group
class AgendaItem:
    """What was laid before a meeting, and what was decided."""

    part: str = described(Choice(PARTS), "類別", required=True)
    title: str = described(Text(maximum=300), "案由", required=True)
    agencies: tuple[Ref, ...] = described(Many(Reference("agencies"), unique=True), "提案機關")
    summary: str = described(Text(lines=True), "說明")
    decision: str = described(Text(lines=True), "決議")
    attachments: tuple[Paper, ...] = described(Many(Group(Paper)), "附件")
    confidential: bool = described(Flag(), "密件", "true 時網站完全不顯示")


@group
class Cancellation:
    """The day on which a meeting was called off, and why."""

    date: dt.date = described(Day(), "取消日期", required=True)
    reason: str = described(Text(lines=True), "原因", required=True)


@group
class Meeting(Record):
    """A meeting; what the minutes say is public with them, not before, and so is its summary."""

    title: str = described(Text(4, 200), "會議名稱", required=True)
    title_en: str = described(Text(maximum=400), "英文名稱")
    summary_en: str = described(Prose(), "英文摘要")
    body: str = described(SiteChoice("bodies"), "會議別", "site.yaml 的 bodies", required=True)
    number: int | None = described(Whole(minimum=1), "次數", "第幾次")
    session: str = described(Choice(SESSIONS), "會議性質", "不寫則為定期會議")
    date: dt.date = described(Day(), "日期", required=True)
    starts: str = described(CLOCK, "開始時間", "24 小時制，例如 09:00")
    ends: str = described(CLOCK, "結束時間")
    moved: str = described(Text(), "改期原因", "不在例會日開會的原因")
    cancelled: Cancellation | None = described(Group(Cancellation), "取消")
    venue: str = described(Text(maximum=120), "地點", required=True)
    chair: str = described(Text(maximum=120), "主席", required=True)
    recorder: str = described(Text(maximum=120), "紀錄", required=True)
    present: tuple[Ref, ...] = described(Many(Reference("agencies"), unique=True), "出席機關")
    on_leave: tuple[Ref, ...] = described(Many(Reference("agencies"), unique=True), "請假機關")
    absent: tuple[Ref, ...] = described(Many(Reference("agencies"), unique=True), "缺席機關")
    attendance: str = described(Text(lines=True), "出列席人員", "機關以外的委員、列席人員")
    agenda: Papers | None = described(Group(Papers), "議程")
    minutes: Papers | None = described(Group(Papers), "紀錄公開")
    items: tuple[AgendaItem, ...] = described(Many(Group(AgendaItem)), "議案")
    directives: tuple[Directive, ...] = described(Many(Group(Directive), key="id"), "裁示事項")

    @property
    def year(self) -> int:
        """The ROC year of the folder."""
        return int(self.origin.path.split("/")[1])

    @property
    def address(self) -> str:
        """The meeting's page."""
        return f"{INDEX}{self.year}/{self.id}/"

    @property
    def extraordinary(self) -> bool:
        """Whether it was called outside the usual days."""
        return self.session == "extraordinary"

    @property
    def session_name(self) -> str:
        """The sort of meeting in words."""
        return SESSIONS[self.session or "regular"]

    @property
    def when(self) -> str:
        """The day, and the hours if they are known."""
        hours = "至".join(filter(None, (self.starts, self.ends)))
        return f"{roc(self.date)} {hours}".strip()

    @property
    def concerned(self) -> Iterator[Ref]:
        """The agencies with an item or a directive: nobody looks for a meeting by who was there."""
        for item in self.items:
            yield from item.agencies
        for directive in self.directives:
            yield from (directive.owner, *directive.helpers)

    @property
    def items_day(self) -> dt.date | None:
        """The day on which the items are public: with the agenda, else with the minutes."""
        papers = self.agenda or self.minutes
        return papers.published_on if papers else None

    @property
    def first_day(self) -> dt.date:
        """The day from which the meeting is shown at all."""
        papers = [part.published_on for part in (self.agenda, self.minutes) if part]
        return self.published_on or min(papers, default=self.date)


def public_part(meeting: Meeting, day: dt.date) -> Meeting:
    """A meeting as it is public on a day: the same object if nothing of it is left out."""
    values = dict(_public_values(meeting, day))
    parts = {name: value for name, value in values.items() if value != getattr(meeting, name)}
    return changed(meeting, **parts) if parts else meeting


def _public_values(meeting: Meeting, day: dt.date) -> Iterator[tuple[str, Any]]:
    """The fields that depend on the day or hold confidential parts, with their public values."""
    minuted = meeting.minutes is not None and meeting.minutes.published_on <= day
    listed = meeting.items_day is not None and meeting.items_day <= day
    if meeting.agenda and meeting.agenda.published_on > day:
        yield "agenda", None
    if meeting.cancelled and meeting.cancelled.date > day:
        yield "cancelled", None
    open_items = (item for item in meeting.items if listed and not item.confidential)
    yield (
        "items",
        tuple(i if minuted or not i.decision else replace(i, decision="") for i in open_items),
    )
    if not minuted:
        yield "minutes", None
        yield "directives", ()
        for name in ("present", "on_leave", "absent"):
            yield name, ()
        yield "attendance", ""
        yield "summary_en", ""
        return
    shown = (directive for directive in meeting.directives if not directive.confidential)
    yield "directives", tuple(directive_on(directive, day) for directive in shown)


def added_on(meeting: Meeting) -> tuple[dt.date, ...]:
    """The days on which parts of a meeting become public, which its publication may precede."""
    papers = (part.published_on for part in (meeting.agenda, meeting.minutes) if part)
    cancelled = (meeting.cancelled.date,) if meeting.cancelled else ()
    reports = (report.date for d in meeting.directives for report in d.reports)
    extensions = (extension.date for d in meeting.directives for extension in d.extensions)
    return (*papers, *cancelled, *reports, *extensions)


def directive_on(directive: Directive, day: dt.date) -> Directive:
    """A directive as it stood at the end of a day, without what was reported later."""
    reports = tuple(report for report in directive.reports if report.date <= day)
    extensions = tuple(extension for extension in directive.extensions if extension.date <= day)
    if (len(reports), len(extensions)) == (len(directive.reports), len(directive.extensions)):
        return directive
    # a state is that of the last report; before it the directive was not closed
    state = directive.state if len(reports) == len(directive.reports) else ""
    return replace(directive, reports=reports, extensions=extensions, state=state)
