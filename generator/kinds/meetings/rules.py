"""The checks of meetings: days, numbers, who came, and what is public."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from generator.content.findings import rule_problem, rule_warning
from generator.content.model import Problem
from generator.content.settings import WEEKDAYS, Body
from generator.kinds.meetings.directive import Directive
from generator.kinds.meetings.meeting import Meeting
from generator.site.kind import Site
from generator.text.dates import roc, roc_year

_WEEKDAY_NAMES = "一二三四五六日"


def meeting_rules(meeting: Meeting, site: Site) -> Iterator[Problem]:
    """The problems of a meeting by itself."""
    yield from _day_rules(meeting, site)
    yield from _paper_rules(meeting)
    yield from _attendance_rules(meeting)
    for place, item in enumerate(meeting.items):
        if item.confidential:
            yield rule_warning("meeting-confidential", meeting, f"items.{place}.confidential")
    for place, directive in enumerate(meeting.directives):
        if directive.confidential:
            yield rule_warning("meeting-confidential", meeting, f"directives.{place}.confidential")
        yield from _directive_rules(directive, f"directives.{place}", meeting)


def body_of(meeting: Meeting, site: Site) -> Body | None:
    """The body of a meeting in the settings."""
    return next((body for body in site.settings.bodies if body.id == meeting.body), None)


def _day_rules(meeting: Meeting, site: Site) -> Iterator[Problem]:
    body, weekday = body_of(meeting, site), WEEKDAYS[meeting.date.weekday()]
    usual = body.weekday if body else ""
    if usual and weekday != usual and not (meeting.extraordinary or meeting.moved):
        yield rule_warning(
            "meeting-weekday",
            meeting,
            "date",
            value=roc(meeting.date),
            weekday=_WEEKDAY_NAMES[meeting.date.weekday()],
            expected=_WEEKDAY_NAMES[WEEKDAYS.index(usual)],
            day=weekday.capitalize(),
            usual=usual.capitalize(),
        )
    if meeting.starts and meeting.ends and meeting.ends <= meeting.starts:
        values = {"value": meeting.ends, "before": meeting.starts}
        yield rule_problem("meeting-hours", meeting, "ends", **values)
    if roc_year(meeting.date) != meeting.year:
        values = {"value": str(meeting.year), "expected": str(roc_year(meeting.date))}
        yield rule_problem("folder-year", meeting, "date", **values)


def _paper_rules(meeting: Meeting) -> Iterator[Problem]:
    """Papers are public on the day of the meeting at the earliest; without a day they never are."""
    for name, papers in (("agenda", meeting.agenda), ("minutes", meeting.minutes)):
        if papers and papers.published_on < meeting.date:
            values = {"value": roc(papers.published_on), "before": roc(meeting.date)}
            yield rule_problem("papers-early", meeting, f"{name}.published_on", **values)
    if (
        meeting.agenda
        and meeting.minutes
        and (meeting.minutes.published_on < meeting.agenda.published_on)
    ):
        values = {"value": roc(meeting.minutes.published_on)}
        values["before"] = roc(meeting.agenda.published_on)
        yield rule_problem("papers-early", meeting, "minutes.published_on", "minutes", **values)
    if meeting.items and meeting.items_day is None:
        yield rule_problem("papers-undated", meeting, "items")
    minuted = ("directives", "present", "on_leave", "absent", "attendance", "summary_en")
    for name in minuted if meeting.minutes is None else ():
        if getattr(meeting, name):
            yield rule_problem("papers-undated", meeting, name, "minutes")
    for place, item in enumerate(meeting.items):
        if item.decision and meeting.minutes is None and meeting.agenda:
            yield rule_problem("papers-undated", meeting, f"items.{place}.decision", "minutes")


def _attendance_rules(meeting: Meeting) -> Iterator[Problem]:
    seen = set(meeting.present)
    for name in ("on_leave", "absent"):
        for place, ref in enumerate(getattr(meeting, name)):
            if ref in seen:
                yield rule_problem("attendance-twice", meeting, f"{name}.{place}", value=ref.id)
            seen.add(ref)


def _directive_rules(directive: Directive, path: str, meeting: Meeting) -> Iterator[Problem]:
    if directive.due and directive.due < meeting.date:
        values = {"value": roc(directive.due), "before": roc(meeting.date)}
        yield rule_problem("directive-due", meeting, f"{path}.due", **values)
    if directive.closed and not directive.reports:
        yield rule_problem("directive-unreported", meeting, f"{path}.state", value=directive.state)
    if directive.state not in ("", directive.status):
        values = {"value": directive.state, "expected": directive.status}
        yield rule_problem("directive-state", meeting, f"{path}.state", **values)
    if directive.owner in directive.helpers:
        place = directive.helpers.index(directive.owner)
        values = {"value": directive.owner.id}
        yield rule_problem("directive-helper", meeting, f"{path}.helpers.{place}", **values)
    yield from _extension_rules(directive, path, meeting)
    for name, dated in (("reports", directive.reports), ("extensions", directive.extensions)):
        days = (meeting.date, *(part.date for part in dated))
        for place, (before, day) in enumerate(pairwise(days)):
            if day < before:
                values = {"value": roc(day), "before": roc(before)}
                yield rule_problem(
                    "directive-order", meeting, f"{path}.{name}.{place}.date", **values
                )


def _extension_rules(directive: Directive, path: str, meeting: Meeting) -> Iterator[Problem]:
    """An extension moves the day it finds: there is a first day, and the directive still runs.

    One that was granted after the end would make a late directive one in time.
    """
    if directive.extensions and directive.due is None:
        yield rule_problem("extension-baseless", meeting, f"{path}.extensions")
        return
    for place, extension in enumerate(directive.extensions):
        if directive.closed_on and extension.date > directive.closed_on:
            values = {"value": roc(extension.date), "before": roc(directive.closed_on)}
            yield rule_problem(
                "extension-late", meeting, f"{path}.extensions.{place}.date", **values
            )
    days = (directive.due, *(extension.to for extension in directive.extensions))
    for place, (before, day) in enumerate(pairwise(days)):
        if before and day and day <= before:
            values = {"value": roc(day), "before": roc(before)}
            yield rule_problem(
                "extension-shorter", meeting, f"{path}.extensions.{place}.to", **values
            )


def number_rules(site: Site) -> Iterator[Problem]:
    """A number that a body gave twice, and numbers that are missing between others."""
    for body in site.settings.bodies:
        for session in ("regular", "extraordinary"):
            meetings = [
                meeting
                for meeting in site.archive.of(Meeting)
                if meeting.body == body.id and (meeting.session or "regular") == session
            ]
            yearly = body.numbering == "yearly"
            for year in sorted({meeting.year for meeting in meetings}) if yearly else [0]:
                own = [m for m in meetings if m.number and (not yearly or m.year == year)]
                yield from _sequence_rules(own)


def _sequence_rules(meetings: Sequence[Meeting]) -> Iterator[Problem]:
    ordered = sorted(meetings, key=lambda meeting: (meeting.number, meeting.date, meeting.id))
    for before, meeting in pairwise(ordered):
        first, second = before.number or 0, meeting.number or 0
        values = {"value": str(second), "before": str(first), "other": before.origin.path}
        if second == first:
            yield rule_problem("meeting-number-repeated", meeting, "number", **values)
        elif second > first + 1:
            yield rule_warning("meeting-gap", meeting, "number", **values)
        elif meeting.date < before.date:
            yield rule_warning("meeting-order", meeting, "date", **values)
