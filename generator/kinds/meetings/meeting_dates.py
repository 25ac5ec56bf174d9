"""The dates of meetings and the due days of directives, for calendars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from generator.content.model import Calendar, CalendarEvent
from generator.content.settings import Body
from generator.kinds.meetings.directive import Directive
from generator.kinds.meetings.meeting import INDEX, Meeting
from generator.kinds.meetings.pages import (
    KIND,
    LABEL,
    body_address,
    body_feed,
    body_title,
    directive_address,
)
from generator.site.calendars import calendar_of, event_id
from generator.site.kind import Site
from generator.text.dates import roc
from generator.text.markdown import gist

_TITLE = 60
"""The most characters of a directive's text in the title of its day."""


def meeting_events(meeting: Meeting, site: Site) -> Iterator[CalendarEvent]:
    """The meeting itself, and the day by which each of its directives is due."""
    called_off = meeting.cancelled
    changes = [revision.date for revision in meeting.revisions]
    changes += [called_off.date] if called_off else []
    yield CalendarEvent(
        uid=event_id(meeting, "meeting", site),
        title=f"{meeting.title}（取消）" if called_off else meeting.title,
        first=meeting.date,
        last=meeting.date,
        starts=meeting.starts,
        ends=meeting.ends if meeting.starts else "",
        place=meeting.venue,
        note=called_off.reason if called_off else "",
        address=meeting.address,
        updated=max([meeting.first_day, *changes]),
        sequence=len(changes),
        cancelled=called_off is not None,
    )
    for directive in meeting.directives:
        if directive.due_now:
            yield _due_event(directive, directive.due_now, meeting, site)


def _due_event(directive: Directive, due: dt.date, meeting: Meeting, site: Site) -> CalendarEvent:
    """A due day; extensions move it, and the end of the directive is a change too.

    A revision after the minutes may have corrected any text of theirs, so that it counts for all.
    """
    minuted = meeting.minutes.published_on if meeting.minutes else meeting.date
    changes = [extension.date for extension in directive.extensions]
    changes += [directive.closed_on] if directive.closed_on else []
    changes += [revision.date for revision in meeting.revisions if revision.date > minuted]
    owner = site.title_on(directive.owner, meeting.date)
    reasons = (f"{roc(e.date)}展延至{roc(e.to)}：{e.reason}" for e in directive.extensions)
    ends = {"done": "已完成", "dropped": "停止列管"}
    last = directive.reports[-1].text if directive.closed and directive.reports else ""
    end = f"{ends[directive.state]}：{last}" if directive.closed else ""
    notes = (f"{body_title(meeting, site)}裁示，{owner}主辦", directive.text, *reasons, end)
    return CalendarEvent(
        uid=event_id(meeting, f"directive-{directive.id}", site),
        title=f"辦理期限：{gist(directive.text, _TITLE)}",
        first=due,
        last=due,
        note="\n".join(filter(None, notes)),
        address=directive_address(directive, meeting),
        updated=max([minuted, *changes]),
        sequence=len(changes),
        cancelled=directive.state == "dropped",
        concerns=(directive.owner, *directive.helpers),
    )


def meeting_calendars(site: Site) -> Iterator[Calendar]:
    """That of all meetings with the due days, and that of each body."""
    yield all_meetings(site)
    for body in site.settings.bodies:
        yield body_calendar(body, site)


def all_meetings(site: Site) -> Calendar:
    """The calendar of all meetings and due days."""
    return calendar_of(KIND, f"{LABEL}與裁示事項", site.archive.of(Meeting), site, page=INDEX)


def body_calendar(body: Body, site: Site) -> Calendar:
    """The calendar of a body's meetings and their due days."""
    own = [meeting for meeting in site.archive.of(Meeting) if meeting.body == body.id]
    return calendar_of(body_feed(body.id), body.title, own, site, page=body_address(body.id))
