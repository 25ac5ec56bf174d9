"""Facts of a record for its page in English: a name, and values in either language."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from generator.text.dates import PartialDate


class Said(Struct, frozen=True, kw_only=True):
    """A value for a page in English; `chinese` words are marked as such.

    A page shows a `day` in words, and a `standing` as of the reader's day; a `phase` has the first
    and the last day of the second of three states, and the names of all three.
    """

    text: str = ""
    chinese: bool = False
    address: str = ""
    day: date | PartialDate | None = None
    standing: object = None
    phase: tuple[date, date, tuple[str, ...]] | None = None


def said(english: str, chinese: str, address: str = "") -> Said:
    """The English words, or the Chinese ones if there are none."""
    return Said(text=english or chinese, chinese=not english, address=address)


def as_typed(text: str) -> Said:
    """A name as its source writes it, marked as Chinese if it has a Han character."""
    return Said(text=text, chinese=any("\u3400" <= sign < "\ua000" for sign in text))


class Fact(Struct, frozen=True, kw_only=True):
    """A fact about a record; `name` is its key in the words of the interface."""

    name: str
    values: tuple[Said, ...]
