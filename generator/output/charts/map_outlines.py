"""The world as maps draw it: outlines of countries, and where a point of the earth stands.

The outlines in `atlas.tsv` are Natural Earth's (public domain), from the npm package
`world-atlas` 2.0.2 (ISC); `.ci/atlas.py` has projected and thinned them.  The projection is
Natural Earth's too: it is a polynomial, so that every machine places a point alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

from msgspec import Struct

FILE = Path(__file__).with_name("map_outlines.tsv")
GRID = 1000
"""Units from the left to the right of a map's outlines."""
_RADIAN = Decimal("0.017453292519943295")
_EAST = (Decimal("0.8707"), {2: "-0.131979", 4: "-0.013791", 10: "0.003971", 12: "-0.001529"})
_NORTH = (
    Decimal("1.007226"),
    {2: "0.015085", 6: "-0.044475", 8: "0.028874", 10: "-0.005916"},
)


class Region(Struct, frozen=True, kw_only=True):
    """A part of the earth, in degrees.

    `middle` is the meridian that stands upright, `across` the latitude whose ends are the edges:
    nearer the equator the outlines go on beyond them.
    """

    name: str
    middle: int
    west: int
    east: int
    south: int
    north: int
    across: int = 0

    def at(self, longitude: Decimal, latitude: Decimal) -> tuple[Decimal, Decimal]:
        """Where a point stands: shares of the region's width and of its height, from the top."""
        x, y = self._flat(longitude, latitude)
        return (x - self._left) / self._width, (self._top - y) / self._height

    def holds(self, longitude: Decimal, latitude: Decimal) -> bool:
        """Whether a point lies in the region."""
        across, down = self.at(longitude, latitude)
        return 0 <= across <= 1 and 0 <= down <= 1

    @property
    def tall(self) -> Decimal:
        """The height where the width is 1."""
        return self._height / self._width

    def _flat(self, longitude: Decimal, latitude: Decimal) -> tuple[Decimal, Decimal]:
        return _project(_between(longitude, self.middle - 180) - self.middle, latitude)

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
    """The same meridian, counted eastwards from another one."""
    # a Decimal's remainder has the sign of what is divided
    return (longitude - west + 360) % 360 + west


def _project(longitude: Decimal, latitude: Decimal) -> tuple[Decimal, Decimal]:
    """Degrees to radii of the earth (Natural Earth projection, Šavrič et al. 2011)."""
    across, up = longitude * _RADIAN, latitude * _RADIAN
    return across * _polynomial(_EAST, up), up * _polynomial(_NORTH, up)


def _polynomial(form: tuple[Decimal, Mapping[int, str]], value: Decimal) -> Decimal:
    constant, factors = form
    return constant + sum(Decimal(factor) * value**power for power, factor in factors.items())


@cache
def outlines(region: str) -> Mapping[str, str]:
    """SVG paths of a region's countries, by ISO 3166 code of two letters."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    held = (line.split("\t") for line in lines if not line.startswith("#"))
    return {country: path for name, country, path in held if name == region}
