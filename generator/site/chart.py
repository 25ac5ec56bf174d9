"""What a chart shows, before it is drawn: plain values, made by whoever knows the figures.

A chart says nothing that its table does not say: every number comes with its printed form, and
one that is missing with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct


class Value(Struct, frozen=True, kw_only=True):
    """A number and how it is printed, with qualifier and unit; for no number, why there is none."""

    number: Decimal | None
    shown: str

    @property
    def text(self) -> str:
        """The printed form, or the sign of a gap and its reason."""
        return self.shown if self.number is not None else f"— {self.shown}".rstrip()


class Row(Struct, frozen=True, kw_only=True):
    """A name with its values, one a series."""

    label: str
    values: tuple[Value, ...]


class Bars(Struct, frozen=True, kw_only=True):
    """Lengths from a common zero, a lane a value; all of one unit."""

    title: str
    rows: tuple[Row, ...]
    series: tuple[str, ...] = ()


class Stacked(Struct, frozen=True, kw_only=True):
    """A bar a row, cut into a part a series; no value is negative."""

    title: str
    rows: tuple[Row, ...]
    series: tuple[str, ...]


class Shares(Struct, frozen=True, kw_only=True):
    """One whole cut into its parts, a part a row; no value is negative."""

    title: str
    rows: tuple[Row, ...]


class Time(Struct, frozen=True, kw_only=True):
    """A place on the line of time: where it stands, in years, and how it is written."""

    at: Decimal
    shown: str


class Lines(Struct, frozen=True, kw_only=True):
    """Values over time, a series a row; `targets` are levels to be reached."""

    title: str
    times: tuple[Time, ...]
    rows: tuple[Row, ...]
    targets: tuple[Row, ...] = ()


class Gauge(Struct, frozen=True, kw_only=True):
    """How far a value has come from its baseline to its target; each a row of one value."""

    title: str
    current: Row
    target: Row
    baseline: Row | None = None
    status: str = ""


class Multiples(Struct, frozen=True, kw_only=True):
    """Charts of one sort side by side; those that can are drawn on one scale."""

    title: str
    charts: tuple[Bars | Lines, ...]


class Spark(Struct, frozen=True, kw_only=True):
    """One series as small as a word, beside the text that says its figure.

    With `times`, one a value, it is a line over time, else bars side by side; `marked` is the
    place of the value that the text says, or -1 where it is none of them.
    """

    title: str
    rows: tuple[Row, ...]
    times: tuple[Time, ...] = ()
    marked: int = -1


class Place(Struct, frozen=True, kw_only=True):
    """A point of a map in degrees; `sort` is a place in the list of sorts."""

    label: str
    latitude: Decimal
    longitude: Decimal
    sort: int = 0


class WorldMap(Struct, frozen=True, kw_only=True):
    """Points, and countries (two letters of ISO 3166) with what is said of each."""

    title: str
    places: tuple[Place, ...]
    sorts: tuple[str, ...]
    countries: tuple[tuple[str, str], ...] = ()
    region: str = "world"
    countries_title: str = ""


Chart = Bars | Stacked | Shares | Lines | Gauge | Multiples | Spark | WorldMap


def numbers(rows: tuple[Row, ...]) -> Iterator[Decimal]:
    """Every number that rows hold."""
    for row in rows:
        for value in row.values:
            if value.number is not None:
                yield value.number
