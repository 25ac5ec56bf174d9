"""Days that readers wait for: the last one for comments on a draft, the first one of a rule.

Pages list what is open or to come on the site's day; `states.js` takes off what is over on the
reader's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from generator.content.model import Ref
from generator.kinds.gazette.effect import State
from generator.kinds.gazette.entry import GazetteEntry
from generator.kinds.gazette.status import comment_days, first_day, standing_of
from generator.site.kind import Site
from generator.site.listing import Row

_DAY = dt.timedelta(days=1)
_BINDS = (State.PARTLY, State.IN_FORCE, State.AMENDED)


class Deadline(Struct, frozen=True, kw_only=True):
    """An entry with the day that counts, which is the last one of its line on a page.

    `first` is the first day for comments; `scope` the part of a rule that is meant.
    """

    ref: Ref
    row: Row
    first: dt.date | None
    last: dt.date
    scope: str = ""

    @property
    def gone(self) -> dt.date:
        """The first day on which the line does not stand any more."""
        return self.last + _DAY


def open_drafts(
    entries: Iterable[GazetteEntry], site: Site, row: Callable[[GazetteEntry, Site], Row]
) -> tuple[Deadline, ...]:
    """The drafts that are open for comments on the site's day; the first to close leads."""
    drafts = []
    for entry in entries:
        period = comment_days(entry, site) if entry.comment_period else None
        if period and period[0] <= site.as_of <= period[1]:
            drafts.append((period, entry))
    drafts.sort(key=lambda draft: (draft[0][1], draft[1].id))
    return tuple(
        Deadline(ref=entry.ref, row=row(entry, site), first=first, last=last)
        for (first, last), entry in drafts
    )


def coming_into_force(
    entries: Iterable[GazetteEntry], site: Site, row: Callable[[GazetteEntry, Site], Row]
) -> tuple[Deadline, ...]:
    """The entries of which a part binds from a day to come or from this one, by that day."""
    pending = [
        (day, entry, scope)
        for entry in entries
        if entry.effective
        for day, scope in _next_part(entry, site)
    ]
    pending.sort(key=lambda part: (part[0], part[1].id))
    return tuple(
        Deadline(ref=entry.ref, row=row(entry, site), first=None, last=day, scope=scope)
        for day, entry, scope in pending
    )


def _next_part(entry: GazetteEntry, site: Site) -> Iterator[tuple[dt.date, str]]:
    """The first day of the part that binds next, unless the entry was ended before it."""
    days = ((first_day(effective, entry, site), effective.scope) for effective in entry.effective)
    to_come = sorted((day, scope) for day, scope in days if day and day >= site.as_of)
    for day, scope in to_come[:1]:
        standing = standing_of(entry, site)
        if standing and standing.on(day) in _BINDS:
            yield day, scope
