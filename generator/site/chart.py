"""The data of charts as plain values; kinds make them, and `output/charts` draws them.

A chart says nothing that its table does not say: every number comes with its printed form, and a
missing one with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct


class Value(Struct, frozen=True, kw_only=True):
    """A number and its printed form, with qualifier and unit; for None, `shown` is the reason."""

    number: Decimal | None
    shown: str

    @property
    def text(self) -> str:
        """The printed form, or the sign of a gap and its reason."""
        return self.shown if self.number is not None else f"— {self.shown}".rstrip()


class Row(Struct, frozen=True, kw_only=True):
    """A name with its values, one for each series."""

    label: str
    values: tuple[Value, ...]


class Bars(Struct, frozen=True, kw_only=True):
    """Bars from a common zero, a bar for each value; all of one unit."""

    title: str
    rows: tuple[Row, ...]
    series: tuple[str, ...] = ()


class Stacked(Struct, frozen=True, kw_only=True):
    """A bar for each row, with a part for each series; no value is negative."""

    title: str
    rows: tuple[Row, ...]
    series: tuple[str, ...]


class Shares(Struct, frozen=True, kw_only=True):
    """One whole and its parts, a part for each row; no value is negative."""

    title: str
    rows: tuple[Row, ...]


class Time(Struct, frozen=True, kw_only=True):
    """A point on the time axis, in years, and its printed form."""

    at: Decimal
    shown: str


class Lines(Struct, frozen=True, kw_only=True):
    """Values over time, a row for each series; `targets` are levels to be reached."""

    title: str
    times: tuple[Time, ...]
    rows: tuple[Row, ...]
    targets: tuple[Row, ...] = ()


class Gauge(Struct, frozen=True, kw_only=True):
    """A value's progress from its baseline to its target; each is a row of one value."""

    title: str
    current: Row
    target: Row
    baseline: Row | None = None
    status: str = ""


class Multiples(Struct, frozen=True, kw_only=True):
    """Charts of one sort side by side, on one scale if possible."""

    title: str
    charts: tuple[Bars | Lines, ...]


class Spark(Struct, frozen=True, kw_only=True):
    """A sparkline: one series over time, as small as a word, beside the text with its figure.

    `times` has one for each value; `marked` is the index of the value that the text gives, or -1
    if it is none of them.
    """

    title: str
    rows: tuple[Row, ...]
    times: tuple[Time, ...]
    marked: int = -1


class Place(Struct, frozen=True, kw_only=True):
    """A point of a map in degrees; `sort` is an index in the list of sorts, by importance."""

    label: str
    latitude: Decimal
    longitude: Decimal
    sort: int = 0


class WorldMap(Struct, frozen=True, kw_only=True):
    """Points, and countries (two letters of ISO 3166) with a text for each."""

    title: str
    places: tuple[Place, ...]
    sorts: tuple[str, ...]
    countries: tuple[tuple[str, str], ...] = ()
    region: str = "world"
    countries_title: str = ""


Chart = Bars | Stacked | Shares | Lines | Gauge | Multiples | Spark | WorldMap


def numbers(rows: tuple[Row, ...]) -> Iterator[Decimal]:
    """Every number of some rows, without missing ones."""
    for row in rows:
        for value in row.values:
            if value.number is not None:
                yield value.number
