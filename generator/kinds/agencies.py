"""Agencies: the authority file of who issues, hosts and answers.

An agency's name changes with time; a document shows the name of its day.
The pages of agencies join several kinds and are made in `views/`.
"""

from __future__ import annotations

import datetime as dt
import re

from generator.archive import Archive
from generator.kind import Column, English, Kind, attribute
from generator.model import Ref
from generator.reading.fields import Many, Pattern, Text
from generator.reading.values import Day, Reference
from generator.record import Group, Record, described, group


@group
class AgencyName:
    """A name, and the days from and to which it was borne (both included)."""

    name: str = described(Text(maximum=300), "名稱", required=True)
    name_en: str = described(Text(maximum=240), "英文名稱")
    from_: dt.date | None = described(Day(), "啟用日期")
    to: dt.date | None = described(Day(), "停用日期")


@group
class Agency(Record):
    """A public body."""

    id: str = described(Pattern(), "代碼", "網址的一部分，訂定後不得變更", required=True)
    names: tuple[AgencyName, ...] = described(
        Many(Group(AgencyName)), "名稱", "依時間先後", required=True
    )
    aliases: tuple[str, ...] = described(Many(Text(), unique=True), "別稱")
    parent: Ref | None = described(Reference("agencies"), "上級機關")

    @property
    def name(self) -> str:
        """The newest name."""
        return self.names[-1].name

    @property
    def name_en(self) -> str:
        """The newest name in English, or ""."""
        return self.names[-1].name_en

    def name_on(self, day: dt.date | None) -> str:
        """The name borne on a day; the newest where no name covers the day."""
        return self._named(day).name

    def name_en_on(self, day: dt.date | None) -> str:
        """The same in English, or ""."""
        return self._named(day).name_en

    def _named(self, day: dt.date | None) -> AgencyName:
        if day is None:
            return self.names[-1]
        fitting = (
            name
            for name in self.names
            if (name.from_ or dt.date.min) <= day <= (name.to or dt.date.max)
        )
        return next(fitting, self.names[-1])

    @property
    def address(self) -> str:
        """The agency's page."""
        return f"agencies/{self.id}/"


def _published(agency: Agency, _: Archive) -> dt.date | None:
    return agency.published_on


KINDS = (
    Kind(
        name="agencies",
        label="機關",
        label_en="Agencies",
        record_type=Agency,
        pattern=re.compile(r"agencies\.yaml"),
        authority=True,
        dated=False,
        glob="agencies.yaml",
        title=lambda agency: agency.name,
        address=lambda agency: agency.address,
        order=lambda agency: (agency.id,),
        published=_published,
        title_on=lambda agency, day: agency.name_on(day),
        english=English(
            title=lambda agency: agency.name_en,
            title_on=lambda agency, day: agency.name_en_on(day),
            day=lambda *_: None,
        ),
        columns=(
            attribute("id", "代碼"),
            attribute("name", "名稱"),
            attribute("name_en", "英文名稱"),
            Column(name="aliases", title="別稱", value=lambda a, _: "、".join(a.aliases)),
            Column(
                name="parent",
                title="上級機關",
                value=lambda agency, _: agency.parent.id if agency.parent else "",
            ),
        ),
    ),
)
