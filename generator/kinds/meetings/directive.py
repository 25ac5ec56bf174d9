"""A directive given in a meeting: who is to do what by when, and what was reported of it.

The day that was set first stays in `due` for good; each extension adds its own day and reason.
So a directive's history is read from its file alone.
"""

from __future__ import annotations

import datetime as dt
from operator import itemgetter

from generator.content.field_types import Choice, Many, Pattern, Text
from generator.content.model import Ref
from generator.content.record import Group, described, group
from generator.content.value_types import Day, Flag, Reference
from generator.text.dates import roc

CLOSED = ("done", "dropped")
STATES = {"open": "辦理中", "extended": "已展延", "done": "已完成", "dropped": "停止列管"}
_WORDS = {
    "open": "directive_open",
    "extended": "directive_extended",
    "done": "directive_done",
    "dropped": "directive_dropped",
}
"""The keys of the states in the words of the interface."""


@group
class Progress:
    """A dated report on a directive; that of a closed one says how it ended."""

    date: dt.date = described(Day(), "日期", required=True)
    text: str = described(Text(lines=True), "辦理情形", required=True)


@group
class Extension:
    """A later due day, with the day on which it was granted and the reason."""

    date: dt.date = described(Day(), "核定日期", required=True)
    to: dt.date = described(Day(), "展延至", required=True)
    reason: str = described(Text(lines=True), "原因", required=True)


@group
class Directive:
    """What an agency is to do by a day, and what became of it."""

    id: str = described(Pattern(), "代碼", "例如 01，公布後不得變更", required=True)
    text: str = described(Text(maximum=2000, lines=True), "裁示事項", required=True)
    owner: Ref = described(Reference("agencies"), "主辦機關", required=True)
    helpers: tuple[Ref, ...] = described(Many(Reference("agencies"), unique=True), "協辦機關")
    follows: Ref | None = described(
        Reference("visits"), "緣由", "巡察訪視的後續事項，寫該次訪視的代碼"
    )
    due: dt.date | None = described(Day(), "辦理期限", "原訂的期限；展延時不改，另寫 extensions")
    state: str = described(Choice(STATES), "辦理狀態", "辦結或停止列管時寫，其餘可以不寫")
    reports: tuple[Progress, ...] = described(Many(Group(Progress)), "辦理情形", "由舊到新")
    extensions: tuple[Extension, ...] = described(Many(Group(Extension)), "展延", "由舊到新")
    confidential: bool = described(Flag(), "密件", "true 時網站完全不顯示")

    @property
    def status(self) -> str:
        """The state; one that is not closed is open, or extended if it has an extension."""
        if self.state in CLOSED:
            return self.state
        return "extended" if self.extensions else "open"

    @property
    def word(self) -> str:
        """The key of the state in the words of the interface."""
        return _WORDS[self.status]

    @property
    def closed(self) -> bool:
        """Whether it is done or dropped."""
        return self.state in CLOSED

    @property
    def closed_on(self) -> dt.date | None:
        """The day of its last report, if it is closed."""
        return self.reports[-1].date if self.closed and self.reports else None

    @property
    def due_now(self) -> dt.date | None:
        """The day that the last extension set, else the first one."""
        return self.extensions[-1].to if self.extensions else self.due

    @property
    def history(self) -> tuple[tuple[dt.date, str], ...]:
        """Reports and extensions in words, by day; what ended a directive stands last."""
        days = [self.due, *(extension.to for extension in self.extensions)]
        moves = [
            (e.date, f"期限由{roc(before)}展延至{roc(e.to)}：{e.reason}")
            for before, e in zip(days, self.extensions, strict=False)
            if before
        ]
        return tuple(sorted([*moves, *((r.date, r.text) for r in self.reports)], key=itemgetter(0)))

    def overdue(self, day: dt.date) -> bool:
        """Whether it is not closed although its day is past."""
        due = self.due_now
        return not self.closed and due is not None and due < day

    @property
    def in_time(self) -> bool | None:
        """Whether it was done by its day; None if it is not done or has no day."""
        due, done = self.due_now, self.closed_on
        return done <= due if self.state == "done" and done and due else None
