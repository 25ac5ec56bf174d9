"""Plans calendars and their events; `output/formats/ics.py` writes them.

Everything about an event comes from its record, so that a fresh clone writes the same bytes: its
id from the record's, its sequence from the dated changes that the record holds.
"""

from __future__ import annotations

from collections.abc import Iterable

from generator.content.model import Calendar, Ref
from generator.content.record import Record
from generator.site.kind import Site

LENGTH = 500
"""The most events of a calendar: those of the newest days."""


def calendar_of(
    name: str,
    title: str,
    records: Iterable[Record],
    site: Site,
    *,
    page: str,
    concerning: Ref | None = None,
) -> Calendar:
    """A calendar of the events of records; with `concerning`, only of those that name it."""
    eventful = {kind.name for kind in site.kinds if kind.events}
    chosen = (
        event
        for record in records
        if record.kind in eventful
        for event in site.events(record)
        if concerning is None or concerning in event.concerns
    )
    ordered = sorted(chosen, key=lambda event: (event.first, event.uid))
    return Calendar(name=name, title=title, page=page, events=tuple(ordered[-LENGTH:]))


def event_id(record: Record, part: str, site: Site) -> str:
    """The id of an event, which stays the same under another title, day or address."""
    return f"{record.kind}/{record.id}/{part}@{site.settings.publisher.id}"


def links_to(*calendars: Calendar) -> tuple[tuple[str, str], ...]:
    """Titles and addresses of those calendars that the site has: those with events."""
    return tuple((calendar.title, calendar.address) for calendar in calendars if calendar.events)
