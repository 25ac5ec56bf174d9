"""Facts of a record as pages in English tell them: a name, and values in either language."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from generator.text.dates import PartialDate


class Said(Struct, frozen=True, kw_only=True):
    """A value as pages in English show it; `chinese` words are marked as such.

    A `day` is shown in words, a `standing` as it changes over the days; a `phase` is the first
    and the last day of the second of three states, and the names of all three.
    """

    text: str = ""
    chinese: bool = False
    address: str = ""
    day: date | PartialDate | None = None
    standing: object = None
    phase: tuple[date, date, tuple[str, ...]] | None = None


def said(english: str, chinese: str, address: str = "") -> Said:
    """English words where there are some, else those in Chinese."""
    return Said(text=english or chinese, chinese=not english, address=address)


def as_typed(text: str) -> Said:
    """A name as its source writes it, in either script."""
    return Said(text=text, chinese=any("\u3400" <= sign < "\ua000" for sign in text))


class Fact(Struct, frozen=True, kw_only=True):
    """A line of what is known of a record, by the name that the interface's words have for it."""

    name: str
    values: tuple[Said, ...]
