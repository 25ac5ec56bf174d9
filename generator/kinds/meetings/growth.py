"""What a meeting may not lose once it is published: its directives, and the days set first.

Agenda, minutes and reports are added for weeks, each with its own day, and need no note of a
revision; so a meeting's changes are looked at here alone.  Nothing that was published goes, and
first due days stay, whatever a note says; words and other days may be corrected with a note.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping

from generator.content.findings import rule_problem, rule_warning
from generator.content.model import Problem
from generator.kinds.meetings.directive import Directive
from generator.kinds.meetings.meeting import Meeting
from generator.text.dates import iso, roc_typed

_DAY = "meeting date"
"""The name of the meeting's own day; ids of directives have no space."""
_LISTS = ("extensions", "reports")
_DIGEST = 16


def noted_directives(meeting: Meeting) -> Mapping[str, str]:
    """The meeting's day and each directive in short form, by its id; no confidential ones."""
    return {_DAY: iso(meeting.date), **{d.id: _short_form(d) for d in _open(meeting).values()}}


def _open(meeting: Meeting) -> dict[int, Directive]:
    """The directives that are not confidential, by place."""
    return {place: d for place, d in enumerate(meeting.directives) if not d.confidential}


def _short_form(directive: Directive) -> str:
    """First due day, digest of owner and text, days of extensions, days of reports."""
    words = f"{directive.owner.id}\n{directive.text}".encode()
    extensions = ",".join(f"{iso(e.date)}/{iso(e.to)}" for e in directive.extensions)
    reports = ",".join(iso(report.date) for report in directive.reports)
    digest = hashlib.sha256(words).hexdigest()[:_DIGEST]
    return " ".join((iso(directive.due), digest, extensions, reports))


def _pairs(
    meeting: Meeting, before: Mapping[str, str]
) -> Iterator[tuple[str, str, list[str], list[str]]]:
    """Each directive that is still there: id, path, fields as published, fields now.

    A memory of earlier programs has the first due day alone.
    """
    for place, directive in _open(meeting).items():
        if directive.id in before:
            fields = before[directive.id].split(" "), _short_form(directive).split(" ")
            yield directive.id, f"directives.{place}", *fields


def broken_promises(meeting: Meeting, before: Mapping[str, str]) -> Iterator[Problem]:
    """Published directives that are gone, lost an extension or report, or have another due day."""
    names = {directive.id for directive in _open(meeting).values()}
    for name in before:
        if name not in names and name != _DAY:
            yield rule_problem("directive-gone", meeting, "directives", value=name)
    for name, path, (due, *former), (day, *current) in _pairs(meeting, before):
        if day != due:
            values = {"value": _typed(day), "before": _typed(due), "name": name}
            yield rule_problem("directive-moved", meeting, f"{path}.due", **values)
        for field, old, new in zip(_LISTS, former[1:], current[1:], strict=False):
            counts = len(_days(new)), len(_days(old))
            if counts[0] < counts[1]:
                values = {"name": name, "value": str(counts[0]), "before": str(counts[1])}
                yield rule_problem("directive-gone", meeting, f"{path}.{field}", "part", **values)


def silent_changes(meeting: Meeting, before: Mapping[str, str]) -> Iterator[Problem]:
    """What may change with a note of a revision: the meeting's day, words, days in lists."""
    if before.get(_DAY, iso(meeting.date)) != iso(meeting.date):
        yield rule_warning("revision-missing", meeting, "date")
    for name, path, (_, *former), (_, *current) in _pairs(meeting, before):
        if former and former[0] != current[0]:
            yield rule_warning("revision-missing", meeting, f"{path}.text")
        for field, old, new in zip(_LISTS, former[1:], current[1:], strict=False):
            # what is new stands at the end, and what is missing there is told by itself
            pairs = zip(_days(old), _days(new), strict=False)
            changed = next(((a, b) for a, b in pairs if a != b), None)
            if changed:
                values = {"name": name, "before": _typed(changed[0]), "value": _typed(changed[1])}
                yield rule_problem("directive-moved", meeting, f"{path}.{field}", "part", **values)


def _typed(entry: str) -> str:
    """A day, or the two of an extension, as editors write them; a dash for none."""
    days = (roc_typed(dt.date.fromisoformat(day)) for day in entry.split("/") if day)
    return "/".join(days) or "—"


def _days(field: str) -> list[str]:
    return field.split(",") if field else []
