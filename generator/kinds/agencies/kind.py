"""Agencies: the authority file of the public bodies that records name.

An agency's name changes with time; a document shows the name of its day.
The pages of agencies join several kinds, so `views/` plans them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from itertools import pairwise

from generator.content.field_types import Many, Pattern, Text
from generator.content.findings import rule_problem, rule_warning
from generator.content.model import Problem, Ref
from generator.content.public_identity import MAIL, telephone_link
from generator.content.record import Group, Record, described, group
from generator.content.value_types import Address, Day, Reference
from generator.site.kind import Column, English, Kind, Site, attribute
from generator.text.dates import roc, roc_typed


@group
class AgencyName:
    """A name with the first and the last day of its use, both inclusive."""

    name: str = described(Text(maximum=300), "名稱", required=True)
    name_en: str = described(Text(maximum=240), "英文名稱")
    from_: dt.date | None = described(Day(), "啟用日期")
    to: dt.date | None = described(Day(), "停用日期")

    @property
    def first(self) -> dt.date:
        """The first day of use; `date.min` if the file gives none."""
        return self.from_ or dt.date.min

    @property
    def last(self) -> dt.date:
        """The last day of use; `date.max` if the file gives none."""
        return self.to or dt.date.max


@group
class Agency(Record):
    """A public body."""

    id: str = described(Pattern(), "代碼", "網址的一部分，訂定後不得變更", required=True)
    names: tuple[AgencyName, ...] = described(
        Many(Group(AgencyName)), "名稱", "依時間先後", required=True
    )
    aliases: tuple[str, ...] = described(Many(Text(), unique=True), "別稱")
    parent: Ref | None = described(Reference("agencies"), "上級機關")
    code: str = described(Pattern(re.compile("[A-Z0-9]{4,12}"), "code"), "機關代碼")
    duties: str = described(Text(maximum=1000, lines=True), "職掌")
    address_: str = described(Text(maximum=200), "地址")
    telephone: str = described(Text(maximum=60), "電話")
    fax: str = described(Text(maximum=60), "傳真")
    mail: str = described(Pattern(MAIL, "email"), "電子信箱")
    website: str = described(Address(), "網址")

    @property
    def name(self) -> str:
        """The newest name."""
        return self.names[-1].name

    @property
    def name_en(self) -> str:
        """The newest name in English, or ""."""
        return self.names[-1].name_en

    def name_on(self, day: dt.date | None) -> str:
        """The name in use on a day; the newest name if none covers the day."""
        return self._name_of(day).name

    def name_en_on(self, day: dt.date | None) -> str:
        """The same in English, or ""."""
        return self._name_of(day).name_en

    def named_on(self, day: dt.date) -> bool:
        """Whether a name covers a day."""
        return any(name.first <= day <= name.last for name in self.names)

    @property
    def facts(self) -> tuple[tuple[str, str, str], ...]:
        """What the law wants to be public of an agency: title, text, and a link or ""."""
        told = (
            ("機關代碼", self.code, ""),
            ("職掌", self.duties, ""),
            ("地址", self.address_, ""),
            ("電話", self.telephone, telephone_link(self.telephone)),
            ("傳真", self.fax, ""),
            ("電子信箱", self.mail, f"mailto:{self.mail}"),
            ("網址", self.website, self.website),
        )
        return tuple(fact for fact in told if fact[1])

    def _name_of(self, day: dt.date | None) -> AgencyName:
        if day is None:
            return self.names[-1]
        names = (name for name in self.names if name.first <= day <= name.last)
        return next(names, self.names[-1])

    @property
    def address(self) -> str:
        """The agency's page."""
        return f"agencies/{self.id}/"


def _name_rules(agency: Agency, _: Site) -> Iterator[Problem]:
    """Each name ends on the day before the next one begins."""
    for index, name in enumerate(agency.names):
        if name.last < name.first:
            yield rule_problem("period-order", agency, f"names.{index}.to")
    for index, (before, name) in enumerate(pairwise(agency.names), start=1):
        values = {"value": name.name, "other": before.name}
        if name.first <= before.last:
            detail = "" if before.to or not name.from_ else "open"
            if name.from_:
                values["day"] = roc_typed(name.from_ - dt.timedelta(days=1))
            yield rule_problem("names-overlap", agency, f"names.{index}", detail, **values)
        elif (name.first - before.last).days > 1:
            values |= {"from": roc(before.last), "to": roc(name.first)}
            yield rule_warning("names-gap", agency, f"names.{index}", **values)


def _tree_rules(site: Site) -> Iterator[Problem]:
    """No agency is its own superior, directly or through others."""
    agencies = {agency.ref: agency for agency in site.archive.of(Agency)}
    above = {ref: agency.parent for ref, agency in agencies.items() if agency.parent in agencies}
    settled: set[Ref] = set()
    for start in above:
        path: list[Ref] = []
        ref: Ref | None = start
        while ref is not None and ref not in settled:
            settled.add(ref)
            path.append(ref)
            ref = above.get(ref)
        if ref in path:  # only this walk's own path; an earlier walk has reported its ring
            ring = [agencies[member] for member in path[path.index(ref) :]]
            chain = " → ".join(agency.id for agency in (*ring, ring[0]))
            detail = "" if len(ring) > 1 else "self"
            yield rule_problem("parent-cycle", ring[0], "parent", detail, value=chain)


def _namesake_rules(site: Site) -> Iterator[Problem]:
    """Two agencies never share a name on one day, since readers could not tell them apart."""
    uses: dict[str, list[tuple[Agency, AgencyName]]] = {}
    for agency in site.archive.of(Agency):
        for index, name in enumerate(agency.names):
            others = uses.setdefault(name.name, [])
            for other, use in others:
                if other is not agency and name.first <= use.last and use.first <= name.last:
                    values = {"value": name.name, "other": other.id}
                    yield rule_warning("name-shared", agency, f"names.{index}.name", **values)
                    break
            others.append((agency, name))


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
        rules=(_name_rules,),
        site_rules=(_tree_rules, _namesake_rules),
        title_on=lambda agency, day: agency.name_on(day),
        named_on=lambda agency, day: agency.named_on(day),
        english=English(
            title=lambda agency: agency.name_en,
            title_on=lambda agency, day: agency.name_en_on(day),
            words=lambda site: (
                (name.name, name.name_en)
                for agency in site.archive.of(Agency)
                for name in agency.names
            ),
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
            attribute("code", "機關代碼"),
            attribute("duties", "職掌"),
            Column(name="address", title="地址", value=lambda agency, _: agency.address_),
            attribute("telephone", "電話"),
            attribute("fax", "傳真"),
            attribute("mail", "電子信箱"),
            attribute("website", "網址"),
        ),
    ),
)
