"""The figures that follow from others, computed again from what the table declares.

Every computation is exact (fractions of whole numbers) and rounded once, half away from zero,
at the precision printed.  An approximation is never a part of one; the result of a rounded rule
may say 約 of itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from generator.archive import Archive
from generator.cells import Cell, NoCell, Proof, Tabulated, cell_at, places_of, rounded
from generator.kinds.statistics.declarations import (
    EVERY,
    CellName,
    Change,
    Rate,
    Share,
    TableFigure,
)
from generator.kinds.statistics.grid import Grid, Spot
from generator.model import Ref

if TYPE_CHECKING:
    from generator.kinds.statistics.table import Statistic

SCALES = {"%": 100, "％": 100, "‰": 1000}
"""What a share is multiplied by for its unit."""


@dataclass(frozen=True, slots=True)
class Unproved:
    """A declaration that names no figure, or more than one: its path, and what was typed."""

    path: str
    name: CellName
    missing: NoCell


@dataclass(frozen=True, slots=True)
class _Reckoning:
    """A rule for one figure: what it names, each by its step in `path`; what it makes of them.

    What `all` stands for is known without a name.
    """

    rule: str
    path: str
    names: Sequence[tuple[str, CellName | Cell]]
    compute: Callable[[Sequence[Fraction]], Fraction]
    worded: Callable[[Sequence[str]], str]
    exact: bool = True


def declared_of(statistic: Statistic, archive: Archive) -> Iterator[Proof | Unproved]:
    """Every declaration of a statistic, computed, or why it cannot be."""
    seen: set[str] = set()
    grid = Grid(statistic)
    for spot in grid.spots():
        for reckoning in _reckonings(spot, grid):
            for found in _proved(grid, archive, spot, reckoning):
                if isinstance(found, Proof):
                    yield found
                elif found.path not in seen:  # once, not for every column
                    seen.add(found.path)
                    yield found


def named_cell(name: CellName, statistic: Statistic, archive: Archive) -> Cell | NoCell | None:
    """The figure of a name that stands alone; None where the whole other statistic is missing."""
    if not name.ref or name.ref == statistic.ref:
        return cell_at(statistic, name.key)
    other = archive.get(Tabulated, name.ref)
    return cell_at(other, name.key) if other else None


def _reckonings(spot: Spot, grid: Grid) -> Iterator[_Reckoning]:
    line, blurred = spot.line, spot.across is not None and spot.across.rounds
    if line.total_of and not blurred:
        names = _parts(line.total_of, spot, grid)
        yield _Reckoning("total_of", f"{spot.path}.total_of", names, _sum, " + ".join)
    if line.count_of:
        yield _counted(spot.path, line.count_of)
    own = spot.cell.figure
    same = {f"{spot.path}.consistent_with": line.consistent_with}
    if isinstance(own, TableFigure) and not spot.upright:
        same |= {f"{spot.cell.path}.consistent_with": own.consistent_with}
    for path, name in same.items():
        if name:
            yield _Reckoning("consistent_with", path, (("", name),), _sum, "".join)
    if line.share_of:
        yield _share(f"{spot.path}.share_of", line.share_of, spot.cell.unit)
    if line.rate:
        yield _rate(f"{spot.path}.rate", line.rate, spot.cell.unit)
    if line.change_from and (line.change_from.percent or not blurred):
        yield _change(f"{spot.path}.change_from", line.change_from)
    if line.average:
        names = _parts(line.average, spot, grid)
        yield _Reckoning("average", f"{spot.path}.average", names, _mean, _mean_worded, exact=False)


def _parts(
    names: tuple[CellName, ...], spot: Spot, grid: Grid
) -> Sequence[tuple[str, CellName | Cell]]:
    """The names given; for `all` every figure beside that does not itself follow from others."""
    wanted: Sequence[CellName | Cell] = grid.plain(spot) if names == EVERY else names
    return [(str(index), name) for index, name in enumerate(wanted)]


def _counted(path: str, names: tuple[str, ...]) -> _Reckoning:
    def count(_: Sequence[Fraction]) -> Fraction:
        return Fraction(len(names))

    return _Reckoning("count_of", f"{path}.count_of", (), count, lambda _: "、".join(names))


def _share(path: str, share: Share, unit: str) -> _Reckoning:
    scale = SCALES.get(unit, 1)

    def compute(parts: Sequence[Fraction]) -> Fraction:
        return parts[0] / parts[1] * scale

    def worded(parts: Sequence[str]) -> str:
        return " ÷ ".join(parts) + (f" × {scale}" if scale != 1 else "")

    names = (("part", share.part), ("whole", share.whole))
    return _Reckoning("share_of", path, names, compute, worded, exact=False)


def _rate(path: str, rate: Rate, unit: str) -> _Reckoning:
    times = rate.times if rate.times is not None else SCALES.get(unit, 1)

    def compute(parts: Sequence[Fraction]) -> Fraction:
        return parts[0] / parts[1] * Fraction(times)

    def worded(parts: Sequence[str]) -> str:
        return " ÷ ".join(parts) + (f" × {times:,f}" if times != 1 else "")

    names = (("of", rate.of), ("per", rate.per))
    return _Reckoning("rate", path, names, compute, worded, exact=False)


def _change(path: str, change: Change) -> _Reckoning:
    def compute(parts: Sequence[Fraction]) -> Fraction:
        before, after = parts
        moved = before - after if change.shrinks else after - before
        return moved / before * 100 if change.percent else moved

    def worded(parts: Sequence[str]) -> str:
        before, after = parts
        moved = f"{before} − {after}" if change.shrinks else f"{after} − {before}"
        return f"({moved}) ÷ {before} × 100" if change.percent else moved

    names = (("from", change.from_), ("to", change.to))
    return _Reckoning("change_from", path, names, compute, worded, exact=not change.percent)


def _sum(parts: Sequence[Fraction]) -> Fraction:
    return sum(parts, Fraction(0))


def _mean(parts: Sequence[Fraction]) -> Fraction:
    return _sum(parts) / len(parts)


def _mean_worded(parts: Sequence[str]) -> str:
    return f"({' + '.join(parts)}) ÷ {len(parts)}"


def _proved(
    grid: Grid, archive: Archive, spot: Spot, reckoning: _Reckoning
) -> Iterator[Proof | Unproved]:
    """The proof, or every name in it that leads nowhere; nothing where a whole record does."""
    parts: list[Cell] = []
    for step, name in reckoning.names:
        first = parts[0] if parts else None
        found = name if isinstance(name, Cell) else _found(name, grid, archive, spot, first)
        if isinstance(found, Cell):
            parts.append(found)
        elif found and isinstance(name, CellName):
            yield Unproved(f"{reckoning.path}.{step}".rstrip("."), name, found)
    if len(parts) == len(reckoning.names):
        yield _proof(spot.cell, reckoning, tuple(parts))


def _found(
    name: CellName, grid: Grid, archive: Archive, spot: Spot, first: Cell | None
) -> Cell | NoCell | None:
    if name.ref and name.ref != grid.statistic.ref:
        return _elsewhere(name.ref, name.key, archive, spot)
    return grid.named(name.key, spot, first)


def _elsewhere(ref: Ref, key: str, archive: Archive, spot: Spot) -> Cell | NoCell | None:
    """A figure of another statistic: its row alone means the column of the same name there."""
    other = archive.get(Tabulated, ref)
    if other is None:
        return None
    found = cell_at(other, key)
    column = spot.cell.column
    for name in (column.key, column.title) if column else ():
        if isinstance(found, NoCell):
            again = cell_at(other, f"{key}.{name}")
            found = again if isinstance(again, Cell) else found
    return found


def _proof(cell: Cell, reckoning: _Reckoning, parts: tuple[Cell, ...]) -> Proof:
    reason = _inexact(cell, reckoning, parts)
    exactly: Fraction | None = None
    if not reason:
        try:
            exactly = reckoning.compute([Fraction(part.figure.value or 0) for part in parts])
        except ZeroDivisionError:
            reason = "zero"
    values = [one.figure.value for one in ((cell, *parts) if reckoning.exact else (cell,))]
    places = max(places_of(value) for value in values if value is not None) if not reason else 0
    computed = None if exactly is None else rounded(exactly, places)
    return Proof(
        cell=cell,
        rule=reckoning.rule,
        path=reckoning.path,
        exact=reckoning.exact,
        parts=parts,
        calculation=reckoning.worded([part.figure.shown for part in parts]),
        computed=computed,
        cut=computed is not None and Fraction(computed) != exactly,
        reason=reason,
    )


def _inexact(cell: Cell, reckoning: _Reckoning, parts: tuple[Cell, ...]) -> str:
    """`inexact` where a figure is missing, or approximate where the rule does not admit it."""
    figures = (cell.figure, *(part.figure for part in parts))
    if any(figure.value is None for figure in figures):
        return "inexact"
    qualifiers = [figure.qualifier for figure in figures]
    if reckoning.rule == "consistent_with":
        return "" if len(set(qualifiers)) == 1 else "inexact"
    admitted = ("",) if reckoning.exact else ("", "約")
    return "" if qualifiers[0] in admitted and not any(qualifiers[1:]) else "inexact"
