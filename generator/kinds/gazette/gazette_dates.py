"""The days of entries for calendars: when comments are taken, and when a document takes effect.

A later entry that extends a period, withdraws a document, or ends it before its day of effect is a
dated change of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import partial

from generator.content.model import Calendar, CalendarEvent
from generator.kinds.gazette.effect import Deed
from generator.kinds.gazette.entry import ENTRY_KIND, GazetteEntry
from generator.kinds.gazette.status import acts_on, comment_days, first_day
from generator.site.calendars import calendar_of, event_id
from generator.site.kind import Site

_ENDS = (Deed.END, Deed.REPLACE)
"""Deeds that end the whole document; those that name articles are amendments."""


def entry_events(entry: GazetteEntry, site: Site) -> Iterator[CalendarEvent]:
    """The comment period of a draft, and each day on which a part of the document takes effect."""
    if entry.comment_period is None and not entry.effective:  # most entries have neither
        return
    published = site.publication_day(entry)
    if published is None:  # its issue is missing, which is reported by itself
        return
    changes = [revision.date for revision in entry.revisions]
    acts = [later.act for later in acts_on(entry, site)]
    changes += [a.published for a in acts if a.deed in (Deed.EXTEND, Deed.WITHDRAW)]
    withdrawn = any(act.deed is Deed.WITHDRAW for act in acts)
    event = partial(CalendarEvent, address=entry.address, concerns=entry.issuers)
    period = comment_days(entry, site)
    if period:
        uid, title = event_id(entry, "comments", site), f"徵求意見：{entry.title}"
        yield event(
            uid=uid,
            title=title,
            first=period[0],
            last=period[1],
            updated=max([published, *changes]),
            sequence=len(changes),
            cancelled=withdrawn,
        )
    for place, effective in enumerate(entry.effective):
        day: dt.date | None = first_day(effective, entry, site)
        if day:
            uid = event_id(entry, f"effect-{place + 1}", site)
            title = f"生效：{entry.title}" + (f"（{effective.scope}）" if effective.scope else "")
            # a document that ended by then never took effect; one that ends later did
            ends = [
                act.published for act in acts if act.deed in _ENDS and act.day and act.day <= day
            ]
            yield event(
                uid=uid,
                title=title,
                first=day,
                last=day,
                updated=max([published, *changes, *ends]),
                sequence=len(changes) + len(ends),
                cancelled=withdrawn or bool(ends),
            )


def gazette_calendar(
    entries: Sequence[GazetteEntry], site: Site, page: str, name: str = "", title: str = ""
) -> Calendar:
    """The calendar of entries: of all, or of a category with its name and title."""
    whole = f"{site.settings.gazette.name}：意見期間與生效日"
    return calendar_of(name or ENTRY_KIND, title or whole, entries, site, page=page)
