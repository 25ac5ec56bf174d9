"""The pages of meetings: one for each, a list by year, a list for each body."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from msgspec import Struct, structs

from generator.content.model import About, Breadcrumb, Calendar, Page, Ref
from generator.content.record import Record
from generator.content.settings import Body
from generator.kinds.meetings.directive import Directive
from generator.kinds.meetings.meeting import INDEX, PARTS, AgendaItem, Meeting
from generator.kinds.meetings.rules import body_of
from generator.site.calendars import links_to
from generator.site.kind import Site
from generator.site.listing import Listing, Row, yearly_pages
from generator.site.page_metadata import organization, stated
from generator.text.dates import iso
from generator.text.markdown import gist

KIND = "meetings"
LABEL = "會議"


class ItemGroup(Struct, frozen=True, kw_only=True):
    """The items of one part of the agenda, in the order typed."""

    title: str
    items: tuple[AgendaItem, ...]


def body_title(meeting: Meeting, site: Site) -> str:
    """The name of the body that met."""
    body = body_of(meeting, site)
    return body.title if body else meeting.body


def body_feed(body_id: str) -> str:
    """The name of a body's feed and calendar."""
    return f"{KIND}-{body_id}"


def body_address(body_id: str) -> str:
    """The address of a body's list."""
    return f"{INDEX}body/{body_id}/"


def meeting_page(meeting: Meeting, site: Site) -> Page:
    """The page of a meeting."""
    before, after = site.archive.neighbours(meeting)
    title = body_title(meeting, site)
    return Page(
        address=meeting.address,
        template="meeting.html",
        title=meeting.title,
        description=description(meeting, site),
        updated=site.updated(meeting),
        breadcrumbs=(
            site.crumb(KIND),
            Breadcrumb(title=title, address=body_address(meeting.body)),
        ),
        feeds=(KIND, body_feed(meeting.body)),
        source=meeting.origin.path,
        about=_about(meeting, site),
        context={
            **meeting_body(meeting),
            "live": True,
            "body_title": title,
            "body_address": body_address(meeting.body),
            "attended": tuple(_attended(meeting, site)),
            # the kind's order is by body, so that only a neighbour of another body is left out
            "before": before if before and before.body == meeting.body else None,
            "after": after if after and after.body == meeting.body else None,
        },
    )


def meeting_body(meeting: Meeting) -> dict[str, object]:
    """What the body of a page or feed item is filled with; a feed says nothing of its day."""
    parts = {part: [i for i in meeting.items if i.part == part] for part in PARTS}
    groups = (ItemGroup(title=PARTS[part], items=tuple(own)) for part, own in parts.items() if own)
    return {"record": meeting, "groups": tuple(groups), "live": False}


def _attended(meeting: Meeting, site: Site) -> Iterator[tuple[str, tuple[Record, ...]]]:
    """The agencies that were present, on leave or absent, with the heading of each list."""
    lists = (
        ("出席機關", meeting.present),
        ("請假機關", meeting.on_leave),
        ("缺席機關", meeting.absent),
    )
    for title, refs in lists:
        records = linked(refs, site)
        if records:
            yield title, records


def linked(refs: Iterable[Ref], site: Site) -> tuple[Record, ...]:
    """The records behind references, without those that are not there."""
    return tuple(record for record in map(site.linked, refs) if record)


def description(meeting: Meeting, site: Site) -> str:
    """Who met when, and what about, in one line."""
    items = "；".join(item.title for item in meeting.items)
    return gist(f"{body_title(meeting, site)}，{meeting.when}。{items}", 300)


def _about(meeting: Meeting, site: Site) -> About:
    """The schema.org event; one that was called off says so."""
    hour = f"T{meeting.starts}+08:00" if meeting.starts else ""
    end = f"{iso(meeting.date)}T{meeting.ends}+08:00" if meeting.ends else ""
    status = "EventCancelled" if meeting.cancelled else "EventScheduled"
    thing = stated(
        **{"@type": "Event"},
        name=meeting.title,
        alternateName=meeting.title_en,
        startDate=f"{iso(meeting.date)}{hour}",
        endDate=end,
        eventStatus=f"https://schema.org/{status}",
        location=stated(**{"@type": "Place"}, name=meeting.venue) if meeting.venue else None,
        organizer=organization(site.settings.publisher.name),
    )
    return About(thing=thing, article=True)


def meeting_row(meeting: Meeting, site: Site) -> Row:
    """A meeting in a list."""
    marks = (
        body_title(meeting, site),
        meeting.session_name if meeting.extraordinary else "",
        "取消" if meeting.cancelled else "",
        f"裁示事項 {len(meeting.directives)} 項" if meeting.directives else "",
    )
    return Row(title=meeting.title, address=meeting.address, day=meeting.date, marks=marks)


def meeting_lists(site: Site, whole: Calendar, calendars: Mapping[str, Calendar]) -> Iterator[Page]:
    """The list of all meetings, and that of each body, by year; `calendars` are those of bodies."""
    meetings = site.archive.of(Meeting)
    # the kind's order is by body
    by_body = {key: tuple(own) for key, own in groupby(meetings, lambda meeting: meeting.body)}
    bodies = tuple(
        (body, body_address(body.id), len(by_body[body.id]))
        for body in site.settings.bodies
        if body.id in by_body
    )
    listing = Listing(
        address=INDEX,
        title=LABEL,
        crumbs=(),
        row=meeting_row,
        intro="各項會議的議程、紀錄與裁示事項",
        feeds=(KIND,),
        calendars=links_to(whole),
    )
    first, *years = yearly_pages(listing, meetings, site, lambda meeting: meeting.year)
    directed = any(meeting.directives for meeting in meetings)
    context = {**first.context, "bodies": bodies, "directed": directed}
    yield structs.replace(first, template="meetings.html", context=context)
    yield from years
    for body, address, _ in bodies:
        own = _body_listing(body, address, calendars[body.id])
        yield from yearly_pages(own, by_body[body.id], site, lambda meeting: meeting.year)


def _body_listing(body: Body, address: str, calendar: Calendar) -> Listing:
    return Listing(
        address=address,
        title=body.title,
        crumbs=(Breadcrumb(title=LABEL, address=INDEX),),
        row=meeting_row,
        intro=f"{body.title}歷次會議",
        feeds=(body_feed(body.id),),
        calendars=links_to(calendar),
    )


def directive_address(directive: Directive, meeting: Meeting) -> str:
    """The place of a directive on its meeting's page."""
    return f"{meeting.address}#directive-{directive.id}"
