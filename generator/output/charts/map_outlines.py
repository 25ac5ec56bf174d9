"""Outlines of countries, and the projection that places a point of the earth on a map.

The outlines in `map_outlines.tsv` are Natural Earth's (public domain), from the npm package
`world-atlas` 2.0.2 (ISC); `.ci/atlas.py` projected and simplified them.  The projection is Natural
Earth's too: a polynomial, so that every machine computes the same position.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

from msgspec import Struct

FILE = Path(__file__).with_name("map_outlines.tsv")
GRID = 1000
"""The width of a map's outlines, in their units."""
_RADIAN = Decimal("0.017453292519943295")
_EAST = (Decimal("0.8707"), {2: "-0.131979", 4: "-0.013791", 10: "0.003971", 12: "-0.001529"})
_NORTH = (
    Decimal("1.007226"),
    {2: "0.015085", 6: "-0.044475", 8: "0.028874", 10: "-0.005916"},
)


class Region(Struct, frozen=True, kw_only=True):
    """A part of the earth, in degrees.

    `middle` is the meridian that is drawn upright.  `across` is the latitude that reaches from
    edge to edge: nearer the equator the outlines extend beyond the edges.
    """

    name: str
    middle: int
    west: int
    east: int
    south: int
    north: int
    across: int = 0

    def at(self, longitude: Decimal, latitude: Decimal) -> tuple[Decimal, Decimal]:
        """The position of a point, in shares of the region's width and, from the top, height."""
        x, y = _project(_between(longitude, self.middle - 180) - self.middle, latitude)
        return (x - self._left) / self._width, (self._top - y) / self._height

    def holds(self, longitude: Decimal, latitude: Decimal) -> bool:
        """Whether a point is in the region."""
        across, down = self.at(longitude, latitude)
        return 0 <= across <= 1 and 0 <= down <= 1

    @property
    def tall(self) -> Decimal:
        """The height of the region if its width is 1."""
        return self._height / self._width

    @property
    def _left(self) -> Decimal:
        return _project(Decimal(self.west - self.middle), Decimal(self.across))[0]

    @property
    def _width(self) -> Decimal:
        return _project(Decimal(self.east - self.middle), Decimal(self.across))[0] - self._left

    @property
    def _top(self) -> Decimal:
        return _project(Decimal(0), Decimal(self.north))[1]

    @property
    def _height(self) -> Decimal:
        return self._top - _project(Decimal(0), Decimal(self.south))[1]


WORLD = Region(name="world", middle=150, west=-30, east=330, south=-56, north=80)
EAST_ASIA = Region(name="east-asia", middle=131, west=117, east=146, south=21, north=46, across=46)
REGIONS = {region.name: region for region in (WORLD, EAST_ASIA)}


def _between(longitude: Decimal, west: int) -> Decimal:
    """The same meridian as a longitude between `west` and `west` + 360."""
    # the remainder of a Decimal has the sign of the dividend, unlike that of an int
    return (longitude - west + 360) % 360 + west


def _project(longitude: Decimal, latitude: Decimal) -> tuple[Decimal, Decimal]:
    """Projects degrees to earth radii (Natural Earth projection, Šavrič et al. 2011)."""
    across, up = longitude * _RADIAN, latitude * _RADIAN
    return across * _polynomial(_EAST, up), up * _polynomial(_NORTH, up)


def _polynomial(form: tuple[Decimal, Mapping[int, str]], value: Decimal) -> Decimal:
    constant, factors = form
    return constant + sum(Decimal(factor) * value**power for power, factor in factors.items())


@cache
def outlines(region: str) -> Mapping[str, str]:
    """The SVG paths of a region's countries, by two-letter ISO 3166 code."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {country: path for name, country, path in rows if name == region}
