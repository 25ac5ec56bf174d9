"""What is in force on a day: from the days on which a document and later ones take effect.

Days are those of 中央法規標準法 (articles 13 and 22) and 地方制度法 (article 32): "from
promulgation" binds from the third day, the day of promulgation being the first.
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
    """How a document stands, by the names that the interface's words have for it."""

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
    """From which day a part of a document binds (None: unknown), and its last day, if any."""

    start: date | None
    until: date | None = None


class Deed(StrEnum):
    """What a later document does to the standing of an earlier one."""

    AMEND = "amend"
    END = "end"
    REPLACE = "replace"
    WITHDRAW = "withdraw"
    EXTEND = "extend"


_ENDS = {Deed.END: State.REPEALED, Deed.REPLACE: State.REPLACED, Deed.WITHDRAW: State.WITHDRAWN}


class Act(Struct, frozen=True, kw_only=True):
    """A deed, and the day from which it acts: None where its document says "unknown".

    `known` is the day on which its document was published: from then on readers know that a deed
    without a day has been done.  `until` is the last day that an extension gives.
    """

    deed: Deed
    day: date | None
    known: date
    until: date | None = None


class Change(NamedTuple):
    """From a day on a document stands so."""

    day: date
    state: State


class Standing(Struct, frozen=True, kw_only=True):
    """How a document stands at first, and each change after that, in the order of days."""

    first: State
    changes: tuple[Change, ...] = ()

    def on(self, day: date) -> State:
        """The state on a day."""
        held = [change.state for change in self.changes if change.day <= day]
        return held[-1] if held else self.first


def standing(spans: Sequence[Span], acts: Sequence[Act]) -> Standing:
    """How a document stands from the beginning on; without spans nothing is known of its start."""
    days = sorted(set(_boundaries(spans, acts)))
    first = _state(spans, acts, date.min)
    changes: list[Change] = []
    for day in days:
        state = _state(spans, acts, day)
        if state is not (changes[-1].state if changes else first):
            changes.append(Change(day, state))
    return Standing(first=first, changes=tuple(changes))


def _boundaries(spans: Sequence[Span], acts: Sequence[Act]) -> list[date]:
    """Every day on which something may change."""
    days = [span.start for span in spans if span.start]
    days += [last + _DAY for span in spans if (last := _last(span, acts)) and last < date.max]
    return days + [act.day or act.known for act in acts]


def _last(span: Span, acts: Sequence[Act]) -> date | None:
    """The last day of a span, as later documents may have put it off."""
    given = [act.until for act in acts if act.deed is Deed.EXTEND and act.until]
    return max(span.until, *given) if span.until and given else span.until


def _state(spans: Sequence[Span], acts: Sequence[Act], day: date) -> State:
    """The state on a day, the last word first."""
    ended = _ended(acts, day)
    if ended:
        return ended
    if not spans or all(span.start is None for span in spans):
        return State.UNKNOWN
    begun = [span for span in spans if span.start and span.start <= day]
    if not begun:
        return State.PENDING if all(span.start for span in spans) else State.UNKNOWN
    lasts = [_last(span, acts) for span in spans]
    if all(last and last < day for last in lasts):
        return State.EXPIRED
    if any(act.deed is Deed.AMEND and act.day and act.day <= day for act in acts):
        return State.AMENDED
    return State.IN_FORCE if len(begun) == len(spans) else State.PARTLY


def _ended(acts: Sequence[Act], day: date) -> State | None:
    """Withdrawn, repealed or replaced by a day; unknown where a document says so without a day."""
    ends = [act for act in acts if act.deed in _ENDS]
    done = sorted((act.day, _ENDS[act.deed]) for act in ends if act.day and act.day <= day)
    if done:
        return done[0][1]
    return State.UNKNOWN if any(not act.day and act.known <= day for act in ends) else None
