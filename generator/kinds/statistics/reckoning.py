"""What each declaration reckons: the figures it names, and what it makes of them.

A rule knows numbers alone, as fractions; which figures the names mean is for `proofs.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from msgspec import Struct

from generator.kinds.statistics.declarations import (
    EVERY,
    CellName,
    Change,
    Declared,
    Least,
    Rate,
    Share,
    TableFigure,
)
from generator.kinds.statistics.grid import Grid, Spot
from generator.site.figures.cells import Cell, Relation, Sort
from generator.site.figures.counting import Held, Thing, asks, things
from generator.site.kind import Site

SCALES = {"%": 100, "％": 100, "‰": 1000}
"""What a share is multiplied by for its unit."""


class Reckoning(Struct, frozen=True):
    """A rule for one figure: what it names, each by its step in `path`; what it makes of them.

    What `all` stands for is known without a name; `named` are things that are merely counted.
    `base` is the place among the names of what is divided by.
    """

    rule: str
    path: str
    names: Sequence[tuple[str, CellName | Cell]]
    compute: Callable[[Sequence[Fraction]], Fraction]
    worded: Callable[[Sequence[str]], str]
    sort: Sort = Sort.EXACT
    relation: Relation = Relation.SAME
    because: str = ""
    named: tuple[Thing, ...] = ()
    base: int | None = None


def reckonings(spot: Spot, grid: Grid, site: Site) -> Iterator[Reckoning]:
    """Every rule that a figure stands under by its line and by itself."""
    yield from _equations(spot, grid)
    yield from _limits(spot, grid, site)


def _equations(spot: Spot, grid: Grid) -> Iterator[Reckoning]:
    line, blurred = spot.line, spot.across is not None and spot.across.rounds
    if line.total_of and not blurred:
        names = _parts(line.total_of, spot, grid)
        yield Reckoning("total_of", f"{spot.path}.total_of", names, _sum, " + ".join)
    if line.count_of:
        counting = _counting(_unlinked(line.count_of))
        yield Reckoning("count_of", f"{spot.path}.count_of", (), *counting)
    for path, name in _said(spot, "consistent_with", line):
        yield Reckoning("consistent_with", path, (("", name),), _sum, "".join)
    if line.share_of:
        yield _share(f"{spot.path}.share_of", line.share_of, spot.cell.unit)
    if line.rate:
        yield _rate(f"{spot.path}.rate", line.rate, spot.cell.unit)
    if line.change_from and (line.change_from.percent or not blurred):
        yield _change(f"{spot.path}.change_from", line.change_from)
    if line.average:
        names = _parts(line.average, spot, grid)
        yield Reckoning("average", f"{spot.path}.average", names, _mean, _mean_worded, Sort.ROUNDED)


def _parts(
    names: tuple[CellName, ...], spot: Spot, grid: Grid
) -> Sequence[tuple[str, CellName | Cell]]:
    """The names given; for `all` every figure beside that does not itself follow from others."""
    return _steps(grid.plain(spot) if names == EVERY else names)


def _steps(wanted: Sequence[CellName | Cell]) -> Sequence[tuple[str, CellName | Cell]]:
    return [(str(index), name) for index, name in enumerate(wanted)]


def _said(spot: Spot, rule: str, line: Declared | None) -> Iterator[tuple[str, CellName]]:
    """The one figure that a rule names: on the line, and on the figure itself; with its path."""
    own = spot.cell.figure if not spot.upright else None
    figure = own if isinstance(own, TableFigure) else None
    for path, declaring in ((spot.path, line), (spot.cell.path, figure)):
        if declaring and (name := getattr(declaring, rule)):
            yield f"{path}.{rule}", name


def _limits(spot: Spot, grid: Grid, site: Site) -> Iterator[Reckoning]:
    """What a figure cannot be more than, or less than."""
    bound = Sort.BOUND
    line = None if spot.across is not None and spot.across.compares else spot.line
    for path, name in _said(spot, "part_of", line):
        most = Relation.AT_MOST
        yield Reckoning("part_of", path, (("", name),), _sum, "".join, bound, most)
    if line and line.parts:
        path, names = f"{spot.path}.parts", _steps(line.parts)
        yield Reckoning("parts", path, names, _sum, " + ".join, bound, Relation.AT_LEAST)
    if line and line.at_least and line.at_least.ways == 1:
        yield _ground(f"{spot.path}.at_least", line.at_least, grid, site)


def _ground(path: str, least: Least, grid: Grid, site: Site) -> Reckoning:
    names = (("figure", least.figure),) if least.figure else ()
    held = Held(site=site, period=grid.statistic.period)
    named = tuple(things(least, held)) if asks(least) else _unlinked(least.named)
    compute, worded = (_sum, "".join) if least.figure else _counting(named)
    bound, more = Sort.BOUND, Relation.AT_LEAST
    return Reckoning("at_least", path, names, compute, worded, bound, more, least.because, named)


def _unlinked(names: Sequence[str]) -> tuple[Thing, ...]:
    """Things that the table names and that have no pages."""
    return tuple((name, "") for name in names)


def _counting(
    named: Sequence[Thing],
) -> tuple[Callable[[Sequence[Fraction]], Fraction], Callable[[Sequence[str]], str]]:
    """How many things there are, and their names."""

    def count(_: Sequence[Fraction]) -> Fraction:
        return Fraction(len(named))

    def worded(_: Sequence[str]) -> str:
        return "、".join(name for name, _ in named)

    return count, worded


def _share(path: str, share: Share, unit: str) -> Reckoning:
    scale = SCALES.get(unit, 1)

    def compute(parts: Sequence[Fraction]) -> Fraction:
        return parts[0] / parts[1] * scale

    def worded(parts: Sequence[str]) -> str:
        return " ÷ ".join(parts) + (f" × {scale}" if scale != 1 else "")

    names = (("part", share.part), ("whole", share.whole))
    return Reckoning("share_of", path, names, compute, worded, Sort.ROUNDED, base=1)


def _rate(path: str, rate: Rate, unit: str) -> Reckoning:
    times = rate.times if rate.times is not None else SCALES.get(unit, 1)

    def compute(parts: Sequence[Fraction]) -> Fraction:
        return parts[0] / parts[1] * Fraction(times)

    def worded(parts: Sequence[str]) -> str:
        return " ÷ ".join(parts) + (f" × {times:,f}" if times != 1 else "")

    names = (("of", rate.of), ("per", rate.per))
    return Reckoning("rate", path, names, compute, worded, Sort.ROUNDED, base=1)


def _change(path: str, change: Change) -> Reckoning:
    def compute(parts: Sequence[Fraction]) -> Fraction:
        before, after = parts
        moved = before - after if change.shrinks else after - before
        return moved / before * 100 if change.percent else moved

    def worded(parts: Sequence[str]) -> str:
        before, after = parts
        moved = f"{before} − {after}" if change.shrinks else f"{after} − {before}"
        return f"({moved}) ÷ {before} × 100" if change.percent else moved

    names = (("from", change.from_), ("to", change.to))
    sort, base = (Sort.ROUNDED, 0) if change.percent else (Sort.EXACT, None)
    return Reckoning("change_from", path, names, compute, worded, sort, base=base)


def _sum(parts: Sequence[Fraction]) -> Fraction:
    return sum(parts, Fraction(0))


def _mean(parts: Sequence[Fraction]) -> Fraction:
    return _sum(parts) / len(parts)


def _mean_worded(parts: Sequence[str]) -> str:
    return f"({' + '.join(parts)}) ÷ {len(parts)}"
