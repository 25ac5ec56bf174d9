"""The legal standing of an entry, from its own days and the relations of later entries.

`effect.py` computes with days alone; this module finds those days in the archive.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from generator.content.settings import NORM
from generator.kinds.gazette.effect import THIRD_DAY, Act, Deed, Span, Standing, standing
from generator.kinds.gazette.entry import Effective, GazetteEntry, Relation
from generator.site.kind import Site
from generator.text.dates import DateFault, parse_date
from generator.text.law_names import quoted_laws

DEEDS = {
    "amends": Deed.AMEND,
    "repeals": Deed.END,
    "replaces": Deed.REPLACE,
    "withdraws": Deed.WITHDRAW,
    "extends": Deed.EXTEND,
}
"""Relations that change the standing of their target."""
_IN_PART = (Deed.END, Deed.REPLACE)
"""Deeds that count as an amendment if the relation names articles."""


_SETTLES = re.compile("訂定|修正|制定|增訂|增修|發布|公布|訂頒|頒布|廢止|停止適用")
_PROPOSES = re.compile("預告|草案")
_BINDS_FROM = re.compile(
    "自(?P<day>即日|[^自，。；、]{6,20}?日)起?(?:生效|施行|實施|廢止|停止適用)"
)


class LaterAct(Struct, frozen=True, kw_only=True):
    """An act on an entry, with the entry that does it and the relation that says so."""

    act: Act
    by: GazetteEntry
    relation: Relation


def enacts(entry: GazetteEntry) -> bool:
    """Whether an entry is about rules in force and not about a draft, by its form and title."""
    if _PROPOSES.search(entry.title) or entry.comment_period:
        return False
    named = _SETTLES.search(entry.title) and any(quoted_laws(entry.title))
    return entry.form == "order" or bool(named)


def settles(entry: GazetteEntry, site: Site) -> bool:
    """Whether an entry is normative: by the nature of its category, else by form and title."""
    nature = site.settings.gazette.category(entry.category).nature
    return nature == NORM if nature else enacts(entry)


def first_day(effective: Effective, entry: GazetteEntry, site: Site) -> dt.date | None:
    """The first day on which a part of an entry binds; None if it is not known."""
    if effective.date:
        return effective.date
    bases = {"promulgation": entry.dispatch_date, "publication": site.publication_day(entry)}
    base = bases.get(effective.from_)
    return base and (base if effective.counting == "same_day" else base + THIRD_DAY)


def stated_days(entry: GazetteEntry) -> Mapping[dt.date, str]:
    """The days from which an entry's title, subject or first line says that it binds, as worded."""
    days = dict[dt.date, str]()
    for text in (entry.title, entry.subject, entry.body.partition("\n")[0]):
        for match in _BINDS_FROM.finditer(text):
            day = entry.dispatch_date if match["day"] == "即日" else _read_day(match["day"])
            if day:
                days.setdefault(day, match[0])
    return days


def _read_day(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except DateFault:
        return None


def effect_day(entry: GazetteEntry, site: Site) -> dt.date | None:
    """The first day on which an entry changes other entries; None if it says "unknown".

    If no field says it, its words do; else an order binds from the third day, and any other
    document from its publication (行政程序法, article 110).
    """
    if entry.effective:
        days = [first_day(effective, entry, site) for effective in entry.effective]
        return min(filter(None, days), default=None)
    if stated := stated_days(entry):
        return min(stated)
    if entry.form == "order" and entry.dispatch_date:
        return entry.dispatch_date + THIRD_DAY
    return site.publication_day(entry)


def acts_on(entry: GazetteEntry, site: Site) -> Iterator[LaterAct]:
    """The acts of other entries that change the standing of one; withdrawn entries do not act."""
    for other in site.archive.referring_to(entry, GazetteEntry):
        deeds = [r for r in other.relations if r.target == entry.ref and r.type in DEEDS]
        if deeds and not _withdrawn(other, site):
            yield from (LaterAct(act=_act(r, other, site), by=other, relation=r) for r in deeds)


def _withdrawn(entry: GazetteEntry, site: Site) -> bool:
    others = site.archive.referring_to(entry, GazetteEntry)
    relations = (relation for other in others for relation in other.relations)
    return any(r.type == "withdraws" and r.target == entry.ref for r in relations)


def _act(relation: Relation, by: GazetteEntry, site: Site) -> Act:
    deed = DEEDS[relation.type]
    if relation.articles and deed in _IN_PART:
        deed = Deed.AMEND
    published = site.publication_day(by) or dt.date.max
    return Act(deed=deed, day=effect_day(by, site), published=published, until=relation.until)


def spans_of(entry: GazetteEntry, site: Site) -> tuple[Span, ...]:
    """The first and the last day of each part of an entry."""
    return tuple(Span(first_day(e, entry, site), e.until) for e in entry.effective)


def standing_of(entry: GazetteEntry, site: Site) -> Standing | None:
    """The standing of an entry; None if neither it nor a later entry says anything about it."""
    acts = [later.act for later in acts_on(entry, site)]
    spans = spans_of(entry, site)
    if acts and not spans:  # the site follows it, so its own words count
        spans = tuple(Span(day) for day in sorted(stated_days(entry))[:1])
    return standing(spans, acts) if spans or acts else None


def comment_days(entry: GazetteEntry, site: Site) -> tuple[dt.date, dt.date] | None:
    """The first and the last day for comments on a draft, with the extensions of later entries."""
    period = entry.comment_period
    if period is None:
        return None
    extended = [until for later in acts_on(entry, site) if (until := later.act.until)]
    return period.starts_on, max([period.ends_on, *extended])
