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
from generator.kinds.statistics.declarations import EVERY, CellName, Change, Declared, Rate, Share
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
class _Spot:
    """A figure under a declaration, with its like along the same axis."""

    path: str
    line: Declared
    cell: Cell
    peers: tuple[tuple[Declared, Cell], ...]
    across: Declared | None


@dataclass(frozen=True, slots=True)
class _Reckoning:
    """A rule for one figure: what it names, each by its step in `path`; what it makes of them."""

    rule: str
    path: str
    names: Sequence[tuple[str, CellName]]
    compute: Callable[[Sequence[Fraction]], Fraction]
    worded: Callable[[Sequence[str]], str]
    exact: bool = True


def declared_of(statistic: Statistic, archive: Archive) -> Iterator[Proof | Unproved]:
    """Every declaration of a statistic, computed, or why it cannot be."""
    seen: set[str] = set()
    for spot in _spots(statistic):
        for reckoning in _reckonings(spot):
            for found in _proved(statistic, archive, spot, reckoning):
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


def _spots(statistic: Statistic) -> Iterator[_Spot]:
    grid = statistic.grid()
    if statistic.observations:
        times = tuple(zip(statistic.observations, (row[0] for row in grid), strict=True))
        for index, (line, cell) in enumerate(times):
            yield _Spot(f"observations.{index}", line, cell, times, None)
        return
    for i, row in enumerate(statistic.rows):
        for j, column in enumerate(statistic.columns):
            down = tuple((line, grid[k][j]) for k, line in enumerate(statistic.rows))
            along = tuple(zip(statistic.columns, grid[i], strict=True))
            yield _Spot(f"rows.{i}", row, grid[i][j], down, column)
            yield _Spot(f"columns.{j}", column, grid[i][j], along, row)


def _reckonings(spot: _Spot) -> Iterator[_Reckoning]:
    line, blurred = spot.line, spot.across is not None and spot.across.rounds
    if line.total_of and not blurred:
        names = _parts(line.total_of, spot)
        yield _Reckoning("total_of", f"{spot.path}.total_of", names, _sum, " + ".join)
    if line.count_of:
        yield _counted(spot.path, line.count_of)
    own = spot.cell.figure
    same = {f"{spot.path}.consistent_with": line.consistent_with}
    if spot.path.startswith(("rows", "observations")):
        inner = getattr(own, "consistent_with", None)
        same |= {f"{spot.cell.path}.consistent_with": inner}
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
        names = _parts(line.average, spot)
        yield _Reckoning("average", f"{spot.path}.average", names, _mean, _mean_worded, exact=False)


def _parts(names: tuple[CellName, ...], spot: _Spot) -> Sequence[tuple[str, CellName]]:
    """The names given; for `all` every line beside that does not itself follow from others."""
    if names == EVERY:
        plain = (cell for line, cell in spot.peers if line is not spot.line and not line.derived)
        names = tuple(CellName(None, cell.key) for cell in plain)
    return [(str(index), name) for index, name in enumerate(names)]


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
    statistic: Statistic, archive: Archive, spot: _Spot, reckoning: _Reckoning
) -> Iterator[Proof | Unproved]:
    """The proof, or every name in it that leads nowhere; nothing where a whole record does."""
    parts: list[Cell] = []
    for step, name in reckoning.names:
        found = _found(name, statistic, archive, spot, parts)
        if isinstance(found, Cell):
            parts.append(found)
        elif found:
            yield Unproved(f"{reckoning.path}.{step}".rstrip("."), name, found)
    if len(parts) == len(reckoning.names):
        yield _proof(spot.cell, reckoning, tuple(parts))


def _found(
    name: CellName, statistic: Statistic, archive: Archive, spot: _Spot, before: Sequence[Cell]
) -> Cell | NoCell | None:
    if name.ref and name.ref != statistic.ref:
        return _elsewhere(name.ref, name.key, archive, spot)
    beside = [c for _, c in spot.peers if c is not spot.cell and name.key in _along(c, spot.path)]
    crossing = [c for c in statistic.cells() if before and _crosses(c, name.key, before[0], spot)]
    nearest = beside or crossing
    if len(nearest) > 1:
        return NoCell(name=name.key, choices=tuple(cell.key for cell in nearest))
    found = nearest[0] if nearest else cell_at(statistic, name.key)
    if isinstance(found, Cell) and found.path == spot.cell.path:  # nothing follows from itself
        return NoCell(name=name.key)
    return found


def _elsewhere(ref: Ref, key: str, archive: Archive, spot: _Spot) -> Cell | NoCell | None:
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


def _along(cell: Cell, path: str) -> tuple[str, ...]:
    """What a cell is called along the axis of a declaration."""
    if cell.at:
        return (cell.at.iso, cell.at.roc)
    name = cell.row if path.startswith("rows") else cell.column
    return (name.key, name.title, cell.key) if name else ()


def _crosses(cell: Cell, key: str, first: Cell, spot: _Spot) -> bool:
    """Whether a cell stands in the line `key` of the other axis, beside the first part."""
    rows = spot.path.startswith("rows")
    same = cell.row == first.row if rows else cell.column == first.column
    other = cell.column if rows else cell.row
    return bool(same and other and key in (other.key, other.title))


def _proof(cell: Cell, reckoning: _Reckoning, parts: tuple[Cell, ...]) -> Proof:
    reason, computed = _inexact(cell, reckoning, parts), None
    if not reason:
        numbers = [Fraction(part.figure.value or 0) for part in parts]
        places = [places_of(one.figure.value) for one in (cell, *parts) if one.figure.value]
        try:
            exactly = reckoning.compute(numbers)
            printed = places_of(cell.figure.value) if cell.figure.value is not None else 0
            wanted = max(places, default=0) if reckoning.exact else printed
            computed = rounded(exactly, wanted)
        except ZeroDivisionError:
            reason = "zero"
    return Proof(
        cell=cell,
        rule=reckoning.rule,
        path=reckoning.path,
        exact=reckoning.exact,
        parts=parts,
        calculation=reckoning.worded([part.figure.shown for part in parts]),
        computed=computed,
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
