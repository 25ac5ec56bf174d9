"""The legal standing of a document on a day, from the days on which it and later ones take effect.

The days follow 中央法規標準法 (articles 13 and 22) and 地方制度法 (article 32): a document that
takes effect "from promulgation" binds from the third day, counting the day of promulgation.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

THIRD_DAY = timedelta(days=2)
_DAY = timedelta(days=1)


class State(StrEnum):
    """The legal standing of a document; the values are keys of the interface's words."""

    UNKNOWN = "unknown"
    PENDING = "pending"
    PARTLY = "partly"
    IN_FORCE = "in_force"
    AMENDED = "amended"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REPEALED = "repealed"
    REPLACED = "replaced"


class Span(NamedTuple):
    """The first day on which a part of a document binds (None: unknown), and the last, if any."""

    start: date | None
    until: date | None = None


class Deed(StrEnum):
    """How a later document changes the standing of an earlier one."""

    AMEND = "amend"
    END = "end"
    REPLACE = "replace"
    WITHDRAW = "withdraw"
    EXTEND = "extend"


_ENDS = {Deed.END: State.REPEALED, Deed.REPLACE: State.REPLACED, Deed.WITHDRAW: State.WITHDRAWN}


class Act(Struct, frozen=True, kw_only=True):
    """A deed with the day of its effect, which is None if the document says "unknown".

    `published` is the day on which its document was published: from then on readers know of the
    deed, even of one without a day.  `until` is the new last day that an extension sets.
    """

    deed: Deed
    day: date | None
    published: date
    until: date | None = None


class Change(NamedTuple):
    """A state, and the first day on which a document has it."""

    day: date
    state: State


class Standing(Struct, frozen=True, kw_only=True):
    """The first state of a document, and each later change in the order of days."""

    first: State
    changes: tuple[Change, ...] = ()

    def on(self, day: date) -> State:
        """The state on a day."""
        states = [self.first, *(change.state for change in self.changes if change.day <= day)]
        return states[-1]


def standing(spans: Sequence[Span], acts: Sequence[Act]) -> Standing:
    """The standing of a document over time; without spans its start is unknown."""
    days = sorted(set(_boundaries(spans, acts)))
    first = _state(spans, acts, date.min)
    changes: list[Change] = []
    for day in days:
        state = _state(spans, acts, day)
        if state is not (changes[-1].state if changes else first):
            changes.append(Change(day, state))
    return Standing(first=first, changes=tuple(changes))


def _boundaries(spans: Sequence[Span], acts: Sequence[Act]) -> list[date]:
    """Every day on which the state may change."""
    days = [span.start for span in spans if span.start]
    days += [last + _DAY for span in spans if (last := _last(span, acts)) and last < date.max]
    return days + [act.day or act.published for act in acts]


def _last(span: Span, acts: Sequence[Act]) -> date | None:
    """The last day of a span, with the extensions of later documents."""
    extended = [act.until for act in acts if act.deed is Deed.EXTEND and act.until]
    return max(span.until, *extended) if span.until and extended else span.until


def _state(spans: Sequence[Span], acts: Sequence[Act], day: date) -> State:
    """The state on a day; the end of the whole document outweighs the days of its parts."""
    ended = _ended(acts, day)
    if ended:
        return ended
    if not spans or all(span.start is None for span in spans):
        return State.UNKNOWN
    over = [span for span in spans if (last := _last(span, acts)) and last < day]
    begun = [span for span in spans if span.start and span.start <= day]
    if begun and len(over) == len(spans):
        return State.EXPIRED
    if all(span in over for span in begun):  # nothing binds, and something may yet
        return State.PENDING if all(span.start for span in spans) else State.UNKNOWN
    if any(act.deed is Deed.AMEND and act.day and act.day <= day for act in acts):
        return State.AMENDED
    return State.IN_FORCE if len(begun) == len(spans) else State.PARTLY


def _ended(acts: Sequence[Act], day: date) -> State | None:
    """Withdrawn, repealed or replaced by a day; unknown if a document ends it without a day."""
    ends = [act for act in acts if act.deed in _ENDS]
    past = sorted((act.day, _ENDS[act.deed]) for act in ends if act.day and act.day <= day)
    if past:
        return past[0][1]
    return State.UNKNOWN if any(not act.day and act.published <= day for act in ends) else None
