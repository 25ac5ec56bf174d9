"""Makes `generator/output/charts/map_outlines.tsv` of the outlines in the npm package world-atlas.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python .ci/atlas.py package/countries-50m.json > generator/output/charts/map_outlines.tsv

Borders are thinned arc by arc, so that neighbours keep touching; then each country is cut at the
region's edge and projected.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

from babel.core import get_global

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from generator.output.charts.map_outlines import GRID, REGIONS, Region

Point = tuple[float, float]
TOLERANCE = {"world": 0.45, "east-asia": 0.05}
"""Degrees that a thinned border may leave the true one by."""
SMALLEST = 4
"""Square units of the grid below which an island is left out, unless its country has no larger."""
HEAD = """\
# Outlines of countries: region, ISO 3166 code, SVG path on a grid of 1000 units a width.
# Made by .ci/atlas.py from countries-50m.json of the npm package world-atlas 2.0.2 (ISC),
# which holds Natural Earth's Admin 0 countries, 1:50m, version 4.1.0: public domain.
"""


def arcs_of(world: dict[str, Any]) -> list[list[Point]]:
    """The borders in degrees."""
    (kx, ky), (dx, dy) = world["transform"]["scale"], world["transform"]["translate"]
    made = []
    for arc in world["arcs"]:
        x = y = 0
        points = []
        for step in arc:
            x, y = x + step[0], y + step[1]
            points.append((x * kx + dx, y * ky + dy))
        made.append(unwound(points))
    return made


def unwound(points: list[Point]) -> list[Point]:
    """The same line without leaps from one edge of the map to the other."""
    made = points[:1]
    for x, y in points[1:]:
        made.append((x + round((made[-1][0] - x) / 360) * 360, y))
    return made


def thinned(points: list[Point], tolerance: float) -> list[Point]:
    """Douglas and Peucker's choice of points; a closed line is thinned from its farthest point."""
    if not points[2:]:
        return points
    if points[0] == points[-1]:
        far = max(range(len(points)), key=lambda n: distance(points[n], points[0]))
        return thinned(points[: far + 1], tolerance)[:-1] + thinned(points[far:], tolerance)
    off = [from_line(point, points[0], points[-1]) for point in points]
    worst = max(range(len(points)), key=off.__getitem__)
    if off[worst] <= tolerance:
        return [points[0], points[-1]]
    return thinned(points[: worst + 1], tolerance)[:-1] + thinned(points[worst:], tolerance)


def distance(one: Point, other: Point) -> float:
    """Between two points."""
    return float(((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5)


def from_line(point: Point, one: Point, other: Point) -> float:
    """A point's distance from a line."""
    length = distance(one, other) or 1e-9
    across = (other[0] - one[0]) * (one[1] - point[1]) - (one[0] - point[0]) * (other[1] - one[1])
    return abs(across) / length


def rings_of(geometry: dict[str, Any], arcs: list[list[Point]]) -> Iterator[list[Point]]:
    """The closed lines of a country, holes among them."""
    polygons = geometry.get("arcs", [])
    polygons = [polygons] if geometry.get("type") == "Polygon" else polygons
    for ring in chain.from_iterable(polygons):
        points: list[Point] = []
        for number in ring:
            arc = arcs[number] if number >= 0 else arcs[~number][::-1]
            points = unwound(points + (arc[1:] if points else arc))
        yield points


def clipped(
    ring: list[Point], keeps: Callable[[Point], bool], axis: int, edge: float
) -> list[Point]:
    """The part of a ring on one side of an edge (Sutherland and Hodgman)."""
    made: list[Point] = []
    for one, other in pairwise([*ring, ring[0]] if ring else []):
        if keeps(one):
            made.append(one)
        if keeps(one) != keeps(other):
            share = (edge - one[axis]) / (other[axis] - one[axis])
            cross = [one[n] + share * (other[n] - one[n]) for n in (0, 1)]
            cross[axis] = edge
            made.append((cross[0], cross[1]))
    return made


def inside(ring: list[Point], region: Region) -> Iterator[list[Point]]:
    """The parts of a ring in a region, each with longitudes that the region counts in."""
    for turn in (-360, 0, 360):
        part = [(x + turn, y) for x, y in ring]
        part = clipped(part, lambda p: p[0] >= region.west, 0, region.west)
        part = clipped(part, lambda p: p[0] <= region.east, 0, region.east)
        part = clipped(part, lambda p: p[1] >= region.south, 1, region.south)
        part = clipped(part, lambda p: p[1] <= region.north, 1, region.north)
        if part:
            yield part


def placed(part: list[Point], region: Region) -> list[tuple[int, int]]:
    """On the grid, no point twice in a row."""
    made: list[tuple[int, int]] = []
    for longitude, latitude in part:
        # a hair inside the edge: the far edge of the world is the near one otherwise
        near = min(max(longitude, region.west + 1e-6), region.east - 1e-6)
        x, y = region.at(Decimal(str(near)), Decimal(str(latitude)))
        point = (round(x * GRID), round(y * GRID * region.tall))
        if not made or made[-1] != point:
            made.append(point)
    return made


def area(ring: list[tuple[int, int]]) -> float:
    """Square units within a ring."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*ring, ring[0]]))) / 2


def path(rings: list[list[tuple[int, int]]]) -> str:
    """The rings as one SVG path of relative steps."""
    ranked = sorted(rings, key=area, reverse=True)
    kept = [ring for ring in ranked if area(ring) >= SMALLEST] or ranked[:1]
    text = ""
    for ring in kept:
        (x, y), *_ = ring
        steps = "".join(f"{b[0] - a[0]} {b[1] - a[1]} " for a, b in pairwise(ring))
        text += f"M{x} {y}l{steps}".replace(" -", "-").rstrip() + "z"
    return text


def main() -> None:
    """Writes the outlines of all regions."""
    world = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    codes = get_global("territory_aliases")
    whole = arcs_of(world)
    sys.stdout.write(HEAD)
    for region in REGIONS.values():
        arcs = [thinned(arc, TOLERANCE[region.name]) for arc in whole]
        made: dict[str, list[list[tuple[int, int]]]] = {}
        for geometry in world["objects"]["countries"]["geometries"]:
            code = (codes.get(geometry.get("id", "")) or [""])[0]
            for ring in rings_of(geometry, arcs):
                parts = (placed(part, region) for part in inside(ring, region))
                if code != "AQ":
                    made.setdefault(code, []).extend(part for part in parts if len(part) > 1)
        for code in sorted(filter(lambda code: made[code], made)):
            sys.stdout.write(f"{region.name}\t{code or '--'}\t{path(made[code])}\n")


main()
