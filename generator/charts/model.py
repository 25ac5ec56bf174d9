"""What a chart shows, before it is drawn: plain values, made by whoever knows the figures.

A chart says nothing that its table does not say: every number comes with its printed form, and
one that is missing with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A number and how it is printed, with qualifier and unit; for no number, why there is none."""

    number: Decimal | None
    shown: str

    @property
    def text(self) -> str:
        """The printed form, or the sign of a gap and its reason."""
        return self.shown if self.number is not None else f"— {self.shown}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A name with its values, one a series."""

    label: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Lengths from a common zero, a lane a value; all of one unit."""

    title: str
    rows: tuple[Row, ...]
    series: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stacked:
    """A bar a row, cut into a part a series; no value is negative."""

    title: str
    rows: tuple[Row, ...]
    series: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """One whole cut into its parts, a part a row; no value is negative."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """A place on the line of time: where it stands, in years, and how it is written."""

    at: Decimal
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Values over time, a series a row; `targets` are levels to be reached."""

    title: str
    times: tuple[Time, ...]
    rows: tuple[Row, ...]
    targets: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """How far a value has come from its baseline to its target; each a row of one value."""

    title: str
    current: Row
    target: Row
    baseline: Row | None = None
    status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiples:
    """Charts of one sort side by side; those that can are drawn on one scale."""

    title: str
    charts: tuple[Bars | Lines, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spark:
    """One series as small as a word, beside the text that says its figure.

    With `times`, one a value, it is a line over time, else bars side by side; `marked` is the
    place of the value that the text says, or -1 where it is none of them.
    """

    title: str
    rows: tuple[Row, ...]
    times: tuple[Time, ...] = ()
    marked: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A point of a map in degrees; `sort` is a place in the list of sorts."""

    label: str
    latitude: Decimal
    longitude: Decimal
    sort: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldMap:
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
