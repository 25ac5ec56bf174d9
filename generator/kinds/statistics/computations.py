"""The computation of each declaration: which figures it names, and what it computes from them.

A computation knows only numbers, as fractions; `proofs.py` finds the figures that the names mean.
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
"""The factor of a share or a rate by its unit."""


class Computation(Struct, frozen=True):
    """A rule for one figure, with the names of its parts, each with its step below `path`.

    The parts of `all` are cells already.  `things` are counted and have no figures.  `base` is the
    place of the divisor among the names.
    """

    rule: str
    path: str
    names: Sequence[tuple[str, CellName | Cell]]
    compute: Callable[[Sequence[Fraction]], Fraction]
    worded: Callable[[Sequence[str]], str]
    sort: Sort = Sort.EXACT
    relation: Relation = Relation.SAME
    because: str = ""
    things: tuple[Thing, ...] = ()
    base: int | None = None


def computations(spot: Spot, grid: Grid, site: Site) -> Iterator[Computation]:
    """The rules for a figure that its line declares, and those that it declares itself."""
    yield from _equations(spot, grid)
    yield from _limits(spot, grid, site)


def _equations(spot: Spot, grid: Grid) -> Iterator[Computation]:
    line, rounded = spot.line, spot.across is not None and spot.across.rounds
    # where the line across rounds its figures, sums and differences of them need not be exact
    if line.total_of and not rounded:
        names = _part_names(line.total_of, spot, grid)
        yield Computation("total_of", f"{spot.path}.total_of", names, _sum, " + ".join)
    if line.count_of:
        counting = _counting(_unlinked(line.count_of))
        yield Computation("count_of", f"{spot.path}.count_of", (), *counting)
    for path, name in _single_names(spot, "consistent_with", line):
        yield Computation("consistent_with", path, (("", name),), _sum, "".join)
    if line.share_of:
        yield _share(f"{spot.path}.share_of", line.share_of, spot.cell.unit)
    if line.rate:
        yield _rate(f"{spot.path}.rate", line.rate, spot.cell.unit)
    if line.change_from and (line.change_from.percent or not rounded):
        yield _change(f"{spot.path}.change_from", line.change_from)
    if line.average:
        names = _part_names(line.average, spot, grid)
        yield Computation(
            "average", f"{spot.path}.average", names, _mean, _mean_worded, Sort.ROUNDED
        )


def _part_names(
    names: tuple[CellName, ...], spot: Spot, grid: Grid
) -> Sequence[tuple[str, CellName | Cell]]:
    """The names as typed; `all` is the crossing line without derived figures."""
    return _steps(grid.plain(spot) if names == EVERY else names)


def _steps(names: Sequence[CellName | Cell]) -> Sequence[tuple[str, CellName | Cell]]:
    return [(str(index), name) for index, name in enumerate(names)]


def _single_names(spot: Spot, rule: str, line: Declared | None) -> Iterator[tuple[str, CellName]]:
    """The figure that a rule names on the line, and on the figure itself, each with its path."""
    own = spot.cell.figure if not spot.upright else None
    figure = own if isinstance(own, TableFigure) else None
    for path, declaring in ((spot.path, line), (spot.cell.path, figure)):
        if declaring and (name := getattr(declaring, rule)):
            yield f"{path}.{rule}", name


def _limits(spot: Spot, grid: Grid, site: Site) -> Iterator[Computation]:
    """The upper and lower limits of a figure."""
    bound = Sort.BOUND
    # a percentage or a difference may exceed that of its whole
    line = None if spot.across is not None and spot.across.compares else spot.line
    for path, name in _single_names(spot, "part_of", line):
        most = Relation.AT_MOST
        yield Computation("part_of", path, (("", name),), _sum, "".join, bound, most)
    if line and line.parts:
        path, names = f"{spot.path}.parts", _steps(line.parts)
        yield Computation("parts", path, names, _sum, " + ".join, bound, Relation.AT_LEAST)
    if line and line.at_least and line.at_least.ways == 1:
        yield _lower_limit(f"{spot.path}.at_least", line.at_least, grid, site)


def _lower_limit(path: str, least: Least, grid: Grid, site: Site) -> Computation:
    names = (("figure", least.figure),) if least.figure else ()
    scope = Held(site=site, period=grid.statistic.period)
    counted = tuple(things(least, scope)) if asks(least) else _unlinked(least.named)
    compute, worded = (_sum, "".join) if least.figure else _counting(counted)
    bound, more = Sort.BOUND, Relation.AT_LEAST
    return Computation(
        "at_least", path, names, compute, worded, bound, more, least.because, counted
    )


def _unlinked(names: Sequence[str]) -> tuple[Thing, ...]:
    """Things that the table names, which have no pages."""
    return tuple((name, "") for name in names)


def _counting(
    counted: Sequence[Thing],
) -> tuple[Callable[[Sequence[Fraction]], Fraction], Callable[[Sequence[str]], str]]:
    """The functions for the number of things, and for their names."""

    def count(_: Sequence[Fraction]) -> Fraction:
        return Fraction(len(counted))

    def worded(_: Sequence[str]) -> str:
        return "、".join(name for name, _ in counted)

    return count, worded


def _share(path: str, share: Share, unit: str) -> Computation:
    scale = SCALES.get(unit, 1)

    def compute(parts: Sequence[Fraction]) -> Fraction:
        return parts[0] / parts[1] * scale

    def worded(parts: Sequence[str]) -> str:
        return " ÷ ".join(parts) + (f" × {scale}" if scale != 1 else "")

    names = (("part", share.part), ("whole", share.whole))
    return Computation("share_of", path, names, compute, worded, Sort.ROUNDED, base=1)


def _rate(path: str, rate: Rate, unit: str) -> Computation:
    times = rate.times if rate.times is not None else SCALES.get(unit, 1)

    def compute(parts: Sequence[Fraction]) -> Fraction:
        return parts[0] / parts[1] * Fraction(times)

    def worded(parts: Sequence[str]) -> str:
        return " ÷ ".join(parts) + (f" × {times:,f}" if times != 1 else "")

    names = (("of", rate.of), ("per", rate.per))
    return Computation("rate", path, names, compute, worded, Sort.ROUNDED, base=1)


def _change(path: str, change: Change) -> Computation:
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
    return Computation("change_from", path, names, compute, worded, sort, base=base)


def _sum(parts: Sequence[Fraction]) -> Fraction:
    return sum(parts, Fraction(0))


def _mean(parts: Sequence[Fraction]) -> Fraction:
    return _sum(parts) / len(parts)


def _mean_worded(parts: Sequence[str]) -> str:
    return f"({' + '.join(parts)}) ÷ {len(parts)}"
