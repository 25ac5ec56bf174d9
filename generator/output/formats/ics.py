"""Writes planned calendars as iCalendar (RFC 5545, with the names of RFC 7986).

The library `icalendar` takes a second for a thousand events and half a second to load, which a
build without a new event would pay as well; the form is small, and tests read it with libraries.
Hours are written in UTC, so that no rules of a time zone are needed: Taiwan has had none of its own
since 1979.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from generator.content.model import Artifact, Calendar, CalendarEvent
from generator.content.settings import Settings
from generator.text.dates import TAIPEI
from generator.text.urls import absolute

WIDTH = 75
"""The most bytes of a line, without its end."""
_DAY = timedelta(days=1)
_ESCAPED = re.compile(r"[\\;,]")
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def ics(calendar: Calendar, settings: Settings) -> Artifact:
    """A calendar's file."""
    lines = (*_head(calendar, settings), *_events(calendar, settings), "END:VCALENDAR")
    content = "".join(f"{folded(line)}\r\n" for line in lines)
    return Artifact(address=calendar.address, content=content.encode())


def _head(calendar: Calendar, settings: Settings) -> Iterator[str]:
    base_url = settings.base_url
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Gongbao//Gongbao//ZH")
    # no METHOD: the one for publishing wants an organizer in every event (RFC 5546, 3.2.1)
    yield "CALSCALE:GREGORIAN"
    name = escaped(f"{calendar.title}｜{settings.title}")
    yield from (f"NAME:{name}", f"X-WR-CALNAME:{name}", "X-WR-TIMEZONE:Asia/Taipei")
    yield f"URL:{absolute(base_url, calendar.page)}"
    yield f"SOURCE;VALUE=URI:{absolute(base_url, calendar.address)}"
    yield from ("REFRESH-INTERVAL;VALUE=DURATION:P1D", "X-PUBLISHED-TTL:P1D")


def _events(calendar: Calendar, settings: Settings) -> Iterator[str]:
    for event in calendar.events:
        yield "BEGIN:VEVENT"
        yield f"UID:{escaped(event.uid)}"
        stamp = _moment(event.updated, "00:00")
        yield f"DTSTAMP:{stamp}"
        yield f"LAST-MODIFIED:{stamp}"
        yield f"SEQUENCE:{event.sequence}"
        yield from _when(event)
        yield f"SUMMARY:{escaped(event.title)}"
        if event.note:
            yield f"DESCRIPTION:{escaped(event.note)}"
        if event.place:
            yield f"LOCATION:{escaped(event.place)}"
        yield f"URL:{absolute(settings.base_url, event.address)}"
        yield f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}"
        yield "END:VEVENT"


def _when(event: CalendarEvent) -> Iterator[str]:
    """The days or the hours; the end of days is the day after, which does not belong to them."""
    if event.starts:
        yield f"DTSTART:{_moment(event.first, event.starts)}"
        if event.ends:
            yield f"DTEND:{_moment(event.last, event.ends)}"
        return
    yield f"DTSTART;VALUE=DATE:{event.first:%Y%m%d}"
    if event.last < date.max:
        yield f"DTEND;VALUE=DATE:{event.last + _DAY:%Y%m%d}"
    yield "TRANSP:TRANSPARENT"


def _moment(day: date, clock: str) -> str:
    """A time of day in Taiwan, in UTC."""
    moment = datetime.combine(day, time.fromisoformat(clock), TAIPEI)
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """A text as a value; line breaks are two characters, and controls are left out."""
    plain = _ESCAPED.sub(r"\\\g<0>", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _UNSAFE.sub("", plain.replace("\n", r"\n"))


def folded(line: str) -> str:
    """A line broken so that no part has more than 75 bytes, and no character is cut."""
    if len(line.encode()) <= WIDTH:
        return line
    parts, part, size = list[str](), list[str](), 0
    for character in line:
        width = len(character.encode())
        if size + width > WIDTH:
            parts.append("".join(part))
            part, size = [" "], 1
        part.append(character)
        size += width
    return "\r\n".join((*parts, "".join(part)))
