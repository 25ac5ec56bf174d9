"""How an entry stands, by its own days and by what later entries do to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from msgspec import Struct

from generator.kinds.gazette.effect import THIRD_DAY, Act, Deed, Span, Standing, standing
from generator.kinds.gazette.entry import Effective, GazetteEntry, Relation
from generator.site.kind import Site

DEEDS = {
    "amends": Deed.AMEND,
    "repeals": Deed.END,
    "replaces": Deed.REPLACE,
    "withdraws": Deed.WITHDRAW,
    "extends": Deed.EXTEND,
}
"""Relations that change how their target stands."""
_IN_PART = (Deed.END, Deed.REPLACE)
"""What amends, where it touches some articles alone."""


class Done(Struct, frozen=True, kw_only=True):
    """What another entry does to one: the act, who does it, and by which of its relations."""

    act: Act
    by: GazetteEntry
    relation: Relation


def begins(effective: Effective, entry: GazetteEntry, site: Site) -> dt.date | None:
    """The first day of a part of an entry; None where it is not known."""
    if effective.date:
        return effective.date
    bases = {"promulgation": entry.dispatch_date, "publication": site.known(entry)}
    base = bases.get(effective.from_)
    return base and (base if effective.counting == "same_day" else base + THIRD_DAY)


def acts_from(entry: GazetteEntry, site: Site) -> dt.date | None:
    """The day from which an entry does to others what it says; None where it says "unknown".

    Where it says nothing, an order binds from the third day, anything else from its publication
    (行政程序法, article 110).
    """
    if entry.effective:
        days = [begins(effective, entry, site) for effective in entry.effective]
        return min(filter(None, days), default=None)
    if entry.form == "order" and entry.dispatch_date:
        return entry.dispatch_date + THIRD_DAY
    return site.known(entry)


def done_to(entry: GazetteEntry, site: Site) -> Iterator[Done]:
    """What other entries do to the standing of one; those that were withdrawn do nothing."""
    for other in site.archive.referring_to(entry, GazetteEntry):
        deeds = [r for r in other.relations if r.target == entry.ref and r.type in DEEDS]
        if deeds and not _withdrawn(other, site):
            yield from (Done(act=_act(r, other, site), by=other, relation=r) for r in deeds)


def _withdrawn(entry: GazetteEntry, site: Site) -> bool:
    others = site.archive.referring_to(entry, GazetteEntry)
    held = (relation for other in others for relation in other.relations)
    return any(r.type == "withdraws" and r.target == entry.ref for r in held)


def _act(relation: Relation, by: GazetteEntry, site: Site) -> Act:
    deed = DEEDS[relation.type]
    if relation.articles and deed in _IN_PART:
        deed = Deed.AMEND
    known = site.known(by) or dt.date.max
    return Act(deed=deed, day=acts_from(by, site), known=known, until=relation.until)


def spans_of(entry: GazetteEntry, site: Site) -> tuple[Span, ...]:
    """The parts of an entry with the days on which they begin and end."""
    return tuple(Span(begins(e, entry, site), e.until) for e in entry.effective)


def standing_of(entry: GazetteEntry, site: Site) -> Standing | None:
    """How an entry stands; None where neither it nor a later entry says anything of that."""
    acts = [done.act for done in done_to(entry, site)]
    spans = spans_of(entry, site)
    return standing(spans, acts) if spans or acts else None


def comment_days(entry: GazetteEntry, site: Site) -> tuple[dt.date, dt.date] | None:
    """The first and the last day for comments on a draft, as later entries may have put it off."""
    period = entry.comment_period
    if period is None:
        return None
    later = [until for done in done_to(entry, site) if (until := done.act.until)]
    return period.starts_on, max([period.ends_on, *later])
