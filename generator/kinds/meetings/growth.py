"""What a meeting may not lose once it is published: its directives, and the days set first.

Agenda, minutes and reports are added for weeks, each with its own day, and need no note of a
revision; so a meeting's changes are looked at here alone.  A note, which may be about anything
else, excuses nothing of this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.content.findings import rule_problem
from generator.content.model import Problem
from generator.kinds.meetings.meeting import Meeting
from generator.text.dates import iso


def noted_directives(meeting: Meeting) -> Mapping[str, str]:
    """The first due day of each directive, by its id; confidential ones are not noted."""
    return {d.id: iso(d.due) for d in meeting.directives if not d.confidential}


def broken_promises(meeting: Meeting, before: Mapping[str, str]) -> Iterator[Problem]:
    """Published directives that are gone, or whose first day was changed."""
    directives = {directive.id: place for place, directive in enumerate(meeting.directives)}
    for name, due in before.items():
        if name not in directives:
            yield rule_problem("directive-gone", meeting, "directives", value=name)
            continue
        place = directives[name]
        day = iso(meeting.directives[place].due)
        if day != due:
            path = f"directives.{place}.due"
            values = {"value": day or "—", "before": due or "—", "name": name}
            yield rule_problem("directive-moved", meeting, path, **values)
