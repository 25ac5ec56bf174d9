"""The kind of meetings: pages, lists by year and body, feeds, tables, and the page in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from msgspec import structs

from generator.content.model import Feed, FeedGroup, FeedItem, Page
from generator.kinds.meetings.directive_pages import (
    DIRECTIVES,
    block_of,
    directive_lists,
    directive_table,
)
from generator.kinds.meetings.growth import broken_promises, noted_directives, silent_changes
from generator.kinds.meetings.meeting import INDEX, SESSIONS_EN, Meeting, public_part
from generator.kinds.meetings.meeting_dates import (
    all_meetings,
    body_calendar,
    meeting_calendars,
    meeting_events,
)
from generator.kinds.meetings.pages import (
    KIND,
    LABEL,
    body_address,
    body_feed,
    body_title,
    description,
    meeting_body,
    meeting_lists,
    meeting_page,
)
from generator.kinds.meetings.rules import body_of, meeting_rules, number_rules
from generator.site.english import said_of
from generator.site.facts import Fact, Said, as_typed, said
from generator.site.feed_items import feed_of, record_item
from generator.site.kind import (
    URL,
    Column,
    English,
    Kind,
    SearchFields,
    Section,
    Site,
    Start,
    attribute,
    days,
    named_start,
)
from generator.text.dates import iso, roc_typed, year_folder


def _listings(site: Site) -> Iterator[Page]:
    whole, bodies = all_meetings(site), site.settings.bodies
    yield from meeting_lists(site, whole, {body.id: body_calendar(body, site) for body in bodies})
    yield from directive_lists(site, whole)


def _item(meeting: Meeting, site: Site) -> FeedItem:
    body = partial(meeting_body, meeting)
    return record_item(meeting, site, "meeting-body.html", body, description(meeting, site))


def _feeds(site: Site) -> Iterator[Feed]:
    meetings = site.archive.of(Meeting)
    yield feed_of(KIND, LABEL, meetings, site, page=INDEX, description="各項會議最新內容")
    for body in site.settings.bodies:
        own = [meeting for meeting in meetings if meeting.body == body.id]
        page, about = body_address(body.id), f"{body.title}最新內容"
        feed = feed_of(body_feed(body.id), body.title, own, site, page=page, description=about)
        yield structs.replace(feed, group=FeedGroup.BODY)


def _search_fields(meeting: Meeting, site: Site) -> SearchFields:
    owners = dict.fromkeys(directive.owner for directive in meeting.directives)
    names = tuple(site.title_on(ref, meeting.date) for ref in owners)
    return SearchFields(category=body_title(meeting, site), agencies=names)


def _facts(meeting: Meeting, site: Site) -> Iterator[Fact]:
    body = body_of(meeting, site)
    yield Fact(name="when", values=(Said(day=meeting.date),))
    if body:
        yield Fact(name="body", values=(said(body.title_en, body.title),))
    session = SESSIONS_EN[meeting.session or "regular"]
    status = "Cancelled" if meeting.cancelled else session
    yield Fact(name="session", values=(Said(text=status),))
    yield Fact(name="venue", values=(as_typed(meeting.venue),) if meeting.venue else ())
    present = tuple(said_of(ref, meeting.date, site) for ref in meeting.present)
    yield Fact(name="attended", values=present)


def _marks(meeting: Meeting, site: Site) -> tuple[str, ...]:
    body = body_of(meeting, site)
    return (body.title_en if body else "", "Cancelled" if meeting.cancelled else "")


def _start(site: Site, name: str) -> Start:
    bodies = site.settings.bodies
    values = {"date": roc_typed(site.as_of), "body": bodies[0].id if bodies else ""}
    return named_start(name, f"meetings/{year_folder(site.as_of)}", "yaml", values)


def _categories(meeting: Meeting, site: Site) -> tuple[str, ...]:
    return (LABEL, body_title(meeting, site), f"{meeting.year}年")


KINDS = (
    Kind(
        name=KIND,
        label=LABEL,
        label_en="Meetings",
        record_type=Meeting,
        pattern=re.compile(r"meetings/(?P<year>[0-9]{2,3})/(?P<id>[a-z0-9]+(?:-[a-z0-9]+)*)\.yaml"),
        glob="meetings/*/*.yaml",
        order=lambda meeting: (meeting.body, meeting.date, meeting.id),
        published=lambda meeting, _: meeting.first_day,
        public=public_part,
        section=Section(
            address=INDEX,
            rank=15,
            intro="議程、紀錄與裁示事項",
            intro_en="Agendas, minutes and directives",
        ),
        rules=(meeting_rules,),
        site_rules=(number_rules,),
        day_of_names=lambda meeting: meeting.date,
        page=meeting_page,
        start=_start,
        search_fields=_search_fields,
        listings=_listings,
        folders=(DIRECTIVES,),
        feed_item=_item,
        feeds=_feeds,
        events=meeting_events,
        calendars=meeting_calendars,
        datasets=directive_table,
        block_of=block_of,
        mentions=lambda meeting: meeting.concerned,
        categories=_categories,
        noted=noted_directives,
        silent=silent_changes,
        breaches=broken_promises,
        grows=True,
        english=English(
            facts=_facts,
            day=lambda meeting, _: meeting.date,
            marks=_marks,
            words=lambda site: ((body.title, body.title_en) for body in site.settings.bodies),
        ),
        columns=(
            attribute("id", "代碼"),
            attribute("title", "會議名稱"),
            Column(name="body", title="召開單位", value=body_title),
            Column(
                name="number",
                title="次數",
                value=lambda m, _: "" if m.number is None else str(m.number),
            ),
            Column(name="session", title="會議性質", value=lambda m, _: m.session_name),
            days("date", "日期"),
            attribute("starts", "開始時間"),
            attribute("venue", "地點"),
            attribute("chair", "主席"),
            Column(name="items", title="議案數", value=lambda m, _: str(len(m.items))),
            Column(
                name="directives", title="裁示事項數", value=lambda m, _: str(len(m.directives))
            ),
            Column(
                name="agenda_on",
                title="議程公開日期",
                value=lambda m, _: iso(m.agenda and m.agenda.published_on),
            ),
            Column(
                name="minutes_on",
                title="紀錄公開日期",
                value=lambda m, _: iso(m.minutes and m.minutes.published_on),
            ),
            Column(
                name="cancelled_on",
                title="取消日期",
                value=lambda m, _: iso(m.cancelled and m.cancelled.date),
            ),
            URL,
        ),
    ),
)
