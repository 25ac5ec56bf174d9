"""Calendars: what the program writes, another library reads; the same content, the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar as ReadCalendar
from sample_meeting import FILE, MEETING, SETTINGS
from sample_sites import (
    AS_OF,
    MINIMAL,
    ScratchSite,
    examine_folder,
    files_below,
    sample_site,
)

from generator.build.options import Options
from generator.content.model import Calendar, CalendarEvent
from generator.output.formats.ics import WIDTH, folded, ics
from generator.output.plugins import all_views
from generator.site.kind import Site
from generator.site.plan import plan_lists, shown
from generator.text.dates import TAIPEI

ENTRY = "gazette/105/105-001/01.yaml"
LATER = "gazette/105/105-002/01.yaml"
ISSUE = "gazette/105/105-002/issue.yaml"
DRAFT = "comment_period: {starts_on: 105-01-07, ends_on: 105-03-07, days: 60}\n"


def full_site_of(day: date = AS_OF) -> Site:
    """The full sample as it is shown on a day, even one before its required pages are out."""
    site = sample_site("full")
    return shown(replace(site, as_of=day), draft=False)


def calendars(content: Path, day: date = AS_OF) -> Mapping[str, bytes]:
    """The calendars of a content, by name."""
    examined = examine_folder(content, day)
    assert examined.site is not None, examined.problems
    site = shown(examined.site, draft=False)
    planned = plan_lists(site, all_views()).calendars
    return {calendar.name: ics(calendar, site.settings).content for calendar in planned}


def events(content: bytes) -> dict[str, Any]:
    """The events of a calendar by their ids, as the other library reads them."""
    read: Any = ReadCalendar.from_ical(content)
    return {str(event["UID"]): event for event in read.walk("VEVENT")}


def test_all_calendars_of_the_full_sample_are_read(full_site: Options) -> None:
    """Each file has as many events as planned, with the days of their records."""
    planned = {c.address: c for c in plan_lists(full_site_of(), all_views()).calendars}
    files = {n: p for n, p in files_below(full_site.site).items() if n.startswith("calendars/")}
    assert sorted(files) == sorted(planned)
    assert len(files) == 8
    for address, path in files.items():
        content = path.read_bytes()
        assert max(map(len, content.split(b"\r\n"))) <= WIDTH
        assert content.replace(b"\r\n", b"").count(b"\n") == 0
        read = events(content)
        assert len(read) == len(planned[address].events) > 0
        for event in planned[address].events:
            seen = read[event.uid]
            assert str(seen["SUMMARY"]) == event.title
            assert int(seen["SEQUENCE"]) == event.sequence
            assert (str(seen["STATUS"]) == "CANCELLED") is event.cancelled
            if not event.starts:
                assert seen["DTSTART"].dt == event.first
                assert seen["DTEND"].dt == event.last + timedelta(days=1)
            page = str(seen["URL"]).removeprefix("https://example.org/gongbao/").partition("#")[0]
            assert (full_site.site / page / "index.html").is_file()


def test_calendars_agree_with_the_table_of_directives() -> None:
    """Each due day of the table stands in the calendar, under the state of its row."""
    site = full_site_of()
    planned = plan_lists(site, all_views())
    (table,) = (d for d in planned.datasets if d.address == "data/directives")
    rows = [dict(zip((n for n, _ in table.columns), row, strict=True)) for row in table.rows]
    (meetings,) = (c for c in planned.calendars if c.name == "meetings")
    due = {e.uid: e for e in meetings.events if "/directive-" in e.uid}
    dated = [row for row in rows if row["due_now"]]
    assert len(dated) == len(due) == 8
    for row in dated:
        event = due[f"meetings/{row['meeting']}/directive-{row['id']}@test-city"]
        assert event.first.isoformat() == row["due_now"]
        assert event.cancelled is (row["state"] == "停止列管")
        revised = row["meeting"] == "council-201"  # once, a week after its minutes
        assert event.sequence == int(row["extensions"]) + bool(row["closed_on"]) + revised
    (culture,) = (c for c in planned.calendars if c.name == "agency-culture")
    concerned = [r for r in dated if "文化局" in r["owner"] + r["helpers"]]
    own = [e for e in culture.events if "/directive-" in e.uid]
    assert len(own) == len(concerned) == 4


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2015, 12, 21), (date(2015, 12, 31), 0)),
        (date(2015, 12, 22), (date(2016, 3, 31), 1)),
        (date(2016, 3, 25), (date(2016, 6, 30), 2)),
    ],
)
def test_an_extension_raises_the_sequence(day: date, state: tuple[date, int]) -> None:
    """The same id, a later day: programs that subscribed move what they have."""
    planned = plan_lists(full_site_of(day), all_views()).calendars
    (meetings,) = (c for c in planned if c.name == "meetings")
    (event,) = (e for e in meetings.events if e.uid.startswith("meetings/council-203/directive-01"))
    assert (event.first, event.sequence) == state


def test_ids_stay_under_another_title(scratch_site: ScratchSite) -> None:
    """A corrected title changes an event and not its id; nothing else changes between two runs."""
    files = {"site.yaml": SETTINGS, FILE: MEETING}
    before = calendars(scratch_site(files))["meetings"]
    assert calendars(scratch_site(files))["meetings"] == before
    note = "revisions: [{date: 105-02-01, note: 更正名稱。}]\n"
    text = MEETING.replace("第236次市政會議", "第二三六次市政會議") + note
    after = events(calendars(scratch_site({**files, FILE: text}))["meetings"])
    assert list(after) == list(events(before))
    (meeting, _) = after.values()
    assert str(meeting["SUMMARY"]) == "第二三六次市政會議"
    assert int(meeting["SEQUENCE"]) == 1


def test_a_withdrawn_entrys_deadline_is_cancelled(scratch_site: ScratchSite) -> None:
    """The period of a draft that a later entry withdraws; before, one that it extends moves."""
    draft = MINIMAL[ENTRY] + DRAFT
    first = events(calendars(scratch_site({ENTRY: draft}))["gazette"])
    uid = next(uid for uid in first if "/comments@" in uid)
    assert first[uid]["DTEND"].dt == date(2016, 3, 8)
    assert (str(first[uid]["STATUS"]), int(first[uid]["SEQUENCE"])) == ("CONFIRMED", 0)
    later = MINIMAL[ENTRY].replace("0001號", "0002號")
    for relation, status, end in (
        ("{type: withdraws, target: 105-001-01}", "CANCELLED", date(2016, 3, 8)),
        ("{type: extends, target: 105-001-01, until: 105-03-31}", "CONFIRMED", date(2016, 4, 1)),
    ):
        text = f"{later}relations: [{relation}]\n"
        issue = "publication_date: 105-02-02\n"
        content = scratch_site({ENTRY: draft, LATER: text, ISSUE: issue})
        event = events(calendars(content)["gazette"])[uid]
        assert (str(event["STATUS"]), int(event["SEQUENCE"])) == (status, 1)
        assert event["DTEND"].dt == end


@pytest.mark.parametrize(
    ("day", "state"),
    [("105-01-12", (0, date(2016, 1, 12))), ("105-01-20", (1, date(2016, 1, 20)))],
)
def test_a_corrected_directive_raises_the_sequence(
    day: str, state: tuple[int, date], scratch_site: ScratchSite
) -> None:
    """A revision after the minutes is a change of the due day's words, one with them is none."""
    text = f"{MEETING}revisions: [{{date: {day}, note: 改正裁示事項文字}}]\n"
    content = scratch_site({"site.yaml": SETTINGS, FILE: text})
    read = events(calendars(content)["meetings"])
    event = read["meetings/council-236/directive-01@small-city"]
    stamp = event["DTSTAMP"].dt.astimezone(TAIPEI).date()
    assert (int(event["SEQUENCE"]), stamp) == state


@pytest.mark.parametrize(
    ("relation", "day", "state"),
    [
        ("type: repeals", "105-06-30", ("CANCELLED", 1, date(2016, 2, 2))),
        ("type: repeals", "105-07-01", ("CANCELLED", 1, date(2016, 2, 2))),
        ("type: replaces", "105-02-02", ("CANCELLED", 1, date(2016, 2, 2))),
        ("type: withdraws", "105-02-02", ("CANCELLED", 1, date(2016, 2, 2))),
        ("type: repeals", "105-07-02", ("CONFIRMED", 0, date(2016, 1, 5))),
        ("type: repeals, articles: [第三條]", "105-02-02", ("CONFIRMED", 0, date(2016, 1, 5))),
        ("type: amends", "105-02-02", ("CONFIRMED", 0, date(2016, 1, 5))),
    ],
)
def test_a_document_that_ends_first_takes_no_effect(
    relation: str, day: str, state: tuple[str, int, date], scratch_site: ScratchSite
) -> None:
    """Its day is cancelled; a later end, or that of an article, leaves the day alone."""
    rule = MINIMAL[ENTRY].replace("category: other", "category: rule")
    rule += "effective: [{date: 105-07-01}]\n"
    later = rule.replace("0001號", "0002號").replace("105-07-01", day)
    files = {
        ENTRY: rule,
        LATER: f"{later}relations: [{{{relation}, target: 105-001-01}}]\n",
        ISSUE: "publication_date: 105-02-02\n",
    }
    read = events(calendars(scratch_site(files))["gazette"])
    event = read["gazette/105-001-01/effect-1@small-city"]
    seen = event["DTSTAMP"].dt.astimezone(TAIPEI).date()
    assert (str(event["STATUS"]), int(event["SEQUENCE"]), seen) == state


def one(**values: object) -> bytes:
    """The file of a calendar with one event."""
    site = full_site_of()
    about = {
        "uid": "a@b",
        "title": "會議",
        "first": date(2016, 1, 5),
        "last": date(2016, 1, 5),
        "address": "meetings/",
        "updated": date(2016, 1, 1),
    }
    event = CalendarEvent(**{**about, **values})  # type: ignore[arg-type]  # as the caller types it
    made = Calendar(name="test", title="測試", page="meetings/", events=(event,))
    return ics(made, site.settings).content


def test_a_calendar_promises_no_method() -> None:
    """The method that publishes wants an organizer in every event, which none of ours has."""
    read: Any = ReadCalendar.from_ical(one())
    assert [name for name in ("METHOD", "ORGANIZER") if name in read] == []
    assert "ORGANIZER" not in next(iter(events(one()).values()))


def test_hours_are_those_of_taiwan() -> None:
    """Nine in Taipei is one in UTC, and half past seven the day before."""
    (event,) = events(one(starts="09:00", ends="10:30")).values()
    assert event["DTSTART"].dt == datetime(2016, 1, 5, 1, 0, tzinfo=UTC)
    assert event["DTEND"].dt == datetime(2016, 1, 5, 2, 30, tzinfo=UTC)
    (event,) = events(one(starts="07:30")).values()
    assert event["DTSTART"].dt == datetime(2016, 1, 4, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "甲、乙；丙，丁" * 30,
        "a,b;c\\d\\ne",
        "第一行\n第二行",
        "𠮷" * 60,
        "e\N{COMBINING ACUTE ACCENT}" * 70,
        "x" * 74 + "；",
        "BEGIN:VEVENT\r\nEND:VCALENDAR",
    ],
)
def test_any_text_comes_back(text: str) -> None:
    """Through escapes and folds, and no line is too long or ends within a character."""
    content = one(title=text, note=text, place=text)
    for line in content.split(b"\r\n"):
        assert len(line) <= WIDTH
        line.decode()
    (event,) = events(content).values()
    expected = text.replace("\r\n", "\n")
    assert [str(event[name]) for name in ("SUMMARY", "DESCRIPTION", "LOCATION")] == [expected] * 3


def test_lines_are_folded_at_75_bytes() -> None:
    """Exactly 75 stay whole; of what follows the first byte of a line is a blank."""
    assert folded("x" * 75) == "x" * 75
    assert folded("x" * 76) == "x" * 75 + "\r\n x"
    assert folded("號" * 26) == "號" * 25 + "\r\n 號"
    assert folded("x" + "號" * 25) == "x" + "號" * 24 + "\r\n 號"


def test_personal_entries_are_in_no_calendar(scratch_site: ScratchSite) -> None:
    """Calendars are copied to phones, where nothing expires."""
    personal = "personal_data: true\nnonce: 00112233445566778899aabbccddeeff\n"
    text = f"{MINIMAL[ENTRY]}{DRAFT}{personal}expires_on: 105-12-31\n"
    assert "gazette" in calendars(scratch_site({ENTRY: MINIMAL[ENTRY] + DRAFT}))
    assert "gazette" not in calendars(scratch_site({ENTRY: text}))
