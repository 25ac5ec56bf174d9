"""Connects records: by what they have in common, and by the names that texts use for them.

Both look near a record, in time and in its kind's order, since what a page says of all records
makes it stale with each new one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import NamedTuple

from generator.content.model import Ref
from generator.content.record import Record

NEAR = 2
"""The most records on each side of a record that are near it for a key."""
RARE = 8
"""The most records that have a rare key."""


class SharedKey(NamedTuple):
    """What records have in common: the sort of it, and its words.

    It relates a record to the nearest on both sides.  One that counts only while it is `rare`
    relates a record to those before it alone.  So a new record makes few pages stale.
    """

    sort: str
    words: str
    rare: bool = False


class Sharing(NamedTuple):
    """The other records that share a key with a record and stand near it."""

    key: SharedKey
    others: tuple[Record, ...]


def nearby(
    keyed: Iterable[tuple[Record, Iterable[SharedKey]]],
) -> Mapping[int, Sequence[Sharing]]:
    """What each of some records shares with others, by the records' `id()`.

    `keyed` has the records of a kind in its order, each with its keys.
    """
    holders: dict[SharedKey, list[Record]] = {}
    for record, keys in keyed:
        for key in dict.fromkeys(keys):
            holders.setdefault(key, []).append(record)
    near: dict[int, list[Sharing]] = {}
    for key, records in holders.items():
        if key.rare and len(records) > RARE:
            continue
        for place, record in enumerate(records):
            first, end = (0, place) if key.rare else (max(0, place - NEAR), place + NEAR + 1)
            others = (*records[first:place], *records[place + 1 : end])
            if others:
                near.setdefault(id(record), []).append(Sharing(key, others))
    return near


class Names:
    """The names by which texts call records; several may have one, as a law and its amendments."""

    def __init__(self, named: Iterable[tuple[str, date | None, Record]]) -> None:
        """`named` has each name with the day and the record that has it from then on."""
        rows: dict[str, dict[Ref, tuple[date, Record]]] = {}
        for name, day, record in named:
            rows.setdefault(name, {})[record.ref] = day or date.min, record
        self._holders = {
            name: tuple(zip(*sorted(own.values(), key=itemgetter(0)), strict=True))
            for name, own in rows.items()
        }

    def meant(self, name: str, by: Record, day: date | None) -> Record | None:
        """The record that the text of `by`, of a day, means by a name; None if there is none.

        Of several it is the last until that day, else the first after it: a text means the law of
        its time, and where that is here a later one changes no page.  A text's own name leads
        nowhere.
        """
        days, holders = self._holders.get(name, ((), ()))
        count = bisect_right(days, day or date.max)
        until = holders[max(0, count - 2) : count]  # the text's own record may be the last of them
        found = [record for record in until if record is not by] or (until or holders[:1])
        return found[-1] if found and found[-1] is not by else None
